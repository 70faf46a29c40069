"""The number of somebody who is erased stays: one press in the place of the contact."""

from datetime import datetime
from uuid import UUID, uuid5

from stojnica.domain import kinds
from stojnica.domain.event import Event
from stojnica.domain.tally import CONVERSATION, Press, half_hour_of, zone
from stojnica.records.contact_queries import Contact, contact
from stojnica.records.event_queries import known_event
from stojnica.records.reach_queries import INSTEAD_OF, LIVE_CHANNELS
from stojnica.storage.unit import UnitOfWork


def keep_number_of(unit: UnitOfWork, subject_id: UUID) -> None:
    """Count a conversation in the place of a contact: by the rule it was one, and a person reached.

    The press's own subject follows from the contact's, so that two copies of a file that both erase somebody
    count once.
    """
    known = contact(unit.connection, unit.branch_id, subject_id)
    if known is None or known.is_voided or known.event_id is None:
        return
    event = known_event(unit.connection, unit.branch_id, known.event_id)
    if event is None:
        return
    at = _half_hour(known, event.event)
    press = Press(CONVERSATION, 1, at, at, event.event.time_zone)
    data = press.data() | {INSTEAD_OF: "contact"}
    unit.record(kinds.COUNTED, uuid5(subject_id, INSTEAD_OF), data, event_id=known.event_id)


def _half_hour(known: Contact, event: Event) -> int:
    """Give the half-hour of the visit; who came later on paper has none, and counts at the beginning."""
    if known.channel in LIVE_CHANNELS or not event.starts:
        return half_hour_of(known.captured_at, event.time_zone)
    begin = datetime.fromisoformat(event.starts).replace(tzinfo=zone(event.time_zone))
    return half_hour_of(int(begin.timestamp()) * 1_000_000, event.time_zone)
