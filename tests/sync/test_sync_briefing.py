"""What the office decided comes with the organisation's signature, or not at all."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from tests.sync.conftest import Fleet
from tests.sync.laptops import Laptop
from tests.sync.offices import Office, Way

from stojnica.central.signing import sign_briefing
from stojnica.domain.canonical import canonical_bytes
from stojnica.domain.fact import content_hash
from stojnica.storage.newest_briefing import newest_briefing
from stojnica.sync.brief import MAX_BRIEFING_BYTES
from stojnica.sync.faults import SyncError
from stojnica.sync.transport import SignedBriefing

KEY = Ed25519PrivateKey.generate()
Publish = Callable[[Office, int], None]


def briefing(office: Office, version: int, **changes: Any) -> bytes:
    head = {"version": version, "branch_id": str(office.branch_id), "published_at": 1}
    document = {"format": 1, "organisation": {"name": "SCI"}, "events": [], "briefing": head}
    return canonical_bytes(document | {"briefing": head | changes})


def publish(office: Office, version: int) -> bytes:
    body = briefing(office, version)
    office.publish(version, body, sign_briefing(KEY, body))
    return body


@pytest.fixture
def trusting(fleet: Fleet, way: Way) -> Laptop:
    """Give a laptop that knows the organisation's signing key."""
    laptop = fleet(way, is_enrolled=False)
    laptop.enrol(way.office.enrol("Stand 1", signing_key=KEY.public_key().public_bytes_raw()))
    return laptop


def test_a_signed_briefing_is_taken_once(trusting: Laptop, way: Way) -> None:
    body = publish(way.office, 4)

    assert trusting.sync().briefing_version == 4
    assert trusting.store.read(newest_briefing).result() == body
    assert trusting.sync().briefing_version is None

    newer = publish(way.office, 5)
    assert trusting.sync().briefing_version == 5
    assert trusting.store.read(newest_briefing).result() == newer


def test_an_older_briefing_does_not_replace_a_newer_one(trusting: Laptop, way: Way) -> None:
    body = publish(way.office, 4)
    trusting.sync()
    publish(way.office, 3)

    assert trusting.sync().briefing_version is None
    assert trusting.store.read(newest_briefing).result() == body


def signed_by_another(office: Office, version: int) -> None:
    body = briefing(office, version)
    office.publish(version, body, sign_briefing(Ed25519PrivateKey.generate(), body))


def about_another_branch(office: Office, version: int) -> None:
    body = briefing(office, version, branch_id=str(uuid4()))
    office.publish(version, body, sign_briefing(KEY, body))


def called_newer_than_it_is(office: Office, version: int) -> None:
    body = briefing(office, version - 1)
    office.publish(version, body, sign_briefing(KEY, body))


def flipped(office: Office, version: int) -> None:
    body = briefing(office, version)
    office.publish(version, body[:-2] + b"}}", sign_briefing(KEY, body)[::-1])


def signed_for_something_else(office: Office, version: int) -> None:
    body = briefing(office, version)
    office.publish(version, body, KEY.sign(body))


def no_document(office: Office, version: int) -> None:
    office.publish(version, b"[]", sign_briefing(KEY, b"[]"))


def too_large(office: Office, version: int) -> None:
    body = briefing(office, version, filler="x" * MAX_BRIEFING_BYTES)
    office.publish(version, body, sign_briefing(KEY, body))


@pytest.mark.parametrize(
    "forge",
    [
        *(signed_by_another, about_another_branch, called_newer_than_it_is, flipped),
        *(signed_for_something_else, no_document, too_large),
    ],
)
def test_a_forged_briefing_is_not_used_and_delivery_is_proven_all_the_same(
    trusting: Laptop, way: Way, forge: Publish
) -> None:
    body = publish(way.office, 1)
    trusting.sync()
    trusting.capture(1)
    forge(way.office, 2)

    with pytest.raises(SyncError) as caught:
        trusting.sync()

    assert (caught.value.code, caught.value.step) == ("forged_briefing", "brief")
    assert trusting.store.read(newest_briefing).result() == body
    assert trusting.unconfirmed().facts == 0


def test_a_briefing_older_than_asked_for_is_taken_for_a_forgery(trusting: Laptop, way: Way) -> None:
    publish(way.office, 4)
    trusting.sync()
    old = briefing(way.office, 3)
    replayed = SignedBriefing(3, content_hash(old), old, sign_briefing(KEY, old))
    way.alter = lambda name, answer: replayed if name == "briefing" else answer

    with pytest.raises(SyncError) as caught:
        trusting.sync()

    assert (caught.value.code, caught.value.detail) == ("forged_briefing", "version")
