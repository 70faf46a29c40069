"""Slips as a PDF: one person each, a number and its code on each, cut lines between them, read back."""

import io
import re
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, fields

import zxingcpp
from reportlab.lib.colors import Color
from reportlab.pdfgen.canvas import Canvas

from stojnica.domain.errors import UserFacingError
from stojnica.domain.slip_number import SlipNumber
from stojnica.i18n import gettext as _
from stojnica.i18n import ngettext
from stojnica.printing.emblem import draw_emblem
from stojnica.printing.flyer import PROGRAM, draw_line
from stojnica.printing.fonts import (
    PRESS,
    REGULAR,
    SEMIBOLD,
    character_name,
    missing_characters,
    register_fonts,
    text_width,
)
from stojnica.printing.funding_check import FundedPiece, fingerprint, funding_problems
from stojnica.printing.marks import EmblemMark, FillMark, LineMark, Mark
from stojnica.printing.problem import FlyerProblem
from stojnica.printing.qr import draw_qr, encode_qr
from stojnica.printing.render import page_count, page_image
from stojnica.printing.slip_content import SlipContent
from stojnica.printing.slip_layout import INK, lay_out_slip
from stojnica.printing.slip_paper import CODE_MM, BoxMark, RuleMark, SlipLayout, SlipPaper
from stojnica.printing.template import Area
from stojnica.printing.typesetting import POINTS_PER_MM

NUMBER_PT = 24.0
CHECK_DPI = 150
_PIECE = "slip"
_CUT_GREY = 0.55
_NAMED_AT_MOST = 5
_PLACEHOLDER = re.compile(r"\{[^{}\n]{0,60}\}")


@dataclass(frozen=True, slots=True)
class PrintedSlips:
    """Hold the PDF of a run, read back; `must_be_verified`: the funding's wording has to be looked at."""

    pdf: bytes
    paper: SlipPaper
    must_be_verified: bool


class SlipRulesError(UserFacingError):
    """Say that rules of the EU stop a slip; `piece` names what was measured, as a decision about it does."""

    def __init__(self, broken: tuple[FlyerProblem, ...], piece: str) -> None:
        words = _refused(" ".join(item.message for item in broken), broken[0].kind)
        super().__init__(words.what, safe=words.safe, next_step=words.next_step, code=words.code)
        self.broken = broken
        self.piece = piece


def slip_fingerprint(content: SlipContent, layout: SlipLayout) -> str:
    """Give the SHA-256 of what the rules of the EU measure on a slip."""
    return fingerprint([_funded_piece(content, layout)])


def checked_layout(content: SlipContent, overruled: Collection[tuple[str, str]] = ()) -> SlipLayout:
    """Lay a slip out, before any number is given.

    `overruled` holds rules of the EU, each with the fingerprint of the slip that a person let by.

    Raises:
        SlipRulesError: a rule of the EU is broken that nobody let by.
        UserFacingError: a typeface can't print it, a placeholder was left, or it is too long for any paper.
    """
    layout = lay_out_slip(content)
    if layout is None:
        raise _refused(_("The slip is too long: its questions and wordings don't fit on A4."), "too_long")
    texts = [mark for mark in layout.marks if isinstance(mark, LineMark)]
    missing = dict.fromkeys(
        character for mark in texts for character in missing_characters(mark.text, mark.face)
    )
    if missing:
        named = ", ".join(character_name(character) for character in list(missing)[:_NAMED_AT_MOST])
        raise _refused(
            _("The typeface can't print {characters}.").format(characters=named), "missing_character"
        )
    left = [found for text in _texts(content) for found in _PLACEHOLDER.findall(text)]
    if left:
        raise _refused(_("{placeholder} was not filled in.").format(placeholder=left[0]), "placeholder")
    piece = slip_fingerprint(content, layout)
    problems = funding_problems(_funded_piece(content, layout))
    broken = tuple(item for item in problems if (item.kind, piece) not in overruled)
    if broken:
        raise SlipRulesError(broken, piece)
    return layout


def _funded_piece(content: SlipContent, layout: SlipLayout) -> FundedPiece:
    """Give a slip as the rules of the EU measure it; boxes and lines are marks like any other."""
    piece_mm = layout.paper.piece_mm
    marks: list[Mark] = []
    for mark in layout.marks:
        if isinstance(mark, BoxMark):
            marks.append(_solid(mark.x, mark.y, mark.side, mark.side, piece_mm))
        elif isinstance(mark, RuleMark):
            marks.append(_solid(mark.x, mark.y, mark.length, 0.9, piece_mm))
        else:
            marks.append(mark)
    return FundedPiece(marks, piece_mm, is_card=False, band=content.funding)


def _solid(x: float, y: float, width: float, height: float, piece_mm: tuple[float, float]) -> FillMark:
    left, bottom, wide, high = (value / POINTS_PER_MM for value in (x, y, width, height))
    return FillMark(Area(left, piece_mm[1] - bottom - high, wide, high), INK, frozenset())


def print_slips(
    content: SlipContent,
    numbers: Sequence[SlipNumber],
    report: Callable[[int, int], None] | None = None,
    overruled: Collection[tuple[str, str]] = (),
) -> PrintedSlips:
    """Make the PDF of these numbers, and read each code on it; takes seconds, from any thread.

    `report` hears how many pages of how many are read, and may raise to stop it.

    Raises:
        UserFacingError: it can't be printed, or a code on the page can't be read.
    """
    layout = checked_layout(content, overruled)
    pdf = draw_slips(content, layout, numbers)
    unread = count_unread(pdf, numbers, CHECK_DPI, report)
    if unread:
        message = ngettext(
            "{count} code on the page could not be read by the check.",
            "{count} codes on the page could not be read by the check.",
            unread,
        )
        raise _refused(message.format(count=unread), "does_not_decode")
    funding = content.funding
    return PrintedSlips(pdf, layout.paper, funding is not None and funding.must_be_verified)


