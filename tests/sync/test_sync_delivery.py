"""Each record once, none held up by another, and confirmed only when it was proven."""

from concurrent.futures import CancelledError
from dataclasses import replace
from typing import Any
from uuid import uuid4

import pytest
import sqlalchemy as sa
from tests.sync.conftest import Fleet
from tests.sync.laptops import Laptop
from tests.sync.offices import Key, Office, Way

from stojnica import failpoint
from stojnica.domain.errors import UserFacingError
from stojnica.domain.fact import StoredFact
from stojnica.records.facts import FACT
from stojnica.storage.faults import disk_full
from stojnica.storage.outbox import LATER
from stojnica.storage.tables import ANSWERED, ASIDE, PROVEN, RECEIPT, WAITING
from stojnica.storage.unit import UnitOfWork
from stojnica.sync import push
from stojnica.sync.digest import HeldDigests, short_code
from stojnica.sync.faults import Fate, SyncError, bad_content, interrupted
from stojnica.sync.memory import MemoryCentre
from stojnica.sync.transport import DAMAGED, PRESENT, ProofAnswer, PushAnswer

LONG = "x" * 2000


def keys(facts: list[StoredFact]) -> list[Key]:
    return sorted((item.fact.fact_id, item.content_hash) for item in facts)


def fault_of(laptop: Laptop, **options: Any) -> SyncError:
    with pytest.raises(SyncError) as caught:
        laptop.sync(**options)
    return caught.value


class Steps:
    """Hear the steps, and stop at the one that the test names."""

    def __init__(self, stop_at: str = "", done: int = 0) -> None:
        self.heard: list[tuple[str, int, int | None]] = []
        self._stop = (stop_at, done)

    def stop_at(self, name: str) -> None:
        self._stop = (name, 0)

    def step(self, name: str, done: int = 0, total: int | None = None) -> None:
        self.heard.append((name, done, total))
        if name == self._stop[0] and done >= self._stop[1]:
            raise CancelledError


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
    way.after = lambda name: _break(name == "push")
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


def _break(is_now: bool) -> None:
    if is_now:
        raise interrupted("test")


def test_i04_both_bodies_of_one_id_are_delivered_and_proven(laptop: Laptop, way: Way) -> None:
    fact_id, subject = uuid4(), uuid4()

    def job(unit: UnitOfWork) -> None:
        unit.record("asked", subject, {"text": "Kdaj?"}, fact_id=fact_id)
        unit.record("asked", subject, {"text": "Kje?"}, fact_id=fact_id)
        unit.commit()

    laptop.store.write(job).result()

    result = laptop.sync()

    assert result.is_complete
    assert [key[0] for key in way.office.facts()] == [fact_id, fact_id]


def echo_nothing(name: str, answer: Any) -> Any:
    return [] if name == "push" else answer


def echo_another_hash(name: str, answer: Any) -> Any:
    return [PushAnswer(one.fact_id, bytes(32), one.answer) for one in answer] if name == "push" else answer


def echo_another_id(name: str, answer: Any) -> Any:
    return [PushAnswer(uuid4(), one.content_hash, one.answer) for one in answer] if name == "push" else answer


def echo_twice(name: str, answer: Any) -> Any:
    return [*answer, *answer] if name == "push" else answer


def echo_a_new_word(name: str, answer: Any) -> Any:
    return [PushAnswer(one.fact_id, one.content_hash, "fine") for one in answer] if name == "push" else answer


@pytest.mark.parametrize(
    "lie", [echo_nothing, echo_another_hash, echo_another_id, echo_twice, echo_a_new_word]
)
def test_i05_a_lying_centre_marks_nothing(laptop: Laptop, way: Way, lie: Any) -> None:
    captured = laptop.capture(3)
    way.alter = lie

    fault = fault_of(laptop, attempts=3)

    assert (fault.code, fault.fate, fault.step) == ("nonsense", Fate.NOT_ALLOWED, "push")
    assert laptop.in_state(WAITING) == keys(captured)


def test_i05_only_what_was_echoed_is_marked(laptop: Laptop, way: Way) -> None:
    captured = keys(laptop.capture(3))
    way.alter = lambda name, answer: answer[:4] if name == "push" else answer

    assert fault_of(laptop).code == "nonsense"

    assert laptop.in_state(ANSWERED) == captured[:4]
    assert laptop.in_state(WAITING) == captured[4:]


