"""No screen of the stand walks a table that grows with the visitors."""

import re
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
import sqlalchemy as sa
from sqlalchemy.engine import Connection

from stojnica.domain.slip_number import SlipNumber
from stojnica.records import (
    contact_queries,
    contact_search,
    event_queries,
    print_runs,
    reach_queries,
    report_queries,
    slip_queries,
)

EVENT = uuid4()
Ask = Callable[[Connection, Any], object]
QUESTIONS: dict[str, Ask] = {
    "newest": lambda c, b: contact_queries.newest_contacts(c, b, EVENT, 10),
    "captured_last": lambda c, b: contact_queries.newest_contacts(c, b, EVENT, 10, incarnation=uuid4()),
    "number": lambda c, b: contact_queries.number_of_contacts(c, b, event_ids=[EVENT], since=5),
    "number_all": lambda c, b: contact_queries.number_of_contacts(c, b),
    "contact": lambda c, b: contact_queries.contact(c, b, EVENT),
    "same_person": lambda c, b: contact_queries.same_person(c, b, email="a@b.si", phone="+386"),
    "search": lambda c, b: contact_search.find_contacts(c, b, ("spela", "zag"), 8),
    "keys": lambda c, b: contact_queries.keys_in_event(c, b, EVENT),
    "reach": lambda c, b: reach_queries.reach_of(c, b, [EVENT, uuid4()]),
    "reach_since": lambda c, b: reach_queries.reach_since(c, b, EVENT, 5),
    "half_hours": lambda c, b: reach_queries.reached_by_half_hour(c, b, EVENT, "Europe/Ljubljana"),
    "last_press": lambda c, b: reach_queries.last_press(c, b, uuid4(), EVENT),
    "project": lambda c, b: reach_queries.events_of_project(c, b, "p"),
    "events": lambda c, b: event_queries.known_events(c, b),
    "slip_runs": lambda c, b: slip_queries.runs_of_event(c, b, EVENT),
    "print_runs": lambda c, b: print_runs.runs_of_event(c, b, EVENT),
    "printed_pieces": lambda c, b: print_runs.printed_pieces(c, b, EVENT),
    "slip_run": lambda c, b: slip_queries.run_of_number(c, b, SlipNumber("A", 7)),
    "slips_typed": lambda c, b: slip_queries.typed_numbers(c, b, EVENT),
    "slip_typed": lambda c, b: slip_queries.number_is_typed_in(c, b, EVENT, SlipNumber("A", 7)),
    "slip_elsewhere": lambda c, b: slip_queries.event_of_number(c, b, SlipNumber("B", 7)),
    "age_bands": lambda c, b: report_queries.contacts_by_age_band(c, b, EVENT),
    "late": lambda c, b: report_queries.late_contacts(c, b, EVENT),
    "repeated": lambda c, b: report_queries.repeated_contacts(c, b, EVENT),
    "event": lambda c, b: event_queries.known_event(c, b, EVENT),
}


@pytest.mark.parametrize("name", QUESTIONS)
def test_each_question_is_answered_through_an_index(book: Any, name: str) -> None:
    asked: list[tuple[str, Any]] = []

    def note(_c: Any, _cursor: Any, statement: str, parameters: Any, _context: Any, _many: bool) -> None:
        asked.append((statement, parameters))

    sa.event.listen(book.connection, "before_cursor_execute", note)
    QUESTIONS[name](book.connection, book.branch_id)
    sa.event.remove(book.connection, "before_cursor_execute", note)

    assert asked
    for statement, parameters in asked:
        plan = book.connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters).all()
        steps = [row[-1] for row in plan]
        assert not [
            step
            for step in steps
            if re.match(r"SCAN (signup|signup_word|tally|fact|consent|question)\b", step)
        ]
        assert [step for step in steps if step.startswith("SEARCH")]


def test_lists_of_an_event_come_sorted_from_the_index(book: Any) -> None:
    plans: list[str] = []

    def note(_c: Any, _cursor: Any, statement: str, parameters: Any, _context: Any, _many: bool) -> None:
        if not statement.startswith("EXPLAIN"):
            rows = book.connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters).all()
            plans.extend(row[-1] for row in rows)

    sa.event.listen(book.connection, "before_cursor_execute", note)
    contact_queries.newest_contacts(book.connection, book.branch_id, EVENT, 10)
    contact_queries.same_person(book.connection, book.branch_id, email="a@b.si", phone="+386")

    assert "ix_signup_event" in plans[0]
    assert "ix_signup_email" in plans[1]
    assert "ix_signup_phone" in plans[2]
    assert not [step for step in plans if "TEMP B-TREE" in step]


def test_a_search_reads_the_index_of_words_alone_however_many_people_there_are(book: Any) -> None:
    plans: list[str] = []

    def note(_c: Any, _cursor: Any, statement: str, parameters: Any, _context: Any, _many: bool) -> None:
        if not statement.startswith("EXPLAIN"):
            rows = book.connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters).all()
            plans.append(" | ".join(row[-1] for row in rows))

    sa.event.listen(book.connection, "before_cursor_execute", note)
    contact_search.find_contacts(book.connection, book.branch_id, ("spela", "zag"), 8)

    (plan,) = plans
    assert "signup_word USING COVERING INDEX ix_signup_word (branch_id=? AND word>? AND word<?)" in plan
    assert "SEARCH other_0 USING" in plan.replace("main.", "").replace("signup_word AS ", "")
    assert not re.search(r"SCAN (main\.)?signup", plan)
