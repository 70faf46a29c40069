"""Rows found in the pages of a file whose trees may be broken (sqlite.org/fileformat2.html)."""

from collections.abc import Iterator
from typing import NamedTuple

from stojnica.storage.pages import USABLE, Pages

TABLE_LEAF, INDEX_INNER, INDEX_LEAF = 0x0D, 0x02, 0x0A
MAX_COLUMNS = 64
Value = int | float | str | bytes | None
_INTEGER_BYTES = {1: 1, 2: 2, 3: 3, 4: 4, 5: 6, 6: 8}


class Row(NamedTuple):
    """Hold the values of one row; `is_table` tells a row of a table with row numbers from an index entry."""

    is_table: bool
    values: tuple[Value, ...]


class _Cut(Exception):  # noqa: N818 - an answer within this file, not an error of anybody's
    """A row goes on in a page that isn't whole."""


def rows_in(pages: Pages) -> Iterator[Row]:
    """Give every row that can be read whole; the trees above it don't matter."""
    for number, page in pages.whole.items():
        start = 100 if number == 1 else 0
        kind = page[start]
        if kind not in (TABLE_LEAF, INDEX_LEAF, INDEX_INNER):
            continue
        head = start + (12 if kind == INDEX_INNER else 8)
        cells = int.from_bytes(page[start + 3 : start + 5], "big")
        for place in range(min(cells, (USABLE - head) // 2)):
            at = int.from_bytes(page[head + 2 * place : head + 2 * place + 2], "big")
            try:
                yield Row(kind == TABLE_LEAF, _record(_payload(pages, page, at, kind)))
            except (_Cut, IndexError, ValueError):
                continue


def _payload(pages: Pages, page: bytes, at: int, kind: int) -> bytes:
    if kind == INDEX_INNER:
        at += 4
    size, at = _varint(page, at)
    if kind == TABLE_LEAF:
        _row_number, at = _varint(page, at)
    most = USABLE - 35 if kind == TABLE_LEAF else (USABLE - 12) * 64 // 255 - 23
    if size <= most:
        return page[at : at + size]
    least = (USABLE - 12) * 32 // 255 - 23
    here = least + (size - least) % (USABLE - 4)
    if here > most:
        here = least
    body = bytearray(page[at : at + here])
    following = int.from_bytes(page[at + here : at + here + 4], "big")
    while following and len(body) < size:
        more = pages.whole.get(following)
        if more is None:
            raise _Cut
        body += more[4 : min(USABLE, 4 + size - len(body))]
        following = int.from_bytes(more[:4], "big")
    if len(body) != size:
        raise _Cut
    return bytes(body)


def _record(payload: bytes) -> tuple[Value, ...]:
    head_size, at = _varint(payload, 0)
    kinds: list[int] = []
    while at < head_size and len(kinds) <= MAX_COLUMNS:
        kind, at = _varint(payload, at)
        kinds.append(kind)
    at = head_size
    values: list[Value] = []
    for kind in kinds:
        size = _size(kind)
        raw = payload[at : at + size]
        if len(raw) != size:
            raise ValueError("short")
        values.append(_value(kind, raw))
        at += size
    return tuple(values)


def _size(kind: int) -> int:
    if kind >= 12:
        return (kind - 12) // 2
    return 8 if kind == 7 else _INTEGER_BYTES.get(kind, 0)


def _value(kind: int, raw: bytes) -> Value:
    if kind >= 12:
        return raw.decode() if kind % 2 else raw
    if kind in _INTEGER_BYTES:
        return int.from_bytes(raw, "big", signed=True)
    return {8: 0, 9: 1}.get(kind)


def _varint(data: bytes, at: int) -> tuple[int, int]:
    value = 0
    for place in range(9):
        byte = data[at + place]
        if place == 8:
            return (value << 8) | byte, at + 9
        value = (value << 7) | (byte & 0x7F)
        if not byte & 0x80:
            return value, at + place + 1
    raise ValueError("varint")
