"""M6: what a damaged file still holds is saved, and what it doesn't is counted."""

import random
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from stojnica.domain import kinds
from stojnica.domain.errors import UserFacingError
from stojnica.records.facts import FACT
from stojnica.services.rescue import rescue, rescued_texts
from stojnica.storage.home import OpenStore, StoreHome, unlock_store
from stojnica.storage.outbox import held
from stojnica.storage.pages import read_pages
from stojnica.storage.stubs import erase_person, erased_stubs
from stojnica.storage.unit import UnitOfWork

PASSPHRASE = "jutro voda hiša most reka"
PAGE = 4096
VISITORS = 60
Unlock = Callable[[StoreHome], OpenStore]


def facts_of(opened: OpenStore) -> dict[tuple[bytes, int], bytes]:
    """Give each fact's body by life and number."""
    query = FACT.select()
    rows = opened.store.read(lambda connection: connection.execute(query).all()).result(timeout=20)
    return {(row.incarnation.bytes, row.seq): row.body for row in rows}


@pytest.fixture
def full_home(home: StoreHome, unlock: Unlock, save_contact: Callable[..., object]) -> StoreHome:
    """Give a closed store of several hundred pages, some facts of which are longer than a page."""
    opened = unlock(home)
    for number in range(VISITORS):
        save_contact(opened, f"visitor-{number}", question="?" * (1_000 + 400 * (number % 20)))
    opened.close()
    return home


@pytest.fixture
def known(full_home: StoreHome, unlock: Unlock) -> dict[tuple[bytes, int], bytes]:
    """Give what was in it before the damage."""
    opened = unlock(full_home)
    facts = facts_of(opened)
    opened.close()
    return facts


def test_m06_of_a_whole_file_everything_is_saved(
    full_home: StoreHome, known: dict[tuple[bytes, int], bytes], tmp_path: Path
) -> None:
    rescued = rescue(full_home.folder, tmp_path / "out", PASSPHRASE)

    assert (rescued.facts, rescued.contacts, rescued.damaged_pages, rescued.missing) == (
        len(known),
        VISITORS,
        0,
        0,
    )
    opened = unlock_store(StoreHome(tmp_path / "out"), PASSPHRASE)
    assert facts_of(opened) == known
    opened.close()
    assert "No record is missing." in list(rescued_texts(rescued))


