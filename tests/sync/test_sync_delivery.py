"""Each record once, none held up by another, and confirmed only when it was proven."""

from uuid import uuid4

import pytest
import sqlalchemy as sa
from tests.sync.conftest import Fleet
from tests.sync.laptops import Laptop, broken, fault_of, keys
from tests.sync.offices import Key, Office, Way

from stojnica import failpoint
from stojnica.domain.errors import UserFacingError
from stojnica.records.facts import FACT
from stojnica.storage.faults import disk_full
from stojnica.storage.outbox import LATER
from stojnica.storage.tables import ASIDE, PROVEN, WAITING
from stojnica.storage.unit import UnitOfWork
from stojnica.sync.digest import HeldDigests, short_code
from stojnica.sync.faults import Fate, bad_content
from stojnica.sync.memory import MemoryCentre
from stojnica.sync.transport import DAMAGED, PushAnswer

LONG = "x" * 2000


def test_everything_arrives_once_and_both_sides_show_one_code(fleet: Fleet, office: Office) -> None:
    laptop = fleet(Way(office))
    captured = laptop.capture(41)

    result = laptop.sync()

    assert office.facts() == keys(captured) == laptop.in_state(PROVEN)
    assert result.is_complete
    assert (result.pushed, result.repaired, result.contacts, result.facts) == (82, 0, 41, 82)
    assert (result.receipt.contacts, result.receipt.facts, result.receipt.extra) == (41, 82, 0)
    assert result.receipt.code == short_code(HeldDigests(keys(captured)).joined())
    assert laptop.unconfirmed().facts == 0
    assert office.owed(laptop.credentials().device_id) == 0


def test_a_second_sync_sends_nothing_and_proves_again(fleet: Fleet, office: Office) -> None:
    way = Way(office)
    laptop = fleet(way)
    laptop.capture(3)
    first = laptop.sync()
    way.pushed.clear()

    second = laptop.sync()

    assert way.pushed == []
    assert (second.pushed, second.repaired) == (0, 0)
    assert second.is_complete
    assert second.receipt.code == first.receipt.code
    assert second.receipt.receipt_id != first.receipt.receipt_id


def test_a_laptop_without_any_record_is_proven_too(laptop: Laptop) -> None:
    result = laptop.sync()
    assert result.is_complete
    assert (result.facts, result.contacts) == (0, 0)


def test_what_was_taken_before_enrolment_is_delivered_after_it(fleet: Fleet, way: Way) -> None:
    laptop = fleet(way, is_enrolled=False)
    captured = laptop.capture(2)

    assert fault_of(laptop).code == "not_enrolled"
    assert way.calls == []

    laptop.enrol(way.office.enrol("Stand 1"))
    result = laptop.sync()

    assert (result.is_complete, result.contacts) == (True, 2)
    assert way.office.facts() == keys(captured)


def test_i03_answers_lost_on_the_way_store_nothing_twice(laptop: Laptop, way: Way) -> None:
    # Given that each batch is committed and its answer lost, again and again
    captured = laptop.capture(5)
    way.after = lambda name: broken(name == "push")
    for _run in range(3):
        assert fault_of(laptop).fate is Fate.NETWORK
    assert laptop.in_state(WAITING) == keys(captured)
    way.be_sound()

    result = laptop.sync()

    assert result.is_complete
    assert way.office.facts() == keys(captured)
    office = way.office
    assert isinstance(office, MemoryCentre)
    assert sorted(office.contents.inbox) == keys(captured)


def test_i04_m34_both_bodies_of_one_id_are_delivered_and_proven(laptop: Laptop, way: Way) -> None:
    fact_id, subject = uuid4(), uuid4()

    def job(unit: UnitOfWork) -> None:
        unit.record("asked", subject, {"text": "Kdaj?"}, fact_id=fact_id)
        unit.record("asked", subject, {"text": "Kje?"}, fact_id=fact_id)
        unit.commit()

    laptop.store.write(job).result()

    result = laptop.sync()

    assert result.is_complete
    assert [key[0] for key in way.office.facts()] == [fact_id, fact_id]


def test_i06_m33_a_poison_record_is_set_aside_and_delays_no_other(laptop: Laptop, way: Way) -> None:
    captured = laptop.capture(50)
    poison = captured[37].fact.fact_id

    def choke(name: str) -> None:
        if name == "push" and poison in {fact_id for fact_id, _hash in way.pushed[-1]}:
            raise bad_content("22P05")

    way.before = choke

    result = laptop.sync()

    assert len(way.office.facts()) == 99
    assert [(one.fact_id, one.reason) for one in result.aside] == [(poison, "22P05")]
    assert not result.is_complete
    assert (result.receipt.facts, result.facts) == (99, 100)
    assert laptop.unconfirmed().aside == 1
    assert poison in {fact_id for fact_id, _hash in laptop.facts()}

    # It is offered again, alone after three failures, and goes through when it can
    for _run in range(3):
        laptop.sync()
    way.pushed.clear()
    laptop.capture(1)
    laptop.sync()
    assert [len(batch) for batch in way.pushed] == [2, 1]
    way.be_sound()
    assert laptop.sync().is_complete
    assert way.office.facts() == laptop.facts()


