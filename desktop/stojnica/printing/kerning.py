"""How pairs of letters move together: the kerning of a typeface, read from its GPOS table.

Source: OpenType specification 1.9, "GPOS – Glyph Positioning Table", lookup types 2 and 9.
"""

import struct
from collections.abc import Iterator, Mapping

_PAIRS, _EXTENSION = 2, 9
_X_ADVANCE = 0x0004


class Kerning:
    """Answer by how much the second glyph of a pair moves; made from a face's file, read-only after."""

    def __init__(self, font: bytes, glyph_of: Mapping[int, int]) -> None:
        self._glyph_of = glyph_of
        self._units, gpos = _tables(font)
        self._lookups = [list(_pair_tables(gpos, lookup)) for lookup in _kern_lookups(gpos)] if gpos else []
        self._known: dict[tuple[str, str], float] = {}

    def between(self, first: str, second: str) -> float:
        """Give the move in parts of the type size; negative is nearer."""
        pair = (first, second)
        if pair not in self._known:
            left, right = (self._glyph_of.get(ord(character), 0) for character in pair)
            moves = (self._move(tables, left, right) for tables in self._lookups)
            self._known[pair] = sum(moves) / self._units if left and right else 0.0
        return self._known[pair]

    @staticmethod
    def _move(tables: "list[_SinglePairs | _ClassPairs]", left: int, right: int) -> int:
        """Take the first table of a lookup that knows the pair, as the specification asks."""
        for table in tables:
            move = table.move(left, right)
            if move is not None:
                return move
        return 0


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


def _coverage(data: bytes, start: int) -> dict[int, int]:
    form, count = _u16(data, start), _u16(data, start + 2)
    if form == 1:
        return {_u16(data, start + 4 + 2 * number): number for number in range(count)}
    covered = {}
    for number in range(count):
        first, last, index = struct.unpack_from(">HHH", data, start + 4 + 6 * number)
        covered.update({glyph: index + glyph - first for glyph in range(first, last + 1)})
    return covered


def _classes(data: bytes, start: int) -> dict[int, int]:
    if _u16(data, start) == 1:
        first, count = _u16(data, start + 2), _u16(data, start + 4)
        return {first + number: _u16(data, start + 6 + 2 * number) for number in range(count)}
    found = {}
    for number in range(_u16(data, start + 2)):
        first, last, name = struct.unpack_from(">HHH", data, start + 4 + 6 * number)
        found.update(dict.fromkeys(range(first, last + 1), name))
    return found


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

    def value(self, record: int) -> int:
        return 0 if self.advance is None else _i16(self.data, record + self.advance)


class _SinglePairs(_Pairs):
    """Format 1: each pair of glyphs has its own value."""

    def move(self, left: int, right: int) -> int | None:
        index = self.coverage.get(left)
        if index is None:
            return None
        pairs = self.start + _u16(self.data, self.start + 10 + 2 * index)
        for number in range(_u16(self.data, pairs)):
            record = pairs + 2 + number * (2 + self.values)
            if _u16(self.data, record) == right:
                return self.value(record + 2)
        return None


class _ClassPairs(_Pairs):
    """Format 2: classes of glyphs share a value."""

    def __init__(self, data: bytes, start: int) -> None:
        super().__init__(data, start)
        self.left = _classes(data, start + _u16(data, start + 8))
        self.right = _classes(data, start + _u16(data, start + 10))
        self.right_count = _u16(data, start + 14)

    def move(self, left: int, right: int) -> int | None:
        if left not in self.coverage:
            return None
        cell = self.left.get(left, 0) * self.right_count + self.right.get(right, 0)
        return self.value(self.start + 16 + cell * self.values)
