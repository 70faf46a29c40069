"""What a piece of paper is made of: marks in the order of printing, in points from the lower left corner."""

from collections.abc import Iterator
from dataclasses import dataclass

from stojnica.printing.colour import Colour
from stojnica.printing.logo import Logo
from stojnica.printing.photo_place import PhotoMark
from stojnica.printing.problem import FlyerProblem
from stojnica.printing.qr import QrCode
from stojnica.printing.rule import RuleMark
from stojnica.printing.template import Area

# In points from the lower left corner: left, bottom, right, top.
Box = tuple[float, float, float, float]


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
    """Print the emblem of the EU, in black alone or with the border for a coloured ground where so."""

    x: float
    y: float
    height: float
    is_mono: bool = False
    on_colour: bool = False


@dataclass(frozen=True, slots=True)
class LogoMark:
    """Print the organisation's picture on a white card, `x` to `height` being the card's."""

    logo: Logo
    x: float
    y: float
    width: float
    height: float
    padding: float


@dataclass(frozen=True, slots=True)
class ArtworkMark:
    """Print artwork in an area (mm from the upper left corner), no further than the `ground` it lies on.

    Artwork of one `name` is the same: it is drawn once, however often it is printed.
    """

    name: str
    area: Area
    artwork: Logo
    bleed: frozenset[str]
    ground: FillMark | None = None


@dataclass(frozen=True, slots=True)
class TurnedMark:
    """Print marks a quarter turned to the left; `x`, `y` is where their lower left corner comes to lie."""

    marks: "tuple[Mark, ...]"
    x: float
    y: float

    def on_page(self, left: float, bottom: float, right: float, top: float) -> "Box":
        """Give where a rectangle comes to lie, in the same order."""
        return (self.x - top, self.y + left, self.x - bottom, self.y + right)


Mark = (
    FillMark
    | DiscMark
    | LineMark
    | CodeMark
    | EmblemMark
    | LogoMark
    | RuleMark
    | TurnedMark
    | PhotoMark
    | ArtworkMark
)


@dataclass(frozen=True, slots=True)
class Layout:
    """Hold the marks of one piece, in the order of printing, and what did not work out."""

    marks: tuple[Mark, ...]
    problems: tuple[FlyerProblem, ...]

    def flat(self) -> Iterator[Mark]:
        """Give all marks, the turned ones too."""
        for mark in self.marks:
            if isinstance(mark, TurnedMark):
                yield from mark.marks
            else:
                yield mark

    @property
    def codes(self) -> int:
        """Count the codes of one piece."""
        return sum(isinstance(mark, CodeMark) for mark in self.flat())
