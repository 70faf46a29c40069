"""Pages of A4 from the top down: a coloured head, a foot with page numbers, and the band of EU funding."""

import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from reportlab.lib.colors import Color
from reportlab.pdfgen.canvas import Canvas

from stojnica.printing.colour import most_readable, parse_colour
from stojnica.printing.emblem import CLEAR_SPACE, LEAST_HEIGHT_MM, WIDTH_TO_HEIGHT, draw_emblem
from stojnica.printing.fonts import (
    PRESS,
    REGULAR,
    SEMIBOLD,
    STATEMENT,
    UNPRINTABLE,
    cap_height,
    missing_characters,
    register_fonts,
    text_width,
)
from stojnica.printing.funding import FundingBand
from stojnica.printing.paper_logo import PaperLogo
from stojnica.printing.typesetting import POINTS_PER_MM, TextStyle, break_held

PAPER_MM = (210.0, 297.0)
ACCENT = "#0B6E63"
INK, SOFT, LINE, HAIR, WHITE = "#1B2A33", "#5B6B74", "#8A857B", "#E3DED4", "#FFFFFF"
BODY, SMALL, TITLE, HEADING = 10.5, 9.0, 24.0, 13.0
LEADING = 1.4
LEAST_LEGAL_PT = 6.5
WIDTH, HEIGHT = PAPER_MM[0] * POINTS_PER_MM, PAPER_MM[1] * POINTS_PER_MM
MARGIN = 18 * POINTS_PER_MM
INNER = WIDTH - 2 * MARGIN
_INSET = 5 * POINTS_PER_MM
_HEAD, _NEXT_HEAD = 32 * POINTS_PER_MM, 19 * POINTS_PER_MM
_FOOT_LINE = 10 * POINTS_PER_MM
_FOOT = 18 * POINTS_PER_MM
_LEAST_TITLE = 15.0
_HANGING = 3.5
_LOGO = 7 * POINTS_PER_MM
_BESIDE_LOGO = 6.0


@dataclass(frozen=True, slots=True)
class PaperHead:
    """Hold what stands on each page; `page_words` has {page} and {pages}, and without `funding` no emblem.

    `logo` is a PNG, JPEG or SVG of the organisation; without one its name stands alone.
    """

    title: str
    subtitle: str
    organisation: str
    foot: str = ""
    accent: str = ""
    language: str = "sl"
    page_words: str = "{page} / {pages}"
    funding: FundingBand | None = None
    logo: bytes | None = None


def make_paper(head: PaperHead, draw: Callable[["Paper"], None]) -> bytes:
    """Make the PDF; `draw` is called twice, because each page says how many there are.

    Safe from any thread, one document at a time; the same calls give the same bytes. What no shipped face
    can print stands as a sign for it.
    """
    with PRESS:
        register_fonts()
        counted = Paper(head, pages=1)
        draw(counted)
        counted.finish()
        paper = Paper(head, pages=counted.page)
        draw(paper)
        return paper.finish()


