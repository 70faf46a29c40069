"""How any centre greets and proves: one suite for the one in memory and for the real database."""

from contextlib import closing
from dataclasses import replace

import pytest
from tests.sync.offices import Office
from tests.sync.pens import Pen, answers, fault_when, keys, prove

from stojnica.sync.credentials import Credentials
from stojnica.sync.digest import HeldDigests, short_code
from stojnica.sync.transport import PRESENT, STORED, LifeHead, Transport


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
            for key in other.prove_buckets([bucket], [key for key in keys(facts) if key[1][0] == bucket])
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
    fault_when(lambda: line.hello("x" * 101, [], 0))
    fault_when(lambda: line.hello("stojnica test", [pen.life(), pen.life()], 0))
    fault_when(lambda: line.hello("stojnica test", [], -1))


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
        for key in line.prove_buckets([bucket], HeldDigests(keys(facts)).members(bucket))
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
        assert line.prove_buckets([bucket], held.members(bucket)) == []
    second = prove(line, mine)

    assert set(first.differing) == {item.content_hash[0] for item in facts[12:]}
    assert second.code == short_code(held.joined())
    assert second.extra == 8


def test_a_bucket_is_shown_anew_after_each_hello(line: Transport, pen: Pen) -> None:
    facts = pen.several(2)
    answers(line, facts)
    held = HeldDigests(keys(facts[:1]))
    for bucket in prove(line, facts[:1]).differing:
        line.prove_buckets([bucket], held.members(bucket))

    line.hello("stojnica test", [pen.life()], 1)

    assert prove(line, facts[:1]).code is None


def test_a_bucket_shown_with_other_facts_proves_nothing(line: Transport, pen: Pen) -> None:
    facts = pen.several(1)
    answers(line, facts)
    bucket = facts[0].content_hash[0]

    assert line.prove_buckets([bucket], []) == []
    held_more = [*facts, replace(pen.write(), content_hash=bytes([bucket]) + bytes(31))]

    assert prove(line, held_more).differing == (bucket,)
    assert line.prove_buckets([bucket], keys(held_more)) == keys(held_more[1:])


def test_a_malformed_proof_is_refused(line: Transport, pen: Pen) -> None:
    fact = pen.write()
    other_bucket = (fact.content_hash[0] + 1) % 256

    fault_when(lambda: line.prove(b"short", 0, 0))
    fault_when(lambda: line.prove(HeldDigests().joined(), -1, 0))
    fault_when(lambda: line.prove_buckets([256], []))
    fault_when(lambda: line.prove_buckets([other_bucket], keys([fact])))
    fault_when(lambda: line.prove_buckets([0], [(fact.fact_id, b"short")]))


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


def test_several_buckets_are_shown_at_once_and_each_is_proven_or_not_for_itself(
    line: Transport, pen: Pen
) -> None:
    # Given a centre that holds more than this file in two buckets, and lacks a record in a third
    facts = pen.several(60)
    answers(line, facts[1:])
    mine = [item for item in facts if item.content_hash[0] != facts[5].content_hash[0]]
    held = HeldDigests(keys(mine))
    differing = prove(line, mine).differing
    assert {facts[0].content_hash[0], facts[5].content_hash[0]} <= set(differing)

    # When all are shown in one call
    named = [key for bucket in differing for key in held.members(bucket)]
    missing = line.prove_buckets(differing, named)

    # Then only the third differs still
    assert missing == keys(facts[:1])
    assert prove(line, mine).differing == (facts[0].content_hash[0],)


def test_only_what_a_backup_holds_of_ones_own_is_covered(
    office: Office, credentials: Credentials, line: Transport, pen: Pen
) -> None:
    facts = pen.several(4)
    answers(line, facts[:3])
    assert line.covered(keys(facts)) == []

    office.cover_all()
    answers(line, facts)

    assert sorted(line.covered(keys(facts))) == keys(facts[:3])
    assert prove(line, facts).covered == 3
    with closing(office.connect(office.enrol("Stand 2"))) as other:
        assert other.covered(keys(facts)) == []
    fault_when(lambda: line.prove_buckets([], []))
