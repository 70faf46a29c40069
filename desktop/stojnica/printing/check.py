"""The check before a flyer is shown: rendered, scanned again, and read for what paper can't take back."""

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass, fields, replace

from PIL import Image

from stojnica.domain.errors import UserFacingError
from stojnica.i18n import gettext as _
from stojnica.i18n import ngettext
from stojnica.printing.colour import READABLE, SCANNABLE, Colour, contrast
from stojnica.printing.flyer import DEFAULT_TEMPLATE, Back, FlyerContent, draw_flyer
from stojnica.printing.fonts import character_name, missing_characters
from stojnica.printing.funding_check import (
    FundedPiece,
    fingerprint,
    funding_problems,
    is_funding_rule,
    separated_pieces,
)
from stojnica.printing.layout import lay_out, palette
from stojnica.printing.marks import Layout, LineMark
from stojnica.printing.problem import (
    CHECK_WORDING,
    CODE_TOO_SMALL,
    DOES_NOT_DECODE,
    EMPTY,
    HARD_TO_SCAN,
    LOW_CONTRAST,
    MISSING_CHARACTER,
    PLACEHOLDER,
    TOO_MANY_WORDS,
    FlyerProblem,
    field_name,
)
from stojnica.printing.render import page_image, page_png
from stojnica.printing.scan import codes_in, failed_trials
from stojnica.printing.template import INK, Code, Sheet, Template, Texts
from stojnica.printing.template_file import load_template

SCAN_DPI = (150, 300)
# Unfilled fields of our own texts, and the same percent-encoded in a link.
_PLACEHOLDER = re.compile(r"\{[^{}\n]{0,60}\}|%7B.{0,60}?%7D", re.IGNORECASE)
_NAMED_AT_MOST = 5


@dataclass(frozen=True, slots=True)
class CheckedSide:
    """Hold how one side is laid out, and what is wrong on it."""

    layout: Layout
    problems: tuple[FlyerProblem, ...]


@dataclass(frozen=True, slots=True)
class CheckedFlyer:
    """Hold a flyer's PDF with all that is wrong with it; `pdf` may be shown, only `printable_pdf` printed.

    `piece` names what is on one piece (SHA-256 of its marks): a rule is overruled for this very one.
    """

    pdf: bytes
    up: int
    problems: tuple[FlyerProblem, ...]
    piece: str = ""
    sides: tuple[CheckedSide, ...] = ()

    @property
    def is_printable(self) -> bool:
        """Tell whether nothing blocks it; hints alone don't."""
        return not any(problem.is_blocking for problem in self.problems)

    def printable_pdf(self) -> bytes:
        """Give the PDF to print or save.

        Raises:
            UserFacingError: it isn't printable; it says everything that is wrong.
        """
        blocking = [problem.message for problem in self.problems if problem.is_blocking]
        if blocking:
            raise UserFacingError(
                _("The flyer can't be printed.") + " " + " ".join(blocking),
                safe=_("Nothing was printed."),
                next_step=_("Correct what is named here, and make the flyer again."),
                code="flyer_not_printable",
            )
        return self.pdf

    @property
    def broken_rules(self) -> tuple[FlyerProblem, ...]:
        """Give the rules of the EU that block it."""
        return tuple(item for item in self.problems if item.is_blocking and is_funding_rule(item.kind))

    def overruled(self, rules: Collection[str]) -> "CheckedFlyer":
        """Give the flyer with these rules of the EU told, but not in the way; nothing else is let by."""
        problems = (
            replace(item, is_blocking=False) if item.kind in rules and is_funding_rule(item.kind) else item
            for item in self.problems
        )
        return replace(self, problems=tuple(problems))

    def preview_png(self, dpi: float = 110) -> bytes:
        """Render its page as a PNG, whatever is wrong with it."""
        return page_png(self.pdf, 0, dpi)


@dataclass(frozen=True, slots=True)
class Behind:
    """Say what stands on the back of each piece, and at which edge the printer turns the paper."""

    content: FlyerContent
    edge: str = ""


