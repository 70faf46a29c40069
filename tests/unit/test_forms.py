"""A form is a document: who is asked what, and in which words; a wrong one is refused with its place."""

import contextlib
import copy
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stojnica.domain.age import bands_for
from stojnica.domain.answers import check_answer, check_post_code
from stojnica.domain.document_node import DocumentError
from stojnica.domain.form import KINDS, KIOSK, PAPER, STAFF, Form, Option, Question, offered
from stojnica.domain.form_document import MAX_TARGETS, read_form, targets
from stojnica.domain.organisation import Purpose
from stojnica.domain.signup import ConsentEvidence, SignUpForm, SignUpRules, check_signup, facts_data
from stojnica.i18n import VISITOR_LANGUAGES, speaking
from stojnica.resources import resource
from stojnica.services.forms import SHIPPED, shipped_forms

BANDS = bands_for("SI", {"SI": 15})
CHILD, TEEN, YOUNG, ADULT = BANDS
PURPOSES = (Purpose("answer", True, "any"),)


def document(name: str = "person") -> dict[str, Any]:
    found: dict[str, Any] = json.loads(resource("forms", f"{name}.json").read_text("utf-8"))
    return found


def read(value: Any) -> Form:
    return read_form(json.dumps(value).encode())


def form_named(name: str) -> Form:
    return next(form for form in shipped_forms() if form.id == name)


@pytest.mark.parametrize("name", SHIPPED)
def test_each_shipped_form_speaks_all_visitor_languages_and_fits_the_kiosk(name: str) -> None:
    form = form_named(name)

    assert form.languages == VISITOR_LANGUAGES
    assert all(0 < targets(page) <= MAX_TARGETS for page in form.pages)
    # Interests first, and what we may do is asked after all pages: three in all.
    assert len(form.pages) == 2


def broken(change: Any) -> dict[str, Any]:
    value = copy.deepcopy(document())
    change(value)
    return value


