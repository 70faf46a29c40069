"""Whose word counts about a subject, whatever order it came in."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stojnica.central.trust import Delivery, FactKey, judge
from stojnica.domain import kinds
from stojnica.domain.fact import Fact, content_hash, encode
from stojnica.domain.ids import new_id
from stojnica.domain.kinds import Role

SUBJECT = UUID(int=5)
ONE, OTHER, OFFICE = UUID(int=1), UUID(int=2), UUID(int=3)


@dataclass
class Row:
    """One row of the fact table."""

    fact_id: UUID
    content_hash: bytes
    kind: str
    subject_id: UUID
    event_id: UUID | None
    captured_at: int
    body: bytes
    branch_id: UUID = SUBJECT
    incarnation: UUID = SUBJECT
    seq: int = 1


def row(say: str, **changes: Any) -> Row:
    fact = Fact(fact_id=new_id(), kind=say, subject_id=SUBJECT, data={"town": "Kranj"}, captured_at=7)
    body = encode(fact)
    values = {
        "fact_id": fact.fact_id,
        "content_hash": content_hash(body),
        "kind": say,
        "subject_id": SUBJECT,
        "event_id": None,
        "captured_at": 7,
        "body": body,
    }
    return Row(**(values | changes))


def key(one: Row) -> FactKey:
    return one.fact_id, one.content_hash


def by(device: UUID, at: int = 1) -> Delivery:
    return Delivery(device, Role.OFFICE if device == OFFICE else Role.LAPTOP, at)


def reasons(*came: tuple[Row, Delivery]) -> list[str]:
    """Give "" for each fact that counts, and the reason for each other one."""
    deliveries: dict[FactKey, list[Delivery]] = {}
    for one, delivery in came:
        deliveries.setdefault(key(one), []).append(delivery)
    verdict = judge([one for one, _delivery in came], deliveries)
    trusted = {(item.fact.fact_id, item.content_hash) for item in verdict.trusted}
    assert not trusted & set(verdict.set_aside)
    return ["" if key(one) in trusted else verdict.set_aside[key(one)] for one, _delivery in came]


def test_a_laptop_signs_up_corrects_and_voids_what_it_delivered() -> None:
    own = [row(kind) for kind in (kinds.SIGNED_UP, kinds.CORRECTED, kinds.CONSENTED, kinds.VOIDED)]

    assert reasons(*((one, by(ONE)) for one in own)) == [""] * 4


@pytest.mark.parametrize("kind", sorted(kinds.CHANGING_KINDS))
def test_i14_a_laptop_changes_nothing_of_another(kind: str) -> None:
    begun = row(kinds.EVENT_CREATED if kind == kinds.EVENT_CHANGED else kinds.SIGNED_UP)

    assert reasons((begun, by(ONE)), (row(kind), by(OTHER, 2))) == ["", "author"]


def test_i14_whoever_begins_a_subject_again_does_not_take_it_over() -> None:
    again, change = row(kinds.SIGNED_UP), row(kinds.CORRECTED)

    assert reasons((row(kinds.SIGNED_UP), by(ONE, 1)), (again, by(OTHER, 2)), (change, by(OTHER, 3))) == [
        "",
        "author",
        "author",
    ]


def test_i16_a_withdrawal_counts_whoever_brings_it() -> None:
    assert reasons((row(kinds.SIGNED_UP), by(ONE)), (row(kinds.WITHDREW), by(OTHER, 2))) == ["", ""]


@pytest.mark.parametrize("kind", sorted(kinds.OFFICE_KINDS))
def test_i14_a_laptop_says_nothing_for_the_office(kind: str) -> None:
    assert reasons((row(kind), by(ONE))) == ["author"]
    assert reasons((row(kind), by(OFFICE))) == [""]


def test_the_office_may_change_what_a_laptop_began() -> None:
    assert reasons((row(kinds.EVENT_CREATED), by(ONE)), (row(kinds.EVENT_CHANGED), by(OFFICE, 2))) == ["", ""]


def test_i14_a_kind_that_nobody_knows_counts_for_nobody() -> None:
    assert reasons((row("something_newer"), by(ONE)), (row("something_newer"), by(OFFICE))) == ["author"] * 2


def test_a_fact_that_two_delivered_counts_when_one_of_them_may_say_it() -> None:
    change = row(kinds.CORRECTED)
    deliveries = {key(change): [by(OTHER, 2), by(ONE, 3)]}
    begun = row(kinds.SIGNED_UP)
    deliveries[key(begun)] = [by(ONE, 1)]

    assert judge([change, begun], deliveries).set_aside == {}


def test_a_fact_that_nobody_delivered_counts_for_nothing() -> None:
    alone = row(kinds.SIGNED_UP)

    assert judge([alone], {}).set_aside == {key(alone): "author"}


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"kind": kinds.COUNTED}, "copies"),
        ({"fact_id": uuid4()}, "copies"),
        ({"subject_id": uuid4()}, "copies"),
        ({"event_id": uuid4()}, "copies"),
        ({"captured_at": 8}, "copies"),
        ({"content_hash": b"x" * 32}, "hash"),
        ({"body": b"{}"}, "body: "),
        ({"body": b"\xff"}, "body: "),
        ({"body": b""}, "body: "),
    ],
)
def test_i06_m33_a_row_that_is_not_what_it_says_is_set_aside_alone(
    changes: dict[str, Any], reason: str
) -> None:
    good, bad = row(kinds.SIGNED_UP), row(kinds.SIGNED_UP, **changes)

    found = reasons((good, by(ONE)), (bad, by(ONE)))

    assert found[0] == ""
    assert found[1].startswith(reason)


@given(st.data())
def test_the_verdict_never_depends_on_the_order_of_the_rows(data: st.DataObject) -> None:
    some = [*sorted(kinds.STAND_KINDS), kinds.PROJECT_DESCRIBED]
    rows = [row(data.draw(st.sampled_from(some))) for _number in range(data.draw(st.integers(1, 6)))]
    deliveries = {
        key(one): data.draw(
            st.lists(
                st.builds(by, st.sampled_from([ONE, OTHER, OFFICE]), st.integers(1, 4)),
                min_size=1,
                max_size=2,
            )
        )
        for one in rows
    }

    def words(order: list[Row]) -> tuple[set[bytes], dict[FactKey, str]]:
        verdict = judge(order, deliveries)
        return {item.content_hash for item in verdict.trusted}, dict(verdict.set_aside)

    assert words(rows) == words(data.draw(st.permutations(rows)))
