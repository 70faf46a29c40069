"""The office's sheet for a person says what was agreed to in the words that the person read."""

from collections.abc import Iterator
from uuid import UUID

import pytest

from stojnica.central.about import Brought, HeldAbout, PersonAtCentre, Recorded
from stojnica.domain import kinds
from stojnica.i18n import speaking
from stojnica.resources import resource
from stojnica.services.about_at_office import about_at_office

SUBJECT = UUID(int=7)


@pytest.fixture(autouse=True)
def _in_slovene() -> Iterator[None]:
    with speaking("sl"):
        yield


def taken_back_by_address(document: bytes) -> PersonAtCentre:
    data = {"email": "ana@example.org", "purpose": "newsletter"}
    consent = Recorded(
        kinds.WITHDREW, 1_790_000_000_000_000, {"purpose": "newsletter"}, (Brought("Lupa A", "sync", 1),)
    )
    address = Recorded(kinds.CONTACT_WITHDREW, 1_790_000_000_000_000, data, ())
    held = HeldAbout(SUBJECT, None, "", "", (), (consent, address))
    return PersonAtCentre(UUID(int=1), document, (held,))


@pytest.mark.parametrize(("is_published", "said"), [(True, "Pošiljajte mi novice"), (False, "newsletter")])
def test_a_purpose_is_called_by_its_title(is_published: bool, said: str) -> None:
    document = resource("sample", "organisation.json").read_bytes() if is_published else b""

    (about,) = about_at_office(taken_back_by_address(document))

    assert ("Namen", said) in about.facts
    assert about.records[0][1] == f"preklicano · {said} · Lupa A"
