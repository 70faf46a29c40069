"""From a form, the office's document and an event to what a paper slip says."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

from stojnica.domain.age import AgeBand, bands_for
from stojnica.domain.errors import UserFacingError
from stojnica.domain.event import Event
from stojnica.domain.form import (
    AGE,
    EMAIL,
    KIOSK,
    LONG_TEXT,
    MANY_OF,
    ONE_OF,
    PAPER,
    YES_NO,
    Form,
    FormPage,
    Question,
)
from stojnica.domain.organisation import HeardFrom, Interest, OrganisationDocument, Theme, Wording, text_in
from stojnica.i18n import gettext as _
from stojnica.i18n import speaking
from stojnica.printing.slip_content import (
    SlipConsent,
    SlipContent,
    SlipGuardian,
    SlipQuestion,
    SlipSection,
)
from stojnica.printing.slip_paper import SlipLayout
from stojnica.printing.slip_sheet import checked_layout
from stojnica.records.funding_overrules import KnownOverrule
from stojnica.resources import resource
from stojnica.services.flyer_content import funding_of
from stojnica.services.shown_organisation import ShownOrganisation
from stojnica.services.wording_sets import languages_there
from stojnica.services.written_time import local_text, written_day

Words = Mapping[str, Any]
EMAIL_ROOM_MM = 45.0
MOST_OPTIONS = 40


@dataclass(frozen=True, slots=True)
class SlipSource:
    """Hold what slips are made from: the document in force, the event, the form, the day of printing."""

    shown: ShownOrganisation
    event: Event
    form: Form
    today: date
    overrules: tuple[KnownOverrule, ...] = ()

    @property
    def overruled(self) -> frozenset[tuple[str, str]]:
        """Give the rules of the EU that somebody let by, each with the piece for which."""
        return frozenset((item.overrule.rule, item.overrule.piece) for item in self.overrules)


@cache
def printed_words() -> Mapping[str, Words]:
    """Give the fixed words on a slip, by language."""
    words: Mapping[str, Words] = json.loads(resource("slips", "printed.json").read_text("utf-8"))["languages"]
    return words


def slip_languages(source: SlipSource) -> tuple[str, ...]:
    """Give the languages in which slips can be printed: wordings and notice in force and confirmed."""
    shown = source.shown
    whole = shown.document.languages(source.today, with_unconfirmed=not shown.is_from_office)
    return tuple(language for language in printed_words() if language in whole)


def usual_language(source: SlipSource) -> str:
    """Give the language of slips when none is named: Slovene, else the first that there is."""
    return next(iter(slip_languages(source)), "sl")


def slip_wordings(source: SlipSource, language: str) -> tuple[Wording, ...]:
    """Give the wordings that are printed on a slip.

    Raises:
        UserFacingError: not every purpose has a confirmed one in this language, or there is no notice.
    """
    there = slip_languages(source)
    if language not in there:
        raise UserFacingError(
            _("In this language not all wordings are there and confirmed."),
            safe=_("No number was given out."),
            next_step=languages_there(there),
            code="slip_language",
        )
    return source.shown.document.wordings_for(language, source.today)


def slip_content(source: SlipSource, language: str, *, is_full: bool = True) -> SlipContent:
    """Put a slip together, in the order of the screen; without `is_full` it asks what the kiosk asks.

    Raises:
        UserFacingError: the language isn't complete.
    """
    wordings = slip_wordings(source, language)
    document, event, form = source.shown.document, source.event, source.form
    words = printed_words()[language]
    bands = bands_for(event.country or document.organisation.country, document.consent_age)
    maker = _Maker(document, words, language, bands, is_full)
    notice = document.notice(language)
    asking = {item.id for item in document.purposes if item.asks_question}
    organisation = document.organisation
    return SlipContent(
        language=language,
        organisation=organisation.name,
        title=text_in(form.title, language) or organisation.short_name,
        event=_event_line(event, language),
        event_code=event.code,
        sections=tuple(maker.section(page) for page in form.pages if _on_paper(page, is_full)),
        consents_title=words["consents"],
        consents=tuple(
            SlipConsent(item.title, item.text, words["question"] if item.purpose in asking else "")
            for item in wordings
        ),
        guardian=maker.guardian() if form.asks_age else None,
        notice=notice.short if notice else "",
        address=words["full_notice"].format(address=notice.url) if notice and notice.url else "",
        version=_small_print(form, wordings, words, language),
        accent=organisation.accent,
        funding=funding_of(document, event, language),
    )


def _on_paper(page: FormPage, is_full: bool) -> tuple[Question, ...]:
    return tuple(
        question
        for question in page.questions
        if PAPER in question.places and (is_full or KIOSK in question.places)
    )


def _event_line(event: Event, language: str) -> str:
    with speaking(language):
        starts = local_text(event.starts)
        day = written_day(starts.date()) if starts and event.starts[:10] == event.ends[:10] else ""
    return " · ".join(part for part in (event.name, day) if part)


def _small_print(form: Form, wordings: Sequence[Wording], words: Words, language: str) -> str:
    listed = ", ".join(f"{item.purpose} {item.version}" for item in wordings)
    parts = (
        words["form"].format(form=form.id, version=form.version),
        words["wordings"].format(wordings=listed),
        language,
    )
    return " · ".join(parts)


@dataclass(frozen=True, slots=True)
class _Maker:
    document: OrganisationDocument
    words: Words
    language: str
    bands: tuple[AgeBand, ...]
    is_full: bool

    def section(self, page: FormPage) -> SlipSection:
        questions = _on_paper(page, self.is_full)
        title, lead = text_in(page.title, self.language), text_in(page.lead, self.language)
        if text_in(questions[0].title, self.language) == title:
            # The page is its first question: said once, with the page's hint behind it.
            first = self.question(questions[0], lead)
            return SlipSection((first, *map(self.question, questions[1:])))
        return SlipSection(tuple(map(self.question, questions)), title, lead)

    def question(self, question: Question, lead: str = "") -> SlipQuestion:
        title, help_text = text_in(question.title, self.language), text_in(question.help, self.language)
        return SlipQuestion(
            title=title,
            help=help_text or lead,
            choices=self.choices(question),
            lines=2 if question.kind == LONG_TEXT else 1,
            room_mm=EMAIL_ROOM_MM if question.kind == EMAIL else 28.0,
        )

    def choices(self, question: Question) -> tuple[str, ...]:
        if question.kind == AGE:
            return tuple(map(self.band, self.bands))
        if question.kind == YES_NO:
            return (self.words["yes"], self.words["no"])
        if question.kind not in (ONE_OF, MANY_OF):
            return ()
        if question.source == "status":
            return tuple(map(str, self.words["status"].values()))
        listed = question.options or self.of_source(question.source)
        return tuple(text_in(item.title, self.language) for item in listed)[:MOST_OPTIONS]

    def of_source(self, source: str) -> tuple[Interest | Theme | HeardFrom, ...]:
        lists: Mapping[str, tuple[Interest | Theme | HeardFrom, ...]] = {
            "interests": self.document.interests,
            "themes": self.document.themes,
            "heard": self.document.heard,
        }
        return lists.get(source, ())

    def band(self, band: AgeBand) -> str:
        if band.low is None:
            return str(self.words["under"]).format(age=(band.high or 0) + 1)
        if band.high is None:
            return str(self.words["over"]).format(age=band.low)
        return band.label

    def guardian(self) -> SlipGuardian | None:
        young = next((band for band in self.bands if band.needs_guardian), None)
        if young is None:
            return None
        return SlipGuardian(
            title=str(self.words["guardian"]).format(age=(young.high or 0) + 1),
            name=self.words["guardian_name"],
            relation=self.words["relation"],
            signature=self.words["signature"],
        )


@dataclass(frozen=True, slots=True)
class PlannedSlip:
    """Hold a slip before any number is given: what it says, how it lies on paper, the wordings on it."""

    content: SlipContent
    layout: SlipLayout
    wordings: tuple[Wording, ...]
    is_full: bool

    @property
    def note(self) -> str:
        """Say how many are on a sheet, and why not more."""
        paper = self.layout.paper
        if paper.up == 4 and not self.is_full:
            return _("Four on a sheet of A4, each A6; they ask what the kiosk asks.")
        if paper.up == 4:
            return _("Four on a sheet of A4, each A6, with all questions.")
        if paper.up == 2:
            return _("All questions and wordings don't fit on A6: two on a sheet of A4, each A5.")
        return _("All questions and wordings don't fit on A5: one on a sheet of A4.")


def planned_slip(source: SlipSource, language: str, *, is_full: bool = False) -> PlannedSlip:
    """Choose the smallest slip that can be read: what the kiosk asks on A6, else all questions on A5.

    Raises:
        UserFacingError: the language isn't complete, or it can't be printed.
    """
    wordings = slip_wordings(source, language)
    if not is_full:
        content = slip_content(source, language, is_full=False)
        layout = checked_layout(content, source.overruled)
        if layout.paper.up == 4:
            return PlannedSlip(content, layout, wordings, is_full=False)
    # Where A6 is too small for the wordings, the larger piece has room for every question.
    content = slip_content(source, language)
    return PlannedSlip(content, checked_layout(content, source.overruled), wordings, is_full=True)
