"""What any centre answers: one suite for the one in memory and for the real database."""

from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, field, replace
from hashlib import sha256
from typing import Any
from uuid import UUID, uuid4

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from tests.sync.offices import Key, Office

from stojnica.central.signing import vouch_for_device
from stojnica.domain.fact import Fact, content_hash, encode
from stojnica.domain.ids import new_id
from stojnica.storage.outbox import LATER, WaitingFact
from stojnica.sync.credentials import Credentials
from stojnica.sync.digest import HeldDigests, short_code
from stojnica.sync.faults import Fate, SyncError
from stojnica.sync.transport import DAMAGED, ERASED, PRESENT, REVOKED, STORED, LifeHead, Transport

EMPTY_HASH = b""


@dataclass
class Pen:
    """Write facts of one incarnation."""

    incarnation: UUID = field(default_factory=uuid4)
    seq: int = 0

    def write(self, **changes: Any) -> WaitingFact:
        self.seq += 1
        values = {
            "fact_id": new_id(),
            "kind": "signed_up",
            "subject_id": uuid4(),
            "data": {"first_name": "Žana"},
            "captured_at": 1_700_000_000_000_000,
        }
        fact = Fact(**(values | changes))  # type: ignore[arg-type]
        body = encode(fact)
        return WaitingFact(
            fact_id=fact.fact_id,
            content_hash=content_hash(body),
            body=body,
            kind=fact.kind,
            subject_id=fact.subject_id,
            event_id=fact.event_id,
            incarnation=self.incarnation,
            seq=self.seq,
            captured_at=fact.captured_at,
        )

    def several(self, count: int) -> list[WaitingFact]:
        return [self.write() for _number in range(count)]

    def life(self, head_hash: bytes = EMPTY_HASH) -> LifeHead:
        return LifeHead(self.incarnation, self.seq, head_hash)


@pytest.fixture
def pen() -> Pen:
    return Pen()


@pytest.fixture
def credentials(office: Office) -> Credentials:
    return office.enrol("Stand 1")


@pytest.fixture
def line(office: Office, credentials: Credentials) -> Iterator[Transport]:
    with closing(office.connect(credentials)) as transport:
        yield transport


def keys(facts: list[WaitingFact]) -> list[Key]:
    return sorted((item.fact_id, item.content_hash) for item in facts)


def answers(line: Transport, facts: list[WaitingFact]) -> list[str]:
    """Push, check that just these facts are echoed, and give the answers in their order."""
    got = line.push(facts)
    assert [(one.fact_id, one.content_hash) for one in got] == [
        (one.fact_id, one.content_hash) for one in facts
    ]
    return [one.answer for one in got]


def prove(line: Transport, facts: list[WaitingFact]) -> Any:
    return line.prove(HeldDigests(keys(facts)).joined(), len(facts), 0)


def fault_of(call: Callable[[], object]) -> SyncError:
    with pytest.raises(SyncError) as caught:
        call()
    return caught.value


def test_i03_a_fact_is_stored_and_then_present(office: Office, line: Transport, pen: Pen) -> None:
    facts = pen.several(3)

    assert answers(line, facts) == [STORED] * 3
    assert answers(line, [facts[1], facts[0]]) == [PRESENT] * 2

    assert office.facts() == keys(facts)


