"""The questions of a form as the typed page asks them: in order, a long form's rare ones below a fold."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from stojnica.domain.age import AgeBand, band_of
from stojnica.domain.answers import check_post_code
from stojnica.domain.form import (
    AGE,
    COUNTRY,
    EMAIL,
    KNOWN_QUESTIONS,
    LANGUAGE,
    LONG_TEXT,
    MANY_OF,
    NO,
    ONE_OF,
    PHONE,
    STAFF,
    YES,
    YES_NO,
    Question,
    offered,
)
from stojnica.domain.organisation import text_in
from stojnica.domain.signup import SignUpForm
from stojnica.i18n import LANGUAGE_NAMES, current_language
from stojnica.i18n import gettext as _
from stojnica.services.country_names import country_names
from stojnica.services.signup_choices import Choice, FormOffer, status_choices, titled

SUGGESTED = "suggested_text"
"""A text for which there are proposals; whatever else is typed is kept as it is."""

PLACE = "place"
"""A post code, a town, or both in one line."""

FOLDED_FROM = 11
"""A form with fewer questions than this has all of them in sight."""

_IN_SIGHT = frozenset(KNOWN_QUESTIONS) - {"interests", "themes", "status"}
_WIDE = (LONG_TEXT, MANY_OF, LANGUAGE, AGE, YES_NO)
_PLACES = {"post_code": "town", "remark": "question"}
_LONGER = {EMAIL: 4, PHONE: 3}
INTEREST_KEYS = 9


@dataclass(frozen=True, slots=True)
class ShownQuestion:
    """Hold one question as it is drawn; `id` is the field, `share` its part of a line, 0 all of it.

    `country` is the one (ISO 3166) whose post codes a place may have.
    """

    id: str
    kind: str
    title: str
    note: str = ""
    text: str = ""
    choices: tuple[Choice, ...] = ()
    share: int = 1
    country: str = ""


@dataclass(frozen=True, slots=True)
class ShownForm:
    """Hold the questions in sight and those below the fold, in the form's order."""

    front: tuple[ShownQuestion, ...] = ()
    more: tuple[ShownQuestion, ...] = ()

    @property
    def answered_below(self) -> int:
        """Count the questions below the fold that have an answer."""
        return sum(1 for item in self.more if item.text or any(one.is_chosen for one in item.choices))

    @property
    def order(self) -> tuple[str, ...]:
        """Give the fields in the order in which they are read."""
        names: list[str] = []
        for item in (*self.front, *self.more):
            names.append(item.id)
            if item.kind == AGE:
                names += ["guardian", "guardian_relation", "guardian_agrees"]
        return (*names, "purposes")

    def is_below(self, name: str) -> bool:
        """Tell whether a field is below the fold."""
        return any(item.id == name for item in self.more)


def shown_form(form: SignUpForm, offer: FormOffer) -> ShownForm:
    """Give what a volunteer is to ask this person now, in the language of the volunteer."""
    rules = offer.rules
    band = band_of(form.age_band, rules.bands)
    asked = rules.form.asked(form.all_answers, band, STAFF)
    ids = {item.id for item in asked}
    if "post_code" in ids:
        asked = tuple(item for item in asked if item.id != "town")
    drawn = [_drawn(item, form, offer) for item in asked]
    if not ids & {"remark"}:
        # A box that promises an answer needs a place for the question, whatever else a form asks.
        drawn.append(_question_field(form))
    if len(rules.form.questions) < FOLDED_FROM:
        return ShownForm(tuple(drawn))
    in_sight = {_place(item.id) for item in asked if item.id in _IN_SIGHT or item.is_mandatory}
    in_sight.add("question")
    return ShownForm(
        tuple(item for item in drawn if item.id in in_sight),
        tuple(replace(item, note="") for item in drawn if item.id not in in_sight),
    )


def place_of(problem_field: str) -> str:
    """Give the field of the page at which something about an answer is said."""
    return _place(problem_field)


def split_town(typed: str, region: str) -> tuple[str, str]:
    """Part "1000 Ljubljana" into post code and town; what has no such code stays one text."""
    first, _space, rest = typed.strip().partition(" ")
    if not first[:1].isdigit():
        return "", typed
    if not rest.strip():
        return first, ""
    found = check_post_code(first, region)
    return (found.value, rest.strip()) if found.value else ("", typed)


def joined_town(post_code: str, town: str) -> str:
    """Put post code and town into one line again."""
    return f"{post_code} {town}".strip()


def _place(name: str) -> str:
    return _PLACES.get(name, name)


def _drawn(question: Question, form: SignUpForm, offer: FormOffer) -> ShownQuestion:
    if question.id == "remark":
        return _question_field(form)
    spoken = current_language()
    name = _place(question.id)
    answer = form.answer(name)
    chosen = answer if isinstance(answer, tuple) else (answer,)
    kind = {"heard": SUGGESTED, "post_code": PLACE}.get(question.id, question.kind)
    return ShownQuestion(
        id=name,
        kind=kind,
        title=text_in(question.title, spoken),
        note=_note(question, spoken),
        text=answer if isinstance(answer, str) else "",
        choices=_choices(question, offer, band_of(form.age_band, offer.rules.bands), chosen),
        share=0 if question.kind in _WIDE else _LONGER.get(question.kind, 1),
        country=offer.rules.region if kind == PLACE else "",
    )


def _question_field(form: SignUpForm) -> ShownQuestion:
    """Give the one line for a question or a remark; which of the two it is depends on the boxes."""
    title, note = _("Question or remark"), _("optional")
    return ShownQuestion("question", LONG_TEXT, title, note, form.question, share=0)


def _note(question: Question, spoken: str) -> str:
    if question.help:
        return text_in(question.help, spoken)
    is_plain = question.is_mandatory or question.kind in (AGE, PHONE, EMAIL, MANY_OF, LANGUAGE)
    return "" if is_plain else _("optional")


def _choices(
    question: Question, offer: FormOffer, band: AgeBand | None, chosen: Iterable[str]
) -> tuple[Choice, ...]:
    ticked, spoken = frozenset(chosen), current_language()
    document = offer.document
    if question.source == "interests":
        return tuple(replace(item, detail="") for item in titled(document.interests, spoken, ticked))
    if question.source == "themes":
        return titled(document.themes, spoken, ticked)
    if question.source == "heard":
        return titled(document.heard, spoken, ticked)
    if question.source == "status":
        return _ticked(status_choices(), ticked)
    if question.kind == YES_NO:
        return _ticked((Choice(YES, _("yes")), Choice(NO, _("no"))), ticked)
    if question.kind == LANGUAGE:
        return _ticked((Choice(code, name) for code, name in LANGUAGE_NAMES.items()), ticked)
    if question.kind == COUNTRY:
        return country_names(spoken)
    if question.kind in (ONE_OF, MANY_OF):
        options = offered(question.options, band)
        return _ticked((Choice(item.id, text_in(item.title, spoken)) for item in options), ticked)
    return ()


def _ticked(choices: Iterable[Choice], chosen: frozenset[str]) -> tuple[Choice, ...]:
    return tuple(replace(item, is_chosen=item.id in chosen) for item in choices)
