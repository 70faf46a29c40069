"""What a column of a sheet may be, in words to choose from."""

from stojnica.domain.organisation import OrganisationDocument, Wording, text_in
from stojnica.domain.slip_words import PURPOSE_PREFIX
from stojnica.i18n import gettext as _
from stojnica.services.signup_choices import Choice
from stojnica.services.slip_table import IGNORED


def field_choices(document: OrganisationDocument, language: str) -> tuple[Choice, ...]:
    """Give the fields in the order of a slip, the organisation's boxes after them; first, to leave it out."""
    boxes = tuple(
        Choice(
            PURPOSE_PREFIX + item.id,
            _("box “{title}”").format(title=_title(document.wordings, item.id, language)),
        )
        for item in document.purposes
    )
    return (
        Choice(IGNORED, _("left out")),
        Choice("number", _("number of the slip")),
        Choice("first_name", _("first name, or the whole name")),
        Choice("last_name", _("surname")),
        Choice("email", _("e-mail")),
        Choice("phone", _("phone")),
        *boxes,
        Choice("town", _("post code and town")),
        Choice("country", _("country")),
        Choice("age", _("age")),
        Choice("guardian", _("guardian")),
        Choice("status", _("status")),
        Choice("interests", _("interests")),
        Choice("themes", _("themes of camps")),
        Choice("heard", _("how they know us")),
        Choice("question", _("question")),
        Choice("remark", _("remark")),
        Choice("collected_on", _("day on which it was filled in")),
        Choice("language", _("language")),
    )


def _title(wordings: tuple[Wording, ...], purpose: str, language: str) -> str:
    """Give the newest title of a box, in this language if there is one."""
    mine = sorted((item for item in wordings if item.purpose == purpose), key=lambda item: item.version)
    titles = {item.language: item.title for item in mine}
    return text_in(titles, language) or purpose
