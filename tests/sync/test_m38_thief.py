"""A thief has disk, slot file and enrolment file with its code, and tries what there is to try."""

import json
import shutil
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path

import psycopg
import pytest
from tests.sync.laptops import QUICK, VISITOR, Laptop
from tests.sync.offices import PostgresOffice

from stojnica.central.enrol import make_enrolment
from stojnica.central.enrolment import EnrolmentFile, open_enrolment, seal
from stojnica.central.revoke import revoke
from stojnica.cli.main import main
from stojnica.domain.errors import UserFacingError
from stojnica.services.enrolment import enrol_laptop
from stojnica.storage.engine import make_engine
from stojnica.storage.home import StoreHome, create_store
from stojnica.storage.slots import PASSPHRASE as PASSPHRASE_SLOT
from stojnica.storage.slots import load_slots, unlock_with_passphrase
from stojnica.sync.credentials import Credentials, credentials_from
from stojnica.sync.faults import Fate, SyncError

pytestmark = pytest.mark.server
WORDS = "breza čoln ježek mavrica sonce"


@dataclass(frozen=True)
class Loot:
    """What was taken: the whole folder, the enrolment file and its code; and whom the owner knows it by."""

    folder: Path
    file: EnrolmentFile
    secrets: Credentials


@pytest.fixture
def loot(server_office: PostgresOffice, central_url: str, organisation_keys: Path, tmp_path: Path) -> Loot:
    """Give a laptop that has signed people up and delivered, taken with all that lay beside it."""
    file = seal(make_enrolment(central_url, name="Stand 1", keys_dir=organisation_keys))
    opened = create_store(StoreHome(tmp_path / "home"), WORDS, cost=QUICK)
    enrol_laptop(opened, file.data, file.code)
    laptop = Laptop(opened, server_office.connect)
    laptop.capture(3)
    laptop.sync()
    laptop.capture(2)
    secrets = laptop.credentials()
    # Nobody closed anything: the disk is taken as it is at that moment.
    shutil.copytree(laptop.folder, tmp_path / "loot", ignore=shutil.ignore_patterns("*.lock"))
    laptop.close()
    return Loot(tmp_path / "loot", file, secrets)


def test_m38_no_byte_of_a_visitor_a_password_or_a_key_is_on_the_disk(loot: Loot) -> None:
    secrets = loot.secrets
    wanted = [str(VISITOR[name]) for name in ("first_name", "email")]
    wanted += [secrets.password, secrets.role, secrets.name]
    in_bytes = [text.encode() for text in wanted] + [text.encode("utf-16-le") for text in wanted]
    in_bytes += [secrets.device_key, secrets.device_key.hex().encode()]

    content = b"\0".join(path.read_bytes() for path in sorted(loot.folder.rglob("*")) if path.is_file())

    assert len(content) > 50_000
    assert PASSPHRASE_SLOT.encode() in content
    assert all(in_bytes)
    assert [text for text in in_bytes if text in content] == []


def test_m38_no_pin_opens_the_store_and_neither_does_the_file_without_its_key(loot: Loot) -> None:
    slots = load_slots(StoreHome(loot.folder).slots)
    opened = []
    for number in range(10_000):
        try:
            opened.append(unlock_with_passphrase(slots, f"{number:04d}"))
        except UserFacingError:
            continue

    assert opened == []
    assert {slot.kind for slot in slots.slots} >= {PASSPHRASE_SLOT}
    for key in (bytes(32), slots.store_id.bytes * 2, loot.secrets.device_key):
        engine = make_engine(StoreHome(loot.folder).database, key, is_reader=True)
        with pytest.raises(Exception, match="not a database"), engine.connect() as connection:
            connection.exec_driver_sql("SELECT count(*) FROM fact").scalar()
        engine.dispose()


def by_the_store(home: StoreHome, _words: Path) -> None:
    create_store(home, WORDS).close()


def by_the_verb(home: StoreHome, words: Path) -> None:
    assert main(["--home", str(home.folder), "--passphrase-file", str(words), "init"]) == 0


@pytest.mark.usefixtures("dear_words")
@pytest.mark.parametrize("make", [by_the_store, by_the_verb])
def test_m38_the_slot_file_tells_how_dear_a_guess_is_and_nothing_of_the_words(
    tmp_path: Path, make: Callable[[StoreHome, Path], None]
) -> None:
    words = tmp_path / "words"
    words.write_text(WORDS, encoding="utf-8")

    make(StoreHome(tmp_path / "real"), words)

    raw = json.loads(StoreHome(tmp_path / "real").slots.read_text())

    (slot,) = raw["slots"]
    # RFC 9106: what a guess costs grows with memory; 256 MiB and three passes for each.
    assert (slot["details"]["memory_kib"], slot["details"]["iterations"]) == (256 * 1024, 3)
    assert not any(word in json.dumps(raw, ensure_ascii=False) for word in WORDS.split())


def test_m38_the_enrolment_file_is_used_up_and_lets_nobody_in(
    loot: Loot, server_office: PostgresOffice, tmp_path: Path
) -> None:
    enrolment = open_enrolment(loot.file.data, loot.file.code)
    assert loot.secrets.password != enrolment.password

    with pytest.raises(SyncError) as refused:
        server_office.connect(credentials_from(enrolment, bytes(32)))
    assert refused.value.fate is not Fate.NETWORK

    # Not with a laptop of the thief's own, either.
    opened = create_store(StoreHome(tmp_path / "thief"), WORDS, cost=QUICK)
    enrol_laptop(opened, loot.file.data, loot.file.code)
    thief = Laptop(opened, server_office.connect)
    with pytest.raises(SyncError):
        thief.sync()
    thief.close()


def test_m38_even_with_the_passphrase_nobody_elses_data_is_there_and_after_revoking_nothing_goes(
    loot: Loot, server_office: PostgresOffice, central_url: str
) -> None:
    with closing(server_office.connect(loot.secrets)) as line:
        assert line.hello("thief", [], 0).lives == ()
    with pytest.raises(psycopg.Error):
        _as_laptop(loot, central_url, "SELECT body FROM hub.fact")

    revoke(central_url, loot.secrets.device_id)

    with pytest.raises(SyncError):
        server_office.connect(loot.secrets)
    with pytest.raises(psycopg.Error):
        _as_laptop(loot, central_url, "SELECT 1")


def _as_laptop(loot: Loot, central_url: str, statement: str) -> None:
    host = loot.secrets.hosts[0]
    names = replace(loot.secrets)
    with psycopg.connect(
        host=host.host, port=host.port, dbname=central_url.rpartition("/")[2], user=names.role,
        password=names.password,
    ) as connection:  # fmt: skip
        connection.execute(statement.encode())
