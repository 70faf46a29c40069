"""Print runs: a code of their own, how much was printed, the short link only once it was seen to work."""

from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stojnica.domain import kinds
from stojnica.domain.event import Event
from stojnica.domain.fact import decode
from stojnica.domain.ids import new_id
from stojnica.domain.kinds import Role, may_author
from stojnica.domain.print_run import TO_FILE, Piece, Printed, printed_from, run_from
from stojnica.domain.short_code import ALPHABET, CODE_LENGTH, is_code, new_code
from stojnica.domain.short_link_answer import LinkAnswer
from stojnica.records.facts import facts_of_subject, subjects
from stojnica.records.print_runs import PrintedPieces, all_runs, codes_given, printed_pieces, runs_of_event
from stojnica.services.flyers import FlyersViewModel
from stojnica.services.print_runs import RunWish, known_runs, note_printed, prepare_run
from stojnica.services.shown_organisation import keep_document
from stojnica.services.tasks import DeferredRunner
from stojnica.storage.store import Store
from stojnica.storage.unit import UnitOfWork
from stojnica.sync.short_links import FixedLook

BASE = "https://example.org/l/"
PIECE = Piece("camps", "promise", "A6", "sl")
_WORDS = {
    "kicker": "",
    "title": "Poletje",
    "promise": "Dva tedna v tujini.",
    "heading": "Mednarodni tabori",
    "body": "Hrana in streha sta plačani.",
    "call": "Skeniraj",
}


@pytest.fixture
def short_links(store: Store, office: dict[str, Any]) -> dict[str, Any]:
    """Give the office's document with one flyer and short links."""
    flyer = {"id": "camps", "template": "promise", "url": "https://example.org/tabori", "campaign": "club"}
    office["flyers"] = [flyer | {"texts": {"sl": _WORDS}}]
    office["short_links"] = {"base": BASE}

    def keep(unit: UnitOfWork) -> None:
        keep_document(unit, office)
        unit.commit()

    store.write(keep).result()
    return office


@pytest.fixture
def look() -> FixedLook:
    return FixedLook()


@pytest.fixture
def flyers(
    store: Store, runner: DeferredRunner, lupa: Event, short_links: dict[str, Any], look: FixedLook
) -> FlyersViewModel:
    model = FlyersViewModel(store, runner, "sl", look=look)
    model.refresh()
    runner.run()
    return model


def runs(store: Store, event: Event) -> list[tuple[str, int]]:
    found = store.read(lambda c: runs_of_event(c, UUID(int=0), event.event_id)).result()
    return [(run.code, run.pieces) for run in found]


def to_printer(flyers: FlyersViewModel, runner: DeferredRunner) -> None:
    flyers.render_for_printer(lambda _pages: None)
    runner.run()


def code_in(link: str) -> str:
    return link[-CODE_LENGTH:]


def test_each_print_run_has_a_code_of_its_own_in_its_link(
    flyers: FlyersViewModel, runner: DeferredRunner, store: Store, lupa: Event
) -> None:
    first = flyers.state.link
    to_printer(flyers, runner)
    assert first.startswith("https://example.org/tabori?utm_source=lupa&utm_medium=qr&utm_campaign=club")
    assert "utm_content=camps-sl-" in first

    flyers.printed("Canon")
    flyers.copies_printed(50)
    runner.run()
    flyers.choose_up(4)
    runner.run()

    assert code_in(flyers.state.link) != code_in(first)
    assert runs(store, lupa) == [(code_in(first), 50)]
    assert "50" in flyers.state.short.printed


def test_more_copies_of_the_same_page_add_up(
    flyers: FlyersViewModel, runner: DeferredRunner, store: Store, lupa: Event
) -> None:
    flyers.choose_up(4)
    runner.run()
    for copies in (10, 2):
        to_printer(flyers, runner)
        flyers.copies_printed(copies)
        runner.run()

    assert [pieces for _code, pieces in runs(store, lupa)] == [48]
    assert store.read(lambda c: printed_pieces(c, UUID(int=0), lupa.event_id)).result() == PrintedPieces(
        flyers=48
    )


def test_what_is_chosen_while_it_prints_is_not_what_was_printed(
    flyers: FlyersViewModel, runner: DeferredRunner, store: Store, lupa: Event
) -> None:
    printed = code_in(flyers.state.link)
    to_printer(flyers, runner)
    flyers.choose_up(4)
    runner.run()

    flyers.copies_printed(3)
    flyers.choose_size("A5")
    runner.run()

    assert runs(store, lupa) == [(printed, 3)]
    assert code_in(flyers.state.link) != printed


