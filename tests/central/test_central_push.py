"""What becomes of facts that a laptop pushes."""

import threading
from collections.abc import Callable
from dataclasses import replace
from hashlib import sha256
from uuid import UUID, uuid4

import psycopg
import pytest
from tests.central.conftest import Laptop, Row, prove, push, push_columns

from stojnica.central.revoke import revoke

pytestmark = pytest.mark.server
Line = psycopg.Connection[Row]


def bury(admin: Line, fact_id: UUID) -> None:
    """Leave a tombstone, as an erasure does."""
    admin.execute(
        "INSERT INTO hub.tombstone (branch_id, fact_id, reason, at)"
        " SELECT branch_id, %s, 'asked', 1 FROM hub.branch",
        [fact_id],
    )


def test_i05_a_fact_is_stored_once_and_answered_with_what_was_read_back(
    laptop: Laptop, line: Line, admin: Line
) -> None:
    sent = laptop.facts(3)

    assert push(line, sent) == ["stored"] * 3
    assert push(line, sent) == ["present"] * 3

    rows = admin.execute("SELECT fact_id, content_hash, body FROM hub.fact ORDER BY fact_id").fetchall()
    assert rows == [(one.fact.fact_id, one.hash, one.body) for one in sent]
    assert admin.execute("SELECT count(*) FROM hub.delivery").fetchone() == (3,)
    assert admin.execute("SELECT sum(cardinality(fact_ids)) FROM hub.inbox").fetchone() == (3,)


def test_i05_the_commit_is_synchronous_whatever_the_session_says(laptop: Laptop, line: Line) -> None:
    line.execute("SET synchronous_commit = off")

    with line.transaction():
        push(line, laptop.facts(1))
        inside = line.execute("SHOW synchronous_commit").fetchone()

    assert inside == ("on",)


def test_an_empty_batch_answers_nothing(line: Line) -> None:
    assert push(line, []) == []


def test_the_same_fact_twice_in_one_batch_is_kept_once(laptop: Laptop, line: Line, admin: Line) -> None:
    one = laptop.fact()

    assert push(line, [one, one]) == ["stored", "stored"]
    assert admin.execute("SELECT count(*) FROM hub.fact").fetchone() == (1,)


def test_i04_m34_the_same_id_with_another_body_is_kept_beside_the_first(
    laptop: Laptop, line: Line, admin: Line
) -> None:
    one = laptop.fact()
    other = laptop.fact(fact_id=one.fact.fact_id, subject_id=one.fact.subject_id, data={"first_name": "Ana"})

    assert push(line, [one]) == ["stored"]
    assert push(line, [other]) == ["stored"]

    assert admin.execute("SELECT count(*), count(DISTINCT fact_id) FROM hub.fact").fetchone() == (2, 1)


def test_i06_a_damaged_fact_delays_no_other(laptop: Laptop, line: Line) -> None:
    first, wrong, last = laptop.facts(3)
    wrong = replace(wrong, body=wrong.body + b" ")

    assert push(line, [first, wrong, last]) == ["stored", "damaged", "stored"]


def test_i06_a_missing_value_damages_one_fact_alone(laptop: Laptop, line: Line) -> None:
    for column in range(9):
        sent = laptop.facts(2)
        columns = [list(values) for values in zip(*(one.columns for one in sent), strict=True)]
        columns[column][0] = None

        told = push_columns(line, columns)

        # The event is the one thing that a fact may be without.
        assert [one[2] for one in told] == ["stored" if column == 5 else "damaged", "stored"]


def test_i06_a_body_over_the_bound_is_damaged(laptop: Laptop, line: Line) -> None:
    one = laptop.fact()
    large = b"x" * (256 * 1024 + 1)
    assert push(line, [replace(one, body=large, hash=sha256(large).digest())]) == ["damaged"]


def test_a_batch_over_the_bounds_is_refused_as_a_whole(laptop: Laptop, line: Line) -> None:
    with pytest.raises(psycopg.errors.InvalidParameterValue, match="batch_shape"):
        push(line, laptop.facts(501))
    with pytest.raises(psycopg.errors.InvalidParameterValue, match="batch_bytes"):
        push(line, [replace(one, body=b"x" * 250_000) for one in laptop.facts(9)])


def test_arrays_of_different_lengths_are_refused(line: Line) -> None:
    with pytest.raises(psycopg.errors.InvalidParameterValue, match="batch_shape"):
        line.execute(
            "SELECT * FROM api.push(ARRAY[gen_random_uuid()], '{}', '{}', '{}', '{}', '{}', '{}', '{}', '{}')"
        )


def test_i15_an_erased_fact_does_not_come_back(laptop: Laptop, line: Line, admin: Line) -> None:
    sent = laptop.facts(2)
    push(line, sent)
    erased = sent[0].fact.fact_id
    admin.execute("DELETE FROM hub.fact WHERE fact_id = %s", [erased])
    bury(admin, erased)

    assert push(line, sent) == ["erased", "present"]
    assert admin.execute("SELECT count(*) FROM hub.fact WHERE fact_id = %s", [erased]).fetchone() == (0,)
    # The laptop keeps the stub of it, and both sides still agree.
    assert prove(line, sent)[0] == []


