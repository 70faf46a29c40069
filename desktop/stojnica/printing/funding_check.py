"""The rules of the EU for its emblem on printed matter, measured on a piece as it is laid out.

Sources: model grant agreement of CERV, Article 17; "The use of the EU emblem in the context of EU programmes"
(European Commission, 2021); Interinstitutional Style Guide, annex A1.
"""

import hashlib
import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from babel.numbers import format_decimal

from stojnica.domain.canonical import canonical_bytes
from stojnica.i18n import current_language, ngettext, pgettext
from stojnica.i18n import gettext as _
from stojnica.printing.colour import READABLE, WHITE, Colour, contrast, parse_colour
from stojnica.printing.emblem import BLUE, CLEAR_SPACE, LEAST_HEIGHT_MM, LEAST_ON_CARDS_MM, WIDTH_TO_HEIGHT
from stojnica.printing.funding import FundingBand, statements
from stojnica.printing.ground import Extent, extent_of, free_space, ground_under, picture_size
from stojnica.printing.marks import DiscMark, EmblemMark, LineMark, LogoMark, Mark, TurnedMark
from stojnica.printing.problem import FlyerProblem
from stojnica.printing.rule import RuleMark
from stojnica.printing.template import SECOND, Strips, Template
from stojnica.printing.typesetting import POINTS_PER_MM, clean_text

LEAST_DISCLAIMER_PT = 6.0
STATEMENT_FAMILIES = frozenset(
    {"Arial", "Auto", "Calibri", "Garamond", "Trebuchet", "Tahoma", "Verdana", "Ubuntu"}
)
STATEMENT_COLOURS = (parse_colour(BLUE), Colour(0, 0, 0), WHITE)
# What the measures of typefaces and roundings may differ by: under the width of a printer's dot.
_SLACK_MM = 0.02
_SLACK = _SLACK_MM * POINTS_PER_MM
_SLOPED = ("italic", "oblique")


@dataclass(frozen=True, slots=True)
class FundedPiece:
    """Hold what is measured: the marks of one separated piece, its size, and what it has to say.

    Without a `band` nothing of the EU may be on it. `part` is what is left once its strips are torn off, and
    `second` what it says in another language, too.
    """

    marks: Sequence[Mark]
    trim_mm: tuple[float, float]
    is_card: bool
    band: FundingBand | None
    part: Extent | None = None
    second: FundingBand | None = None

    @property
    def bands(self) -> dict[str, FundingBand]:
        """Give what it has to say, by what the names of its fields end with."""
        both = {"": self.band, SECOND: self.second}
        return {ending: band for ending, band in both.items() if band is not None}

    @property
    def emblems(self) -> list[EmblemMark]:
        """Give the emblems on it."""
        return [mark for mark in self.marks if isinstance(mark, EmblemMark)]

    def lines(self, field: str) -> list[LineMark]:
        """Give the lines of a field, in the order in which they are read."""
        return [mark for mark in self.marks if isinstance(mark, LineMark) and mark.field == field]

    def lines_of_all(self, field: str) -> list[LineMark]:
        """Give the lines of a field in every language."""
        return [line for ending in ("", SECOND) for line in self.lines(field + ending)]

    def text(self, field: str) -> str:
        """Give what stands there of a field, as one line."""
        return _as_one(" ".join(line.text for line in self.lines(field)))


@dataclass(frozen=True, slots=True)
class FundingRule:
    """Hold one rule: its id for programs and records, the field at which it is told, how it is measured."""

    id: str
    field: str
    broken: Callable[[FundedPiece], Iterator[str]]


def funding_problems(piece: FundedPiece) -> Iterator[FlyerProblem]:
    """Name each rule that a piece breaks: which, what was measured, and what to do. All of them block."""
    for rule in RULES:
        for message in rule.broken(piece):
            yield FlyerProblem(rule.id, message, rule.field)


def separated_pieces(
    marks: Sequence[Mark],
    template: Template,
    band: FundingBand | None,
    second: FundingBand | None = None,
) -> tuple[FundedPiece, ...]:
    """Give what people take home of one piece: itself, and a strip that is torn off it."""
    strips = [box for box in (template.plain if band is None else template.funded) if isinstance(box, Strips)]
    stays = [
        mark
        for mark in marks
        if not isinstance(mark, TurnedMark) and not (isinstance(mark, RuleMark) and mark.is_cut)
    ]
    part = None
    if strips:
        bottom = template.trim_mm[1] - min(box.area.top for box in strips)
        part = Extent(*(value * POINTS_PER_MM for value in (0, bottom, *template.trim_mm)))
    pieces = [FundedPiece(stays, template.trim_mm, template.is_card, band, part, second)]
    # The strips of a box are all alike: the first one stands for them.
    turned = [mark for mark in marks if isinstance(mark, TurnedMark)]
    for box in strips:
        strip, turned = turned[0], turned[box.count :]
        size_mm = (box.area.height, box.area.width / box.count)
        pieces.append(FundedPiece(strip.marks, size_mm, template.is_card, band))
    return tuple(pieces)


