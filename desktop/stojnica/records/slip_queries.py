"""What is known of printed slips: runs, and which numbers are typed in."""

from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from stojnica.domain.canonical import parse_canonical
from stojnica.domain.slip_number import SlipNumber, read_slip_number
from stojnica.domain.slip_run import SlipRun, read_wordings
from stojnica.records.gone_contacts import SLIP, gone_figures
from stojnica.records.typed import EVENT, SIGNUP
from stojnica.records.typed_prints import SLIP_RUN


def runs_of_event(connection: Connection, branch_id: UUID, event_id: UUID) -> tuple[SlipRun, ...]:
    """Give the print runs of an event, in the order of their numbers."""
    query = sa.select(SLIP_RUN).where(
        SLIP_RUN.c.branch_id == branch_id,
        SLIP_RUN.c.event_id == event_id,
        SLIP_RUN.c.is_voided == sa.false(),
    )
    return tuple(_run(row) for row in connection.execute(query.order_by(SLIP_RUN.c.letter, SLIP_RUN.c.first)))


def run_of_number(connection: Connection, branch_id: UUID, number: SlipNumber) -> SlipRun | None:
    """Find the run that gave a number out; the newest, should two laptops have printed the same."""
    query = sa.select(SLIP_RUN).where(
        SLIP_RUN.c.branch_id == branch_id,
        SLIP_RUN.c.letter == number.letter,
        SLIP_RUN.c.first <= number.count,
        SLIP_RUN.c.last >= number.count,
        SLIP_RUN.c.is_voided == sa.false(),
    )
    row = connection.execute(query.order_by(SLIP_RUN.c.captured_at.desc()).limit(1)).first()
    return None if row is None else _run(row)


def last_given(connection: Connection, letter: str) -> int:
    """Give the highest number that any run of this laptop gave out, voided ones too; 0 before the first."""
    query = sa.select(sa.func.max(SLIP_RUN.c.last)).where(SLIP_RUN.c.letter == letter)
    return int(connection.execute(query).scalar() or 0)


def printed_letters(connection: Connection, branch_id: UUID) -> frozenset[str]:
    """Give the letters of all runs of this laptop, voided ones too."""
    query = sa.select(SLIP_RUN.c.letter).where(SLIP_RUN.c.branch_id == branch_id).distinct()
    return frozenset(connection.execute(query).scalars())


def typed_numbers(connection: Connection, branch_id: UUID, event_id: UUID) -> frozenset[SlipNumber]:
    """Give the numbers of an event's slips that are typed in, however they were written, or gone."""
    query = sa.select(SIGNUP.c.slip_number).where(*_with_number(branch_id, event_id))
    written = [*connection.execute(query).scalars(), *_gone_numbers(connection, branch_id, event_id)]
    read = (read_slip_number(text).value for text in written)
    return frozenset(number for number in read if number is not None)


def contacts_by_number(connection: Connection, branch_id: UUID, event_id: UUID) -> dict[SlipNumber, UUID]:
    """Give the contact of each number of an event that is typed in, however it was written."""
    query = sa.select(SIGNUP.c.slip_number, SIGNUP.c.subject_id).where(*_with_number(branch_id, event_id))
    found = {read_slip_number(row.slip_number).value: row.subject_id for row in connection.execute(query)}
    return {number: subject_id for number, subject_id in found.items() if number is not None}


def number_is_typed_in(
    connection: Connection,
    branch_id: UUID,
    event_id: UUID,
    number: SlipNumber,
    besides: UUID | None = None,
) -> bool:
    """Tell whether a slip's number belongs to a contact of this event, other than `besides`."""
    query = sa.select(SIGNUP.c.subject_id, SIGNUP.c.slip_number).where(*_with_number(branch_id, event_id))
    return any(
        row.subject_id != besides and read_slip_number(row.slip_number).value == number
        for row in connection.execute(query)
    ) or any(
        read_slip_number(text).value == number for text in _gone_numbers(connection, branch_id, event_id)
    )


def event_of_number(
    connection: Connection, branch_id: UUID, number: SlipNumber, besides: UUID | None = None
) -> UUID | None:
    """Give the event, whichever it is, for which a number is typed in; None when it is for none."""
    events = connection.execute(sa.select(EVENT.c.subject_id).where(EVENT.c.branch_id == branch_id))
    return next(
        (
            event_id
            for event_id in events.scalars().all()
            if number_is_typed_in(connection, branch_id, event_id, number, besides)
        ),
        None,
    )


def _gone_numbers(connection: Connection, branch_id: UUID, event_id: UUID) -> list[str]:
    return [item.value for item in gone_figures(connection, branch_id, [SLIP], [event_id])]


def _with_number(branch_id: UUID, event_id: UUID) -> tuple[sa.ColumnElement[bool], ...]:
    return (
        SIGNUP.c.branch_id == branch_id,
        SIGNUP.c.event_id == event_id,
        SIGNUP.c.slip_number > "",
        SIGNUP.c.is_voided == sa.false(),
    )


def _run(row: Row[Any]) -> SlipRun:
    return SlipRun(
        run_id=row.subject_id,
        letter=row.letter,
        first=row.first,
        last=row.last,
        language=row.language,
        form=row.form,
        form_version=row.form_version,
        wordings=read_wordings(parse_canonical(row.wordings.encode())),
        event_id=row.event_id,
        printed_at=row.captured_at,
    )