class Paper:
    """Draw from the top down, in points; `y` is the last baseline, and `need` begins another page."""

    def __init__(self, head: PaperHead, *, pages: int) -> None:
        self._head_words = head
        self._pages = pages
        self._target = io.BytesIO()
        self._band = _Band(head.funding) if head.funding else None
        self._logo = PaperLogo(head.logo, _LOGO, self._band.emblem if self._band else 0.0)
        self.accent = head.accent or ACCENT
        self.canvas = Canvas(
            self._target,
            pagesize=(WIDTH, HEIGHT),
            initialFontName=REGULAR,
            pageCompression=1,
            lang=head.language,
            # No moment and no random id: the same paper is the same bytes.
            invariant=True,
        )
        self.canvas.setTitle(printable(f"{head.title} · {head.organisation}"))
        self.canvas.setAuthor(printable(head.organisation))
        self.canvas.setSubject(printable(head.subtitle))
        self.canvas.setCreator("Stojnica")
        self.page = 1
        self.y = HEIGHT
        self._head()

    @property
    def bottom(self) -> float:
        """Give the height under which only the foot may stand."""
        return _FOOT + (self._band.height + self._lift if self._band else 0.0)

    @property
    def _lift(self) -> float:
        """Give how much higher the band stands for the clear space of the emblem above the logo."""
        return max(_logo_middle() + self._logo.height / 2 - _FOOT_LINE - SMALL, 0.0)

    def finish(self) -> bytes:
        """End the last page, and give the file."""
        self._foot()
        self.canvas.showPage()
        self.canvas.save()
        return self._target.getvalue()

    def need(self, height: float) -> bool:
        """Begin another page when so much has no room on this one; tells whether it did."""
        if self.y - height >= self.bottom:
            return False
        self.new_page()
        return True

    def new_page(self) -> None:
        """Begin another page."""
        self._foot()
        self.canvas.showPage()
        self.page += 1
        self._head()

    def heading(self, text: str, *, room: float = HEADING * 4) -> None:
        """Write a heading that stays with so much of what follows."""
        self.need(room)
        self.y -= HEADING * 1.8
        self.write(text, MARGIN, HEADING, face=SEMIBOLD)
        self.y -= 5

    def paragraph(self, text: str, size: float = BODY, *, colour: str = INK, indent: float = 0.0) -> None:
        """Write a text over as many lines as it takes."""
        for part in broken(text, INNER - indent, size):
            self.need(size * LEADING)
            self.y -= size * LEADING
            self.write(part, MARGIN + indent, size, colour=colour)

    def rule(self, gap: float) -> None:
        """Draw a hairline so far below."""
        self.y -= gap
        self.line(MARGIN, self.y, WIDTH - MARGIN, self.y)

    def line(
        self, x: float, y: float, to_x: float, to_y: float, *, colour: str = HAIR, width: float = 0.6
    ) -> None:
        """Draw a line."""
        self.canvas.setStrokeColor(ink(colour))
        self.canvas.setLineWidth(width)
        self.canvas.line(x, y, to_x, to_y)

    def write(
        self,
        text: str,
        x: float,
        size: float,
        *,
        face: str = REGULAR,
        colour: str = INK,
        is_right: bool = False,
        room: float = INNER,
    ) -> None:
        """Write one line on the baseline; what is wider than its room is shortened."""
        words = fitting(printable(text, face), face, size, room)
        self.canvas.setFont(face, size)
        self.canvas.setFillColor(ink(colour))
        draw = self.canvas.drawRightString if is_right else self.canvas.drawString
        draw(x, self.y, words)

    def _head(self) -> None:
        words, canvas = self._head_words, self.canvas
        ground = parse_colour(self.accent)
        on_ground = WHITE if most_readable(ground, parse_colour(WHITE), parse_colour(INK)).red == 1 else INK
        height = _HEAD if self.page == 1 else _NEXT_HEAD
        canvas.setFillColor(ink(self.accent))
        canvas.roundRect(_INSET, HEIGHT - height, WIDTH - 2 * _INSET, height - _INSET, 8, stroke=0, fill=1)
        if self.page == 1:
            size, lines = _title(words.title)
            self.y = HEIGHT - _INSET - 12.5 * POINTS_PER_MM + (len(lines) - 1) * size * 0.75
            for line in lines:
                self.write(line, MARGIN, size, face=SEMIBOLD, colour=on_ground)
                self.y -= size * 1.25
            self.y = HEIGHT - _INSET - 21.5 * POINTS_PER_MM
            self.write(words.subtitle, MARGIN, BODY, colour=on_ground)
        else:
            self.y = HEIGHT - _INSET - 8.8 * POINTS_PER_MM
            title = fitting(printable(words.title, SEMIBOLD), SEMIBOLD, HEADING, INNER * 0.55)
            self.write(title, MARGIN, HEADING, face=SEMIBOLD, colour=on_ground)
            left = INNER - text_width(title, SEMIBOLD, HEADING) - 14
            self.write(words.subtitle, WIDTH - MARGIN, SMALL, colour=on_ground, is_right=True, room=left)
        self.y = HEIGHT - height - 3 * POINTS_PER_MM

    def _foot(self) -> None:
        words = self._head_words
        before, self.y = self.y, _FOOT_LINE
        page = words.page_words.format(page=self.page, pages=self._pages)
        foot = " · ".join(part for part in (words.foot, page) if part)
        self._logo.draw(self.canvas, MARGIN, _logo_middle())
        beside = self._logo.width + _BESIDE_LOGO if self._logo.width else 0.0
        self.write(words.organisation, MARGIN + beside, SMALL, colour=SOFT, room=INNER * 0.48 - beside)
        self.write(foot, WIDTH - MARGIN, SMALL, colour=SOFT, is_right=True, room=INNER * 0.48)
        if self._band:
            above = _FOOT_LINE + SMALL + self._lift
            self._band.draw(self.canvas, MARGIN, above + CLEAR_SPACE * self._band.emblem)
        self.y = before


