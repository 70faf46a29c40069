"""The anonymous last page: two questions whose answers only add to numbers."""

from stojnica.i18n import gettext as _
from stojnica.i18n import pgettext
from stojnica.services.country_names import country_names
from stojnica.services.signup_choices import Choice


def genders(chosen: str) -> tuple[Choice, ...]:
    """Give the answers of the funder's sheet."""
    named = (
        ("female", pgettext("gender", "female")),
        ("male", pgettext("gender", "male")),
        ("other", pgettext("gender", "other")),
        ("not_said", _("I won't say")),
    )
    return tuple(Choice(code, label, "", code == chosen) for code, label in named)


def countries(language: str) -> tuple[tuple[str, str], ...]:
    """Give all countries (ISO 3166) by their names in a language, the near ones first."""
    return tuple((item.id, item.label) for item in country_names(language))