def fingerprint(pieces: Iterable[FundedPiece]) -> str:
    """Give SHA-256, in hex, of what is measured: another text, size or place is another piece."""
    return hashlib.sha256(canonical_bytes({"pieces": [_told(piece) for piece in pieces]})).hexdigest()


def _told(piece: FundedPiece) -> list[object]:
    told: list[object] = [[round(side * 100) for side in piece.trim_mm], piece.is_card]
    for mark in piece.marks:
        extent = extent_of(mark, piece.trim_mm)
        sides = (extent.left, extent.bottom, extent.right, extent.top)
        words = [mark.field, ascii(mark.text), mark.face] if isinstance(mark, LineMark) else []
        if isinstance(mark, EmblemMark):
            words = [f"{mark.is_mono:d}{mark.on_colour:d}"]
        colour = getattr(mark, "colour", WHITE)
        inks = (round(part * 255) for part in (colour.red, colour.green, colour.blue))
        told.append([type(mark).__name__, *(round(side * 100) for side in sides), *words, *inks])
    return told


def is_funding_rule(kind: str) -> bool:
    """Tell whether a problem's kind is a rule of the EU, which the coordinator may overrule."""
    return kind in _BY_ID


def rule_name(rule_id: str) -> str:
    """Name a rule in the user's language."""
    names = {
        "eu_emblem": pgettext("rule of the EU", "one emblem"),
        "eu_height": pgettext("rule of the EU", "height of the flag"),
        "eu_clear_space": pgettext("rule of the EU", "clear space around the emblem"),
        "eu_other_logo": pgettext("rule of the EU", "no larger logo"),
        "eu_ground": pgettext("rule of the EU", "ground of the emblem"),
        "eu_statement": pgettext("rule of the EU", "the whole statement"),
        "eu_statement_words": pgettext("rule of the EU", "words of the statement"),
        "eu_statement_face": pgettext("rule of the EU", "typeface of the statement"),
        "eu_statement_colour": pgettext("rule of the EU", "colour of the statement"),
        "eu_disclaimer": pgettext("rule of the EU", "the whole disclaimer"),
        "eu_disclaimer_size": pgettext("rule of the EU", "size of the disclaimer"),
    }
    return names.get(rule_id, rule_id)


def _emblem(piece: FundedPiece) -> Iterator[str]:
    count = len(piece.emblems)
    if piece.band is None:
        if count:
            yield _("The EU's emblem stands on a piece that no EU money pays for. Take it off.")
    elif count != 1:
        message = ngettext(
            "There is {count} EU emblem on each piece; there has to be one, and no more.",
            "There are {count} EU emblems on each piece; there has to be one, and no more.",
            count,
        )
        yield message.format(count=count)
    for mark in piece.emblems:
        if not _page(piece).contains(extent_of(mark, piece.trim_mm)):
            yield _("The EU's emblem reaches over the edge of the piece. Move it inside.")


def _height(piece: FundedPiece) -> Iterator[str]:
    least = LEAST_ON_CARDS_MM if piece.is_card else LEAST_HEIGHT_MM
    for mark in piece.emblems:
        found = mark.height / POINTS_PER_MM
        if found < least - _SLACK_MM:
            message = _(
                "The flag of the EU is {found} mm high; at least {least} mm are needed. "
                "Choose a larger size of paper, or another template."
            )
            yield message.format(found=_mm(found), least=_mm(least))


def _clear_space(piece: FundedPiece) -> Iterator[str]:
    for emblem in piece.emblems:
        needed = CLEAR_SPACE * emblem.height
        others = [mark for mark in piece.marks if mark is not emblem]
        gaps = [free_space(emblem, mark, piece.trim_mm) for mark in others]
        nearest = min([*gaps, _page(piece).room_around(extent_of(emblem, piece.trim_mm))])
        if nearest < needed - _SLACK:
            message = _(
                "Only {found} mm are free around the EU's emblem; half its height is needed, {least} mm. "
                "Move what stands too near."
            )
            found = max(nearest, 0.0) / POINTS_PER_MM
            yield message.format(found=_mm(found), least=_mm(needed / POINTS_PER_MM))


def _other_logo(piece: FundedPiece) -> Iterator[str]:
    flags = piece.emblems
    if not flags:
        return
    tallest = max(mark.height for mark in flags)
    for mark in piece.marks:
        if not isinstance(mark, LogoMark | DiscMark):
            continue
        width, height = picture_size(mark) if isinstance(mark, LogoMark) else (2 * mark.radius,) * 2
        if height > tallest + _SLACK or width > tallest * WIDTH_TO_HEIGHT + _SLACK:
            message = _(
                "A logo is {width} × {height} mm, larger than the EU's emblem "
                "({flag_width} × {flag_height} mm). Make it smaller, or the emblem larger."
            )
            yield message.format(
                width=_mm(width / POINTS_PER_MM),
                height=_mm(height / POINTS_PER_MM),
                flag_width=_mm(tallest * WIDTH_TO_HEIGHT / POINTS_PER_MM),
                flag_height=_mm(tallest / POINTS_PER_MM),
            )