def count_unread(
    pdf: bytes,
    numbers: Sequence[SlipNumber],
    dpi: float,
    report: Callable[[int, int], None] | None = None,
) -> int:
    """Count the numbers whose code isn't read from the rendered pages."""
    formats = zxingcpp.BarcodeFormats([zxingcpp.BarcodeFormat.QRCode])
    read: set[str] = set()
    pages = page_count(pdf)
    for page in range(pages):
        if report is not None:
            report(page, pages)
        picture = page_image(pdf, page, dpi, is_grey=True)
        read.update(code.text for code in zxingcpp.read_barcodes(picture, formats=formats))
    return sum(number.payload not in read for number in numbers)


def draw_slips(content: SlipContent, layout: SlipLayout, numbers: Sequence[SlipNumber]) -> bytes:
    """Draw the PDF of these numbers; nothing is read back, see `print_slips`."""
    with PRESS:
        return _draw(content, layout, numbers)


def _draw(content: SlipContent, layout: SlipLayout, numbers: Sequence[SlipNumber]) -> bytes:
    register_fonts()
    target = io.BytesIO()
    paper = layout.paper
    sheet = (paper.sheet_mm[0] * POINTS_PER_MM, paper.sheet_mm[1] * POINTS_PER_MM)
    canvas = Canvas(
        target,
        pagesize=sheet,
        initialFontName=REGULAR,
        pageCompression=1,
        lang=content.language,
        invariant=1,
    )
    span = "–".join(dict.fromkeys((str(numbers[0]), str(numbers[-1])))) if numbers else ""
    canvas.setTitle(_plain(f"{content.title} {span} · {content.event}"))
    canvas.setAuthor(_plain(content.organisation))
    canvas.setCreator(PROGRAM)
    canvas.setProducer(PROGRAM)
    canvas.beginForm(_PIECE)
    _draw_piece(canvas, layout)
    canvas.endForm()
    for begin in range(0, len(numbers), paper.up):
        _draw_sheet(canvas, layout, numbers[begin : begin + paper.up])
        canvas.showPage()
    canvas.save()
    return target.getvalue()


def _draw_sheet(canvas: Canvas, layout: SlipLayout, numbers: Sequence[SlipNumber]) -> None:
    paper = layout.paper
    width, height = (side * POINTS_PER_MM for side in paper.piece_mm)
    for place, number in enumerate(numbers):
        column, row = place % paper.columns, paper.rows - 1 - place // paper.columns
        canvas.saveState()
        canvas.translate(column * width, row * height)
        canvas.doForm(_PIECE)
        _draw_number(canvas, layout, number)
        canvas.restoreState()
    canvas.setStrokeGray(_CUT_GREY)
    canvas.setLineWidth(0.3)
    canvas.setDash(3, 3)
    for column in range(1, paper.columns):
        canvas.line(column * width, 0, column * width, paper.rows * height)
    for row in range(1, paper.rows):
        canvas.line(0, row * height, paper.columns * width, row * height)


def _draw_number(canvas: Canvas, layout: SlipLayout, number: SlipNumber) -> None:
    left = layout.number_right - text_width(str(number), SEMIBOLD, NUMBER_PT)
    draw_line(canvas, LineMark("", str(number), SEMIBOLD, NUMBER_PT, 0.0, INK, left, layout.number_baseline))
    code = encode_qr(number.payload)
    # Pure black: the code has to be read from a copy of a copy.
    draw_qr(canvas, code, layout.code_x, layout.code_y, CODE_MM * POINTS_PER_MM, Color(0, 0, 0))


def _draw_piece(canvas: Canvas, layout: SlipLayout) -> None:
    ink = Color(INK.red, INK.green, INK.blue)
    for mark in layout.marks:
        match mark:
            case LineMark():
                draw_line(canvas, mark)
            case BoxMark():
                canvas.setStrokeColor(ink)
                canvas.setLineWidth(0.8)
                canvas.roundRect(mark.x, mark.y, mark.side, mark.side, 0.8, stroke=1, fill=0)
            case RuleMark():
                canvas.setStrokeGray(0.15 if mark.is_strong else 0.4)
                canvas.setLineWidth(0.9 if mark.is_strong else 0.5)
                canvas.line(mark.x, mark.y, mark.x + mark.length, mark.y)
            case EmblemMark():
                draw_emblem(canvas, mark.x, mark.y, mark.height, mono=mark.is_mono)


def _texts(content: SlipContent) -> Iterator[str]:
    for item in fields(content):
        value = getattr(content, item.name)
        if isinstance(value, str):
            yield value
    for consent in content.consents:
        yield from (consent.title, consent.text)
    if content.funding is not None:
        yield from (content.funding.statement, content.funding.disclaimer)


def _plain(text: str) -> str:
    return "".join(character for character in " ".join(text.split()) if character.isprintable())


def _refused(what: str, code: str) -> UserFacingError:
    return UserFacingError(
        _("The slips can't be printed.") + " " + what,
        safe=_("No number was given out."),
        next_step=_("Ask the office to correct what is named here."),
        code=code,
    )
