"""A flyer's content, and its PDF: one piece, or several on a sheet with cut lines."""

import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from reportlab.lib.colors import Color
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfgen.canvas import Canvas

from stojnica.printing.drawn_area import draw_artwork, draw_fill, draw_photo, ink_of
from stojnica.printing.drawn_svg import draw_logo
from stojnica.printing.emblem import draw_emblem
from stojnica.printing.fonts import PRESS, REGULAR, kerned, register_fonts
from stojnica.printing.funding import FundingBand
from stojnica.printing.layout import lay_out
from stojnica.printing.links import draw_links, links_of
from stojnica.printing.marks import (
    ArtworkMark,
    CodeMark,
    DiscMark,
    EmblemMark,
    FillMark,
    Layout,
    LineMark,
    LogoMark,
    Mark,
    TurnedMark,
)
from stojnica.printing.photo_place import PhotoMark
from stojnica.printing.qr import draw_qr, draw_qr_logo
from stojnica.printing.rule import RuleMark
from stojnica.printing.sheets import Place, back_places, cell_size, front_places, natural_edge
from stojnica.printing.template import Sheet, Template
from stojnica.printing.template_file import load_template
from stojnica.printing.typesetting import POINTS_PER_MM

DEFAULT_TEMPLATE = "promise"
PROGRAM = "Stojnica"
_PIECE, _BACK = "piece", "back"
_CUT_GREY = 0.62


@dataclass(frozen=True, slots=True)
class FlyerContent:
    """Hold what a flyer says, in one language.

    `url` goes into the code, with its campaign parameters; `address` is what people read under it.
    `kicker` is the line at the top; without it, the organisation's name stands there.
    `accent` is "#RRGGBB" or "" for the template's. Without `funding` nothing of the EU is printed.
    `second` says the same in another language, for templates with two.
    `blanks` are labels of rules to write on by hand.
    With `is_black` it is made for print in black alone, the EU's emblem in its version for that.
    `logo` is a PNG, JPEG or SVG; without it, the monogram stands for the organisation. It is in the
    middle of the code too with `has_logo_in_code`, where that has the room.
    """

    organisation: str
    monogram: str
    title: str
    promise: str
    heading: str
    body: str
    call: str
    url: str
    address: str
    event_name: str = ""
    event_date: str = ""
    language: str = "sl"
    accent: str = ""
    kicker: str = ""
    logo: bytes | None = None
    blanks: tuple[str, ...] = ()
    photo: bytes | None = None
    funding: FundingBand | None = None
    second: "FlyerContent | None" = None
    is_black: bool = False
    has_logo_in_code: bool = False


def make_flyer(content: FlyerContent, up: int = 1, template: Template | None = None) -> bytes:
    """Make the PDF of a flyer, `up` pieces on a sheet; nothing is checked, see `checked_flyer`.

    Safe from any thread, one document at a time.

    Raises:
        ValueError: the template has no sheet with that many pieces.
    """
    chosen = template or load_template(DEFAULT_TEMPLATE)
    return draw_flyer(content, lay_out(content, chosen), chosen, up)


@dataclass(frozen=True, slots=True)
class Back:
    """Hold what stands on the back of each piece, and at which edge of the paper the printer turns it.

    Without an edge, the sheet is turned like a page of a book.
    """

    layout: Layout
    edge: str = ""


def draw_flyer(
    content: FlyerContent,
    layout: Layout,
    template: Template,
    up: int,
    pieces: int | None = None,
    back: Back | None = None,
) -> bytes:
    """Draw a layout on the sheet of that many pieces; with `pieces`, on as many sheets as these need.

    With a back, each sheet's back follows it as the next page. The same input gives the same bytes.

    Raises:
        ValueError: the template has no such sheet, or no piece is wanted.
    """
    if up not in template.sheets or (pieces is not None and pieces < 1):
        raise ValueError(up)
    wanted = up if pieces is None else pieces
    with PRESS:
        register_fonts()
        target = io.BytesIO()
        sheet = template.sheets[up]
        paper = (sheet.paper_mm[0] * POINTS_PER_MM, sheet.paper_mm[1] * POINTS_PER_MM)
        # Without initialFontName an unembedded Helvetica stays in the file. Without invariant, the
        # hour of its making and a number from the clock do, and no two files are alike.
        canvas = Canvas(
            target,
            pagesize=paper,
            initialFontName=REGULAR,
            pageCompression=1,
            lang=content.language,
            invariant=1,
        )
        describe(canvas, content)
        if sheet.columns * sheet.rows == 1:
            canvas.setTrimBox((0, 0, *paper))
        _draw_sheets(canvas, _Printed(template, sheet, layout, back), wanted)
        canvas.save()
        return target.getvalue()


