"""A page of the team on A4: a coloured head, figures in a table, lists below; as many pages as it takes."""

import io
from collections.abc import Sequence
from dataclasses import dataclass, field

from reportlab.lib.colors import Color
from reportlab.pdfgen.canvas import Canvas

from stojnica.printing.colour import parse_colour
from stojnica.printing.fonts import (
    PRESS,
    REGULAR,
    SEMIBOLD,
    UNPRINTABLE,
    missing_characters,
    register_fonts,
    text_width,
)
from stojnica.printing.typesetting import POINTS_PER_MM, TextStyle, break_lines

PAPER_MM = (210.0, 297.0)
ACCENT = "#0B6E63"
_INK, _SOFT, _LINE = "#1B2A33", "#5B6B74", "#8A857B"
_WIDTH, _HEIGHT = PAPER_MM[0] * POINTS_PER_MM, PAPER_MM[1] * POINTS_PER_MM
_MARGIN = 18 * POINTS_PER_MM
_FOOT = 20 * POINTS_PER_MM
_HEAD = 34 * POINTS_PER_MM
_BODY, _SMALL, _TITLE, _HEADING, _FIGURE = 10.5, 9.0, 24.0, 13.0, 15.0
_LEADING = 1.4
_BOX = 3.2 * POINTS_PER_MM


@dataclass(frozen=True, slots=True)
class SheetLine:
    """Hold one line of a list; `is_done` None has no box in front."""

    text: str
    is_done: bool | None = None


@dataclass(frozen=True, slots=True)
class SheetList:
    """Hold a list with its heading; `nothing` is printed when it has no lines."""

    title: str
    lines: tuple[SheetLine, ...]
    nothing: str = "–"


@dataclass(frozen=True, slots=True)
class TeamSheet:
    """Hold what the page says: the first column of `rows` is in words, all others are numbers."""

    title: str
    subtitle: str
    organisation: str
    columns: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()
    lists: tuple[SheetList, ...] = ()
    foot: str = ""
    accent: str = ""
    language: str = field(default="sl")
    note_if_unprintable: str = ""


def make_team_sheet(sheet: TeamSheet) -> bytes:
    """Make the PDF. Safe from any thread, one document at a time.

    What no shipped face can print stands as a sign for it, and a note says so: a page for a handover is
    never refused.
    """
    with PRESS:
        register_fonts()
        pen = _Pen(sheet)
        pen.table()
        for item in sheet.lists:
            pen.list(item)
        pen.note()
        return pen.finish()


