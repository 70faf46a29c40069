"""Bars by half-hour on paper, readable in black and white: a dark foot, a light top, the number above."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from stojnica.printing.fonts import REGULAR, SEMIBOLD, text_width
from stojnica.printing.paper import INK, INNER, LINE, MARGIN, SOFT, Paper, ink

_BAR_ROOM = 64.0
_NUMBER, _LABEL = 8.0, 8.0
_WIDEST = 26.0
_APART = 6.0


@dataclass(frozen=True, slots=True)
class PaperBar:
    """Hold one half-hour: of `count` people, `dark` are drawn at the foot; `label` stands below."""

    count: int
    dark: int
    shown: str = ""
    label: str = ""


@dataclass(frozen=True, slots=True)
class DayOfBars:
    """Hold the half-hours of a day; `title` names it where there are several."""

    bars: tuple[PaperBar, ...]
    title: str = ""


def draw_days(paper: Paper, days: Sequence[DayOfBars]) -> None:
    """Draw each day below the other, all on the same scale."""
    highest = max((bar.count for day in days for bar in day.bars), default=0) or 1
    for day in days:
        paper.need(_BAR_ROOM + 40)
        if day.title:
            paper.y -= 16
            paper.write(day.title, MARGIN, 9.0, colour=SOFT)
        _draw_day(paper, day.bars, highest)


def draw_legend(paper: Paper, light: str, dark: str) -> None:
    """Say what is light and what is dark."""
    paper.y -= 13
    x = MARGIN
    for text, is_dark in ((light, False), (dark, True)):
        _box(paper, x, paper.y - 0.5, 8, 7, is_dark=is_dark)
        paper.write(text, x + 12, 9.0, colour=SOFT)
        x += 12 + text_width(text, REGULAR, 9.0) + 18


def _draw_day(paper: Paper, bars: Sequence[PaperBar], highest: int) -> None:
    step = INNER / max(len(bars), 12)
    width = min(step * 0.72, _WIDEST)
    base = paper.y - _BAR_ROOM - 14
    tall = _BAR_ROOM - _NUMBER - 2
    labelled = _with_room([bar.label for bar in bars], step)
    for place, bar in enumerate(bars):
        middle = MARGIN + step * (place + 0.5)
        left, full = middle - width / 2, tall * bar.count / highest
        if bar.count:
            dark = full * min(bar.dark, bar.count) / bar.count
            _box(paper, left, base, width, full, is_dark=False)
            if dark:
                _box(paper, left, base, width, dark, is_dark=True)
            _centred(paper, bar.shown, middle, base + full + 3, _NUMBER, SEMIBOLD, step)
        if place in labelled:
            _centred(paper, bar.label, middle, base - 11, _LABEL, REGULAR, INNER)
    paper.line(MARGIN, base, MARGIN + INNER, base, colour=LINE, width=0.8)
    paper.y = base - 14


def _with_room(labels: Sequence[str], step: float) -> frozenset[int]:
    """Choose every hour, or every second, third …, so that words below the bars stand clear of each other."""
    places = [place for place, label in enumerate(labels) if label]
    room = max((text_width(label, REGULAR, _LABEL) for label in labels), default=0.0) + _APART
    for every in range(1, len(places)):
        chosen = places[::every]
        if all((after - before) * step >= room for before, after in pairwise(chosen)):
            return frozenset(chosen)
    return frozenset(places[:1])


def _box(paper: Paper, x: float, y: float, width: float, height: float, *, is_dark: bool) -> None:
    canvas = paper.canvas
    canvas.setLineWidth(0.7)
    canvas.setStrokeColor(ink(paper.accent))
    canvas.setFillColor(ink(paper.accent if is_dark else "#E4F1EF"))
    canvas.rect(x, y, width, height, stroke=1, fill=1)


def _centred(paper: Paper, text: str, middle: float, y: float, size: float, face: str, room: float) -> None:
    wide = text_width(text, face, size)
    if not text or wide > room:
        # Numbers side by side that run into each other say nothing.
        return
    before, paper.y = paper.y, y
    paper.write(text, middle - wide / 2, size, face=face, colour=INK if face == SEMIBOLD else SOFT)
    paper.y = before
