"""A stand chooses what a piece's code leads to, among what the organisation has; it is on record."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID

import pytest
import zxingcpp

from stojnica.domain.document_node import DocumentError
from stojnica.domain.event import Event
from stojnica.domain.ids import new_id
from stojnica.domain.organisation import OrganisationDocument
from stojnica.domain.organisation_document import parse_document
from stojnica.domain.print_run import PrintRun, run_from
from stojnica.i18n import VISITOR_LANGUAGES, speaking
from stojnica.printing.render import page_image
from stojnica.records.print_runs import runs_of_event
from stojnica.services.flyer_paper import FlyerWish
from stojnica.services.flyers import FlyersViewModel
from stojnica.services.made_flyer import FlyerScene, make_flyer_of
from stojnica.services.offered_codes import code_choices, offered_codes
from stojnica.services.sample import sample_document
from stojnica.services.shown_organisation import keep_document
from stojnica.services.tasks import DeferredRunner
from stojnica.storage.store import Store
from stojnica.storage.unit import UnitOfWork

SAMPLE = sample_document(date(2024, 9, 20))
DOCUMENT = parse_document(SAMPLE, refuse_unknown=True)
EVENT = Event(
    **{"event_id": new_id(), "name": "Festival LUPA", "code": "lupa", "place": "Breg", "city": "Ljubljana"},
    **{"starts": "2024-09-20T10:00", "ends": "2024-09-20T18:00", "project": "cerv"},
)
SCENE = FlyerScene(DOCUMENT, EVENT)


@pytest.fixture(autouse=True)
def _in_english() -> Iterator[None]:
    with speaking("en"):
        yield


@pytest.fixture
def flyers(store: Store, runner: DeferredRunner, lupa: Event) -> FlyersViewModel:
    keep(store, SAMPLE)
    model = FlyersViewModel(store, runner, "sl")
    model.refresh()
    runner.run()
    return model


def keep(store: Store, document: dict[str, Any]) -> None:
    def write(unit: UnitOfWork) -> None:
        keep_document(unit, document)
        unit.commit()

    store.write(write).result()


def chosen(flyers: FlyersViewModel, runner: DeferredRunner, leads: str) -> None:
    flyers.choose_code(leads)
    runner.run()


def runs(store: Store, event: Event) -> tuple[PrintRun, ...]:
    return store.read(lambda c: runs_of_event(c, UUID(int=0), event.event_id)).result()


def scanned(pdf: bytes) -> str:
    (found,) = zxingcpp.read_barcodes(page_image(pdf, 0, 300))
    return found.bytes.decode()


def test_the_office_s_own_choice_comes_first_and_is_named_as_what_it_is(flyers: FlyersViewModel) -> None:
    state = flyers.state

    assert (state.leads, state.codes[0]) == ("", ("", "Workcamps"))
    assert [words for _leads, words in state.codes[1:]] == [
        *("Web page", "Web form", "TikTok", "Wi-Fi at the stand", "Our contact"),
        "The date, for the calendar",
    ]


@pytest.mark.parametrize(
    ("leads", "begins"),
    [
        ("website", "https://zavod-voluntariat.si/?utm_source=lupa&utm_medium=qr"),
        ("web-form", "https://example.org/obrazec?utm_source=lupa&utm_medium=qr"),
        ("tiktok", "https://www.tiktok.com/@example?utm_source=lupa"),
        ("calendar", "https://example.org/koledar.ics?utm_source=lupa"),
        ("wifi", "WIFI:T:WPA;S:example-stojnica;P:example-geslo;"),
        ("contact", "BEGIN:VCARD\r\n"),
    ],
)
def test_the_code_on_paper_leads_where_somebody_chose(leads: str, begins: str) -> None:
    made = make_flyer_of(SCENE, FlyerWish("sl", "camps", leads=leads))

    assert made.checked.is_printable
    assert scanned(made.checked.pdf).startswith(begins)
    assert made.run.piece.leads == leads


@pytest.mark.parametrize("language", VISITOR_LANGUAGES)
@pytest.mark.parametrize("template_id", ["promise", "poster", "strips", "camp", "thanks"])
def test_each_choice_can_be_printed_on_each_piece_in_each_language(language: str, template_id: str) -> None:
    wish = FlyerWish(language, "camps", template_id)
    offered = [leads for leads, _words in code_choices(DOCUMENT, wish.design(), "camps", language)]
    # The longest text and the longest payload stand for the others.
    for leads in {"contact", "tiktok"} & set(offered):
        made = make_flyer_of(SCENE, replace(wish, leads=leads))

        assert [problem.message for problem in made.checked.problems if problem.is_blocking] == []
        assert made.contents[0].call != make_flyer_of(SCENE, wish).contents[0].call


def test_what_stands_above_the_code_says_what_it_is_in_both_languages() -> None:
    made = make_flyer_of(SCENE, FlyerWish("sl", "camps", "pair", second="hu", leads="wifi"))

    content = made.contents[0]
    assert (content.call, content.address) == ("Skeniraj za Wi-Fi", "example-stojnica")
    assert content.second is not None
    assert content.second.call == "Olvasd be: Wi-Fi"
    assert "geslo" not in made.link


def test_the_choice_is_on_record_and_begins_a_run_of_its_own(
    flyers: FlyersViewModel, runner: DeferredRunner, store: Store, lupa: Event
) -> None:
    for leads in ("", "wifi", "tiktok"):
        chosen(flyers, runner, leads)
        flyers.render_for_printer(lambda _pages: None)
        runner.run()
        flyers.copies_printed(5)
        runner.run()

    found = {run.piece.leads: run for run in runs(store, lupa)}
    assert set(found) == {"", "wifi", "tiktok"}
    assert found["tiktok"].target.startswith("https://www.tiktok.com/@example?utm_source=lupa")
    assert len({run.code for run in found.values()}) == 3
    assert "geslo" not in str(found["wifi"].data())


def test_another_flyer_begins_with_what_the_office_chose_for_it(
    flyers: FlyersViewModel, runner: DeferredRunner
) -> None:
    chosen(flyers, runner, "tiktok")
    flyers.choose_flyer("club")
    runner.run()

    assert flyers.state.leads == ""
    assert flyers.state.codes[0] == ("", "Web page")
    assert flyers.state.link.startswith("https://zavod-voluntariat.si/")


def test_the_sign_that_asks_for_a_contact_leads_to_the_form_alone(
    flyers: FlyersViewModel, runner: DeferredRunner
) -> None:
    chosen(flyers, runner, "tiktok")
    flyers.choose_template("sign")
    runner.run()

    assert (flyers.state.codes, flyers.state.leads) == ((), "")
    assert flyers.state.link.startswith("https://example.org/obrazec?utm_source=lupa")


def test_what_the_office_offers_no_more_gives_way_to_its_own_choice(
    flyers: FlyersViewModel, runner: DeferredRunner, store: Store
) -> None:
    chosen(flyers, runner, "tiktok")
    keep(store, {**SAMPLE, "codes": []})
    flyers.refresh()
    runner.run()

    assert flyers.state.leads == ""
    assert flyers.state.link.startswith("https://workcamps.sci.ngo/")


def test_while_the_office_has_no_flyer_the_sign_and_the_thanks_are_offered(
    store: Store, runner: DeferredRunner, lupa: Event
) -> None:
    keep(store, {**SAMPLE, "flyers": []})
    model = FlyersViewModel(store, runner, "sl")
    model.refresh()
    runner.run()

    offered = [template_id for template_id, _words in model.state.paper.templates]
    assert offered == ["sign", "thanks"]
    assert (model.state.template_id, model.state.is_printable) == ("sign", True)
    assert len(model.state.languages) == len(VISITOR_LANGUAGES)
    assert "Flyers come from the office" in model.state.hints[-1]
    model.choose_template("thanks")
    runner.run()
    assert (model.state.template_id, model.state.is_printable) == ("thanks", True)


def test_an_office_without_a_form_or_a_list_offers_nothing_to_choose() -> None:
    organisation = replace(DOCUMENT.organisation, website="", web_form="")
    bare = OrganisationDocument(organisation, flyers=DOCUMENT.flyers)

    assert offered_codes(bare) == ()
    assert code_choices(bare, FlyerWish("sl", "camps", "promise").design(), "camps", "sl") == ()


@pytest.mark.parametrize(
    ("code", "place"),
    [
        ({"id": "x"}, "codes[0]"),
        ({"id": "x", "title": {"sl": "X"}, "code": {"kind": "link"}}, "codes[0].code"),
        ({"id": "x", "title": {"sl": "X"}, "code": {"kind": "link", "url": "ftp://x"}}, "codes[0].code.url"),
        ({"id": "x", "title": {"sl": "X" * 41}, "code": {"kind": "wifi"}}, "codes[0].title.sl"),
    ],
)
def test_what_is_wrong_in_a_code_to_choose_is_named_with_its_place(code: dict[str, Any], place: str) -> None:
    with pytest.raises(DocumentError) as told:
        parse_document({**SAMPLE, "codes": [code]}, refuse_unknown=True)

    assert told.value.place == place


@pytest.mark.parametrize("leads", [7, None, "../etc", "x" * 65, ""])
def test_a_choice_that_no_laptop_of_ours_can_have_said_is_none(leads: object) -> None:
    data = {
        **{"code": "7c2k4m", "flyer": "camps", "template": "promise", "size": "A6", "language": "sl"},
        **{"target": "https://example.org/", "leads": leads},
    }

    run = run_from(new_id(), None, data, 1)

    assert run is not None
    assert run.piece.leads == ""
