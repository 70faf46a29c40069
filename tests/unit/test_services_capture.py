"""What is captured is on disk when it is answered, and what is changed stays visible as a change."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID, uuid4

import pytest

from stojnica.domain import kinds
from stojnica.domain.clock import SetClock
from stojnica.domain.errors import UserFacingError
from stojnica.domain.ids import NIL, new_id
from stojnica.domain.organisation import Wording
from stojnica.domain.signup import ConsentEvidence, SignUp
from stojnica.domain.tally import Press
from stojnica.records.contact_queries import Contact, contact
from stojnica.records.facts import facts_of_subject
from stojnica.records.reach_queries import reach_of
from stojnica.services.capture import (
    SavedContact,
    correct_signup,
    count,
    save_signup,
    undo_last_count,
    void_signup,
    withdraw_consent,
)
from stojnica.storage.outbox import unconfirmed
from stojnica.storage.store import Store

EVENT = uuid4()
MINUTE_US = 60_000_000
ANA = SignUp(
    "Ana", "Črnč", email="ana@example.org", question="Kdaj?", purposes=("answer",), interests=("camp",)
)


def wording(purpose: str, version: int = 3) -> Wording:
    return Wording(f"w-{purpose}", purpose, version, "sl", "Naslov", "Besedilo", date(2024, 1, 1))


EVIDENCE = ConsentEvidence(
    "screen", "sl", {purpose: wording(purpose) for purpose in ("answer", "newsletter", "photo")}
)


def save(store: Store, signup: SignUp = ANA, subject_id: UUID | None = None) -> SavedContact:
    return save_signup(
        store,
        signup,
        subject_id=subject_id or new_id(),
        event_id=EVENT,
        channel="kiosk",
        evidence=EVIDENCE,
        operator="Maja",
    ).result()


def known(store: Store, subject_id: UUID) -> Contact:
    found = store.read(lambda connection: contact(connection, NIL, subject_id)).result()
    assert found is not None
    return found


def told(store: Store, subject_id: UUID) -> list[tuple[str, Mapping[str, Any]]]:
    facts = store.read(lambda connection: facts_of_subject(connection, NIL, subject_id)).result()
    return [(item.fact.kind, item.fact.data) for item in sorted(facts, key=lambda item: item.seq)]


def test_i01_a_saved_signup_is_there_after_the_store_is_opened_again(
    store: Store, reopen: Callable[[], Store]
) -> None:
    saved = save(store)

    found = known(reopen(), saved.subject_id)

    assert saved.initials == "A. Č."
    assert (found.first_name, found.email, found.question) == ("Ana", "ana@example.org", "Kdaj?")
    assert (found.channel, found.operator, found.event_id) == ("kiosk", "Maja", EVENT)


def test_each_purpose_that_was_shown_leaves_a_decision_ticked_or_not(store: Store) -> None:
    saved = save(store)

    facts = told(store, saved.subject_id)

    assert [kind for kind, _data in facts] == ["signed_up", "asked", "consented", "consented", "consented"]
    decisions = {data["purpose"]: data for kind, data in facts if kind == kinds.CONSENTED}
    assert {name: data["granted"] for name, data in decisions.items()} == {
        "answer": True,
        "newsletter": False,
        "photo": False,
    }
    shown = EVIDENCE.wordings["newsletter"]
    assert decisions["newsletter"]["wording_hash"] == shown.hash
    assert decisions["answer"]["evidence"] == "screen"
    assert [item.purpose for item in known(store, saved.subject_id).consents if item.is_granted] == ["answer"]


def test_saving_the_same_form_twice_saves_one_contact(store: Store) -> None:
    subject_id = new_id()

    first, second = save(store, subject_id=subject_id), save(store, subject_id=subject_id)

    assert first == second
    assert len(told(store, subject_id)) == 5
    waiting = store.read(unconfirmed).result()
    assert (waiting.contacts, waiting.facts) == (1, 5)


def test_a_correction_keeps_only_what_is_different(store: Store) -> None:
    saved = save(store)

    changed = replace(ANA, last_name="Črnčec", interests=("camp", "club"))
    correct_signup(store, saved.subject_id, changed, evidence=EVIDENCE, operator="Tilen").result()

    assert told(store, saved.subject_id)[-1] == (
        "corrected",
        {"last_name": "Črnčec", "interests": ["camp", "club"]},
    )
    assert known(store, saved.subject_id).last_name == "Črnčec"


def test_a_correction_without_a_difference_leaves_no_trace(store: Store) -> None:
    saved = save(store)

    correct_signup(store, saved.subject_id, ANA, evidence=EVIDENCE).result()

    assert len(told(store, saved.subject_id)) == 5


def test_i16_a_box_unticked_in_a_correction_withdraws_and_a_newly_ticked_one_rests_on_todays_wording(
    store: Store,
) -> None:
    saved = save(store)
    today = ConsentEvidence("read_aloud", "sl", {name: wording(name, 4) for name in ("answer", "newsletter")})

    changed = replace(ANA, purposes=("newsletter",), question="")
    correct_signup(store, saved.subject_id, changed, evidence=today).result()

    found = known(store, saved.subject_id)
    states = {item.purpose: (item.is_granted, item.wording_version) for item in found.consents}
    assert states["answer"][0] is False
    assert states["newsletter"] == (True, 4)
    assert found.question == ""
    assert [kind for kind, _data in told(store, saved.subject_id)[5:]] == ["asked", "withdrew", "consented"]


def test_what_is_voided_stays_as_a_fact_and_is_no_contact(store: Store) -> None:
    saved = save(store)

    void_signup(store, saved.subject_id, "test", operator="Maja").result()

    assert known(store, saved.subject_id).is_voided
    assert told(store, saved.subject_id)[-1] == ("voided", {"reason": "test"})
    assert store.read(unconfirmed).result().contacts == 0


def test_an_unknown_or_voided_contact_is_neither_corrected_nor_voided(store: Store) -> None:
    saved = save(store)
    void_signup(store, saved.subject_id, "test").result()

    with pytest.raises(UserFacingError):
        void_signup(store, saved.subject_id, "again").result()
    with pytest.raises(UserFacingError):
        correct_signup(store, saved.subject_id, ANA, evidence=EVIDENCE).result()
    with pytest.raises(UserFacingError):
        void_signup(store, uuid4(), "test").result()


def test_a_withdrawal_holds_for_a_voided_contact_too(store: Store) -> None:
    saved = save(store)
    void_signup(store, saved.subject_id, "test").result()

    withdraw_consent(store, saved.subject_id, ["answer"]).result()

    assert not [item for item in known(store, saved.subject_id).consents if item.is_granted]


def press(clock: SetClock, counter: str = "reached", amount: int = 1) -> Press:
    return Press(counter, amount, clock.at_us, clock.at_us, "Europe/Ljubljana")


def reached(store: Store) -> int:
    return store.read(lambda connection: reach_of(connection, NIL, [EVENT])).result().reached


def test_presses_add_up_and_the_last_one_can_be_undone(store: Store, clock: SetClock) -> None:
    count(store, press(clock), event_id=EVENT).result()
    last = count(store, press(clock, amount=25), event_id=EVENT).result()
    assert reached(store) == 26

    undone = undo_last_count(store, event_id=EVENT).result()

    assert undone is not None
    assert (undone.subject_id, undone.amount) == (last, 25)
    assert reached(store) == 1


def test_each_undo_takes_one_press_until_none_is_left(store: Store, clock: SetClock) -> None:
    for _ in range(2):
        count(store, press(clock), event_id=EVENT).result()

    undone = [undo_last_count(store, event_id=EVENT).result() for _ in range(3)]

    assert [item is None for item in undone] == [False, False, True]
    assert reached(store) == 0


def test_after_ten_minutes_or_at_another_event_nothing_is_undone(store: Store, clock: SetClock) -> None:
    count(store, press(clock), event_id=EVENT).result()

    assert undo_last_count(store, event_id=uuid4()).result() is None
    clock.at_us += 10 * MINUTE_US
    assert undo_last_count(store, event_id=EVENT).result() is None
    assert reached(store) == 1


@pytest.mark.parametrize("set_by_us", [60 * MINUTE_US, -60 * MINUTE_US])
def test_the_machine_counts_the_ten_minutes_whatever_is_done_to_the_clock(
    store: Store, clock: SetClock, set_by_us: int
) -> None:
    count(store, press(clock), event_id=EVENT).result()
    count(store, press(clock), event_id=EVENT).result()
    clock.set_by_us = set_by_us

    assert undo_last_count(store, event_id=EVENT).result() is not None
    clock.at_us += 10 * MINUTE_US
    assert undo_last_count(store, event_id=EVENT).result() is None
    assert reached(store) == 1


def test_after_the_machine_began_anew_the_clock_counts_them(store: Store, clock: SetClock) -> None:
    count(store, press(clock), event_id=EVENT).result()
    ran_for = clock.at_us
    clock.at_us, clock.set_by_us = MINUTE_US, ran_for + 2 * MINUTE_US

    assert undo_last_count(store, event_id=EVENT).result() is not None


def test_the_press_of_another_day_is_not_undone_though_the_machine_ran_as_long_then(
    store: Store, clock: SetClock
) -> None:
    count(store, press(clock), event_id=EVENT).result()
    clock.set_by_us = 24 * 60 * MINUTE_US

    assert undo_last_count(store, event_id=EVENT).result() is None


def test_a_press_can_be_undone_after_a_restart(
    store: Store, reopen: Callable[[], Store], clock: SetClock
) -> None:
    count(store, press(clock), event_id=EVENT).result()
    again = reopen()

    assert undo_last_count(again, event_id=EVENT).result() is not None
    assert reached(again) == 0


def test_a_purpose_without_a_box_is_not_taken_back_by_a_correction(store: Store) -> None:
    saved = save(store)
    narrower = ConsentEvidence("read_aloud", "sl", {"newsletter": wording("newsletter")})

    changed = replace(ANA, purposes=("newsletter",))
    correct_signup(store, saved.subject_id, changed, evidence=narrower).result()

    granted = [item.purpose for item in known(store, saved.subject_id).consents if item.is_granted]
    assert granted == ["answer", "newsletter"]


def test_voiding_at_the_persons_wish_takes_the_consents_back_too(store: Store) -> None:
    saved = save(store)

    void_signup(store, saved.subject_id, "asked", withdraws=True).result()

    found = known(store, saved.subject_id)
    assert found.is_voided
    assert not [item for item in found.consents if item.is_granted]
