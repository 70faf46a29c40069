"""A page of the team on A4: a coloured head, figures in a table, lists below; as many pages as it takes."""

from dataclasses import dataclass, field

from stojnica.printing.fonts import SEMIBOLD, missing_characters
from stojnica.printing.funding import FundingBand
from stojnica.printing.paper import (
    BODY,
    INK,
    INNER,
    LEADING,
    LINE,
    MARGIN,
    PAPER_MM,
    SMALL,
    SOFT,
    Paper,
    PaperHead,
    broken,
    ink,
    make_paper,
)
from stojnica.printing.typesetting import POINTS_PER_MM

__all__ = ["PAPER_MM", "SheetLine", "SheetList", "TeamSheet", "make_team_sheet"]

_FIGURE = 15.0
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
    page_words: str = "{page} / {pages}"
    funding: FundingBand | None = None
    logo: bytes | None = None


def make_team_sheet(sheet: TeamSheet) -> bytes:
    """Make the PDF. Safe from any thread, one document at a time.

    What no shipped face can print stands as a sign for it, and a note says so: a page for a handover is
    never refused.
    """
    head = PaperHead(
        title=sheet.title,
        subtitle=sheet.subtitle,
        organisation=sheet.organisation,
        foot=sheet.foot,
        accent=sheet.accent,
        language=sheet.language,
        page_words=sheet.page_words,
        funding=sheet.funding,
        logo=sheet.logo,
    )
    return make_paper(head, lambda paper: _draw(paper, sheet))


def _draw(paper: Paper, sheet: TeamSheet) -> None:
    _table(paper, sheet)
    for item in sheet.lists:
        paper.heading(item.title)
        for line in item.lines or (SheetLine(item.nothing),):
            _list_line(paper, line)
    _note(paper, sheet)


def _table(paper: Paper, sheet: TeamSheet) -> None:
    if not sheet.rows:
        return
    first = INNER * 0.4
    each = (INNER - first) / max(len(sheet.columns) - 1, 1)
    edges = [MARGIN + first + each * place for place in range(1, len(sheet.columns))]
    paper.y -= SMALL * LEADING
    for edge, title in zip(edges, sheet.columns[1:], strict=True):
        paper.write(title, edge, SMALL, colour=SOFT, is_right=True)
    paper.rule(6)
    for row in sheet.rows:
        paper.y -= _FIGURE * 1.55
        paper.write(row[0], MARGIN, BODY)
        for edge, number in zip(edges, row[1:], strict=True):
            paper.write(number, edge, _FIGURE, face=SEMIBOLD, is_right=True)
        paper.rule(7)
    paper.y -= 8


def _note(paper: Paper, sheet: TeamSheet) -> None:
    """Say that something couldn't be printed."""
    texts = [sheet.title, sheet.subtitle, sheet.organisation, sheet.foot]
    texts += [text for item in sheet.lists for text in (item.title, *(one.text for one in item.lines))]
    if sheet.note_if_unprintable and any(map(missing_characters, texts)):
        paper.need(SMALL * 3)
        paper.y -= SMALL * 3
        paper.write(sheet.note_if_unprintable, MARGIN, SMALL, colour=SOFT)


def _list_line(paper: Paper, line: SheetLine) -> None:
    indent = 0.0 if line.is_done is None else _BOX + 8
    parts = broken(line.text, INNER - indent, BODY)
    paper.need(BODY * LEADING * min(len(parts), 3))
    for place, part in enumerate(parts):
        paper.need(BODY * LEADING)
        paper.y -= BODY * LEADING
        if place == 0 and line.is_done is not None:
            _box(paper, is_ticked=line.is_done)
        paper.write(part, MARGIN + indent, BODY, colour=SOFT if line.is_done else INK)
    paper.y -= 4


def _box(paper: Paper, *, is_ticked: bool) -> None:
    canvas, x, y = paper.canvas, MARGIN, paper.y - 1.2
    canvas.setLineWidth(0.9)
    canvas.setStrokeColor(ink(LINE))
    canvas.roundRect(x, y, _BOX, _BOX, 1.6, stroke=1, fill=0)
    if is_ticked:
        canvas.setStrokeColor(ink(paper.accent))
        canvas.setLineWidth(1.4)
        tick = canvas.beginPath()
        tick.moveTo(x + _BOX * 0.22, y + _BOX * 0.52)
        tick.lineTo(x + _BOX * 0.42, y + _BOX * 0.28)
        tick.lineTo(x + _BOX * 0.8, y + _BOX * 0.76)
        canvas.drawPath(tick)
