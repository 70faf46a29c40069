"""The shipped typefaces, and which characters they can print."""

import threading
import unicodedata
from collections.abc import Mapping
from functools import cache, lru_cache, partial

from reportlab import rl_config
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont

from stojnica.printing.kerning import Kerning
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
                font = TTFont(face, str(resource("fonts", f"{face}.ttf")), asciiReadable=False)
                # The widths in the file as ready text: reportlab would format each as a float, slowly.
                written = {code: b"%d" % round(width) for code, width in font.face.charWidths.items()}
                other = b"%d" % round(font.face.defaultWidth)
                font.face.getCharWidth = partial(_written_width, written, other)
                pdfmetrics.registerFont(font)


def _written_width(written: Mapping[int, bytes], other: bytes, code: int) -> bytes:
    return written.get(code, other)


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
def _kerning(face: str) -> Kerning:
    register_fonts()
    glyphs = pdfmetrics.getFont(face).face.charToGlyph
    return Kerning(resource("fonts", f"{face}.ttf").read_bytes(), glyphs)


@lru_cache(maxsize=4096)
def kerned(text: str, face: str) -> tuple[tuple[tuple[str, float], ...], float]:
    """Part a line where letters move together: each part with the move after it, and the line's width.

    Moves and width are parts of the type size; a negative move is nearer.
    """
    kerning = _kerning(face)
    parts = []
    width, first = 0.0, 0
    for place in range(1, len(text) + 1):
        move = kerning.between(text[place - 1], text[place]) if place < len(text) else None
        if move == 0.0:
            continue
        part = text[first:place]
        parts.append((part, move or 0.0))
        width += float(pdfmetrics.stringWidth(part, face, 1)) + (move or 0.0)
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