@dataclass(frozen=True, slots=True)
class DrawnFlyer:
    """Hold a flyer as it will be printed, to be looked at while it is checked; nothing of it is printed yet.

    With `pieces` there are as many sheets as these need; all carry the same piece, and the first is scanned.
    """

    pdf: bytes
    up: int
    template: Template
    pieces: int | None
    sides: tuple[tuple[FlyerContent, Layout], ...]

    def checked(self) -> CheckedFlyer:
        """Read its texts, measure its rules, and scan its codes; takes a part of a second."""
        sides = [self._checked_side(page) for page in range(len(self.sides))]
        problems = dict.fromkeys(problem for side in sides for problem in side.problems)
        funded = [piece for said, placed in self.sides for piece in _funded(said, placed, self.template)]
        return CheckedFlyer(self.pdf, self.up, tuple(problems), piece=fingerprint(funded), sides=tuple(sides))

    def _checked_side(self, page: int) -> CheckedSide:
        said, placed = self.sides[page]
        found = [
            *placed.problems,
            *_in_texts(said, self.template),
            *_in_marks(placed),
            *_in_colours(said, self.template),
            *(
                problem
                for piece in _funded(said, placed, self.template)
                for problem in funding_problems(piece)
            ),
            *_in_codes(said, self.template),
        ]
        if not any(problem.field == "url" for problem in found):
            there = self.up if self.pieces is None else self.pieces
            sheet = self.template.sheets[self.up]
            found.extend(_in_scans(self.pdf, page, [said.url] * placed.codes, sheet, there))
        return CheckedSide(placed, tuple(dict.fromkeys(found)))


def drawn_flyer(
    content: FlyerContent,
    up: int = 1,
    template: Template | None = None,
    pieces: int | None = None,
    behind: Behind | None = None,
) -> DrawnFlyer:
    """Make a flyer, `up` pieces on a sheet, from any thread.

    Raises:
        ValueError: the template has no sheet with that many pieces, or no piece is wanted.
    """
    chosen = template or load_template(DEFAULT_TEMPLATE)
    layout = lay_out(content, chosen)
    sides = [(content, layout)]
    back = None
    if behind is not None:
        back = Back(lay_out(behind.content, chosen), behind.edge)
        sides.append((behind.content, back.layout))
    return DrawnFlyer(draw_flyer(content, layout, chosen, up, pieces, back), up, chosen, pieces, tuple(sides))


def checked_flyer(
    content: FlyerContent,
    up: int = 1,
    template: Template | None = None,
    pieces: int | None = None,
    behind: Behind | None = None,
) -> CheckedFlyer:
    """Make a flyer as `drawn_flyer` does, and check it; takes a part of a second, from any thread.

    Raises:
        ValueError: the template has no sheet with that many pieces, or no piece is wanted.
    """
    return drawn_flyer(content, up, template, pieces, behind).checked()


def _funded(content: FlyerContent, layout: Layout, template: Template) -> tuple[FundedPiece, ...]:
    second = content.second.funding if content.second else None
    return separated_pieces(layout.marks, template, content.funding, second)


def _in_texts(content: FlyerContent, template: Template) -> Iterator[FlyerProblem]:
    if not content.title.strip():
        yield FlyerProblem(EMPTY, _("The flyer has no title."), "title")
    texts = [*_texts(content), *(() if content.second is None else _texts(content.second))]
    for field, text in texts:
        for found in _PLACEHOLDER.findall(text)[:_NAMED_AT_MOST]:
            message = _("{placeholder} was not filled in: {field}.")
            yield FlyerProblem(PLACEHOLDER, message.format(placeholder=found, field=field_name(field)), field)
    bodies = (content.body, content.second.body if content.second is not None else "")
    words, most = max(len(body.split()) for body in bodies), template.most_body_words
    if words > most:
        message = ngettext(
            "The text has {count} word; a flyer of this kind is read to the end with at most {most}.",
            "The text has {count} words; a flyer of this kind is read to the end with at most {most}.",
            words,
        )
        yield FlyerProblem(TOO_MANY_WORDS, message.format(count=words, most=most), "body", False)
    if content.funding is not None and content.funding.must_be_verified:
        message = _("Check the wording of EU funding in this language before the first use.")
        yield FlyerProblem(CHECK_WORDING, message, "disclaimer", False)