def first_question(value: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = value["pages"][1]["questions"][0]
    return found


CIRCLE = [
    {"id": "a", "kind": "yes_no", "shown_if": {"question": "b", "is": ["yes"]}},
    {"id": "b", "kind": "yes_no", "shown_if": {"question": "a", "is": ["yes"]}},
]


def with_questions(questions: list[dict[str, Any]]) -> Any:
    title = document()["title"]
    return lambda value: value["pages"].append(
        {"id": "more", "title": title, "questions": [{"title": title} | one for one in questions]}
    )


WRONG = {
    "another format": (lambda value: value.update(format=2), "format"),
    "no version": (lambda value: value.pop("version"), ""),
    "an unknown kind": (lambda value: first_question(value).update(kind="x"), "pages[1].questions[0].kind"),
    "a known question of another kind": (
        lambda value: first_question(value).update(kind="email"),
        "pages[1].questions[0].kind",
    ),
    "a missing language": (
        lambda value: first_question(value)["title"].pop("hu"),
        "pages[1].questions[0].title",
    ),
    "a word that nobody knows": (
        lambda value: first_question(value).update(colour="red"),
        "pages[1].questions[0].colour",
    ),
    "the same question twice": (
        lambda value: value["pages"][1]["questions"].append(first_question(value)),
        "pages",
    ),
    "no first name": (lambda value: value["pages"][1]["questions"].pop(0), "pages"),
    "no pages": (lambda value: value.update(pages=[]), "pages"),
    "ages upside down": (
        lambda value: first_question(value).update(ages={"from": 30, "to": 20}),
        "pages[1].questions[0].ages.to",
    ),
    "a question that waits for itself": (with_questions(CIRCLE), "pages"),
    "a question that waits for none": (with_questions(CIRCLE[:1]), "pages"),
    "too much for one page": (
        with_questions([{"id": f"q{number}", "kind": "short_text"} for number in range(9)]),
        "pages[2].questions",
    ),
    "options for a text": (
        lambda value: first_question(value).update(options=[{"id": "a", "title": value["title"]}]),
        "pages[1].questions[0]",
    ),
    "nothing to choose": (with_questions([{"id": "q", "kind": "one_of"}]), "pages[2].questions[0]"),
}


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_form_is_refused_with_place_and_reason(name: str) -> None:
    change, place = WRONG[name]

    with pytest.raises(DocumentError) as refused:
        read(broken(change))

    assert refused.value.place == place
    assert refused.value.reason


@given(st.recursive(st.none() | st.integers(-9, 9) | st.text(max_size=9), st.lists, max_leaves=6))
def test_nonsense_anywhere_in_a_form_is_a_document_error(nonsense: Any) -> None:
    for place in ("pages", "languages", "title", "id"):
        with contextlib.suppress(DocumentError):
            assert read(document() | {place: nonsense}).pages


def test_what_is_asked_follows_from_place_age_and_answers() -> None:
    form = form_named("person")

    def ids(answers: dict[str, Any], band: Any, place: str) -> list[str]:
        return [question.id for question in form.asked(answers, band, place)]

    assert ids({}, None, KIOSK) == ["interests", "first_name", "last_name", "email", "phone", "age_band"]
    assert "themes" not in ids({"interests": ("club",)}, YOUNG, STAFF)
    assert "themes" in ids({"interests": ("club", "camps")}, YOUNG, STAFF)
    assert "free" not in ids({}, CHILD, PAPER)
    assert "free" in ids({}, TEEN, PAPER)


def test_what_is_offered_fits_the_age() -> None:
    options = (Option("club", {"en": "Club"}), Option("camps", {"en": "Camps"}, from_age=18))

    assert [option.id for option in offered(options, None)] == ["club", "camps"]
    assert [option.id for option in offered(options, TEEN)] == ["club"]
    assert [option.id for option in offered(options, ADULT)] == ["club", "camps"]


def signed(form: Form, typed: SignUpForm, *, is_present: bool = True) -> Any:
    return check_signup(typed, SignUpRules(PURPOSES, BANDS, form=form, is_present=is_present))


def test_an_organisation_names_itself_and_one_person_and_is_not_asked_for_its_age() -> None:
    form = form_named("organisation")
    typed = SignUpForm(
        first_name="Ana",
        email="ana@example.org",
        organisation="Šola na vasi",
        purposes=("answer",),
        answers={"cooperation": ("host_camp",), "role": "ravnateljica", "left over": "x"},
    )

    checked = signed(form, typed)
    nameless = signed(form, typed.answered("organisation", " "))

    assert checked.problems == ()
    assert (checked.signup.form, checked.signup.form_version) == ("organisation", 1)
    assert checked.signup.answers == {"cooperation": ("host_camp",), "role": "ravnateljica"}
    assert [problem.field for problem in nameless.problems] == ["organisation"]
    kind, data = facts_data(checked.signup, ConsentEvidence("screen", "sl", {}))[0]
    assert (kind, data["audience"], data["form"], data["organisation"]) == (
        "signed_up",
        "organisation",
        "organisation",
        "Šola na vasi",
    )
    assert data["answers"] == {"cooperation": ["host_camp"], "role": "ravnateljica"}


def test_an_answer_to_what_is_no_longer_asked_is_not_kept() -> None:
    form = form_named("person")
    typed = SignUpForm(first_name="Ana", email="ana@example.org", purposes=("answer",))

    older = signed(form, typed.answered("age_band", ADULT.id).answered("free", ("summer",)))
    child = signed(form, typed.answered("age_band", CHILD.id).answered("free", ("summer",)), is_present=False)

    assert older.signup.answers == {"free": ("summer",)}
    assert child.signup is None or child.signup.answers == {}


def question(kind: str) -> Question:
    options = (Option("a", {"en": "A"}), Option("b", {"en": "B"})) if kind in ("one_of", "many_of") else ()
    return Question("q", kind, {"en": "Question"}, options=options)


@pytest.mark.parametrize(
    ("kind", "given_answer", "kept"),
    [
        ("one_of", "a", "a"),
        ("many_of", ("b", "a", "b"), ("b", "a")),
        ("yes_no", "yes", "yes"),
        ("number", " 1 200", "1200"),
        ("country", "si", "SI"),
        ("post_code", "1000", "1000"),
        ("post_code", "SI-1000", "1000"),
        ("language", ("sl", "de"), ("sl", "de")),
        ("short_text", "  Ana  B ", "Ana B"),
        ("email", "ana@example.org", "ana@example.org"),
        ("phone", "031 345 095", "+38631345095"),
    ],
)
def test_an_answer_is_kept_tidily(kind: str, given_answer: Any, kept: Any) -> None:
    assert check_answer(question(kind), given_answer).value == kept


@pytest.mark.parametrize(
    ("kind", "given_answer"),
    [
        ("one_of", "c"),
        ("one_of", ("a", "b")),
        ("many_of", ("a", "c")),
        ("yes_no", "perhaps"),
        ("number", "ten"),
        ("number", "-3"),
        ("number", "٣"),
        ("country", "Slovenia"),
        ("post_code", "10000"),
        ("language", ("slovene!",)),
        ("short_text", "a" * 201),
        ("short_text", "a\u202eb"),
        ("email", "ana"),
        ("phone", "12"),
    ],
)
def test_an_answer_that_cannot_be_is_refused_with_a_sentence(kind: str, given_answer: Any) -> None:
    checked = check_answer(question(kind), given_answer)

    assert checked.value is None
    assert checked.problem is not None
    with speaking("en"):
        assert checked.problem.message.endswith(".")


@pytest.mark.parametrize("kind", KINDS)
@given(given_answer=st.text(max_size=400) | st.lists(st.text(max_size=80), max_size=90).map(tuple))
def test_whatever_is_typed_gets_an_answer_and_never_an_error(kind: str, given_answer: Any) -> None:
    checked = check_answer(question(kind), given_answer)

    assert (checked.value is None) == (checked.problem is not None)


@pytest.mark.parametrize(
    ("typed", "region", "is_right"),
    [
        *(("1000", "SI", True), ("100", "SI", False), ("10 00", "SI", True), ("10000", "HR", True)),
        *(("SW1A 1AA", "GB", True), ("", "SI", True), ("žžžž", "GB", False)),
    ],
)
def test_a_post_code_is_checked_by_its_country(typed: str, region: str, is_right: bool) -> None:
    assert (check_post_code(typed, region).problem is None) is is_right
