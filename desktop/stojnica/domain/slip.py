"""Rows of a pile of slips: each is taken, taken with a warning, needs attention, or is there already."""

import hashlib
import hmac
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from functools import cached_property
from typing import Any

from stojnica.domain.age import AgeReading, read_age
from stojnica.domain.canonical import canonical_bytes
from stojnica.domain.duplicate import ContactKeys
from stojnica.domain.organisation import OrganisationDocument
from stojnica.domain.signup import ConsentEvidence, SignUp, SignUpForm, SignUpRules, check_signup
from stojnica.domain.slip_reading import (
    Titles,
    is_unreadable_name,
    looks_like_formula,
    number_key,
    read_country,
    read_day,
    read_heard,
    read_marks,
    shown_number,
)
from stojnica.domain.slip_reasons import Reason, hint_reason, problem_reason, same_person
from stojnica.domain.slip_words import SlipWords, slip_words
from stojnica.i18n import gettext as _


class Outcome(StrEnum):
    """Name what became of a row."""

    TAKEN = "taken"
    WARNED = "warned"
    ATTENTION = "attention"
    ALREADY = "already"


@dataclass(frozen=True, slots=True)
class SlipRow:
    """Hold one row: `line` as a spreadsheet counts (the heading of a plain sheet is 1), cells by field.

    Boxes have the field "purpose:" and the purpose's id. `defect` says in words why the cells can't be
    relied on; "" when they can.
    """

    line: int
    values: Mapping[str, str]
    defect: str = ""

    @property
    def number(self) -> str:
        """Give the number on the slip, or "" when the cell holds something else."""
        return shown_number(self.values.get("number", ""))


@dataclass(frozen=True, repr=False)
class SlipRules:
    """Hold what a pile is judged by.

    `evidence` is how the pile was collected; rows that prove less get a weaker one. `secret` is the key of
    this store, so that a kept hash tells nothing to anybody else. `printed` has the number on the slip for
    one that is written otherwise in the sheet.
    """

    signup: SignUpRules
    document: OrganisationDocument
    evidence: ConsentEvidence
    event: str
    secret: bytes
    today: date
    printed: Mapping[str, str] = field(default_factory=dict)
    words: SlipWords = field(default_factory=slip_words)

    def number_of(self, row: SlipRow) -> str:
        """Give the number of a row as it stands on its slip."""
        return self.printed.get(row.number, row.number)

    @cached_property
    def themes(self) -> Titles:
        """Give the themes as they may be written."""
        return Titles.of(self.document.themes)

    @cached_property
    def interests(self) -> Titles:
        """Give the interests as they may be written."""
        return Titles.of(self.document.interests)

    @cached_property
    def heard(self) -> Titles:
        """Give the ways of having heard as they may be written."""
        return Titles.of(self.document.heard)


@dataclass(slots=True)
class SeenSlips:
    """Remember what is in the event already: hashes of rows, contacts; and the numbers of this sheet."""

    taken: set[bytes] = field(default_factory=set)
    emails: dict[str, int] = field(default_factory=dict)
    phones: dict[str, int] = field(default_factory=dict)
    numbers: dict[str, tuple[bytes, int]] = field(default_factory=dict)

    @classmethod
    def of(cls, taken: Iterable[bytes], contacts: Iterable[ContactKeys]) -> "SeenSlips":
        """Begin with what the store has of this event; line 0 stands for it."""
        seen = cls(set(taken))
        for keys in contacts:
            seen.remember(keys, 0)
        return seen

    def remember(self, keys: ContactKeys, line: int) -> None:
        """Add a contact."""
        if keys.email:
            self.emails.setdefault(keys.email, line)
        if keys.phone:
            self.phones.setdefault(keys.phone, line)


@dataclass(frozen=True, slots=True)
class SlipVerdict:
    """Hold what became of a row; `signup` and its `evidence` are there only when it was taken.

    Of a row that needs attention nothing else may be kept than line, number, reasons and keyed hash.
    """

    outcome: Outcome
    line: int
    number: str
    keyed_hash: bytes
    reasons: tuple[Reason, ...] = ()
    signup: SignUp | None = None
    evidence: ConsentEvidence | None = None
    language: str = ""


def keyed_hash(row: SlipRow, event: str, secret: bytes) -> bytes:
    """Give HMAC-SHA256 over event and cells, so that the same row is known again, and nothing else is.

    Spaces, the order of columns and empty cells make no difference.
    """
    cells = {name: tidy for name, value in row.values.items() if (tidy := _tidy(value))}
    return hmac.new(secret, b"stojnica slip\0" + canonical_bytes([event, cells]), hashlib.sha256).digest()


