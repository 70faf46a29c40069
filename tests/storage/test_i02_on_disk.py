"""I2: what is called written is on the device under its name; sticks that answer with errors are told of."""

import errno
import os
import subprocess
import sys
from collections.abc import Callable
from io import BytesIO
from pathlib import Path, PosixPath

import pytest

from stojnica import on_disk
from stojnica.central.backup_file import part_file
from stojnica.central.keys import write_new
from stojnica.domain.errors import UserFacingError
from stojnica.storage.copies import make_copy
from stojnica.storage.copy_faults import check_largest, place_fault
from stojnica.storage.durable import write_durably
from stojnica.storage.home import OpenStore
from stojnica.storage.reachable import is_file, is_folder
from stojnica.storage.restore import _pieces

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="looks at what Linux is asked")


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Note under which names files and folders are synced, and what is renamed."""
    noted: list[str] = []
    fsync, replace = os.fsync, Path.replace

    def note_fsync(descriptor: int) -> None:
        noted.append(os.readlink(f"/proc/self/fd/{descriptor}"))
        fsync(descriptor)

    def note_replace(path: Path, target: Path) -> Path:
        noted.append("rename")
        return replace(path, target)

    monkeypatch.setattr(os, "fsync", note_fsync)
    monkeypatch.setattr(Path, "replace", note_replace)
    return noted


def by_parts(path: Path) -> None:
    with part_file(path) as part:
        part.file.write(b"content")


@pytest.mark.parametrize(
    "write",
    [
        lambda path: write_durably(path, b"content"),
        by_parts,
        lambda path: write_new(path, b"content", 0o600),
    ],
    ids=["durably", "by parts", "new"],
)
def test_a_file_is_synced_again_under_the_name_that_it_has_at_last(
    write: Callable[[Path], None], asked: list[str], tmp_path: Path
) -> None:
    path = tmp_path / "file"

    write(path)

    after_the_name = asked[asked.index("rename") + 1 :] if "rename" in asked else asked
    assert after_the_name[-2:] == [str(path), str(tmp_path)]


def test_a_copy_and_its_key_are_synced_again_under_their_names(
    opened: OpenStore, asked: list[str], tmp_path: Path
) -> None:
    copy = make_copy(opened, tmp_path, ())

    assert asked[-3:] == ["rename", str(copy.path), str(tmp_path)]


def test_only_what_is_on_another_disk_has_all_of_that_disk_synced(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    synced: list[Path] = []
    monkeypatch.setattr(on_disk, "_sync_file_system", synced.append)
    (tmp_path / "file").touch()

    for is_own in (True, False):
        monkeypatch.setattr(on_disk, "_is_own_disk", lambda _folder, is_own=is_own: is_own)
        on_disk.settle(tmp_path / "file")

    assert synced == [tmp_path]


def test_a_whole_file_system_can_be_synced_here(tmp_path: Path) -> None:
    on_disk._sync_file_system(tmp_path)

    assert on_disk._is_own_disk(Path("/"))
    assert not on_disk._is_own_disk(Path("/proc"))


def test_a_file_system_without_a_sync_of_folders_is_no_fault(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def refuse(_descriptor: int) -> None:
        raise OSError(number, "fsync")

    monkeypatch.setattr(os, "fsync", refuse)

    number = errno.EINVAL
    on_disk.sync_folder(tmp_path)
    number = errno.EIO
    with pytest.raises(OSError, match="fsync"):
        on_disk.sync_folder(tmp_path)


class GonePath(PosixPath):
    """Be a path on a stick that was pulled: whatever is asked, the answer is an error."""

    def stat(self, *, follow_symlinks: bool = True) -> os.stat_result:
        raise OSError(errno.ENOTCONN, "gone")


def test_m30_a_stick_that_answers_with_an_error_is_not_there() -> None:
    gone = GonePath("/stick")

    assert not is_folder(gone)
    assert not is_file(gone)
    assert place_fault(OSError(errno.EIO, "gone"), gone).code == "copy_place_gone"


class WornFile(BytesIO):
    """Be a file on a worn stick."""

    def read(self, _size: int | None = -1, /) -> bytes:
        raise OSError(errno.EIO, "worn")


def test_m06_a_copy_with_a_worn_place_is_passed_over_and_one_that_is_gone_is_told(tmp_path: Path) -> None:
    there = tmp_path / "copy.db"
    there.touch()

    for path, code in ((there, "copy_unreadable"), (tmp_path / "gone.db", "copy_source_gone")):
        with pytest.raises(UserFacingError) as caught:
            list(_pieces(WornFile(), path))
        assert caught.value.code == code


def test_m30_i15_half_copies_of_this_store_leave_and_others_stay(opened: OpenStore, tmp_path: Path) -> None:
    # Given what was left half when the stick was pulled, and what others have there
    copy = make_copy(opened, tmp_path, ())
    mine = [tmp_path / f"{copy.name.replace('000001', '000007')}.part"]
    mine.append(mine[0].with_name(mine[0].name.replace(".db.part", ".slots.json.part")))
    others = [tmp_path / f"stojnica-00000000{copy.name[17:]}.part", tmp_path / "film.mp4.part"]
    for path in (*mine, *others):
        path.write_bytes(b"half")

    # When
    second = make_copy(opened, tmp_path, [copy])

    # Then
    assert second.number == 2
    assert not any(path.exists() for path in mine)
    assert all(path.exists() for path in others)


def test_i02_a_stick_whose_format_ends_before_the_copy_is_told_as_that(tmp_path: Path) -> None:
    # Given a disk that takes no file above 4 GiB, like FAT32 (in a program of its own)
    part = tmp_path / "copy.part"
    part.touch()
    program = (
        "import resource, sys\n"
        "from pathlib import Path\n"
        "from stojnica.storage.copy_faults import LARGEST_ON_FAT, check_largest, place_fault\n"
        "part = Path(sys.argv[1])\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (LARGEST_ON_FAT, LARGEST_ON_FAT))\n"
        "check_largest(part, LARGEST_ON_FAT)\n"
        "try:\n"
        "    check_largest(part, LARGEST_ON_FAT + 1)\n"
        "except OSError as error:\n"
        "    print(place_fault(error, part.parent).code, part.stat().st_size)\n"
    )

    told = subprocess.run(
        [sys.executable, "-c", program, str(part)], capture_output=True, text=True, timeout=60
    )

    assert told.stdout.split() == ["copy_too_large", "0"], told.stderr


def test_i02_a_place_that_holds_large_files_is_left_as_it_was(tmp_path: Path) -> None:
    part = tmp_path / "copy.part"
    part.touch()

    check_largest(part, 5 * 1024**3)

    assert part.stat().st_size == 0
