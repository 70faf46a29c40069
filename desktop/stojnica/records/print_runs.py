"""Print runs: what their facts add up to, and what is known of them."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from stojnica.domain import kinds
from stojnica.domain.order import SubjectHistory
from stojnica.domain.print_run import CARD, MOST_PIECES, Piece, PrintRun, printed_from, run_from
from stojnica.records.typed_prints import PRINT_RUN, SLIP_RUN


def print_run_rows(history: SubjectHistory) -> list[dict[str, Any]]:
    """Give the run as it was prepared, and all that was printed of it together."""
    prepared = [item for item in history.facts if item.fact.kind == kinds.PRINT_PREPARED]
    fact = max(history.latest(prepared), key=lambda item: item.content_hash).fact
    run = run_from(fact.subject_id, fact.event_id, fact.data, fact.captured_at)
    if run is None:
        return []
    told = [item.fact for item in history.facts if item.fact.kind == kinds.PRINTED]
    printed = [(item, printed_from(item.data)) for item in told]
    good = [(item.captured_at, what.pieces) for item, what in printed if what is not None]
    return [
        {
            "event_id": run.event_id,
            **run.data(),
            "leads": run.piece.leads,
            # More than a stand can print is somebody's mistake, and would spoil every sum.
            "pieces": min(sum(pieces for _at, pieces in good), MOST_PIECES),
            "prepared_at": run.prepared_at,
            "printed_at": max((at for at, _pieces in good), default=0),
            "is_voided": any(item.fact.kind == kinds.VOIDED for item in history.facts),
        }
    ]


def runs_of_event(connection: Connection, branch_id: UUID, event_id: UUID) -> tuple[PrintRun, ...]:
    """Give the print runs of an event, the newest first."""
    wanted = (PRINT_RUN.c.branch_id == branch_id, PRINT_RUN.c.event_id == event_id)
    return _runs(connection, *wanted)


def all_runs(connection: Connection, branch_id: UUID) -> tuple[PrintRun, ...]:
    """Give all print runs, the newest first."""
    return _runs(connection, PRINT_RUN.c.branch_id == branch_id)


def codes_given(connection: Connection) -> frozenset[str]:
    """Give every short code that is known here, of voided runs too: paper with them may be around."""
    return frozenset(connection.execute(sa.select(PRINT_RUN.c.code)).scalars())


@dataclass(frozen=True, slots=True)
class PrintedPieces:
    """Hold how much was printed for an event: flyers and all like them, cards to take home, numbered slips.

    Slips count as they were given out: a run that never got on paper is taken back, and counts no more.
    """

    flyers: int = 0
    cards: int = 0
    slips: int = 0

    @property
    def total(self) -> int:
        """Give all pieces together."""
        return self.flyers + self.cards + self.slips


def printed_pieces(connection: Connection, branch_id: UUID, event_id: UUID) -> PrintedPieces:
    """Add up how many pieces were printed for an event, of each kind, in one query."""
    is_card = PRINT_RUN.c.template == CARD
    runs = sa.select(
        sa.case((is_card, "cards"), else_="flyers").label("kind"), PRINT_RUN.c.pieces.label("pieces")
    ).where(*_standing(PRINT_RUN, branch_id, event_id))
    slips = sa.select(
        sa.literal("slips").label("kind"), (SLIP_RUN.c.last - SLIP_RUN.c.first + 1).label("pieces")
    ).where(*_standing(SLIP_RUN, branch_id, event_id))
    all_kinds = runs.union_all(slips).subquery()
    query = sa.select(all_kinds.c.kind, sa.func.sum(all_kinds.c.pieces)).group_by(all_kinds.c.kind)
    return PrintedPieces(**{kind: int(pieces) for kind, pieces in connection.execute(query)})


def _standing(table: sa.Table, branch_id: UUID, event_id: UUID) -> tuple[sa.ColumnElement[bool], ...]:
    return (
        table.c.branch_id == branch_id,
        table.c.event_id == event_id,
        table.c.is_voided == sa.false(),
    )


def _runs(connection: Connection, *wanted: sa.ColumnElement[bool]) -> tuple[PrintRun, ...]:
    query = sa.select(PRINT_RUN).where(*wanted, PRINT_RUN.c.is_voided == sa.false())
    ordered = query.order_by(PRINT_RUN.c.prepared_at.desc(), PRINT_RUN.c.subject_id)
    return tuple(map(_run, connection.execute(ordered)))


def _run(row: Row[Any]) -> PrintRun:
    return PrintRun(
        run_id=row.subject_id,
        event_id=row.event_id,
        code=row.code,
        piece=Piece(row.flyer, row.template, row.size, row.language, row.leads),
        target=row.target,
        prepared_at=row.prepared_at,
        printed_at=row.printed_at,
        pieces=row.pieces,
    )
