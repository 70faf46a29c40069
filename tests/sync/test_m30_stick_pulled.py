"""A stick that is pulled, full or broken while it is written: no half file, nothing lost, words that help."""

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest
from tests.sync.conftest import Fleet
from tests.sync.laptops import PASSPHRASE, Laptop
from tests.sync.sticks import Steps, StickOffice

from stojnica import failpoint
from stojnica.domain.errors import CancelledError, UserFacingError
from stojnica.storage.stubs import erase_person
from stojnica.storage.tables import WAITING
from stojnica.storage.unit import UnitOfWork
from stojnica.sync import stick_plan
from stojnica.sync.memory import MemoryCentre

CHILD = """
import sys
from pathlib import Path
from tests.sync.sticks import Steps
from stojnica.storage.home import StoreHome, unlock_store
from stojnica.sync.stick_export import export_to_stick

opened = unlock_store(StoreHome(Path(sys.argv[1])), sys.argv[3])
export_to_stick(opened.store, Path(sys.argv[2]), Steps())
"""


@pytest.fixture
def desk(memory_office: MemoryCentre, organisation_keys: Path, tmp_path: Path) -> StickOffice:
    """Give an office in memory, and a stick."""
    stick = tmp_path / "stick"
    stick.mkdir()
    return StickOffice(memory_office, organisation_keys, stick)


@pytest.fixture
def laptop(desk: StickOffice, fleet: Fleet) -> Laptop:
    """Give a laptop with more than one batch to write."""
    laptop = desk.laptop(fleet)
    laptop.capture(600)
    return laptop


@pytest.fixture
def armed() -> Iterator[Callable[[str, Callable[[], None]], None]]:
    """Arm fail points for one test."""
    names: list[str] = []

    def arm(name: str, action: Callable[[], None]) -> None:
        names.append(name)
        failpoint.arm(name, action)

    yield arm
    for name in names:
        failpoint.disarm(name)


@pytest.mark.parametrize(
    "point", ["stick.between_batches", "stick.before_remember", "stick.before_name", "stick.after_name"]
)
def test_m30_killed_while_writing_leaves_no_half_file_and_the_next_one_is_whole(
    desk: StickOffice, laptop: Laptop, point: str
) -> None:
    laptop.close()
    child = subprocess.run(
        [sys.executable, "-c", CHILD, str(laptop.folder), str(desk.stick), PASSPHRASE],
        env=os.environ | {failpoint.ENVIRONMENT_NAME: point, "PYTHONPATH": os.pathsep.join(sys.path)},
        check=False,
        capture_output=True,
    )
    assert child.returncode == -signal.SIGKILL, child.stderr
    whole = list(desk.stick.glob("*.stojnica"))

    reopened = laptop.clone(desk.stick.parent / "after")
    path = desk.export(reopened)

    assert len(whole) == (point == "stick.after_name")
    assert len(reopened.in_state(WAITING)) == 1200
    assert list(desk.stick.glob("*.part")) == []
    assert desk.take_in(path).stored == 1200
    reopened.close()


def test_m30_a_stick_pulled_while_writing_is_said_and_nothing_is_lost(
    desk: StickOffice, laptop: Laptop
) -> None:
    def pull(name: str) -> None:
        if name == "write":
            shutil.rmtree(desk.stick, ignore_errors=True)

    with pytest.raises(UserFacingError) as caught:
        desk.export(laptop, context=Steps(act=pull))

    assert caught.value.code == "stick_gone"
    assert "still on this laptop" in caught.value.safe
    assert len(laptop.in_state(WAITING)) == 1200


def test_m30_a_stick_that_was_never_there_is_said(desk: StickOffice, laptop: Laptop) -> None:
    desk.stick.rmdir()

    with pytest.raises(UserFacingError) as caught:
        desk.export(laptop)

    assert caught.value.code == "stick_gone"