def tell_another_code(name: str, answer: Any) -> Any:
    return _changed_proof(answer, code="0000") if name == "prove" else answer


def tell_no_receipt(name: str, answer: Any) -> Any:
    return _changed_proof(answer, receipt_id=None) if name == "prove" else answer


def tell_a_code_and_a_difference(name: str, answer: Any) -> Any:
    return _changed_proof(answer, differing=(3,)) if name == "prove" else answer


def tell_a_bucket_that_is_none(name: str, answer: Any) -> Any:
    return _changed_proof(answer, differing=(256,), code=None) if name == "prove" else answer


def _changed_proof(answer: ProofAnswer, **changes: Any) -> ProofAnswer:
    values = {name: getattr(answer, name) for name in ProofAnswer.__slots__}
    return ProofAnswer(**(values | changes))


@pytest.mark.parametrize(
    "lie", [tell_another_code, tell_no_receipt, tell_a_code_and_a_difference, tell_a_bucket_that_is_none]
)
def test_i12_a_proof_that_does_not_hold_confirms_nothing(laptop: Laptop, way: Way, lie: Any) -> None:
    captured = laptop.capture(2)
    way.alter = lie

    assert fault_of(laptop).code == "nonsense"

    assert laptop.in_state(PROVEN) == []
    assert laptop.unconfirmed().facts == len(captured)
    assert laptop.store.read(lambda connection: connection.execute(sa.select(RECEIPT)).all()).result() == []


def test_i12_a_centre_that_says_present_and_has_nothing_confirms_nothing(laptop: Laptop, way: Way) -> None:
    # Given a way that swallows every push and claims that all was there already
    captured = laptop.capture(2)
    memory = way.office
    assert isinstance(memory, MemoryCentre)

    def swallow(name: str, answer: Any) -> Any:
        if name != "push":
            return answer
        memory.contents.facts.clear()
        return [PushAnswer(one.fact_id, one.content_hash, PRESENT) for one in answer]

    way.alter = swallow

    # Then it is never called confirmed
    assert fault_of(laptop).detail == "proof_rounds"
    assert laptop.in_state(PROVEN) == []

    # And all arrives as soon as the way is sound
    way.be_sound()
    assert laptop.sync().is_complete
    assert memory.facts() == keys(captured)


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


def test_i07_the_network_is_tried_again_with_growing_and_random_pauses(laptop: Laptop, way: Way) -> None:
    captured = laptop.capture(2)
    failing = ["connect", "hello", "push", "prove"]

    def fail_once_each(name: str) -> None:
        if failing and name == failing[0]:
            failing.pop(0)
            raise interrupted("test")

    way.before = fail_once_each
    pauses = dict.fromkeys(range(4), 0.0)

    def pause(seconds: float) -> None:
        pauses[3 - len(failing)] += seconds

    result = laptop.engine(attempts=5, pause=pause).run()

    assert result.is_complete
    assert way.office.facts() == keys(captured)
    assert all(0 < pauses[attempt] <= 0.5 * 2**attempt for attempt in range(4))
    assert len(set(pauses.values())) == 4
    assert way.calls.count("close") == 4


def test_i07_the_last_attempt_tells_what_is_wrong_and_where(laptop: Laptop, way: Way) -> None:
    laptop.capture(1)
    way.before = lambda name: _break(name == "prove")

    fault = fault_of(laptop, attempts=3)

    assert (fault.code, fault.step) == ("interrupted", "prove")
    assert way.calls.count("connect") == 3
    assert len(laptop.in_state(ANSWERED)) == 2


def test_what_arrived_before_a_broken_attempt_is_counted_too(laptop: Laptop, way: Way) -> None:
    laptop.capture(4)
    failing = ["prove"]
    way.before = lambda name: _break(name in failing and bool(failing.pop()))

    result = laptop.sync(attempts=2)

    assert (result.pushed, result.is_complete) == (8, True)


