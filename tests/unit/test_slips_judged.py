"""Each row of a pile is taken, warned, set aside or there already; without a box nothing is kept."""

import json
from dataclasses import replace
from datetime import date

import pytest

from stojnica.domain.age import bands_for
from stojnica.domain.duplicate import ContactKeys
from stojnica.domain.organisation_document import parse_document
from stojnica.domain.pile import pile_evidence, read_versions
from stojnica.domain.signup import SignUpRules, consent_data, facts_data
from stojnica.domain.slip import Outcome, SeenSlips, SlipRow, SlipRules, SlipVerdict, judge_row, keyed_hash
from stojnica.domain.slip_report import report_of
from stojnica.services.sample import SAMPLE_DAY, sample_document

_TODAY = date(2024, 9, 23)
_DOCUMENT = parse_document(sample_document(SAMPLE_DAY))
_RULES = SlipRules(
    signup=SignUpRules(_DOCUMENT.purposes, bands_for("SI", _DOCUMENT.consent_age), is_present=False),
    document=_DOCUMENT,
    evidence=pile_evidence(
        _DOCUMENT, language="sl", versions=read_versions("1", _DOCUMENT), collected_on="2024-09-20"
    ),
    event="event-one",
    secret=b"s" * 32,
    today=_TODAY,
)
_GOOD = {
    "number": "001",
    "first_name": "Živa",
    "last_name": "ČUČEK",
    "email": "ziva@example.org",
    "phone": "031 345 095",
    "town": "1000 Ljubljana",
    "age": "18–30",
    "status": "študent",
    "purpose:newsletter": "x",
}


def _judge(cells: dict[str, str], seen: SeenSlips | None = None, rules: SlipRules = _RULES) -> SlipVerdict:
    line = len(seen.numbers) + 2 if seen else 2
    return judge_row(SlipRow(line, cells), rules, seen or SeenSlips())


def _changed(**cells: str) -> dict[str, str]:
    return _GOOD | {name.replace("__", ":"): value for name, value in cells.items()}


def _codes(verdict: SlipVerdict) -> list[str]:
    return [item.code for item in verdict.reasons]


def _all_texts(verdict: SlipVerdict) -> str:
    return json.dumps(report_of([verdict]).to_json(), ensure_ascii=False)


def test_a_good_row_is_taken_with_its_consent_as_paper_of_that_day() -> None:
    verdict = _judge(_GOOD)

    assert verdict.outcome is Outcome.TAKEN
    assert verdict.signup is not None
    assert verdict.evidence is not None
    assert (verdict.signup.first_name, verdict.signup.last_name) == ("Živa", "ČUČEK")
    assert verdict.signup.status == "student"
    facts = facts_data(verdict.signup, verdict.evidence)
    assert [kind for kind, _data in facts] == ["signed_up", "consented"]
    assert facts[0][1]["collected_on"] == "2024-09-20"
    consent = facts[1][1]
    assert consent["evidence"] == "paper"
    assert consent["wording_version"] == 1
    assert consent["unproven"] is False


@pytest.mark.parametrize(
    ("cells", "code"),
    [
        ({"first_name": ""}, "missing"),
        ({"first_name": "  "}, "missing"),
        ({"email": "", "phone": ""}, "contact"),
        ({"email": "ziva@primer", "phone": ""}, "email_domain"),
        ({"email": "", "phone": "031"}, "phone_invalid"),
        ({"purpose__newsletter": ""}, "purpose"),
        ({"purpose__newsletter": "ne"}, "purpose"),
        ({"purpose__newsletter": "mogoče"}, "purpose"),
        ({"purpose__newsletter": "", "remark": "Ali rabim znati angleško?"}, "purpose"),
        ({"first_name": "?????"}, "unreadable"),
        ({"last_name": "????????"}, "unreadable"),
        ({"first_name": "M\ufffdca"}, "unreadable"),
        ({"last_name": "No\x07vak"}, "control"),
        ({"first_name": "\u202eanA"}, "bidi"),
        ({"remark": "x" * 2_001}, "too_long"),
        ({"age": "pod 15"}, "guardian"),
        ({"age": "14"}, "guardian"),
        ({"age": "pod 16"}, "guardian"),
    ],
)
def test_a_row_that_may_not_be_kept_needs_attention_and_says_why(cells: dict[str, str], code: str) -> None:
    verdict = _judge(_changed(**cells))

    assert verdict.outcome is Outcome.ATTENTION
    assert code in _codes(verdict)
    assert verdict.signup is None
    assert verdict.evidence is None