def test_i06_a_record_flipped_on_the_disk_delays_no_other(fleet: Fleet, office: Office) -> None:
    laptop = fleet(Way(office))
    captured = laptop.capture(3)
    victim = captured[2].content_hash
    laptop.execute(sa.update(FACT).where(FACT.c.content_hash == victim).values(body=b"\xff no JSON"))

    result = laptop.sync()

    assert [(one.fact_id, one.reason) for one in result.aside] == [(captured[2].fact.fact_id, DAMAGED)]
    assert len(office.facts()) == 5


def test_i06_when_nothing_at_all_is_taken_the_program_says_so_and_keeps_everything(
    laptop: Laptop, way: Way
) -> None:
    captured = laptop.capture(100)

    def choke(name: str) -> None:
        if name == "push":
            raise bad_content("22023")

    way.before = choke

    assert fault_of(laptop).fate is Fate.CONTENT
    assert len(way.pushed) < 100
    assert laptop.facts() == keys(captured)
    way.be_sound()
    assert laptop.sync().is_complete


def test_what_is_put_off_for_later_holds_up_nothing_else(laptop: Laptop, way: Way) -> None:
    captured = keys(laptop.capture(5))
    way.alter = lambda name, answer: _put_off(answer, captured[0]) if name == "push" else answer

    for _run in range(4):
        result = laptop.sync()

    assert result.receipt.facts == 9
    assert [(one.fact_id, one.reason) for one in result.aside] == [(captured[0][0], LATER)]
    way.be_sound()
    assert laptop.sync().is_complete


def _put_off(answers: list[PushAnswer], key: Key) -> list[PushAnswer]:
    return [
        PushAnswer(one.fact_id, one.content_hash, LATER) if (one.fact_id, one.content_hash) == key else one
        for one in answers
    ]


def test_beyond_the_quota_the_rest_waits_and_is_proven_another_day(fleet: Fleet, office: Office) -> None:
    # Given more than one batch, and room for less than that
    way = Way(office)
    laptop = fleet(way)
    captured = laptop.capture(100, remark=LONG)
    office.limit(laptop.credentials().device_id, 20)

    result = laptop.sync()

    arrived = len(office.facts())
    assert 20 <= arrived < 100
    assert result.receipt.facts == arrived
    assert not result.is_complete
    assert laptop.unconfirmed().facts == 200 - arrived

    office.limit(laptop.credentials().device_id, 1000)
    assert laptop.sync().is_complete
    assert office.facts() == keys(captured)


def test_m35_what_was_erased_at_the_centre_is_settled_and_stays_away(fleet: Fleet, office: Office) -> None:
    way = Way(office)
    laptop = fleet(way)
    captured = laptop.capture(2)
    office.erase(captured[0].fact.fact_id)

    result = laptop.sync()

    assert result.is_complete
    assert office.facts() == keys(captured[1:])
    assert laptop.reasons() == {captured[0].fact.fact_id: "erased"}
    way.pushed.clear()
    assert laptop.sync().is_complete
    assert way.pushed == []


def test_m23_what_is_captured_during_a_sync_is_delivered_or_said_to_be_missing(
    laptop: Laptop, way: Way
) -> None:
    laptop.capture(2)
    to_capture = ["push", "prove"]

    def capture(name: str) -> None:
        if name in to_capture:
            to_capture.remove(name)
            laptop.capture(1)

    way.before = capture

    result = laptop.sync()

    # What came while pushing went along; what came while proving waits, and nobody is told otherwise.
    assert len(way.office.facts()) == 6
    assert (result.receipt.facts, result.facts, result.is_complete) == (6, 8, False)
    assert laptop.unconfirmed().facts == 2
    assert laptop.sync().is_complete


def test_m23_a_sync_comes_to_its_proof_although_people_sign_up_without_a_pause(
    laptop: Laptop, way: Way
) -> None:
    laptop.capture(3)
    laptop.sync()
    before = laptop.capture(3)

    def sign_up(name: str) -> None:
        if name == "push":
            laptop.capture(1)

    way.after = sign_up
    result = laptop.sync()

    assert not result.is_complete
    assert set(keys(before)) <= set(laptop.in_state(PROVEN))
    way.be_sound()
    assert laptop.sync().is_complete


def test_m03_a_full_disk_while_marking_loses_nothing(laptop: Laptop, way: Way) -> None:
    captured = laptop.capture(2)
    failpoint.arm("sync.before_mark", _no_room)
    try:
        with pytest.raises(UserFacingError) as caught:
            laptop.sync()
    finally:
        failpoint.disarm("sync.before_mark")

    assert caught.value.code == "disk_full"
    assert way.calls[-1] == "close"
    assert laptop.in_state(WAITING) == keys(captured)
    assert laptop.sync().is_complete
    assert way.office.facts() == keys(captured)


def _no_room() -> None:
    raise disk_full()


def test_records_set_aside_are_kept_over_any_number_of_syncs(laptop: Laptop, way: Way) -> None:
    captured = laptop.capture(1)
    way.alter = lambda name, answer: (
        [PushAnswer(one.fact_id, one.content_hash, DAMAGED) for one in answer] if name == "push" else answer
    )
    for _run in range(5):
        result = laptop.sync()

    assert len(result.aside) == 2
    assert laptop.in_state(ASIDE) == keys(captured) == laptop.facts()
