"""Where on the paper something is wrong: a problem's field leads to the marks that show it."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from stojnica.printing.fonts import text_width
from stojnica.printing.marks import CodeMark, EmblemMark, FillMark, Layout, LineMark, LogoMark, Mark
from stojnica.printing.problem import FlyerProblem
from stojnica.printing.sheets import Place
from stojnica.printing.template import Area
from stojnica.printing.typesetting import POINTS_PER_MM

_AROUND_PT = 3.0
# In points from the lower left corner: left, bottom, right, top.
_Box = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class ProblemPlace:
    """Hold what is wrong in words, and the area of the sheet where it shows (mm, from the upper left)."""

    words: str
    is_blocking: bool
    area: Area


def problem_places(
    layout: Layout, problems: Iterable[FlyerProblem], place: Place, paper_mm: tuple[float, float]
) -> tuple[ProblemPlace, ...]:
    """Give the places of all problems that have one, on the piece that lies at `place`."""
    return tuple(_places(layout, problems, place, paper_mm[1] * POINTS_PER_MM))


def _places(
    layout: Layout, problems: Iterable[FlyerProblem], place: Place, paper_height: float
) -> Iterator[ProblemPlace]:
    for problem in problems:
        boxes = [box for mark in layout.marks if (box := _box_of(mark, problem.field, place.height))]
        if boxes:
            lefts, bottoms, rights, tops = zip(*boxes, strict=True)
            box = _on_paper((min(lefts), min(bottoms), max(rights), max(tops)), place)
            yield ProblemPlace(problem.message, problem.is_blocking, _in_mm(box, paper_height))


def _box_of(mark: Mark, field: str, height: float) -> _Box | None:
    match mark:
        case LineMark() if mark.field == field:
            width = text_width(mark.text, mark.face, mark.size) + mark.tracking * len(mark.text)
            return (mark.x, mark.y - mark.size * 0.25, mark.x + width, mark.y + mark.size * 0.8)
        case CodeMark() if field == "url":
            return (mark.x, mark.y, mark.x + mark.side, mark.y + mark.side)
        case LogoMark() if field == "logo":
            return (mark.x, mark.y, mark.x + mark.width, mark.y + mark.height)
        case EmblemMark() if field == "emblem":
            return (mark.x, mark.y, mark.x + mark.height * 1.5, mark.y + mark.height)
        case FillMark() if field == "accent":
            area = mark.area
            k = POINTS_PER_MM
            bottom = height - (area.top + area.height) * k
            return (area.left * k, bottom, (area.left + area.width) * k, bottom + area.height * k)
    return None


def _on_paper(box: _Box, place: Place) -> _Box:
    left, bottom, right, top = box
    if place.is_turned:
        left, right = place.width - right, place.width - left
        bottom, top = place.height - top, place.height - bottom
    return (
        place.left + max(left - _AROUND_PT, 0),
        place.bottom + max(bottom - _AROUND_PT, 0),
        place.left + min(right + _AROUND_PT, place.width),
        place.bottom + min(top + _AROUND_PT, place.height),
    )


def _in_mm(box: _Box, paper_height: float) -> Area:
    left, bottom, right, top = (value / POINTS_PER_MM for value in box)
    return Area(left, paper_height / POINTS_PER_MM - top, right - left, top - bottom)
