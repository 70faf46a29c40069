"""Where the EU's emblem stands beside its words, and how wide another logo may be."""

import math
from collections.abc import Iterable

from stojnica.printing.emblem import CLEAR_SPACE, WIDTH_TO_HEIGHT
from stojnica.printing.template import Box, Funding
from stojnica.printing.typesetting import POINTS_PER_MM


def words_left(box: Funding) -> float:
    """Give where the words begin, in points from the left: clear of the emblem."""
    # A little more than half the height: some letters begin before their place.
    beside = box.emblem_mm * (WIDTH_TO_HEIGHT + CLEAR_SPACE * 1.06)
    return (box.area.left + beside) * POINTS_PER_MM


def words_and_flag(box: Funding, words_height: float) -> tuple[float, float]:
    """Give the tops of words and flag, in points from the upper edge of the piece.

    Both stand against the bottom of their place. Long words may begin at its upper edge; the flag keeps
    half its height below that, so that nothing above the place comes too near.
    """
    top, height, flag = (value * POINTS_PER_MM for value in (box.area.top, box.area.height, box.emblem_mm))
    taken = max(flag, words_height)
    if box.is_centred:
        words = top + (height - taken) / 2
        return words, words + (taken - flag) / 2
    words = top + height - taken
    return words, max(words, top + min(CLEAR_SPACE * flag, height - flag))


def widest_logo(boxes: Iterable[Box]) -> float:
    """Give the width of the emblem among these, in points, which no other logo may exceed."""
    flags = [box.emblem_mm for box in boxes if isinstance(box, Funding)]
    return max(flags, default=math.inf) * WIDTH_TO_HEIGHT * POINTS_PER_MM
