"""What the kiosk shows, and nothing else: three pages, thanks, and the ways out."""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

from stojnica.domain.organisation import text_in
from stojnica.domain.signup import SignUpForm
from stojnica.domain.text import Hint, Problem
from stojnica.i18n import gettext as _
from stojnica.i18n import ngettext, speaking
from stojnica.services.kiosk_counts import countries, genders
from stojnica.services.kiosk_guardian import relations
from stojnica.services.kiosk_links import InterestLink
from stojnica.services.kiosk_options import KioskOptions, kiosk_options
from stojnica.services.kiosk_questions import ShownQuestion, pages_of, shown_question, shown_questions
from stojnica.services.kiosk_read_back import ReadBack, read_back
from stojnica.services.kiosk_texts import KioskTexts, kiosk_texts
from stojnica.services.kiosk_visitor import KioskVisitor, late_question
from stojnica.services.message import Message, Tone
from stojnica.services.pin import any_pin
from stojnica.services.pin_gate import PinPrompt
from stojnica.services.signup_choices import (
    Choice,
    ConsentBox,
    FormOffer,
    consent_boxes,
    language_choices,
    no_wordings,
)
from stojnica.services.stand import StandNow, stand_now

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection


class KioskPhase(StrEnum):
    """Name what is on the screen."""

    CLOSED = "closed"
    FORM = "form"
    GUARDIAN = "guardian"
    COUNTS = "counts"
    CONSENT = "consent"
    THANKS = "thanks"
    REFUSED = "refused"
    BLANK = "blank"


ENDED = (KioskPhase.COUNTS, KioskPhase.THANKS, KioskPhase.REFUSED)
STEPS = (KioskPhase.FORM, KioskPhase.GUARDIAN, KioskPhase.CONSENT)


@dataclass(frozen=True, slots=True)
class KioskSettings:
    """Say how long thanks stay, longer with codes to scan; `language` "" is the program's."""

    thanks_s: int = 12
    links_s: int = 25
    language: str = ""


@dataclass(frozen=True, slots=True)
class KioskState:
    """Hold what one visitor sees; nothing of the one before is in it."""

    phase: KioskPhase = KioskPhase.CLOSED
    step: int = 0
    steps: int = 0
    page_id: str = ""
    page_title: str = ""
    page_lead: str = ""
    questions: tuple[ShownQuestion, ...] = ()
    relations: tuple[Choice, ...] = ()
    links: tuple[InterestLink, ...] = ()
    genders: tuple[Choice, ...] = ()
    countries: tuple[tuple[str, str], ...] = ()
    country: str = ""
    language: str = ""
    languages: tuple[tuple[str, str], ...] = ()
    organisation: str = ""
    monogram: str = ""
    texts: KioskTexts = field(default_factory=kiosk_texts)
    form: SignUpForm = field(default_factory=SignUpForm)
    read_back: ReadBack = field(default_factory=ReadBack)
    consents: tuple[ConsentBox, ...] = ()
    asks_question: bool = False
    notice_short: str = ""
    notice_full: str = ""
    notice_url: str = ""
    is_notice_open: bool = False
    problems: tuple[Problem, ...] = ()
    hints: tuple[Hint, ...] = ()
    is_saving: bool = False
    message: Message | None = None
    details: str = ""
    is_asking: bool = False
    seconds_left: int = 0
    still_here_lead: str = ""
    pin: PinPrompt | None = None
    is_left: bool = False

    def problem_at(self, name: str) -> Problem | None:
        """Give the first problem at a field."""
        return next((item for item in self.problems if item.field == name), None)

    def question(self, question_id: str) -> ShownQuestion | None:
        """Give a question of the page that is shown."""
        return next((item for item in self.questions if item.id == question_id), None)

    def hint_at(self, name: str) -> Hint | None:
        """Give the first hint at a field."""
        return next((item for item in self.hints if item.field == name), None)


@dataclass(frozen=True, slots=True)
class KioskLook:
    """Hold one look at the store: what holds now, whether there is a PIN, and how the kiosk is set."""

    now: StandNow
    has_pin: bool
    options: KioskOptions = field(default_factory=KioskOptions)


def look_for_kiosk(connection: "Connection") -> KioskLook:
    """Read both; runs in the reader thread."""
    return KioskLook(stand_now(connection), any_pin(connection), kiosk_options(connection))


