"""Writing 10,000 facts to a stick, against age over the same bytes, written and synced to the same disk.

Age takes 11 ms for them. Getting the rows out of the encrypted store takes six times as long, before anything
of ours begins, so that the second line has it in its base.
"""

import os
import shutil
import tempfile
from io import BytesIO
from pathlib import Path
from statistics import median
from time import perf_counter
from uuid import UUID, uuid4

import pyrage
from bench_push import FACTS, fill
from pyrage import x25519
from ratio import Ratio, time_of

from stojnica.central.backup_file import load_identities
from stojnica.central.keys import PublicKeys, make_keys
from stojnica.storage.store import Store
from stojnica.storage.unit import UnitOfWork
from stojnica.sync.credentials import Credentials, Host, keep_credentials
from stojnica.sync.stick_export import export_to_stick

ROUNDS = 7
BARE_READ = (
    "SELECT fact_id, content_hash, subject_id, event_id, incarnation, seq, captured_at, kind, body"
    " FROM fact ORDER BY fact_id, content_hash"
)


class Silent:
    """Tell nobody."""

    def step(self, name: str, done: int = 0, total: int | None = None) -> None:
        """Do nothing."""


def enrol(store: Store, branch_id: UUID, keys: PublicKeys) -> None:
    """Let the store know whom it writes for."""
    credentials = Credentials(
        branch_id=branch_id,
        device_id=uuid4(),
        server_id=uuid4(),
        name="Stand 1",
        hosts=(Host("localhost", 1),),
        database="",
        role="",
        password="",
        tls_mode="none",
        ca_pem="",
        signing_key=keys.signing_key,
        recipients=keys.recipients,
        secret=bytes(32),
        device_key=bytes(32),
    )

    def keep(unit: UnitOfWork) -> None:
        keep_credentials(unit.connection, credentials)
        unit.commit()

    store.write(keep).result()


def ours(store: Store, folder: Path) -> float:
    begun = perf_counter()
    written = export_to_stick(store, folder, Silent())
    took = perf_counter() - begun
    assert written.facts == FACTS
    return took


def bare(content: bytes, recipients: list[x25519.Recipient], folder: Path) -> float:
    begun = perf_counter()
    with (folder / "bare.age").open("wb") as file:
        pyrage.encrypt_io(BytesIO(content), file, recipients)
        file.flush()
        os.fsync(file.fileno())
    return perf_counter() - begun


def read_bare(path: Path, key: bytes) -> float:
    store = Store(path, key)
    store.prepare()
    begun = perf_counter()
    rows = store.read(lambda connection: list(connection.exec_driver_sql(BARE_READ))).result()
    took = perf_counter() - begun
    store.close()
    assert len(rows) == FACTS
    return took


def run() -> list[Ratio]:
    """Measure in turns, so that a busy moment meets both; give the medians."""
    mine: list[float] = []
    base: list[float] = []
    reading: list[float] = []
    with tempfile.TemporaryDirectory() as name:
        folder, branch_id, key = Path(name), uuid4(), bytes(range(32))
        keys, stick = make_keys(folder / "keys"), folder / "stick"
        fill(folder / "filled.db", key, branch_id)
        recipients = [x25519.Recipient.from_str(text) for text in keys.recipients]
        store = Store(folder / "filled.db", key)
        store.prepare()
        enrol(store, branch_id, keys)
        stick.mkdir()
        ours(store, stick)
        [sealed] = stick.iterdir()
        content = pyrage.decrypt(sealed.read_bytes(), load_identities(folder / "keys"))
        for _round in range(ROUNDS):
            shutil.rmtree(stick)
            stick.mkdir()
            mine.append(ours(store, stick))
            base.append(bare(content, recipients, stick))
            reading.append(read_bare(folder / "filled.db", key))
        store.close()
    return [
        time_of("stick of 10,000 facts : age, write and fsync", median(mine), median(base), 2),
        time_of(
            "the same : read in one query, age, write, fsync", median(mine), median(base) + median(reading), 2
        ),
    ]
