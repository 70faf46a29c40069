"""Texts in the user's language: gettext catalogues from `resources/locales`, Slovene first."""

import gettext as _gettext
from collections.abc import Iterator
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


@cache
def _catalogue(language: str) -> _gettext.NullTranslations:
    return _gettext.translation(DOMAIN, resource("locales"), languages=[language], fallback=True)


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
    return _catalogue(current_language()).gettext(message)


def ngettext(singular: str, plural: str, count: int) -> str:
    """Translate by number; Slovene has four forms (one, two, few, other), with the verb inside."""
    return _catalogue(current_language()).ngettext(singular, plural, count)


def pgettext(context: str, message: str) -> str:
    """Translate a word that means different things in different places."""
    return _catalogue(current_language()).pgettext(context, message)
