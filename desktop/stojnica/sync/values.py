"""Values as PostgreSQL sends them in binary, read with every length checked.

psycopg's own readers trust the server: an array that claims more members than it has ends the whole program.
"""

import struct
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, cast
from uuid import UUID

from psycopg.pq import Format
from psycopg.pq.abc import PGresult

from stojnica.sync.faults import nonsense

MAX_ROWS = 60_000
_MAX_MEMBERS = 10_000
_ARRAY = struct.Struct("!iiI")
_DIMENSION = struct.Struct("!ii")
_LENGTH = struct.Struct("!i")
# The first moment of the year 9999, in µs: what comes later may be no date in some time zone.
_END_OF_TIME_US = 253_370_764_800_000_000


@dataclass(frozen=True, slots=True)
class Column:
    """Say how a value is read, and whether there may be none."""

    read: Callable[[bytes], Any]
    may_be_null: bool = False


def rows_of(result: PGresult, shape: Sequence[Column]) -> list[tuple[Any, ...]]:
    """Read a result whose columns have this shape.

    Raises:
        SyncError: it has another shape, or too many rows.
    """
    count = result.ntuples
    if count > MAX_ROWS:
        raise nonsense("rows")
    if result.nfields != len(shape) or any(result.fformat(at) != Format.BINARY for at in range(len(shape))):
        raise nonsense("columns")
    value_at = result.get_value
    columns = []
    try:
        for at, column in enumerate(shape):
            columns.append(_read(column, [value_at(row, at) for row in range(count)]))
    except ValueError as error:
        raise nonsense("types") from error
    return list(zip(*columns, strict=True))


def _read(column: Column, raw: list[bytes | None]) -> list[Any]:
    read = column.read
    if None not in raw:
        return [read(value) for value in cast("list[bytes]", raw)]
    if not column.may_be_null:
        raise ValueError("null")
    return [None if value is None else read(value) for value in raw]


def _number(raw: bytes) -> int:
    if len(raw) not in (4, 8):
        raise ValueError("number")
    return int.from_bytes(raw, "big", signed=True)


def _instant(raw: bytes) -> int:
    value = _number(raw)
    if not 0 <= value < _END_OF_TIME_US:
        raise ValueError("instant")
    return value


def _members(raw: bytes) -> list[bytes]:
    try:
        return list(_split(raw))
    except struct.error as error:
        raise ValueError("array") from error


def _split(raw: bytes) -> Iterator[bytes]:
    """Give the members of an array of one dimension, none of them NULL."""
    dimensions, _has_null, _kind = _ARRAY.unpack_from(raw)
    if dimensions == 0:
        return
    count, _lower = _DIMENSION.unpack_from(raw, _ARRAY.size)
    if dimensions != 1 or not 0 <= count <= _MAX_MEMBERS:
        raise ValueError("array")
    at = _ARRAY.size + _DIMENSION.size
    for _place in range(count):
        (length,) = _LENGTH.unpack_from(raw, at)
        at += _LENGTH.size
        if length < 0 or at + length > len(raw):
            raise ValueError("array")
        yield raw[at : at + length]
        at += length


OCTETS = Column(bytes)
TEXT = Column(bytes.decode)
NUMBER = Column(_number)
INSTANT = Column(_instant)
ID = Column(lambda raw: UUID(bytes=raw))
SEVERAL_IDS = Column(lambda raw: tuple(UUID(bytes=one) for one in _members(raw)))
SEVERAL_OCTETS = Column(lambda raw: tuple(_members(raw)))
SEVERAL_TEXTS = Column(lambda raw: tuple(map(bytes.decode, _members(raw))))
SEVERAL_NUMBERS = Column(lambda raw: tuple(map(_number, _members(raw))))


def or_null(column: Column) -> Column:
    """Give the same column, in which there may be no value."""
    return Column(column.read, may_be_null=True)