def why_not_open(look: KioskLook, offer: FormOffer) -> Message | None:
    """Say what is missing before a visitor may sign up; None when nothing is."""
    if look.now.event is None:
        what, next_step = _("No event is chosen yet."), _("Choose or add one on the page Events.")
    elif not look.has_pin:
        what = _("Without a PIN nobody could leave the kiosk.")
        next_step = _("Choose one on the page Team, under “PIN of the team”.")
    else:
        return None if offer.wordings else no_wordings()
    return Message(Tone.WAIT, what, next_step=next_step)


@dataclass(frozen=True, slots=True)
class KioskScene:
    """Hold what decides how a visitor's screen looks just now."""

    phase: KioskPhase
    page: int
    visitor: KioskVisitor
    offer: FormOffer
    is_saving: bool = False
    seconds_left: int | None = None
    pin: PinPrompt | None = None


def drawn(scene: KioskScene) -> KioskState:
    """Draw a scene; a blank screen holds nothing of the visitor who waits behind it."""
    offer, phase = scene.offer, scene.phase
    visitor = scene.visitor.after() if phase is KioskPhase.BLANK else scene.visitor
    form, document, language = visitor.draft.form, offer.document, offer.language
    pages = pages_of(offer)
    page = pages[min(scene.page, len(pages) - 1)] if pages and phase is KioskPhase.FORM else None
    notice = document.notice(language)
    name = document.organisation.short_name or document.organisation.name
    is_asking = scene.seconds_left is not None
    with speaking(language):
        return KioskState(
            phase=phase,
            step=_step(phase, scene.page, len(pages)),
            steps=len(pages) + 1,
            page_id=page.id if page else "",
            page_title=text_in(page.title, language) if page else "",
            page_lead=text_in(page.lead, language) if page else "",
            questions=shown_questions(offer, page, form) if page else _late_questions(scene, visitor),
            relations=relations(form.guardian_relation),
            links=visitor.links,
            genders=genders(visitor.gender) if phase is KioskPhase.COUNTS else (),
            countries=countries(language) if phase is KioskPhase.COUNTS else (),
            country=visitor.country,
            language=language,
            languages=language_choices(offer.languages),
            organisation=name,
            monogram=document.organisation.monogram or name[:1].upper(),
            texts=kiosk_texts(),
            form=form,
            read_back=read_back(form, offer) if phase is KioskPhase.CONSENT else ReadBack(),
            consents=consent_boxes(offer, form.purposes),
            asks_question=bool(offer.asking & set(form.purposes)),
            notice_short=notice.short if notice else "",
            notice_full=notice.full if notice else "",
            notice_url=notice.url if notice else "",
            is_notice_open=visitor.is_notice_open,
            problems=visitor.problems,
            hints=visitor.hints,
            is_saving=scene.is_saving,
            message=visitor.message,
            details=visitor.details,
            is_asking=is_asking,
            seconds_left=scene.seconds_left or 0,
            still_here_lead=_still_here_lead(scene.seconds_left or 0) if is_asking else "",
            pin=scene.pin,
        )


def _late_questions(scene: KioskScene, visitor: KioskVisitor) -> tuple[ShownQuestion, ...]:
    """Ask beside the boxes for the contact that one of them needs."""
    question = late_question(visitor.late, scene.offer) if scene.phase is KioskPhase.CONSENT else None
    return () if question is None else (shown_question(scene.offer, question, visitor.draft.form),)


def _step(phase: KioskPhase, page: int, pages: int) -> int:
    """Give the step of the dots: the guardian belongs to the page before, the consents come last."""
    if phase is KioskPhase.FORM:
        return page + 1
    return {KioskPhase.GUARDIAN: pages, KioskPhase.CONSENT: pages + 1}.get(phase, 0)


def _still_here_lead(seconds: int) -> str:
    text = ngettext(
        "Otherwise the form is emptied in {count} second.",
        "Otherwise the form is emptied in {count} seconds.",
        seconds,
    )
    return text.format(count=seconds)


def not_saved(language: str) -> Message:
    """Tell a visitor that saving failed, and that nothing typed is lost."""
    with speaking(language):
        return Message(
            Tone.BAD,
            _("This could not be saved."),
            safe=_("What you entered is still here."),
            next_step=_("Please tell somebody of the team."),
        )
