"""Where on the paper something is wrong: a problem's field leads to the marks that show it."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from stojnica.printing.fonts import text_width
from stojnica.printing.marks import (
    Box,
    CodeMark,
    EmblemMark,
    FillMark,
    Layout,
    LineMark,
    LogoMark,
    Mark,
    TurnedMark,
)
from stojnica.printing.photo_place import PhotoMark
from stojnica.printing.problem import FlyerProblem
from stojnica.printing.sheets import Place
from stojnica.printing.template import Area
from stojnica.printing.typesetting import POINTS_PER_MM

_AROUND_PT = 3.0


@dataclass(frozen=True, slots=True)
class ProblemPlace:
    """Hold what is wrong in words, and the area of the sheet where it shows (mm, from the upper left)."""

    words: str
    is_blocking: bool
    area: Area


def problem_places(
    layout: Layout, problems: Iterable[FlyerProblem], place: Place, paper_mm: tuple[float, float]
) -> tuple[ProblemPlace, ...]:
    """Give the places of all problems that have one, on the piece that lies at `place`.

    Strips are all alike: the first one stands for them.
    """
    return tuple(_places(layout, problems, place, paper_mm[1] * POINTS_PER_MM))


def _places(
    layout: Layout, problems: Iterable[FlyerProblem], place: Place, paper_height: float
) -> Iterator[ProblemPlace]:
    for problem in problems:
        for shown in _shown(layout, problem.field, place.height):
            area = _in_mm(_on_paper(shown, place), paper_height)
            yield ProblemPlace(problem.message, problem.is_blocking, area)


def _shown(layout: Layout, field: str, height: float) -> Iterator[Box]:
    """Give what shows a field: around all of it on the piece, and on the first strip that has it."""
    yield from _around(layout.marks, field, height)
    for strip in (mark for mark in layout.marks if isinstance(mark, TurnedMark)):
        turned = [strip.on_page(*box) for box in _around(strip.marks, field, height)]
        if turned:
            yield from turned
            return


def _around(marks: Iterable[Mark], field: str, height: float) -> Iterator[Box]:
    boxes = [box for mark in marks if (box := _box_of(mark, field, height))]
    if boxes:
        lefts, bottoms, rights, tops = zip(*boxes, strict=True)
        yield min(lefts), min(bottoms), max(rights), max(tops)


def _box_of(mark: Mark, field: str, height: float) -> Box | None:
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
            return _of_area(mark.area, height)
        case PhotoMark() if field == "photo":
            return _of_area(mark.area, height)
    return None


def _of_area(area: Area, height: float) -> Box:
    k = POINTS_PER_MM
    bottom = height - (area.top + area.height) * k
    return (area.left * k, bottom, (area.left + area.width) * k, bottom + area.height * k)


def _on_paper(box: Box, place: Place) -> Box:
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


def _in_mm(box: Box, paper_height: float) -> Area:
    left, bottom, right, top = (value / POINTS_PER_MM for value in box)
    return Area(left, paper_height / POINTS_PER_MM - top, right - left, top - bottom)