def test_of_a_child_without_a_guardian_only_number_reason_and_keyed_hash_survive() -> None:
    cells = _changed(age="pod 15", first_name="Skrivnostnež", last_name="", email="skrito@example.org")
    cells["purpose:newsletter"] = ""

    verdict = _judge(cells)

    assert _codes(verdict) == ["guardian"]
    assert verdict.number == "001"
    assert len(verdict.keyed_hash) == 32
    kept = repr(replace(verdict, keyed_hash=b"")) + _all_texts(verdict)
    for secret in ("Skrivnostnež", "skrito", "345", "Ljubljana", "pod 15"):
        assert secret not in kept


def test_a_child_with_a_named_guardian_is_taken() -> None:
    verdict = _judge(_changed(age="pod 15", guardian="Vzorka Primer"))

    assert verdict.outcome is Outcome.TAKEN
    assert verdict.signup is not None
    assert verdict.signup.guardian == "Vzorka Primer"


@pytest.mark.parametrize(
    ("cells", "code"),
    [
        ({"phone": "+386 031 345 095"}, "phone_trunk_zero"),
        ({"email": "ziva@gmial.com"}, "email_domain"),
        ({"email": "ziva@primer"}, "email"),
        ({"phone": "031 345 095, 041 123 456"}, "phone"),
        ({"remark": '=HYPERLINK("http://x","y")'}, "formula"),
        ({"first_name": "Živ?"}, "doubtful_name"),
        ({"purpose__contact": "mogoče"}, "unclear_mark"),
        ({"purpose__contact": "x", "phone": ""}, "needs_phone"),
        ({"email": ""}, "needs_email"),
        ({"age": ""}, "age_missing"),
        ({"age": "odrasla"}, "age_missing"),
        ({"age": "20+"}, "age_unclear"),
        ({"themes": "Skupnost, Sajenje dreves"}, "themes"),
        ({"country": "Utopija"}, "country"),
        ({"collected_on": "kmalu"}, "day"),
        ({"language": "klingonski"}, "language"),
        ({"number": "Ana Novak"}, "number"),
        ({"purpose__photo": "x"}, "unknown_purpose"),
    ],
)
def test_a_doubt_is_told_and_the_row_is_taken(cells: dict[str, str], code: str) -> None:
    verdict = _judge(_changed(**cells))

    assert verdict.outcome is Outcome.WARNED
    assert code in _codes(verdict)
    assert verdict.signup is not None


@pytest.mark.parametrize(
    ("cells", "kept"),
    [
        ({"email": "ziva@primer"}, "ziva@primer"),
        ({"phone": "12 34"}, "12 34"),
        ({"themes": "Skupnost, Sajenje dreves"}, "Sajenje dreves"),
        ({"country": "Utopija"}, "Utopija"),
        ({"age": "20+"}, "20+"),
        ({"number": "Ana Novak"}, "Ana Novak"),
    ],
)
def test_what_can_not_be_used_is_kept_in_the_remark_and_never_dropped(
    cells: dict[str, str], kept: str
) -> None:
    verdict = _judge(_changed(remark="Pokličite popoldne.", **cells))

    assert verdict.signup is not None
    assert verdict.signup.remark.startswith("Pokličite popoldne.\n")
    assert kept in verdict.signup.remark


def test_a_remark_that_gets_too_long_by_what_is_kept_needs_attention() -> None:
    verdict = _judge(_changed(remark="x" * 1_990, email="ziva@primer"))

    assert verdict.outcome is Outcome.ATTENTION
    assert _codes(verdict) == ["too_long"]


@pytest.mark.parametrize(
    ("changes", "cells"),
    [
        ({"collected_on": ""}, {}),
        ({"wordings": {}}, {}),
        ({}, {"age": ""}),
        ({}, {"collected_on": "3/4/2024"}),
        ({}, {"collected_on": "2099-01-01"}),
        ({}, {"language": "uk"}),
    ],
)
def test_without_day_wording_or_age_the_consent_is_kept_unproven(
    changes: dict[str, object], cells: dict[str, str]
) -> None:
    rules = replace(_RULES, evidence=replace(_RULES.evidence, **changes))  # type: ignore[arg-type]

    verdict = _judge(_changed(**cells), rules=rules)

    assert verdict.evidence is not None
    assert consent_data("newsletter", verdict.evidence)["unproven"] is True
    assert report_of([verdict]).unproven == 1


