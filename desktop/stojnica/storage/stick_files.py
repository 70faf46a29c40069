"""Files that this laptop wrote to sticks, and what is in them, until the office's receipt comes back."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from stojnica.domain.erasure import ERASED
from stojnica.storage.memory import recall, recall_body, remember, value_of
from stojnica.storage.proof_times import note_untimed
from stojnica.storage.tables import PROVEN, SETTING

Key = tuple[UUID, bytes]
MAX_RANGES = 5_000
MAX_ERASED = 5_000
MAX_KNOWN = 50
_NAMED = "stick_file:"


class SeqRange(NamedTuple):
    """Name facts of one life of the file, from `first` to `last`."""

    incarnation: UUID
    first: int
    last: int


def seq_ranges(seqs: Mapping[bytes, Iterable[int]]) -> tuple[SeqRange, ...]:
    """Name facts by as few ranges as there are; `seqs` has at least one number of each life."""
    found: list[SeqRange] = []
    for incarnation, numbers in sorted(seqs.items()):
        life, ordered = UUID(bytes=incarnation), sorted(numbers)
        first = last = ordered[0]
        for seq in ordered[1:]:
            if seq > last + 1:
                found.append(SeqRange(life, first, last))
                first = seq
            last = seq
        found.append(SeqRange(life, first, last))
    return tuple(found)


@dataclass(frozen=True, slots=True)
class StickFile:
    """Hold one file; `digest` stands for all facts in it. `made_at` is µs UTC of this laptop's clock.

    `erased` is how many stubs it told of; `erased_ranges` name them, and `erased_digest` stands for them.
    """

    file_id: UUID
    name: str
    made_at: int
    facts: int
    contacts: int
    digest: bytes
    ranges: tuple[SeqRange, ...]
    is_received: bool = False
    erased: int = 0
    erased_digest: bytes = b""
    erased_ranges: tuple[SeqRange, ...] = ()


# Columns of `fact` as the driver gives them: id, hash, subject, event, incarnation, seq, instant, kind, body.
RawFact = tuple[bytes, bytes, bytes, bytes | None, bytes, int, int, str, bytes]
# Id, hash, incarnation, seq and the size of the body: no body is read yet.
Chosen = tuple[bytes, bytes, bytes, int, int]
_WHOLE = (
    "fact.fact_id, fact.content_hash, fact.subject_id, fact.event_id, fact.incarnation, fact.seq,"
    " fact.captured_at, fact.kind, fact.body"
)
_SIZES = "fact.fact_id, fact.content_hash, fact.incarnation, fact.seq, length(fact.body)"
_PIECE = 500


def few_facts(
    connection: Connection, branch_id: UUID, *, is_all: bool, max_bytes: int, max_facts: int
) -> list[RawFact] | None:
    """Give what isn't proven, or everything, whole and sorted by id; `None` if it is more than so much."""
    rows = _rows(connection, _chosen(_WHOLE, is_all=is_all), (branch_id.bytes,))
    found: list[RawFact] = []
    size = 0
    for row in rows:
        size += len(row[8])
        if size > max_bytes or len(found) == max_facts:
            return None
        found.append(row)
    # They come nearly in order; SQLite would copy each body once more to sort them. No two have the same id
    # and hash, so nothing behind these is compared.
    found.sort()
    return found


def chosen_facts(connection: Connection, branch_id: UUID, *, is_all: bool) -> Iterator[Chosen]:
    """Give what isn't proven, or everything, sorted by id; changes nothing."""
    statement = _chosen(_SIZES, is_all=is_all) + " ORDER BY delivery.fact_id, delivery.content_hash"
    return _rows(connection, statement, (branch_id.bytes,))


def _chosen(columns: str, *, is_all: bool) -> str:
    # Left to itself, SQLite begins with every fact of the branch and asks of each whether it waits; the
    # partial index counts only when the query says its condition word for word.
    index, condition = (
        ("", "") if is_all else (" INDEXED BY ix_delivery_open", " WHERE delivery.state <> 'proven'")
    )
    return (
        f"SELECT {columns} FROM delivery{index} CROSS JOIN fact ON fact.branch_id = ?"
        f" AND fact.fact_id = delivery.fact_id AND fact.content_hash = delivery.content_hash{condition}"
    )


