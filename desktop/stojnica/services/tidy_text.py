"""A text that is kept as it was typed, or refused in words; never a part of it, and never in silence."""

from stojnica.domain.errors import UserFacingError
from stojnica.domain.text import clean_text
from stojnica.i18n import gettext as _


def tidy_text(typed: str, limit: int, *, code: str = "text") -> str:
    """Give a text without what is not seen; "" when nothing was typed.

    Raises:
        UserFacingError: it is too long, or holds what can't be read; `code` names the field.
    """
    checked = clean_text(typed, limit)
    if checked.problem is not None:
        raise UserFacingError(checked.problem.message, safe=_("Nothing was changed."), code=code)
    return checked.value or ""
