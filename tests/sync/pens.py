"""Facts written without a laptop, and calls with their usual checks."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID, uuid4

import pytest
from tests.sync.offices import Key

from stojnica.domain.fact import Fact, content_hash, encode
from stojnica.domain.ids import new_id
from stojnica.storage.outbox import WaitingFact
from stojnica.sync.digest import HeldDigests
from stojnica.sync.faults import SyncError
from stojnica.sync.transport import LifeHead, Transport


@dataclass
class Pen:
    """Write facts of one incarnation."""

    incarnation: UUID = field(default_factory=uuid4)
    seq: int = 0

    def write(self, **changes: Any) -> WaitingFact:
        self.seq += 1
        values = {
            "fact_id": new_id(),
            "kind": "signed_up",
            "subject_id": uuid4(),
            "data": {"first_name": "Žana"},
            "captured_at": 1_700_000_000_000_000,
        }
        fact = Fact(**(values | changes))  # type: ignore[arg-type]
        body = encode(fact)
        return WaitingFact(
            fact_id=fact.fact_id,
            content_hash=content_hash(body),
            body=body,
            kind=fact.kind,
            subject_id=fact.subject_id,
            event_id=fact.event_id,
            incarnation=self.incarnation,
            seq=self.seq,
            captured_at=fact.captured_at,
        )

    def several(self, count: int) -> list[WaitingFact]:
        return [self.write() for _number in range(count)]

    def life(self, head_hash: bytes = b"") -> LifeHead:
        return LifeHead(self.incarnation, self.seq, head_hash)


def keys(facts: list[WaitingFact]) -> list[Key]:
    """Give id and hash, sorted."""
    return sorted((item.fact_id, item.content_hash) for item in facts)


def answers(line: Transport, facts: list[WaitingFact]) -> list[str]:
    """Push, check that just these facts are echoed, and give the answers in their order."""
    got = line.push(facts)
    assert [(one.fact_id, one.content_hash) for one in got] == [
        (one.fact_id, one.content_hash) for one in facts
    ]
    return [one.answer for one in got]


def prove(line: Transport, facts: list[WaitingFact]) -> Any:
    """Ask for the proof of all of these."""
    return line.prove(HeldDigests(keys(facts)).joined(), len(facts), 0)


def fault_when(call: Callable[[], object]) -> SyncError:
    """Call, and give the fault that it must end with."""
    with pytest.raises(SyncError) as caught:
        call()
    return caught.value
