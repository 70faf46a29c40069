"""A typeface of reportlab whose long tables are read at once; reportlab itself reads them number by number.

Source: OpenType specification 1.9, tables cmap, hmtx and loca.
"""

import struct
from collections.abc import Iterator, Mapping
from functools import lru_cache
from weakref import WeakKeyDictionary

from reportlab.pdfbase.ttfonts import TTEncoding, TTFError, TTFont, TTFontFace

_SPACE, _NO_BREAK_SPACE = 0x20, 0xA0
_PDF_UNITS = 1000
_SEGMENTS, _GROUPS = 4, 12  # Formats of a cmap.
_UNICODE = ((3, 10), (3, 1))  # Windows, all of Unicode or its first plane: the larger one counts.


class QuickFont(TTFont):  # type: ignore[misc] # reportlab has no types.
    """Serve as reportlab's own font does, coding characters as they come, not as ASCII."""

    def __init__(self, name: str, file: str) -> None:
        # As in reportlab, which would make a face of its own.
        self.fontName = name
        self.face = _QuickFace(file)
        self.encoding = TTEncoding()
        self.state: WeakKeyDictionary[object, object] = WeakKeyDictionary()
        self._asciiReadable = False
        self.shapable = True


class _QuickFace(TTFontFace):  # type: ignore[misc] # reportlab has no types.
    def extractInfo(self, _wants_characters: int = 1) -> None:  # noqa: N802 - reportlab's name
        """Read the short tables as reportlab does, and the long ones at once."""
        super().extractInfo(0)
        self.data = data = bytes(self._ttf_data)
        start, length = self.get_table_pos("cmap")
        self.charToGlyph = dict(_characters(data[start : start + length]))
        self._read_widths(data)
        is_long = self._number("head", 50)
        start, count = self.get_table_pos("loca")[0], self.numGlyphs + 1
        places = struct.unpack_from(f">{count}{'L' if is_long else 'H'}", data, start)
        self.glyphPos = list(places) if is_long else [place << 1 for place in places]
        glyphs, widths = self.charToGlyph, self.charWidths
        glyphs[_NO_BREAK_SPACE], widths[_NO_BREAK_SPACE] = glyphs[_SPACE], widths[_SPACE]

    def _read_widths(self, data: bytes) -> None:
        """Read advance and side bearing of each glyph; the last advance holds for those that have none."""
        start, count = self.get_table_pos("hmtx")[0], self._number("hhea", 34)
        pairs = struct.unpack_from(f">{2 * count}H", data, start)
        others = self.numGlyphs - count
        advances = (*pairs[::2], *(pairs[-2],) * others)
        bearings = (*pairs[1::2], *struct.unpack_from(f">{others}H", data, start + 4 * count))
        self.hmetrics = list(zip(advances, bearings, strict=True))
        widths = advances if self.unitsPerEm == _PDF_UNITS else tuple(map(self._pdfScale, advances))
        self.defaultWidth = widths[0]
        glyphs = self.charToGlyph
        self.charWidths = dict(zip(glyphs, map(widths.__getitem__, glyphs.values()), strict=True))

    def _number(self, table: str, place: int) -> int:
        return int(self.get_ushort(self.get_table_pos(table)[0] + place))


@lru_cache(maxsize=1)
def _characters(data: bytes) -> Mapping[int, int]:
    """Give the number of each character's glyph; faces of one family share their table."""
    count = struct.unpack_from(">H", data, 2)[0]
    records = (struct.unpack_from(">HHL", data, 4 + 8 * number) for number in range(count))
    tables = {(platform, encoding): offset for platform, encoding, offset in records}
    chosen = next((tables[kind] for kind in _UNICODE if kind in tables), None)
    kind = None if chosen is None else struct.unpack_from(">H", data, chosen)[0]
    if chosen is not None and kind == _GROUPS:
        return _groups(data, chosen)
    if chosen is not None and kind == _SEGMENTS:
        return dict(_segments(data, chosen))
    raise TTFError(f"cmap {kind}")


def _groups(data: bytes, start: int) -> dict[int, int]:
    count = struct.unpack_from(">L", data, start + 12)[0]
    found: dict[int, int] = {}
    for first, last, glyph in struct.iter_unpack(">LLL", data[start + 16 : start + 16 + 12 * count]):
        if first == last:
            found[first] = glyph
        else:
            found.update(zip(range(first, last + 1), range(glyph, glyph + last - first + 1), strict=True))
    return found


def _segments(data: bytes, start: int) -> Iterator[tuple[int, int]]:
    length = struct.unpack_from(">H", data, start + 2)[0]
    numbers = struct.unpack_from(f">{length // 2}H", data, start)
    count = numbers[3] // 2
    lasts, firsts, moves, ranges = (7, 8 + count, 8 + 2 * count, 8 + 3 * count)
    for place in range(count):
        first, last = numbers[firsts + place], numbers[lasts + place]
        move, inside = numbers[moves + place], numbers[ranges + place]
        for code in range(first, last + 1):
            if not inside:
                yield code, (code + move) & 0xFFFF
                continue
            # The distance is counted from where it stands; beyond the table there is no glyph.
            where = ranges + place + inside // 2 + code - first
            glyph = numbers[where] if where < len(numbers) else 0
            yield code, (glyph + move) & 0xFFFF if glyph else 0
