"""The event sheet says what a day of facts came to, and names nobody."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import Any

import pypdfium2
import pytest
from tests.unit.a_day_at_lupa import HOUR_US, Day, whole_day

from stojnica.domain.clock import SetClock
from stojnica.domain.errors import UserFacingError
from stojnica.domain.event import Event
from stojnica.domain.handover import Debrief
from stojnica.domain.ids import new_id
from stojnica.i18n import speaking
from stojnica.records.projection import rebuild
from stojnica.services.anonymous_counts import tell_anonymous
from stojnica.services.capture import undo_last_count, void_signup
from stojnica.services.closing import close_stand, note_debrief
from stojnica.services.event_report import EventReport, event_report
from stojnica.services.events import change_event
from stojnica.services.handover import hand_over, note_other
from stojnica.services.papers import EVENT_SHEET, PaperWish, make_paper
from stojnica.services.sample import sample_document
from stojnica.services.shown_organisation import keep_document
from stojnica.storage.store import Store
from stojnica.storage.unit import UnitOfWork, branch_of


@pytest.fixture(autouse=True)
def _in_english() -> Iterator[None]:
    with speaking("en"):
        yield


@pytest.fixture
def day(store: Store, clock: SetClock, lupa: Event, office: dict[str, Any]) -> Day:
    return whole_day(store, clock, lupa)


def report_of(day: Day) -> EventReport:
    return day.store.read(lambda connection: event_report(connection, day.clock, day.event.event_id)).result()


def sheet(day: Day, language: str = "en") -> bytes:
    return make_paper(day.store, day.clock, PaperWish(EVENT_SHEET, day.event.event_id, language)).pdf


def words(pdf: bytes) -> str:
    document = pypdfium2.PdfDocument(pdf)
    return "\n".join(page.get_textpage().get_text_bounded().replace("\r", "") for page in document)


def test_the_sheet_has_the_numbers_of_the_day(day: Day) -> None:
    report = report_of(day)

    passed, talked, flyers = 248, 93, 136
    assert report.totals.flyers == flyers
    assert report.totals.conversations == talked + 13
    assert report.totals.reached == passed + talked + 13
    assert report.contacts == 13
    assert report.ages == {"under-15": 1, "15-17": 2, "18-30": 8, "31+": 1, "": 1}
    assert report.genders == {"female": 3, "male": 1, "other": 1}
    assert report.countries == {"SI": 2, "AT": 1, "HR": 1}
    assert sum(item.reached for item in report.half_hours) == report.totals.reached - report.late_contacts
    hours = {item.work: (item.people, round(item.worked_us / HOUR_US)) for item in report.hours}
    assert hours == {"organising": (1, 4), "content": (2, 12)}
    assert report.volunteers == 3


def test_what_was_taken_back_is_not_on_the_sheet(day: Day) -> None:
    before = report_of(day)
    last = day.sign_up("31+")
    day.count("reached", 40, 7.9)

    void_signup(day.store, last, "other").result()
    undo_last_count(day.store, event_id=day.event.event_id).result()

    after = report_of(day)
    assert (after.totals, after.contacts, after.ages) == (before.totals, before.contacts, before.ages)


def test_a_corrected_age_counts_once_and_where_it_belongs(day: Day) -> None:
    contact = day.sign_up("18-30")

    day.correct_age(contact, "15-17")
    day.correct_age(contact, "31+")

    report = report_of(day)
    assert (report.ages["18-30"], report.ages["31+"]) == (8, 2)
    assert sum(report.ages.values()) == report.totals.contacts == 14


def test_whoever_signed_up_three_times_is_one_person(day: Day) -> None:
    first, second, third = day.sign_up(), day.sign_up("18-30", "paper"), day.sign_up()

    day.say_same(second, first)
    day.say_same(third, second)
    day.say_same(third, first)

    report = report_of(day)
    assert (report.contacts, report.totals.contacts) == (14, 16)
    assert "people, from 16 entries" in words(sheet(day))


def test_a_repetition_that_was_voided_takes_nobody_away(day: Day) -> None:
    first, second = day.sign_up(), day.sign_up()
    day.say_same(second, first)

    void_signup(day.store, second, "other").result()

    assert report_of(day).contacts == 14


def test_numbers_are_the_same_after_everything_is_added_up_anew(day: Day) -> None:
    before = report_of(day)

    def anew(unit: UnitOfWork) -> None:
        rebuild(unit.connection, branch_of(unit.connection))
        unit.commit()

    day.store.write(anew).result()

    after = report_of(day)
    assert replace(after, made_at=0) == replace(before, made_at=0)


def test_answers_count_before_and_after_they_become_facts(day: Day) -> None:
    before = report_of(day)

    tell_anonymous(day.store, day.event.event_id, day.event.time_zone).result()

    after = report_of(day)
    assert (after.genders, after.countries) == (before.genders, before.countries)


def test_the_sheet_is_made_before_and_after_the_stand_is_closed(day: Day) -> None:
    open_sheet = words(sheet(day))
    close_stand(day.store, day.event.event_id).result()
    note_debrief(day.store, day.event.event_id, Debrief(400, 250)).result()

    closed = words(sheet(day))

    assert "while the stand was still open" in open_sheet
    assert "the stand was closed on 20 Sept 2024 at 18:12" in closed
    assert "by stock: 150 of 400" in closed


def test_it_says_whose_numbers_these_are(day: Day) -> None:
    note_other(day.store, day.event.event_id, "reached", "80").result()
    hand_over(day.store, day.event.event_id).result()

    text = " ".join(words(sheet(day)).split())

    assert "Counted on one computer of the stand" in text
    assert "Not in these numbers: another computer of the stand" in text
    assert "had reached 80" in text
    assert "as this computer knows it: 354 people reached (goal 2,200)" in text


def test_nobodys_name_is_on_it(day: Day) -> None:
    text = words(sheet(day, "sl"))

    for name in ("Špela", "Žagar", "Maja", "Luka", "Ana Č", "s@example.org"):
        assert name not in text


@pytest.mark.parametrize(
    ("language", "said"),
    [
        (
            "sl",
            ("petek, 20. september 2024", "Doseženi ljudje", "Slovenija", " 1 od 1"),
        ),
        ("en", ("Friday, 20 September 2024", "People reached", "209% of the goal of 169", "page 1 of 1")),
    ],
)
def test_it_speaks_the_language_that_was_chosen(day: Day, language: str, said: tuple[str, ...]) -> None:
    with speaking("sl" if language == "en" else "en"):
        text = words(sheet(day, language))

    for part in said:
        assert part in text


def test_it_names_money_partners_and_programme_where_there_are_any(
    store: Store, clock: SetClock, lupa: Event
) -> None:
    document = sample_document(date(2024, 9, 20))

    def keep(unit: UnitOfWork) -> None:
        keep_document(unit, document)
        unit.commit()

    store.write(keep).result()
    change_event(store, replace(lupa, project="cerv")).result()

    text = " ".join(words(sheet(Day(store, clock, lupa))).split())

    assert "Funded by the European Union" in text
    assert "CERV" in text
    assert "Mladinski center (primer)" in text
    assert "Študentska organizacija" not in text


def test_a_day_without_anything_is_a_sheet_too(store: Store, clock: SetClock, lupa: Event) -> None:
    text = words(sheet(Day(store, clock, lupa)))

    assert "Nobody was counted by half-hours." in text
    assert "No contacts." in text


def test_the_same_day_is_the_same_bytes(day: Day) -> None:
    day.clock.step_us = 0

    assert sheet(day) == sheet(day)


def test_an_event_of_several_days_has_a_chart_for_each_with_its_date(day: Day) -> None:
    change_event(day.store, replace(day.event, ends="2024-09-22T18:00")).result()
    day.count("reached", 30, 25)
    day.count("reached", 44, 50.5)

    text = words(sheet(day))

    for said in ("20 Sept 2024 – 22 Sept 2024", "Saturday, 21 September", "Sunday, 22 September"):
        assert said in text
    assert "page 2 of 2" in text


def test_an_event_that_is_not_there_is_said_in_words(day: Day) -> None:
    with pytest.raises(UserFacingError) as caught:
        make_paper(day.store, day.clock, PaperWish(EVENT_SHEET, new_id(), "sl"))

    assert caught.value.code == "event_unknown"
