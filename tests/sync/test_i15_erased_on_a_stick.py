"""I15, I11, M31: what was erased on a laptop is told to the office by stick too, and proofs come right."""

from dataclasses import replace
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from tests.sync.conftest import Fleet
from tests.sync.laptops import keys
from tests.sync.offices import Office
from tests.sync.sticks import StickOffice, opened, sealed
from tests.sync.test_m31_stick_forged import OWN_KEY, code_of_refusal, parts, rewritten
from tests.sync.test_m35_erased_on_the_spot import erase

from stojnica.storage.stick_waiting import waiting_files
from stojnica.storage.tables import PROVEN, WAITING
from stojnica.sync.stick_manifest import read_manifest, written_manifest


@pytest.fixture
def desk(office: Office, organisation_keys: Path, tmp_path: Path) -> StickOffice:
    """Give an office, in memory and with a real database, and a stick."""
    stick = tmp_path / "stick"
    stick.mkdir()
    return StickOffice(office, organisation_keys, stick)


def test_i11_erased_before_any_delivery_a_stick_accounts_for_it_and_proves_all(
    desk: StickOffice, fleet: Fleet
) -> None:
    laptop = desk.laptop(fleet)
    gone, stays = laptop.capture(), laptop.capture()
    erase(laptop, gone[0].fact.subject_id)

    path = desk.export(laptop)
    received = desk.close_the_loop(laptop, path)

    assert desk.office.facts() == keys(stays)
    assert desk.office.owed(laptop.credentials().device_id) == 0
    assert received.whole_code
    assert set(laptop.in_state(PROVEN)) == set(keys(gone, stays))
    assert laptop.unconfirmed().facts == 0


def test_i15_an_older_stick_that_still_holds_the_body_comes_after_it(desk: StickOffice, fleet: Fleet) -> None:
    laptop = desk.laptop(fleet)
    gone, stays = laptop.capture(), laptop.capture()
    older = desk.export(laptop)
    erase(laptop, gone[0].fact.subject_id)
    newer = desk.export(laptop)

    desk.take_in(newer)
    taken = desk.take_in(older)

    assert taken.erased == 2
    assert desk.office.facts() == keys(stays)


def test_i15_with_nothing_else_new_a_stick_carries_the_erasure_alone(desk: StickOffice, fleet: Fleet) -> None:
    # Given all is proven, by an earlier stick
    laptop = desk.laptop(fleet)
    gone, stays = laptop.capture(), laptop.capture()
    desk.close_the_loop(laptop, desk.export(laptop))

    # When somebody is erased
    erase(laptop, gone[0].fact.subject_id)
    waiting = set(laptop.in_state(WAITING))
    written = desk.written(laptop)
    received = desk.close_the_loop(laptop, written.files[0].path)

    # Then a file without a body takes it along, and the receipt closes the loop
    assert waiting == set(keys(gone))
    assert written.facts == 0
    assert desk.office.facts() == keys(stays)
    assert received.whole_code
    assert laptop.unconfirmed().facts == 0


def test_i15_a_file_that_tells_of_an_erasure_waits_until_that_is_confirmed(
    desk: StickOffice, fleet: Fleet
) -> None:
    # Given a file with the body, and all of it proven by a later one
    laptop = desk.laptop(fleet)
    gone, _stays = laptop.capture(), laptop.capture()
    desk.export(laptop)
    desk.close_the_loop(laptop, desk.export(laptop))
    needless = laptop.store.read(waiting_files).result()

    # When somebody is erased, and a file tells of it
    erase(laptop, gone[0].fact.subject_id)
    telling = desk.export(laptop)
    waiting = laptop.store.read(waiting_files).result()
    desk.close_the_loop(laptop, telling)

    # Then that file alone waits for its receipt, and then none
    assert needless == []
    assert [one.name for one in waiting] == [telling.name]
    assert laptop.store.read(waiting_files).result() == []


def test_i17_an_erasure_that_came_after_the_file_stays_open(desk: StickOffice, fleet: Fleet) -> None:
    laptop = desk.laptop(fleet)
    first, second, _stays = laptop.capture(), laptop.capture(), laptop.capture()
    desk.close_the_loop(laptop, desk.export(laptop))
    erase(laptop, first[0].fact.subject_id)
    path = desk.export(laptop)
    erase(laptop, second[0].fact.subject_id)

    desk.close_the_loop(laptop, path)

    assert set(laptop.in_state(WAITING)) >= set(keys(second))


def test_i13_a_file_of_before_stubs_were_told_is_taken_as_ever(desk: StickOffice, fleet: Fleet) -> None:
    laptop = desk.laptop(fleet)
    stays = laptop.capture()
    path = desk.export(laptop)
    manifest, batches = parts(opened(path, desk.keys))
    older = written_manifest(manifest).replace(b'"erased":[],', b"")
    assert read_manifest(older) == manifest
    content = rewritten(manifest, batches, OWN_KEY)

    desk.take_in(sealed(content, path, desk.keys))

    assert desk.office.facts() == keys(stays)


def test_i15_whom_a_stick_told_of_goes_from_a_file_of_before_too(desk: StickOffice, fleet: Fleet) -> None:
    # Given a laptop whose file was kept before somebody was erased, which no line ever told
    laptop = desk.laptop(fleet)
    gone, stays = laptop.capture(), laptop.capture()
    laptop.sync()
    before = fleet.clone(laptop)
    erase(laptop, gone[0].fact.subject_id)

    # When a stick tells the office, twice, and the kept file goes on
    path = desk.export(laptop)
    desk.take_in(path)
    desk.close_the_loop(laptop, path)
    result = before.sync()

    assert before.facts() == laptop.facts() == keys(stays)
    assert (result.is_complete, result.erased_alike) == (True, len(gone))


@pytest.mark.parametrize("signatures", [(bytes(64),), (bytes(64), bytes(64))], ids=["forged", "too many"])
def test_m31_what_a_laptop_states_is_its_own_word_or_the_file_is_refused(
    desk: StickOffice, fleet: Fleet, signatures: tuple[bytes, ...]
) -> None:
    laptop = desk.laptop(fleet)
    gone = laptop.capture()
    erase(laptop, gone[0].fact.subject_id)
    path = desk.export(laptop)
    manifest, batches = parts(opened(path, desk.keys))
    key = Ed25519PrivateKey.from_private_bytes(laptop.credentials().device_key)

    forged = sealed(rewritten(replace(manifest, erased_signed=signatures), batches, key), path, desk.keys)

    assert code_of_refusal(desk.take_in, forged) == "stick_forged"
    assert desk.office.facts() == []


def test_i13_a_file_of_before_statements_were_made_still_tells_the_office(
    desk: StickOffice, fleet: Fleet
) -> None:
    laptop = desk.laptop(fleet)
    gone, stays = laptop.capture(), laptop.capture()
    laptop.sync()
    erase(laptop, gone[0].fact.subject_id)
    path = desk.export(laptop)
    manifest, batches = parts(opened(path, desk.keys))
    key = Ed25519PrivateKey.from_private_bytes(laptop.credentials().device_key)
    older = written_manifest(replace(manifest, erased_signed=()))
    assert read_manifest(older.replace(b'"erased_signed":[],', b"")).erased == manifest.erased

    taken = desk.take_in(
        sealed(rewritten(replace(manifest, erased_signed=()), batches, key), path, desk.keys)
    )

    assert taken.receipt is not None
    assert desk.office.facts() == keys(stays)
