"""A laptop in wrong hands may call as often as it likes: what it makes the centre keep has an end."""

from uuid import uuid4

import psycopg
import pytest
from tests.central.conftest import Laptop, Row, Sent, hello, prove, push

pytestmark = pytest.mark.server
Line = psycopg.Connection[Row]


def test_i14_lives_without_end_are_refused(laptop: Laptop, line: Line, admin: Line) -> None:
    for _turn in range(10):
        hello(line, [(uuid4(), 1, b"") for _number in range(1_000)])

    with pytest.raises(psycopg.errors.InvalidParameterValue, match="hello_lives"):
        hello(line, [(uuid4(), 1, b"")])

    assert admin.execute("SELECT count(*) FROM hub.life").fetchone() == (10_000,)


def test_i14_receipts_without_end_push_older_ones_out(laptop: Laptop, line: Line, admin: Line) -> None:
    for _turn in range(1_010):
        prove(line, [])

    assert admin.execute("SELECT count(*) FROM hub.receipt").fetchone() == (1_000,)


def test_i14_deliveries_of_what_is_erased_have_an_end(laptop: Laptop, line: Line, admin: Line) -> None:
    # Given somebody erased, and a laptop that may deliver a thousand records a day
    admin.execute("UPDATE hub.device SET daily_facts = 1000")
    one = laptop.fact()
    assert erase(line, [one]) == ["erased"]

    # When it says without end other things under the same id
    for _turn in range(5):
        push(line, [laptop.fact(fact_id=one.fact.fact_id) for _number in range(500)])

    # Then no more of it is noted than on any other day, and it may come again
    (noted,) = admin.execute("SELECT count(*) FROM hub.delivery").fetchone() or (0,)
    assert noted <= 1_500
    assert push(line, [laptop.fact(fact_id=one.fact.fact_id)]) == ["later"]
    assert push(line, [one]) == ["erased"]


def test_i14_erasures_of_what_is_erased_have_an_end(laptop: Laptop, line: Line, admin: Line) -> None:
    admin.execute("UPDATE hub.device SET daily_facts = 1000")
    one = laptop.fact()
    assert erase(line, [one]) == ["erased"]

    for _turn in range(5):
        erase(line, [laptop.fact(fact_id=one.fact.fact_id) for _number in range(500)])

    (noted,) = admin.execute("SELECT count(*) FROM hub.delivery").fetchone() or (0,)
    assert noted <= 1_500
    assert erase(line, [laptop.fact(fact_id=one.fact.fact_id)]) == ["later"]
    assert erase(line, [one]) == ["erased"]


def test_i14_lives_that_heard_of_an_order_have_an_end(laptop: Laptop, line: Line, admin: Line) -> None:
    order = uuid4()
    admin.execute(
        "INSERT INTO hub.erase_order (branch_id, order_id, number, body, signature, facts, at)"
        " SELECT branch_id, %s, 1, '', '', 0, 1 FROM hub.branch",
        [order],
    )
    say = "SELECT api.erase_heard(%b::uuid, %b::uuid[], %b::bigint[])"
    line.execute(say, [order, [uuid4() for _number in range(1_000)], [1] * 1_000])

    with pytest.raises(psycopg.errors.InvalidParameterValue, match="heard_shape"):
        line.execute(say, [order, [uuid4()], [1]])


def erase(line: Line, sent: list[Sent]) -> list[str]:
    """Have facts erased, and give the answers in their order."""
    row = line.execute(
        "SELECT answers FROM api.erase(%b::uuid[], %b::bytea[], %b::uuid[], %b::bigint[])",
        [
            [one.fact.fact_id for one in sent],
            [one.hash for one in sent],
            [one.incarnation for one in sent],
            [one.seq for one in sent],
        ],
        binary=True,
    ).fetchone()
    assert row is not None
    answers: list[str] = row[0]
    return answers
