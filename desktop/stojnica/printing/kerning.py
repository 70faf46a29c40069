"""How pairs of letters move together: the kerning of a typeface, read from its GPOS table.

Source: OpenType specification 1.9, "GPOS – Glyph Positioning Table", lookup types 2 and 9.
"""

import struct
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property

_PAIRS, _EXTENSION = 2, 9
_X_ADVANCE = 0x0004


class Kerning:
    """Answer by how much the second glyph of a pair moves; made from a face's file, read-only after."""

    def __init__(self, font: bytes, glyph_of: Mapping[int, int]) -> None:
        self._glyph_of = glyph_of
        self._units, gpos = _tables(font)
        self._lookups = [list(_pair_tables(gpos, lookup)) for lookup in _kern_lookups(gpos)] if gpos else []
        self._begun: dict[int, list[list[_SinglePairs | _ClassPairs]]] = {}
        self._known: dict[tuple[str, str], float] = {}

    def between(self, first: str, second: str) -> float:
        """Give the move in parts of the type size; negative is nearer."""
        pair = (first, second)
        known = self._known.get(pair)
        if known is None:
            left, right = self._glyph_of.get(ord(first), 0), self._glyph_of.get(ord(second), 0)
            known = self._move(left, right) / self._units if left and right else 0.0
            self._known[pair] = known
        return known

    def _move(self, left: int, right: int) -> int:
        """Add up the lookups: of each, the first table that knows the pair, as the specification asks."""
        begun = self._begun.get(left)
        if begun is None:
            begun = [
                [table for table in tables if table.coverage.get(left) is not None]
                for tables in self._lookups
            ]
            self._begun[left] = begun
        whole = 0
        for tables in begun:
            moves = (table.move(left, right) for table in tables)
            whole += next((move for move in moves if move is not None), 0)
        return whole


def _u16(data: bytes, at: int) -> int:
    return int(struct.unpack_from(">H", data, at)[0])


def _i16(data: bytes, at: int) -> int:
    return int(struct.unpack_from(">h", data, at)[0])


def _tables(font: bytes) -> tuple[int, bytes]:
    units, gpos = 1000, b""
    for number in range(_u16(font, 4)):
        tag, _checksum, start, length = struct.unpack_from(">4sLLL", font, 12 + 16 * number)
        if tag == b"head":
            units = _u16(font, start + 18)
        elif tag == b"GPOS":
            gpos = font[start : start + length]
    return units, gpos


def _kern_lookups(gpos: bytes) -> list[int]:
    """Give the offsets of the lookups of all ``kern`` features, in the font's order."""
    features, lookups = _u16(gpos, 6), _u16(gpos, 8)
    wanted: set[int] = set()
    for number in range(_u16(gpos, features)):
        record = features + 2 + 6 * number
        if gpos[record : record + 4] == b"kern":
            feature = features + _u16(gpos, record + 4)
            wanted.update(_u16(gpos, feature + 4 + 2 * n) for n in range(_u16(gpos, feature + 2)))
    return [lookups + _u16(gpos, lookups + 2 + 2 * number) for number in sorted(wanted)]


def _pair_tables(gpos: bytes, lookup: int) -> "Iterator[_SinglePairs | _ClassPairs]":
    kind = _u16(gpos, lookup)
    for number in range(_u16(gpos, lookup + 4)):
        start = lookup + _u16(gpos, lookup + 6 + 2 * number)
        actual = kind
        if kind == _EXTENSION:
            actual = _u16(gpos, start + 2)
            start += int(struct.unpack_from(">L", gpos, start + 4)[0])
        if actual == _PAIRS:
            yield _SinglePairs(gpos, start) if _u16(gpos, start) == 1 else _ClassPairs(gpos, start)


class _Ranges:
    """Ranges of glyphs in rising order, each with a number: searched in the file's order, not unpacked."""

    def __init__(
        self, firsts: Sequence[int], lasts: Sequence[int], numbers: Sequence[int], *, is_rising: bool
    ) -> None:
        self._firsts = firsts
        self._lasts = lasts
        self._numbers = numbers
        self._is_rising = is_rising

    def get(self, glyph: int) -> int | None:
        """Give a glyph's number; in a coverage it rises within the range."""
        place = bisect_right(self._firsts, glyph) - 1
        if place < 0 or glyph > self._lasts[place]:
            return None
        return self._numbers[place] + (glyph - self._firsts[place] if self._is_rising else 0)


def _coverage(data: bytes, start: int) -> _Ranges:
    form, count = _u16(data, start), _u16(data, start + 2)
    if form == 1:
        glyphs = struct.unpack_from(f">{count}H", data, start + 4)
        return _Ranges(glyphs, glyphs, range(count), is_rising=True)
    return _ranges(data, start + 4, count, is_rising=True)


def _classes(data: bytes, start: int) -> _Ranges:
    if _u16(data, start) == 1:
        first, count = _u16(data, start + 2), _u16(data, start + 4)
        glyphs = range(first, first + count)
        return _Ranges(glyphs, glyphs, struct.unpack_from(f">{count}H", data, start + 6), is_rising=False)
    return _ranges(data, start + 4, _u16(data, start + 2), is_rising=False)


def _ranges(data: bytes, start: int, count: int, *, is_rising: bool) -> _Ranges:
    numbers = struct.unpack_from(f">{3 * count}H", data, start)
    return _Ranges(numbers[::3], numbers[1::3], numbers[2::3], is_rising=is_rising)


def _advance_in(formats: int) -> int | None:
    """Give where in a value record the advance is, in bytes; None when it has none."""
    if not formats & _X_ADVANCE:
        return None
    return 2 * (formats & (_X_ADVANCE - 1)).bit_count()


class _Pairs:
    def __init__(self, data: bytes, start: int) -> None:
        self.data = data
        self.start = start
        self.coverage = _coverage(data, start + _u16(data, start + 2))
        first, second = _u16(data, start + 4), _u16(data, start + 6)
        self.advance = _advance_in(first)
        self.values = 2 * (first.bit_count() + second.bit_count())

    def begins_with(self, glyph: int) -> bool:
        return self.coverage.get(glyph) is not None

    def value(self, record: int) -> int:
        return 0 if self.advance is None else _i16(self.data, record + self.advance)


class _SinglePairs(_Pairs):
    """Format 1: each pair of glyphs has its own value."""

    def move(self, left: int, right: int) -> int | None:
        index = self.coverage.get(left)
        if index is None:
            return None
        pairs = self.start + _u16(self.data, self.start + 10 + 2 * index)
        count, record = _u16(self.data, pairs), 2 + self.values
        seconds = struct.unpack_from(f">{count * record // 2}H", self.data, pairs + 2)[:: record // 2]
        place = bisect_left(seconds, right)
        if place == count or seconds[place] != right:
            return None
        return self.value(pairs + 2 + place * record + 2)


class _ClassPairs(_Pairs):
    """Format 2: classes of glyphs share a value."""

    def __init__(self, data: bytes, start: int) -> None:
        super().__init__(data, start)
        self.right_count = _u16(data, start + 14)

    # Read when they are asked for: a text in one script needs few of a face's tables.
    @cached_property
    def left(self) -> _Ranges:
        return _classes(self.data, self.start + _u16(self.data, self.start + 8))

    @cached_property
    def right(self) -> _Ranges:
        return _classes(self.data, self.start + _u16(self.data, self.start + 10))

    def move(self, left: int, right: int) -> int | None:
        if self.coverage.get(left) is None:
            return None
        cell = (self.left.get(left) or 0) * self.right_count + (self.right.get(right) or 0)
        return self.value(self.start + 16 + cell * self.values)
