"""Each number on the event sheet's page is what the facts of the day come to, added up by hand."""

import re
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import pypdfium2
import pytest
import sqlalchemy as sa
from tests.unit.a_day_at_lupa import HOUR_US, Day, whole_day

from stojnica.domain import kinds
from stojnica.domain.clock import SetClock
from stojnica.domain.event import Event
from stojnica.domain.fact import Fact
from stojnica.domain.group_visit import GroupVisit
from stojnica.domain.handover import Debrief, Estimate
from stojnica.domain.ids import new_id
from stojnica.domain.print_run import ON_PRINTER, TO_FILE, Piece, Printed
from stojnica.i18n import speaking
from stojnica.records.facts import FACT, stored_fact
from stojnica.services.anonymous_counts import tell_anonymous
from stojnica.services.closing import close_stand, note_debrief, note_estimate
from stojnica.services.group_visit import VisitWish, keep_visit
from stojnica.services.papers import EVENT_SHEET, PaperWish, make_paper
from stojnica.services.print_runs import RunWish, note_printed
from stojnica.services.shown_organisation import keep_document
from stojnica.storage.store import Store
from stojnica.storage.unit import UnitOfWork

BANDS = {"under-15": "under 15", "15-17": "15–17", "18-30": "18–30", "31+": "31 and over", "": "not said"}
GENDERS = {"female": "female", "male": "male", "other": "other"}
COUNTRIES = {"SI": "Slovenia", "AT": "Austria", "HR": "Croatia"}


@pytest.fixture(autouse=True)
def _in_english() -> Iterator[None]:
    with speaking("en"):
        yield


@pytest.fixture
def day(store: Store, clock: SetClock, lupa: Event, office: dict[str, Any]) -> Day:
    words = {"kicker": "", "promise": "Pridi.", "heading": "Tabori", "body": "Za vse.", "call": "Skeniraj"}
    office["flyers"] = [
        {
            "id": "camps",
            "template": "promise",
            "url": "https://example.org/tabori",
            "campaign": "club",
            "texts": {"sl": words | {"title": "Poletje."}, "en": words | {"title": "A summer."}},
        }
    ]

    def keep(unit: UnitOfWork) -> None:
        keep_document(unit, office)
        unit.commit()

    store.write(keep).result()
    played = whole_day(store, clock, lupa)
    tell_anonymous(store, lupa.event_id, lupa.time_zone).result()
    return played


def print_out(
    day: Day, code: str, language: str, pieces: int, flyer: str = "camps", where: str = ON_PRINTER
) -> None:
    template = "promise" if flyer else "sign"
    wish = RunWish(
        day.event.event_id, Piece(flyer, template, "A6", language), code, f"https://example.org/{code}"
    )
    note_printed(day.store, wish, Printed(pieces, where)).result()


def facts(day: Day, kind: str) -> list[Fact]:
    def read(connection: sa.Connection) -> list[Fact]:
        rows = connection.execute(sa.select(FACT).where(FACT.c.kind == kind)).all()
        return [stored_fact(row).fact for row in rows]

    return day.store.read(read).result()


def lines(day: Day, language: str = "en") -> list[str]:
    pdf = make_paper(day.store, day.clock, PaperWish(EVENT_SHEET, day.event.event_id, language)).pdf
    texts = [page.get_textpage().get_text_bounded() for page in pypdfium2.PdfDocument(pdf)]
    return [line.strip() for text in texts for line in text.splitlines() if line.strip()]


def row(found: list[str], words: str) -> str:
    """Give what stands beside words in a table; tables that stand side by side are one line of text."""
    number = r"(\d[\d,]*(?: h \d+ min)?)(?= |$)"
    beside = (re.search(rf"(?:^| ){re.escape(words)} {number}", line) for line in found)
    return next((match[1] for match in beside if match), "")


def above(found: list[str], words: str) -> str:
    """Give the large number above a title."""
    return found[found.index(words) - 1]


def presses(day: Day) -> Counter[str]:
    counted: Counter[str] = Counter()
    for fact in facts(day, kinds.COUNTED):
        counted[fact.data["counter"]] += fact.data["amount"]
    return counted


def test_the_large_numbers_are_the_sums_of_the_facts(day: Day) -> None:
    counted, contacts = presses(day), len(facts(day, kinds.SIGNED_UP))

    found = lines(day)

    assert above(found, "Contacts") == str(contacts) == "13"
    assert above(found, "Conversations") == str(counted["conversation"] + contacts)
    assert above(found, "People reached") == str(counted["reached"] + counted["conversation"] + contacts)
    assert above(found, "Flyers handed out") == str(counted["flyer"])