def describe(canvas: Canvas, content: FlyerContent) -> None:
    """Write into the file what it is, for searches, shelves and voices."""
    canvas.setTitle(_plain(f"{content.title} · {content.organisation}"))
    canvas.setAuthor(_plain(content.organisation))
    canvas.setSubject(_plain(content.event_name or content.heading))
    canvas.setCreator(PROGRAM)
    canvas.setProducer(PROGRAM)
    # A reader's window then says the title, not the name of the file.
    canvas.setViewerPreference("DisplayDocTitle", "true")


def _plain(text: str) -> str:
    return "".join(character for character in " ".join(text.split()) if character.isprintable())


@dataclass(frozen=True, slots=True)
class _Printed:
    template: Template
    sheet: Sheet
    layout: Layout
    back: Back | None

    @property
    def edge(self) -> str:
        return (self.back.edge if self.back else "") or natural_edge(self.sheet)


def _draw_sheets(canvas: Canvas, printed: _Printed, pieces: int) -> None:
    """Draw the piece once, and place it on as many sheets as it takes."""
    sheet, trim_mm = printed.sheet, printed.template.trim_mm
    sides = [(_PIECE, printed.layout)]
    if printed.back is not None:
        sides.append((_BACK, printed.back.layout))
    on_a_sheet = sheet.columns * sheet.rows
    if on_a_sheet > 1:
        for name, layout in sides:
            canvas.beginForm(name)
            draw_piece(canvas, layout, printed.template, sheet)
            canvas.endForm()
    for begin in range(0, pieces, on_a_sheet):
        there = min(on_a_sheet, pieces - begin)
        for name, layout in sides:
            places = front_places(sheet, trim_mm, there)
            if name == _BACK:
                places = back_places(sheet, trim_mm, there, printed.edge)
            _draw_side(canvas, printed, name, layout, places)
            canvas.showPage()


def _draw_side(canvas: Canvas, printed: _Printed, name: str, layout: Layout, places: Iterable[Place]) -> None:
    sheet, links = printed.sheet, links_of(layout)
    is_alone = sheet.columns * sheet.rows == 1
    for place in places:
        if is_alone:
            canvas.saveState()
            canvas.translate(place.left, place.bottom)
            if place.is_turned:
                canvas.translate(place.width, place.height)
                canvas.rotate(180)
            draw_piece(canvas, layout, printed.template, sheet)
            canvas.restoreState()
        else:
            # As plain operators: the canvas would copy its whole state for each piece, and twice.
            canvas.addLiteral(f"q {_matrix(place)} cm")
            canvas.doForm(name)
            canvas.addLiteral("Q")
        draw_links(canvas, links, place)
    if not is_alone:
        _draw_cut_lines(canvas, sheet)


def _matrix(place: Place) -> str:
    if place.is_turned:
        return f"-1 0 0 -1 {place.left + place.width:.3f} {place.bottom + place.height:.3f}"
    return f"1 0 0 1 {place.left:.3f} {place.bottom:.3f}"


def _draw_cut_lines(canvas: Canvas, sheet: Sheet) -> None:
    cell = cell_size(sheet)
    canvas.setStrokeGray(_CUT_GREY)
    canvas.setLineWidth(0.3)
    canvas.setDash(3, 3)
    width, height = sheet.columns * cell[0], sheet.rows * cell[1]
    for column in range(1, sheet.columns):
        canvas.line(column * cell[0], 0, column * cell[0], height)
    for row in range(1, sheet.rows):
        canvas.line(0, row * cell[1], width, row * cell[1])


def draw_piece(canvas: Canvas, layout: Layout, template: Template, sheet: Sheet) -> None:
    """Draw one piece with its lower left corner where the canvas is moved to."""
    _draw_marks(canvas, layout.marks, template, sheet)


