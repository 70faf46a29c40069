"""What we have about a person who stands here and asks: all of it, with the consents and their words."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import UUID

from stojnica.domain.age import band_of, bands_for
from stojnica.domain.contact import shown_phone
from stojnica.domain.errors import UserFacingError
from stojnica.domain.form import ONE_OF, YES_NO, Answer, Question
from stojnica.domain.organisation import OrganisationDocument, text_in
from stojnica.i18n import LANGUAGE_NAMES, current_language
from stojnica.i18n import gettext as _
from stojnica.records.attachments import KnownAttachment, attachments_of
from stojnica.records.contact_queries import Contact, KnownConsent, contact
from stojnica.records.event_queries import known_event
from stojnica.services.contact_questions import joined_town
from stojnica.services.contact_rows import channel_word
from stojnica.services.signup_choices import status_choices, titled
from stojnica.services.stand import StandNow, stand_now
from stojnica.services.written_time import local_time, written_clock, written_number, written_short_day
from stojnica.storage.durable import write_durably

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection


@dataclass(frozen=True, slots=True)
class AboutConsent:
    """Hold one purpose: the words that were read, and when and how it was said yes or no."""

    purpose: str
    title: str
    text: str
    said: str
    is_granted: bool


@dataclass(frozen=True, slots=True)
class AboutPerson:
    """Hold all that is kept about one person, ready to be read by that person.

    `records` says at the office what was recorded when, and which laptop brought it.
    """

    subject_id: UUID
    who: str
    facts: tuple[tuple[str, str], ...]
    consents: tuple[AboutConsent, ...]
    rights: str
    organisation: str
    records: tuple[tuple[str, str], ...] = ()

    @property
    def granted(self) -> tuple[str, ...]:
        """Give the purposes that are agreed to now."""
        return tuple(item.purpose for item in self.consents if item.is_granted)


def about_person(connection: "Connection", subject_id: UUID) -> AboutPerson | None:
    """Read it; None when the contact isn't on this laptop. Runs in a thread of the store."""
    now = stand_now(connection)
    known = contact(connection, now.branch_id, subject_id)
    if known is None:
        return None
    event = known_event(connection, now.branch_id, known.event_id) if known.event_id else None
    scans = attachments_of(connection, now.branch_id, subject_id)
    return about_contact(known, now, event.event.name if event else "", scans)


def about_contact(
    known: Contact, now: StandNow, at: str, scans: Sequence[KnownAttachment] = ()
) -> AboutPerson:
    """Put into words what is kept about a contact; `at` is the name of the event."""
    document = now.shown.document
    facts = (*_who(known, document), *_answers(known, now), *_how(known, now, at), *_scans(scans, now))
    return AboutPerson(
        subject_id=known.subject_id,
        who=f"{known.first_name} {known.last_name}".strip(),
        facts=tuple((label, text) for label, text in facts if text),
        consents=tuple(_consent(item, document, now.zone_name) for item in known.consents),
        rights=_rights(document),
        organisation=document.organisation.name,
    )


def save_sheet(pdf: bytes, path: Path) -> Path:
    """Write the sheet where the person chose.

    Raises:
        UserFacingError: it can't be written there.
    """
    try:
        write_durably(path, pdf)
    except OSError as error:
        raise UserFacingError(
            _("The sheet can't be written to {file}.").format(file=path.name),
            safe=_("Nothing else was changed."),
            next_step=_("Choose another folder, with room in it."),
            code="unwritable_file",
        ) from error
    return path


def _who(known: Contact, document: OrganisationDocument) -> Iterable[tuple[str, str]]:
    country = known.country or document.organisation.country
    band = band_of(known.age_band, bands_for(country, document.consent_age))
    return (
        (_("Name"), f"{known.first_name} {known.last_name}".strip()),
        (_("Organisation"), known.organisation),
        (_("E-mail"), known.email),
        (_("Phone"), shown_phone(known.phone, document.organisation.country) if known.phone else ""),
        (_("Age"), band.label if band else known.age_band),
        (_("Post code and town"), joined_town(known.post_code, known.town)),
        (_("Country"), known.country),
        (_("Guardian"), _with(known.guardian, known.guardian_relation)),
    )


