"""A scan of 5 MB goes by itself, after everybody's proof, and goes on where a broken line left it."""

import random
from collections.abc import Callable
from pathlib import Path
from uuid import UUID

import pytest
import sqlalchemy as sa
from tests.sync.conftest import Fleet
from tests.sync.laptops import Laptop, broken, fault_of
from tests.sync.offices import Office, PostgresOffice, Way

from stojnica.central.projector import project_all
from stojnica.central.scans import write_scans
from stojnica.domain import kinds
from stojnica.domain.attachment import CHUNK_BYTES, JPEG, SLIP_SCAN
from stojnica.records.attachments import attachments_of, file_content
from stojnica.records.facts import FACT
from stojnica.services.attachments import attach_file
from stojnica.storage.tables import PROVEN, WAITING
from stojnica.storage.unit import branch_of

SCAN = random.Random(7).randbytes(5 * 1024 * 1024)
CHUNKS = -(-len(SCAN) // CHUNK_BYTES)


def attach(laptop: Laptop, content: bytes = SCAN) -> UUID:
    contact = laptop.capture()[0].fact.subject_id
    assert attach_file(laptop.store, contact, content, purpose=SLIP_SCAN, media_type=JPEG)
    return contact


def chunks_of(laptop: Laptop) -> set[UUID]:
    query = sa.select(FACT.c.fact_id).where(FACT.c.kind == kinds.FILE_CHUNK)
    return set(laptop.store.read(lambda connection: connection.execute(query).scalars().all()).result())


def breaks_after(pushes: int, way: Way) -> Callable[[str], None]:
    """Break the line at the push after so many."""

    def check(name: str) -> None:
        broken(name == "push" and way.calls.count("push") >= pushes)

    return check


def test_everybody_is_confirmed_before_the_first_byte_of_a_scan_goes(fleet: Fleet, office: Office) -> None:
    way = Way(office)
    laptop = fleet(way)
    attach(laptop)
    laptop.capture(3)
    chunks = chunks_of(laptop)
    # The line breaks with the first chunk.
    way.before = lambda name: broken(name == "push" and way.calls.count("push") >= 1)

    fault_of(laptop)

    (first,) = way.pushed[:1]
    assert chunks.isdisjoint(fact_id for fact_id, _hash in first)
    assert len(laptop.in_state(PROVEN)) == len(laptop.facts()) - CHUNKS
    assert laptop.unconfirmed().contacts == 0
    assert len(laptop.in_state(WAITING)) == CHUNKS


def test_a_scan_goes_on_where_the_line_broke_and_arrives_once(fleet: Fleet, office: Office) -> None:
    way = Way(office)
    laptop = fleet(way)
    attach(laptop)
    way.before = breaks_after(4, way)
    fault_of(laptop)
    sent_before = [key for batch in way.pushed[:-1] for key in batch]
    left = len(laptop.in_state(WAITING))
    assert 0 < left < CHUNKS

    way.pushed.clear()
    way.be_sound()
    result = laptop.sync()

    assert result.is_complete
    sent_again = [key for batch in way.pushed for key in batch]
    assert len(sent_again) == left
    assert set(sent_before).isdisjoint(sent_again)
    assert office.facts() == laptop.facts()


def test_who_signs_up_while_a_scan_is_on_its_way_goes_before_the_rest_of_it(
    fleet: Fleet, office: Office
) -> None:
    way = Way(office)
    laptop = fleet(way)
    attach(laptop)
    chunks = chunks_of(laptop)
    late: list[set[UUID]] = []

    def sign_up(name: str) -> None:
        if name == "push" and way.pushed and not late and {key[0] for key in way.pushed[-1]} <= chunks:
            late.append({item.fact.fact_id for item in laptop.capture()})

    way.after = sign_up
    assert laptop.sync().is_complete

    batches = [{key[0] for key in batch} for batch in way.pushed]
    place = next(number for number, batch in enumerate(batches) if late[0] <= batch)
    assert any(batch <= chunks for batch in batches[place + 1 :])


@pytest.mark.server
def test_the_office_writes_scans_out_when_they_are_whole_and_not_before(
    fleet: Fleet, server_office: PostgresOffice, central_url: str, tmp_path: Path
) -> None:
    folder = tmp_path / "scans"
    way = Way(server_office)
    laptop = fleet(way)
    contact = attach(laptop)
    way.before = breaks_after(3, way)
    fault_of(laptop)
    project_all(central_url)
    (early,) = write_scans(central_url, folder)

    way.be_sound()
    laptop.sync()
    project_all(central_url)
    (whole,) = write_scans(central_url, folder)

    assert (early.path, early.problem) == (None, "missing")
    assert whole.subject_id == contact
    assert whole.path is not None
    assert whole.path.read_bytes() == SCAN
    assert list(folder.iterdir()) == [whole.path]


def test_the_very_same_scan_is_kept_once_and_one_that_was_cut_short_is_completed(
    fleet: Fleet, way: Way
) -> None:
    laptop = fleet(way)
    contact = attach(laptop)
    before = laptop.facts()

    assert not attach_file(laptop.store, contact, SCAN, purpose=SLIP_SCAN, media_type=JPEG)
    assert laptop.facts() == before
    # A crash came after some of the chunks.
    lost = list(chunks_of(laptop))[:5]
    laptop.execute(sa.delete(FACT).where(FACT.c.fact_id.in_(lost)))
    assert attach_file(laptop.store, contact, SCAN, purpose=SLIP_SCAN, media_type=JPEG)

    def read(connection: sa.Connection) -> bytes:
        (known,) = attachments_of(connection, branch_of(connection), contact)
        assert known.is_whole
        return file_content(connection, branch_of(connection), known.attachment)

    assert laptop.store.read(read).result() == SCAN
