"""When the centre proved what: by its own clock, session by session. The laptop's clock decides no purge."""

from typing import NamedTuple
from uuid import UUID

from sqlalchemy.engine import Connection

from stojnica.storage.memory import forget, recall, remember, value_of

NEWEST = "newest_proof"
UNTIMED = "proofs_untimed"
_AT = "proof_at:"


class NewestProof(NamedTuple):
    """Name the session whose whole proof came last; `at` is the centre's µs UTC."""

    session: UUID
    at: int


def note_begun(connection: Connection, session: UUID, at: int) -> None:
    """Note the centre's time of a proof, before any fact is called proven by it."""
    remember(connection, _AT + session.hex, at)


def note_ended(connection: Connection, session: UUID, at: int) -> None:
    """Note that this proof was of all that is held; what had no time of its own gets this one."""
    remember(connection, NEWEST, [session.hex, at])
    for name in recall(connection, UNTIMED, []):
        remember(connection, _AT + name, at)
    forget(connection, UNTIMED)


def note_untimed(connection: Connection, session: UUID) -> None:
    """Note a proof that came without a time, on a stick: its days begin with the next proof over a line."""
    kept = recall(connection, UNTIMED, [])
    if session.hex not in kept and recall(connection, _AT + session.hex) is None:
        remember(connection, UNTIMED, [*kept, session.hex])


def newest_proof(connection: Connection) -> NewestProof | None:
    """Give the last proof of all that is held, over a line; the last that came, whatever its time."""
    kept = recall(connection, NEWEST)
    return None if kept is None else NewestProof(UUID(hex=kept[0]), kept[1])


def proof_times(connection: Connection) -> dict[UUID, int]:
    """Give the centre's time of each proof that is known to have one."""
    rows = connection.exec_driver_sql(
        "SELECT name, value FROM setting WHERE name >= ? AND name < ?", (_AT, _AT + "~")
    )
    return {UUID(hex=row[0][len(_AT) :]): value_of(row[1]) for row in rows}


def proof_time(connection: Connection, session: UUID) -> int | None:
    """Give the centre's time of one proof."""
    kept: int | None = recall(connection, _AT + session.hex)
    return kept
