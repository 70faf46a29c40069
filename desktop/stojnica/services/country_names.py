"""Countries and languages to choose from, by their names in the language of whoever reads."""

import json
from collections.abc import Iterable
from functools import cache

from babel import Locale

from stojnica.domain.contact import HOME_REGION
from stojnica.i18n import VISITOR_LANGUAGES
from stojnica.resources import resource
from stojnica.services.alphabet import sort_key
from stojnica.services.signup_choices import Choice

# What CLDR names beside countries: unions, pseudo-places, and islands that belong to a country of the list.
_NO_COUNTRIES = frozenset(
    ("AC", "CP", "CQ", "DG", "EA", "EU", "EZ", "IC", "QO", "TA", "UN", "XA", "XB", "ZZ")
)
# Parts and other names of a language that is in the list (Norwegian, Serbian), and those that nobody speaks.
_NO_LANGUAGES = frozenset(("nb", "nn", "sh", "ae", "cu", "ie", "io", "pi", "vo"))


@cache
def country_names(language: str, home: str = HOME_REGION) -> tuple[Choice, ...]:
    """Give all countries (ISO 3166, and Kosovo): home and its neighbours first, the rest sorted."""
    names = {
        code: name
        for code, name in Locale.parse(language).territories.items()
        if len(code) == 2 and code.isalpha() and code not in _NO_COUNTRIES
    }
    return _ordered(names, (home, *_by_name(names, _neighbours().get(home, ()), language)), language)


@cache
def language_names(language: str, first: tuple[str, ...] = VISITOR_LANGUAGES) -> tuple[Choice, ...]:
    """Give the languages that have a code of two letters (ISO 639-1): the `first` ones first."""
    names = {
        code: name
        for code, name in Locale.parse(language).languages.items()
        if len(code) == 2 and code not in _NO_LANGUAGES
    }
    return _ordered(names, first, language)


def country_name(code: str, language: str) -> str:
    """Give a country's name, or its code where it has none."""
    return str(Locale.parse(language).territories.get(code, code))


def _ordered(names: dict[str, str], first: Iterable[str], language: str) -> tuple[Choice, ...]:
    leading = [code for code in first if code in names]
    return tuple(
        Choice(code, names[code]) for code in dict.fromkeys((*leading, *_by_name(names, names, language)))
    )


def _by_name(names: dict[str, str], codes: Iterable[str], language: str) -> list[str]:
    return sorted((code for code in codes if code in names), key=lambda code: sort_key(names[code], language))


@cache
def _neighbours() -> dict[str, list[str]]:
    raw = json.loads(resource("places", "neighbours.json").read_text("utf-8"))
    return dict(raw["first"])