def contacts_among(connection: Connection, branch_id: UUID, subjects: Iterable[bytes]) -> int:
    """Count the contacts that aren't voided among these subjects."""
    found, rest = 0, list(subjects)
    for at in range(0, len(rest), _PIECE):
        asked = rest[at : at + _PIECE]
        places = ",".join("?" * len(asked))
        [(count,)] = _rows(
            connection,
            f"SELECT count(*) FROM signup WHERE branch_id = ? AND is_voided = 0 AND subject_id IN ({places})",
            (branch_id.bytes, *asked),
        )
        found += count
    return found


def raw_facts(connection: Connection, branch_id: UUID, fact_ids: Sequence[bytes]) -> list[RawFact]:
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


def are_there(connection: Connection, branch_id: UUID, keys: Sequence[tuple[bytes, bytes]]) -> bool:
    """Tell whether facts still lie in the file, all of them (500 at most)."""
    places = ",".join("?" * len(keys))
    rows = _rows(
        connection,
        f"SELECT fact_id, content_hash FROM fact WHERE branch_id = ? AND fact_id IN ({places})",
        (branch_id.bytes, *(fact_id for fact_id, _hash in keys)),
    )
    return set(keys) <= set(rows)


def stubs(connection: Connection) -> int:
    """Count what is gone: while it stays the same, no fact that was there has gone."""
    [(count,)] = _rows(connection, "SELECT count(*) FROM stub")
    return int(count)


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


def prove_by_receipt(connection: Connection, keys: Sequence[Key], file_id: UUID, *, reason: str = "") -> None:
    """Call these facts proven, in a session that goes by the file's id; those that are stay as they are.

    What was erased since is still to be told to the centre, whatever it had before; `reason` is for what the
    receipt says of erased facts themselves.
    """
    note_untimed(connection, file_id)
    connection.exec_driver_sql(
        "UPDATE delivery SET state = ?, proven_in = ?, reason = ?"
        " WHERE fact_id = ? AND content_hash = ? AND state <> 'proven' AND (reason <> ? OR ? = reason)",
        [
            (PROVEN, file_id.bytes, reason, fact_id.bytes, content_hash, ERASED, reason)
            for fact_id, content_hash in keys
        ],
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
            "ranges": _written_ranges(item.ranges),
            "is_received": item.is_received,
            "erased": item.erased,
            "erased_digest": item.erased_digest.hex(),
            "erased_ranges": _written_ranges(item.erased_ranges),
        },
    )
    for old in stick_files(connection)[MAX_KNOWN:]:
        forget_stick_file(connection, old.file_id)


def stick_file(connection: Connection, file_id: UUID) -> StickFile | None:
    """Give one file, if it is remembered."""
    raw = recall(connection, _NAMED + file_id.hex)
    return None if raw is None else _read(file_id, raw)


def is_stick_file_known(connection: Connection, file_id: UUID) -> bool:
    """Tell whether one is remembered, without reading what may be ten thousand ranges."""
    return recall_body(connection, _NAMED + file_id.hex) is not None


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
        ranges=_read_ranges(raw["ranges"]),
        is_received=raw["is_received"],
        # Files of before stubs were told have none.
        erased=raw.get("erased", 0),
        erased_digest=bytes.fromhex(raw.get("erased_digest", "")),
        erased_ranges=_read_ranges(raw.get("erased_ranges", [])),
    )


def _written_ranges(ranges: Iterable[SeqRange]) -> list[list[Any]]:
    return [[one.incarnation.hex, one.first, one.last] for one in ranges]


def _read_ranges(raw: Iterable[Any]) -> tuple[SeqRange, ...]:
    return tuple(SeqRange(UUID(hex=one[0]), one[1], one[2]) for one in raw)