class _Band:
    """Draw emblem, statement and disclaimer side by side (CERV model grant agreement, Art. 17)."""

    def __init__(self, funding: FundingBand) -> None:
        self._funding = funding
        self.emblem = LEAST_HEIGHT_MM * POINTS_PER_MM
        self._beside = self.emblem * (WIDTH_TO_HEIGHT + CLEAR_SPACE)
        self._lines = broken(funding.disclaimer, INNER - self._beside, LEAST_LEGAL_PT, STATEMENT)
        self._text = 9.0 + 2.5 + len(self._lines) * LEAST_LEGAL_PT * 1.25
        # What hangs below the last line of the page counts as well.
        self.height = max(self.emblem, self._text) + CLEAR_SPACE * self.emblem + _HANGING

    def draw(self, canvas: Canvas, x: float, y: float) -> None:
        draw_emblem(canvas, x, y, self.emblem, mono=self._funding.is_mono)
        top = y + max(self.emblem, self._text)
        baseline = top - cap_height(STATEMENT) * 9.0
        canvas.setFillColor(ink("#000000"))
        canvas.setFont(STATEMENT, 9.0)
        canvas.drawString(x + self._beside, baseline, printable(self._funding.statement, STATEMENT))
        canvas.setFont(STATEMENT, LEAST_LEGAL_PT)
        baseline -= 2.5
        for line in self._lines:
            baseline -= LEAST_LEGAL_PT * 1.25
            canvas.drawString(x + self._beside, baseline, line)


def _logo_middle() -> float:
    """Give the height around which the logo stands: that of the capitals beside it."""
    return _FOOT_LINE + cap_height(REGULAR) * SMALL / 2


def broken(text: str, width: float, size: float, face: str = REGULAR) -> Sequence[str]:
    """Break a text into lines; a word that is wider than the line is broken where it has to be."""
    style = TextStyle(face, "", size, size)
    words = " ".join(printable(text, face).split())
    lines = break_held(words, style, size, width)
    if lines is not None:
        return lines
    found: list[str] = []
    for letter in words:
        if found and text_width(found[-1] + letter, face, size) <= width:
            found[-1] += letter
        else:
            found.append(letter)
    return found


def fitting(text: str, face: str, size: float, room: float) -> str:
    """Shorten what doesn't fit; only names of events are ever so long."""
    while len(text) > 1 and text_width(text, face, size) > room:
        text = text[:-2].rstrip() + "…"
    return text


def printable(text: str, face: str = REGULAR) -> str:
    """Give a text in which a sign stands for each letter that the face lacks."""
    plain = "".join(letter if letter.isprintable() else " " for letter in text)
    for letter in missing_characters(plain, face):
        plain = plain.replace(letter, UNPRINTABLE)
    return plain


def ink(colour: str) -> Color:
    """Give a colour as reportlab has it."""
    read = parse_colour(colour)
    return Color(read.red, read.green, read.blue)


def _title(title: str) -> tuple[float, Sequence[str]]:
    """Make a long title smaller, then give it a second line, before anything of it is cut."""
    size = TITLE
    while size > _LEAST_TITLE and text_width(printable(title, SEMIBOLD), SEMIBOLD, size) > INNER:
        size -= 0.5
    lines = list(broken(title, INNER, size, SEMIBOLD)) or [""]
    return size, [*lines[:1], " ".join(lines[1:])] if len(lines) > 1 else lines
