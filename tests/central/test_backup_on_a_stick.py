"""I2, M15: backups on FAT and exFAT are whole, and kept in number; a full or locked stick is told of."""

from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from tests.central.backups import covered, fault, scratches
from tests.central.conftest import Laptop, Row, push
from tests.sync.real_sticks import RealStick, leave_room, names, plugged_in

from stojnica.central.backup import back_up
from stojnica.central.restore_check import check_restore

pytestmark = pytest.mark.server
Line = psycopg.Connection[Row]


@pytest.fixture(params=["vfat", "exfat"])
def stick(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[RealStick]:
    """Plug a freshly formatted stick in."""
    with plugged_in(tmp_path, request.param) as made:
        yield made


def test_backups_on_a_stick_are_whole_when_it_is_pulled_and_two_are_kept(
    laptop: Laptop, line: Line, central_url: str, organisation_keys: Path, stick: RealStick
) -> None:
    push(line, laptop.facts(30))

    files = [
        back_up(central_url, stick.folder, keys_dir=organisation_keys, keep=2).file for _number in range(3)
    ]
    stick.pull()
    stick.repair()
    assert stick.plug_in()

    assert [name for name in names(stick.folder) if name.endswith(".age")] == [
        file.name for file in files[1:]
    ]
    checked = check_restore(central_url, files[-1], keys_dir=organisation_keys)
    assert checked.content.facts == 30


def test_m15_a_full_or_locked_stick_is_told_and_covers_nothing(
    laptop: Laptop, line: Line, admin: Line, central_url: str, stick: RealStick
) -> None:
    push(line, laptop.facts(30))
    leave_room(stick, 64 * 1024)
    full = fault(lambda: back_up(central_url, stick.folder))
    stick.take_out()
    assert stick.plug_in(is_read_only=True)
    locked = fault(lambda: back_up(central_url, stick.folder))

    assert {full, locked} == {"unwritable_file"}
    assert names(stick.folder) == ["film.mp4"]
    assert covered(admin) == set()
    assert scratches(admin) == []
