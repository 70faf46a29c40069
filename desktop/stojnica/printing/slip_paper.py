"""How slips lie on A4, how large things on them are at least, and the marks that they are drawn with."""

from dataclasses import dataclass

from stojnica.printing.marks import EmblemMark, LineMark

LEAST_TEXT_PT = 7.0
LEAST_LEGAL_PT = 6.0
CODE_MM = 15.0
MARGIN_MM = 5.0


@dataclass(frozen=True, slots=True)
class SlipPaper:
    """Hold how slips lie on A4: `up` pieces on a sheet; sizes in mm, `name` is the size of one piece."""

    name: str
    up: int
    sheet_mm: tuple[float, float]
    columns: int
    rows: int

    @property
    def piece_mm(self) -> tuple[float, float]:
        """Give the size of one piece."""
        return self.sheet_mm[0] / self.columns, self.sheet_mm[1] / self.rows


PAPERS = (
    SlipPaper("A6", 4, (210.0, 297.0), 2, 2),
    SlipPaper("A5", 2, (297.0, 210.0), 2, 1),
    SlipPaper("A4", 1, (210.0, 297.0), 1, 1),
)


@dataclass(frozen=True, slots=True)
class Density:
    """Hold type sizes in points, and in mm the room for a line of handwriting and for a row of boxes.

    When it is tight, boxes begin beside their question, and a remark gets one line.
    """

    text_pt: float
    legal_pt: float
    write_mm: float
    row_mm: float
    gap_mm: float
    is_tight: bool = False


DENSITIES = (
    Density(9.0, 7.0, 9.5, 5.6, 2.6),
    Density(8.5, 6.75, 9.0, 5.2, 2.0),
    Density(8.0, 6.5, 8.2, 4.8, 1.5),
    Density(7.5, 6.25, 7.5, 4.4, 1.1),
    Density(7.5, 6.25, 7.5, 4.4, 1.1, is_tight=True),
    Density(LEAST_TEXT_PT, LEAST_LEGAL_PT, 7.0, 4.1, 0.8, is_tight=True),
    # The pitch of narrow ruled paper: less is no room to write in.
    Density(LEAST_TEXT_PT, LEAST_LEGAL_PT, 6.4, 3.9, 0.6, is_tight=True),
)


@dataclass(frozen=True, slots=True)
class BoxMark:
    """Draw an empty box to tick; points from the lower left corner, as in all marks."""

    x: float
    y: float
    side: float


@dataclass(frozen=True, slots=True)
class RuleMark:
    """Draw a line to write on, or one that parts; `is_strong` is the latter."""

    x: float
    y: float
    length: float
    is_strong: bool = False


SlipMark = LineMark | BoxMark | RuleMark | EmblemMark


@dataclass(frozen=True, slots=True)
class SlipLayout:
    """Hold the marks of one piece, and where its number ends and its code begins, in points."""

    paper: SlipPaper
    density: Density
    marks: tuple[SlipMark, ...]
    number_right: float
    number_baseline: float
    code_x: float
    code_y: float
