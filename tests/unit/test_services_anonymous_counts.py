"""Gender and country become numbers of the event, and nothing leads from them to a person."""

from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.engine import Connection

from stojnica.domain import kinds
from stojnica.domain.event import Event
from stojnica.records.facts import FACT, stored_fact
from stojnica.records.typed import TALLY
from stojnica.services.anonymous_counts import ENOUGH, note_anonymous, tell_anonymous
from stojnica.services.kiosk import KioskViewModel
from stojnica.services.kiosk_counts import countries
from stojnica.services.kiosk_options import KioskOptions, keep_kiosk_options, kiosk_options
from stojnica.services.kiosk_state import KioskPhase
from stojnica.services.stand import StandContext
from stojnica.services.start_of_kiosk import KioskStartViewModel
from stojnica.services.tasks import DeferredRunner
from stojnica.storage.worker import Priority


def counted(context: StandContext, event: Event) -> dict[str, int]:
    def read(connection: Connection) -> dict[str, int]:
        query = (
            sa.select(TALLY.c.counter, sa.func.sum(TALLY.c.amount))
            .where(TALLY.c.event_id == event.event_id)
            .group_by(TALLY.c.counter)
        )
        return {row[0]: int(row[1]) for row in connection.execute(query)}

    return context.store.read(read).result()


def facts(context: StandContext, kind: str) -> list[Any]:
    def read(connection: Connection) -> list[Any]:
        return [stored_fact(row) for row in connection.execute(sa.select(FACT).where(FACT.c.kind == kind))]

    return context.store.read(read).result()


def test_a_few_answers_are_no_facts_yet_and_all_are_in_the_end(context: StandContext, lupa: Event) -> None:
    for gender, country in (("female", "SI"), ("male", ""), ("", "AT"), ("female", "SI")):
        note_anonymous(context.store, lupa.event_id, lupa.time_zone, gender=gender, country=country).result()
    before = facts(context, kinds.COUNTED)

    tell_anonymous(context.store, lupa.event_id, lupa.time_zone).result()
    tell_anonymous(context.store, lupa.event_id, lupa.time_zone).result()

    assert before == []
    assert counted(context, lupa) == {"gender.female": 2, "gender.male": 1, "country.SI": 2, "country.AT": 1}


def test_enough_answers_become_facts_together(context: StandContext, lupa: Event) -> None:
    for _visitor in range(ENOUGH):
        note_anonymous(context.store, lupa.event_id, lupa.time_zone, gender="other").result()

    (fact,) = facts(context, kinds.COUNTED)
    assert (fact.fact.data["counter"], fact.fact.data["amount"]) == ("gender.other", ENOUGH)


@pytest.mark.parametrize(("gender", "country"), [("robot", ""), ("", "Slovenia"), ("", "š1"), ("", "")])
def test_words_that_are_none_of_ours_add_nothing(
    context: StandContext, lupa: Event, gender: str, country: str
) -> None:
    note_anonymous(context.store, lupa.event_id, lupa.time_zone, gender=gender, country=country).result()
    tell_anonymous(context.store, lupa.event_id, lupa.time_zone).result()

    assert facts(context, kinds.COUNTED) == []


def test_the_last_page_comes_only_when_it_is_wanted_and_keeps_no_one(
    context: StandContext, runner: DeferredRunner, lupa: Event, office: dict[str, Any]
) -> None:
    keep_kiosk_options(context.store, KioskOptions(asks_counts=True)).result()
    kiosk = KioskViewModel(context)
    kiosk.open()
    runner.run()
    kiosk.next()
    kiosk.type("first_name", "Ana")
    kiosk.type("email", "ana@example.org")
    ages = kiosk.state.question("age_band")
    assert ages is not None
    kiosk.choose("age_band", ages.options[2].id)
    kiosk.next()
    kiosk.tick_box("answer", True)
    kiosk.next()
    runner.run()
    assert kiosk.state.phase is KioskPhase.COUNTS
    assert "Ana" not in repr(vars(kiosk))

    kiosk.choose_gender("female")
    kiosk.choose_country("HU")
    kiosk.next()
    assert kiosk.state.phase is KioskPhase.THANKS
    kiosk.ask_to_leave()
    kiosk.enter_pin("4711")
    runner.run()
    # What was told when the kiosk was left lies behind all captures: wait for it.
    context.store.write(lambda unit: None, Priority.BACKGROUND).result()

    assert counted(context, lupa) == {"gender.female": 1, "country.HU": 1}
    signed = facts(context, kinds.SIGNED_UP)[0].fact
    assert all(fact.fact.subject_id != signed.subject_id for fact in facts(context, kinds.COUNTED))
    assert "female" not in repr(signed.data)


def test_the_near_countries_come_first_in_each_language() -> None:
    for language in ("sl", "en", "de", "it", "hr", "hu"):
        offered = countries(language)
        assert offered[0][0] == "SI"
        assert len(offered) > 200
        assert len({code for code, _name in offered}) == len(offered)


def test_what_is_set_on_the_page_is_kept_within_bounds(context: StandContext, runner: DeferredRunner) -> None:
    page = KioskStartViewModel(context)
    page.refresh()
    runner.run()

    page.wait(120)
    runner.run()
    page.count(True)
    runner.run()
    page.ask("organisation")
    runner.run()

    kept = context.store.read(kiosk_options).result()
    assert kept == page.state.options == KioskOptions("organisation", 120, 150, True)
    assert KioskOptions("nobody", 1, 2).tidied() == KioskOptions("person", 20, 40)
