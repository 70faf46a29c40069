"""The anonymous last page: two questions whose answers only add to numbers."""

from functools import cache

from babel import Locale

from stojnica.i18n import gettext as _
from stojnica.i18n import pgettext
from stojnica.services.signup_choices import Choice

# Who comes to a stand here, mostly: at the top, before the rest of the world by its alphabet.
_NO_COUNTRY = ("EU", "EZ", "UN", "XA", "XB", "ZZ")
NEAR = ("SI", "AT", "HR", "HU", "IT", "DE", "BA", "RS", "UA")


def genders(chosen: str) -> tuple[Choice, ...]:
    """Give the answers of the funder's sheet."""
    named = (
        ("female", pgettext("gender", "female")),
        ("male", pgettext("gender", "male")),
        ("other", pgettext("gender", "other")),
        ("not_said", _("I won't say")),
    )
    return tuple(Choice(code, label, "", code == chosen) for code, label in named)


@cache
def countries(language: str) -> tuple[tuple[str, str], ...]:
    """Give all countries (ISO 3166) by their names in a language, the near ones first."""
    names = Locale(language).territories
    known = {code: name for code, name in names.items() if len(code) == 2 and code not in _NO_COUNTRY}
    near = tuple((code, known[code]) for code in NEAR if code in known)
    rest = sorted((name, code) for code, name in known.items() if code not in NEAR)
    return near + tuple((code, name) for name, code in rest)
