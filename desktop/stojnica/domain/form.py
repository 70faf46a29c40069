"""A sign-up form as data: pages and questions, who is asked what, and in which words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from stojnica.domain.age import AgeBand

Texts = Mapping[str, str]

SHORT_TEXT, LONG_TEXT, ONE_OF, MANY_OF, YES_NO = "short_text", "long_text", "one_of", "many_of", "yes_no"
NUMBER, EMAIL, PHONE, COUNTRY, POST_CODE = "number", "email", "phone", "country", "post_code"
LANGUAGE, ORGANISATION, AGE = "language", "organisation", "age"
KINDS = (
    *(SHORT_TEXT, LONG_TEXT, ONE_OF, MANY_OF, YES_NO, NUMBER, EMAIL, PHONE, COUNTRY, POST_CODE, LANGUAGE),
    *(ORGANISATION, AGE),
)
PERSON = "person"
AUDIENCES = (PERSON, ORGANISATION)
# Lists that the office keeps elsewhere in its document, so that a form need not repeat them.
SOURCES = ("interests", "themes", "heard", "status")
KIOSK, STAFF, PAPER = "kiosk", "staff", "paper"
PLACES = (KIOSK, STAFF, PAPER)
YES, NO = "yes", "no"

# Questions whose answers have a column of their own; the kind of each is fixed.
KNOWN_QUESTIONS: Mapping[str, str] = {
    "first_name": SHORT_TEXT,
    "last_name": SHORT_TEXT,
    "email": EMAIL,
    "phone": PHONE,
    "age_band": AGE,
    "post_code": POST_CODE,
    "town": SHORT_TEXT,
    "status": ONE_OF,
    "heard": ONE_OF,
    "remark": LONG_TEXT,
    "interests": MANY_OF,
    "themes": MANY_OF,
    "organisation": ORGANISATION,
}

Answer = str | tuple[str, ...]
Answers = Mapping[str, Answer]


@dataclass(frozen=True, slots=True)
class Option:
    """Hold one thing to choose; `from_age` is the age from which it is offered."""

    id: str
    title: Texts
    detail: Texts = field(default_factory=dict)
    from_age: int | None = None


@dataclass(frozen=True, slots=True)
class Condition:
    """Ask a question only when another one has one of these answers."""

    question: str
    values: tuple[str, ...]

    def holds(self, answers: Answers) -> bool:
        """Tell whether it is met."""
        given = answers.get(self.question, "")
        return any(value in self.values for value in ((given,) if isinstance(given, str) else given))


@dataclass(frozen=True, slots=True)
class Question:
    """Hold one question; `places` says where it is asked.

    `source` names a list of the office's, in place of `options`.
    `from_age` and `to_age` bound the ages that are asked, both included.
    """

    id: str
    kind: str
    title: Texts
    help: Texts = field(default_factory=dict)
    is_mandatory: bool = False
    options: tuple[Option, ...] = ()
    source: str = ""
    places: tuple[str, ...] = PLACES
    from_age: int | None = None
    to_age: int | None = None
    condition: Condition | None = None

    def is_asked_at(self, band: AgeBand | None) -> bool:
        """Tell whether an age band is asked; who hasn't told the age yet is."""
        if band is None:
            return True
        is_old_enough = self.from_age is None or band.high is None or band.high >= self.from_age
        is_young_enough = self.to_age is None or (band.low or 0) <= self.to_age
        return is_old_enough and is_young_enough


@dataclass(frozen=True, slots=True)
class FormPage:
    """Hold one page, as the kiosk shows it."""

    id: str
    title: Texts
    questions: tuple[Question, ...]
    lead: Texts = field(default_factory=dict)


@dataclass(frozen=True)
class Form:
    """Hold one version of a form; a sign-up keeps `id` and `version`. Consents come after all pages."""

    id: str
    version: int
    audience: str = PERSON
    languages: tuple[str, ...] = ()
    title: Texts = field(default_factory=dict)
    pages: tuple[FormPage, ...] = ()

    @cached_property
    def questions(self) -> tuple[Question, ...]:
        """Give all questions in order."""
        return tuple(question for page in self.pages for question in page.questions)

    def question(self, question_id: str) -> Question | None:
        """Find a question."""
        return next((item for item in self.questions if item.id == question_id), None)

    @property
    def asks_age(self) -> bool:
        """Tell whether the age decides anything: a person is asked, the contact of an organisation isn't."""
        return self.audience == PERSON

    def asked(
        self, answers: Answers, band: AgeBand | None, place: str = "", page: FormPage | None = None
    ) -> tuple[Question, ...]:
        """Give the questions that these answers and this age lead to; `place` "" is anywhere.

        A question that hangs on one that isn't asked isn't asked either.
        """
        found: dict[str, Question] = {}
        for question in self.questions:
            if place and place not in question.places:
                continue
            if not question.is_asked_at(band) or not self._is_reached(question, answers, band):
                continue
            found[question.id] = question
        if page is None:
            return tuple(found.values())
        return tuple(question for question in page.questions if question.id in found)

    def _is_reached(self, question: Question, answers: Answers, band: AgeBand | None) -> bool:
        condition = question.condition
        if condition is None:
            return True
        on = self.question(condition.question)
        # A form with a circle of conditions is refused when it is read, so this ends.
        return (
            on is not None
            and condition.holds(answers)
            and on.is_asked_at(band)
            and self._is_reached(on, answers, band)
        )


BARE_FORM = Form("signup", 1)
"""The sheet before forms were data: it has no page, and asks what every sign-up has to have."""


def offered(options: Sequence[Option], band: AgeBand | None) -> tuple[Option, ...]:
    """Give what fits the age; to those who haven't told it, everything."""
    return tuple(option for option in options if is_offered(option.from_age, band))


def is_offered(from_age: int | None, band: AgeBand | None) -> bool:
    """Tell whether something that is for an age and over fits a band; who hasn't told the age sees all."""
    return from_age is None or band is None or band.high is None or band.high >= from_age
