"""A child at the kiosk: the guardian who is present agrees and is named, or nothing is kept (GDPR Art. 8)."""

from stojnica.i18n import gettext as _
from stojnica.services.signup_choices import Choice

GUARDIAN_FIELDS = ("guardian", "guardian_relation", "guardian_agrees")


def relations(chosen: str) -> tuple[Choice, ...]:
    """Give what a guardian can be to the child."""
    named = (("mother", _("mother")), ("father", _("father")), ("guardian", _("legal guardian")))
    return tuple(Choice(code, label, "", code == chosen) for code, label in named)