def test_m30_a_stick_that_gives_back_something_else_is_called_broken(
    desk: StickOffice, laptop: Laptop, armed: Callable[[str, Callable[[], None]], None]
) -> None:
    def spoil() -> None:
        [path] = desk.stick.glob("*.stojnica")
        with path.open("r+b") as file:
            file.seek(5_000)
            file.write(b"spoilt")

    armed("stick.after_name", spoil)

    with pytest.raises(UserFacingError) as caught:
        desk.export(laptop)

    assert caught.value.code == "stick_broken"
    assert list(desk.stick.iterdir()) == []


def test_a_stop_between_two_batches_leaves_nothing_on_the_stick(desk: StickOffice, laptop: Laptop) -> None:
    def stop(name: str) -> None:
        if name == "write":
            raise CancelledError

    with pytest.raises(CancelledError):
        desk.export(laptop, context=Steps(act=stop))

    assert list(desk.stick.iterdir()) == []
    assert len(laptop.in_state(WAITING)) == 1200


def test_m03_a_full_stick_is_said_before_anything_is_written(
    desk: StickOffice, laptop: Laptop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _folder: SimpleNamespace(total=10**6, free=0))

    with pytest.raises(UserFacingError) as caught:
        desk.export(laptop)

    assert caught.value.code == "stick_full"
    assert list(desk.stick.iterdir()) == []


def test_m03_a_stick_that_fills_up_while_writing_is_said_and_cleaned(
    desk: StickOffice, laptop: Laptop, tiny_stick: Path, armed: Callable[[str, Callable[[], None]], None]
) -> None:
    others = tiny_stick / "holiday.jpg"

    def fill() -> None:
        if not others.exists():
            free = shutil.disk_usage(tiny_stick).free
            others.write_bytes(bytes(max(free - 64 * 1024, 0)))

    armed("stick.between_batches", fill)
    desk.stick = tiny_stick

    with pytest.raises(UserFacingError) as caught:
        desk.export(laptop)

    assert caught.value.code == "stick_full"
    assert list(tiny_stick.iterdir()) == [others]
    assert len(laptop.in_state(WAITING)) == 1200


@pytest.mark.parametrize("kept", [stick_plan.MAX_KEPT_BYTES, 0])
def test_m35_somebody_erased_while_a_file_is_written_is_in_no_file(
    desk: StickOffice,
    laptop: Laptop,
    armed: Callable[[str, Callable[[], None]], None],
    monkeypatch: pytest.MonkeyPatch,
    kept: int,
) -> None:
    # Given a visitor who wants to be erased, and whose facts were looked at already
    monkeypatch.setattr(stick_plan, "MAX_KEPT_BYTES", kept)
    subjects = {item.fact.subject_id for item in laptop.capture()}

    def erase(unit: UnitOfWork) -> None:
        for subject_id in subjects:
            erase_person(unit, subject_id)
        unit.commit()

    armed("stick.before_remember", lambda: laptop.store.write(erase).result())
    with pytest.raises(UserFacingError) as caught:
        desk.export(laptop)
    assert caught.value.code == "stick_changed"
    assert list(desk.stick.iterdir()) == []

    # When it is written once more, with somebody erased whose facts are no longer there anyway
    path = desk.export(laptop)

    assert desk.take_in(path).stored == 1200


def test_m01_a_receipt_cut_short_by_a_crash_is_taken_in_again(
    desk: StickOffice, laptop: Laptop, armed: Callable[[str, Callable[[], None]], None]
) -> None:
    from stojnica.sync.stick_receipt import receive

    data = desk.receipt(desk.export(laptop))

    def crash() -> None:
        raise RuntimeError("test")

    armed("stick.between_proven", crash)
    with pytest.raises(RuntimeError):
        receive(laptop.store, data)
    failpoint.disarm("stick.between_proven")

    received = receive(laptop.store, data)

    assert received.facts == 1200
    assert laptop.unconfirmed().facts == 0


@pytest.fixture
def tiny_stick(tmp_path: Path) -> Iterator[Path]:
    """Give a stick with room for a few megabytes."""
    folder = tmp_path / "tiny"
    folder.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=6m", "tmpfs", str(folder)], check=False, capture_output=True
    )
    if mounted.returncode != 0:
        pytest.skip("no right to mount a small file system here")
    yield folder
    subprocess.run(["umount", str(folder)], check=True)
