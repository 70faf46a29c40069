"""How much room a printed thing takes, how far it is from others, and on what colour it stands."""

import math
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

from stojnica.printing.colour import WHITE, Colour
from stojnica.printing.emblem import WIDTH_TO_HEIGHT
from stojnica.printing.fonts import text_width
from stojnica.printing.marks import (
    ArtworkMark,
    CodeMark,
    DiscMark,
    EmblemMark,
    FillMark,
    LineMark,
    LogoMark,
    Mark,
    TurnedMark,
)
from stojnica.printing.photo_place import PhotoMark
from stojnica.printing.rule import RuleMark
from stojnica.printing.typesetting import POINTS_PER_MM

# Of the size, in the shipped faces: what hangs below the baseline, small letters that rise, and Č or Á.
_DESCENDER, _ASCENDER, _MARKED_CAPITAL = 0.24, 0.78, 0.95
_SLACK = 0.01


@dataclass(frozen=True, slots=True)
class Extent:
    """Hold a rectangle in points, from the lower left corner of the piece."""

    left: float
    bottom: float
    right: float
    top: float

    @property
    def width(self) -> float:
        """Give how wide it is."""
        return self.right - self.left

    @property
    def height(self) -> float:
        """Give how high it is."""
        return self.top - self.bottom

    def grown(self, by: float) -> "Extent":
        """Give the rectangle with a margin around it."""
        return Extent(self.left - by, self.bottom - by, self.right + by, self.top + by)

    def contains(self, other: "Extent") -> bool:
        """Tell whether another lies inside; edges may touch."""
        return self.room_around(other) >= -_SLACK

    def room_around(self, other: "Extent") -> float:
        """Give the distance of what lies inside to the nearest edge; negative when it reaches over."""
        return min(
            other.left - self.left,
            other.bottom - self.bottom,
            self.right - other.right,
            self.top - other.top,
        )

    def gap_to(self, other: "Extent") -> float:
        """Give the distance between two rectangles; 0 when they meet."""
        across = max(other.left - self.right, self.left - other.right, 0.0)
        down = max(other.bottom - self.top, self.bottom - other.top, 0.0)
        return math.hypot(across, down)

    def touches(self, other: "Extent") -> bool:
        """Tell whether they share more than an edge."""
        return (
            min(self.right, other.right) - max(self.left, other.left) > _SLACK
            and min(self.top, other.top) - max(self.bottom, other.bottom) > _SLACK
        )


def extent_of(mark: Mark, trim_mm: tuple[float, float]) -> Extent:
    """Give the room that a mark takes on a piece of this size; of the emblem, the flag itself."""
    match mark:
        case FillMark() | PhotoMark() | ArtworkMark():
            area, k = mark.area, POINTS_PER_MM
            top = (trim_mm[1] - area.top) * k
            return Extent(area.left * k, top - area.height * k, (area.left + area.width) * k, top)
        case LineMark():
            width = text_width(mark.text, mark.face, mark.size) + mark.tracking * max(len(mark.text) - 1, 0)
            rise = _MARKED_CAPITAL if any(map(_is_marked_capital, mark.text)) else _ASCENDER
            return Extent(mark.x, mark.y - _DESCENDER * mark.size, mark.x + width, mark.y + rise * mark.size)
        case DiscMark():
            return Extent(mark.x, mark.y, mark.x, mark.y).grown(mark.radius)
        case CodeMark():
            return Extent(mark.x, mark.y, mark.x + mark.side, mark.y + mark.side)
        case EmblemMark():
            return Extent(mark.x, mark.y, mark.x + WIDTH_TO_HEIGHT * mark.height, mark.y + mark.height)
        case LogoMark():
            return Extent(mark.x, mark.y, mark.x + mark.width, mark.y + mark.height)
        case RuleMark():
            return Extent(
                *(min(mark.start[0], mark.end[0]), min(mark.start[1], mark.end[1])),
                *(max(mark.start[0], mark.end[0]), max(mark.start[1], mark.end[1])),
            )
        case TurnedMark():
            inner = [extent_of(item, trim_mm) for item in mark.marks]
            return Extent(
                mark.x - max((item.top for item in inner), default=0.0),
                mark.y + min((item.left for item in inner), default=0.0),
                mark.x - min((item.bottom for item in inner), default=0.0),
                mark.y + max((item.right for item in inner), default=0.0),
            )


def picture_size(mark: LogoMark) -> tuple[float, float]:
    """Give width and height of a logo's picture inside its card, in points."""
    room = (mark.width - 2 * mark.padding, mark.height - 2 * mark.padding)
    scale = min(room[0] / mark.logo.width, room[1] / mark.logo.height)
    return scale * mark.logo.width, scale * mark.logo.height


def free_space(emblem: EmblemMark, mark: Mark, trim_mm: tuple[float, float]) -> float:
    """Give how much is free between an emblem and another mark; of its own ground, to the ground's edge."""
    flag, other = extent_of(emblem, trim_mm), extent_of(mark, trim_mm)
    if isinstance(mark, FillMark):
        if mark.colour == WHITE:
            return math.inf
        if other.contains(flag):
            return other.room_around(flag)
    return flag.gap_to(other)


def ground_under(extent: Extent, marks: Iterable[Mark], trim_mm: tuple[float, float]) -> Colour | None:
    """Give the one colour under a rectangle; None where there are several."""
    ground: Colour | None = WHITE
    for mark in marks:
        if isinstance(mark, PhotoMark | ArtworkMark) and extent_of(mark, trim_mm).touches(extent):
            ground = None
        if isinstance(mark, FillMark):
            fill = extent_of(mark, trim_mm)
            if fill.contains(extent):
                ground = mark.colour
            elif fill.touches(extent) and mark.colour != ground:
                ground = None
    return ground


def _is_marked_capital(character: str) -> bool:
    return character.isupper() and len(unicodedata.normalize("NFD", character)) > 1