def test_i15_what_was_erased_stays_erased_and_isnt_called_missing(
    full_home: StoreHome, unlock: Unlock, tmp_path: Path
) -> None:
    # Given one of the visitors is erased
    opened = unlock(full_home)
    query = sa.select(FACT.c.branch_id, FACT.c.subject_id).where(FACT.c.kind == kinds.SIGNED_UP).limit(1)
    branch_id, subject = opened.store.read(lambda c: tuple(c.execute(query).one())).result(timeout=20)

    def erase(unit: UnitOfWork) -> int:
        gone = erase_person(unit, subject)
        unit.commit()
        return gone

    gone = opened.store.write(erase).result(timeout=20)
    stubs = opened.store.read(lambda c: erased_stubs(c, branch_id)).result(timeout=20)
    opened.close()

    # When the file is rescued
    rescued = rescue(full_home.folder, tmp_path / "out", PASSPHRASE)

    # Then the office can still be told, and nothing is missing
    opened = unlock_store(StoreHome(tmp_path / "out"), PASSPHRASE)
    assert opened.store.read(lambda c: erased_stubs(c, branch_id)).result(timeout=20) == stubs
    assert opened.store.read(lambda c: held(c, branch_id).facts).result(timeout=20) == rescued.facts + gone
    opened.close()
    assert (rescued.contacts, rescued.missing) == (VISITORS - 1, 0)


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=st.integers(0, 1 << 32), share=st.sampled_from([0.01, 0.05, 0.2, 0.5, 0.9]))
def test_m06_with_many_pages_damaged_what_is_saved_is_true_and_the_rest_is_counted(
    full_home: StoreHome,
    known: dict[tuple[bytes, int], bytes],
    tmp_path: Path,
    seed: int,
    share: float,
) -> None:
    # Given bytes flipped in many pages, though not in the first one
    chance = random.Random(seed)
    body = bytearray(full_home.database.read_bytes())
    hit = [page for page in range(1, len(body) // PAGE) if chance.random() < share]
    for page in hit:
        body[page * PAGE + chance.randrange(PAGE)] ^= 1 << chance.randrange(8)
    damaged = tmp_path / f"damaged-{seed}-{share}"
    shutil.copytree(full_home.folder, damaged, dirs_exist_ok=True)
    (damaged / "stojnica.db").write_bytes(body)
    out = tmp_path / f"out-{seed}-{share}"
    shutil.rmtree(out, ignore_errors=True)

    # When it is rescued
    try:
        rescued = rescue(damaged / "stojnica.db", out, PASSPHRASE)
    except UserFacingError as error:
        told = error.code
    else:
        told = ""
    if told:
        assert told == "nothing_to_rescue"
        assert not StoreHome(out).exists()
        return

    # Then each saved fact is what was written, what is missing is counted, and it goes on as a store
    opened = unlock_store(StoreHome(out), PASSPHRASE)
    saved = facts_of(opened)
    assert saved.items() <= known.items()
    assert rescued.damaged_pages == len(hit)
    assert rescued.facts == len(saved)
    if rescued.has_lives:
        assert rescued.missing == len(known) - len(saved)
    if not hit:
        assert saved == known
    waiting = "SELECT count(*) FROM delivery WHERE state = 'waiting'"
    count = opened.store.read(lambda connection: connection.exec_driver_sql(waiting).scalar())
    assert count.result(timeout=20) == len(saved)
    opened.close()
    assert (damaged / "stojnica.db").read_bytes() == bytes(body)


@pytest.mark.parametrize("keep", [0.9, 0.6, 0.4])
def test_m06_of_a_file_cut_short_the_rest_is_saved(
    full_home: StoreHome, known: dict[tuple[bytes, int], bytes], tmp_path: Path, keep: float
) -> None:
    body = full_home.database.read_bytes()
    full_home.database.write_bytes(body[: int(len(body) * keep)])

    rescued = rescue(full_home.folder, tmp_path / "out", PASSPHRASE)

    opened = unlock_store(StoreHome(tmp_path / "out"), PASSPHRASE)
    assert facts_of(opened).items() <= known.items()
    opened.close()
    assert 0 < rescued.facts < len(known)
    assert rescued.missing == len(known) - rescued.facts


@pytest.mark.parametrize("what", ["first page", "empty", "something else"])
def test_m06_without_its_first_page_it_is_said_and_a_copy_is_named(
    full_home: StoreHome, tmp_path: Path, what: str
) -> None:
    body = bytearray(full_home.database.read_bytes())
    body[5] ^= 1
    content = {"first page": bytes(body), "empty": b"", "something else": b"x" * 20_000}[what]
    full_home.database.write_bytes(content)

    with pytest.raises(UserFacingError) as caught:
        rescue(full_home.folder, tmp_path / "out", PASSPHRASE)

    assert caught.value.code == "first_page_damaged"
    assert "restore" in caught.value.next_step
    assert not StoreHome(tmp_path / "out").exists()


def test_m06_what_lies_in_the_log_alone_is_saved_too(
    home: StoreHome, unlock: Unlock, save_contact: Callable[..., object], tmp_path: Path
) -> None:
    # Given files as kill -9 leaves them, the last visitors in the log
    opened = unlock(home)
    save_contact(opened, "in the file")
    opened.store.write(_empty_log).result(timeout=20)
    for number in range(3):
        save_contact(opened, f"in the log {number}")
    shutil.copytree(home.folder, tmp_path / "killed")
    known = facts_of(opened)

    rescued = rescue(tmp_path / "killed", tmp_path / "out", PASSPHRASE)

    assert rescued.contacts == 4
    other = unlock_store(StoreHome(tmp_path / "out"), PASSPHRASE)
    assert facts_of(other) == known
    other.close()


def test_m06_rescue_never_touches_a_store_that_is_there(full_home: StoreHome) -> None:
    before = full_home.database.read_bytes()

    with pytest.raises(UserFacingError) as caught:
        rescue(full_home.database, full_home.folder, PASSPHRASE)

    assert caught.value.code == "store_exists"
    assert full_home.database.read_bytes() == before


def test_m06_with_another_key_no_page_is_whole(full_home: StoreHome) -> None:
    pages = read_pages(full_home.database, bytes(32))

    assert pages.whole == {}
    assert len(pages.damaged) == pages.number > 100


def _empty_log(unit: UnitOfWork) -> None:
    driver = unit.connection.connection.driver_connection
    driver.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()  # type: ignore[union-attr]
