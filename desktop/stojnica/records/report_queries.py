"""What only the report of an event asks: numbers of its contacts, and nothing of any of them."""

from collections.abc import Iterable, Mapping
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from stojnica.domain.likeness import SAME
from stojnica.records.gone_contacts import AGE, REPEATED, gone_figures, gone_number
from stojnica.records.reach_queries import LIVE_CHANNELS
from stojnica.records.typed import LIKENESS, SIGNUP


def contacts_by_age_band(connection: Connection, branch_id: UUID, event_id: UUID) -> Mapping[str, int]:
    """Count an event's contacts by the id of their age band; "" is for those who didn't say."""
    query = (
        sa.select(SIGNUP.c.age_band, sa.func.count())
        .where(
            SIGNUP.c.branch_id == branch_id,
            SIGNUP.c.event_id == event_id,
            SIGNUP.c.is_voided == sa.false(),
        )
        .group_by(SIGNUP.c.age_band)
    )
    found = {band: int(count) for band, count in connection.execute(query)}
    for item in gone_figures(connection, branch_id, [AGE], [event_id]):
        found[item.value] = found.get(item.value, 0) + item.amount
    return found


def late_contacts(connection: Connection, branch_id: UUID, event_id: UUID) -> int:
    """Count the contacts that came later than their visitors: from paper, or from the web form."""
    query = (
        sa.select(sa.func.count())
        .select_from(SIGNUP)
        .where(
            SIGNUP.c.branch_id == branch_id,
            SIGNUP.c.event_id == event_id,
            SIGNUP.c.is_voided == sa.false(),
            SIGNUP.c.channel.not_in(LIVE_CHANNELS),
        )
    )
    gone = gone_number(connection, branch_id, event_ids=[event_id], is_live=False)
    return int(connection.execute(query).scalar_one()) + gone


def repeated_contacts(connection: Connection, branch_id: UUID, event_id: UUID) -> int:
    """Count the contacts of an event that belong to a person who has one there already.

    Only what a volunteer said counts: two of a family may share an address.
    """
    gone = gone_figures(connection, branch_id, [REPEATED], [event_id])
    return repeated_here(connection, branch_id, event_id) + sum(item.amount for item in gone)


def repeated_here(connection: Connection, branch_id: UUID, event_id: UUID) -> int:
    """Count the same among the contacts that aren't gone from this laptop."""
    newer, older = SIGNUP.alias("newer"), SIGNUP.alias("older")
    pairs = (
        sa.select(newer.c.subject_id, older.c.subject_id)
        .select_from(LIKENESS)
        .join(newer, sa.and_(newer.c.branch_id == branch_id, newer.c.subject_id == LIKENESS.c.subject_id))
        .join(older, sa.and_(older.c.branch_id == branch_id, older.c.subject_id == LIKENESS.c.other_id))
        .where(
            LIKENESS.c.branch_id == branch_id,
            LIKENESS.c.answer == SAME,
            *(side.c.event_id == event_id for side in (newer, older)),
            *(side.c.is_voided == sa.false() for side in (newer, older)),
        )
    )
    return _joined((one, other) for one, other in connection.execute(pairs))


def _joined(pairs: Iterable[tuple[UUID, UUID]]) -> int:
    """Give by how many the people are fewer than the contacts, when both of each pair are the same."""
    stands_for: dict[UUID, UUID] = {}

    def first_of(contact: UUID) -> UUID:
        while contact in stands_for:
            contact = stands_for[contact]
        return contact

    for one, other in pairs:
        mine, theirs = first_of(one), first_of(other)
        if mine != theirs:
            stands_for[mine] = theirs
    return len(stands_for)
