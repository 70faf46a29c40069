"""A visitor's sign-up: from what was typed to what may be kept, or to what is missing."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from stojnica.domain import kinds
from stojnica.domain.age import AgeBand, band_of
from stojnica.domain.answers import check_answer, check_post_code, unanswered
from stojnica.domain.contact import HOME_REGION, check_email, check_phone
from stojnica.domain.duplicate import ContactKeys
from stojnica.domain.form import BARE_FORM, KNOWN_QUESTIONS, Answer, Answers, Form
from stojnica.domain.organisation import Purpose, Wording
from stojnica.domain.text import NAME_LIMIT, QUESTION_LIMIT, Checked, Hint, Problem, clean_text
from stojnica.i18n import gettext as _

MAX_CHOICES = 64
ID_LIMIT = 64
NUMBER_LIMIT = 40
_COUNTRY = re.compile(r"[A-Za-z]{2}")


@dataclass(frozen=True, slots=True)
class SignUpForm:
    """Hold what was typed and ticked, exactly so; `purposes` are the boxes that the person ticked.

    `answers` are those to questions of the form's own, by the question's id.
    """

    first_name: str = ""
    last_name: str = ""
    email: str = ""
    phone: str = ""
    age_band: str = ""
    country: str = ""
    town: str = ""
    status: str = ""
    heard: str = ""
    remark: str = ""
    question: str = ""
    interests: tuple[str, ...] = ()
    themes: tuple[str, ...] = ()
    purposes: tuple[str, ...] = ()
    guardian: str = ""
    guardian_relation: str = ""
    guardian_agrees: bool = False
    slip_number: str = ""
    collected_on: str = ""
    organisation: str = ""
    post_code: str = ""
    answers: Answers = field(default_factory=dict)

    def answer(self, question_id: str) -> Answer:
        """Give the answer to a question, wherever it is kept."""
        if question_id in KNOWN_QUESTIONS:
            value: Answer = getattr(self, question_id)
            return value
        return self.answers.get(question_id, "")

    @property
    def all_answers(self) -> Answers:
        """Give all answers by question, for the conditions of a form."""
        return dict(self.answers) | {name: self.answer(name) for name in KNOWN_QUESTIONS}

    def answered(self, question_id: str, value: Answer) -> "SignUpForm":
        """Give the form with another answer to one question."""
        if question_id in KNOWN_QUESTIONS:
            changed: dict[str, Any] = {question_id: value}
            return replace(self, **changed)
        return replace(self, answers=dict(self.answers) | {question_id: value})


@dataclass(frozen=True, slots=True)
class SignUpRules:
    """Hold what a form is checked against.

    `region` is the country of phone numbers without a code. With `is_present` the person can still be asked:
    an age band, and the contact that a ticked purpose needs, are demanded; on paper their lack is a hint.
    `place` is where the form's questions are asked: what isn't asked there can't be missing.
    """

    purposes: tuple[Purpose, ...]
    bands: tuple[AgeBand, ...]
    region: str = HOME_REGION
    is_present: bool = True
    form: Form = BARE_FORM
    place: str = ""


@dataclass(frozen=True, slots=True)
class SignUp:
    """Hold a sign-up that may be kept; the phone number is E.164, what was not given is ""."""

    first_name: str
    last_name: str = ""
    email: str = ""
    phone: str = ""
    age_band: str = ""
    country: str = ""
    town: str = ""
    status: str = ""
    heard: str = ""
    remark: str = ""
    question: str = ""
    interests: tuple[str, ...] = ()
    themes: tuple[str, ...] = ()
    purposes: tuple[str, ...] = ()
    guardian: str = ""
    guardian_relation: str = ""
    slip_number: str = ""
    collected_on: str = ""
    organisation: str = ""
    post_code: str = ""
    answers: Answers = field(default_factory=dict)
    form: str = "signup"
    form_version: int = 1
    audience: str = "person"

    @property
    def keys(self) -> ContactKeys:
        """Give what other sign-ups are compared with."""
        return ContactKeys.of(self.email, self.phone)


@dataclass(frozen=True, slots=True)
class SignUpCheck:
    """Hold all problems and hints at once; `signup` is there only when there is no problem."""

    problems: tuple[Problem, ...]
    hints: tuple[Hint, ...]
    signup: SignUp | None

    def problem_at(self, field_name: str) -> Problem | None:
        """Give the first problem at a field."""
        return next((item for item in self.problems if item.field == field_name), None)

    def hint_at(self, field_name: str) -> Hint | None:
        """Give the first hint at a field."""
        return next((item for item in self.hints if item.field == field_name), None)


@dataclass(frozen=True, slots=True)
class ConsentEvidence:
    """Hold how agreement was given: `evidence` is screen, read_aloud, paper or web.

    `wordings` are what the person read, by purpose. `collected_on` is "YYYY-MM-DD", on paper and on the web.
    A purpose without a wording, and all with `is_unproven`, are kept but never used.
    """

    evidence: str
    language: str
    wordings: Mapping[str, Wording]
    collected_on: str = ""
    is_unproven: bool = False


def check_signup(form: SignUpForm, rules: SignUpRules) -> SignUpCheck:
    """Check all of a form at once, so that all messages can be shown; nothing that was typed raises."""
    check = _Check(form, rules)
    check.texts()
    check.contacts()
    check.purposes()
    check.age()
    check.answers()
    return check.result()


def facts_data(
    signup: SignUp, evidence: ConsentEvidence, language: str = ""
) -> list[tuple[str, dict[str, Any]]]:
    """Give kind and data of a sign-up's facts: signed_up first, then asked, then each consent."""
    spoken = language or evidence.language
    lists = {"interests": list(signup.interests), "themes": list(signup.themes)}
    texts = {
        name: getattr(signup, name)
        for name in (
            *("form", "form_version", "first_name", "last_name", "email", "phone", "age_band", "country"),
            *("town", "status", "heard", "remark", "slip_number", "guardian", "guardian_relation"),
            *("organisation", "post_code", "audience"),
        )
    }
    collected_on = signup.collected_on or evidence.collected_on
    began = texts | lists | {"language": spoken, "collected_on": collected_on}
    began["answers"] = answers_data(signup.answers)
    facts: list[tuple[str, dict[str, Any]]] = [(kinds.SIGNED_UP, began)]
    if signup.question:
        facts.append((kinds.ASKED, {"text": signup.question}))
    dated = replace(evidence, collected_on=collected_on)
    facts += [(kinds.CONSENTED, consent_data(purpose, dated)) for purpose in signup.purposes]
    return facts


