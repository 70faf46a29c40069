"""Where everything of a slip goes: as large as a sheet allows, and never smaller than can be read."""

from collections.abc import Sequence
from dataclasses import replace

from stojnica.printing.colour import READABLE, Colour, contrast, parse_colour
from stojnica.printing.emblem import CLEAR_SPACE, LEAST_HEIGHT_MM, WIDTH_TO_HEIGHT
from stojnica.printing.fonts import REGULAR, SEMIBOLD, STATEMENT, cap_height, text_width
from stojnica.printing.marks import EmblemMark, LineMark
from stojnica.printing.slip_content import SlipConsent, SlipContent, SlipGuardian, SlipQuestion
from stojnica.printing.slip_paper import (
    CODE_MM,
    DENSITIES,
    LEAST_LEGAL_PT,
    LEAST_TEXT_PT,
    MARGIN_MM,
    PAPERS,
    BoxMark,
    Density,
    RuleMark,
    SlipLayout,
    SlipMark,
    SlipPaper,
)
from stojnica.printing.typesetting import POINTS_PER_MM, TextStyle, break_lines, clean_text

INK = parse_colour("#1B2A33")
SOFT = parse_colour("#4A5860")
_WHITE = parse_colour("#FFFFFF")
_BLACK = parse_colour("#000000")  # A slip's ink is none of the colours that the statement may have.
_BOX_MM = 3.2
_QUIET_MM = 3.2
_LEADING = 1.22
_MOST_AIR_MM = 2.5


def lay_out_slip(content: SlipContent) -> SlipLayout | None:
    """Lay a slip out on the smallest piece that it fits on; None when even A4 is too small."""
    for paper in PAPERS:
        for density in DENSITIES:
            flow = _Flow(content, paper, density)
            if flow.fits:
                # What is left over goes between the parts, as long as that stays one page.
                airy = _Flow(content, paper, density, flow.air)
                return (airy if airy.fits else flow).layout()
    return None


