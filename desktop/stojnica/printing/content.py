"""A flyer's content from the organisation's document, for one event and one language."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from babel import Locale
from babel.dates import format_date

from stojnica.domain.errors import UserFacingError
from stojnica.domain.event import Event
from stojnica.i18n import VISITOR_LANGUAGES
from stojnica.i18n import gettext as _
from stojnica.printing.campaign import campaign_link, shown_address
from stojnica.printing.flyer import FlyerContent
from stojnica.printing.funding import funding_band

_TEXTS = ("kicker", "title", "promise", "heading", "body", "call")
_LONGEST = 600
_NIGHT = timedelta(hours=6)


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
    texts = _mapping(_mapping(flyer.get("texts")).get(language))
    if not texts or language not in VISITOR_LANGUAGES:
        message = _("The flyer has no texts in this language ({language}).")
        raise _missing(message.format(language=language))
    organisation = _mapping(document.get("organisation"))
    name = _text(organisation, "short_name") or _text(organisation, "name")
    when = event_date(event, language)
    values = {
        "event": event.name,
        "place": event.place,
        "city": event.city,
        "date": when,
        "organisation": name,
    }
    filled = {field: fill(_text(texts, field), values) for field in _TEXTS}
    if filled["kicker"].casefold() in _text(organisation, "name").casefold():
        filled["kicker"] = ""  # The organisation's name stands at the top already.
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
        **filled,
    )


def fill(text: str, values: Mapping[str, str]) -> str:
    """Fill named placeholders in; an unknown or empty one stays, and the check refuses it."""
    for name, value in values.items():
        if value:
            text = text.replace("{" + name + "}", value)
    return text


def event_date(event: Event, language: str) -> str:
    """Write the day or days of an event out: "petek, 20. september 2024", "20.–22. september 2024".

    What ends before six in the morning belongs to the day before.
    """
    first, ends = _moment(event.starts), _moment(event.ends)
    if first is None:
        return ""
    # CLDR's plain English is American; at a stand in Europe the day comes first.
    locale = Locale.parse("en_GB" if language == "en" else language)
    last = (ends - _NIGHT) if ends else first
    if last.date() <= first.date():
        return format_date(first.date(), "full", locale=locale)
    parts = ("y", first.year != last.year), ("M", first.month != last.month), ("d", True)
    largest = next(part for part, differs in parts if differs)
    begin, end = (
        pattern.replace("MMM", "MMMM").replace("dd", "d")
        for pattern in locale.interval_formats["yMMMd"][largest]
    )
    return format_date(first.date(), begin, locale=locale) + format_date(last.date(), end, locale=locale)


def _moment(local: str) -> datetime | None:
    try:
        return datetime.fromisoformat(local)
    except ValueError:
        return None


def _flyer(document: Mapping[str, Any], flyer_id: str | None) -> Mapping[str, Any]:
    for flyer in map(_mapping, document.get("flyers") or ()):
        if flyer and (flyer_id is None or flyer.get("id") == flyer_id):
            return flyer
    raise _missing(_("The organisation has not described this flyer."))


def _project(document: Mapping[str, Any], event: Event) -> Mapping[str, Any]:
    for project in map(_mapping, document.get("projects") or ()):
        if event.project and project.get("id") == event.project:
            return project
    return {}


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


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