def _texts(content: FlyerContent) -> Iterator[tuple[str, str]]:
    for item in fields(content):
        value = getattr(content, item.name)
        # The password of a Wi-Fi may have braces in it.
        is_payload = item.name == "url" and not content.url.startswith(("http://", "https://"))
        if isinstance(value, str) and not is_payload:
            yield item.name, value
    if content.funding is not None:
        yield "statement", content.funding.statement
        yield "disclaimer", content.funding.disclaimer


def _in_marks(layout: Layout) -> Iterator[FlyerProblem]:
    """Name what a face can't print; reportlab drops such characters without a word."""
    missing: dict[str, dict[str, None]] = {}
    for mark in layout.flat():
        if isinstance(mark, LineMark):
            found = missing_characters(mark.text, mark.face)
            missing.setdefault(mark.field, {}).update(dict.fromkeys(found))
    for field, characters in missing.items():
        if characters:
            named = ", ".join(character_name(character) for character in list(characters)[:_NAMED_AT_MOST])
            message = _("The typeface can't print {characters} ({field}).")
            text = message.format(characters=named, field=field_name(field))
            yield FlyerProblem(MISSING_CHARACTER, text, field)


def _in_colours(content: FlyerContent, template: Template) -> Iterator[FlyerProblem]:
    try:
        colours = palette(template, content.accent)
    except ValueError:
        return  # The layout has named it.
    for box in template.boxes(is_funded=content.funding is not None):
        if isinstance(box, Texts) and not _can_be_read(box, template, colours):
            message = _("Text on this accent colour is hard to read. A darker one is better.")
            yield FlyerProblem(LOW_CONTRAST, message, "accent", False)
        if isinstance(box, Code) and contrast(colours[INK], colours[box.ground]) < SCANNABLE:
            message = _("The code doesn't stand out from its ground enough to be scanned.")
            yield FlyerProblem(LOW_CONTRAST, message, "url")


def _in_codes(content: FlyerContent, template: Template) -> Iterator[FlyerProblem]:
    """Name a code under a tenth of the distance from which it is read."""
    for box in template.boxes(is_funded=content.funding is not None):
        if isinstance(box, Code) and box.side_mm < template.reading_cm:
            message = _("The code is too small to be read from {distance} cm: it needs {side} mm.")
            text = message.format(distance=round(template.reading_cm), side=round(template.reading_cm))
            yield FlyerProblem(CODE_TOO_SMALL, text, "url")


def _can_be_read(box: Texts, template: Template, colours: dict[str, Colour]) -> bool:
    inks = (colours[template.styles[item.style].colour] for item in (*box.items, *box.foot))
    return all(contrast(ink, colours[box.ground]) >= READABLE for ink in inks)


def _in_scans(
    pdf: bytes, page: int, payloads: list[str], sheet: Sheet, pieces: int
) -> Iterator[FlyerProblem]:
    unread, failed = 0, set[str]()
    there = min(pieces, sheet.columns * sheet.rows)
    for dpi in SCAN_DPI:
        picture = page_image(pdf, page, dpi, is_grey=True)
        # On the back of a sheet that isn't full, the free places lie elsewhere.
        read = sum(_reads(piece, payloads) for piece in _pieces(picture, sheet))
        unread = max(unread, there - read)
        # All pieces are one drawing, so that one code of one piece stands for all.
        whole = next((piece for piece in _pieces(picture, sheet) if _reads(piece, payloads)), None)
        if whole is not None:
            failed.update(failed_trials(whole, dpi, most=1))
    if failed and not unread:
        message = _("The code is read from the sharp page alone. It needs more room, or a shorter address.")
        yield FlyerProblem(HARD_TO_SCAN, message, "url")
    if unread:
        message = ngettext(
            "{count} code on the page could not be read by the check, or leads elsewhere.",
            "{count} codes on the page could not be read by the check, or lead elsewhere.",
            unread,
        )
        yield FlyerProblem(DOES_NOT_DECODE, message.format(count=unread), "url")


def _pieces(picture: Image.Image, sheet: Sheet) -> Iterator[Image.Image]:
    across, down = picture.width / sheet.columns, picture.height / sheet.rows
    for row in range(sheet.rows):
        for column in range(sheet.columns):
            left, top = round(column * across), round(row * down)
            yield picture.crop((left, top, round(left + across), round(top + down)))


def _reads(picture: Image.Image, payloads: list[str]) -> bool:
    return codes_in(picture) == payloads