def _tidy(value: str) -> str:
    readable = value.replace("\0", "\ufffd").encode("utf-8", "replace").decode("utf-8")
    return " ".join(unicodedata.normalize("NFC", readable).split())


def judge_row(row: SlipRow, rules: SlipRules, seen: SeenSlips) -> SlipVerdict:
    """Decide about one row, and remember it in `seen`; nothing is raised for what stands in a cell.

    A double warns and never blocks. Under the age of consent without a guardian, no other reason is given.
    """
    known_by = keyed_hash(row, rules.event, rules.secret)
    number = number_key(rules.number_of(row) or row.values.get("number", ""))
    first_hash, first_line = (
        seen.numbers.setdefault(number, (known_by, row.line)) if number else (known_by, 0)
    )
    verdict = SlipVerdict(Outcome.ALREADY, row.line, rules.number_of(row), known_by)
    if known_by in seen.taken:
        return verdict
    judged = _Judged(row, rules)
    if first_hash != known_by:
        message = _("The same number is in row {row}, with other content.").format(row=first_line)
        judged.stop("number", message)
    judged.read()
    if judged.stops or judged.signup is None:
        return replace(verdict, outcome=Outcome.ATTENTION, reasons=tuple(judged.stops))
    judged.compare(seen)
    seen.taken.add(known_by)
    seen.remember(judged.signup.keys, row.line)
    return replace(
        verdict,
        outcome=Outcome.WARNED if judged.warnings else Outcome.TAKEN,
        reasons=tuple(judged.warnings),
        signup=judged.signup,
        evidence=judged.evidence,
        language=judged.evidence.language,
    )