class _Pen:
    """Draw from the top down, and begin another page where one is full."""

    def __init__(self, sheet: TeamSheet) -> None:
        self._sheet = sheet
        self._target = io.BytesIO()
        self._accent = _ink(sheet.accent or ACCENT)
        self._canvas = Canvas(
            self._target,
            pagesize=(_WIDTH, _HEIGHT),
            initialFontName=REGULAR,
            pageCompression=1,
            lang=sheet.language,
            invariant=1,
        )
        self._canvas.setTitle(_printable(f"{sheet.title} · {sheet.organisation}"))
        self._canvas.setAuthor(_printable(sheet.organisation))
        self._canvas.setCreator("Stojnica")
        self._page = 1
        self._y = _HEIGHT
        self._head()

    def finish(self) -> bytes:
        self._foot()
        self._canvas.showPage()
        self._canvas.save()
        return self._target.getvalue()

    def table(self) -> None:
        sheet = self._sheet
        if not sheet.rows:
            return
        width = _WIDTH - 2 * _MARGIN
        first = width * 0.4
        each = (width - first) / max(len(sheet.columns) - 1, 1)
        edges = [_MARGIN + first + each * place for place in range(1, len(sheet.columns))]
        self._y -= _SMALL * _LEADING
        for edge, title in zip(edges, sheet.columns[1:], strict=True):
            self._write(title, edge, _SMALL, colour=_SOFT, is_right=True)
        self._rule(6)
        for row in sheet.rows:
            self._y -= _FIGURE * 1.55
            self._write(row[0], _MARGIN, _BODY)
            for edge, number in zip(edges, row[1:], strict=True):
                self._write(number, edge, _FIGURE, face=SEMIBOLD, is_right=True)
            self._rule(7)
        self._y -= 8

    def list(self, item: SheetList) -> None:
        self._need(_HEADING * 4)
        self._y -= _HEADING * 2.1
        self._write(item.title, _MARGIN, _HEADING, face=SEMIBOLD)
        self._y -= 5
        for line in item.lines or (SheetLine(item.nothing),):
            self._list_line(line)

    def note(self) -> None:
        """Say that something couldn't be printed."""
        sheet = self._sheet
        texts = [sheet.title, sheet.subtitle, sheet.organisation, sheet.foot]
        texts += [text for item in sheet.lists for text in (item.title, *(one.text for one in item.lines))]
        if sheet.note_if_unprintable and any(map(missing_characters, texts)):
            self._need(_SMALL * 3)
            self._y -= _SMALL * 3
            self._write(sheet.note_if_unprintable, _MARGIN, _SMALL, colour=_SOFT)

    def _list_line(self, line: SheetLine) -> None:
        indent = 0.0 if line.is_done is None else _BOX + 8
        parts = _broken(line.text, _WIDTH - 2 * _MARGIN - indent)
        self._need(_BODY * _LEADING * min(len(parts), 3))
        for place, part in enumerate(parts):
            self._need(_BODY * _LEADING)
            self._y -= _BODY * _LEADING
            if place == 0 and line.is_done is not None:
                self._box(is_ticked=line.is_done)
            colour = _SOFT if line.is_done else _INK
            self._write(part, _MARGIN + indent, _BODY, colour=colour)
        self._y -= 4

    def _box(self, *, is_ticked: bool) -> None:
        canvas, x, y = self._canvas, _MARGIN, self._y - 1.2
        canvas.setLineWidth(0.9)
        canvas.setStrokeColor(_ink(_LINE))
        canvas.roundRect(x, y, _BOX, _BOX, 1.6, stroke=1, fill=0)
        if is_ticked:
            canvas.setStrokeColor(self._accent)
            canvas.setLineWidth(1.4)
            tick = canvas.beginPath()
            tick.moveTo(x + _BOX * 0.22, y + _BOX * 0.52)
            tick.lineTo(x + _BOX * 0.42, y + _BOX * 0.28)
            tick.lineTo(x + _BOX * 0.8, y + _BOX * 0.76)
            canvas.drawPath(tick)

    def _head(self) -> None:
        canvas = self._canvas
        canvas.setFillColor(self._accent)
        inset = 5 * POINTS_PER_MM
        canvas.roundRect(inset, _HEIGHT - _HEAD, _WIDTH - 2 * inset, _HEAD - inset, 8, stroke=0, fill=1)
        self._y = _HEIGHT - inset - 13 * POINTS_PER_MM
        self._write(self._sheet.title, _MARGIN, _TITLE, face=SEMIBOLD, colour="#FFFFFF")
        self._y -= 9 * POINTS_PER_MM
        self._write(self._sheet.subtitle, _MARGIN, _BODY, colour="#FFFFFF")
        self._y = _HEIGHT - _HEAD - 4 * POINTS_PER_MM

    def _foot(self) -> None:
        before, self._y = self._y, _FOOT - 8 * POINTS_PER_MM
        self._write(self._sheet.organisation, _MARGIN, _SMALL, colour=_SOFT)
        foot = " · ".join(part for part in (self._sheet.foot, str(self._page)) if part)
        self._write(foot, _WIDTH - _MARGIN, _SMALL, colour=_SOFT, is_right=True)
        self._y = before

    def _need(self, height: float) -> None:
        if self._y - height > _FOOT:
            return
        self._foot()
        self._canvas.showPage()
        self._page += 1
        self._head()

    def _rule(self, gap: float) -> None:
        self._y -= gap
        self._canvas.setStrokeColor(_ink("#E3DED4"))
        self._canvas.setLineWidth(0.6)
        self._canvas.line(_MARGIN, self._y, _WIDTH - _MARGIN, self._y)

    def _write(
        self,
        text: str,
        x: float,
        size: float,
        *,
        face: str = REGULAR,
        colour: str = _INK,
        is_right: bool = False,
    ) -> None:
        words = _fitting(_printable(text, face), face, size)
        self._canvas.setFont(face, size)
        self._canvas.setFillColor(_ink(colour))
        draw = self._canvas.drawRightString if is_right else self._canvas.drawString
        draw(x, self._y, words)


def _broken(text: str, width: float) -> Sequence[str]:
    """Break a line; a word that is wider than the page is broken where it has to be."""
    style = TextStyle(REGULAR, "", _BODY, _BODY)
    words = " ".join(_printable(text).split())
    lines = break_lines(words, style, _BODY, width)
    if lines is not None:
        return lines
    found: list[str] = []
    for letter in words:
        if found and text_width(found[-1] + letter, REGULAR, _BODY) <= width:
            found[-1] += letter
        else:
            found.append(letter)
    return found


def _fitting(text: str, face: str, size: float) -> str:
    """Shorten what doesn't fit between the margins; only names of events are ever so long."""
    room = _WIDTH - 2 * _MARGIN
    while len(text) > 1 and text_width(text, face, size) > room:
        text = text[:-2].rstrip() + "…"
    return text


def _printable(text: str, face: str = REGULAR) -> str:
    plain = "".join(letter if letter.isprintable() else " " for letter in text)
    for letter in missing_characters(plain, face):
        plain = plain.replace(letter, UNPRINTABLE)
    return plain


def _ink(colour: str) -> Color:
    read = parse_colour(colour)
    return Color(read.red, read.green, read.blue)
