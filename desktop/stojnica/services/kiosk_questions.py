"""The questions of a form as the kiosk shows them: words in the visitor's language, and what was answered."""

from collections.abc import Iterable
from dataclasses import dataclass

from stojnica.domain.age import AgeBand, band_of
from stojnica.domain.form import (
    AGE,
    KIOSK,
    MANY_OF,
    NO,
    ONE_OF,
    YES,
    YES_NO,
    Answer,
    FormPage,
    Question,
    offered,
)
from stojnica.domain.organisation import text_in
from stojnica.domain.signup import SignUpForm
from stojnica.i18n import gettext as _
from stojnica.services.signup_choices import Choice, FormOffer, status_choices, titled

MAX_TILES = 6
CHOOSING = (ONE_OF, MANY_OF, YES_NO, AGE)


@dataclass(frozen=True, slots=True)
class ShownQuestion:
    """Hold one question as it is drawn; `note` stands softly beside the title.

    `text` is what stands in a field; the chosen options know it themselves.
    """

    id: str
    kind: str
    title: str
    note: str = ""
    text: str = ""
    options: tuple[Choice, ...] = ()

    @property
    def is_choice(self) -> bool:
        """Tell whether something is chosen rather than typed."""
        return self.kind in CHOOSING

    @property
    def has_details(self) -> bool:
        """Tell whether the options explain themselves: then they are tiles."""
        return any(option.detail for option in self.options)


def pages_of(offer: FormOffer) -> tuple[FormPage, ...]:
    """Give the pages on which the kiosk asks anything at all."""
    return tuple(
        page
        for page in offer.rules.form.pages
        if any(KIOSK in question.places for question in page.questions)
    )


def shown_questions(offer: FormOffer, page: FormPage, form: SignUpForm) -> tuple[ShownQuestion, ...]:
    """Give what a page asks after the answers so far, in the language that is spoken."""
    band = band_of(form.age_band, offer.rules.bands)
    asked = offer.rules.form.asked(form.all_answers, band, KIOSK, page)
    return tuple(_shown(offer, question, form, band) for question in asked)


def shown_question(offer: FormOffer, question: Question, form: SignUpForm) -> ShownQuestion:
    """Give one question after the answers so far, in the language that is spoken."""
    return _shown(offer, question, form, band_of(form.age_band, offer.rules.bands))


def _shown(offer: FormOffer, question: Question, form: SignUpForm, band: AgeBand | None) -> ShownQuestion:
    answer = form.answer(question.id)
    note = text_in(question.help, offer.language)
    if not note and question.id == "last_name":
        note = _("optional")
    return ShownQuestion(
        id=question.id,
        kind=question.kind,
        title=text_in(question.title, offer.language),
        note=note,
        text=answer if isinstance(answer, str) and question.kind not in CHOOSING else "",
        options=_options(offer, question, _chosen(answer), band),
    )


def _chosen(answer: Answer) -> tuple[str, ...]:
    if isinstance(answer, str):
        return (answer,) if answer else ()
    return answer


def _options(
    offer: FormOffer, question: Question, chosen: Iterable[str], band: AgeBand | None
) -> tuple[Choice, ...]:
    ticked = frozenset(chosen)
    if question.kind == AGE:
        return tuple(Choice(item.id, item.label, "", item.id in ticked) for item in offer.rules.bands)
    if question.kind == YES_NO:
        return (Choice(YES, _("yes"), "", YES in ticked), Choice(NO, _("no"), "", NO in ticked))
    if question.source:
        return _from_office(offer, question.source, ticked)
    language = offer.language
    return tuple(
        Choice(item.id, text_in(item.title, language), text_in(item.detail, language), item.id in ticked)
        for item in offered(question.options, band)
    )


def _from_office(offer: FormOffer, source: str, ticked: frozenset[str]) -> tuple[Choice, ...]:
    document, language = offer.document, offer.language
    if source == "interests":
        return titled(document.interests[:MAX_TILES], language, ticked)
    if source == "themes":
        return titled(document.themes, language, ticked)
    if source == "heard":
        return titled(document.heard, language, ticked)
    return tuple(Choice(item.id, item.label, "", item.id in ticked) for item in status_choices())


def answered(form: SignUpForm, question: Question, option: str) -> SignUpForm:
    """Choose an option, or take it back when it was chosen."""
    chosen = _chosen(form.answer(question.id))
    if question.kind == MANY_OF:
        kept = tuple(item for item in chosen if item != option)
        return form.answered(question.id, kept if option in chosen else (*kept, option))
    return form.answered(question.id, "" if option in chosen else option)
