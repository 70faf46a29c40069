"""What *New contact* shows."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from uuid import UUID

from stojnica.domain.duplicate import same_person_message
from stojnica.domain.signup import SignUpForm
from stojnica.domain.text import Hint, Problem
from stojnica.i18n import current_language
from stojnica.i18n import gettext as _
from stojnica.records.contact_queries import ContactLine, SamePerson, newest_contacts
from stojnica.services.contact_draft import ContactDraft
from stojnica.services.contact_rows import ContactRow
from stojnica.services.message import Message
from stojnica.services.signup_choices import (
    BandChoice,
    Choice,
    ConsentBox,
    FormOffer,
    band_choices,
    consent_boxes,
    language_choices,
    status_choices,
    titled,
)
from stojnica.services.stand import StandNow, stand_now
from stojnica.services.written_time import local_time, written_clock, written_day_and_month

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

LISTED = 6
AT_THEIR_WISH = "asked"


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
    statuses: tuple[Choice, ...] = ()
    heard: tuple[Choice, ...] = ()
    interests: tuple[Choice, ...] = ()
    themes: tuple[Choice, ...] = ()
    consents: tuple[ConsentBox, ...] = ()
    consent_language: str = ""
    consent_languages: tuple[tuple[str, str], ...] = ()
    same_person: str = ""
    contacts: tuple[ContactRow, ...] = ()
    are_names_shown: bool = False
    seconds_left: int = 0
    correcting: UUID | None = None
    is_saving: bool = False
    message: Message | None = None
    focus: str = "first_name"
    focus_number: int = 0

    def problem_at(self, name: str) -> Problem | None:
        """Give the first problem at a field."""
        return next((item for item in self.problems if item.field == name), None)

    def hint_at(self, name: str) -> Hint | None:
        """Give the first hint at a field."""
        return next((item for item in self.hints if item.field == name), None)


def form_parts(draft: ContactDraft, offer: FormOffer) -> dict[str, object]:
    """Give the parts of the state that the form and the office's document decide."""
    form, document, spoken = draft.form, offer.document, current_language()
    bands = band_choices(offer.rules.bands, form.age_band)
    return {
        "title": _("Correct a contact") if draft.known else _("New contact"),
        "form": form,
        "bands": bands,
        "needs_guardian": any(band.is_chosen and band.needs_guardian for band in bands),
        "statuses": status_choices(),
        "heard": titled(document.heard, spoken),
        "interests": titled(document.interests, spoken, form.interests),
        "themes": titled(document.themes, spoken, form.themes),
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


@dataclass(frozen=True, slots=True)
class ContactLook:
    """Hold one look at the store: what holds now, and the last contacts of the event."""

    now: StandNow
    lines: tuple[ContactLine, ...] = ()


def look_at_contacts(connection: "Connection", *, with_names: bool = False) -> ContactLook:
    """Read both in one go; runs in the reader thread."""
    now = stand_now(connection)
    if now.event is None:
        return ContactLook(now)
    lines = newest_contacts(connection, now.branch_id, now.event.event_id, LISTED, with_names=with_names)
    return ContactLook(now, tuple(lines))
