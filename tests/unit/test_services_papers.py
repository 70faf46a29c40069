"""The papers around an event: who is on them, in which words, and what is not asked."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

import pypdfium2
import pytest

from stojnica.domain.clock import SetClock
from stojnica.domain.errors import UserFacingError
from stojnica.domain.event import Event
from stojnica.domain.ids import new_id
from stojnica.i18n import speaking
from stojnica.services.checklists import add_item, tick
from stojnica.services.events import change_event
from stojnica.services.paper_words import paper_languages, printed_words
from stojnica.services.papers import ATTENDANCE, BADGES, PACKING, PAPERS, PaperWish, languages_of, make_paper
from stojnica.services.sample import sample_document
from stojnica.services.shown_organisation import keep_document
from stojnica.services.stand_papers import names_on_badges
from stojnica.services.team import add_member
from stojnica.storage.store import Store
from stojnica.storage.unit import UnitOfWork


@pytest.fixture(autouse=True)
def _in_english() -> Iterator[None]:
    with speaking("en"):
        yield


@pytest.fixture
def cerv(store: Store, lupa: Event) -> Event:
    """Give the event of a project that the European Union pays for."""

    def keep(unit: UnitOfWork) -> None:
        keep_document(unit, sample_document(date(2024, 9, 20)))
        unit.commit()

    store.write(keep).result()
    return change_event(store, replace(lupa, project="cerv")).result()


def words(store: Store, clock: SetClock, wish: PaperWish) -> str:
    document = pypdfium2.PdfDocument(make_paper(store, clock, wish).pdf)
    return " ".join(" ".join(page.get_textpage().get_text_bounded() for page in document).split())


@pytest.mark.parametrize("language", paper_languages())
def test_whoever_signs_reads_what_for_in_their_own_language(
    store: Store, clock: SetClock, cerv: Event, language: str
) -> None:
    said = printed_words(language)

    text = words(store, clock, PaperWish(ATTENDANCE, cerv.event_id, language))

    assert said["notice"].format(organisation="Zavod Voluntariat · SCI Slovenija") in text
    assert said["signature"] in text
    assert said["page"].format(page=1, pages=1) in text
    assert said["age"] not in text.split()


def test_an_age_is_asked_only_when_somebody_wants_it(store: Store, clock: SetClock, cerv: Event) -> None:
    text = words(store, clock, PaperWish(ATTENDANCE, cerv.event_id, "sl", with_age=True))

    assert "Starost" in text
    assert "pod 15 15–17 18–30 31 in več" in text


@pytest.mark.parametrize("language", paper_languages())
def test_the_heads_of_the_columns_are_whole_with_ages_too(
    store: Store, clock: SetClock, cerv: Event, language: str
) -> None:
    text = words(store, clock, PaperWish(ATTENDANCE, cerv.event_id, language, with_age=True))

    said = printed_words(language)
    heads = " ".join(text.partition(said["age"])[0].split()[-20:]) + text.partition(said["age"])[2]
    for word in said["name"].split():
        assert word in heads
    assert "…" not in text


def test_every_language_of_papers_has_the_same_words() -> None:
    assert set(paper_languages()) == {"sl", "en", "de", "it", "hr", "hu"}
    assert len({frozenset(printed_words(language)) for language in paper_languages()}) == 1
    for language in paper_languages():
        assert "{organisation}" in printed_words(language)["notice"]
        assert printed_words(language)["file"].isascii()


def test_the_lists_are_printed_as_they_are_ticked(store: Store, clock: SetClock, cerv: Event) -> None:
    add_item(store, "packing", "Žoga za igro").result()
    tick(store, cerv.event_id, "packing", "water", is_ticked=True).result()

    text = words(store, clock, PaperWish(PACKING, cerv.event_id, "sl"))

    assert "Žoga za igro" in text
    assert "Prt, lepilni trak, škarje, ščipalke" in text


def test_the_team_of_this_laptop_gets_badges(store: Store, clock: SetClock, cerv: Event) -> None:
    for name, initial in (("Špela", "K"), ("Đuro", "Ž")):
        add_member(store, name, initial, is_experienced=False, work="content").result()

    text = words(store, clock, PaperWish(BADGES, cerv.event_id, "sl"))

    assert "Špela" in text
    assert "Đuro" in text
    assert text.count("Prostovoljska ekipa") == 10
    assert text.count("Financira Evropska unija") == 10


def test_a_badge_says_the_first_name_and_the_initial_only_where_two_share_it() -> None:
    names = ["Ana K.", "Ana Ž.", "Maja", "Jean Luc P.", "Luka Š."]

    assert names_on_badges(names) == ("Ana K.", "Ana Ž.", "Maja", "Jean Luc", "Luka")


def test_without_eu_money_no_paper_names_the_union(store: Store, clock: SetClock, lupa: Event) -> None:
    for kind in PAPERS:
        for language in languages_of(kind):
            assert "Evropska unija" not in words(store, clock, PaperWish(kind, lupa.event_id, language))


@pytest.mark.parametrize("kind", PAPERS)
def test_outside_the_days_of_the_funding_no_paper_names_the_union(
    store: Store, clock: SetClock, cerv: Event, kind: str
) -> None:
    inside = words(store, clock, PaperWish(kind, cerv.event_id, "sl"))
    change_event(store, replace(cerv, starts="2031-09-20T10:00", ends="2031-09-20T18:00")).result()

    outside = words(store, clock, PaperWish(kind, cerv.event_id, "sl"))

    assert "Financira Evropska unija" in inside
    assert "Evropska unija" not in outside


@pytest.mark.parametrize("kind", PAPERS)
def test_an_event_that_is_gone_is_said(store: Store, clock: SetClock, lupa: Event, kind: str) -> None:
    with pytest.raises(UserFacingError) as caught:
        make_paper(store, clock, PaperWish(kind, new_id(), "sl"))

    assert caught.value.code == "event_unknown"
