"""What any centre answers to a push: one suite for the one in memory and for the real database."""

from contextlib import closing
from dataclasses import replace
from hashlib import sha256
from uuid import uuid4

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from tests.sync.offices import Office
from tests.sync.pens import Pen, answers, fault_when, keys, prove

from stojnica.central.signing import vouch_for_device
from stojnica.storage.outbox import LATER
from stojnica.sync.credentials import Credentials
from stojnica.sync.digest import HeldDigests
from stojnica.sync.faults import Fate
from stojnica.sync.transport import DAMAGED, ERASED, PRESENT, REVOKED, STORED, LifeHead, Transport


def test_i03_a_fact_is_stored_and_then_present(office: Office, line: Transport, pen: Pen) -> None:
    facts = pen.several(3)

    assert answers(line, facts) == [STORED] * 3
    assert answers(line, [facts[1], facts[0]]) == [PRESENT] * 2

    assert office.facts() == keys(facts)


def test_i04_m34_the_same_id_with_another_body_is_kept_beside_the_first(
    office: Office, line: Transport, pen: Pen
) -> None:
    first = pen.write()
    other = pen.write(fact_id=first.fact_id, subject_id=first.subject_id)

    assert answers(line, [first, other]) == [STORED, STORED]
    assert office.facts() == keys([first, other])


def test_an_empty_batch_gets_an_empty_answer(line: Transport) -> None:
    assert line.push([]) == []


@pytest.mark.parametrize("events", [[True, True], [False, False], [True, False]])
def test_facts_with_and_without_an_event_go_in_one_batch(
    office: Office, line: Transport, pen: Pen, events: list[bool]
) -> None:
    facts = [pen.write(event_id=uuid4() if has_event else None) for has_event in events]

    assert answers(line, facts) == [STORED] * 2
    assert office.facts() == keys(facts)


@pytest.mark.parametrize("seq", [1, 40_000, 3_000_000_000])
def test_numbers_of_any_size_go_through(line: Transport, pen: Pen, seq: int) -> None:
    small, large = pen.write(captured_at=-1), replace(pen.write(captured_at=2**62), seq=seq)

    assert answers(line, [small, large]) == [STORED] * 2
    assert line.hello("stojnica test", [LifeHead(pen.incarnation, seq, b"")], 2).lives[0].head == seq


def test_i06_damaged_facts_delay_no_other(office: Office, line: Transport, pen: Pen) -> None:
    sound = pen.several(2)
    flipped = replace(pen.write(), body=b"{}")
    without_seq = replace(pen.write(), seq=0)
    without_kind = replace(pen.write(), kind="")
    large = b"x" * (256 * 1024 + 1)
    too_large = replace(pen.write(), body=large, content_hash=sha256(large).digest())

    got = answers(line, [sound[0], flipped, without_seq, without_kind, too_large, sound[1]])

    assert got == [STORED, DAMAGED, DAMAGED, DAMAGED, DAMAGED, STORED]
    assert office.facts() == keys(sound)


def test_a_fact_is_kept_whatever_its_kind_or_its_body_says(line: Transport, pen: Pen) -> None:
    body = b"\x00 no fact at all \xff"
    strange = replace(pen.write(), body=body, content_hash=sha256(body).digest(), kind="brand_new_kind")

    assert answers(line, [strange]) == [STORED]


def test_a_batch_beyond_the_bounds_is_refused_as_content(office: Office, line: Transport, pen: Pen) -> None:
    many = pen.several(501)
    heavy = [replace(item, body=b"x" * 250_000) for item in pen.several(9)]

    assert fault_when(lambda: line.push(many)).fate is Fate.CONTENT
    assert fault_when(lambda: line.push(heavy)).fate is Fate.CONTENT
    assert office.facts() == []


def test_m35_what_is_erased_stays_erased_and_is_proven_all_the_same(
    office: Office, line: Transport, pen: Pen
) -> None:
    facts = pen.several(3)
    answers(line, facts[:2])
    office.erase(facts[0].fact_id)
    office.erase(facts[2].fact_id)

    assert answers(line, facts) == [ERASED, PRESENT, ERASED]
    assert office.facts() == keys(facts[1:2])
    assert prove(line, facts).code is not None


def test_beyond_the_quota_the_answer_is_later(
    office: Office, credentials: Credentials, line: Transport, pen: Pen
) -> None:
    facts = pen.several(3)
    office.limit(credentials.device_id, 1)

    assert answers(line, facts[:1]) == [STORED]
    assert answers(line, facts) == [PRESENT, LATER, LATER]
    office.limit(credentials.device_id, 100)
    assert answers(line, facts) == [PRESENT, STORED, STORED]


def test_m20_revoked_on_an_open_line_and_refused_on_a_new_one(
    office: Office, credentials: Credentials, line: Transport, pen: Pen
) -> None:
    answers(line, pen.several(1))

    office.revoke(credentials.device_id)

    assert answers(line, pen.several(2)) == [REVOKED] * 2
    assert len(office.facts()) == 1
    for call in (
        lambda: line.hello("stojnica test", [pen.life()], 1),
        lambda: line.prove(HeldDigests([]).joined(), 0, 0),
        lambda: line.briefing(0),
    ):
        assert fault_when(call).code == "refused"
    assert fault_when(lambda: office.connect(credentials)).code == "refused"


def test_a_briefing_comes_only_when_it_is_newer(office: Office, line: Transport) -> None:
    assert line.briefing(0) is None

    office.publish(3, b"a document", b"s" * 64)
    came = line.briefing(2)

    assert came is not None
    assert (came.version, came.content_hash, came.body, came.signature) == (
        3,
        sha256(b"a document").digest(),
        b"a document",
        b"s" * 64,
    )
    assert line.briefing(3) is None
    assert line.briefing(7) is None


def test_the_old_password_is_refused_once_it_was_replaced(
    office: Office, credentials: Credentials, line: Transport, pen: Pen
) -> None:
    line.replace_password("a new one, with ' and \\ and ž")

    assert answers(line, pen.several(1)) == [STORED]
    fault = fault_when(lambda: office.connect(credentials))
    assert (fault.code, fault.fate) == ("refused", Fate.NOT_ALLOWED)
    with closing(office.connect(replace(credentials, password="a new one, with ' and \\ and ž"))) as again:
        assert again.hello("stojnica test", [], 0) is not None


def test_the_laptops_own_key_is_taken_once_and_may_be_said_again(
    credentials: Credentials, line: Transport
) -> None:
    key = Ed25519PrivateKey.generate().public_key().public_bytes_raw()
    other = Ed25519PrivateKey.generate().public_key().public_bytes_raw()

    fault_when(lambda: line.enrolled(key, b"short"))
    assert fault_when(lambda: line.enrolled(key, bytes(32))).fate is Fate.NOT_ALLOWED
    line.enrolled(key, vouch_for_device(credentials.secret, key))
    line.enrolled(key, vouch_for_device(credentials.secret, key))

    fault = fault_when(lambda: line.enrolled(other, vouch_for_device(credentials.secret, other)))
    assert fault.fate is Fate.NOT_ALLOWED


def test_an_unknown_login_is_refused(office: Office, credentials: Credentials) -> None:
    stranger = replace(credentials, role="stojnica_l_0123456789abcdef")
    assert fault_when(lambda: office.connect(stranger)).code == "refused"


def test_a_closed_line_is_the_networks_fault(line: Transport) -> None:
    line.close()
    line.close()
    assert fault_when(lambda: line.briefing(0)).fate is Fate.NETWORK
