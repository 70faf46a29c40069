"""Events come in the order they begin, and say who decided them."""

from typing import Any
from uuid import uuid4

import sqlalchemy as sa

from stojnica.domain import kinds
from stojnica.records.event_queries import known_event, known_events
from stojnica.records.typed import EVENT


def test_events_come_by_start_and_without_voided_ones(book: Any) -> None:
    later = book.write(kinds.EVENT_CREATED, {"name": "B", "starts": "2024-10-01T10:00"})
    first = book.write(kinds.EVENT_CREATED, {"name": "A", "starts": "2024-09-20T10:00"})
    gone = book.write(kinds.EVENT_CREATED, {"name": "C", "starts": "2024-09-21T10:00"})
    book.write(kinds.VOIDED, {"reason": ""}, subject_id=gone)

    events = known_events(book.connection, book.branch_id)

    assert [item.event.event_id for item in events] == [first, later]
    assert known_event(book.connection, book.branch_id, gone) is None


def test_one_event_comes_as_it_was_changed(book: Any) -> None:
    event_id = book.write(kinds.EVENT_CREATED, {"name": "Festival", "code": "f", "goal_reached": 169})
    book.write(kinds.EVENT_CHANGED, {"name": "Festival LUPA", "closed": True}, subject_id=event_id)

    found = known_event(book.connection, book.branch_id, event_id)

    assert found is not None
    assert (found.event.name, found.event.code, found.event.goal_reached) == ("Festival LUPA", "f", 169)
    assert found.event.is_closed
    assert not found.is_from_office
    assert known_event(book.connection, book.branch_id, uuid4()) is None


def test_an_event_of_the_briefing_is_from_the_office(book: Any) -> None:
    event_id = book.write(kinds.EVENT_CREATED, {"name": "Festival"})
    book.connection.execute(sa.update(EVENT).values(origin="briefing"))

    found = known_event(book.connection, book.branch_id, event_id)

    assert found is not None
    assert found.is_from_office
