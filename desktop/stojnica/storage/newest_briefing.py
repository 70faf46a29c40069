"""The briefing that this laptop works with, as bytes."""

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from stojnica.storage.tables import BRIEFING

_NEWEST = sa.select(BRIEFING.c.body).order_by(BRIEFING.c.version.desc()).limit(1)


def newest_briefing(connection: Connection) -> bytes | None:
    """Give the body of the newest briefing; its signature was checked when it came."""
    row = connection.execute(_NEWEST).first()
    return None if row is None else bytes(row.body)
