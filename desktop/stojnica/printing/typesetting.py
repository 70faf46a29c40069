"""Lines of text that fit a place: broken well, and smaller only as far as they may be."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from stojnica.printing.fonts import cap_height, text_width

NO_BREAK_SPACE = "\u00a0"
POINTS_PER_MM = 72 / 25.4
_STEPS = 24
_KEPT_SHARE = 0.85
_BLANKS = re.compile(r"[ \t]+")
# A preposition of one letter stays with its word (Slovene Orthography; Croatian and Italian set so too).
_LONE_LETTER = re.compile(r"(?<![^\s\u00a0(„»“\"])(\w) (?=\S)")
_DASH = re.compile(r" ([–—] )")  # A dash ends a line, it never begins one.
_NUMBER_AND_UNIT = re.compile(r"(\d\.?) (?=\d|%|€|EUR\b)")


@dataclass(frozen=True, slots=True)
class TextStyle:
    """Describe how a text is set: `size_pt` down to `least_pt`; leading and tracking in parts of the size."""

    face: str
    colour: str
    size_pt: float
    least_pt: float
    leading: float = 1.3
    most_lines: int = 1
    tracking: float = 0.0
    is_balanced: bool = False


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Name a text, its style, and the gap from the baseline before it to its capitals, in points."""

    field: str
    text: str
    style: TextStyle
    gap: float = 0.0


@dataclass(frozen=True, slots=True)
class Line:
    """Place a line: `baseline` in points down from the top of its stack."""

    field: str
    text: str
    style: TextStyle
    size: float
    baseline: float


@dataclass(frozen=True, slots=True)
class Stack:
    """Hold paragraphs set one below the other, from the top of the capitals to the last baseline."""

    lines: tuple[Line, ...]
    height: float
    overfull: tuple[str, ...]


@lru_cache(maxsize=512)
def clean_text(text: str) -> str:
    """Give a text as it is set: NFC, single spaces, words that belong together bound."""
    return _cleaned(text)


def _cleaned(text: str) -> str:
    composed = unicodedata.normalize("NFC", text)
    lines = [_BLANKS.sub(" ", line).strip() for line in composed.strip().splitlines()]
    bound = _NUMBER_AND_UNIT.sub(rf"\1{NO_BREAK_SPACE}", "\n".join(line for line in lines if line))
    bound = _DASH.sub(rf"{NO_BREAK_SPACE}\1", bound)
    # Twice, for two lone letters in a row share the space between them.
    for _again in range(2):
        bound = _LONE_LETTER.sub(rf"\1{NO_BREAK_SPACE}", bound)
    return bound


@lru_cache(maxsize=512)
def fit_stack(paragraphs: tuple[Paragraph, ...], width: float, height: float) -> Stack:
    """Set paragraphs into a place of this width and height, as large as their styles allow.

    They shrink together, so that the rhythm between them stays; what a single long word or too many
    lines demand is shrunk on its own first. When nothing helps, they are set at their least size and
    the fields at fault are named in `overfull`; lines then reach over the place. Line breaks in a text
    are all that it gets, if that costs little size.
    """
    paragraphs = tuple(item for item in paragraphs if item.text)
    free = _fit(paragraphs, width, height)
    as_written = tuple(map(_with_own_lines, paragraphs))
    if as_written == paragraphs:
        return free
    kept = _fit(as_written, width, height)
    if not kept.overfull and (free.overfull or _sizes(kept) >= _KEPT_SHARE * _sizes(free)):
        return kept
    return free


def _with_own_lines(item: Paragraph) -> Paragraph:
    breaks = item.text.count("\n")
    if not breaks or breaks >= item.style.most_lines:
        return item
    return replace(item, style=replace(item.style, most_lines=breaks + 1))


def _sizes(stack: Stack) -> float:
    return max((line.size for line in stack.lines), default=0.0)


