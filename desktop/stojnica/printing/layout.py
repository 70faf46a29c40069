"""Where everything of a flyer goes: a template and its content become marks on a piece of paper."""

from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from stojnica.i18n import gettext as _
from stojnica.printing.colour import Colour, most_readable, parse_colour
from stojnica.printing.emblem import CLEAR_SPACE, WIDTH_TO_HEIGHT
from stojnica.printing.fonts import SEMIBOLD, cap_height, text_width
from stojnica.printing.logo import BadLogoError, Logo, read_logo
from stojnica.printing.problem import (
    BAD_COLOUR,
    BAD_LINK,
    BAD_LOGO,
    DOES_NOT_FIT,
    FlyerProblem,
    field_name,
)
from stojnica.printing.qr import LEAST_MODULE_MM, QrCode, fitting_qr
from stojnica.printing.template import (
    ACCENT,
    ACCENT_TEXT,
    INK,
    ON_ACCENT,
    PAPER,
    Area,
    Brand,
    Code,
    Fill,
    Funding,
    Template,
    TextItem,
    Texts,
)
from stojnica.printing.typesetting import (
    POINTS_PER_MM,
    Line,
    Paragraph,
    Stack,
    clean_text,
    fit_stack,
)

if TYPE_CHECKING:
    from stojnica.printing.flyer import FlyerContent


@dataclass(frozen=True, slots=True)
class FillMark:
    """Fill an area (mm from the upper left corner)."""

    area: Area
    colour: Colour
    bleed: frozenset[str]


@dataclass(frozen=True, slots=True)
class DiscMark:
    """Fill a circle; points from the lower left corner, as in all marks below."""

    x: float
    y: float
    radius: float
    colour: Colour


@dataclass(frozen=True, slots=True)
class LineMark:
    """Print a line of a field's text with its baseline at x, y."""

    field: str
    text: str
    face: str
    size: float
    tracking: float
    colour: Colour
    x: float
    y: float


@dataclass(frozen=True, slots=True)
class CodeMark:
    """Print a code, with a logo in its middle only where its level spares the room."""

    code: QrCode
    x: float
    y: float
    side: float
    colour: Colour
    logo: Logo | None = None


@dataclass(frozen=True, slots=True)
class EmblemMark:
    """Print the emblem of the EU."""

    x: float
    y: float
    height: float


@dataclass(frozen=True, slots=True)
class LogoMark:
    """Print the organisation's picture on a white card, `x` to `height` being the card's."""

    logo: Logo
    x: float
    y: float
    width: float
    height: float
    padding: float


Mark = FillMark | DiscMark | LineMark | CodeMark | EmblemMark | LogoMark


@dataclass(frozen=True, slots=True)
class Layout:
    """Hold the marks of one piece, in the order of printing, and what did not work out."""

    marks: tuple[Mark, ...]
    problems: tuple[FlyerProblem, ...]


def palette(template: Template, accent: str) -> dict[str, Colour]:
    """Give the template's colours with the organisation's accent and what can be read on it.

    Raises:
        ValueError: the accent is not written as "#RRGGBB".
    """
    colours = dict(template.colours)
    if accent:
        colours[ACCENT] = parse_colour(accent)
    colours[ON_ACCENT] = most_readable(colours[ACCENT], colours[PAPER], colours[INK])
    colours[ACCENT_TEXT] = most_readable(colours[PAPER], colours[ACCENT], colours[INK])
    return colours


def lay_out(content: "FlyerContent", template: Template) -> Layout:
    """Place a flyer's content; what doesn't fit is placed all the same, and named as a problem."""
    piece = _Piece(content, template)
    boxes = template.plain if content.funding is None else template.funded
    for box in boxes:
        match box:
            case Fill():
                piece.marks.append(FillMark(box.area, piece.colours[box.colour], box.bleed))
            case Texts():
                piece.texts(box)
            case Brand():
                piece.brand(box)
            case Code():
                piece.code(box)
            case Funding():
                piece.funding(box)
    return Layout(tuple(piece.marks), tuple(piece.problems))


