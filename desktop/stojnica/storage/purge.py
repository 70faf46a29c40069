"""Taking contacts off this laptop that the office has for sure and that have been here long enough.

A contact goes as a whole: all that was said about it, its scans, search words, marks of its address. What
stays are stubs without content, so that proofs still count them, and numbers of the event. Nothing is told
to the centre: there everything stays.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from stojnica import failpoint
from stojnica.domain import kinds
from stojnica.domain.duplicate import ContactKeys
from stojnica.domain.erasure import files_of
from stojnica.domain.fact import BadFactError, Fact, decode
from stojnica.records.erasing import clear_subject
from stojnica.records.facts import FACT
from stojnica.records.gone_contacts import AGE, LATE, LIVE, QUARTER_US, REPEATED, SLIP
from stojnica.records.reach_queries import LIVE_CHANNELS
from stojnica.records.report_queries import repeated_here
from stojnica.records.typed import LIKENESS, SIGNUP
from stojnica.storage.gone import add_gone
from stojnica.storage.marks import drop_marks_of
from stojnica.storage.memory import remember
from stojnica.storage.outbox import Key
from stojnica.storage.proof_times import NewestProof, newest_proof, proof_time
from stojnica.storage.stubs import COPIES_STALE, make_stubs
from stojnica.storage.tables import DELIVERY, PROVEN, PURGED
from stojnica.storage.unit import UnitOfWork


@dataclass(frozen=True, slots=True)
class Held:
    """Hold all that goes with one contact, and how far each of it has come."""

    facts: list[Fact]
    keys: list[Key]
    states: list[tuple[str, bool, UUID | None]]
    is_readable: bool


def purge_contacts(unit: UnitOfWork, subject_ids: Iterable[UUID], kept_us: int) -> int:
    """Purge those of these contacts that may go; gives how many went. In the caller's transaction.

    Each is looked at again here, whoever chose it: what was said about it since, or a centre that is no
    longer trusted, keeps it. `kept_us`: how long it stays after it was proven, by the centre's clock.
    """
    newest = newest_proof(unit.connection)
    if newest is None:
        return 0
    gone = 0
    numbers: dict[UUID | None, Counter[tuple[str, str]]] = {}
    for subject_id in subject_ids:
        held = _all_of(unit.connection, unit.branch_id, subject_id)
        if held is not None and may_go(unit.connection, held, newest, kept_us):
            event_id, figures = _purge(unit, subject_id, held)
            numbers.setdefault(event_id, Counter()).update(figures)
            failpoint.reached("purge.between_contacts")
            gone += 1
    for event_id, figures in numbers.items():
        add_gone(unit.connection, unit.branch_id, event_id, figures)
    if gone:
        # An order to erase finds nobody here any more, but copies that were made before have them.
        remember(unit.connection, COPIES_STALE, True)
    return gone


def may_go(connection: Connection, held: Held, newest: NewestProof, kept_us: int) -> bool:
    """Tell whether all of it was proven in an earlier session and long enough ago, and is in a backup."""
    if not held.is_readable or len(held.states) != len(held.keys):
        return False
    for state, is_covered, session in held.states:
        if state != PROVEN or not is_covered or session is None or session == newest.session:
            return False
        at = proof_time(connection, session)
        if at is None or newest.at - at < kept_us:
            return False
    return True


def _all_of(connection: Connection, branch_id: UUID, subject_id: UUID) -> Held | None:
    """Gather the facts about a contact and the pieces of its files; None for what isn't a contact."""
    rows = with_delivery(connection, branch_id, [subject_id])
    if kinds.SIGNED_UP not in {row.kind for row in rows}:
        return None
    facts: list[Fact] = []
    for row in rows:
        with suppress(BadFactError):
            facts.append(decode(row.body))
    is_readable = len(facts) == len(rows)
    pieces = with_delivery(connection, branch_id, sorted(files_of(facts)))
    rows = [*rows, *(row for row in pieces if row.kind == kinds.FILE_CHUNK)]
    return held_of(facts, rows, is_readable=is_readable)


def held_of(facts: list[Fact], rows: Sequence[sa.Row[Any]], *, is_readable: bool) -> Held:
    """Put together what `with_delivery` gave of one subject."""
    return Held(
        facts,
        [(row.fact_id, row.content_hash) for row in rows],
        [(row.state, row.is_covered, row.proven_in) for row in rows if row.state is not None],
        is_readable,
    )


def with_delivery(connection: Connection, branch_id: UUID, subject_ids: Sequence[UUID]) -> list[sa.Row[Any]]:
    """Give the facts about some subjects, and how far each has come."""
    found: list[sa.Row[Any]] = []
    for subject_id in subject_ids:
        query = (
            sa.select(
                *(FACT.c.branch_id, FACT.c.fact_id, FACT.c.content_hash, FACT.c.kind, FACT.c.body),
                *(FACT.c.incarnation, FACT.c.seq),
                *(DELIVERY.c.state, DELIVERY.c.is_covered, DELIVERY.c.proven_in),
            )
            .join(
                DELIVERY,
                (DELIVERY.c.fact_id == FACT.c.fact_id) & (DELIVERY.c.content_hash == FACT.c.content_hash),
                isouter=True,
            )
            .where(FACT.c.branch_id == branch_id, FACT.c.subject_id == subject_id)
        )
        found += list(connection.execute(query))
    return found


def _purge(unit: UnitOfWork, subject_id: UUID, held: Held) -> tuple[UUID | None, Counter[tuple[str, str]]]:
    """Take a contact away; gives the event, and what its numbers lose by it."""
    connection, branch_id = unit.connection, unit.branch_id
    row = connection.execute(
        sa.select(SIGNUP).where(SIGNUP.c.branch_id == branch_id, SIGNUP.c.subject_id == subject_id)
    ).first()
    event_id: UUID | None = None if row is None else row.event_id
    figures: Counter[tuple[str, str]] = Counter()
    if row is not None and not row.is_voided:
        channel = LIVE if row.channel in LIVE_CHANNELS else LATE
        figures[channel, str(row.captured_at // QUARTER_US)] = 1
        figures[AGE, row.age_band] = 1
        if row.slip_number:
            figures[SLIP, row.slip_number] = 1
    is_compared = _is_compared(connection, branch_id, subject_id)
    before = repeated_here(connection, branch_id, event_id) if is_compared and event_id else 0
    make_stubs(connection, branch_id, held.keys, PURGED)
    clear_subject(connection, branch_id, subject_id)
    drop_marks_of(connection, subject_id, _keys_ever(held.facts))
    if before and event_id:
        figures[REPEATED, ""] = before - repeated_here(connection, branch_id, event_id)
    return event_id, figures


def _is_compared(connection: Connection, branch_id: UUID, subject_id: UUID) -> bool:
    query = sa.select(sa.literal(1)).where(
        LIKENESS.c.branch_id == branch_id,
        (LIKENESS.c.subject_id == subject_id) | (LIKENESS.c.other_id == subject_id),
    )
    return connection.execute(query.limit(1)).first() is not None


def _keys_ever(facts: Iterable[Fact]) -> list[ContactKeys]:
    """Give what the contact could be recognised by, now and before each correction."""
    texts = {"email": {""}, "phone": {""}}
    for fact in facts:
        for name, found in texts.items():
            value = fact.data.get(name)
            if fact.kind in (kinds.SIGNED_UP, kinds.CORRECTED) and isinstance(value, str):
                found.add(value)
    return [
        *(ContactKeys.of(email, "") for email in sorted(texts["email"] - {""})),
        *(ContactKeys.of("", phone) for phone in sorted(texts["phone"] - {""})),
    ]
