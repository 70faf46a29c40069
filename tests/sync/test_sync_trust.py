"""What a centre says is believed only as far as it can be checked."""

from typing import Any
from uuid import uuid4

import pytest
import sqlalchemy as sa
from tests.sync.laptops import Laptop, fault_of, keys
from tests.sync.offices import Way

from stojnica.storage.tables import ANSWERED, PROVEN, RECEIPT, WAITING
from stojnica.sync.faults import Fate
from stojnica.sync.memory import MemoryCentre
from stojnica.sync.transport import PRESENT, ProofAnswer, PushAnswer


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
