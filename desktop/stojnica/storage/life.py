"""The present life of the file: which incarnation new facts are numbered in."""

from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from stojnica.storage.tables import LIFE


def current_incarnation(connection: Connection) -> UUID:
    """Give the incarnation that new facts get."""
    query = sa.select(LIFE.c.incarnation).where(LIFE.c.is_current == sa.true())
    incarnation: UUID = connection.execute(query).scalar_one()
    return incarnation
