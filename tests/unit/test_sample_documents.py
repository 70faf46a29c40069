"""The shipped documents are good, in the languages of visitors, and the sample's days lie around today."""

import re
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stojnica.domain.age import bands_for
from stojnica.domain.organisation import OrganisationDocument
from stojnica.domain.organisation_document import parse_document
from stojnica.domain.pile import pile_evidence, read_versions
from stojnica.domain.signup import SignUpRules
from stojnica.domain.slip import SeenSlips, SlipRules, judge_row
from stojnica.domain.slip_report import report_of
from stojnica.i18n import STAFF_LANGUAGES, VISITOR_LANGUAGES
from stojnica.services.practice import practice_document
from stojnica.services.sample import SAMPLE_DAY, sample_day, sample_document, sample_slips, starter_document
from stojnica.services.slip_table import read_slips

_DAYS = st.dates(date(2024, 1, 1), date(2080, 12, 31))


@given(_DAYS)
def test_today_lies_inside_the_samples_project_and_on_its_first_event(today: date) -> None:
    document = parse_document(sample_document(today), refuse_unknown=True)

    project, event = document.projects[0], document.events[0]
    assert project.starts <= today <= project.ends
    assert event.starts == f"{today}T10:00"
    assert len(document.wordings_for("sl", today)) == len(document.purposes)
    assert sample_day(SAMPLE_DAY, today) == today


def test_on_its_own_day_the_sample_is_as_it_was_written() -> None:
    document = parse_document(sample_document(SAMPLE_DAY))

    assert (document.projects[0].starts, document.projects[0].ends) == (date(2024, 4, 1), date(2024, 12, 31))
    assert (document.projects[0].goal_events, document.projects[0].goal_reached) == (13, 2200)
    assert [item.starts[:10] for item in document.events] == ["2024-09-20", "2024-10-15", "2024-11-07"]
    assert len(document.themes) == 14
    assert len(document.interests) == 6
    assert document.consent_age["SI"] == 15


@pytest.mark.parametrize(
    "document",
    [
        parse_document(sample_document(SAMPLE_DAY), refuse_unknown=True),
        parse_document(starter_document("Društvo Zeleni prag"), refuse_unknown=True),
    ],
)
def test_all_that_a_visitor_reads_is_there_in_each_language(document: OrganisationDocument) -> None:
    languages = VISITOR_LANGUAGES
    assert document.languages(SAMPLE_DAY) == languages
    for item in (*document.interests, *document.themes, *document.heard):
        assert tuple(item.title) == languages
    for interest in document.interests:
        assert not interest.detail or tuple(interest.detail) == languages
    for project in document.projects:
        assert tuple(project.name) == languages
    for flyer in document.flyers:
        assert tuple(flyer.texts) == languages
        assert all(len(text.body.split()) <= 25 for text in flyer.texts.values())


def test_translated_consents_stay_off_at_a_stand_until_the_office_has_confirmed_them() -> None:
    document = parse_document(sample_document(SAMPLE_DAY))

    confirmed = document.languages(SAMPLE_DAY, with_unconfirmed=False)

    assert confirmed == STAFF_LANGUAGES
    assert {item.language for item in document.wordings if item.verify} == {"de", "it", "hr", "hu"}


@given(_DAYS)
def test_in_practice_somebody_has_confirmed_every_wording(today: date) -> None:
    document = parse_document(practice_document(today), refuse_unknown=True)

    assert document.languages(today, with_unconfirmed=False) == VISITOR_LANGUAGES


def test_every_notice_names_the_same_authority_and_promises_the_same() -> None:
    document = parse_document(sample_document(SAMPLE_DAY))

    for notice in document.notices:
        assert notice.full.count("\n\n") == 7
        assert ("Dunajska cesta 22" in notice.full, "ip-rs.si" in notice.full) == (True, True)
        assert sorted(re.findall(r"\d+", notice.full)) == ["1", "15", "15", "22", "6", "6"]
        if notice.language not in STAFF_LANGUAGES:
            assert "Informacijski pooblaščenec" in notice.short
            assert "Informacijski pooblaščenec" in notice.full


def test_the_starter_names_the_organisation_and_no_money_of_anybody() -> None:
    document = parse_document(starter_document("  Društvo  Zeleni prag "))

    assert document.organisation.name == "Društvo Zeleni prag"
    assert document.organisation.monogram == "D"
    assert document.projects == ()
    assert "Društvo Zeleni prag" in document.notices[0].short
    assert all(item.verify for item in document.wordings)
    assert {item.id for item in document.purposes} == {"answer", "newsletter", "contact", "photo"}


@given(st.text(max_size=300))
def test_the_starter_is_a_good_document_whatever_the_name(name: str) -> None:
    assert parse_document(starter_document(name)).organisation.name


def test_the_sample_sheet_has_rows_of_every_kind_and_all_are_accounted_for() -> None:
    document = parse_document(sample_document(SAMPLE_DAY))
    rules = SlipRules(
        signup=SignUpRules(document.purposes, bands_for("SI", document.consent_age), is_present=False),
        document=document,
        evidence=pile_evidence(
            document, language="sl", versions=read_versions("1", document), collected_on="2024-09-20"
        ),
        event="e",
        secret=b"k" * 32,
        today=SAMPLE_DAY,
    )
    table = read_slips(sample_slips().read_bytes())
    seen = SeenSlips()

    report = report_of([judge_row(row, rules, seen) for row in table.rows], table.ignored)

    assert report.rows == 24
    assert {item.number: item.codes for item in report.attention} == {
        "109": ("purpose",),
        "110": ("guardian",),
        "111": ("missing",),
        "112": ("contact",),
        "119": ("number",),
    }
    assert {item.number: item.codes for item in report.warned} == {
        "106": ("email_domain",),
        "107": ("phone_trunk_zero",),
        "114": ("age_missing",),
        "115": ("same_person",),
        "116": ("email",),
    }
    assert report.taken == 14
    assert report.unproven == 1