class _Judged:
    """Read one row step by step; `stops` are reasons for attention."""

    def __init__(self, row: SlipRow, rules: SlipRules) -> None:
        self.row = row
        self.rules = rules
        self.stops: list[Reason] = []
        self.warnings: list[Reason] = []
        self.signup: SignUp | None = None
        self.evidence = rules.evidence
        self._kept: list[str] = []

    def _cell(self, name: str) -> str:
        return self.row.values.get(name, "").strip()

    def stop(self, code: str, message: str) -> None:
        self.stops.append(Reason(code, message))

    def warn(self, code: str, message: str) -> None:
        self.warnings.append(Reason(code, message))

    def read(self) -> None:
        if self.row.defect:
            self.stop("cells", self.row.defect)
            return
        written = self._cell("number")
        if written and not self.row.number:
            self.warn("number", _("The slip's number can't be read. It was kept in the remark."))
            self._keep(_("number on the slip"), written)
        age = read_age(self._cell("age"), self.rules.signup.bands, self.rules.words)
        if self._is_too_young(age):
            return
        self._check_names()
        form = self._form(age)
        self._check_form(form)

    def _is_too_young(self, age: AgeReading) -> bool:
        if not age.is_understood or not age.may_need_guardian or self._cell("guardian"):
            return False
        code, message = "guardian", _("Under the age of consent, and no guardian is named. Nothing was kept.")
        if age.band is None:
            message = _("Maybe under the age of consent, and no guardian is named. Nothing was kept.")
        self.stops = [Reason(code, message)]
        return True

    def _check_names(self) -> None:
        name = f"{self._cell('first_name')} {self._cell('last_name')}"
        if is_unreadable_name(self._cell("first_name")) or is_unreadable_name(self._cell("last_name")):
            message = _("The name's letters were lost when the file was saved. Type the name from the slip.")
            self.stop("unreadable", message)
        elif "?" in name:
            self.warn("doubtful_name", _("There is a question mark in the name."))
        for field_name, value in self.row.values.items():
            if field_name not in ("email", "phone") and looks_like_formula(value):
                self.warn("formula", _("A cell looks like a formula of a spreadsheet. It was kept as text."))
                break

    def _form(self, age: AgeReading) -> SignUpForm:
        values, words = self.row.values, self.rules.words
        marks = read_marks(values, words)
        if marks.unclear:
            message = _("Beside a box stands something that is neither yes nor no. It counts as no.")
            self.warn("unclear_mark", message)
        known = {item.id for item in self.rules.signup.purposes}
        if any(purpose not in known for purpose in marks.ticked):
            self.warn("unknown_purpose", _("A ticked box is none of the organisation's purposes."))
        self._prove_less(age)
        names = ("first_name", "last_name", "email", "phone", "town", "question", "guardian", "remark")
        texts: dict[str, Any] = {name: values.get(name, "") for name in names}
        return SignUpForm(
            **texts,
            age_band=age.band.id if age.band else "",
            country=self._country(),
            status=words.status_id(self._cell("status")),
            heard=read_heard(self._cell("heard"), self.rules.heard, words),
            interests=self._choices("interests", self.rules.interests),
            themes=self._choices("themes", self.rules.themes),
            purposes=marks.ticked,
            slip_number=self.rules.number_of(self.row),
            collected_on=self.evidence.collected_on,
        )

    def _prove_less(self, age: AgeReading) -> None:
        evidence = self.rules.evidence
        day = read_day(self._cell("collected_on"), self.rules.today)
        if day is None:
            message = _("The day of collection can't be read, so the consent can't be used.")
            self.warn("day", message)
        collected_on = evidence.collected_on if day == "" else (day or "")
        language = self._language()
        wordings = evidence.wordings
        if language != evidence.language:
            wordings = {
                purpose: other
                for purpose, wording in wordings.items()
                if (other := self.rules.document.wording(purpose, wording.version, language))
            }
        self.evidence = replace(
            evidence,
            collected_on=collected_on,
            wordings=wordings,
            language=language,
            is_unproven=evidence.is_unproven
            or any(reason.code == "language" for reason in self.warnings)
            or (age.may_need_guardian and not self._cell("guardian")),
        )
        if age.band is None:
            self._warn_age(age)

    def _language(self) -> str:
        written = self._cell("language").lower()
        if not written or written == self.rules.evidence.language:
            return self.rules.evidence.language
        if any(item.language == written for item in self.rules.document.wordings):
            return written
        message = _("There is no wording in the slip's language. That of the pile was taken, unproven.")
        self.warn("language", message)
        return self.rules.evidence.language

    def _warn_age(self, age: AgeReading) -> None:
        if self._cell("age"):
            self._keep(_("age on the slip"), self._cell("age"))
        if age.may_need_guardian and self._cell("guardian"):
            self.warn("age_missing", _("The age group is missing."))
        elif age.may_need_guardian:
            message = _("The age group is missing, so the consent can't be used until it is known.")
            self.warn("age_missing", message)
        else:
            self.warn("age_unclear", _("The age fits into no single age group."))

    def _country(self) -> str:
        country = read_country(self._cell("country"), self.rules.words)
        if country is None:
            self.warn("country", _("The country is not known. It was kept in the remark."))
            self._keep(_("country on the slip"), self._cell("country"))
        return country or ""

    def _choices(self, name: str, titles: Titles) -> tuple[str, ...]:
        ids, unknown = titles.read(self._cell(name))
        if unknown:
            # An organisation without such a list has nothing that the words could be missing from.
            if titles.ids:
                message = _(
                    "Not all that is written is on the organisation's list. It was kept in the remark."
                )
                self.warn(name, message)
            label = _("themes on the slip") if name == "themes" else _("interests on the slip")
            self._keep(label, ", ".join(unknown))
        return ids

    def _keep(self, label: str, text: str) -> None:
        self._kept.append(f"{label}: {text}")

    def _check_form(self, form: SignUpForm) -> None:
        rules = replace(self.rules.signup, is_present=False)
        check = check_signup(form, rules)
        contacts = {name: check.problem_at(name) for name in ("email", "phone")}
        for name, other in (("email", "phone"), ("phone", "email")):
            problem = contacts[name]
            if problem and getattr(form, other).strip() and not contacts[other]:
                form = self._without(form, name)
        if self._kept:
            form = replace(form, remark="\n".join(filter(None, (form.remark, *self._kept))))
            check = check_signup(form, rules)
        for problem in check.problems:
            self.stops.append(problem_reason(problem))
        for hint in check.hints:
            if hint.code != "age_missing":
                self.warnings.append(hint_reason(hint))
        self.signup = check.signup

    def _without(self, form: SignUpForm, name: str) -> SignUpForm:
        if name == "email":
            self.warn("email", _("The e-mail address can't be right. It was kept in the remark."))
            self._keep(_("e-mail on the slip"), form.email.strip())
            return replace(form, email="")
        self.warn("phone", _("The phone number can't be right. It was kept in the remark."))
        self._keep(_("phone on the slip"), form.phone.strip())
        return replace(form, phone="")

    def compare(self, seen: SeenSlips) -> None:
        """Warn when the same address or number is there already."""
        if self.signup is None:
            return
        keys = self.signup.keys
        lines = {
            "email": seen.emails.get(keys.email) if keys.email else None,
            "phone": seen.phones.get(keys.phone) if keys.phone else None,
        }
        found = {name: line for name, line in lines.items() if line is not None}
        if found:
            self.warn("same_person", same_person(found))