def _draw_marks(canvas: Canvas, marks: Iterable[Mark], template: Template, sheet: Sheet) -> None:
    for mark in marks:
        match mark:
            case FillMark():
                draw_fill(canvas, mark, template, sheet)
            case PhotoMark():
                draw_photo(canvas, mark, template, sheet)
            case ArtworkMark():
                draw_artwork(canvas, mark, template, sheet)
            case LineMark():
                draw_line(canvas, mark)
            case DiscMark():
                canvas.setFillColor(ink_of(mark.colour))
                canvas.circle(mark.x, mark.y, mark.radius, stroke=0, fill=1)
            case CodeMark():
                draw_qr(canvas, mark.code, mark.x, mark.y, mark.side, ink_of(mark.colour))
                if mark.logo is not None:
                    draw_qr_logo(canvas, mark.code, mark.logo, mark.x, mark.y, mark.side)
            case EmblemMark():
                draw_emblem(canvas, mark.x, mark.y, mark.height, mono=mark.is_mono, on_colour=mark.on_colour)
            case LogoMark():
                _draw_logo(canvas, mark)
            case RuleMark():
                _draw_rule(canvas, mark)
            case TurnedMark():
                canvas.saveState()
                canvas.translate(mark.x, mark.y)
                canvas.rotate(90)
                _draw_marks(canvas, mark.marks, template, sheet)
                canvas.restoreState()


def _draw_rule(canvas: Canvas, mark: RuleMark) -> None:
    canvas.saveState()
    if mark.is_cut:
        canvas.setStrokeGray(_CUT_GREY)
        canvas.setDash(3, 3)
    else:
        canvas.setStrokeColor(ink_of(mark.colour))
    canvas.setLineWidth(0.3 if mark.is_cut else 0.5)
    canvas.line(*mark.start, *mark.end)
    canvas.restoreState()


def _coded(font: Any, document: Any, mark: LineMark) -> Iterator[tuple[int, bytes, float]]:
    """Give the parts of a line as codes of the embedded face, each with the move after it."""
    parts = kerned(mark.text, mark.face)[0]
    whole = font.splitString(mark.text, document)
    if len(whole) == 1 and len(whole[0][1]) == len(mark.text):
        # Nearly always: one subset, one byte a letter. Asking for each part would take three times as long.
        subset, codes = whole[0]
        first = 0
        for part, move in parts:
            yield subset, codes[first : first + len(part)], move
            first += len(part)
        return
    for part, move in parts:
        pieces = font.splitString(part, document)
        for number, (subset, codes) in enumerate(pieces, start=1):
            yield subset, codes, move if number == len(pieces) else 0.0


def draw_line(canvas: Canvas, mark: LineMark) -> None:
    """Print a line, kerned, as one show-text operation, so that it is found and copied as one text."""
    font, document = pdfmetrics.getFont(mark.face), canvas._doc
    shown: list[tuple[int, list[str]]] = []
    for subset, codes, move in _coded(font, document, mark):
        if not shown or shown[-1][0] != subset:
            shown.append((subset, []))
        shown[-1][1].append(f"<{codes.hex()}>")
        if move:
            shown[-1][1].append(f"{-1000 * move:.0f}")
    shows = "".join(
        f"{font.getSubsetInternalName(subset, document)} {mark.size:.3f} Tf [{''.join(pieces)}] TJ "
        for subset, pieces in shown
    )
    colour = ink_of(mark.colour)
    if canvas._fillColorObj is not colour:
        # Lines of a paragraph share their colour; the canvas knows which one holds.
        canvas.setFillColor(colour)
    canvas.addLiteral(f"BT {mark.tracking:.4f} Tc 1 0 0 1 {mark.x:.3f} {mark.y:.3f} Tm {shows}0 Tc ET")


def _draw_logo(canvas: Canvas, mark: LogoMark) -> None:
    canvas.setFillColor(Color(1, 1, 1))
    canvas.roundRect(mark.x, mark.y, mark.width, mark.height, mark.padding, stroke=0, fill=1)
    inset = mark.padding
    inside = (mark.x + inset, mark.y + inset, mark.width - 2 * inset, mark.height - 2 * inset)
    draw_logo(canvas, mark.logo, *inside)