def _ground(piece: FundedPiece) -> Iterator[str]:
    for mark in piece.emblems:
        ground = ground_under(extent_of(mark, piece.trim_mm), piece.marks, piece.trim_mm)
        if ground is None:
            yield _("The EU's emblem stands on several colours. One ground has to go all around it.")
        elif ground != WHITE and not mark.on_colour:
            yield _(
                "The EU's emblem stands on a coloured ground without its white border. "
                "The template has to name the ground."
            )


def _statement(piece: FundedPiece) -> Iterator[str]:
    yield from _whole(
        piece,
        "statement",
        _("The statement of EU funding isn't there as a whole: “{wanted}”. It may not be shortened."),
    )


def _disclaimer(piece: FundedPiece) -> Iterator[str]:
    yield from _whole(
        piece,
        "disclaimer",
        _("The disclaimer of EU funding isn't there as a whole. It may not be shortened or left out."),
    )


def _whole(piece: FundedPiece, field: str, message: str) -> Iterator[str]:
    page = _page(piece)
    for ending, band in piece.bands.items():
        wanted, name = _as_one(getattr(band, field)), field + ending
        is_inside = all(page.contains(extent_of(line, piece.trim_mm)) for line in piece.lines(name))
        if not wanted or piece.text(name) != wanted or not is_inside:
            yield message.format(wanted=wanted)


def _statement_words(piece: FundedPiece) -> Iterator[str]:
    for band in piece.bands.values():
        statement = _as_one(band.statement)
        known = statements(band.language)
        if statement.isupper():
            yield _("The statement of EU funding stands in capitals. Write it as the rules do.")
        elif known and statement not in known:
            message = _("The statement of EU funding says “{found}”; the rules say {wanted}.")
            wanted = " / ".join(f"“{item}”" for item in known)
            yield message.format(found=statement, wanted=wanted)


def _statement_face(piece: FundedPiece) -> Iterator[str]:
    for face in dict.fromkeys(line.face for line in piece.lines_of_all("statement")):
        family, _hyphen, cut = face.partition("-")
        if family not in STATEMENT_FAMILIES or any(word in cut.lower() for word in _SLOPED):
            message = _(
                "The statement of EU funding is set in {face}. "
                "Allowed are, upright and without effects: {faces}."
            )
            yield message.format(face=face, faces=", ".join(sorted(STATEMENT_FAMILIES)))


def _statement_colour(piece: FundedPiece) -> Iterator[str]:
    for line in piece.lines_of_all("statement"):
        ground = ground_under(extent_of(line, piece.trim_mm), piece.marks, piece.trim_mm)
        if line.colour not in STATEMENT_COLOURS:
            yield _(
                "The statement of EU funding may only be blue (#003399), black or white. Change its style."
            )
        elif ground is None or contrast(line.colour, ground) < READABLE:
            yield _("The statement of EU funding doesn't stand out from its ground enough to be read.")
        else:
            continue
        return


def _disclaimer_size(piece: FundedPiece) -> Iterator[str]:
    sizes = [line.size for line in piece.lines_of_all("disclaimer")]
    if sizes and min(sizes) < LEAST_DISCLAIMER_PT - 0.01:
        message = _(
            "The disclaimer of EU funding is set in {found} points; at least {least} are needed. "
            "Choose a larger size of paper, or another template."
        )
        yield message.format(found=_mm(min(sizes)), least=_mm(LEAST_DISCLAIMER_PT))


def _mm(value: float) -> str:
    """Write a measure, rounded down: what misses a rule by a hair never looks like what it asks for."""
    down = math.floor(value * 100 + 1e-6) / 100
    return format_decimal(down, format="0.##", locale=current_language())


def _as_one(text: str) -> str:
    return " ".join(clean_text(text).split())


def _page(piece: FundedPiece) -> Extent:
    return piece.part or Extent(0, 0, piece.trim_mm[0] * POINTS_PER_MM, piece.trim_mm[1] * POINTS_PER_MM)


RULES = (
    FundingRule("eu_emblem", "emblem", _emblem),
    FundingRule("eu_height", "emblem", _height),
    FundingRule("eu_clear_space", "emblem", _clear_space),
    FundingRule("eu_other_logo", "logo", _other_logo),
    FundingRule("eu_ground", "emblem", _ground),
    FundingRule("eu_statement", "statement", _statement),
    FundingRule("eu_statement_words", "statement", _statement_words),
    FundingRule("eu_statement_face", "statement", _statement_face),
    FundingRule("eu_statement_colour", "statement", _statement_colour),
    FundingRule("eu_disclaimer", "disclaimer", _disclaimer),
    FundingRule("eu_disclaimer_size", "disclaimer", _disclaimer_size),
)
_BY_ID = {rule.id: rule for rule in RULES}