class _Piece:
    def __init__(self, content: "FlyerContent", template: Template) -> None:
        self.content = content
        self.template = template
        self.height = template.trim_mm[1] * POINTS_PER_MM
        self.marks: list[Mark] = []
        self.problems: list[FlyerProblem] = []
        try:
            self.colours = palette(template, content.accent)
        except ValueError:
            self.colours = palette(template, "")
            message = _("The accent colour {colour} is not written like #0B6E63.")
            self.problem(BAD_COLOUR, message.format(colour=content.accent[:20]), "accent")

    def problem(self, kind: str, message: str, field: str, *, is_blocking: bool = True) -> None:
        self.problems.append(FlyerProblem(kind, message, field, is_blocking))

    def paragraph(self, field: str, text: str, style: str, gap_mm: float = 0.0) -> Paragraph:
        return Paragraph(field, clean_text(text), self.template.styles[style], gap_mm * POINTS_PER_MM)

    def fit(self, paragraphs: tuple[Paragraph, ...], width: float, height: float) -> Stack:
        stack = fit_stack(paragraphs, width, height)
        for field in stack.overfull:
            message = _("The text doesn't fit its place: {field}. Make it shorter.")
            self.problem(DOES_NOT_FIT, message.format(field=field_name(field)), field)
        return stack

    def lines(self, lines: tuple[Line, ...], left: float, top: float) -> None:
        """Print lines; left and top in points from the upper left corner."""
        for line in lines:
            style = line.style
            self.marks.append(
                LineMark(
                    line.field,
                    line.text,
                    style.face,
                    line.size,
                    style.tracking * line.size,
                    self.colours[style.colour],
                    left,
                    self.height - top - line.baseline,
                )
            )

    def texts(self, box: Texts) -> None:
        left, top, width, height = _points(box.area)
        foot = self.fit(self.paragraphs(box.foot), width, height)
        gap = box.foot_gap_mm * POINTS_PER_MM if foot.lines else 0
        upper = self.fit(self.paragraphs(box.items), width, height - foot.height - gap)
        self.lines(upper.lines, left, top)
        self.lines(foot.lines, left, top + height - foot.height)

    def paragraphs(self, items: tuple[TextItem, ...]) -> tuple[Paragraph, ...]:
        return tuple(
            self.paragraph(item.field, getattr(self.content, item.field), item.style, item.gap_mm)
            for item in items
        )

    def brand(self, box: Brand) -> None:
        left, top, width, height = _points(box.area)
        mark_width = self.logo(left, top, width, height) or self.monogram(box, left, top, height)
        gap = height * 0.36
        field = "kicker" if self.content.kicker.strip() else "organisation"
        name = self.paragraph(field, getattr(self.content, field), box.style)
        stack = self.fit((name,), width - mark_width - gap, height)
        self.lines(stack.lines, left + mark_width + gap, top + (height - stack.height) / 2)

    def logo(self, left: float, top: float, width: float, height: float) -> float:
        """Place the picture and give its width; 0 when there is none that can be printed."""
        if self.content.logo is None:
            return 0.0
        try:
            logo = read_logo(self.content.logo)
        except BadLogoError:
            message = _(
                "The logo is not a PNG or JPEG picture that can be read. The monogram takes its place."
            )
            self.problem(BAD_LOGO, message, "logo", is_blocking=False)
            return 0.0
        padding = height * 0.1
        inner = height - 2 * padding
        card = min(inner * logo.width / logo.height, width * 0.5) + 2 * padding
        self.marks.append(LogoMark(logo, left, self.height - top - height, card, height, padding))
        return card

    def monogram(self, box: Brand, left: float, top: float, height: float) -> float:
        text = clean_text(self.content.monogram)
        if not text:
            return 0.0
        radius = height / 2
        middle = self.height - top - radius
        on_accent, accent = self.colours[ON_ACCENT], self.colours[ACCENT]
        disc, letter = (on_accent, accent) if box.ground == ACCENT else (accent, on_accent)
        size = height * 0.56
        room = height * 0.68
        size *= min(1.0, room / max(text_width(text, SEMIBOLD, size), 0.1))
        x = left + radius - text_width(text, SEMIBOLD, size) / 2
        baseline = middle - cap_height(SEMIBOLD) * size / 2
        self.marks.append(DiscMark(left + radius, middle, radius, disc))
        self.marks.append(LineMark("monogram", text, SEMIBOLD, size, 0.0, letter, x, baseline))
        return height

    def code(self, box: Code) -> None:
        left, top, width, height = _points(box.area)
        try:
            logo = self.logo_in_code()
            code = fitting_qr(self.content.url, box.side_mm, wants_logo=logo is not None)
        except ValueError:
            self.problem(BAD_LINK, _("There is no web address that fits into a code."), "url")
            return
        if code.module_mm(box.side_mm) < LEAST_MODULE_MM:
            message = _("The web address is too long: the code's squares would be too small for a phone.")
            self.problem(BAD_LINK, message, "url")
        side, quiet = (value * POINTS_PER_MM for value in (box.side_mm, code.quiet_mm(box.side_mm)))
        room = height - side - 2 * quiet
        address = self.fit((self.paragraph("address", self.content.address, box.address),), width, room)
        call = self.fit((self.paragraph("call", self.content.call, box.call),), width, room - address.height)
        self.lines(call.lines, left, top)
        code_top = top + (call.height + quiet + _descent(call) if call.lines else 0)
        ink, in_middle = self.colours[INK], logo if code.logo_modules else None
        self.marks.append(CodeMark(code, left, self.height - code_top - side, side, ink, in_middle))
        self.lines(address.lines, left, code_top + side + quiet)

    def logo_in_code(self) -> Logo | None:
        """Give the picture for the middle of the code; one that can't be read is named at the head."""
        if self.content.logo is None or not self.content.has_logo_in_code:
            return None
        with suppress(BadLogoError):
            return read_logo(self.content.logo)
        return None

    def funding(self, box: Funding) -> None:
        band = self.content.funding
        assert band is not None
        left, top, width, height = _points(box.area)
        emblem = box.emblem_mm * POINTS_PER_MM
        # A little more than half the height: some letters begin before their place.
        beside = left + emblem * (WIDTH_TO_HEIGHT + CLEAR_SPACE * 1.06)
        paragraphs = (
            self.paragraph("statement", band.statement, box.statement),
            self.paragraph("disclaimer", band.disclaimer, box.disclaimer, 2.2),
        )
        stack = self.fit(paragraphs, left + width - beside, height)
        down = top + height - max(emblem, stack.height)
        self.marks.append(EmblemMark(left, self.height - down - emblem, emblem))
        self.lines(stack.lines, beside, down)


def _descent(stack: Stack) -> float:
    """Give what hangs below the last baseline: the quiet zone of a code begins below it."""
    return stack.lines[-1].size * 0.24 if stack.lines else 0.0


def _points(area: Area) -> tuple[float, float, float, float]:
    k = POINTS_PER_MM
    return area.left * k, area.top * k, area.width * k, area.height * k
