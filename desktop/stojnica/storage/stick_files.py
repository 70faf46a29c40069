"""Files that this laptop wrote to sticks, and what is in them, until the office's receipt comes back."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from stojnica.domain.erasure import ERASED
from stojnica.storage.memory import recall, remember, value_of
from stojnica.storage.proof_times import note_untimed
from stojnica.storage.tables import PROVEN, SETTING

Key = tuple[UUID, bytes]
MAX_RANGES = 5_000
MAX_KNOWN = 50
_NAMED = "stick_file:"


class SeqRange(NamedTuple):
    """Name facts of one life of the file, from `first` to `last`."""

    incarnation: UUID
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class StickFile:
    """Hold one file; `digest` stands for all facts in it. `made_at` is µs UTC of this laptop's clock."""

    file_id: UUID
    name: str
    made_at: int
    facts: int
    contacts: int
    digest: bytes
    ranges: tuple[SeqRange, ...]
    is_received: bool = False


# Id, hash, incarnation, seq and the size of the body, as the driver gives them: no body is read yet.
Chosen = tuple[bytes, bytes, bytes, int, int]


def chosen_facts(connection: Connection, branch_id: UUID, *, is_all: bool) -> Iterator[Chosen]:
    """Give what isn't proven, or everything, sorted by id; changes nothing."""
    # SQLite takes the partial index only when the query says its condition word for word.
    condition = "" if is_all else " AND delivery.state <> 'proven'"
    return _rows(
        connection,
        "SELECT fact.fact_id, fact.content_hash, fact.incarnation, fact.seq, length(fact.body)"
        " FROM delivery JOIN fact ON fact.branch_id = ? AND fact.fact_id = delivery.fact_id"
        f" AND fact.content_hash = delivery.content_hash WHERE true{condition}"
        " ORDER BY delivery.fact_id, delivery.content_hash",
        (branch_id.bytes,),
    )


def raw_facts(connection: Connection, branch_id: UUID, fact_ids: Sequence[bytes]) -> list[Any]:
    """Give facts as they lie in the file, sorted by id; all that have one of these ids (500 at most)."""
    places = ",".join("?" * len(fact_ids))
    return list(
        _rows(
            connection,
            "SELECT fact_id, content_hash, subject_id, event_id, incarnation, seq, captured_at, kind, body"
            f" FROM fact WHERE branch_id = ? AND fact_id IN ({places}) ORDER BY fact_id, content_hash",
            (branch_id.bytes, *fact_ids),
        )
    )


def _rows(connection: Connection, statement: str, parameters: tuple[Any, ...] = ()) -> Iterator[Any]:
    # Straight from the driver: rows of SQLAlchemy's own cost more than reading them.
    driver = connection.connection.driver_connection
    assert driver is not None
    rows: Iterator[Any] = driver.execute(statement, parameters)
    return rows


def held_hashes(connection: Connection) -> list[bytes]:
    """Give the hash of every fact that this laptop holds or has held."""
    return [row[0] for row in _rows(connection, "SELECT content_hash FROM delivery")]


def facts_in(connection: Connection, branch_id: UUID, ranges: Iterable[SeqRange]) -> list[Key]:
    """Give the facts of these ranges, also of those whose bodies are gone since."""
    found: list[Key] = []
    for one in ranges:
        place = (branch_id.bytes, one.incarnation.bytes, one.first, one.last)
        where = "WHERE branch_id = ? AND incarnation = ? AND seq BETWEEN ? AND ?"
        rows = connection.exec_driver_sql(
            f"SELECT fact_id, content_hash FROM fact {where}"
            f" UNION ALL SELECT fact_id, content_hash FROM stub {where}",
            (*place, *place),
        )
        found += [(UUID(bytes=row[0]), row[1]) for row in rows]
    return found


def prove_by_receipt(connection: Connection, keys: Sequence[Key], file_id: UUID) -> None:
    """Call these facts proven, in a session that goes by the file's id; those that are stay as they are.

    What was erased since is still to be told to the centre, whatever it had before.
    """
    note_untimed(connection, file_id)
    connection.exec_driver_sql(
        "UPDATE delivery SET state = ?, proven_in = ?, reason = ''"
        " WHERE fact_id = ? AND content_hash = ? AND state <> 'proven' AND reason <> ?",
        [(PROVEN, file_id.bytes, fact_id.bytes, content_hash, ERASED) for fact_id, content_hash in keys],
    )


def keep_stick_file(connection: Connection, item: StickFile) -> None:
    """Remember a file; of the oldest beyond fifty no receipt is taken any more."""
    remember(
        connection,
        _NAMED + item.file_id.hex,
        {
            "name": item.name,
            "made_at": item.made_at,
            "facts": item.facts,
            "contacts": item.contacts,
            "digest": item.digest.hex(),
            "ranges": [[one.incarnation.hex, one.first, one.last] for one in item.ranges],
            "is_received": item.is_received,
        },
    )
    for old in stick_files(connection)[MAX_KNOWN:]:
        forget_stick_file(connection, old.file_id)


def stick_file(connection: Connection, file_id: UUID) -> StickFile | None:
    """Give one file, if it is remembered."""
    raw = recall(connection, _NAMED + file_id.hex)
    return None if raw is None else _read(file_id, raw)


def stick_files(connection: Connection) -> list[StickFile]:
    """Give all that are remembered, the newest first."""
    rows = connection.exec_driver_sql(
        "SELECT name, value FROM setting WHERE name >= ? AND name < ?", (_NAMED, _NAMED + "~")
    )
    found = [_read(UUID(hex=row[0][len(_NAMED) :]), value_of(row[1])) for row in rows]
    return sorted(found, key=lambda item: (item.made_at, item.file_id), reverse=True)


def forget_stick_file(connection: Connection, file_id: UUID) -> None:
    """Forget one."""
    connection.execute(sa.delete(SETTING).where(SETTING.c.name == _NAMED + file_id.hex))


def forget_stick_files(connection: Connection) -> None:
    """Forget all: the office isn't what it was, and no receipt from before counts any more."""
    connection.exec_driver_sql("DELETE FROM setting WHERE name >= ? AND name < ?", (_NAMED, _NAMED + "~"))


def _read(file_id: UUID, raw: Any) -> StickFile:
    return StickFile(
        file_id=file_id,
        name=raw["name"],
        made_at=raw["made_at"],
        facts=raw["facts"],
        contacts=raw["contacts"],
        digest=bytes.fromhex(raw["digest"]),
        ranges=tuple(SeqRange(UUID(hex=one[0]), one[1], one[2]) for one in raw["ranges"]),
        is_received=raw["is_received"],
    )