class _Flow:
    """Set one piece from the top down; `y` is where the next thing begins."""

    def __init__(self, content: SlipContent, paper: SlipPaper, density: Density, air: float = 0.0) -> None:
        self._content = content
        self._paper = paper
        self._density = density
        self._marks: list[SlipMark] = []
        self._is_overfull = False
        self._air = air
        self._spare = 0.0
        self._parts = 0
        width, height = (side * POINTS_PER_MM for side in paper.piece_mm)
        self._left = MARGIN_MM * POINTS_PER_MM
        self._width = width - 2 * self._left
        self._top = height - self._left
        self._y = self._top
        self._accent = _readable(content.accent)
        self._head()
        for section in content.sections:
            self._section_head(section.title, section.lead)
            self._questions(section.questions)
        self._section_head(content.consents_title, "")
        for consent in content.consents:
            self._consent(consent)
        if content.guardian is not None:
            self._guardian(content.guardian)
        self._foot()

    @property
    def fits(self) -> bool:
        """Tell whether all of it is on the piece."""
        return not self._is_overfull and self._y >= self._left - 0.01

    @property
    def air(self) -> float:
        """Give what may be added before each part, in points."""
        return min(self._spare / max(self._parts, 1), _MOST_AIR_MM * POINTS_PER_MM)

    def layout(self) -> SlipLayout:
        """Give what was set."""
        code = CODE_MM * POINTS_PER_MM
        return SlipLayout(
            paper=self._paper,
            density=self._density,
            marks=tuple(self._marks),
            number_right=self._left + self._width - code - _QUIET_MM * POINTS_PER_MM,
            number_baseline=self._top - cap_height(SEMIBOLD) * 24,
            code_x=self._left + self._width - code,
            code_y=self._top - code,
        )

    def _head(self) -> None:
        content, top = self._content, self._top
        whole = self._width - (CODE_MM + _QUIET_MM) * POINTS_PER_MM
        beside = whole - 33 * POINTS_PER_MM  # The widest number has five digits.
        self._y = top - cap_height(REGULAR) * LEAST_TEXT_PT
        self._paragraph(content.organisation, LEAST_TEXT_PT, beside, SOFT, most=1)
        self._y -= 17
        self._paragraph(content.title, 15, beside, self._accent, face=SEMIBOLD, most=1)
        self._y -= 11
        self._paragraph(f"{content.event} · {content.event_code}", LEAST_TEXT_PT, whole, INK, most=2)
        self._y = min(self._y - 4, top - (CODE_MM + 2.0) * POINTS_PER_MM)
        self._marks.append(RuleMark(self._left, self._y, self._width, is_strong=True))

    def _section_head(self, title: str, lead: str) -> None:
        if not title:
            return
        size = self._density.text_pt + 1
        self._part(0.6 + self._density.gap_mm)
        baseline = self._y - size
        right = self._put(title, SEMIBOLD, size, self._left, baseline, self._accent)
        self._y = baseline - 0.3 * size
        if not lead:
            return
        left = right + 2 * POINTS_PER_MM
        if left + text_width(lead, REGULAR, LEAST_TEXT_PT) <= self._left + self._width:
            self._put(lead, REGULAR, LEAST_TEXT_PT, left, baseline, SOFT)
        else:
            self._paragraph(lead, LEAST_TEXT_PT, self._width, SOFT)

    def _questions(self, questions: Sequence[SlipQuestion]) -> None:
        waiting: SlipQuestion | None = None
        for question in questions:
            is_short = not question.choices and question.lines == 1
            if waiting is not None and is_short and self._fits_half(waiting) and self._fits_half(question):
                self._lines_to_write((waiting, question))
                waiting = None
                continue
            if waiting is not None:
                self._lines_to_write((waiting,))
                waiting = None
            if is_short:
                waiting = question
            elif question.choices:
                self._choices(question)
            else:
                self._lines_to_write((question,))
        if waiting is not None:
            self._lines_to_write((waiting,))

    def _fits_half(self, question: SlipQuestion) -> bool:
        label = text_width(_label(question), SEMIBOLD, self._density.text_pt)
        return label + (question.room_mm + 5) * POINTS_PER_MM <= self._width / 2

    def _lines_to_write(self, questions: Sequence[SlipQuestion]) -> None:
        self._y -= self._density.write_mm * POINTS_PER_MM
        between = 4 * POINTS_PER_MM
        width = (self._width - between * (len(questions) - 1)) / len(questions)
        for place, question in enumerate(questions):
            left = self._left + place * (width + between)
            self._labelled_rule(question.title, question.help, left, width, question.room_mm)
        lines = 1 if self._density.is_tight else max(question.lines for question in questions)
        for _more in range(lines - 1):
            self._y -= self._density.write_mm * POINTS_PER_MM
            self._marks.append(RuleMark(self._left, self._y, self._width))

    def _labelled_rule(self, title: str, help_text: str, left: float, width: float, room_mm: float) -> None:
        size = self._density.text_pt
        end = self._put(title, SEMIBOLD, size, left, self._y, INK)
        if help_text:
            end = self._put(help_text, REGULAR, LEAST_TEXT_PT, end + 0.3 * size, self._y, SOFT)
        end += 1.2 * POINTS_PER_MM
        length = left + width - end
        if length < min(room_mm, 25) * POINTS_PER_MM:
            self._is_overfull = True
        self._marks.append(RuleMark(end, self._y - 1.2, max(length, 0)))

    def _choices(self, question: SlipQuestion) -> None:
        self._part(self._density.gap_mm)
        size, step = self._density.text_pt, self._density.row_mm * POINTS_PER_MM
        title = text_width(question.title, SEMIBOLD, size) + 3 * POINTS_PER_MM
        widths = [self._choice_width(text) for text in question.choices]
        self._y -= max(step, 1.2 * size)
        end = self._put(question.title, SEMIBOLD, size, self._left, self._y, INK)
        spare = 3 * POINTS_PER_MM
        if self._density.is_tight or title + sum(widths) <= self._width + spare:
            self._flow_boxes(question.choices, [title, *widths])
        else:
            help_end = end + 0.5 * size + text_width(question.help, REGULAR, LEAST_TEXT_PT)
            if question.help and help_end < self._left + self._width:
                self._put(question.help, REGULAR, LEAST_TEXT_PT, end + 0.5 * size, self._y, SOFT)
            self._grid(question.choices, widths)
        self._y -= 0.25 * size

    def _flow_boxes(self, choices: Sequence[str], widths: Sequence[float]) -> None:
        """Set boxes one after the other; the first width is what stands before them in this row."""
        if max(widths) - 3 * POINTS_PER_MM > self._width:
            self._is_overfull = True
        for number, row in enumerate(_rows(widths, self._width + 3 * POINTS_PER_MM)):
            self._y -= self._density.row_mm * POINTS_PER_MM if number else 0
            left = self._left
            for place in row:
                if place:
                    self._choice(choices[place - 1], left)
                left += widths[place]

    def _grid(self, choices: Sequence[str], widths: Sequence[float]) -> None:
        step = self._density.row_mm * POINTS_PER_MM
        columns = max(1, int((self._width + 3 * POINTS_PER_MM) // max(widths)))
        in_rows = _rows(widths, self._width + 3 * POINTS_PER_MM)
        if len(in_rows) < -(-len(choices) // columns):
            self._y -= step
            self._flow_boxes(choices, [0.0, *widths])
            return
        self._is_overfull = self._is_overfull or max(widths) - 3 * POINTS_PER_MM > self._width
        # Fewer columns that are as full as can be: four in two rows look calmer than three and one.
        columns = -(-len(choices) // -(-len(choices) // columns))
        for place, text in enumerate(choices):
            if place % columns == 0:
                self._y -= step
            self._choice(text, self._left + place % columns * self._width / columns)

    def _choice_width(self, text: str) -> float:
        return (_BOX_MM + 1.2 + 3) * POINTS_PER_MM + text_width(text, REGULAR, self._density.text_pt)

    def _choice(self, text: str, left: float) -> None:
        self._box(left, self._density.text_pt)
        self._put(
            text,
            REGULAR,
            self._density.text_pt,
            left + (_BOX_MM + 1.2) * POINTS_PER_MM,
            self._y,
            INK,
        )

    def _box(self, left: float, size: float) -> None:
        side = _BOX_MM * POINTS_PER_MM
        middle = self._y + cap_height(REGULAR) * size / 2
        self._marks.append(BoxMark(left, middle - side / 2, side))

    def _consent(self, consent: SlipConsent) -> None:
        size, inset = self._density.text_pt, (_BOX_MM + 1.8) * POINTS_PER_MM
        self._part(0.6 + self._density.gap_mm / 2)
        self._y -= size
        self._box(self._left, size)
        small = max(LEAST_TEXT_PT, size - 0.5)
        rest = self._beside_title(consent, small, inset) if self._density.is_tight else None
        if rest is None:
            self._paragraph(consent.title, size, self._width - inset, INK, face=SEMIBOLD, inset=inset)
            rest = consent.text
        if rest:
            self._y -= _LEADING * small
            self._paragraph(rest, small, self._width - inset, INK, inset=inset)
        if consent.question:
            self._y -= self._density.write_mm * POINTS_PER_MM * 0.95
            left = self._left + inset
            self._labelled_rule(consent.question, "", left, self._width - inset, 40)
            self._y -= 1.2
        self._y -= 0.2 * size

    def _beside_title(self, consent: SlipConsent, size: float, inset: float) -> str | None:
        """Begin a wording behind its title, and give what is left of it; None when there is no room."""
        left = self._left + inset
        begin = left + text_width(consent.title, SEMIBOLD, size) + 0.4 * size
        words = clean_text(consent.text).split(" ")
        taken = 0
        right = self._left + self._width
        while taken < len(words) and begin + text_width(" ".join(words[: taken + 1]), REGULAR, size) <= right:
            taken += 1
        if not taken or "\n" in consent.text:
            return None
        self._put(consent.title, SEMIBOLD, size, left, self._y, INK)
        self._put(" ".join(words[:taken]), REGULAR, size, begin, self._y, INK)
        return " ".join(words[taken:])

    def _guardian(self, guardian: SlipGuardian) -> None:
        self._part(0.8 + self._density.gap_mm / 2)
        size = self._density.text_pt
        self._y -= size
        self._paragraph(guardian.title, size, self._width, INK, face=SEMIBOLD)
        fields = (guardian.name, guardian.relation, guardian.signature)
        is_wide = self._width > 120 * POINTS_PER_MM
        for group in (fields,) if is_wide else (fields[:2], fields[2:]):
            self._lines_to_write([SlipQuestion(text, room_mm=18) for text in group])
        self._y -= 1.2

    def _foot(self) -> None:
        """Set what is at the foot of each piece, on the margin: notice, small print, funding."""
        first = len(self._marks)
        size = self._density.legal_pt
        if self._content.notice:
            self._part(1.2)
            self._y -= size
            whole = f"{self._content.notice} {self._content.address}".strip()
            self._paragraph(whole, size, self._width, INK)
        self._y -= _LEADING * LEAST_LEGAL_PT
        self._paragraph(self._content.version, LEAST_LEGAL_PT, self._width, SOFT)
        if self._content.funding is not None:
            self._funding()
        self._move_down(first)

    def _funding(self) -> None:
        funding = self._content.funding
        assert funding is not None
        height = LEAST_HEIGHT_MM * POINTS_PER_MM
        clear = CLEAR_SPACE * height
        # What hangs below the last baseline counts as well.
        top = self._y - 0.24 * LEAST_LEGAL_PT - clear
        left = self._left + WIDTH_TO_HEIGHT * height + clear
        width = self._left + self._width - left
        self._y = top - cap_height(STATEMENT) * 8.5
        inset = left - self._left
        self._paragraph(funding.statement, 8.5, width, _BLACK, face=STATEMENT, inset=inset, field="statement")
        self._y -= 1.3 * LEAST_LEGAL_PT
        self._paragraph(
            *(funding.disclaimer, LEAST_LEGAL_PT, width, INK), face=STATEMENT, inset=inset, field="disclaimer"
        )
        self._marks.append(EmblemMark(self._left, top - height, height, funding.is_mono))
        self._y = min(self._y, top - height)

    def _move_down(self, first: int) -> None:
        self._spare = max(0.0, self._y - self._left)
        self._marks[first:] = [replace(mark, y=mark.y - self._spare) for mark in self._marks[first:]]
        self._y -= self._spare

    def _part(self, mm: float) -> None:
        self._parts += 1
        self._y -= mm * POINTS_PER_MM + self._air

    def _gap(self, mm: float) -> None:
        self._y -= mm * POINTS_PER_MM

    def _paragraph(
        self,
        text: str,
        size: float,
        width: float,
        colour: Colour,
        *,
        face: str = REGULAR,
        inset: float = 0.0,
        most: int = 0,
        field: str = "",
    ) -> None:
        """Set lines from the baseline `y`; afterwards `y` is the last baseline."""
        if not text:
            return
        lines = break_lines(clean_text(text), TextStyle(face, "ink", size, size, _LEADING), size, width)
        if lines is None or (most and len(lines) > most):
            self._is_overfull = True
            return
        for number, line in enumerate(lines):
            self._y -= _LEADING * size if number else 0
            self._put(line, face, size, self._left + inset, self._y, colour, field)

    def _put(
        self, text: str, face: str, size: float, x: float, y: float, colour: Colour, field: str = ""
    ) -> float:
        """Set one line as it is, and give where it ends."""
        self._marks.append(LineMark(field, text, face, size, 0.0, colour, x, y))
        return x + text_width(text, face, size)


def _label(question: SlipQuestion) -> str:
    return f"{question.title} {question.help}".strip()


def _rows(widths: Sequence[float], width: float) -> list[list[int]]:
    rows: list[list[int]] = []
    taken = width + 1
    for place, needed in enumerate(widths):
        if taken + needed > width:
            rows.append([])
            taken = 0.0
        rows[-1].append(place)
        taken += needed
    return rows


def _readable(accent: str) -> Colour:
    try:
        colour = parse_colour(accent)
    except ValueError:
        return INK
    return colour if contrast(colour, _WHITE) >= READABLE else INK