def _fit(paragraphs: tuple[Paragraph, ...], width: float, height: float) -> Stack:
    is_hopeless = any(_can_never_fit(item, width) for item in paragraphs)
    steps = range(_STEPS, _STEPS + 1) if is_hopeless else range(_STEPS + 1)
    ceilings = tuple(
        item.style.size_pt if is_hopeless else _largest_alone(item, width) for item in paragraphs
    )
    stack = Stack((), 0.0, ())
    for step in steps:
        share = 1 - step / _STEPS
        sizes = [
            min(ceiling, item.style.least_pt + share * (item.style.size_pt - item.style.least_pt))
            for item, ceiling in zip(paragraphs, ceilings, strict=True)
        ]
        stack = _set(paragraphs, sizes, width)
        if not stack.overfull and stack.height <= height:
            return stack
    longest = max(paragraphs, key=lambda item: len(item.text), default=None)
    at_fault = stack.overfull or ((longest.field,) if longest else ())
    return Stack(stack.lines, stack.height, at_fault)


def _can_never_fit(item: Paragraph, width: float) -> bool:
    """Tell, without trying, whether a text is far too long: somebody pasted a page into a title."""
    style = item.style
    # At each line's end a space goes; the rest is for kerning across it.
    lost = style.most_lines * style.least_pt
    return line_width(item.text.replace("\n", " "), style, style.least_pt) - lost > width * style.most_lines


def _largest_alone(item: Paragraph, width: float) -> float:
    style = item.style
    for step in range(_STEPS + 1):
        size = style.size_pt - (style.size_pt - style.least_pt) * step / _STEPS
        lines = break_lines(item.text, style, size, width)
        if lines is not None and len(lines) <= style.most_lines:
            return size
    return style.least_pt


def _set(paragraphs: Sequence[Paragraph], sizes: Sequence[float], width: float) -> Stack:
    lines: list[Line] = []
    overfull = []
    down = 0.0
    for number, (item, size) in enumerate(zip(paragraphs, sizes, strict=True)):
        style = item.style
        broken = break_lines(item.text, style, size, width)
        if broken is None or len(broken) > style.most_lines:
            overfull.append(item.field)
        down += (item.gap if number else 0) + cap_height(style.face) * size
        for index, text in enumerate(broken or item.text.split("\n")):
            down += size * style.leading if index else 0
            lines.append(Line(item.field, text, style, size, down))
    return Stack(tuple(lines), down, tuple(overfull))


def line_width(text: str, style: TextStyle, size: float) -> float:
    """Measure a line with its tracking, in points."""
    return text_width(text, style.face, size) + style.tracking * size * max(len(text) - 1, 0)


def break_lines(text: str, style: TextStyle, size: float, width: float) -> list[str] | None:
    """Break a text into lines no wider than the width; None when a word alone is wider.

    A line break in the text is kept. A balanced style gets lines of nearly equal length, in the
    least number of lines.
    """
    lines: list[str] = []
    for part in text.split("\n"):
        words = part.split(" ")
        widths = [line_width(word, style, size) for word in words]
        if max(widths) > width:
            return None
        greedy = _greedy(words, style, size, width)
        if style.is_balanced and 1 < len(greedy) <= style.most_lines:
            greedy = _balanced(words, style, size, width, len(greedy))
        lines.extend(greedy)
    return lines


def break_held(text: str, style: TextStyle, size: float, width: float) -> list[str] | None:
    """Break a text as `break_lines`, with words that belong together bound where that is not too wide.

    Nothing of it is remembered: it may be about a person.
    """
    return break_lines(_cleaned(text), style, size, width) or break_lines(text, style, size, width)


def _greedy(words: Sequence[str], style: TextStyle, size: float, width: float) -> list[str]:
    lines = [words[0]]
    for word in words[1:]:
        longer = f"{lines[-1]} {word}"
        if line_width(longer, style, size) <= width:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines


def _balanced(words: Sequence[str], style: TextStyle, size: float, width: float, count: int) -> list[str]:
    """Find the narrowest width that still takes the same number of lines."""
    narrow, wide = 0.0, width
    best = _greedy(words, style, size, width)
    for _halving in range(10):
        middle = (narrow + wide) / 2
        lines = _greedy(words, style, size, middle)
        if len(lines) == count and all(line_width(line, style, size) <= middle for line in lines):
            best, wide = lines, middle
        else:
            narrow = middle
    return best