def answers_data(answers: Answers) -> dict[str, Any]:
    """Give answers to a form's own questions as a fact keeps them."""
    return {name: list(one) if isinstance(one, tuple) else one for name, one in answers.items()}


def consent_data(purpose: str, evidence: ConsentEvidence) -> dict[str, Any]:
    """Give the data of one consent, with the wording that it rests on (GDPR Art. 7(1))."""
    wording = evidence.wordings.get(purpose)
    needs_day = evidence.evidence in ("paper", "web")
    return {
        "purpose": purpose,
        "granted": True,
        "wording_id": wording.id if wording else "",
        "wording_version": wording.version if wording else 0,
        "wording_hash": wording.hash if wording else "",
        "language": wording.language if wording else evidence.language,
        "evidence": evidence.evidence,
        "collected_on": evidence.collected_on,
        "unproven": evidence.is_unproven or wording is None or (needs_day and not evidence.collected_on),
    }


@dataclass(slots=True)
class _Check:
    form: SignUpForm
    rules: SignUpRules
    problems: list[Problem] = field(default_factory=list)
    hints: list[Hint] = field(default_factory=list)
    values: dict[str, Any] = field(default_factory=dict)

    def texts(self) -> None:
        for name in (
            *("first_name", "last_name", "town", "heard", "status", "guardian", "guardian_relation"),
            "organisation",
        ):
            self._take(name, clean_text(getattr(self.form, name), NAME_LIMIT))
        self._take("remark", clean_text(self.form.remark, QUESTION_LIMIT, multiline=True))
        self._take("question", clean_text(self.form.question, QUESTION_LIMIT, multiline=True))
        self._take("slip_number", clean_text(self.form.slip_number, NUMBER_LIMIT))
        self._take("collected_on", clean_text(self.form.collected_on, 10))
        self.values["interests"] = _choices(self.form.interests)
        self.values["themes"] = _choices(self.form.themes)
        self._take("post_code", check_post_code(self.form.post_code, self.rules.region))
        country = self.form.country.strip()
        self.values["country"] = country.upper() if _COUNTRY.fullmatch(country) else ""
        if country and not self.values["country"]:
            self._problem("country", "country", _("This country is not known."))
        if not self.values["first_name"] and not self._has_problem("first_name"):
            self._problem("first_name", "missing", _("A first name is needed."))

    def contacts(self) -> None:
        self._take("email", check_email(self.form.email))
        self._take("phone", check_phone(self.form.phone, self.rules.region))
        is_empty = not self.values["email"] and not self.values["phone"]
        if is_empty and not self._has_problem("email") and not self._has_problem("phone"):
            self._problem("email", "contact", _("An e-mail address or a phone number is needed."))

    def purposes(self) -> None:
        known = [item for item in self.rules.purposes if item.id in self.form.purposes]
        self.values["purposes"] = tuple(item.id for item in known)
        if not known:
            message = _("At least one box has to be ticked, otherwise nothing is saved.")
            self._problem("purposes", "purpose", message)
        needs = {"email": self._needs_email, "phone": self._needs_phone}
        for need in dict.fromkeys(item.needs for item in known):
            if need in needs and not self.values[need] and not self._has_problem(need):
                needs[need]()

    def _needs_email(self) -> None:
        message = _("What is ticked needs an e-mail address.")
        self._missing("email", "needs_email", message)

    def _needs_phone(self) -> None:
        message = _("What is ticked needs a phone number.")
        self._missing("phone", "needs_phone", message)

    def answers(self) -> None:
        """Check what the form itself asks; an answer to what isn't asked any more is left out."""
        given = self.form.all_answers
        band = band_of(self.form.age_band, self.rules.bands)
        found: dict[str, Answer] = {}
        for question in self.rules.form.asked(given, band, self.rules.place):
            if question.id not in KNOWN_QUESTIONS:
                checked = check_answer(question, given.get(question.id, ""), self.rules.region)
                self._take(question.id, checked)
                found[question.id] = self.values.pop(question.id)
            value = found.get(question.id, self.values.get(question.id))
            if question.is_mandatory and not value and not self._has_problem(question.id):
                problem = unanswered(question)
                self._missing(question.id, problem.code, problem.message)
        self.values["answers"] = {name: value for name, value in found.items() if value}

    def age(self) -> None:
        if not self.rules.form.asks_age:
            self.values["age_band"] = ""
            return
        band = band_of(self.form.age_band, self.rules.bands)
        self.values["age_band"] = band.id if band else ""
        if band is None and self.form.age_band:
            self._problem("age_band", "age_unknown", _("This is none of the age groups."))
        elif band is None:
            self._missing(
                "age_band", "age_missing", _("The age group is needed: what we can offer depends on it.")
            )
        elif band.needs_guardian:
            self._guardian()

    def _guardian(self) -> None:
        """Ask who agrees (GDPR Art. 8): on paper the name is enough, whoever is here ticks for themselves."""
        if not self.values["guardian"] and not self._has_problem("guardian"):
            message = _(
                "A guardian who is here has to agree and give their name. Otherwise nothing is saved."
            )
            self._problem("guardian", "guardian", message)
        if not self.rules.is_present:
            return
        if not self.values["guardian_relation"] and not self._has_problem("guardian_relation"):
            message = _("Write who the guardian is to the child.")
            self._problem("guardian_relation", "guardian_relation", message)
        if not self.form.guardian_agrees:
            message = _("The guardian has to tick this box. Otherwise nothing is saved.")
            self._problem("guardian_agrees", "guardian_agrees", message)

    def result(self) -> SignUpCheck:
        signup = None
        if not self.problems:
            form = self.rules.form
            signup = SignUp(**self.values, form=form.id, form_version=form.version, audience=form.audience)
        return SignUpCheck(tuple(self.problems), tuple(self.hints), signup)

    def _take(self, name: str, checked: Checked[str] | Checked[Answer]) -> None:
        self.values[name] = checked.value or ""
        if checked.problem:
            self.problems.append(checked.problem.at(name))
        if checked.hint:
            self.hints.append(checked.hint.at(name))

    def _has_problem(self, name: str) -> bool:
        return any(item.field == name for item in self.problems)

    def _problem(self, name: str, code: str, message: str) -> None:
        self.problems.append(Problem(name, code, message))

    def _missing(self, name: str, code: str, message: str) -> None:
        if self.rules.is_present:
            self._problem(name, code, message)
        else:
            self.hints.append(Hint(name, code, message))


def _choices(ids: Iterable[str]) -> tuple[str, ...]:
    unique = dict.fromkeys(item for item in ids if 0 < len(item) <= ID_LIMIT)
    return tuple(unique)[:MAX_CHOICES]
