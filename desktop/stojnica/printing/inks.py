"""Colours of the screen in the four inks of a press, so that an accent stays the colour it was chosen for.

Model: Neugebauer's, with Demichel's shares; the solids are those of offset printing on coated paper
(ISO 12647-2), as they look on a screen. Mixed as a screen counts, not by light: so a press grows its dots.
"""

from functools import lru_cache
from itertools import product

Inks = tuple[float, float, float, float]
Rgb = tuple[float, float, float]

# The European Commission fixes the emblem's two colours in four-colour printing.
# Source: the Interinstitutional Style Guide, annex A1.
_FIXED = {(0x00, 0x33, 0x99): (1.0, 0.8, 0.0, 0.0), (0xFF, 0xCC, 0x00): (0.0, 0.2, 1.0, 0.0)}
# What is nearly grey is printed in black alone: four inks never meet exactly on small letters.
_NEUTRAL = 0.12
_SOLID = 0.25
# Cyan, magenta and yellow, each printed or not, without black.
_SOLIDS = {
    (0, 0, 0): (0xFF, 0xFF, 0xFF),
    (1, 0, 0): (0x00, 0x9F, 0xE3),
    (0, 1, 0): (0xE6, 0x00, 0x7E),
    (0, 0, 1): (0xFF, 0xED, 0x00),
    (0, 1, 1): (0xE3, 0x06, 0x13),
    (1, 0, 1): (0x00, 0x96, 0x40),
    (1, 1, 0): (0x31, 0x27, 0x83),
    (1, 1, 1): (0x3C, 0x38, 0x34),
}
_BLACK_KEEPS = 0.11
"""How much of a colour's light is left, as a screen counts it, where black is printed over it."""
_STEPS = (0.16, 0.04, 0.01)


@lru_cache(maxsize=256)
def inks_of(red: float, green: float, blue: float) -> Inks:
    """Give cyan, magenta, yellow and black, from 0 to 1 in whole hundredths, for a colour of the screen."""
    fixed = _FIXED.get((round(red * 255), round(green * 255), round(blue * 255)))
    if fixed is not None:
        return fixed
    if max(red, green, blue) - min(red, green, blue) <= _NEUTRAL:
        grey = 0.299 * red + 0.587 * green + 0.114 * blue
        return (0.0, 0.0, 0.0, 1.0 if grey < _SOLID else _black_for(grey))
    return nearest_inks((red, green, blue))


def _black_for(grey: float) -> float:
    return round(min((1 - grey) / (1 - _BLACK_KEEPS), 1.0), 2)


def nearest_inks(wanted: Rgb) -> Inks:
    """Give the inks that look most like a colour, greys mixed of all four as in pictures.

    Searched downhill from the textbook's answer, in ever smaller steps.
    """
    lightest = max(wanted)
    first = [*((lightest - part) / max(lightest, 0.01) for part in wanted), 1 - lightest]
    best = [round(ink, 2) for ink in first]
    error = _error(best, wanted)
    for step in _STEPS:
        is_better = True
        while is_better:
            is_better = False
            for ink, way in product(range(4), (-step, step)):
                tried = list(best)
                tried[ink] = round(min(max(tried[ink] + way, 0.0), 1.0), 2)
                if (found := _error(tried, wanted)) < error - 1e-9:
                    best, error, is_better = tried, found, True
    return (best[0], best[1], best[2], best[3])


def _error(inks: list[float], wanted: Rgb) -> float:
    # A little is paid for ink: of two ways to a colour, the one that dries sooner.
    seen = appearance((inks[0], inks[1], inks[2], inks[3]))
    return sum((a - b) ** 2 for a, b in zip(seen, wanted, strict=True)) + 0.0004 * sum(inks)


def appearance(inks: Inks) -> Rgb:
    """Give how inks look on white paper, as a colour of the screen."""
    cyan, magenta, yellow, black = inks
    parts = []
    for channel in range(3):
        light = 0.0
        for printed, solid in _SOLIDS.items():
            share = 1.0
            for ink, is_there in zip((cyan, magenta, yellow), printed, strict=True):
                share *= ink if is_there else 1 - ink
            light += share * solid[channel] / 255
        parts.append(light * (1 - black + black * _BLACK_KEEPS))
    return (parts[0], parts[1], parts[2])
