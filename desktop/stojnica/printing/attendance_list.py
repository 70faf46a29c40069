"""A list to sign: numbered rows on A4, as many pages as it takes, each with head, notice and emblem."""

from dataclasses import dataclass

from stojnica.printing.fonts import REGULAR, SEMIBOLD, cap_height, text_width
from stojnica.printing.paper import (
    HAIR,
    INNER,
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
from stojnica.printing.typesetting import POINTS_PER_MM

MAX_ROWS = 200
_ROW = 10.0 * POINTS_PER_MM
_NUMBER = 12 * POINTS_PER_MM
_TICK = 15 * POINTS_PER_MM
_BOX = 3.6 * POINTS_PER_MM
_NOTICE = 8.5
_HEAD_LINE = 11.0
_BAND = 7.5


@dataclass(frozen=True, slots=True)
class AttendanceList:
    """Hold the words of the list; `bands` are columns of boxes to tick, and without them no age is asked."""

    head: PaperHead
    notice: str
    number: str
    name: str
    signature: str
    rows: int
    age: str = ""
    bands: tuple[str, ...] = ()


def make_attendance_list(paper: AttendanceList) -> bytes:
    """Make the PDF. Safe from any thread; the same list gives the same bytes.

    Raises:
        ValueError: it has no rows, or more than `MAX_ROWS`.
    """
    if not 0 < paper.rows <= MAX_ROWS:
        raise ValueError(paper.rows)
    return make_paper(paper.head, lambda canvas: _draw(canvas, paper))


def _draw(paper: Paper, words: AttendanceList) -> None:
    _top(paper, words)
    for row in range(1, words.rows + 1):
        if paper.need(_ROW):
            _top(paper, words)
        _row(paper, words, row)


def _edges(words: AttendanceList) -> tuple[float, float]:
    """Give where names end and signatures begin."""
    room = INNER - _NUMBER - _TICK * len(words.bands)
    names = MARGIN + _NUMBER + room * 0.5
    return names, names + _TICK * len(words.bands)


def _top(paper: Paper, words: AttendanceList) -> None:
    """Set the notice and the heads of the columns, which end on one line and break upwards."""
    paper.paragraph(words.notice, _NOTICE, colour=SOFT)
    names, signatures = _edges(words)
    room = names - MARGIN - _NUMBER - 8
    name = broken(words.name, room, SMALL, SEMIBOLD)
    bands = [broken(band, _TICK - 3, _BAND, SEMIBOLD) for band in words.bands]
    above = max(map(len, bands), default=0)
    paper.y -= 15 + _HEAD_LINE * (max(len(name), above + 1 if bands else 1) - 1)
    last = paper.y
    for place, part in enumerate(reversed(name)):
        paper.y = last + _HEAD_LINE * place
        paper.write(part, MARGIN + _NUMBER, SMALL, face=SEMIBOLD, room=room)
    if bands:
        paper.y = last + _HEAD_LINE * above
        paper.write(words.age, names, SMALL, face=SEMIBOLD, room=_TICK * len(bands))
    for column, parts in enumerate(bands):
        for place, part in enumerate(reversed(parts)):
            paper.y = last + _HEAD_LINE * place
            _centred(paper, part, names + _TICK * (column + 0.5))
    paper.y = last
    paper.write(words.number, MARGIN, SMALL, face=SEMIBOLD, room=_NUMBER)
    paper.write(words.signature, signatures + 6, SMALL, face=SEMIBOLD, room=WIDTH - MARGIN - signatures - 6)
    paper.y -= 5
    paper.line(MARGIN, paper.y, WIDTH - MARGIN, paper.y, colour=LINE, width=1.0)


def _row(paper: Paper, words: AttendanceList, row: int) -> None:
    names, signatures = _edges(words)
    top = paper.y
    paper.y = top - (_ROW + cap_height(REGULAR) * SMALL) / 2
    paper.write(f"{row}", MARGIN, SMALL, colour=SOFT)
    for place in range(len(words.bands)):
        middle = names + _TICK * (place + 0.5)
        paper.canvas.setStrokeColor(ink(LINE))
        paper.canvas.setLineWidth(0.9)
        paper.canvas.roundRect(middle - _BOX / 2, top - (_ROW + _BOX) / 2, _BOX, _BOX, 1.6, stroke=1, fill=0)
    paper.y = top - _ROW
    paper.line(MARGIN, paper.y, WIDTH - MARGIN, paper.y, colour=LINE, width=0.5)
    for edge in {names, signatures}:
        paper.line(edge, top - 2, edge, paper.y + 2, colour=HAIR)


def _centred(paper: Paper, text: str, middle: float) -> None:
    left = middle - text_width(text, SEMIBOLD, _BAND) / 2
    paper.write(text, left, _BAND, face=SEMIBOLD, colour=SOFT)
