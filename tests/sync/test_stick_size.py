"""However much a stand collected: a file is written and taken in piece by piece."""

import tracemalloc
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from tests.sync.conftest import Fleet
from tests.sync.laptops import Laptop
from tests.sync.sticks import StickOffice

from stojnica.domain.ids import new_id
from stojnica.records.facts import FACT
from stojnica.storage.tables import DELIVERY, WAITING
from stojnica.sync import stick_plan
from stojnica.sync.memory import MemoryCentre

MIB = 1024 * 1024
BODIES = 240


@pytest.fixture
def desk(memory_office: MemoryCentre, organisation_keys: Path, tmp_path: Path) -> StickOffice:
    """Give an office in memory, and a stick."""
    stick = tmp_path / "stick"
    stick.mkdir()
    return StickOffice(memory_office, organisation_keys, stick)


@pytest.fixture
def laptop(desk: StickOffice, fleet: Fleet) -> Laptop:
    """Give a laptop with 48 MB of records, as scans of slips make them."""
    laptop = desk.laptop(fleet)
    life, branch_id = uuid4(), laptop.credentials().branch_id
    for seq in range(1, BODIES + 1):
        _put(laptop, branch_id, life, seq)
    return laptop


@pytest.fixture
def traced() -> Iterator[None]:
    """Follow what Python keeps."""
    tracemalloc.start()
    yield
    tracemalloc.stop()


def _put(laptop: Laptop, branch_id: UUID, life: UUID, seq: int) -> None:
    body = seq.to_bytes(4, "big") * 50_000
    fact_id, content_hash = new_id(), sha256(body).digest()
    laptop.execute(
        FACT.insert().values(
            branch_id=branch_id,
            fact_id=fact_id,
            content_hash=content_hash,
            kind="asked",
            subject_id=uuid4(),
            event_id=None,
            incarnation=life,
            seq=seq,
            captured_at=seq,
            body=body,
        )
    )
    laptop.execute(
        DELIVERY.insert().values(
            fact_id=fact_id,
            content_hash=content_hash,
            state=WAITING,
            failures=0,
            reason="",
            proven_in=None,
            is_covered=False,
        )
    )


@pytest.mark.usefixtures("traced")
def test_a_large_file_is_written_in_little_memory(desk: StickOffice, laptop: Laptop) -> None:
    tracemalloc.reset_peak()
    before, _peak = tracemalloc.get_traced_memory()

    path = desk.export(laptop)

    _now, peak = tracemalloc.get_traced_memory()
    assert path.stat().st_size > 45 * MIB
    assert peak - before < 12 * MIB


def test_beyond_the_bound_of_one_file_there_are_several_and_each_counts(
    desk: StickOffice, laptop: Laptop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stick_plan, "MAX_FILE_BYTES", 20 * MIB)

    written = desk.written(laptop)
    received = [desk.close_the_loop(laptop, one.path) for one in reversed(written.files)]

    assert len(written.files) == 3
    assert sum(one.facts for one in received) == BODIES
    assert laptop.unconfirmed().facts == 0
    assert received[-1].whole_code != ""
