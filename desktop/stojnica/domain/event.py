"""An event: where and when the organisation has its stand, and whom it wants to reach."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import datetime
from uuid import UUID

from stojnica.domain.errors import UserFacingError
from stojnica.domain.tally import is_zone
from stojnica.i18n import gettext as _

IN_PERSON = "in_person"
ONLINE = "online"
_LOCAL = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}")
_COUNTRY = re.compile(r"[A-Z]{2}")
_PROJECT = re.compile(r"[A-Za-z0-9._-]{1,64}")
_YEARS = (2000, 2999)
MAX_GOAL = 9_999_999
DESCRIPTION_LIMIT = 140
_CODE = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,30}[a-z0-9])?")


@dataclass(frozen=True, slots=True)
class Event:
    """Hold one event; `starts` and `ends` are local to `time_zone`, as "YYYY-MM-DDTHH:MM".

    `description` is a short sentence for the public, or "".
    """

    event_id: UUID
    name: str
    code: str
    place: str = ""
    city: str = ""
    country: str = "SI"
    mode: str = IN_PERSON
    starts: str = ""
    ends: str = ""
    time_zone: str = "Europe/Ljubljana"
    goal_reached: int = 0
    project: str = ""
    description: str = ""
    is_closed: bool = False

    def data(self) -> dict[str, object]:
        """Give what a fact keeps of it."""
        kept = {item.name: getattr(self, item.name) for item in fields(self) if item.name != "event_id"}
        kept["closed"] = kept.pop("is_closed")
        return kept


def event_from(event_id: UUID, data: Mapping[str, object]) -> Event:
    """Read an event from facts; what is missing or of the wrong type takes its default."""

    def text(name: str, default: str = "", limit: int = 200) -> str:
        value = data.get(name, default)
        return value[:limit] if isinstance(value, str) else default

    goal = data.get("goal_reached", 0)
    return Event(
        event_id=event_id,
        name=text("name"),
        code=text("code", limit=32),
        place=text("place"),
        city=text("city"),
        country=text("country", "SI", 2),
        mode=text("mode", IN_PERSON, 16),
        starts=text("starts", limit=16),
        ends=text("ends", limit=16),
        time_zone=text("time_zone", "Europe/Ljubljana", 64),
        goal_reached=goal
        if isinstance(goal, int) and not isinstance(goal, bool) and 0 <= goal <= MAX_GOAL
        else 0,
        project=text("project", limit=64),
        description=text("description", limit=DESCRIPTION_LIMIT),
        is_closed=data.get("closed") is True,
    )


def check_event(event: Event) -> Event:
    """Give the event back when a person may save it.

    Raises:
        UserFacingError: name, code or times can't be so; `code` names the field.
    """
    safe = _("Nothing was saved.")
    if not event.name.strip():
        raise UserFacingError(
            _("The event has no name."), safe=safe, next_step=_("Give it a name."), code="name"
        )
    if not _CODE.fullmatch(event.code):
        raise UserFacingError(
            _("The event's code has characters that don't belong into a link."),
            safe=safe,
            next_step=_("Use lower-case letters, digits and hyphens, at most 32."),
            code="code",
        )
    starts, ends = _local(event.starts), _local(event.ends)
    if starts is None or ends is None:
        raise UserFacingError(
            _("The start or the end is not a date and a time."),
            safe=safe,
            next_step=_("Write them like 2026-09-20T10:00."),
            code="starts" if starts is None else "ends",
        )
    if ends <= starts:
        raise UserFacingError(
            _("The event ends before it starts."),
            safe=safe,
            next_step=_("Check the day and the hour of both."),
            code="ends",
        )
    if not _YEARS[0] <= starts.year <= ends.year <= _YEARS[1]:
        raise UserFacingError(
            _("The event lies too far from today."),
            safe=safe,
            next_step=_("Check the day and the hour of both."),
            code="starts",
        )
    _check_rest(event, safe)
    return event


def _check_rest(event: Event, safe: str) -> None:
    if not _COUNTRY.fullmatch(event.country):
        next_step = _("A country is written with two letters, like SI.")
        raise UserFacingError(_("This country is not known."), safe=safe, next_step=next_step, code="country")
    if not is_zone(event.time_zone):
        next_step = _("A time zone is written like Europe/Ljubljana.")
        raise UserFacingError(
            _("This time zone is not known."), safe=safe, next_step=next_step, code="time_zone"
        )
    if not 0 <= event.goal_reached <= MAX_GOAL:
        raise UserFacingError(
            _("The goal is a whole number of people, or empty."), safe=safe, code="goal_reached"
        )
    if event.project and not _PROJECT.fullmatch(event.project):
        next_step = _("Use its short name in the office's document.")
        raise UserFacingError(_("This project is not known."), safe=safe, next_step=next_step, code="project")


def code_from(name: str) -> str:
    """Propose a short code for an event's name: lower case, no marks, hyphens."""
    folded = unicodedata.normalize(
        "NFKD", name.lower().replace("đ", "d").replace("ß", "ss").replace("ł", "l")
    )
    ascii_only = "".join(character for character in folded if not unicodedata.combining(character))
    return re.sub(r"[^a-z0-9]+", "-", ascii_only).strip("-")[:32].strip("-")


def _local(value: str) -> datetime | None:
    # fromisoformat also takes weeks ("2026-W38-7T10:00") and any sign between day and hour.
    if not _LOCAL.fullmatch(value):
        return None
    try:
        return datetime.fromisoformat(value)
    except ValueError:
        return None
