"""Numbers of contacts that are gone from this laptop: they hold no person, and every sum goes on with them.

Each figure is kept by itself, so that an age is joined to no hour and an hour to no slip. What is kept lies
in the laptop's own memory, and these rows are made of it anew with all others. At the centre there are none.
"""

from collections.abc import Iterable, Sequence
from typing import NamedTuple
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.engine import Connection
from sqlalchemy.orm import Mapped, mapped_column

from stojnica.records.base import HUB, Base, Id, Text, Whole, table_of

QUARTER_US = 15 * 60 * 1_000_000
"""Every zone is off UTC by whole quarters, so quarters of UTC never straddle two of its half-hours."""
LIVE = "live"
LATE = "late"
AGE = "age"
SLIP = "slip"
REPEATED = "repeated"


class GoneContactRow(Base):
    """Map one figure of an event (`subject_id`); `value` is the quarter of UTC, the age band, the number."""

    __tablename__ = "gone_contact"

    branch_id: Mapped[UUID] = mapped_column(Id, primary_key=True)
    subject_id: Mapped[UUID] = mapped_column(Id, primary_key=True)
    figure: Mapped[str] = mapped_column(Text, primary_key=True)
    value: Mapped[str] = mapped_column(Text, primary_key=True)
    amount: Mapped[int] = mapped_column(Whole)
    projection_version: Mapped[int] = mapped_column(Whole)

    __table_args__ = ({"schema": HUB, "sqlite_strict": True, "info": {"typed": True}},)


GONE_CONTACT = table_of(GoneContactRow)


class GoneFigure(NamedTuple):
    """Hold one figure of an event."""

    figure: str
    value: str
    amount: int


def gone_figures(
    connection: Connection, branch_id: UUID, figures: Sequence[str], event_ids: Sequence[UUID] | None = None
) -> list[GoneFigure]:
    """Give these figures of some events, or of all."""
    query = sa.select(GONE_CONTACT.c.figure, GONE_CONTACT.c.value, GONE_CONTACT.c.amount).where(
        GONE_CONTACT.c.branch_id == branch_id, GONE_CONTACT.c.figure.in_(figures)
    )
    if event_ids is not None:
        query = query.where(GONE_CONTACT.c.subject_id.in_(event_ids))
    return [GoneFigure(*row) for row in connection.execute(query)]


def gone_number(
    connection: Connection,
    branch_id: UUID,
    *,
    event_ids: Sequence[UUID] | None = None,
    since: int | None = None,
    is_live: bool | None = None,
) -> int:
    """Count contacts that are gone, as those that are here are counted; `since` is exact to a quarter."""
    channels = {None: (LIVE, LATE), True: (LIVE,), False: (LATE,)}[is_live]
    first = None if since is None else since // QUARTER_US
    return sum(
        item.amount
        for item in gone_figures(connection, branch_id, channels, event_ids)
        if first is None or int(item.value) >= first
    )


def write_gone(
    connection: Connection, branch_id: UUID, event_id: UUID, figures: Iterable[GoneFigure], version: int
) -> None:
    """Write these figures of an event in the place of what was there of each; laptops alone have any."""
    rows = [
        {
            "branch_id": branch_id,
            "subject_id": event_id,
            "figure": item.figure,
            "value": item.value,
            "amount": item.amount,
            "projection_version": version,
        }
        for item in figures
    ]
    if rows:
        connection.execute(sa.insert(GONE_CONTACT).prefix_with("OR REPLACE"), rows)
