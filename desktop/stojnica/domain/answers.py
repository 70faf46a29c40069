"""Answers to a form's own questions: checked one by one, by the kind of the question."""

import re
from collections.abc import Callable, Mapping

from stojnica.domain.contact import HOME_REGION, check_email, check_phone
from stojnica.domain.form import (
    COUNTRY,
    EMAIL,
    LANGUAGE,
    LONG_TEXT,
    MANY_OF,
    NO,
    NUMBER,
    ONE_OF,
    PHONE,
    POST_CODE,
    YES,
    YES_NO,
    Answer,
    Question,
)
from stojnica.domain.text import NAME_LIMIT, QUESTION_LIMIT, Checked, Problem, clean_text
from stojnica.i18n import gettext as _

MAX_CHOICES = 64
ID_LIMIT = 64
POST_CODE_LIMIT = 10
_NUMBER = re.compile(r"\d{1,9}")
_COUNTRY = re.compile(r"[A-Z]{2}")
_LANGUAGE = re.compile(r"[a-z]{2,3}")
_ANY_POST_CODE = re.compile(r"[A-Z0-9][A-Z0-9 -]*[A-Z0-9]")
# Digits of a post code, by country (Universal Postal Union); elsewhere letters are possible.
_POST_CODE_DIGITS = {"SI": 4, "AT": 4, "HU": 4, "HR": 5, "IT": 5, "DE": 5}


def check_answer(question: Question, given: Answer, region: str = HOME_REGION) -> Checked[Answer]:
    """Check one answer; "" and () are no answer, and fine here. `region` is the country (ISO 3166)."""
    check = _CHECKS.get(question.kind)
    if check is not None:
        return check(question, given, region)
    cleaned = clean_text(_text(given), NAME_LIMIT)
    return Checked(cleaned.value, cleaned.problem, cleaned.hint)


def check_post_code(typed: str, region: str = HOME_REGION) -> Checked[str]:
    """Check a post code of a country; "" is fine and stays ""."""
    text = "".join(typed.upper().split()) if region in _POST_CODE_DIGITS else " ".join(typed.upper().split())
    text = text.removeprefix(f"{region}-")
    digits = _POST_CODE_DIGITS.get(region)
    if not text:
        return Checked("")
    if digits is not None and not (text.isascii() and text.isdigit() and len(text) == digits):
        message = _("A post code here has {count} digits.").format(count=digits)
        return Checked(problem=Problem("post_code", "post_code", message))
    if len(text) > POST_CODE_LIMIT or not _ANY_POST_CODE.fullmatch(text):
        return Checked(problem=Problem("post_code", "post_code", _("This post code can't be right.")))
    return Checked(text)


def is_empty(answer: Answer) -> bool:
    """Tell whether nothing was answered."""
    return not answer


def unanswered(question: Question) -> Problem:
    """Say that this question has to be answered."""
    is_choice = question.kind in (ONE_OF, MANY_OF, YES_NO)
    message = _("Choose one, please.") if is_choice else _("This has to be filled in.")
    return Problem(question.id, "missing", message)


def _text(given: Answer) -> str:
    return given if isinstance(given, str) else ""


def _many(given: Answer) -> tuple[str, ...]:
    items = (given,) if isinstance(given, str) else given
    return tuple(dict.fromkeys(item for item in items if 0 < len(item) <= ID_LIMIT))[:MAX_CHOICES]


def _long_text(_question: Question, given: Answer, _region: str) -> Checked[Answer]:
    cleaned = clean_text(_text(given), QUESTION_LIMIT, multiline=True)
    return Checked(cleaned.value, cleaned.problem, cleaned.hint)


def _chosen(question: Question, given: Answer, *, most: int) -> Checked[Answer]:
    items = _many(given)
    known = {option.id for option in question.options}
    # What comes from a list of the office's is known by whoever shows it; a newer one may hold more.
    if len(items) > most or (known and not known.issuperset(items)):
        return Checked(problem=Problem(question.id, "choice", _("Choose one of the list.")))
    return Checked(items if question.kind == MANY_OF else (items[0] if items else ""))


def _one_of(question: Question, given: Answer, _region: str) -> Checked[Answer]:
    return _chosen(question, given, most=1)


def _many_of(question: Question, given: Answer, _region: str) -> Checked[Answer]:
    return _chosen(question, given, most=MAX_CHOICES)


def _yes_no(question: Question, given: Answer, _region: str) -> Checked[Answer]:
    if given in ("", YES, NO):
        return Checked(_text(given))
    return Checked(problem=Problem(question.id, "choice", _("Choose one of the list.")))


def _number(question: Question, given: Answer, _region: str) -> Checked[Answer]:
    text = "".join(_text(given).split())
    if not text or (text.isascii() and _NUMBER.fullmatch(text)):
        return Checked(str(int(text)) if text else "")
    message = _("A whole number is needed here, in digits.")
    return Checked(problem=Problem(question.id, "number", message))


def _email(_question: Question, given: Answer, _region: str) -> Checked[Answer]:
    found = check_email(_text(given))
    return Checked(found.value, found.problem, found.hint)


def _phone(_question: Question, given: Answer, region: str) -> Checked[Answer]:
    found = check_phone(_text(given), region)
    return Checked(found.value, found.problem, found.hint)


def _country(question: Question, given: Answer, _region: str) -> Checked[Answer]:
    text = _text(given).strip().upper()
    if not text or _COUNTRY.fullmatch(text):
        return Checked(text)
    return Checked(problem=Problem(question.id, "country", _("This country is not known.")))


def _languages(question: Question, given: Answer, _region: str) -> Checked[Answer]:
    items = _many(given)
    if all(_LANGUAGE.fullmatch(item) for item in items):
        return Checked(items)
    return Checked(problem=Problem(question.id, "language", _("Choose one of the list.")))


def _post_code(_question: Question, given: Answer, region: str) -> Checked[Answer]:
    found = check_post_code(_text(given), region)
    return Checked(found.value, found.problem, found.hint)


_CHECKS: Mapping[str, Callable[[Question, Answer, str], Checked[Answer]]] = {
    LONG_TEXT: _long_text,
    ONE_OF: _one_of,
    MANY_OF: _many_of,
    YES_NO: _yes_no,
    NUMBER: _number,
    EMAIL: _email,
    PHONE: _phone,
    COUNTRY: _country,
    LANGUAGE: _languages,
    POST_CODE: _post_code,
}
