"""What *New contact* shows."""

from concurrent.futures import Future
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from uuid import UUID

from stojnica.domain.duplicate import same_person_message
from stojnica.domain.form import PERSON
from stojnica.domain.signup import SignUpForm
from stojnica.domain.text import Hint, Problem
from stojnica.i18n import gettext as _
from stojnica.records.contact_queries import ContactLine, SamePerson, newest_contacts
from stojnica.services.contact_defaults import EventDefaults, event_defaults
from stojnica.services.contact_draft import ContactDraft
from stojnica.services.contact_questions import ShownForm
from stojnica.services.contact_rows import ContactRow
from stojnica.services.contact_unfinished import Unfinished, unfinished_contact
from stojnica.services.message import Message
from stojnica.services.signup_choices import (
    BandChoice,
    ConsentBox,
    FormOffer,
    band_choices,
    consent_boxes,
    language_choices,
)
from stojnica.services.stand import StandNow, stand_now
from stojnica.services.written_time import local_time, written_clock, written_day_and_month
from stojnica.storage.life import current_incarnation
from stojnica.storage.memory import recall, remember
from stojnica.storage.store import Store
from stojnica.storage.unit import UnitOfWork
from stojnica.storage.worker import Priority

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

LISTED = 6
AT_THEIR_WISH = "asked"
HABITS = "contact_page"


@dataclass(frozen=True, slots=True)
class PageHabits:
    """Hold what of the page is open, as it was left."""

    is_more_open: bool = False
    is_palette_open: bool = False


@dataclass(frozen=True, slots=True)
class ContactState:
    """Hold the form exactly as typed, what is said about it, and the last contacts.

    `focus` is the field to go to whenever `focus_number` changes.
    """

    is_loaded: bool = False
    title: str = ""
    subtitle: str = ""
    operator: str = ""
    can_save: bool = False
    form: SignUpForm = field(default_factory=SignUpForm)
    problems: tuple[Problem, ...] = ()
    hints: tuple[Hint, ...] = ()
    bands: tuple[BandChoice, ...] = ()
    needs_guardian: bool = False
    audience: str = PERSON
    questions: ShownForm = field(default_factory=ShownForm)
    consents: tuple[ConsentBox, ...] = ()
    consents_lead: str = ""
    consent_language: str = ""
    consent_languages: tuple[tuple[str, str], ...] = ()
    same_person: str = ""
    unfinished: str = ""
    defaults: EventDefaults = field(default_factory=EventDefaults)
    habits: PageHabits = field(default_factory=PageHabits)
    contacts: tuple[ContactRow, ...] = ()
    are_names_shown: bool = False
    is_pin_given: bool = False
    seconds_left: int = 0
    correcting: UUID | None = None
    is_saving: bool = False
    message: Message | None = None
    focus: str = "first_name"
    focus_number: int = 0

    @property
    def can_withdraw(self) -> bool:
        """Tell whether all consents may be taken back here: a correction without any box can't be kept."""
        return self.correcting is not None and not self.form.purposes

    def problem_at(self, name: str) -> Problem | None:
        """Give the first problem at a field."""
        return next((item for item in self.problems if item.field == name), None)

    def hint_at(self, name: str) -> Hint | None:
        """Give the first hint at a field."""
        return next((item for item in self.hints if item.field == name), None)


def form_parts(draft: ContactDraft, offer: FormOffer, shown: ShownForm) -> dict[str, object]:
    """Give the parts of the state that the form and the office's document decide."""
    form = draft.form
    bands = band_choices(offer.rules.bands, form.age_band)
    return {
        "title": _("Correct a contact") if draft.known else _("New contact"),
        "form": form,
        "bands": bands,
        "needs_guardian": offer.rules.form.asks_age
        and any(band.is_chosen and band.needs_guardian for band in bands),
        "audience": draft.audience,
        "questions": shown,
        "consents": consent_boxes(offer, form.purposes),
        "consent_language": offer.language,
        "consent_languages": language_choices(offer.languages),
        "correcting": draft.known.subject_id if draft.known else None,
    }


def subtitle_of(now: StandNow) -> str:
    """Write who types, and at which event."""
    parts = (
        _("entry: {name}").format(name=now.operator) if now.operator else "",
        now.event.name if now.event else "",
    )
    return " · ".join(part for part in parts if part)


def same_person_text(found: SamePerson | None, zone_name: str, now_us: int) -> str:
    """Tell the volunteer that the same contact is in, and since when; "" when it isn't."""
    if found is None:
        return ""
    moment = local_time(found.captured_at, zone_name)
    if moment.date() == local_time(now_us, zone_name).date():
        return same_person_message(found.same, written_clock(moment))
    if "phone" in found.same:
        text = _("The same phone number was entered on {day}.")
    else:
        text = _("The same e-mail address was entered on {day}.")
    return text.format(day=written_day_and_month(moment))


def void_reasons() -> tuple[tuple[str, str], ...]:
    """Give the reasons for voiding a contact."""
    return (
        ("twice", _("entered twice")),
        ("mistake", _("entered by mistake")),
        ("test", _("entered to try it out")),
        (AT_THEIR_WISH, _("the person wants it so")),
    )


def void_hint(reason: str) -> str:
    """Say what a reason leaves undone: whoever wants to be erased isn't by being voided."""
    if reason != AT_THEIR_WISH:
        return ""
    return _(
        "All consents are taken back, too; name and address stay on record. If they are to go: Cancel, "
        "then “What we have about them …” and “Erase everything …”."
    )


@dataclass(frozen=True, slots=True)
class ContactLook:
    """Hold one look at the store: what holds now, the last contacts, and what is remembered for the page."""

    now: StandNow
    lines: tuple[ContactLine, ...] = ()
    defaults: EventDefaults = field(default_factory=EventDefaults)
    habits: PageHabits = field(default_factory=PageHabits)
    unfinished: Unfinished | None = None


def look_at_contacts(connection: "Connection", *, now_us: int, with_names: bool = False) -> ContactLook:
    """Read all of it in one go; runs in the reader thread."""
    now = stand_now(connection)
    kept = recall(connection, HABITS, {})
    habits = PageHabits(bool(kept.get("more")), bool(kept.get("palette")))
    unfinished = unfinished_contact(connection, now_us)
    if now.event is None:
        return ContactLook(now, habits=habits, unfinished=unfinished)
    event_id = now.event.event_id
    lines = newest_contacts(
        connection,
        now.branch_id,
        event_id,
        LISTED,
        with_names=with_names,
        incarnation=current_incarnation(connection),
    )
    return ContactLook(now, tuple(lines), event_defaults(connection, event_id), habits, unfinished)


def keep_habits(store: Store, habits: PageHabits) -> "Future[None]":
    """Remember what of the page is open."""

    def keep(unit: UnitOfWork) -> None:
        remember(unit.connection, HABITS, {"more": habits.is_more_open, "palette": habits.is_palette_open})
        unit.commit()

    return store.write(keep, Priority.BACKGROUND)


def unfinished_text(found: Unfinished | None, zone_name: str) -> str:
    """Tell the volunteer of a contact that wasn't finished: initials and time, never the name."""
    if found is None:
        return ""
    moment = local_time(found.at_us, zone_name)
    if found.pile is not None:
        text = _("Slip {number}, typed at {time}, was not saved.")
        return text.format(number=found.form.slip_number, time=written_clock(moment))
    text = _("{initials}, typed at {time}, was not saved.")
    return text.format(initials=found.initials or "–", time=written_clock(moment))
