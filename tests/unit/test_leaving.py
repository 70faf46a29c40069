"""What the page says of contacts that leave: when, how many, and what keeps the others."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from tests.seen import seen
from tests.sync.laptops import Laptop, new_laptop
from tests.sync.offices import Way
from tests.sync.purging import DAYS, OfficeClock, decide, delivered_and_covered, stubs

from stojnica.domain.errors import UserFacingError
from stojnica.domain.ids import new_id
from stojnica.domain.retention import DAY_US, KEEP_ALL, Retention
from stojnica.i18n import speaking
from stojnica.services.delivery_state import delivery_state
from stojnica.services.leaving import leaving_lines
from stojnica.services.retention import Cleared, RetentionLook
from stojnica.services.send import SENT, SendViewModel
from stojnica.services.send_words import detail_of, missed_text
from stojnica.services.tasks import DeferredRunner
from stojnica.storage.faults import store_missing
from stojnica.storage.purge_plan import Leaving, PurgePlan
from stojnica.sync.memory import MemoryCentre

ZONE = "Europe/Ljubljana"
NOW = 1_726_835_520_000_000  # 20 September 2024
THIRTY = Retention(30)
NAMES_STAY = "Names and PINs of the team stay here, too: the office named no day."


def told(look: RetentionLook) -> tuple[str, ...]:
    return tuple(seen(line) for line in leaving_lines(look, ZONE))


def lines(plan: PurgePlan, language: str = "sl", retention: Retention = THIRTY) -> tuple[str, ...]:
    with speaking(language):
        return told(RetentionLook(retention, plan))


@pytest.mark.parametrize(
    ("count", "said"),
    [
        (1, "1 kontakt gre s tega računalnika 3. 10. (v pisarni ostane)."),
        (2, "2 kontakta gresta s tega računalnika 3. 10. (v pisarni ostaneta)."),
        (3, "3 kontakti gredo s tega računalnika 3. 10. (v pisarni ostanejo)."),
        (12, "12 kontaktov gre s tega računalnika 3. 10. (v pisarni ostanejo)."),
        (101, "101 kontakt gre s tega računalnika 3. 10. (v pisarni ostane)."),
    ],
)
def test_the_day_is_said_with_the_verb_in_the_right_form(count: int, said: str) -> None:
    plan = PurgePlan(later=(Leaving(NOW + 13 * DAY_US, count),), now=NOW)

    assert lines(plan)[0] == said


def test_one_day_is_one_line_and_the_last_day_ends_the_rest() -> None:
    later = (
        Leaving(NOW + 13 * DAY_US, 5),
        Leaving(NOW + 13 * DAY_US + 60_000_000, 7),
        Leaving(NOW + 20 * DAY_US, 2),
        Leaving(NOW + 120 * DAY_US, 1),
    )

    said = lines(PurgePlan(later=later, now=NOW))

    assert said == (
        "12 kontaktov gre s tega računalnika 3. 10. (v pisarni ostanejo).",
        "Do 18. 1. 2025 gredo še 3.",
        "Ko pisarna potrdi kontakt, ostane tukaj, šifriran, še 30 dni.",
        "Tudi imena in PIN-i ekipe ostanejo tukaj: pisarna ni določila dneva.",
    )


def test_what_keeps_the_others_is_said() -> None:
    plan = PurgePlan(unproven=2, uncovered=5, later=(Leaving(NOW - 1, 1),), now=NOW)

    assert lines(plan, "en") == (
        "1 contact leaves this laptop with the next sending (it stays at the office).",
        "2 contacts stay until the office has confirmed them.",
        "5 contacts stay until the office has them in a backup.",
        "Once the office has confirmed a contact, it stays here, encrypted, for 30 days.",
        NAMES_STAY,
    )


@pytest.mark.parametrize(
    ("count", "said"),
    [
        (1, "1 kontakt čaka samo še na privolitev v izbris, ki ga želi pisarna."),
        (2, "2 kontakta čakata samo še na privolitev v izbris, ki ga želi pisarna."),
        (3, "3 kontakti čakajo samo še na privolitev v izbris, ki ga želi pisarna."),
        (11, "11 kontaktov čaka samo še na privolitev v izbris, ki ga želi pisarna."),
    ],
)
def test_who_is_to_be_erased_by_order_is_spoken_of_first(count: int, said: str) -> None:
    plan = PurgePlan(uncovered=1, now=NOW)

    with speaking("sl"):
        lines = told(RetentionLook(THIRTY, plan, gone=4, asked=count))

    assert lines[0] == said
    assert lines[2] == "1 kontakt ostane, dokler ga pisarna nima v varnostni kopiji."


def test_a_yes_to_the_order_is_told_apart_from_one_that_is_waited_for() -> None:
    with speaking("en"):
        lines = leaving_lines(RetentionLook(THIRTY, PurgePlan(now=NOW), asked=2, agreed=1), ZONE)

    assert lines[:2] == (
        "2 contacts stay only until somebody agrees to erase them, as the office asks.",
        "1 contact is erased with the next sending, as the office asks.",
    )


@pytest.mark.parametrize(
    ("count", "said"),
    [
        (1, "1 kontakta ni več na tem računalniku: v pisarni je."),
        (2, "2 kontaktov ni več na tem računalniku: v pisarni sta."),
        (3, "3 kontaktov ni več na tem računalniku: v pisarni so."),
        (28, "28 kontaktov ni več na tem računalniku: v pisarni so."),
    ],
)
def test_who_has_left_is_still_spoken_of(count: int, said: str) -> None:
    with speaking("sl"):
        lines = told(RetentionLook(THIRTY, PurgePlan(now=NOW), gone=count))

    assert lines[0] == said


def test_without_a_decision_it_is_said_that_nothing_leaves() -> None:
    contacts, names = lines(PurgePlan(), "en", KEEP_ALL)

    assert "named no day" in contacts
    assert names == NAMES_STAY


@pytest.mark.parametrize(
    ("names", "said"),
    [
        (PurgePlan(now=NOW), ()),
        (PurgePlan(later=(Leaving(NOW - 1, 1),), now=NOW), ("ob naslednjem pošiljanju",)),
        (PurgePlan(due=(new_id(),), now=NOW), ("ob naslednjem pošiljanju",)),
        (
            PurgePlan(later=(Leaving(NOW + 40 * DAY_US, 2), Leaving(NOW + 13 * DAY_US, 1)), now=NOW),
            ("3. 10.",),
        ),
        (PurgePlan(unproven=3), ()),
    ],
)
def test_the_next_day_on_which_names_go_is_said(names: PurgePlan, said: tuple[str, ...]) -> None:
    with speaking("sl"):
        _contacts, *days, rule = leaving_lines(RetentionLook(Retention(30, 182), PurgePlan(), names), ZONE)

    assert len(days) == len(said)
    assert all(part in day for part, day in zip(said, days, strict=True))
    assert rule == "Ko pisarna potrdi imena ekipe, ostanejo tukaj še 182 dni."


@pytest.fixture
def laptop(tmp_path: Path) -> Iterator[Laptop]:
    """Give a laptop of an office in memory, on which contacts stay for thirty days."""
    laptop = new_laptop(tmp_path / "laptop", Way(MemoryCentre()))
    assert isinstance(laptop.connect, Way)
    laptop.enrol(laptop.connect.office.enrol("Stand 1"))
    decide(laptop)
    yield laptop
    laptop.close()


@pytest.fixture
def days(laptop: Laptop) -> OfficeClock:
    """Give the clock of the office."""
    assert isinstance(laptop.connect, Way)
    return OfficeClock().rule(laptop.connect)


def test_after_a_delivery_what_may_go_goes_by_itself_and_the_pages_hear_of_it(
    laptop: Laptop, days: OfficeClock
) -> None:
    # Given two contacts whose days are over as soon as the office is asked
    assert isinstance(laptop.connect, Way)
    runner, heard = DeferredRunner(), list[str]()
    model = SendViewModel(laptop.store, laptop.engine(), runner, laptop.store.clock, ZONE)
    model.leaving.hear_gone(lambda: heard.append("gone"))
    laptop.capture(2)
    delivered_and_covered(laptop, laptop.connect, days)
    days.pass_days(DAYS)

    # When it is sent from the window
    with speaking("en"):
        model.send()
        runner.run()

    # Then they have left, and are counted all the same
    assert model.state.phase == SENT
    assert len(stubs(laptop)) == 4
    assert heard == ["gone"]
    assert model.state.headline == "All 2 contacts are at the office"
    assert "Confirmed: 4 of 4 records" in model.state.detail
    assert model.leaving.state.lines[-2].endswith("30 days.")


def test_questions_that_come_while_one_is_answered_are_answered_by_one_more(laptop: Laptop) -> None:
    runner = DeferredRunner()
    model = SendViewModel(laptop.store, laptop.engine(), runner, laptop.store.clock, ZONE)

    for _time in range(5):
        model.leaving.refresh()
    assert runner.waiting == 1
    with speaking("en"):
        runner.run()

    assert len(model.leaving.state.lines) == 2


def test_a_disk_that_refuses_is_told_at_the_place_and_takes_nothing(
    laptop: Laptop, days: OfficeClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_store: object, _go_on: object) -> Cleared:
        raise store_missing()

    runner = DeferredRunner()
    model = SendViewModel(laptop.store, laptop.engine(), runner, laptop.store.clock, ZONE)
    monkeypatch.setattr("stojnica.services.leaving.clear_up", refuse)

    model.leaving.clear_up()
    runner.run()

    expected: UserFacingError = store_missing()
    assert model.leaving.state.trouble.startswith(expected.what)
    assert days.now


def test_a_loss_at_the_office_is_never_called_safe_on_this_laptop(laptop: Laptop, days: OfficeClock) -> None:
    assert isinstance(laptop.connect, Way)
    office = laptop.connect.office
    before = office.back_up()
    laptop.capture(1)
    delivered_and_covered(laptop, laptop.connect, days)
    days.pass_days(DAYS)
    runner = DeferredRunner()
    model = SendViewModel(laptop.store, laptop.engine(), runner, laptop.store.clock, ZONE)
    with speaking("en"):
        model.send()
        runner.run()
        office.restore(before)
        model.send()
        runner.run()

        delivery = laptop.store.read(delivery_state).result()
        assert detail_of(delivery) == missed_text(2)

    assert "safe on this laptop" not in model.state.detail
    assert "tell the office" in model.state.detail
    assert "Missing at the office, and no longer here" in [line.label for line in model.state.lines]


def test_what_is_ready_is_told_to_who_asks_without_sending() -> None:
    plan = PurgePlan(due=(new_id(), new_id()), now=NOW)

    with speaking("en"):
        said = leaving_lines(RetentionLook(THIRTY, plan), ZONE, is_now=True)

    assert said[0] == "2 contacts may leave this laptop now (they stay at the office)."
    assert lines(replace(plan), "en")[0].startswith("2 contacts leave this laptop with the next sending")
