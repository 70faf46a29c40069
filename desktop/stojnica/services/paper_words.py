"""Words that papers share, and those that participants read, in each of their languages."""

import json
from collections.abc import Mapping
from functools import cache

from stojnica.i18n import gettext as _
from stojnica.resources import resource


def page_words() -> str:
    """Give the words for "page 1 of 2", with both numbers still to be filled in."""
    return _("page {page} of {pages}")


def printed_words(language: str) -> Mapping[str, str]:
    """Give the fixed words of a language, or the English ones."""
    known = _printed()
    return known.get(language) or known["en"]


def paper_languages() -> tuple[str, ...]:
    """Give the languages that have words."""
    return tuple(_printed())


@cache
def _printed() -> dict[str, dict[str, str]]:
    with resource("papers", "printed.json").open(encoding="utf-8") as file:
        return dict(json.load(file)["languages"])