def test_every_half_hour_of_the_chart_is_the_sum_of_its_presses_and_contacts(day: Day) -> None:
    zone = ZoneInfo(day.event.time_zone)

    def half_hour(instant: int) -> tuple[int, int]:
        moment = datetime.fromtimestamp(instant / 1e6, UTC).astimezone(zone)
        return moment.hour, moment.minute // 30

    expected: Counter[tuple[int, int]] = Counter()
    for fact in facts(day, kinds.COUNTED):
        if fact.data["counter"] in ("reached", "conversation"):
            expected[half_hour(fact.data["from"])] += fact.data["amount"]
    for fact in facts(day, kinds.SIGNED_UP):
        if fact.channel != "paper":
            expected[half_hour(fact.captured_at)] += 1

    found = lines(day)

    start = next(place for place, line in enumerate(found) if "of these, conversations" in line)
    shown = [text for text in " ".join(found[start + 1 : start + 60]).split() if text.isdigit()]
    assert shown[: len(expected)] == [str(expected[key]) for key in sorted(expected)]


def test_ages_genders_and_countries_are_those_that_were_said(day: Day) -> None:
    ages = Counter(fact.data.get("age_band", "") for fact in facts(day, kinds.SIGNED_UP))
    counted = presses(day)

    found = lines(day)

    for band, words in BANDS.items():
        assert row(found, words) == str(ages[band])
    for code, words in GENDERS.items():
        assert row(found, words) == str(counted[f"gender.{code}"])
    for code, words in COUNTRIES.items():
        assert row(found, words) == str(counted[f"country.{code}"])
    assert "3 countries" in found


def test_hours_are_those_between_the_start_and_the_end_of_each_shift(day: Day) -> None:
    started = {fact.subject_id: fact for fact in facts(day, kinds.SHIFT_STARTED)}
    worked = {
        fact.subject_id: fact.data["ended_at"] - started[fact.subject_id].captured_at
        for fact in facts(day, kinds.SHIFT_ENDED)
    }

    found = lines(day)

    minutes = sum(worked.values()) // 60_000_000
    assert row(found, "Together") == f"{minutes // 60} h {minutes % 60} min"
    assert round(sum(worked.values()) / HOUR_US) == 16
    assert "3 volunteers were here." in found


def test_what_was_printed_stands_there_by_flyer_and_language(day: Day) -> None:
    print_out(day, "7c2k4m", "sl", 120)
    print_out(day, "7c2k4m", "sl", 80)
    print_out(day, "8d3n5p", "en", 1040)
    print_out(day, "7f4g6r", "sl-en", 6)
    print_out(day, "2g5h7t", "sl", 2, flyer="")
    printed: Counter[UUID] = Counter()
    for fact in facts(day, kinds.PRINTED):
        printed[fact.subject_id] += fact.data["pieces"]
    by_language = {
        fact.data["language"]: printed[fact.subject_id]
        for fact in facts(day, kinds.PRINT_PREPARED)
        if fact.data["flyer"]
    }

    found = lines(day)

    assert row(found, "A summer · Slovenian") == str(by_language["sl"]) == "200"
    assert row(found, "A summer · English") == f"{by_language['en']:,}" == "1,040"
    assert row(found, "A summer · Slovenian / English") == str(by_language["sl-en"])
    assert row(found, "Flyers together") == f"{sum(by_language.values()):,}"
    assert row(found, "Table sign: leave us your contact · Slovenian") == "2"


def test_of_what_was_only_saved_as_a_file_nobody_knows_the_number(day: Day) -> None:
    print_out(day, "7c2k4m", "sl", 0, where=TO_FILE)

    found = lines(day)

    assert not [line for line in found if "A summer" in line]
    assert "Printed" not in found


def test_a_flyer_that_the_office_took_out_since_keeps_its_number(day: Day) -> None:
    print_out(day, "7c2k4m", "de", 30, flyer="gone")

    assert row(lines(day), "gone · German") == "30"


def test_the_stock_stands_beside_what_was_counted(day: Day) -> None:
    close_stand(day.store, day.event.event_id).result()
    note_debrief(day.store, day.event.event_id, Debrief(1400, 250)).result()

    found = lines(day)

    assert found[found.index("Flyers handed out") + 1] == "by stock: 1,150 of 1,400"


def test_groups_and_the_teams_estimate_are_what_was_noted(day: Day) -> None:
    for pupils in (24, 31):
        visit = GroupVisit("OŠ Bežigrad", pupils)
        keep_visit(day.store, VisitWish(new_id(), visit, day.event, is_counted=False)).result()
    close_stand(day.store, day.event.event_id).result()
    estimate = Estimate(1200, 80, 7, "20 minutes at noon")
    note_estimate(day.store, day.event.event_id, estimate).result()
    visits = facts(day, kinds.GROUP_VISITED)

    found = lines(day)

    assert row(found, "Groups") == str(len(visits)) == "2"
    assert row(found, "Pupils") == str(sum(fact.data["pupils"] for fact in visits)) == "55"
    for said in ("female 1,200", "male 80", "other 7", "20 minutes at noon"):
        assert any(said in text for text in found)


def test_a_full_day_of_a_funded_project_is_one_page(day: Day) -> None:
    for code, language in (("7c2k4m", "sl"), ("8d3n5p", "en"), ("7f4g6r", "de")):
        print_out(day, code, language, 50)

    assert "page 1 of 1" in " ".join(lines(day))
