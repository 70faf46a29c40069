"""Where everything of a flyer goes: a template and its content become marks on a piece of paper."""

import math
from dataclasses import replace
from typing import TYPE_CHECKING

from stojnica.i18n import gettext as _
from stojnica.printing.artwork import artwork_name, read_artwork
from stojnica.printing.colour import WHITE, Colour, most_readable, parse_colour
from stojnica.printing.fonts import SEMIBOLD, cap_height, text_width
from stojnica.printing.funding_place import widest_logo, words_and_flag, words_left
from stojnica.printing.logo import BadLogoError, read_logo, readable_logo
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
from stojnica.printing.photo_place import placed_photo
from stojnica.printing.problem import (
    BAD_COLOUR,
    BAD_LINK,
    BAD_LOGO,
    DOES_NOT_FIT,
    FlyerProblem,
    field_name,
)
from stojnica.printing.qr import LEAST_MODULE_MM, fitting_qr
from stojnica.printing.rule import RuleMark
from stojnica.printing.template import (
    ACCENT,
    ACCENT_TEXT,
    BLACK,
    INK,
    ON_ACCENT,
    PAPER,
    SECOND,
    Area,
    Artwork,
    Blanks,
    Brand,
    Code,
    Fill,
    Funding,
    PhotoPlace,
    Strips,
    Template,
    TextItem,
    Texts,
)
from stojnica.printing.twins import in_one_size, in_other_language
from stojnica.printing.typesetting import (
    POINTS_PER_MM,
    Line,
    Paragraph,
    Stack,
    clean_text,
    fit_stack,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

    from stojnica.printing.flyer import FlyerContent
    from stojnica.printing.funding import FundingBand
    from stojnica.printing.template import Box


_BETWEEN_BANDS = 7.0  # In mm: the words of funding in two languages.
_BELOW_RULE = 0.26  # Of the distance between rules to write on: the white before the next label.


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
    colours[BLACK] = Colour(0, 0, 0)
    return colours


def lay_out(content: "FlyerContent", template: Template) -> Layout:
    """Place a flyer's content; what doesn't fit is placed all the same, and named as a problem."""
    piece = _Piece(content, template)
    piece.boxes(template.plain if content.funding is None else template.funded)
    return Layout(tuple(piece.marks), tuple(piece.problems))


class _Piece:
    def __init__(self, content: "FlyerContent", template: Template, height_mm: float = 0.0) -> None:
        self.content = content
        self.template = template
        self.height = (height_mm or template.trim_mm[1]) * POINTS_PER_MM
        self.marks: list[Mark] = []
        self.problems: list[FlyerProblem] = []
        try:
            self.colours = palette(template, content.accent)
        except ValueError:
            self.colours = palette(template, "")
            message = _("The accent colour {colour} is not written like #0B6E63.")
            self.problem(BAD_COLOUR, message.format(colour=content.accent[:20]), "accent")
        if content.is_black:
            self.colours = {name: colour.grey for name, colour in self.colours.items()}

    def boxes(self, boxes: "Iterable[Box]") -> None:
        for box in boxes:
            match box:
                case Fill():
                    self.marks.append(FillMark(box.area, self.colours[box.colour], box.bleed))
                case Texts():
                    self.texts(box)
                case Brand():
                    self.brand(box)
                case Code():
                    self.code(box)
                case Funding():
                    self.funding(box)
                case Blanks():
                    self.blanks(box)
                case Strips():
                    self.strips(box)
                case PhotoPlace():
                    self.photo(box)
                case Artwork():
                    self.artwork(box)

    def problem(self, kind: str, message: str, field: str, *, is_blocking: bool = True) -> None:
        self.problems.append(FlyerProblem(kind, message, field, is_blocking))

    def paragraph(self, field: str, text: str, style: str, gap_mm: float = 0.0) -> Paragraph:
        return Paragraph(field, clean_text(text), self.template.styles[style], gap_mm * POINTS_PER_MM)

    def fit(self, paragraphs: tuple[Paragraph, ...], width: float, height: float) -> Stack:
        stack = fit_stack(paragraphs, width, height)
        for field in stack.overfull:
            message = _("The text doesn't fit its place: {field}. Make it shorter.")
            if field.removesuffix(SECOND) == "disclaimer":
                message = _(
                    "The disclaimer of EU funding doesn't fit, and may not be shortened. "
                    "Choose a larger piece, or a shorter name of the authority in the profile."
                )
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
        foot = self.fit(self.sized(box.foot, width, height), width, height)
        room = height - foot.height - (box.foot_gap_mm * POINTS_PER_MM if foot.lines else 0)
        upper = self.fit(self.sized(box.items, width, room), width, room)
        self.lines(upper.lines, left, top)
        self.lines(foot.lines, left, top + height - foot.height)

    def blanks(self, box: Blanks) -> None:
        left, top, width, height = _points(box.area)
        labels = [label for label in self.content.blanks if label.strip()]
        # The last rule lies at the bottom; below each of the others the next label keeps its distance.
        step = height / max(len(labels) - _BELOW_RULE, 1 - _BELOW_RULE)
        for number, label in enumerate(labels):
            stack = self.fit((self.paragraph("blanks", label, box.style),), width, step * (1 - _BELOW_RULE))
            line = self.height - top - step * (number + 1 - _BELOW_RULE)
            start, end = (left, line), (left + width, line)
            self.lines(stack.lines, left, top + step * number)
            self.marks.append(RuleMark(start, end, self.colours[box.colour], is_cut=False))

    def strips(self, box: Strips) -> None:
        """Lay one strip out, and put it where each is torn off, with a line to cut along beside it."""
        left, top, width, height = _points(box.area)
        one = width / box.count
        strip = _Piece(self.content, self.template, box.area.width / box.count)
        strip.boxes(box.boxes)
        self.problems.extend(strip.problems)
        upper, lower = self.height - top, self.height - top - height
        for number in range(box.count):
            self.marks.append(TurnedMark(tuple(strip.marks), left + one * (number + 1), lower))
        for number in range(1, box.count):
            across = left + one * number
            self.marks.append(RuleMark((across, lower), (across, upper), self.colours[INK], is_cut=True))

    def sized(self, items: tuple[TextItem, ...], width: float, height: float) -> tuple[Paragraph, ...]:
        one = self.paragraphs(items)
        if self.content.second is None:
            return one
        return in_one_size(one, self.paragraphs(in_other_language(items)), width, height)

    def paragraphs(self, items: tuple[TextItem, ...]) -> tuple[Paragraph, ...]:
        return tuple(
            self.paragraph(item.field, self.said(item.field), item.style, item.gap_mm) for item in items
        )

    def said(self, field: str) -> str:
        """Give what a field says, in the language whose it is."""
        said = self.content.second if field.endswith(SECOND) else self.content
        return "" if said is None else str(getattr(said, field.removesuffix(SECOND)))

    def brand(self, box: Brand) -> None:
        left, top, width, height = _points(box.area)
        mark_width = self.logo(left, top, width, height) or self.monogram(box, left, top, height)
        gap = height * 0.36
        field = "kicker" if self.content.kicker.strip() else "organisation"
        name = self.paragraph(field, getattr(self.content, field), box.style)
        stack = self.fit((name,), width - mark_width - gap, height)
        self.lines(stack.lines, left + mark_width + gap, top + (height - stack.height) / 2)

    def photo(self, box: PhotoPlace) -> None:
        mark, problem = placed_photo(self.content.photo, box, is_grey=self.content.is_black)
        self.marks.extend(filter(None, (mark,)))
        self.problems.extend(filter(None, (problem,)))

    def artwork(self, box: Artwork) -> None:
        ground = self.colours[box.ground]
        colours = tuple((drawn, self.colours[name]) for drawn, name in box.colours)
        name = artwork_name(box.data, ground, colours, is_grey=self.content.is_black)
        artwork = read_artwork(box.data, ground, colours, is_grey=self.content.is_black)
        fills = (mark for mark in reversed(self.marks) if isinstance(mark, FillMark))
        below = next((fill for fill in fills if fill.area.contains(box.area)), None)
        self.marks.append(ArtworkMark(name, box.area, artwork, box.bleed, below))

    def logo(self, left: float, top: float, width: float, height: float) -> float:
        """Place the picture and give its width; 0 when there is none that can be printed."""
        if self.content.logo is None:
            return 0.0
        try:
            logo = read_logo(self.content.logo, is_grey=self.content.is_black)
        except BadLogoError:
            text = _("The logo is not a PNG, JPEG or SVG that can be read. The monogram takes its place.")
            self.problem(BAD_LOGO, text, "logo", is_blocking=False)
            return 0.0
        padding = height * 0.1
        inner = height - 2 * padding
        widest = math.inf if self.content.funding is None else widest_logo(self.template.funded)
        card = min(inner * logo.width / logo.height, width * 0.5, widest) + 2 * padding
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
            picture = self.content.logo if self.content.has_logo_in_code else None
            logo = readable_logo(picture, is_grey=self.content.is_black)
            code = fitting_qr(self.content.url, box.side_mm, wants_logo=logo is not None)
        except ValueError:
            self.problem(BAD_LINK, _("There is no web address that fits into a code."), "url")
            return
        if code.module_mm(box.side_mm) < LEAST_MODULE_MM:
            message = _("The web address is too long: the code's squares would be too small for a phone.")
            self.problem(BAD_LINK, message, "url")
        side, quiet = (value * POINTS_PER_MM for value in (box.side_mm, code.quiet_mm(box.side_mm)))
        ink, in_middle = self.colours[INK], logo if code.logo_modules else None
        if not box.call and not box.address:
            self.marks.append(CodeMark(code, left, self.height - top - side, side, ink, in_middle))
            return
        room = height - side - 2 * quiet
        address = self.fit(self.maybe("address", box.address), width, room)
        call = self.fit(self.maybe("call", box.call), width, room - address.height)
        self.lines(call.lines, left, top)
        code_top = top + (call.height + quiet + _descent(call) if call.lines else 0)
        self.marks.append(CodeMark(code, left, self.height - code_top - side, side, ink, in_middle))
        self.lines(address.lines, left, code_top + side + quiet)

    def maybe(self, field: str, style: str) -> tuple[Paragraph, ...]:
        return (self.paragraph(field, getattr(self.content, field), style),) if style else ()

    def funding(self, box: Funding) -> None:
        band = self.content.funding
        if band is None:
            return
        left, _top, width, height = _points(box.area)
        emblem = box.emblem_mm * POINTS_PER_MM
        beside = words_left(box)
        is_mono = box.is_mono or band.is_mono or self.content.is_black
        second = self.content.second.funding if self.content.second is not None else None
        bands = (band,) if second is None else (band, second)
        between = _BETWEEN_BANDS * POINTS_PER_MM
        one = (left + width - beside - between * (len(bands) - 1)) / len(bands)
        stacks = [
            self.fit(self.words_of(item, box, ending, is_mono=is_mono), one, height)
            for item, ending in zip(bands, ("", SECOND), strict=False)
        ]
        down, flag = words_and_flag(box, max(stack.height for stack in stacks))
        on_colour = self.colours[box.ground] != WHITE
        self.marks.append(EmblemMark(left, self.height - flag - emblem, emblem, is_mono, on_colour))
        for number, stack in enumerate(stacks):
            self.lines(stack.lines, beside + number * (one + between), down)

    def words_of(
        self, band: "FundingBand", box: Funding, ending: str, *, is_mono: bool
    ) -> tuple[Paragraph, ...]:
        statement = self.paragraph(f"statement{ending}", band.statement, box.statement)
        if is_mono:
            statement = replace(statement, style=replace(statement.style, colour=BLACK))
        return statement, self.paragraph(f"disclaimer{ending}", band.disclaimer, box.disclaimer, 2.2)


def _descent(stack: Stack) -> float:
    """Give what hangs below the last baseline: the quiet zone of a code begins below it."""
    return stack.lines[-1].size * 0.24 if stack.lines else 0.0


def _points(area: Area) -> tuple[float, float, float, float]:
    k = POINTS_PER_MM
    return area.left * k, area.top * k, area.width * k, area.height * k
