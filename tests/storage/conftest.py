"""Stores in temporary folders, the sign-up that tests save, disks that are tiny, and children that die."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Protocol
from uuid import UUID

import pytest

from stojnica.domain import kinds
from stojnica.domain.ids import new_id
from stojnica.storage.home import OpenStore, StoreHome, create_store, unlock_store
from stojnica.storage.slots import Argon2Cost
from stojnica.storage.unit import UnitOfWork

PASSPHRASE = "jutro voda hiša most reka"
CHEAP = Argon2Cost(memory_kib=8, iterations=1, lanes=1)
EVENT = UUID(int=77)


class SaveContact(Protocol):
    """Save one visitor, as the kiosk does; give the subject."""

    def __call__(self, opened: OpenStore, first_name: str = ..., **more: str) -> UUID: ...


@pytest.fixture(scope="session")
def _made_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = StoreHome(tmp_path_factory.mktemp("made-once"))
    create_store(home, PASSPHRASE, cost=CHEAP).close()
    return home.folder


@pytest.fixture
def home(_made_once: Path, tmp_path: Path) -> StoreHome:
    """Give the folder of an empty store that `PASSPHRASE` opens; nothing has it open."""
    return StoreHome(Path(shutil.copytree(_made_once, tmp_path / "home")))


@pytest.fixture
def unlock() -> Iterator[Callable[[StoreHome], OpenStore]]:
    """Unlock stores, and close those that a test left open."""
    opened: list[OpenStore] = []

    def open_it(home: StoreHome) -> OpenStore:
        opened.append(unlock_store(home, PASSPHRASE))
        return opened[-1]

    yield open_it
    for item in opened:
        item.close()


@pytest.fixture
def opened(home: StoreHome, unlock: Callable[[StoreHome], OpenStore]) -> OpenStore:
    """Give a fresh store, open."""
    return unlock(home)


@pytest.fixture
def save_contact() -> SaveContact:
    """Save a sign-up with a question and two consents in one transaction."""

    def save(opened: OpenStore, first_name: str = "Ana", **more: str) -> UUID:
        visitor = new_id()

        def job(unit: UnitOfWork) -> UUID:
            data = {"first_name": first_name, "email": "ana@example.org", "language": "sl"} | more
            unit.record(kinds.SIGNED_UP, visitor, data, event_id=EVENT, channel="kiosk")
            unit.record(kinds.ASKED, visitor, {"text": more.get("question", "Kdaj?")}, event_id=EVENT)
            for purpose in ("answer", "newsletter"):
                grant = {"purpose": purpose, "granted": True, "unproven": False}
                unit.record(kinds.CONSENTED, visitor, grant, event_id=EVENT)
            unit.commit()
            return visitor

        return opened.store.write(job).result(timeout=20)

    return save


@pytest.fixture
def first_names() -> Callable[[OpenStore], list[str]]:
    """Give the first names that are saved, in order of saving."""

    def read(opened: OpenStore) -> list[str]:
        query = "SELECT first_name FROM signup ORDER BY rowid"
        rows = opened.store.read(lambda connection: connection.exec_driver_sql(query).scalars().all())
        return list(rows.result(timeout=20))

    return read


@pytest.fixture
def everything_adds_up() -> Callable[[OpenStore], None]:
    """Check what must hold whatever happened: numbers without gaps, each fact owed, no half contact."""

    def check(opened: OpenStore) -> None:
        def read(connection: Any) -> None:
            ask = connection.exec_driver_sql
            head, life = ask("SELECT head, incarnation FROM life WHERE is_current = 1").one()
            numbers = ask("SELECT seq FROM fact WHERE incarnation = ? ORDER BY seq", (life,)).scalars().all()
            assert list(numbers) == list(range(1, head + 1))
            assert ask("SELECT count(*) FROM fact").scalar() == ask("SELECT count(*) FROM delivery").scalar()
            for kind, table, each in (("signed_up", "signup", 1), ("consented", "consent", 2)):
                facts = ask("SELECT count(*) FROM fact WHERE kind = ?", (kind,)).scalar()
                begun = ask("SELECT count(*) FROM fact WHERE kind = 'signed_up'").scalar()
                assert facts == ask(f"SELECT count(*) FROM {table}").scalar() == begun * each

        opened.store.read(read).result(timeout=20)

    return check


@pytest.fixture
def run_child() -> Callable[..., subprocess.CompletedProcess[str]]:
    """Run a script beside this file in a process of its own."""

    def run(script: str, *arguments: object, **environment: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, str(Path(__file__).with_name(script)), *map(str, arguments)],
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
            env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)} | environment,
        )

    return run


@pytest.fixture
def tiny_disk(tmp_path: Path) -> Iterator[Path]:
    """Give a folder with 1 MiB of room, of which a store takes a sixth."""
    folder = tmp_path / "tiny"
    folder.mkdir()
    mounted = shutil.which("mount") is not None and sys.platform == "linux"
    mounted = mounted and _succeeds("mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(folder))
    if not mounted:
        pytest.skip("mounting a tiny disk takes root")
    yield folder
    assert _succeeds("umount", str(folder)) or _succeeds("umount", "-l", str(folder))


@pytest.fixture
def make_read_only(tiny_disk: Path) -> Callable[[], None]:
    """Make the tiny disk refuse every write, as a worn-out card does."""

    def remount() -> None:
        assert _succeeds("mount", "-o", "remount,ro", str(tiny_disk))

    return remount


def _succeeds(*command: str) -> bool:
    return subprocess.run(command, capture_output=True, timeout=20, check=False).returncode == 0
