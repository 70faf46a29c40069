"""A whole day at a stand, as facts: people counted, contacts, a class, shifts, answers on the last page."""

from datetime import date
from uuid import UUID

from stojnica.domain import kinds
from stojnica.domain.clock import SetClock
from stojnica.domain.event import Event
from stojnica.domain.ids import new_id
from stojnica.domain.likeness import SAME, Likeness
from stojnica.domain.organisation import Wording
from stojnica.domain.shift import Shift
from stojnica.domain.signup import ConsentEvidence, SignUp
from stojnica.domain.tally import Press
from stojnica.services.anonymous_counts import note_anonymous
from stojnica.services.capture import count, save_signup
from stojnica.storage.store import Store
from stojnica.storage.unit import UnitOfWork

MINUTE_US = 60_000_000
HOUR_US = 60 * MINUTE_US
TEN_US = 1_726_819_200_000_000  # 10.00 of 20 September 2024, in Ljubljana
_WORDING = Wording("w", "answer", 1, "sl", "T", "B", date(2024, 1, 1))


class Day:
    """Play a day at an event, with a clock that goes where it is told."""

    def __init__(self, store: Store, clock: SetClock, event: Event) -> None:
        self.store = store
        self.clock = clock
        self.event = event

    def at(self, hours: float) -> None:
        """Make it so many hours after ten."""
        self.clock.at_us = TEN_US + round(hours * HOUR_US)

    def count(self, counter: str, amount: int, hours: float) -> None:
        """Count people in the half-hour that is so many hours after ten."""
        instant = TEN_US + round(hours * HOUR_US) + MINUTE_US
        press = Press(counter, amount, instant, instant, self.event.time_zone)
        count(self.store, press, event_id=self.event.event_id).result()

    def sign_up(self, band: str = "18-30", channel: str = "kiosk", name: str = "Špela Žagar") -> UUID:
        """Have somebody leave a contact."""
        subject = new_id()
        first, _space, last = name.partition(" ")
        signup = SignUp(first, last, email="s@example.org", age_band=band, purposes=("answer",))
        save_signup(
            self.store,
            signup,
            subject_id=subject,
            event_id=self.event.event_id,
            channel=channel,
            evidence=ConsentEvidence("screen", "sl", {"answer": _WORDING}),
        ).result()
        return subject

    def say_same(self, newer: UUID, older: UUID) -> None:
        """Have a volunteer say that two contacts are one person."""
        self._record(kinds.COMPARED, newer, Likeness(older, SAME, ("email",)).data())

    def correct_age(self, contact: UUID, band: str) -> None:
        """Have somebody correct the age band of a contact."""
        self._record(kinds.CORRECTED, contact, {"age_band": band})

    def shift(self, name: str, work: str, from_hours: float, to_hours: float | None) -> None:
        """Have somebody be here from one hour after ten to another."""
        shift, subject = Shift(str(new_id()), name, False, work), new_id()
        self.at(from_hours)
        self._record(kinds.SHIFT_STARTED, subject, shift.data())
        if to_hours is not None:
            self.at(to_hours)
            self._record(kinds.SHIFT_ENDED, subject, {"ended_at": TEN_US + round(to_hours * HOUR_US)})

    def answer(self, gender: str, country: str = "") -> None:
        """Have a visitor answer on the last page."""
        note_anonymous(
            self.store, self.event.event_id, self.event.time_zone, gender=gender, country=country
        ).result()

    def _record(self, kind: str, subject: UUID, data: dict[str, object]) -> None:
        def write(unit: UnitOfWork) -> None:
            unit.record(kind, subject, data, event_id=self.event.event_id)
            unit.commit()

        self.store.write(write).result()


def whole_day(store: Store, clock: SetClock, event: Event) -> Day:
    """Play a usual day: 8 hours, 200 people passing, a dozen contacts."""
    day = Day(store, clock, event)
    passing = (4, 9, 14, 22, 31, 18, 12, 25, 38, 29, 17, 11, 8, 6, 3, 1)
    for place, number in enumerate(passing):
        day.count("reached", number, place / 2)
        day.count("conversation", number // 3 + 1, place / 2)
        day.count("flyer", number // 2 + 1, place / 2)
    for place, band in enumerate(("under-15", "15-17", "15-17", *["18-30"] * 7, "31+", "")):
        day.at(0.3 + place * 0.6)
        day.sign_up(band)
    day.sign_up("18-30", "paper")
    for gender, country in (
        ("female", "SI"),
        ("female", "SI"),
        ("male", "AT"),
        ("female", "HR"),
        ("other", ""),
    ):
        day.answer(gender, country)
    day.shift("Maja K.", "organising", 0, 4)
    day.shift("Luka Ž.", "content", 0, 8)
    day.shift("Ana Č.", "content", 4, 8)
    day.at(8.2)
    return day