def test_i07_a_slow_way_gets_small_batches_and_a_quick_one_large_ones(
    laptop: Laptop, way: Way, monkeypatch: pytest.MonkeyPatch
) -> None:
    laptop.capture(150, remark=LONG)
    laptop.sync()
    quick = [len(batch) for batch in way.pushed]

    laptop.capture(150, remark=LONG)
    way.pushed.clear()
    monkeypatch.setattr(push, "QUICK_S", 0.0)
    monkeypatch.setattr(push, "SLOW_S", 0.0)
    laptop.sync()
    slow = [len(batch) for batch in way.pushed]

    assert quick == sorted(quick)[: len(quick) - 1] + quick[-1:]
    assert len(quick) < 6
    assert slow[0] > slow[1] > slow[2] > slow[-1]


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


def test_a_stop_between_batches_keeps_what_was_answered(laptop: Laptop, way: Way) -> None:
    captured = keys(laptop.capture(100, remark=LONG))
    steps = Steps("push", done=1)

    with pytest.raises(CancelledError):
        laptop.sync(context=steps)

    answered = laptop.in_state(ANSWERED)
    assert 0 < len(answered) < 200
    assert answered == captured[: len(answered)] == way.office.facts()
    assert way.calls[-1] == "close"
    assert laptop.sync().pushed == 200 - len(answered)


@pytest.mark.parametrize("step", ["connect", "hello", "push", "prove", "brief"])
def test_a_stop_is_heard_at_each_step(laptop: Laptop, way: Way, step: str) -> None:
    laptop.capture(1)

    with pytest.raises(CancelledError):
        laptop.sync(context=Steps(step))

    assert way.calls.count("connect") == way.calls.count("close")
    assert laptop.sync().is_complete


def test_a_stop_is_heard_while_waiting_for_the_next_attempt(laptop: Laptop, way: Way) -> None:
    # Given a person who presses the button during the first pause
    way.before = lambda name: _break(name == "hello")
    pauses: list[float] = []
    steps = Steps()

    def pause(seconds: float) -> None:
        pauses.append(seconds)
        steps.stop_at("connect")

    with pytest.raises(CancelledError):
        laptop.engine(attempts=9, pause=pause).run(steps)

    assert len(pauses) == 1
    assert pauses[0] <= 0.25


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


def test_the_centre_may_ask_for_patience_but_not_for_ever(laptop: Laptop, way: Way) -> None:
    way.alter = lambda name, answer: replace(answer, backoff_s=10**9) if name == "hello" else answer
    assert laptop.sync().backoff_s == 3600
    way.be_sound()
    assert laptop.sync().backoff_s == 0


def test_progress_counts_up_to_what_waits(laptop: Laptop) -> None:
    laptop.capture(400)
    steps = Steps()

    laptop.sync(context=steps)

    names = list(dict.fromkeys(name for name, _done, _total in steps.heard))
    counted = [(done, total) for name, done, total in steps.heard if name == "push"]
    assert names == ["connect", "hello", "push", "prove", "brief"]
    assert counted[0] == (0, 800)
    assert counted[-1] == (800, 800)
    assert counted == sorted(counted)


def test_one_sync_at_a_time(laptop: Laptop, way: Way) -> None:
    engine = laptop.engine()
    seen: list[str] = []

    def run_again(name: str) -> None:
        if name == "hello":
            with pytest.raises(UserFacingError) as caught:
                engine.run()
            seen.append(caught.value.code)

    way.before = run_again
    engine.run()

    assert seen == ["sync_running"]
    way.be_sound()
    assert engine.run().is_complete


def test_testing_the_connection_sends_nothing(laptop: Laptop, way: Way) -> None:
    laptop.capture(1)

    laptop.engine().test_connection()

    assert way.calls == ["connect", "hello", "close"]
    assert laptop.unconfirmed().facts == 2


def test_records_set_aside_are_kept_over_any_number_of_syncs(laptop: Laptop, way: Way) -> None:
    captured = laptop.capture(1)
    way.alter = lambda name, answer: (
        [PushAnswer(one.fact_id, one.content_hash, DAMAGED) for one in answer] if name == "push" else answer
    )
    for _run in range(5):
        result = laptop.sync()

    assert len(result.aside) == 2
    assert laptop.in_state(ASIDE) == keys(captured) == laptop.facts()
