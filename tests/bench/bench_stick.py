"""Writing 10,000 facts to a stick, against age over the same bytes, written and synced to the same disk.

Age takes 11 ms for them: less than SQLCipher takes to decipher their pages and the driver to hand out the
rows, which come before anything of ours. So the second line has in its base what cannot be left out either:
the bare driver reading the same rows, and the finished file read back from the disk and hashed. Both sides
decipher: an export is a rare thing, and nobody has read all bodies just before.
"""

import os
import shutil
import tempfile
from hashlib import file_digest
from io import BytesIO
from pathlib import Path
from statistics import median
from time import perf_counter, process_time
from typing import Any
from uuid import UUID, uuid4

import pyrage
from bench_push import FACTS, fill
from pyrage import x25519
from ratio import Note, Ratio, time_of
from sqlalchemy.engine import Connection

from stojnica.central.backup_file import load_identities
from stojnica.central.keys import PublicKeys, make_keys
from stojnica.storage.engine import READER_CACHE_KIB, open_copy
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


def read_bare(reader: Any) -> float:
    begun = perf_counter()
    rows = reader.execute(BARE_READ).fetchall()
    took = perf_counter() - begun
    assert len(rows) == FACTS
    return took


def _forget_pages(connection: Connection) -> None:
    connection.exec_driver_sql("PRAGMA shrink_memory")


def read_back(path: Path) -> float:
    begun = perf_counter()
    with path.open("rb", buffering=0) as file:
        os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
        file_digest(file, "sha256")
    return perf_counter() - begun


def run() -> list[Ratio | Note]:
    """Measure in turns, so that a busy moment meets both; give the medians."""
    mine: list[float] = []
    base: list[float] = []
    whole: list[float] = []
    processor: list[tuple[float, float, float]] = []
    with tempfile.TemporaryDirectory() as name:
        folder, branch_id, key = Path(name), uuid4(), bytes(range(32))
        keys, stick = make_keys(folder / "keys"), folder / "stick"
        fill(folder / "filled.db", key, branch_id)
        recipients = [x25519.Recipient.from_str(text) for text in keys.recipients]
        store = Store(folder / "filled.db", key)
        store.prepare()
        enrol(store, branch_id, keys)
        reader = open_copy(folder / "filled.db", key)
        reader.execute(f"PRAGMA cache_size=-{READER_CACHE_KIB}")
        stick.mkdir()
        ours(store, stick)
        read_bare(reader)
        [sealed] = stick.iterdir()
        content = pyrage.decrypt(sealed.read_bytes(), load_identities(folder / "keys"))
        for _round in range(ROUNDS):
            shutil.rmtree(stick)
            stick.mkdir()
            store.read(_forget_pages).result()
            reader.execute("PRAGMA shrink_memory")
            ticks = [process_time()]
            mine.append(ours(store, stick))
            ticks.append(process_time())
            base.append(bare(content, recipients, stick))
            ticks.append(process_time())
            whole.append(base[-1] + read_bare(reader) + read_back(stick / "bare.age"))
            ticks.append(process_time())
            processor.append((ticks[1] - ticks[0], ticks[2] - ticks[1], ticks[3] - ticks[1]))
        reader.close()
        store.close()
    used, age, all_of_it = (median(times) * 1000 for times in zip(*processor, strict=True))
    return [
        time_of("stick of 10,000 facts : age, write and fsync", median(mine), median(base), 2),
        time_of("the same : rows read, age, fsync, read back", median(mine), median(whole), 2),
        Note(
            f"of processor time {used:.0f} ms : {age:.0f} ms for age alone ({used / age:.1f}),"
            f" {all_of_it:.0f} ms with what it can't be without ({used / all_of_it:.1f})"
        ),
    ]
