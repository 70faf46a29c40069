"""M3: a laptop whose own disk is full; its copy on the stick matters more than ever."""

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import cast
from uuid import UUID

import pytest
from tests.storage.test_m03_disk_full import CHEAP, PASSPHRASE, assert_full, fill, save_until_full

from stojnica.domain.errors import UserFacingError
from stojnica.services.copies import CopyKeeper
from stojnica.services.copy_settings import choose_copy_place
from stojnica.services.erasing import erase_contact
from stojnica.services.rescue import rescue
from stojnica.services.restore import restore_by_passphrase
from stojnica.storage.copies import make_copy
from stojnica.storage.engine import empty_log
from stojnica.storage.home import OpenStore, StoreHome, create_store
from stojnica.storage.made_copies import known_copies


def test_m03_i15_a_full_laptop_is_copied_to_its_stick_and_an_erasure_finds_that_copy(
    tiny_disk: Path,
    tmp_path: Path,
    save_contact: Callable[..., object],
    first_names: Callable[[OpenStore], list[str]],
) -> None:
    # Given a laptop with a stick for copies, and no room left on its own disk
    stick = tmp_path / "stick"
    stick.mkdir()
    opened = create_store(StoreHome(tiny_disk / "home"), PASSPHRASE, cost=CHEAP)
    choose_copy_place(opened.store, stick)
    person = cast(UUID, save_contact(opened, "Zala"))
    (tiny_disk / "film.mp4").write_bytes(bytes(200_000))
    _error, saved = save_until_full(opened, save_contact)
    # The log's own file is room that was taken already: a note would still find place there.
    (tiny_disk / "film.mp4").unlink()
    opened.store.write(lambda unit: empty_log(unit.connection)).result()
    fill(tiny_disk / "series.mp4")
    assert_full(save_until_full(opened, save_contact)[0])
    keeper = CopyKeeper(opened)

    # When a copy is made
    outcome = keeper.copy()

    # Then only the one on this disk fails, and the one on the stick has everybody
    assert [error.code for error in outcome.faults] == ["copy_place_full"]
    assert [Path(one.folder) for one in outcome.made] == [stick / "Stojnica"]
    assert restore_by_passphrase(stick, tmp_path / "other", PASSPHRASE).facts == outcome.made[0].facts
    assert first_names(opened) == ["Zala", *saved]

    # And once there is room, an erasure finds it, and puts one without that person in its place
    (tiny_disk / "series.mp4").unlink()
    erase_contact(opened.store, person).result()
    assert keeper.renew()
    there = [one for one in opened.store.read(known_copies).result() if Path(one.folder).parent == stick]
    assert [one.name for one in there] == [path.name for path in sorted((stick / "Stojnica").glob("*.db"))]
    assert all(one.number > outcome.made[0].number for one in there)
    opened.close()


@pytest.mark.parametrize("by", [restore_by_passphrase, rescue], ids=["restored", "rescued"])
def test_m03_a_disk_that_fills_up_while_a_copy_is_opened_is_told_and_nothing_is_left(
    by: Callable[[Path, Path, str], object],
    opened: OpenStore,
    save_contact: Callable[..., object],
    tiny_disk: Path,
    tmp_path: Path,
) -> None:
    # Given a copy, and disks with less and less room for it
    save_contact(opened, "Zala")
    copy = make_copy(opened, tmp_path, ()).path
    told: set[str] = set()
    left: set[str] = set()
    for filled in range(0, 1024, 64):
        try:
            (tiny_disk / "film.mp4").write_bytes(bytes(filled * 1024))
        except OSError:
            break

        # When it is opened there
        try:
            by(copy, tiny_disk / "home", PASSPHRASE)
        except UserFacingError as error:
            told.add(error.code)
            left |= {path.name for path in (tiny_disk / "home").iterdir()}
        (tiny_disk / "film.mp4").unlink()
        shutil.rmtree(tiny_disk / "home")

    # Then it works, or it is said why not, and the next try begins anew
    assert told
    assert told <= {"copy_place_full", "disk_full"}
    assert left == {"stojnica.lock"}
