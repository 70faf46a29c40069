"""Colours as written in templates and by organisations, and whether one can be read on another."""

import re
from dataclasses import dataclass

_HEX = re.compile(r"#[0-9A-Fa-f]{6}")
READABLE = 4.5  # WCAG 2.2, 1.4.3, for text of any size.
SCANNABLE = 4.0  # ISO/IEC 15415 asks a scanner's contrast of a code; 4:1 is what shops use.


@dataclass(frozen=True, slots=True)
class Colour:
    """Hold one sRGB colour, each part from 0 to 1."""

    red: float
    green: float
    blue: float

    @property
    def grey(self) -> "Colour":
        """Give the grey that is as bright: what print in black alone makes of it."""
        linear = self.luminance
        part = linear * 12.92 if linear <= 0.0031308 else 1.055 * linear ** (1 / 2.4) - 0.055
        return Colour(*(round(part, 4),) * 3)

    def over(self, ground: "Colour", opacity: float) -> "Colour":
        """Give what is seen where this lies on a ground and lets some of it through."""
        if opacity >= 1:
            return self
        pairs = zip((self.red, self.green, self.blue), (ground.red, ground.green, ground.blue), strict=True)
        return Colour(*(below + opacity * (part - below) for part, below in pairs))

    @property
    def luminance(self) -> float:
        """Give the relative luminance from 0 (black) to 1 (white), after WCAG 2.2."""
        linear = [
            part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
            for part in (self.red, self.green, self.blue)
        ]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


WHITE = Colour(1, 1, 1)


def parse_colour(text: str) -> Colour:
    """Read "#RRGGBB".

    Raises:
        ValueError: it is written in another way.
    """
    if not _HEX.fullmatch(text):
        raise ValueError(text)
    red, green, blue = (int(text[start : start + 2], 16) / 255 for start in (1, 3, 5))
    return Colour(red, green, blue)


def contrast(one: Colour, other: Colour) -> float:
    """Give the contrast from 1 (the same) to 21 (black on white), after WCAG 2.2."""
    lighter, darker = sorted((one.luminance, other.luminance), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def most_readable(ground: Colour, *choices: Colour) -> Colour:
    """Give the first of the choices that is readable on the ground, or else the best of them."""
    for choice in choices:
        if contrast(choice, ground) >= READABLE:
            return choice
    return max(choices, key=lambda choice: contrast(choice, ground))
