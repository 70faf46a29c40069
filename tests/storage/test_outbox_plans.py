"""What waits is counted by looking at what waits, not at all that is there."""

import secrets
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
import sqlalchemy as sa
from sqlalchemy.engine import Connection

from stojnica.domain import kinds
from stojnica.storage.outbox import (
    Key,
    Unconfirmed,
    aside_facts,
    mark,
    unconfirmed,
    waiting_batch,
    waiting_count,
)
from stojnica.storage.store import Store
from stojnica.storage.tables import ANSWERED, ASIDE, PROVEN
from stojnica.storage.unit import UnitOfWork, branch_of

QUESTIONS: dict[str, Callable[[Connection], object]] = {
    "unconfirmed": unconfirmed,
    "aside": aside_facts,
    "count": waiting_count,
    "batch": lambda connection: waiting_batch(connection, branch_of(connection)),
}


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = Store(tmp_path / "stojnica.db", secrets.token_bytes(32))
    opened.prepare()
    yield opened
    opened.close()


def sign_up(unit: UnitOfWork) -> list[Key]:
    subject = uuid4()
    told = (
        (kinds.SIGNED_UP, {"first_name": "Ana"}),
        (kinds.CONSENTED, {"purpose": "answer", "granted": True}),
    )
    items = [unit.record(kind, subject, data) for kind, data in told]
    return [(item.fact.fact_id, item.content_hash) for item in items]


@pytest.mark.parametrize("name", QUESTIONS)
def test_no_question_about_the_outbox_walks_all_facts(store: Store, name: str) -> None:
    def look(connection: Connection) -> list[str]:
        asked: list[tuple[str, Any]] = []

        def note(_c: Any, _cursor: Any, statement: str, parameters: Any, _context: Any, _many: bool) -> None:
            asked.append((statement, parameters))

        sa.event.listen(connection, "before_cursor_execute", note)
        QUESTIONS[name](connection)
        sa.event.remove(connection, "before_cursor_execute", note)
        return [
            row[-1]
            for statement, parameters in asked
            for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters).all()
        ]

    steps = store.read(look).result()

    assert not [step for step in steps if "SCAN" in step and "ix_delivery_open" not in step]
    assert [step for step in steps if "ix_delivery_open" in step]


def test_a_contact_waits_until_each_of_its_facts_is_proven(store: Store) -> None:
    def begin(unit: UnitOfWork) -> list[list[Key]]:
        people = [sign_up(unit) for _ in range(3)]
        unit.commit()
        return people

    first, second, _third = store.write(begin).result()

    def deliver(unit: UnitOfWork) -> None:
        mark(unit.connection, first, PROVEN)
        mark(unit.connection, second[:1], PROVEN)
        mark(unit.connection, second[1:], ANSWERED)
        unit.commit()

    store.write(deliver).result()

    assert store.read(unconfirmed).result() == Unconfirmed(contacts=2, facts=3, aside=0)


def test_what_is_set_aside_waits_too_and_is_told_apart(store: Store) -> None:
    def begin(unit: UnitOfWork) -> None:
        keys = sign_up(unit)
        unit.flush()
        mark(unit.connection, keys[:1], ASIDE, "damaged")
        unit.commit()

    store.write(begin).result()

    assert store.read(unconfirmed).result() == Unconfirmed(contacts=1, facts=2, aside=1)
    assert [item.reason for item in store.read(aside_facts).result()] == ["damaged"]