def test_a_fact_that_was_erased_before_its_first_delivery_is_proven_too(
    laptop: Laptop, line: Line, admin: Line
) -> None:
    sent = laptop.facts(2)
    bury(admin, sent[1].fact.fact_id)

    assert push(line, sent) == ["stored", "erased"]
    assert prove(line, sent)[0] == []


def test_m20_a_laptop_revoked_in_mid_push_gets_told_and_stores_nothing(
    laptop: Laptop, line: Line, admin: Line, central_url: str
) -> None:
    assert push(line, laptop.facts(1)) == ["stored"]

    revoke(central_url, laptop.enrolment.device_id)

    assert push(line, laptop.facts(2)) == ["revoked"] * 2
    assert admin.execute("SELECT count(*) FROM hub.fact").fetchone() == (1,)
    with pytest.raises(psycopg.OperationalError, match="not permitted to log in"):
        laptop.connect()


def test_beyond_the_daily_quota_the_answer_is_later_for_what_is_new(
    laptop: Laptop, line: Line, admin: Line
) -> None:
    old, new = laptop.facts(2), laptop.facts(2)
    admin.execute("UPDATE hub.device SET daily_facts = 2")
    assert push(line, old) == ["stored"] * 2

    assert push(line, new) == ["later"] * 2
    assert push(line, old) == ["present"] * 2

    admin.execute("UPDATE hub.device SET daily_facts = 100")
    assert push(line, new) == ["stored"] * 2


def test_beyond_the_daily_bytes_the_answer_is_later(laptop: Laptop, line: Line, admin: Line) -> None:
    admin.execute("UPDATE hub.device SET daily_bytes = 10")
    assert push(line, laptop.facts(1)) == ["stored"]
    assert push(line, laptop.facts(1)) == ["later"]


def test_a_body_that_spoilt_at_the_centre_is_not_confirmed(laptop: Laptop, line: Line, admin: Line) -> None:
    sent = laptop.facts(1)
    push(line, sent)
    admin.execute("UPDATE hub.fact SET body = body || 'x'::bytea")

    assert push(line, sent) == ["later"]


def test_i03_m21_five_identical_pushes_at_once_store_each_fact_once(
    laptop: Laptop, admin: Line, central_url: str
) -> None:
    sent = laptop.facts(300)
    # Two of the five are another laptop's, that carries a copy of the same facts.
    logins = [laptop.connect(), laptop.connect()]
    start = threading.Barrier(5)
    answers: list[list[str]] = []

    def deliver(connection: Line, lock: threading.Lock) -> None:
        start.wait()
        with lock:
            answers.append(push(connection, sent))

    # CONNECTION LIMIT 2: three of them share a connection, one after the other.
    locks = [threading.Lock(), threading.Lock()]
    threads = [
        threading.Thread(target=deliver, args=(logins[number % 2], locks[number % 2])) for number in range(5)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for login in logins:
        login.close()

    assert len(answers) == 5
    assert {answer for batch in answers for answer in batch} <= {"stored", "present"}
    assert admin.execute("SELECT count(*) FROM hub.fact").fetchone() == (300,)
    assert admin.execute("SELECT count(*) FROM hub.delivery").fetchone() == (300,)


def test_two_laptops_may_deliver_the_same_fact_and_both_can_prove_it(
    new_laptop: Callable[[str], Laptop], admin: Line
) -> None:
    one, other = new_laptop("One"), new_laptop("Other")
    sent = one.facts(5)

    with one.connect() as first, other.connect() as second:
        assert push(first, sent) == ["stored"] * 5
        assert push(second, sent) == ["present"] * 5
        assert prove(first, sent)[0] == prove(second, sent)[0] == []

    assert admin.execute("SELECT count(*) FROM hub.fact").fetchone() == (5,)


def test_unsorted_pushes_of_the_same_facts_at_once_end_without_a_deadlock(
    new_laptop: Callable[[str], Laptop], admin: Line
) -> None:
    laptops = [new_laptop(str(number)) for number in range(4)]
    sent = laptops[0].facts(200)
    failures: list[Exception] = []
    start = threading.Barrier(4)

    def deliver(number: int) -> None:
        turned = sent[number * 50 :] + sent[: number * 50]
        with laptops[number].connect() as connection:
            start.wait()
            try:
                push(connection, turned if number % 2 else turned[::-1])
            except psycopg.Error as error:
                failures.append(error)

    threads = [threading.Thread(target=deliver, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert failures == []
    assert admin.execute("SELECT count(*) FROM hub.fact").fetchone() == (200,)


def test_i13_kinds_that_this_centre_does_not_know_are_stored(laptop: Laptop, line: Line) -> None:
    assert push(line, [laptop.fact("something_newer", event_id=uuid4())]) == ["stored"]
