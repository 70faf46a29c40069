"""Hello, proof, briefing and first contact: what the centre answers a laptop."""

from collections.abc import Callable
from dataclasses import replace
from uuid import UUID, uuid4

import psycopg
import pytest
from tests.central.conftest import Laptop, Row, digests, hello, prove, prove_bucket, push

from stojnica.central.signing import vouch_for_device

pytestmark = pytest.mark.server
Line = psycopg.Connection[Row]
Invalid = psycopg.errors.InvalidParameterValue
Denied = psycopg.errors.InsufficientPrivilege


def test_i12_a_proof_covers_everything_and_both_sides_keep_the_same_code(
    laptop: Laptop, line: Line, admin: Line
) -> None:
    sent = laptop.facts(40)
    push(line, sent)

    differing, code, receipt_id, proven_at, extra, covered = prove(line, sent, contacts=7)

    assert (differing, extra, covered) == ([], 0, 0)
    assert proven_at > 1_700_000_000_000_000
    kept = admin.execute("SELECT receipt_id, facts, contacts, code, at FROM hub.receipt").fetchall()
    assert kept == [(receipt_id, 40, 7, code, proven_at)]
    assert len(code) == 4
    assert code == code.upper()


def test_the_proof_of_nothing_is_a_proof(line: Line) -> None:
    assert prove(line, [])[0] == []


def test_i12_what_was_never_delivered_is_found_and_nothing_is_confirmed(
    laptop: Laptop, line: Line, admin: Line
) -> None:
    sent = laptop.facts(20)
    push(line, sent[1:])

    differing, code, *_rest = prove(line, sent)

    lost = sent[0]
    assert differing == [lost.hash[0]]
    assert code is None
    assert prove_bucket(line, lost.hash[0], sent) == {(lost.fact.fact_id, lost.hash)}
    assert prove(line, sent)[0] == [lost.hash[0]]
    assert admin.execute("SELECT count(*) FROM hub.receipt").fetchone() == (0,)


def test_i08_what_a_restored_centre_lost_is_found_although_it_was_delivered(
    laptop: Laptop, line: Line, admin: Line
) -> None:
    sent = laptop.facts(20)
    push(line, sent)
    admin.execute("DELETE FROM hub.fact WHERE fact_id = %s", [sent[3].fact.fact_id])

    assert prove(line, sent)[0] == [sent[3].hash[0]]
    assert prove_bucket(line, sent[3].hash[0], sent) == {(sent[3].fact.fact_id, sent[3].hash)}

    assert push(line, [sent[3]]) == ["stored"]
    assert prove(line, sent)[0] == []


def test_i09_more_at_the_centre_than_here_is_told_and_blocks_nothing(laptop: Laptop, line: Line) -> None:
    sent = laptop.facts(30)
    push(line, sent)
    mine = sent[:-1]
    bucket = sent[-1].hash[0]

    assert prove(line, mine)[0] == [bucket]
    assert prove_bucket(line, bucket, mine) == set()
    differing, code, _receipt, _at, extra, _covered = prove(line, mine)

    assert (differing, extra) == ([], 1)
    assert code


def test_a_bucket_is_proven_for_exactly_the_list_that_was_named(laptop: Laptop, line: Line) -> None:
    sent = laptop.facts(30)
    push(line, sent)
    bucket = sent[-1].hash[0]
    prove_bucket(line, bucket, sent[:-1])
    unknown = replace(laptop.fact(), hash=bytes([bucket]) * 32)

    assert prove(line, [*sent[:-1], unknown])[0] == [bucket]


def test_hello_throws_proofs_of_buckets_away(laptop: Laptop, line: Line) -> None:
    sent = laptop.facts(30)
    push(line, sent)
    mine = sent[:-1]
    prove_bucket(line, sent[-1].hash[0], mine)
    assert prove(line, mine)[0] == []

    hello(line, [])

    assert prove(line, mine)[0] == [sent[-1].hash[0]]


def test_a_fact_that_only_another_laptop_delivered_is_missing_for_this_one(
    new_laptop: Callable[[str], Laptop],
) -> None:
    one, other = new_laptop("One"), new_laptop("Other")
    sent = one.facts(3)
    with one.connect() as first, other.connect() as second:
        push(first, sent)

        assert prove(second, sent)[0] == sorted({item.hash[0] for item in sent})
        assert prove_bucket(second, sent[0].hash[0], sent[:1]) == {(sent[0].fact.fact_id, sent[0].hash)}


