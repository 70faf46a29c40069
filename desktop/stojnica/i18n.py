"""Texts in the user's language: gettext catalogues from `resources/locales`, Slovene first."""

import gettext as _gettext
import struct
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache

from stojnica.resources import resource

DOMAIN = "stojnica"
STAFF_LANGUAGES = ("sl", "en")
VISITOR_LANGUAGES = ("sl", "en", "de", "it", "hr", "hu")
LANGUAGE_NAMES = {
    "sl": "Slovenščina",
    "en": "English",
    "de": "Deutsch",
    "it": "Italiano",
    "hr": "Hrvatski",
    "hu": "Magyar",
}
"""Each language in its own words, for people who look for theirs."""

_override: ContextVar[str | None] = ContextVar("stojnica_language", default=None)
_process_language = ["sl"]


class SingularTexts:
    """Look texts without a number up in a compiled catalogue, which is sorted, and read nothing else of it.

    Reading all of it takes longer than the first window needs; `gettext` does so at the first plural.
    """

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._count, self._keys, self._texts = struct.unpack_from("<3I", data, 8) if data else (0, 0, 0)

    def find(self, key: str) -> str:
        """Give the text of a message, or the message itself."""
        wanted = key.encode()
        low, high = 0, self._count
        while low < high:
            middle = (low + high) // 2
            if self._piece(self._keys, middle) < wanted:
                low = middle + 1
            else:
                high = middle
        if low < self._count and self._piece(self._keys, low) == wanted:
            return self._piece(self._texts, low).decode()
        return key.rpartition("\4")[2]

    def _piece(self, table: int, index: int) -> bytes:
        size, start = struct.unpack_from("<2I", self._data, table + 8 * index)
        return self._data[start : start + size]


@cache
def _singulars(language: str) -> SingularTexts:
    path = resource("locales", language, "LC_MESSAGES", f"{DOMAIN}.mo")
    return SingularTexts(path.read_bytes() if path.is_file() else b"")


@cache
def _catalogue(language: str) -> _gettext.NullTranslations:
    return _gettext.translation(DOMAIN, resource("locales"), languages=[language], fallback=True)


@cache
def _text(language: str, key: str) -> str:
    return _singulars(language).find(key)


def visitor_languages() -> tuple[str, ...]:
    """Give the languages that visitors may read: the shipped ones, then those whose folder was added."""
    return in_usual_order(folder.name for folder in resource("locales").iterdir() if folder.is_dir())


def in_usual_order(languages: Iterable[str]) -> tuple[str, ...]:
    """Give each language once, in the order in which they stand everywhere; unknown ones come last."""
    given = set(languages)
    usual = [language for language in VISITOR_LANGUAGES if language in given]
    return (*usual, *sorted(given.difference(VISITOR_LANGUAGES)))


def use_language(language: str) -> None:
    """Choose the language of the whole process; a thread or a page may differ with `speaking`."""
    _process_language[0] = language


def current_language() -> str:
    """Give the two-letter code of the language that texts come out in, here and now."""
    return _override.get() or _process_language[0]


@contextmanager
def speaking(language: str) -> Iterator[None]:
    """Speak another language for a while, in this thread alone: a kiosk visitor's, a flyer's."""
    token = _override.set(language)
    try:
        yield
    finally:
        _override.reset(token)


def gettext(message: str) -> str:
    """Translate one literal; placeholders are named and filled in afterwards with ``.format()``."""
    return _text(current_language(), message)


def ngettext(singular: str, plural: str, count: int) -> str:
    """Translate by number; Slovene has four forms (one, two, few, other), with the verb inside."""
    return _catalogue(current_language()).ngettext(singular, plural, count)


def pgettext(context: str, message: str) -> str:
    """Translate a word that means different things in different places."""
    return _text(current_language(), f"{context}\4{message}")
