"""What files still hold of somebody who left the tables: pages of the log, copies from before an upgrade.

A note stands beside the facts until both are gone: a crash right after somebody was erased forgets nothing.
"""

from pathlib import Path

from sqlalchemy.engine import Connection

from stojnica.domain.erasure import ERASED
from stojnica.storage.engine import empty_log
from stojnica.storage.memory import forget, recall, remember
from stojnica.storage.schema import drop_old_copies
from stojnica.storage.unit import UnitOfWork

LEFT = "left_in_files"


def note_left(connection: Connection, reason: str) -> None:
    """Note that bodies went from the tables, erased or for another reason; in the same transaction."""
    if recall(connection, LEFT) != ERASED:
        remember(connection, LEFT, reason)


def left_in_files(connection: Connection) -> str | None:
    """Give why something went that files may still hold."""
    reason: str | None = recall(connection, LEFT)
    return reason


def clear_files(unit: UnitOfWork, path: Path, *, keeps_old_copies: bool = False) -> None:
    """Empty the log, drop the copies, and note so; after a commit, between two transactions."""
    is_empty = empty_log(unit.connection)
    if not keeps_old_copies:
        drop_old_copies(path)
        if is_empty:
            forget(unit.connection, LEFT)
            unit.commit()