def test_a_saved_file_is_a_run_of_which_nobody_knows_how_often_it_is_printed(
    flyers: FlyersViewModel, runner: DeferredRunner, store: Store, lupa: Event, tmp_path: Any
) -> None:
    flyers.save(tmp_path / "flyer.pdf")
    runner.run()

    assert runs(store, lupa) == [(code_in(flyers.state.link), 0)]
    assert flyers.state.message is not None
    assert "flyer.pdf" in flyers.state.message.text


def test_the_whole_link_is_printed_until_the_short_one_was_seen_to_work(
    flyers: FlyersViewModel, runner: DeferredRunner, look: FixedLook
) -> None:
    whole = flyers.state.link
    assert flyers.state.short.step == "prepare"

    flyers.prepare_short_link()
    runner.run()
    prepared = flyers.state
    look.answers[BASE + code_in(whole)] = LinkAnswer(302, whole)
    flyers.check_short_link()
    runner.run()

    assert (prepared.link, prepared.short.step, prepared.short.tone) == (whole, "look", "wait")
    assert flyers.state.link == BASE + code_in(whole)
    assert "20. 9. 2024" in flyers.state.short.sentence or "20 Sept 2024" in flyers.state.short.sentence
    assert flyers.state.is_printable


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (None, "no way"),
        (LinkAnswer(404), "nowhere"),
        (LinkAnswer(302, "https://elsewhere.example/"), "elsewhere"),
        (LinkAnswer(200, page="<title>Parking</title>"), "nowhere"),
    ],
)
def test_a_short_link_that_was_not_seen_to_work_is_never_printed(
    flyers: FlyersViewModel, runner: DeferredRunner, look: FixedLook, answer: LinkAnswer | None, words: str
) -> None:
    whole = flyers.state.link
    flyers.prepare_short_link()
    runner.run()
    if answer is not None:
        look.answers[BASE + code_in(whole)] = answer

    flyers.check_short_link()
    runner.run()

    assert flyers.state.link == whole
    assert words in flyers.state.short.sentence
    assert flyers.state.short.tone == ("wait" if answer is None else "bad")
    assert not flyers.state.short.is_looking


def test_one_that_worked_and_no_longer_does_gives_way_to_the_whole_link(
    flyers: FlyersViewModel, runner: DeferredRunner, look: FixedLook
) -> None:
    whole = flyers.state.link
    flyers.prepare_short_link()
    runner.run()
    short = BASE + code_in(whole)
    look.answers[short] = LinkAnswer(302, whole)
    flyers.check_short_link()
    runner.run()
    assert flyers.state.link == short

    look.answers[short] = LinkAnswer(410)
    flyers.check_short_link()
    runner.run()

    assert flyers.state.link == whole
    assert "nowhere" in flyers.state.short.sentence


def test_a_prepared_short_link_is_looked_at_once_by_itself(
    flyers: FlyersViewModel, runner: DeferredRunner, look: FixedLook
) -> None:
    whole = flyers.state.link
    short = BASE + code_in(whole)
    look.answers[short] = LinkAnswer(302, whole)

    flyers.prepare_short_link()
    runner.run()

    assert look.asked == [short]
    assert flyers.state.link == short
    assert flyers.state.short.tone == "good"
    flyers.refresh()
    runner.run()
    assert look.asked == [short]


def test_a_look_that_nobody_asked_for_says_nothing_without_internet_and_stops_no_print(
    flyers: FlyersViewModel, runner: DeferredRunner, look: FixedLook, store: Store, lupa: Event
) -> None:
    flyers.prepare_short_link()
    runner.run()
    to_printer(flyers, runner)
    flyers.copies_printed(5)
    runner.run()

    assert len(look.asked) == 1
    assert flyers.state.message is None
    assert [pieces for _code, pieces in runs(store, lupa)] == [5]


def test_in_a_practice_nothing_is_looked_at_unasked(
    store: Store, runner: DeferredRunner, lupa: Event, short_links: dict[str, Any]
) -> None:
    model = FlyersViewModel(store, runner, "sl")
    model.refresh()
    runner.run()

    model.prepare_short_link()
    runner.run()

    assert model.state.short.step == "look"
    assert "not seen to work yet" in model.state.short.sentence


def test_pages_of_a_plain_server_count_with_the_slash_that_it_adds(
    flyers: FlyersViewModel, runner: DeferredRunner, look: FixedLook
) -> None:
    whole = flyers.state.link
    flyers.prepare_short_link()
    runner.run()
    short = BASE + code_in(whole)
    look.answers[short] = LinkAnswer(301, short + "/")
    address = whole.replace("&", "&amp;")
    page = f'<meta http-equiv="refresh" content="0; url={address}">'
    look.answers[short + "/"] = LinkAnswer(200, page=page)

    flyers.check_short_link()
    runner.run()

    assert flyers.state.link == short