def test_proofs_in_the_wrong_shape_are_refused(laptop: Laptop, line: Line) -> None:
    one = laptop.fact()
    wrong = one.hash[0] ^ 1
    calls: list[tuple[str, list[object]]] = [
        ("SELECT * FROM api.prove(%s, 0, 0)", [digests([])[:-1]]),
        ("SELECT * FROM api.prove(%s, -1, 0)", [digests([])]),
        ("SELECT * FROM api.prove(%s, NULL, 0)", [digests([])]),
        ("SELECT * FROM api.prove(NULL, 0, 0)", []),
        ("SELECT * FROM api.prove_buckets('{256}', '{}', '{}')", []),
        ("SELECT * FROM api.prove_buckets(NULL, '{}', '{}')", []),
        ("SELECT * FROM api.prove_buckets('{0}', '{}', ARRAY['x'::bytea])", []),
        (
            "SELECT * FROM api.prove_buckets(ARRAY[%s], ARRAY[%s], ARRAY[%s])",
            [wrong, one.fact.fact_id, one.hash],
        ),
        ("SELECT * FROM api.prove_buckets('{120}', ARRAY[%s], ARRAY['x'::bytea])", [one.fact.fact_id]),
        ("SELECT * FROM api.hello('x', 1, NULL, '{}', '{}', 0)", []),
        ("SELECT * FROM api.hello('x', 1, ARRAY[NULL::uuid], ARRAY[0], ARRAY[''::bytea], 0)", []),
        ("SELECT * FROM api.hello('x', 1, ARRAY[%s, %s], '{0,0}', ARRAY[''::bytea, ''], 0)", [uuid4()] * 2),
        ("SELECT * FROM api.hello('x', 1, ARRAY[%s], '{-1}', ARRAY[''::bytea], 0)", [uuid4()]),
        ("SELECT * FROM api.hello(repeat('x', 101), 1, '{}', '{}', '{}', 0)", []),
        ("SELECT * FROM api.hello('x', 0, '{}', '{}', '{}', 0)", []),
    ]
    for call, values in calls:
        with pytest.raises(Invalid):
            line.execute(call.encode(), values)


def test_hello_tells_what_the_centre_holds_of_each_life_in_the_order_asked(
    laptop: Laptop, line: Line
) -> None:
    old = laptop.facts(3)
    first_life, laptop.incarnation, laptop.seq = laptop.incarnation, uuid4(), 0
    new = sorted(laptop.facts(5), key=lambda one: one.seq)
    push(line, old + new[:4])
    by_seq = {(one.incarnation, one.seq): one.hash for one in old + new}

    rows = hello(line, [(laptop.incarnation, 5, new[4].hash), (first_life, 2, b"")], facts=8)

    enrolment = laptop.enrolment
    assert [row[4:6] for row in rows] == [(enrolment.branch_id, enrolment.device_id)] * 2
    assert [row[0] for row in rows] == [enrolment.server_id] * 2
    assert [row[6:9] for row in rows] == [(laptop.incarnation, 4, 4), (first_life, 3, 3)]
    # The lower of the two heads: the centre's 4 for the new life, the laptop's 2 for the old one.
    assert [row[9] for row in rows] == [[by_seq[laptop.incarnation, 4]], [by_seq[first_life, 2]]]


def test_hello_of_a_fresh_laptop_says_that_nothing_is_held(laptop: Laptop, line: Line) -> None:
    rows = hello(line, [(laptop.incarnation, 0, b"")])

    assert [row[6:] for row in rows] == [(laptop.incarnation, 0, 0, [])]


def test_i09_two_facts_with_the_same_number_in_a_life_are_both_told(laptop: Laptop, line: Line) -> None:
    one = laptop.fact()
    laptop.seq = 0
    copy = laptop.fact()
    push(line, [one, copy])

    row = hello(line, [(laptop.incarnation, 1, one.hash)])[0]

    assert row[7:] == (2, 1, sorted([one.hash, copy.hash]))


def copied(admin: Line) -> list[Row]:
    return admin.execute("SELECT incarnation, is_copied FROM hub.life ORDER BY incarnation").fetchall()


def test_m25_the_centre_sees_that_a_file_is_behind_what_was_delivered_from_it(
    laptop: Laptop, line: Line, admin: Line
) -> None:
    sent = sorted((laptop.fact() for _number in range(4)), key=lambda one: one.seq)
    push(line, sent)
    hello(line, [(laptop.incarnation, 4, sent[3].hash)])
    assert copied(admin) == [(laptop.incarnation, False)]

    hello(line, [(laptop.incarnation, 3, sent[2].hash)])

    assert copied(admin) == [(laptop.incarnation, True)]
    # What was noticed once stays in sight, also when the first file greets again.
    hello(line, [(laptop.incarnation, 4, sent[3].hash)])
    assert copied(admin) == [(laptop.incarnation, True)]


def test_m25_the_centre_sees_that_two_files_went_different_ways(
    laptop: Laptop, line: Line, admin: Line
) -> None:
    ours = laptop.fact()
    push(line, [ours])

    hello(line, [(laptop.incarnation, 1, b"other" * 6 + b"xx")])

    assert copied(admin) == [(laptop.incarnation, True)]


