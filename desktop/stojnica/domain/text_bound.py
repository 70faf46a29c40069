"""How much text fits into a field, and where it may be cut; light, because the first window asks it too."""

import re
import unicodedata

from stojnica.i18n import ngettext

_JOINER = "\u200d"
_LONGEST_CLUSTER = 32
_SKIN_TONES = range(0x1F3FB, 0x1F400)
_TAGS = range(0xE0020, 0xE0080)
_FLAG_LETTERS = range(0x1F1E6, 0x1F200)
_TURNS = ("R", "AL", "AN")
_ENDLESS_WORD = re.compile(r"\S{41,}")
_PIECE = 6
_NO_BREAK = "\N{NO-BREAK SPACE}"
# Words of one letter that no line ends with (Slovene Orthography); of capitals all but A, a laptop's letter.
LONE_WORDS = {"sl": re.compile(r"(?<![^\s(„»“\"*])([vzskhouaiVZSKHOUI]) (?=\S)")}


def left_out(limit: int) -> str:
    """Say that a field took no more than `limit` characters of what was typed or pasted."""
    return ngettext(
        "At most {count} character fits here. The rest was left out.",
        "At most {count} characters fit here. The rest was left out.",
        limit,
    ).format(count=limit)


def whole_cut(text: str, place: int) -> int:
    """Give the last place up to `place` at which a cut parts no letter from its marks, and no emoji.

    The rules of UAX #29 that matter in what people type: marks, joined emoji, skin tones, flags.
    """
    place = max(0, min(place, len(text)))
    start = place
    while 0 < start < len(text) and _belongs_to_the_one_before(text, start):
        start -= 1
        if place - start > _LONGEST_CLUSTER:
            return place
    return start


def _belongs_to_the_one_before(text: str, place: int) -> bool:
    character, before = text[place], text[place - 1]
    code = ord(character)
    if _JOINER in (character, before) or code in _SKIN_TONES or code in _TAGS or is_mark(character):
        return True
    if code not in _FLAG_LETTERS or ord(before) not in _FLAG_LETTERS:
        return False
    start = place
    while start and ord(text[start - 1]) in _FLAG_LETTERS:
        start -= 1
    return (place - start) % 2 == 1


def is_mark(character: str) -> bool:
    """Tell whether a character is a mark on the one before it."""
    return unicodedata.category(character) in ("Mn", "Me", "Mc")


def isolated(text: str) -> str:
    """Keep a text that is read from right to left from turning round what stands beside it (UAX #9).

    Only for showing: what is kept has no such marks.
    """
    if text.isascii() or not any(unicodedata.bidirectional(character) in _TURNS for character in text):
        return text
    return f"\u2068{text}\u2069"


def shortened(text: str, limit: int) -> str:
    """Give the beginning of a text that is longer than `limit` characters, with dots; for showing."""
    return text if len(text) <= limit else f"{text[: whole_cut(text, limit)].rstrip()}…"


def breakable(text: str) -> str:
    """Let a word that is longer than any line be broken, between letters and whole emoji; for showing."""
    return _ENDLESS_WORD.sub(_with_breaks, text)


def held_together(text: str, language: str) -> str:
    """Give a text in which no line ends with a lone word, or begins with the dot between two parts.

    Catalogues are compiled so; this is for what is put together, and for the office's own words.
    """
    if language in LONE_WORDS:
        text = LONE_WORDS[language].sub(rf"\1{_NO_BREAK}", text)
    return text.replace(" · ", f"{_NO_BREAK}· ")


def _with_breaks(found: "re.Match[str]") -> str:
    word, pieces = found[0], []
    while word:
        cut = whole_cut(word, _PIECE) or _PIECE
        pieces.append(word[:cut])
        word = word[cut:]
    return "\u200b".join(pieces)