def test_a_run_prepared_for_an_address_that_the_office_changed_is_left(
    flyers: FlyersViewModel, runner: DeferredRunner, store: Store, short_links: dict[str, Any]
) -> None:
    before = code_in(flyers.state.link)
    flyers.prepare_short_link()
    runner.run()
    short_links["flyers"][0]["url"] = "https://example.org/novo"
    store.write(lambda unit: (keep_document(unit, short_links), unit.commit())).result()

    flyers.refresh()
    runner.run()

    assert flyers.state.link.startswith("https://example.org/novo?")
    assert code_in(flyers.state.link) != before


def test_without_short_links_of_the_office_nothing_of_them_is_said(
    store: Store, runner: DeferredRunner, lupa: Event, short_links: dict[str, Any]
) -> None:
    del short_links["short_links"]
    store.write(lambda unit: (keep_document(unit, short_links), unit.commit())).result()

    model = FlyersViewModel(store, runner, "sl")
    model.refresh()
    runner.run()

    assert model.state.is_printable
    assert (model.state.short.sentence, model.state.short.step) == ("", "")


def test_a_run_survives_a_restart_and_its_code_is_never_given_out_again(
    store: Store, reopen: Any, lupa: Event
) -> None:
    wish = RunWish(lupa.event_id, PIECE, "7c2k4m", "https://example.org/?a=b")
    prepare_run(store, wish).result()
    note_printed(store, wish, Printed(200)).result()

    again = reopen()

    known = again.read(lambda c: known_runs(c, lupa.event_id)).result()
    assert [(run.code, run.pieces, run.piece) for run in known.runs] == [("7c2k4m", 200, PIECE)]
    assert "7c2k4m" in again.read(codes_given).result()
    assert known.waiting(PIECE) is None


def test_what_facts_say_of_a_run_is_read_back_and_nothing_else(store: Store, lupa: Event) -> None:
    wish = RunWish(lupa.event_id, PIECE, "7c2k4m", "https://example.org/?a=b")
    run = note_printed(store, wish, Printed(4, is_short=True)).result()

    facts = store.read(lambda c: facts_of_subject(c, UUID(int=0), run.run_id)).result()

    assert [item.fact.kind for item in facts] == [kinds.PRINT_PREPARED, kinds.PRINTED]
    assert decode(facts[0].body).data["target"] == wish.target
    assert printed_from(facts[1].fact.data) == Printed(4, is_short=True)
    assert store.read(lambda c: len(all_runs(c, UUID(int=0)))).result() == 1
    assert store.read(lambda c: len(list(subjects(c, UUID(int=0))))).result() == 2


def test_a_laptop_prints_only_what_it_prepared() -> None:
    assert may_author(Role.LAPTOP, kinds.PRINT_PREPARED, subject_is_own=False)
    assert not may_author(Role.LAPTOP, kinds.PRINTED, subject_is_own=False)
    assert may_author(Role.LAPTOP, kinds.PRINTED, subject_is_own=True)


@pytest.mark.parametrize(
    "change",
    [
        {"code": "toolong8"},
        {"code": "7c2k4o"},
        {"code": 7},
        {"target": "javascript:alert(1)"},
        {"target": 'https://example.org/"; }'},
        {"target": "https://a.example@evil.example/"},
        {"target": None},
        {"flyer": "../etc"},
        {"language": ""},
        {"size": ["A6"]},
    ],
)
def test_a_run_that_no_laptop_of_ours_can_have_said_is_none(change: dict[str, Any]) -> None:
    good = {
        **{"code": "7c2k4m", "flyer": "camps", "template": "promise", "size": "A6", "language": "sl"},
        "target": "https://example.org/",
    }
    assert run_from(new_id(), None, good, 1) is not None

    assert run_from(new_id(), None, good | change, 1) is None


@pytest.mark.parametrize("pieces", [0, -1, True, 10**6, "4", None, 1.5])
def test_a_number_of_pieces_that_nobody_prints_is_none(pieces: object) -> None:
    assert printed_from({"pieces": pieces, "where": "printer"}) is None
    assert printed_from({"pieces": 4, "where": "moon"}) is None
    assert printed_from({"pieces": 0, "where": TO_FILE}) == Printed(0, TO_FILE)


@given(st.sets(st.text(ALPHABET, min_size=CODE_LENGTH, max_size=CODE_LENGTH), max_size=20))
def test_a_new_code_has_no_letter_that_looks_like_another_and_is_new(taken: set[str]) -> None:
    code = new_code(taken)

    assert is_code(code)
    assert code not in taken
    assert not set(code) & set("0o1il9qsbzuvae")