def test_a_file_that_is_ahead_is_no_copy(laptop: Laptop, line: Line, admin: Line) -> None:
    push(line, [laptop.fact()])

    hello(line, [(laptop.incarnation, 2, b"2" * 32), (uuid4(), 0, b"")])

    assert {is_copied for _life, is_copied in copied(admin)} == {False}


def test_i11_what_was_announced_once_is_still_owed_by_an_older_copy(
    laptop: Laptop, line: Line, admin: Line
) -> None:
    hello(line, [(laptop.incarnation, 9, b"9" * 32)], facts=9)
    hello(line, [(laptop.incarnation, 4, b"4" * 32)], facts=4)

    kept = admin.execute("SELECT announced, announced_hash FROM hub.life").fetchall()
    assert kept == [(9, b"9" * 32)]


def test_i10_hello_answers_with_the_servers_time_and_notes_it(
    laptop: Laptop, line: Line, admin: Line
) -> None:
    before = admin.execute("SELECT hub.now_us()").fetchone()
    row = hello(line, [])[0]
    after = admin.execute("SELECT hub.now_us(), last_seen, program, protocol FROM hub.device").fetchone()

    assert before is not None
    assert after is not None
    assert before[0] <= after[1] <= row[1] <= after[0]
    assert after[2:] == ("stojnica test", 1)


def test_m24_a_busy_centre_asks_laptops_to_wait(laptop: Laptop, line: Line, admin: Line) -> None:
    assert hello(line, [])[0][3] == 0

    admin.execute("UPDATE hub.branch SET backoff_s = 90")

    assert hello(line, [])[0][3] == 90


def test_the_newest_briefing_is_given_to_those_who_have_an_older_one(line: Line, admin: Line) -> None:
    for version in (1, 2):
        admin.execute(
            "INSERT INTO hub.briefing SELECT branch_id, %s, 'h', %s, 's', 1 FROM hub.branch",
            [version, f"body {version}"],
        )

    def fetch(have: int | None) -> list[Row]:
        return line.execute("SELECT * FROM api.briefing(%s::bigint)", [have], binary=True).fetchall()

    assert fetch(0) == fetch(1) == fetch(None) == [(2, b"h", b"body 2", b"s")]
    assert fetch(2) == []


def enrolled(line: Line, key: bytes, mac: bytes) -> None:
    line.execute("SELECT api.enrolled(%s::bytea, %s::bytea)", [key, mac])


def test_the_secret_vouches_for_the_laptops_key_once(laptop: Laptop, line: Line, admin: Line) -> None:
    key, other = b"k" * 32, b"o" * 32
    secret = laptop.enrolment.secret
    with pytest.raises(Denied, match="enrolment_mac"):
        enrolled(line, key, vouch_for_device(b"x" * 32, key))
    with pytest.raises(Denied, match="enrolment_mac"):
        enrolled(line, other, vouch_for_device(secret, key))

    enrolled(line, key, vouch_for_device(secret, key))

    kept = admin.execute(
        "SELECT v.public_key, v.enrolled_at = e.used_at OR v.enrolled_at < e.used_at, e.secret"
        " FROM hub.device v JOIN hub.enrolment e USING (branch_id, device_id)"
    ).fetchall()
    assert kept == [(key, True, None)]
    # The answer was lost on the way: saying it again does no harm.
    enrolled(line, key, vouch_for_device(secret, key))
    with pytest.raises(Denied, match="enrolment_used"):
        enrolled(line, other, vouch_for_device(secret, other))


def test_an_expired_enrolment_is_refused(laptop: Laptop, line: Line, admin: Line) -> None:
    admin.execute("UPDATE hub.enrolment SET valid_until = 1")

    with pytest.raises(Denied, match="enrolment_expired"):
        enrolled(line, b"k" * 32, vouch_for_device(laptop.enrolment.secret, b"k" * 32))


def test_a_key_of_the_wrong_size_is_refused(line: Line) -> None:
    for key, mac in ((b"k", b"m" * 32), (b"k" * 32, b"m")):
        with pytest.raises(Invalid):
            enrolled(line, key, mac)


def test_two_branches_in_one_database_never_meet(new_laptop: Callable[[str], Laptop], admin: Line) -> None:
    here, there = new_laptop("Here"), new_laptop("There")
    other = UUID(int=7)
    admin.execute("INSERT INTO hub.branch (branch_id, name, created_at) VALUES (%s, 'Other', 9e15)", [other])
    for table in ("device", "login", "enrolment"):
        admin.execute(
            f"UPDATE hub.{table} SET branch_id = %s WHERE device_id = %s".encode(),
            [other, there.enrolment.device_id],
        )
    sent = here.facts(2)

    with here.connect() as first, there.connect() as second:
        assert push(first, sent) == ["stored"] * 2
        assert push(second, sent) == ["stored"] * 2
        assert hello(second, [])[0][4] == other

    counts = admin.execute("SELECT branch_id, count(*) FROM hub.fact GROUP BY 1").fetchall()
    assert dict(counts) == {here.enrolment.branch_id: 2, other: 2}
