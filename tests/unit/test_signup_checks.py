"""A sign-up is kept only with a first name, one contact and one purpose; all problems come at once."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stojnica.domain.age import bands_for
from stojnica.domain.canonical import canonical_bytes
from stojnica.domain.organisation import Purpose, Wording
from stojnica.domain.signup import (
    ConsentEvidence,
    SignUpForm,
    SignUpRules,
    check_signup,
    consent_data,
    facts_data,
)

_PURPOSES = (
    Purpose("answer", True, "any"),
    Purpose("newsletter", False, "email"),
    Purpose("contact", False, "phone"),
)
_RULES = SignUpRules(_PURPOSES, bands_for("SI", {"SI": 15}))
_ON_PAPER = replace(_RULES, is_present=False)
_GOOD = SignUpForm(
    first_name=" Tjaša ",
    last_name="Žnidaršič",
    email="tjasa@example.org",
    phone="031 345 095",
    age_band="18-30",
    purposes=("newsletter",),
)
_WORDING = Wording(
    "news-sl", "newsletter", 3, "sl", "Pošiljajte mi novice", "Enkrat na mesec.", date(2024, 4, 1)
)


def _codes(form: SignUpForm, rules: SignUpRules = _RULES) -> set[tuple[str, str]]:
    return {(item.field, item.code) for item in check_signup(form, rules).problems}


def test_a_complete_form_becomes_a_signup_with_tidy_values() -> None:
    check = check_signup(_GOOD, _RULES)

    assert check.problems == ()
    assert check.signup is not None
    assert check.signup.first_name == "Tjaša"
    assert check.signup.phone == "+38631345095"
    assert check.signup.keys.email == "tjasa@example.org"


def test_an_empty_form_has_all_its_problems_at_once_and_gives_no_signup() -> None:
    check = check_signup(SignUpForm(), _RULES)

    assert {(item.field, item.code) for item in check.problems} == {
        ("first_name", "missing"),
        ("email", "contact"),
        ("purposes", "purpose"),
        ("age_band", "age_missing"),
    }
    assert check.signup is None


def test_nothing_is_kept_of_a_person_who_ticks_no_box() -> None:
    check = check_signup(replace(_GOOD, purposes=(), question="Kdaj je tabor?"), _RULES)

    assert check.signup is None
    assert check.problem_at("purposes") is not None


@pytest.mark.parametrize("field", ["email", "phone"])
def test_one_contact_is_enough(field: str) -> None:
    form = replace(_GOOD, **{field: ""}, purposes=("answer",))

    assert check_signup(form, _RULES).signup is not None


def test_news_need_an_address_and_calls_need_a_number() -> None:
    assert _codes(replace(_GOOD, email="")) == {("email", "needs_email")}
    assert _codes(replace(_GOOD, phone="", purposes=("contact",))) == {("phone", "needs_phone")}


def test_on_paper_a_missing_contact_or_age_is_a_hint_because_nobody_can_be_asked() -> None:
    check = check_signup(replace(_GOOD, email="", age_band=""), _ON_PAPER)

    assert check.signup is not None
    assert {item.code for item in check.hints} == {"needs_email", "age_missing"}


def test_under_the_age_of_consent_a_guardian_who_is_here_is_named_and_agrees() -> None:
    child = replace(_GOOD, age_band="under-15")
    named = replace(child, guardian="Vzorka Primer")
    whole = replace(named, guardian_relation="mama", guardian_agrees=True)

    assert _codes(child) == {(name, name) for name in ("guardian", "guardian_relation", "guardian_agrees")}
    assert _codes(named) == {(name, name) for name in ("guardian_relation", "guardian_agrees")}
    assert _codes(replace(whole, guardian_agrees=False)) == {("guardian_agrees", "guardian_agrees")}
    signup = check_signup(whole, _RULES).signup
    assert signup is not None
    assert (signup.guardian, signup.guardian_relation) == ("Vzorka Primer", "mama")


def test_on_paper_the_name_of_the_guardian_is_enough() -> None:
    child = replace(_GOOD, age_band="under-15")

    assert _codes(child, _ON_PAPER) == {("guardian", "guardian")}
    assert check_signup(replace(child, guardian="Vzorka Primer"), _ON_PAPER).signup is not None


def test_who_is_old_enough_needs_no_guardian_whatever_stands_there() -> None:
    assert check_signup(replace(_GOOD, guardian="Vzorka Primer"), _RULES).signup is not None


def test_a_broken_address_is_not_hidden_by_a_good_number() -> None:
    assert _codes(replace(_GOOD, email="tjasa@gmail")) == {("email", "email_domain")}


@pytest.mark.parametrize(
    "field", ["first_name", "last_name", "town", "heard", "guardian", "remark", "question"]
)
def test_every_text_refuses_hidden_characters_at_its_own_field(field: str) -> None:
    assert (field, "bidi") in _codes(replace(_GOOD, **{field: "a\u202eb"}))


@pytest.mark.parametrize(("field", "limit"), [("first_name", 200), ("remark", 2_000), ("question", 2_000)])
def test_texts_are_limited(field: str, limit: int) -> None:
    assert check_signup(replace(_GOOD, **{field: "a" * limit}), _RULES).signup is not None
    assert _codes(replace(_GOOD, **{field: "a" * (limit + 1)})) == {(field, "too_long")}


def test_unknown_boxes_bands_and_countries_are_not_taken() -> None:
    form = replace(_GOOD, purposes=("newsletter", "sell"), age_band="40", country="Slovenia")

    check = check_signup(form, _RULES)

    assert {item.code for item in check.problems} == {"age_unknown", "country"}
    assert check_signup(replace(_GOOD, purposes=("sell",)), _RULES).problem_at("purposes") is not None


def test_a_signup_becomes_facts_with_the_wording_that_was_read() -> None:
    form = replace(
        _GOOD, purposes=("newsletter", "answer"), question="Kdaj?", country="si", themes=("peace",)
    )
    signup = check_signup(form, _RULES).signup
    assert signup is not None
    evidence = ConsentEvidence("screen", "sl", {"newsletter": _WORDING})

    facts = facts_data(signup, evidence)

    assert [kind for kind, _data in facts] == ["signed_up", "asked", "consented", "consented"]
    began, asked, answer, news = (data for _kind, data in facts)
    assert began["language"] == "sl"
    assert began["country"] == "SI"
    assert began["themes"] == ["peace"]
    assert asked == {"text": "Kdaj?"}
    assert answer["purpose"] == "answer"
    assert answer["unproven"] is True
    assert news == {
        "purpose": "newsletter",
        "granted": True,
        "wording_id": "news-sl",
        "wording_version": 3,
        "wording_hash": _WORDING.hash,
        "language": "sl",
        "evidence": "screen",
        "collected_on": "",
        "unproven": False,
    }
    for _kind, data in facts:
        canonical_bytes(data)


@pytest.mark.parametrize(
    ("evidence", "is_unproven"),
    [
        (ConsentEvidence("screen", "sl", {"newsletter": _WORDING}), False),
        (ConsentEvidence("read_aloud", "sl", {"newsletter": _WORDING}), False),
        (ConsentEvidence("screen", "sl", {}), True),
        (ConsentEvidence("paper", "sl", {"newsletter": _WORDING}, "2024-09-20"), False),
        (ConsentEvidence("paper", "sl", {"newsletter": _WORDING}), True),
        (ConsentEvidence("web", "sl", {"newsletter": _WORDING}), True),
        (ConsentEvidence("paper", "sl", {}, "2024-09-20"), True),
        (ConsentEvidence("screen", "sl", {"newsletter": _WORDING}, is_unproven=True), True),
    ],
)
def test_a_consent_without_its_wording_or_day_is_unproven(
    evidence: ConsentEvidence, is_unproven: bool
) -> None:
    assert consent_data("newsletter", evidence)["unproven"] is is_unproven


_ANY = st.text(max_size=30)


@given(
    st.builds(
        SignUpForm,
        first_name=_ANY,
        last_name=_ANY,
        email=_ANY,
        phone=_ANY,
        age_band=st.sampled_from(["", "under-15", "18-30", "x"]),
        country=_ANY,
        town=_ANY,
        remark=_ANY,
        question=_ANY,
        purposes=st.sampled_from([(), ("newsletter",), ("contact", "answer")]),
        guardian=_ANY,
        guardian_relation=_ANY,
        guardian_agrees=st.booleans(),
    ),
    st.booleans(),
)
def test_any_form_has_a_problem_or_is_a_whole_signup(form: SignUpForm, is_present: bool) -> None:
    check = check_signup(form, replace(_RULES, is_present=is_present))

    assert (check.signup is None) is bool(check.problems)
    if check.signup:
        assert check.signup.first_name
        assert check.signup.email or check.signup.phone
        assert check.signup.purposes
        assert check.signup.age_band != "under-15" or check.signup.guardian
        for _kind, data in facts_data(check.signup, ConsentEvidence("screen", "sl", {})):
            canonical_bytes(data)