def _answers(known: Contact, now: StandNow) -> Iterable[tuple[str, str]]:
    document, spoken = now.shown.document, current_language()
    status = {item.id: item.label for item in status_choices()}
    heard = {item.id: item.label for item in titled(document.heard, spoken)}
    interests = {item.id: item.label for item in titled(document.interests, spoken)}
    themes = {item.id: item.label for item in titled(document.themes, spoken)}
    yield _("What you do"), status.get(known.status, known.status)
    yield _("How you know us"), heard.get(known.heard, known.heard)
    yield _("Interests"), ", ".join(interests.get(item, item) for item in known.interests)
    yield _("Themes of camps"), ", ".join(themes.get(item, item) for item in known.themes)
    questions = {item.id: item for form in now.forms if form.id == known.form for item in form.questions}
    for name, answer in known.answers.items():
        question = questions.get(name)
        yield (text_in(question.title, spoken) if question else name), _worded(question, answer, spoken)
    yield _("Question"), known.question
    yield _("Remark"), known.remark


def _worded(question: Question | None, answer: Answer, spoken: str) -> str:
    items = (answer,) if isinstance(answer, str) else answer
    words = dict(LANGUAGE_NAMES)
    if question is not None:
        words |= {option.id: text_in(option.title, spoken) for option in question.options}
    if question is not None and question.kind == YES_NO:
        words |= {"yes": _("yes"), "no": _("no")}
    is_text = question is not None and not question.options and question.kind not in (ONE_OF, YES_NO)
    if is_text and isinstance(answer, str):
        return answer
    return ", ".join(words.get(item, item) for item in items)


def _how(known: Contact, now: StandNow, event: str) -> Iterable[tuple[str, str]]:
    return (
        (_("Signed up"), written_moment(known.captured_at, now.zone_name)),
        (_("At"), event),
        (_("How"), _with(channel_word(known.channel), known.operator)),
        (_("Language"), LANGUAGE_NAMES.get(known.language, known.language)),
        (_("On paper since"), _paper_day(known.collected_on)),
        (_("Number of the slip"), known.slip_number),
        (_("State"), _("voided: in no list and no number") if known.is_voided else ""),
    )


def _scans(scans: Sequence[KnownAttachment], now: StandNow) -> Iterable[tuple[str, str]]:
    for known in scans:
        size = _("{size} kB").format(size=written_number(max(1, known.attachment.size_bytes // 1_000)))
        yield _("Scan of the slip"), _with(written_moment(known.captured_at, now.zone_name), size)


def _consent(item: KnownConsent, document: OrganisationDocument, zone_name: str) -> AboutConsent:
    wording = next(
        (
            one
            for one in document.wordings
            if (one.id, one.version, one.language) == (item.wording_id, item.wording_version, item.language)
        ),
        None,
    )
    title = wording.title if wording else item.purpose
    ways = {
        "screen": _("on the screen"),
        "read_aloud": _("read aloud"),
        "paper": _("on paper"),
        "web": _("on the web"),
    }
    text = _("agreed on {moment}, {way}") if item.is_granted else _("not agreed, or taken back, on {moment}")
    moment = _paper_day(item.collected_on) or written_moment(item.captured_at, zone_name)
    said = text.format(moment=moment, way=ways.get(item.evidence, item.evidence))
    version = _("wording {version}").format(version=item.wording_version) if item.wording_version else ""
    language = LANGUAGE_NAMES.get(item.language, item.language)
    details = " · ".join(part for part in (said, version, language) if part)
    return AboutConsent(item.purpose, title, wording.text if wording else "", details, item.is_granted)


def _rights(document: OrganisationDocument) -> str:
    spoken = current_language()
    notices = {item.language: item for item in document.notices}
    notice = notices.get(spoken) or next(iter(notices.values()), None)
    return (notice.full or notice.short) if notice else ""


def written_moment(instant_us: int, zone_name: str) -> str:
    """Write "20. 9. 2024, 14.32"."""
    moment = local_time(instant_us, zone_name)
    return f"{written_short_day(moment)}, {written_clock(moment)}"


def _paper_day(collected_on: str) -> str:
    try:
        return written_short_day(date.fromisoformat(collected_on))
    except ValueError:
        return collected_on


def _with(text: str, detail: str) -> str:
    return f"{text} ({detail})" if text and detail else text
