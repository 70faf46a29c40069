"""Which key counts what: by the set that was chosen, never in place of a character, and by a clicker."""

from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stojnica.domain.event import Event
from stojnica.i18n import speaking
from stojnica.services.stand import StandContext
from stojnica.services.tally_keys import (
    ALT,
    CTRL_ALT,
    DEFAULT_KEYS,
    FUNCTION,
    KEY_SETS,
    OFF,
    TALLY_KEYS,
    Clicker,
    Stroke,
    TallyKeys,
    choose_tally_keys,
    known_tally_keys,
    why_not_a_clicker,
)
from stojnica.services.tasks import DeferredRunner
from stojnica.services.today import TodayViewModel
from stojnica.storage.memory import remember
from stojnica.storage.store import Store
from stojnica.storage.unit import UnitOfWork

COUNTERS = ("reached", "conversation", "flyer", "quiz")
TWO = {
    CTRL_ALT: Stroke("2", ("Ctrl", "Alt"), "2"),
    ALT: Stroke("2", ("Alt",), "2"),
    FUNCTION: Stroke("F2"),
}
PAGE_DOWN = TallyKeys(OFF, Clicker("PgDown", "flyer"))
KEPT = [TallyKeys(), TallyKeys(OFF), PAGE_DOWN, TallyKeys(ALT, Clicker("1", "x"))]


@pytest.fixture(autouse=True)
def _in_english() -> Iterator[None]:
    with speaking("en"):
        yield


@pytest.mark.parametrize("is_typing", [False, True])
@pytest.mark.parametrize("chosen", KEY_SETS)
def test_only_the_keys_that_were_chosen_count_also_while_somebody_types(chosen: str, is_typing: bool) -> None:
    keys = TallyKeys(chosen)

    heard = {name: keys.heard(stroke, COUNTERS, is_typing=is_typing) for name, stroke in TWO.items()}

    assert heard == {name: "conversation" if name == chosen else None for name in TWO}


@pytest.mark.parametrize(
    ("chosen", "cap"), [(CTRL_ALT, "Ctrl Alt 4"), (ALT, "Alt 4"), (FUNCTION, "F4"), (OFF, "")]
)
def test_the_cap_of_a_counter_names_its_key(chosen: str, cap: str) -> None:
    assert TallyKeys(chosen).cap(4) == cap


def test_a_key_beyond_the_last_counter_is_left_to_others() -> None:
    assert TallyKeys().heard(Stroke("5", ("Ctrl", "Alt")), COUNTERS, is_typing=False) is None


def test_a_key_that_is_held_down_counts_once_and_writes_nothing() -> None:
    held = Stroke("1", ("Ctrl", "Alt"), "1", is_repeat=True)

    assert TallyKeys().heard(held, COUNTERS, is_typing=True) == ""


@pytest.mark.parametrize("is_typing", [False, True])
@given(text=st.sampled_from(["~", "ˇ", "^", "˘", "°", "˛", "`", "1"]))
def test_altgr_with_a_digit_never_counts(text: str, is_typing: bool) -> None:
    stroke = Stroke("1", ("Ctrl", "Alt"), text, is_altgr=True)

    assert TallyKeys().heard(stroke, COUNTERS, is_typing=is_typing) is None


def test_ctrl_and_alt_that_are_known_to_be_no_altgr_count_whatever_they_would_write() -> None:
    stroke = Stroke("1", ("Ctrl", "Alt"), "~", is_altgr=False)

    assert TallyKeys().heard(stroke, COUNTERS, is_typing=True) == "reached"


def test_where_nobody_says_whether_it_was_altgr_a_character_matters_more_in_a_text_field() -> None:
    stroke = Stroke("1", ("Ctrl", "Alt"), "~", is_altgr=None)

    assert TallyKeys().heard(stroke, COUNTERS, is_typing=True) is None
    assert TallyKeys().heard(stroke, COUNTERS, is_typing=False) == "reached"


def test_a_clicker_counts_beside_any_keys_and_its_key_alone() -> None:
    assert PAGE_DOWN.heard(Stroke("PgDown"), COUNTERS, is_typing=True) == "flyer"
    assert PAGE_DOWN.heard(Stroke("PgDown", ("Shift",)), COUNTERS, is_typing=False) is None
    assert PAGE_DOWN.heard(Stroke("PgUp"), COUNTERS, is_typing=False) is None


def test_a_clicker_that_sends_a_digit_types_in_a_text_field_and_counts_elsewhere() -> None:
    keys = TallyKeys(CTRL_ALT, Clicker("1", "quiz"))

    assert keys.heard(Stroke("1", (), "1"), COUNTERS, is_typing=True) is None
    assert keys.heard(Stroke("1", (), "1"), COUNTERS, is_typing=False) == "quiz"


def test_a_clicker_of_a_counter_that_the_office_took_away_is_an_ordinary_key() -> None:
    assert PAGE_DOWN.heard(Stroke("PgDown"), ("reached",), is_typing=False) is None


@pytest.mark.parametrize(
    ("stroke", "chosen", "words"),
    [
        (Stroke("PgDown"), CTRL_ALT, ""),
        (Stroke("Volume Up"), CTRL_ALT, ""),
        (Stroke("F5", ("Shift",)), FUNCTION, ""),
        (Stroke("7", (), "7"), CTRL_ALT, ""),
        (Stroke("F2"), ALT, ""),
        (Stroke("F2"), FUNCTION, "counts already"),
        (Stroke("Tab"), CTRL_ALT, "Forms are filled in"),
        (Stroke("Space", (), " "), CTRL_ALT, "Forms are filled in"),
        (Stroke("C", ("Ctrl",)), CTRL_ALT, "belong to the program"),
        (Stroke(""), CTRL_ALT, "no name"),
    ],
)
def test_a_clicker_may_not_take_a_key_that_is_needed(stroke: Stroke, chosen: str, words: str) -> None:
    reason = why_not_a_clicker(stroke, chosen)

    assert words in reason
    assert bool(reason) == bool(words)


@pytest.mark.parametrize("chosen", KEPT)
def test_what_was_chosen_is_kept_on_this_laptop(store: Store, chosen: TallyKeys) -> None:
    assert choose_tally_keys(store, chosen).result() == chosen

    assert store.read(known_tally_keys).result() == chosen


@pytest.mark.parametrize("kept", [None, 7, {"keys": "morse"}, [], {"clicker": "PgDown"}])
def test_what_makes_no_sense_gives_the_usual_keys(store: Store, kept: object) -> None:
    def keep(unit: UnitOfWork) -> None:
        remember(unit.connection, TALLY_KEYS, kept)
        unit.commit()

    store.write(keep).result()

    assert store.read(known_tally_keys).result() == DEFAULT_KEYS


def test_other_keys_are_on_the_cards_and_count_at_once(
    context: StandContext, runner: DeferredRunner, lupa: Event
) -> None:
    today = TodayViewModel(context)
    today.refresh()
    runner.run()

    today.choose_keys(TallyKeys(FUNCTION, Clicker("PgDown", "flyer")))
    runner.run()
    is_old_heard = today.hear(TWO[CTRL_ALT], is_typing=False)
    today.hear(TWO[FUNCTION], is_typing=False)
    today.hear(Stroke("PgDown"), is_typing=True)
    runner.run()

    assert not is_old_heard
    assert [card.keys for card in today.state.counters] == ["F1", "F2", "F3"]
    assert [card.number for card in today.state.counters] == [1, 1, 1]
