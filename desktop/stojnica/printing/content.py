"""A flyer's content from the organisation's document, for one event and one language."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from babel.dates import format_date

from stojnica.domain.errors import UserFacingError
from stojnica.domain.event import Event
from stojnica.i18n import gettext as _
from stojnica.printing.campaign import campaign_link, shown_address
from stojnica.printing.flyer import FlyerContent
from stojnica.printing.funding import funding_band

_TEXTS = ("kicker", "title", "promise", "heading", "body", "call")
_LONGEST = 600


def flyer_content(
    document: Mapping[str, Any],
    event: Event,
    language: str,
    *,
    flyer_id: str | None = None,
    logo: bytes | None = None,
) -> FlyerContent:
    """Take a flyer's texts, its link with the event's campaign, and the project's funding.

    `document` is the organisation's; without `flyer_id` its first flyer is taken. ``{event}``,
    ``{place}``, ``{city}``, ``{date}`` and ``{organisation}`` are filled in.

    Raises:
        UserFacingError: no such flyer, not in that language, a bad link or funding profile.
    """
    flyer = _flyer(document, flyer_id)
    texts = flyer.get("texts", {}).get(language)
    if not isinstance(texts, Mapping):
        message = _("The flyer has no texts in this language ({language}).")
        raise _missing(message.format(language=language))
    organisation = document.get("organisation", {})
    name = _text(organisation, "short_name") or _text(organisation, "name")
    when = event_date(event, language)
    values = {
        "event": event.name,
        "place": event.place,
        "city": event.city,
        "date": when,
        "organisation": name,
    }
    url = _text(flyer, "url")
    project = _project(document, event)
    campaign = _text(flyer, "campaign") or _text(project, "id")
    return FlyerContent(
        organisation=_text(organisation, "name"),
        monogram=_text(organisation, "monogram"),
        url=campaign_link(
            url, event_code=event.code, project=campaign, item=_text(flyer, "id"), variant=language
        ),
        address=_text(texts, "short_address") or shown_address(url),
        event_name=event.name,
        event_date=when,
        language=language,
        accent=_text(organisation, "accent"),
        logo=logo,
        funding=funding_band(project.get("funding"), language),
        **{field: fill(_text(texts, field), values) for field in _TEXTS},
    )


def fill(text: str, values: Mapping[str, str]) -> str:
    """Fill named placeholders in; an unknown or empty one stays, and the check refuses it."""
    for name, value in values.items():
        if value:
            text = text.replace("{" + name + "}", value)
    return text


def event_date(event: Event, language: str) -> str:
    """Write the day or days of an event out: "petek, 20. september 2024", "20. – 22. september 2024"."""
    first, last = _day(event.starts), _day(event.ends)
    if first is None:
        return ""
    if last is None or last <= first:
        return format_date(first, "full", locale=language)
    return f"{format_date(first, 'long', locale=language)} – {format_date(last, 'long', locale=language)}"


def _day(local: str) -> date | None:
    try:
        return datetime.fromisoformat(local).date()
    except ValueError:
        return None


def _flyer(document: Mapping[str, Any], flyer_id: str | None) -> Mapping[str, Any]:
    for flyer in document.get("flyers", []):
        if flyer_id is None or flyer.get("id") == flyer_id:
            found: Mapping[str, Any] = flyer
            return found
    raise _missing(_("The organisation has not described this flyer."))


def _project(document: Mapping[str, Any], event: Event) -> Mapping[str, Any]:
    for project in document.get("projects", []):
        if event.project and project.get("id") == event.project:
            found: Mapping[str, Any] = project
            return found
    return {}


def _text(values: Mapping[str, Any], key: str) -> str:
    value = values.get(key)
    return value[:_LONGEST] if isinstance(value, str) else ""


def _missing(what: str) -> UserFacingError:
    return UserFacingError(
        what,
        safe=_("Nothing was printed."),
        next_step=_("Choose another language or flyer, or ask the office to publish it."),
        code="no_such_flyer",
    )
