"""The shipped typefaces, and which characters they can print."""

import threading
import unicodedata
from collections.abc import Mapping
from functools import cache, lru_cache

from reportlab import rl_config
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFontFace

from stojnica.printing.kerning import Kerning
from stojnica.printing.quick_font import QuickFont
from stojnica.resources import resource

REGULAR = "NotoSans-Regular"
SEMIBOLD = "NotoSans-SemiBold"
STATEMENT = "Ubuntu-Regular"  # The EU's rules for its statement allow Ubuntu, and not Noto Sans.
FACES = (REGULAR, SEMIBOLD, STATEMENT)
UNPRINTABLE = "\ufffd"
"""Stands for what no face can print; Noto Sans has this sign, and no empty square."""

PRESS = threading.Lock()
"""A font of reportlab serves one document at a time: whoever draws one holds this."""
_registering = threading.Lock()
# Letters of these blocks join or move when set; without a shaping engine they would print wrongly.
_NEEDS_SHAPING = ((0x0590, 0x109F), (0x1700, 0x18AF), (0xA8E0, 0xA8FF), (0xFB1D, 0xFDFF), (0xFE70, 0xFEFF))


def register_fonts() -> None:
    """Make the shipped faces known to reportlab, once a process; safe from any thread."""
    with _registering:
        # Streams stay binary: ASCII-85 makes a file a quarter larger, for printers of the nineties.
        rl_config.useA85 = 0
        known = set(pdfmetrics.getRegisteredFontNames())
        for face in FACES:
            if face not in known:
                font = QuickFont(face, str(resource("fonts", f"{face}.ttf")))
                font.face.getCharWidth = _WrittenWidths(font.face).__getitem__
                pdfmetrics.registerFont(font)


class _WrittenWidths(dict[int, bytes]):
    """The widths in the file as ready text, each written once: reportlab would format floats, slowly."""

    def __init__(self, face: TTFontFace) -> None:
        super().__init__()
        self._face = face

    def __missing__(self, code: int) -> bytes:
        self[code] = written = b"%d" % round(self._face.charWidths.get(code, self._face.defaultWidth))
        return written


@cache
def _characters(face: str) -> frozenset[int]:
    register_fonts()
    return frozenset(pdfmetrics.getFont(face).face.charToGlyph)


def _can_be_set(character: str, face: str) -> bool:
    code = ord(character)
    if any(first <= code <= last for first, last in _NEEDS_SHAPING):
        return False
    if unicodedata.category(character) in ("Mn", "Mc", "Me", "Cf", "Cc", "Co", "Cs"):
        return False
    return code in _characters(face)


def missing_characters(text: str, face: str = REGULAR) -> tuple[str, ...]:
    """Give the characters of a text that a face can't print, each once, in their order.

    The text is taken as NFC; line breaks don't count. Invisible marks (joiners, bidi marks) are
    missing too: what can't be seen on paper should not be in the text of a PDF.
    """
    composed = unicodedata.normalize("NFC", text)
    wanted = dict.fromkeys(character for character in composed if character not in "\n ")
    return tuple(character for character in wanted if not _can_be_set(character, face))


def character_name(character: str) -> str:
    """Name a character so that a person can find it in a text: itself, its number and its name."""
    label = f"U+{ord(character):04X} {unicodedata.name(character, '')}".strip()
    return f"{character} ({label})" if character.isprintable() else label


@cache
def _measures(face: str) -> tuple[Kerning, Mapping[int, float], float]:
    """Give how letters of a face move together, how wide they are, and how wide what it lacks is."""
    register_fonts()
    drawn = pdfmetrics.getFont(face).face
    return Kerning(drawn.data, drawn.charToGlyph), drawn.charWidths, drawn.defaultWidth


@lru_cache(maxsize=4096)
def kerned(text: str, face: str) -> tuple[tuple[tuple[str, float], ...], float]:
    """Part a line where letters move together: each part with the move after it, and the line's width.

    Moves and width are parts of the type size; a negative move is nearer.
    """
    kerning, widths, other = _measures(face)
    parts = []
    width, first, last = 0.0, 0, len(text)
    for place in range(1, last + 1):
        move = kerning.between(text[place - 1], text[place]) if place < last else 0.0
        if move == 0.0 and place < last:
            continue
        part = text[first:place]
        parts.append((part, move))
        width += 0.001 * sum(widths.get(ord(letter), other) for letter in part) + move
        first = place
    return tuple(parts), width


def text_width(text: str, face: str, size: float) -> float:
    """Measure a line of text as it is set, kerned, in points."""
    return kerned(text, face)[1] * size


@cache
def cap_height(face: str) -> float:
    """Give the height of a capital letter as a part of the type size."""
    register_fonts()
    return float(pdfmetrics.getFont(face).face.capHeight) / 1000