def test_a_rows_own_day_and_language_go_before_the_piles() -> None:
    verdict = _judge(_changed(collected_on="18. 9. 2024", language="en"))

    assert verdict.evidence is not None
    assert verdict.evidence.collected_on == "2024-09-18"
    consent = consent_data("newsletter", verdict.evidence)
    assert consent["language"] == "en"
    assert consent["unproven"] is False


def test_the_same_row_again_is_already_there_in_the_sheet_and_in_a_later_import() -> None:
    seen = SeenSlips()
    first = _judge(_GOOD, seen)

    again = _judge({name: f" {value} " for name, value in reversed(_GOOD.items())}, seen)
    later = _judge(_GOOD, SeenSlips.of([first.keyed_hash], [ContactKeys.of("ziva@example.org", "")]))
    elsewhere = _judge(_GOOD, SeenSlips.of([first.keyed_hash], []), replace(_RULES, event="event-two"))

    assert again.outcome is Outcome.ALREADY
    assert later.outcome is Outcome.ALREADY
    assert elsewhere.outcome is Outcome.TAKEN


def test_a_row_that_needs_attention_still_needs_it_when_it_comes_again() -> None:
    seen = SeenSlips()
    cells = _changed(first_name="")

    outcomes = [_judge(cells, seen).outcome for _time in range(2)]

    assert outcomes == [Outcome.ATTENTION, Outcome.ATTENTION]


@pytest.mark.parametrize("number", ["001", " 001 ", "1", "0001"])
def test_the_same_number_with_other_content_needs_attention_and_names_the_first_row(number: str) -> None:
    seen = SeenSlips()
    _judge(_GOOD, seen)

    verdict = _judge(_changed(number=number, first_name="Ana", email="ana@example.org"), seen)

    assert _codes(verdict) == ["number"]
    assert "2" in verdict.reasons[0].message


def test_rows_without_numbers_are_not_mistaken_for_each_other() -> None:
    seen = SeenSlips()

    outcomes = [
        _judge(_changed(number="", email=f"{name}@example.org", phone=""), seen).outcome for name in "ab"
    ]

    assert outcomes == [Outcome.TAKEN, Outcome.TAKEN]


def test_a_double_warns_and_never_blocks() -> None:
    seen = SeenSlips.of([], [ContactKeys.of("old@example.org", "+38641123456")])

    first = _judge(_GOOD, seen)
    same_email = _judge(_changed(number="2", email="ZIVA@EXAMPLE.ORG", phone=""), seen)
    same_phone = _judge(_changed(number="3", email="other@example.org", phone="+386 31/345-095"), seen)
    earlier = _judge(_changed(number="4", email="old@example.org", phone="041 123 456"), seen)

    assert first.outcome is Outcome.TAKEN
    assert [_codes(item) for item in (same_email, same_phone, earlier)] == [["same_person"]] * 3
    assert all(item.signup for item in (same_email, same_phone, earlier))


def test_a_row_with_a_defect_is_not_read_because_a_box_could_be_anothers() -> None:
    verdict = judge_row(SlipRow(7, _GOOD, defect="The cells do not fit."), _RULES, SeenSlips())

    assert _codes(verdict) == ["cells"]
    assert verdict.signup is None


def test_the_keyed_hash_depends_on_secret_event_and_content() -> None:
    row = SlipRow(2, _GOOD)

    hashes = {
        keyed_hash(row, "a", b"k"),
        keyed_hash(row, "b", b"k"),
        keyed_hash(row, "a", b"l"),
        keyed_hash(SlipRow(2, _changed(remark="x")), "a", b"k"),
    }

    assert len(hashes) == 4
    assert keyed_hash(SlipRow(9, _GOOD | {"remark": " "}), "a", b"k") in hashes


def test_the_report_says_row_number_and_reason_and_holds_nothing_of_a_person() -> None:
    cells = _changed(
        number="Skrivnostnež 031345095",
        first_name="Skrivnostnež",
        last_name="Vzorčni?",
        email="skrito@gmial.com",
        phone="+386 031 345 095",
        remark="=zasebno",
        town="Skrivni Dol",
    )

    report = report_of([_judge(cells), _judge(_changed(first_name=""))]).to_json()

    assert report["rows"] == 2
    assert report["attention"][0]["row"] == 2
    assert report["attention"][0]["number"] == "001"
    assert report["attention"][0]["reasons"]
    text = json.dumps(report, ensure_ascii=False)
    for secret in ("Skrivnostnež", "Vzorčni", "skrito", "345", "zasebno", "Skrivni"):
        assert secret not in text
