"""Lines of contact lists as they are read: hour, initials, channel."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from uuid import UUID

from stojnica.i18n import gettext as _
from stojnica.records.contact_queries import ContactLine
from stojnica.services.written_time import local_time, written_clock, written_day_and_month


@dataclass(frozen=True, slots=True)
class ContactRow:
    """Hold one line; `who` is initials, or a name while names are shown."""

    subject_id: UUID
    time: str
    who: str
    channel: str


def contact_rows(lines: Iterable[ContactLine], zone_name: str, now_us: int) -> tuple[ContactRow, ...]:
    """Write lines for people; what isn't of today has its day instead of the hour."""
    today = local_time(now_us, zone_name).date()
    rows: list[ContactRow] = []
    for line in lines:
        moment = local_time(line.captured_at, zone_name)
        is_today = moment.date() == today
        rows.append(
            ContactRow(
                subject_id=line.subject_id,
                time=written_clock(moment) if is_today else written_day_and_month(moment),
                who=line.name or line.initials or "–",
                channel=channel_word(line.channel),
            )
        )
    return tuple(rows)


def without_names(lines: Iterable[ContactLine]) -> tuple[ContactLine, ...]:
    """Give the same lines with initials alone."""
    return tuple(replace(line, name="") for line in lines)


def channel_word(channel: str) -> str:
    """Give the word for how a contact came in."""
    words = {"kiosk": _("kiosk"), "typed": _("typed"), "paper": _("paper"), "web": _("web")}
    return words.get(channel, channel)
