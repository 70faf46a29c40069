"""A plain sheet of A4 for a person who asks what is kept: as many pages as it needs."""

import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas

from stojnica.printing.fonts import PRESS, REGULAR, SEMIBOLD, UNPRINTABLE, missing_characters, register_fonts
from stojnica.printing.typesetting import POINTS_PER_MM, TextStyle, break_held, break_lines

PAGE_MM = (210.0, 297.0)
_MARGIN = 22 * POINTS_PER_MM
_LABEL = 45 * POINTS_PER_MM
_WIDTH = A4[0] - 2 * _MARGIN
_INK, _SOFT = (0.106, 0.165, 0.2), (0.357, 0.42, 0.455)
_MOST_PAGES = 100


@dataclass(frozen=True, slots=True)
class SheetLine:
    """Hold one line: with a label it stands in two columns; `is_strong` begins, `is_soft` explains."""

    text: str
    label: str = ""
    is_soft: bool = False
    is_strong: bool = False


@dataclass(frozen=True, slots=True)
class SheetPart:
    """Hold a heading and what is below it."""

    heading: str
    lines: tuple[SheetLine, ...]


@dataclass(frozen=True, slots=True)
class Sheet:
    """Hold the whole sheet; `foot` stands on each page."""

    title: str
    parts: tuple[SheetPart, ...]
    foot: str = ""
    note_if_unprintable: str = ""
    language: str = "sl"


def about_pdf(sheet: Sheet) -> bytes:
    """Set a sheet; letters that can't be printed are boxes, and then the note says so. Any text is set."""
    with PRESS:
        register_fonts()
        printable = _printable(sheet)
        target = io.BytesIO()
        canvas = Canvas(target, pagesize=A4, initialFontName=REGULAR, lang=sheet.language, invariant=True)
        canvas.setTitle(printable.title)
        canvas.setCreator("Stojnica")
        _Pages(canvas, printable.foot).draw(printable)
        canvas.save()
        return target.getvalue()


class _Pages:
    def __init__(self, canvas: Canvas, foot: str) -> None:
        self._canvas = canvas
        self._foot = foot
        self._page = 1
        self._y = A4[1] - _MARGIN

    def draw(self, sheet: Sheet) -> None:
        self._text(sheet.title, SEMIBOLD, 18, gap=6)
        for part in sheet.parts:
            self._room(60)
            self._y -= 12
            self._text(part.heading, SEMIBOLD, 11.5, gap=3)
            for line in part.lines:
                self._line(line)
        self._end()

    def _line(self, line: SheetLine) -> None:
        if not line.label:
            self._y -= 4 if line.is_strong else 0
            face = SEMIBOLD if line.is_strong else REGULAR
            self._text(line.text, face, 9 if line.is_soft else 10, gap=2, is_soft=line.is_soft)
            return
        top = self._y
        labels = _broken(line.label, REGULAR, 10, _LABEL - 8)
        texts = _broken(line.text, REGULAR, 10, _WIDTH - _LABEL)
        self._room(14 * min(max(len(labels), len(texts)), 4))
        top = self._y
        for row, text in enumerate(labels):
            self._put(text, REGULAR, 10, _MARGIN, top - 14 * row - 10, is_soft=True)
        for text in texts:
            self._room(14)
            self._put(text, REGULAR, 10, _MARGIN + _LABEL, self._y - 10)
            self._y -= 14
        self._y = min(self._y, top - 14 * len(labels)) - 2

    def _text(self, text: str, face: str, size: float, *, gap: float, is_soft: bool = False) -> None:
        for line in _broken(text, face, size, _WIDTH):
            self._room(size * 1.4)
            self._put(line, face, size, _MARGIN, self._y - size, is_soft=is_soft)
            self._y -= size * 1.4
        self._y -= gap

    def _put(self, text: str, face: str, size: float, x: float, y: float, *, is_soft: bool = False) -> None:
        self._canvas.setFont(face, size)
        self._canvas.setFillColorRGB(*(_SOFT if is_soft else _INK))
        self._canvas.drawString(x, y, text)

    def _room(self, height: float) -> None:
        if self._y - height < _MARGIN + 14 and self._page < _MOST_PAGES:
            self._end()
            self._canvas.showPage()
            self._page += 1
            self._y = A4[1] - _MARGIN

    def _end(self) -> None:
        self._put(self._foot, REGULAR, 8.5, _MARGIN, _MARGIN - 14, is_soft=True)
        number = str(self._page)
        self._put(number, REGULAR, 8.5, A4[0] - _MARGIN - 6 * len(number), _MARGIN - 14, is_soft=True)


def _broken(text: str, face: str, size: float, width: float) -> list[str]:
    """Break into lines; a word that is wider than the line, such as a long address, breaks anywhere."""
    style = TextStyle(face, "", size, size)
    lines: list[str] = []
    for line in text.split("\n"):
        broken = break_held(line, style, size, width)
        lines += broken if broken is not None else list(_cut(line, style, size, width))
    return lines


def _cut(text: str, style: TextStyle, size: float, width: float) -> Iterator[str]:
    rest = text
    while rest:
        end = 1
        while end < len(rest) and break_lines(rest[: end + 1].replace(" ", "\u00a0"), style, size, width):
            end += 1
        yield rest[:end].strip()
        rest = rest[end:]


def _printable(sheet: Sheet) -> Sheet:
    texts = [sheet.title, sheet.foot]
    texts += [part.heading for part in sheet.parts]
    texts += [words for part in sheet.parts for line in part.lines for words in (line.text, line.label)]
    missing = missing_characters("\n".join(texts))
    if not missing:
        return sheet
    table = str.maketrans(dict.fromkeys(missing, UNPRINTABLE))

    def cleaned(lines: Sequence[SheetLine]) -> tuple[SheetLine, ...]:
        return tuple(
            replace(line, text=line.text.translate(table), label=line.label.translate(table))
            for line in lines
        )

    parts = [SheetPart(part.heading.translate(table), cleaned(part.lines)) for part in sheet.parts]
    parts.append(SheetPart("", (SheetLine(sheet.note_if_unprintable, is_soft=True),)))
    return replace(sheet, title=sheet.title.translate(table), parts=tuple(parts))