def test_i04_the_same_id_with_another_body_is_kept_beside_the_first(
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

    assert fault_of(lambda: line.push(many)).fate is Fate.CONTENT
    assert fault_of(lambda: line.push(heavy)).fate is Fate.CONTENT
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
    assert fault_of(lambda: office.connect(credentials)).code == "refused"


def test_hello_tells_who_it_is_and_nothing_held_at_first(
    office: Office, credentials: Credentials, line: Transport, pen: Pen
) -> None:
    hello = line.hello("stojnica test", [pen.life()], 0)

    assert hello.server_id == credentials.server_id
    assert (hello.branch_id, hello.device_id) == (office.branch_id, credentials.device_id)
    assert hello.protocol == 1
    assert [(life.incarnation, life.held, life.head) for life in hello.lives] == [(pen.incarnation, 0, 0)]
    assert hello.lives[0].hashes_at_lower == ()


def test_hello_tells_count_head_and_hash_at_the_lower_of_both_heads(line: Transport, pen: Pen) -> None:
    facts = pen.several(4)
    answers(line, [facts[0], facts[2]])

    ahead = line.hello("stojnica test", [LifeHead(pen.incarnation, 4, facts[3].content_hash)], 4).lives[0]
    behind = line.hello("stojnica test", [LifeHead(pen.incarnation, 1, facts[0].content_hash)], 1).lives[0]
    before = line.hello("stojnica test", [LifeHead(pen.incarnation, 2, b"")], 2).lives[0]

    assert (ahead.held, ahead.head, ahead.hashes_at_lower) == (2, 3, (facts[2].content_hash,))
    assert (behind.held, behind.head, behind.hashes_at_lower) == (2, 3, (facts[0].content_hash,))
    assert before.hashes_at_lower == ()


def test_m25_both_hashes_are_told_where_two_files_used_one_number(line: Transport, pen: Pen) -> None:
    first = pen.write()
    other = replace(Pen(pen.incarnation).write(), seq=first.seq)
    answers(line, [first, other])

    life = line.hello("stojnica test", [pen.life()], 1).lives[0]

    assert (life.held, life.head) == (2, 1)
    assert set(life.hashes_at_lower) == {first.content_hash, other.content_hash}


def test_hello_answers_for_each_life_in_the_order_given(line: Transport) -> None:
    pens = [Pen() for _number in range(5)]
    for number, one in enumerate(pens):
        answers(line, one.several(number))

    hello = line.hello("stojnica test", [one.life() for one in reversed(pens)], 10)

    assert [life.incarnation for life in hello.lives] == [one.incarnation for one in reversed(pens)]
    assert [life.held for life in hello.lives] == [4, 3, 2, 1, 0]


def test_i14_one_laptop_hears_nothing_of_another(office: Office, line: Transport, pen: Pen) -> None:
    facts = pen.several(3)
    answers(line, facts)

    with closing(office.connect(office.enrol("Stand 2"))) as other:
        hello = other.hello("stojnica test", [pen.life()], 0)
        buckets = {item.content_hash[0] for item in facts}
        missing = [
            key
            for bucket in buckets
            for key in other.prove_bucket(bucket, [key for key in keys(facts) if key[1][0] == bucket])
        ]

    assert hello.lives[0].held == 0
    assert sorted(missing) == keys(facts)


def test_i11_the_centre_counts_what_was_announced_and_did_not_come(
    office: Office, credentials: Credentials, line: Transport, pen: Pen
) -> None:
    facts = pen.several(5)
    line.hello("stojnica test", [pen.life()], 5)
    answers(line, facts[:2])

    assert office.owed(credentials.device_id) == 3
    # A file that was set back announces less, and owes what it owed.
    line.hello("stojnica test", [LifeHead(pen.incarnation, 1, b"")], 1)
    assert office.owed(credentials.device_id) == 3
    answers(line, facts)
    assert office.owed(credentials.device_id) == 0


def test_a_malformed_hello_is_refused(line: Transport, pen: Pen) -> None:
    fault_of(lambda: line.hello("x" * 101, [], 0))
    fault_of(lambda: line.hello("stojnica test", [pen.life(), pen.life()], 0))
    fault_of(lambda: line.hello("stojnica test", [], -1))


@pytest.mark.parametrize("count", [0, 1, 700])
def test_i12_an_equal_set_is_proven_with_the_same_code_on_both_sides(
    line: Transport, pen: Pen, count: int
) -> None:
    facts = pen.several(count)
    for start in range(0, count, 500):
        answers(line, facts[start : start + 500])

    proof = prove(line, facts)

    assert proof.differing == ()
    assert proof.code == short_code(HeldDigests(keys(facts)).joined())
    assert (proof.extra, proof.covered) == (0, 0)
    assert proof.receipt_id is not None
    assert proof.proven_at > 1_700_000_000_000_000


def test_i12_what_the_centre_lacks_is_found_bucket_by_bucket(line: Transport, pen: Pen) -> None:
    facts = pen.several(30)
    answers(line, facts[:-2])
    lacking = keys(facts[-2:])

    proof = prove(line, facts)
    missing = [
        key
        for bucket in proof.differing
        for key in line.prove_bucket(bucket, HeldDigests(keys(facts)).members(bucket))
    ]

    assert set(proof.differing) == {key[1][0] for key in lacking}
    assert (proof.code, proof.receipt_id, proof.proven_at) == (None, None, None)
    assert sorted(missing) == lacking


def test_i12_more_at_the_centre_blocks_nothing_once_each_bucket_is_shown(line: Transport, pen: Pen) -> None:
    facts = pen.several(20)
    answers(line, facts)
    mine = facts[:12]
    held = HeldDigests(keys(mine))

    first = prove(line, mine)
    for bucket in first.differing:
        assert line.prove_bucket(bucket, held.members(bucket)) == []
    second = prove(line, mine)

    assert set(first.differing) == {item.content_hash[0] for item in facts[12:]}
    assert second.code == short_code(held.joined())
    assert second.extra == 8


def test_a_bucket_is_shown_anew_after_each_hello(line: Transport, pen: Pen) -> None:
    facts = pen.several(2)
    answers(line, facts)
    held = HeldDigests(keys(facts[:1]))
    for bucket in prove(line, facts[:1]).differing:
        line.prove_bucket(bucket, held.members(bucket))

    line.hello("stojnica test", [pen.life()], 1)

    assert prove(line, facts[:1]).code is None


def test_a_bucket_shown_with_other_facts_proves_nothing(line: Transport, pen: Pen) -> None:
    facts = pen.several(1)
    answers(line, facts)
    bucket = facts[0].content_hash[0]

    assert line.prove_bucket(bucket, []) == []
    held_more = [*facts, replace(pen.write(), content_hash=bytes([bucket]) + bytes(31))]

    assert prove(line, held_more).differing == (bucket,)
    assert line.prove_bucket(bucket, keys(held_more)) == keys(held_more[1:])


def test_a_malformed_proof_is_refused(line: Transport, pen: Pen) -> None:
    fact = pen.write()
    other_bucket = (fact.content_hash[0] + 1) % 256

    fault_of(lambda: line.prove(b"short", 0, 0))
    fault_of(lambda: line.prove(HeldDigests().joined(), -1, 0))
    fault_of(lambda: line.prove_bucket(256, []))
    fault_of(lambda: line.prove_bucket(other_bucket, keys([fact])))
    fault_of(lambda: line.prove_bucket(0, [(fact.fact_id, b"short")]))


def test_i02_the_proof_tells_how_much_a_backup_covers(
    office: Office, credentials: Credentials, pen: Pen
) -> None:
    facts = pen.several(3)
    with closing(office.connect(credentials)) as before:
        answers(before, facts[:2])
    office.back_up()

    with closing(office.connect(credentials)) as after:
        answers(after, facts[2:])
        assert prove(after, facts).covered == 2


def test_m17_a_restored_centre_tells_the_truth_about_what_it_lost(
    office: Office, credentials: Credentials, pen: Pen
) -> None:
    facts = pen.several(4)
    with closing(office.connect(credentials)) as before:
        answers(before, facts[:1])
    backup = office.back_up()
    with closing(office.connect(credentials)) as before:
        answers(before, facts[1:])
    office.restore(backup)

    with closing(office.connect(credentials)) as after:
        life = after.hello("stojnica test", [pen.life()], 4).lives[0]
        assert (life.held, life.head) == (1, 1)
        assert prove(after, facts).code is None
        assert answers(after, facts) == [PRESENT, STORED, STORED, STORED]
        assert prove(after, facts).code is not None


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
    fault = fault_of(lambda: office.connect(credentials))
    assert (fault.code, fault.fate) == ("refused", Fate.NOT_ALLOWED)
    with closing(office.connect(replace(credentials, password="a new one, with ' and \\ and ž"))) as again:
        assert again.hello("stojnica test", [], 0) is not None


def test_the_laptops_own_key_is_taken_once_and_may_be_said_again(
    credentials: Credentials, line: Transport
) -> None:
    key = Ed25519PrivateKey.generate().public_key().public_bytes_raw()
    other = Ed25519PrivateKey.generate().public_key().public_bytes_raw()

    fault_of(lambda: line.enrolled(key, b"short"))
    assert fault_of(lambda: line.enrolled(key, bytes(32))).fate is Fate.NOT_ALLOWED
    line.enrolled(key, vouch_for_device(credentials.secret, key))
    line.enrolled(key, vouch_for_device(credentials.secret, key))

    fault = fault_of(lambda: line.enrolled(other, vouch_for_device(credentials.secret, other)))
    assert fault.fate is Fate.NOT_ALLOWED


def test_an_unknown_login_is_refused(office: Office, credentials: Credentials) -> None:
    stranger = replace(credentials, role="stojnica_l_0123456789abcdef")
    assert fault_of(lambda: office.connect(stranger)).code == "refused"


def test_a_closed_line_is_the_networks_fault(line: Transport) -> None:
    line.close()
    line.close()
    assert fault_of(lambda: line.briefing(0)).fate is Fate.NETWORK
