"""The sheet of an event for whoever gave the money: figures, a chart by half-hour, tables, on A4."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from stojnica.printing.fonts import REGULAR, SEMIBOLD, text_width
from stojnica.printing.half_hour_bars import DayOfBars, draw_days, draw_legend
from stojnica.printing.paper import (
    BODY,
    HAIR,
    HEADING,
    INK,
    INNER,
    LEADING,
    LINE,
    MARGIN,
    SMALL,
    SOFT,
    WIDTH,
    Paper,
    PaperHead,
    broken,
    ink,
    make_paper,
)

_FIGURE = 27.0
_GAP = 12.0
_TILE = 62.0
_LABEL = 62.0
_ABOUT = 9.5
_ROW = BODY * 1.42
_COLUMNS = 3
_BETWEEN = 2 * _GAP
_THIRD = (INNER - (_COLUMNS - 1) * _BETWEEN) / _COLUMNS
_NOTE = 8.5
_SIGNED = 38.0
_LEAST_ROW = 7.5


@dataclass(frozen=True, slots=True)
class SheetFigure:
    """Hold a large number with its words; with a goal `permille` of it is drawn as a bar."""

    number: str
    title: str
    detail: str = ""
    permille: int | None = None


@dataclass(frozen=True, slots=True)
class SheetTable:
    """Hold a small table: words and numbers; `nothing` stands where it has no rows.

    It is a third of the page wide, or with `span` two thirds.
    """

    title: str
    rows: tuple[tuple[str, str], ...]
    note: str = ""
    nothing: str = "–"
    span: int = 1


@dataclass(frozen=True, slots=True)
class EventSheet:
    """Hold what the sheet says, in words and numbers as they are written."""

    head: PaperHead
    about: tuple[tuple[str, str], ...]
    figures: tuple[SheetFigure, ...]
    chart_title: str
    legend: tuple[str, str]
    days: tuple[DayOfBars, ...]
    no_bars: str
    chart_note: str
    tables: tuple[SheetTable, ...]
    notes_title: str
    notes: tuple[str, ...]
    signatures: tuple[str, ...]


def make_event_sheet(sheet: EventSheet) -> bytes:
    """Make the PDF. Safe from any thread; the same sheet gives the same bytes."""
    return make_paper(sheet.head, lambda paper: _draw(paper, sheet))


def _draw(paper: Paper, sheet: EventSheet) -> None:
    _about(paper, sheet.about)
    _figures(paper, sheet.figures)
    paper.heading(sheet.chart_title, room=HEADING * 2 + (150 if sheet.days else 30))
    if sheet.days:
        draw_legend(paper, *sheet.legend)
        draw_days(paper, sheet.days)
    else:
        paper.paragraph(sheet.no_bars, SMALL, colour=SOFT)
    if sheet.chart_note:
        paper.paragraph(sheet.chart_note, SMALL, colour=SOFT)
    for beside in _side_by_side(sheet.tables):
        _tables(paper, beside)
    _end(paper, sheet)


def _about(paper: Paper, about: Sequence[tuple[str, str]]) -> None:
    """Set labels and texts in two columns of the page."""
    half = (INNER - _GAP * 2) / 2
    for first in range(0, len(about), 2):
        pair = about[first : first + 2]
        lines = [broken(text, half - _LABEL, _ABOUT) for _label, text in pair]
        paper.need(_ABOUT * LEADING * max(map(len, lines)))
        top = paper.y
        for column, ((label, _text), parts) in enumerate(zip(pair, lines, strict=True)):
            left = MARGIN + column * (half + _GAP * 2)
            paper.y = top - _ABOUT * LEADING
            paper.write(label, left, 8.5, colour=SOFT, room=_LABEL - 6)
            for place, part in enumerate(parts):
                paper.y = top - _ABOUT * LEADING * (place + 1)
                paper.write(part, left + _LABEL, _ABOUT, room=half - _LABEL)
        paper.y = top - _ABOUT * LEADING * max(map(len, lines)) - 2


def _figures(paper: Paper, figures: Sequence[SheetFigure]) -> None:
    paper.need(_TILE + 20)
    paper.y -= 12
    each = (INNER - _GAP * (len(figures) - 1)) / max(len(figures), 1)
    top = paper.y
    for place, figure in enumerate(figures):
        left, room = MARGIN + place * (each + _GAP), each - 18
        paper.canvas.setLineWidth(0.8)
        paper.canvas.setStrokeColor(ink(LINE))
        paper.canvas.roundRect(left, top - _TILE, each, _TILE, 6, stroke=1, fill=0)
        paper.y = top - 28
        paper.write(figure.number, left + 9, _size(figure.number, room), face=SEMIBOLD, room=room)
        paper.y -= 13
        paper.write(figure.title, left + 9, SMALL, face=SEMIBOLD, room=room)
        paper.y -= 10.5
        paper.write(figure.detail, left + 9, 8.0, colour=SOFT, room=room)
        if figure.permille is not None:
            _goal(paper, left + 9, top - _TILE + 4, room, figure.permille)
    paper.y = top - _TILE


def _size(number: str, room: float) -> float:
    """Give the size at which a number stands whole in its tile."""
    return min(_FIGURE, _FIGURE * room / max(text_width(number, SEMIBOLD, _FIGURE), 1.0))


def _goal(paper: Paper, x: float, y: float, width: float, permille: int) -> None:
    paper.canvas.setFillColor(ink(HAIR))
    paper.canvas.rect(x, y, width, 2.4, stroke=0, fill=1)
    paper.canvas.setFillColor(ink(paper.accent))
    paper.canvas.rect(x, y, width * min(permille, 1000) / 1000, 2.4, stroke=0, fill=1)


def _side_by_side(tables: Sequence[SheetTable]) -> Iterator[tuple[SheetTable, ...]]:
    """Give the tables in their order, as many at once as stand beside each other."""
    beside: list[SheetTable] = []
    for table in tables:
        if sum(item.span for item in beside) + table.span > _COLUMNS:
            yield tuple(beside)
            beside = []
        beside.append(table)
    if beside:
        yield tuple(beside)


@dataclass(frozen=True, slots=True)
class _Placed:
    table: SheetTable
    left: float
    width: float


def _placed(tables: Sequence[SheetTable]) -> Iterator[_Placed]:
    left = MARGIN
    for table in tables:
        width = table.span * _THIRD + (table.span - 1) * _BETWEEN
        yield _Placed(table, left, width)
        left += width + _BETWEEN


def _tables(paper: Paper, tables: Sequence[SheetTable]) -> None:
    """Set tables side by side; a long one goes on on the next page."""
    placed = tuple(_placed(tables))
    notes = [broken(item.table.note, item.width, 8.0) if item.table.note else () for item in placed]
    paper.need(HEADING * 2 + max(map(len, notes)) * 11 + _ROW * 3)
    top = paper.y - HEADING * 1.6
    below = top
    for item, note in zip(placed, notes, strict=True):
        paper.y = top
        paper.write(item.table.title, item.left, 11.5, face=SEMIBOLD, room=item.width)
        paper.y -= 4
        for part in note:
            paper.y -= 10.5
            paper.write(part, item.left, 8.0, colour=SOFT, room=item.width)
        below = min(below, paper.y)
    paper.y = below
    for row in range(max(1, *(len(table.rows) for table in tables))):
        paper.need(_ROW + 4)
        paper.y -= _ROW
        for item in placed:
            _row(paper, item.table, row, item.left, item.width)
    paper.y -= 4


def _row(paper: Paper, table: SheetTable, row: int, left: float, each: float) -> None:
    if not table.rows and row == 0:
        paper.write(table.nothing, left, SMALL, colour=SOFT, room=each)
    if row >= len(table.rows):
        return
    words, number = table.rows[row]
    wide = text_width(number, SEMIBOLD, BODY)
    room = each - wide - 8
    # A long name is set smaller before it is cut.
    size = min(BODY, max(_LEAST_ROW, BODY * room / max(text_width(words, REGULAR, BODY), 1.0)))
    paper.write(words, left, size, colour=INK, room=room)
    paper.write(number, left + each, BODY, face=SEMIBOLD, is_right=True)
    paper.line(left, paper.y - 4.5, left + each, paper.y - 4.5)


def _end(paper: Paper, sheet: EventSheet) -> None:
    """Set notes and signatures: a page that holds nothing but a line to sign proves nothing."""
    lines = sum(len(broken(note, INNER, _NOTE)) for note in sheet.notes)
    paper.heading(sheet.notes_title, room=HEADING * 2.2 + lines * (_NOTE * LEADING + 1) + _SIGNED)
    for note in sheet.notes:
        paper.paragraph(note, _NOTE, colour=SOFT)
        paper.y -= 1
    _signatures(paper, sheet.signatures)


def _signatures(paper: Paper, words: Sequence[str]) -> None:
    if not words:
        return
    paper.need(_SIGNED)
    paper.y -= _SIGNED - 12
    each = (INNER - _GAP * 2 * (len(words) - 1)) / len(words)
    lines = paper.y
    paper.y -= 11
    for place, text in enumerate(words):
        left = MARGIN + place * (each + _GAP * 2)
        paper.line(left, lines, min(left + each, WIDTH - MARGIN), lines, colour=LINE, width=0.8)
        paper.write(text, left, 8.0, colour=SOFT, room=each)
