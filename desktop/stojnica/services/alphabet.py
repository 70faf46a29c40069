"""The order of words in each language's dictionary, where it differs from that of the signs."""

import unicodedata
from collections.abc import Mapping
from functools import cache

_CARONS = {"č": "c~", "š": "s~", "ž": "z~"}
# Letters of their own, the longer ones first; ~ comes after every letter, whatever follows.
# Where a letter isn't named, its marks make no difference.
_LETTERS: Mapping[str, Mapping[str, str]] = {
    "sl": _CARONS | {"ć": "c~~", "đ": "d~"},
    "hr": {"dž": "d~", "lj": "l~", "nj": "n~"} | _CARONS | {"ć": "c~~", "đ": "d~~"},
    "hu": {
        **{"dzs": "d~~", "cs": "c~", "dz": "d~", "gy": "g~", "ly": "l~", "ny": "n~", "sz": "s~", "ty": "t~"},
        **{"zs": "z~", "ö": "o~", "ő": "o~", "ü": "u~", "ű": "u~"},
    },
}
_EVERYWHERE = {"ß": "ss", "đ": "d", "ł": "l", "ø": "o", "æ": "ae", "œ": "oe"}


def sort_key(text: str, language: str) -> tuple[str, str]:
    """Give what to sort words by: in Slovene č after c, in Croatian nj after n, in Hungarian sz after s."""
    return _in_order(text, language), text


@cache
def _in_order(text: str, language: str) -> str:
    rest, found = unicodedata.normalize("NFC", text).casefold(), ""
    own = _LETTERS.get(language, {})
    while rest:
        letter = next((each for each in own if rest.startswith(each)), "")
        found += own[letter] if letter else _bare(rest[0])
        rest = rest[len(letter) or 1 :]
    return found


def _bare(letter: str) -> str:
    plain = _EVERYWHERE.get(letter, letter)
    decomposed = unicodedata.normalize("NFKD", plain)
    return "".join(each for each in decomposed if not unicodedata.combining(each))
