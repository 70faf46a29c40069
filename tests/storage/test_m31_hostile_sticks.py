"""M31: what somebody prepared on a stick leads to no file of ours, and costs no more than a sentence."""

import os
import shutil
import threading
from collections.abc import Callable
from pathlib import Path
from typing import cast

import pytest
from tests.storage.conftest import PASSPHRASE

from stojnica.central.tombstones import _replace
from stojnica.domain.errors import UserFacingError
from stojnica.services.enrolment import read_enrolment_file
from stojnica.services.rescue import rescue
from stojnica.services.restore import restore_by_passphrase
from stojnica.services.stick import read_receipt_file
from stojnica.storage.copies import make_copy
from stojnica.storage.durable import write_durably
from stojnica.storage.home import OpenStore
from stojnica.storage.made_copies import slots_of
from stojnica.sync.stick_desk import Desk
from stojnica.sync.stick_import import import_file


@pytest.mark.parametrize("write", [write_durably, _replace], ids=["any file", "list of the erased"])
@pytest.mark.parametrize("is_there", [True, False], ids=["a file of ours", "nothing yet"])
def test_m31_a_link_on_a_stick_leads_to_no_file_of_ours(
    write: Callable[[Path, bytes], None], is_there: bool, tmp_path: Path
) -> None:
    # Given a stick on which a link waits under the name that half a file would have
    ours, stick = tmp_path / "stojnica.db", tmp_path / "stick"
    stick.mkdir()
    if is_there:
        ours.write_bytes(b"all contacts")
    (stick / "A.receipt.part").symlink_to(ours)

    write(stick / "A.receipt", b"received")

    # Then the file lies on the stick, and ours is as it was
    assert (stick / "A.receipt").read_bytes() == b"received"
    assert not (stick / "A.receipt").is_symlink()
    assert (ours.read_bytes() if is_there else ours.exists()) == (b"all contacts" if is_there else False)


def test_m31_half_a_file_that_a_crash_left_is_in_nobodys_way(tmp_path: Path) -> None:
    (tmp_path / "A.receipt.part").write_bytes(b"half")

    write_durably(tmp_path / "A.receipt", b"received")

    assert [path.name for path in tmp_path.iterdir()] == ["A.receipt"]


@pytest.fixture
def copy(opened: OpenStore, tmp_path: Path) -> Path:
    """Give a copy on a stick."""
    (tmp_path / "stick").mkdir()
    return make_copy(opened, tmp_path / "stick", ()).path


needs_pipes = pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipe can lie in a folder here")


def soon(work: Callable[[], object], pipe: Path) -> str:
    """Do it in a thread that may hang, and give the code of the fault; "" for none."""
    told: list[str] = []

    def run() -> None:
        try:
            work()
        except UserFacingError as error:
            told.append(error.code)

    thread = threading.Thread(target=run)
    thread.start()
    thread.join(15)
    hung = thread.is_alive()
    if hung:
        os.close(os.open(pipe, os.O_WRONLY))
        thread.join()
    assert not hung
    return told[0] if told else ""


@needs_pipes
@pytest.mark.parametrize("by", [restore_by_passphrase, rescue], ids=["restored", "rescued"])
def test_m31_a_pipe_in_the_place_of_a_key_file_keeps_nobody_waiting(
    by: Callable[[Path, Path, str], object], copy: Path, tmp_path: Path
) -> None:
    pipe = slots_of(copy)
    pipe.unlink()
    os.mkfifo(pipe)

    told = soon(lambda: by(copy, tmp_path / "new", PASSPHRASE), pipe)

    assert told in ("slots_damaged", "copy_source_gone")


@needs_pipes
def test_m31_a_pipe_in_the_place_of_a_log_keeps_nobody_waiting(copy: Path, tmp_path: Path) -> None:
    pipe = copy.with_name(copy.name + "-wal")
    os.mkfifo(pipe)

    assert soon(lambda: restore_by_passphrase(copy, tmp_path / "new", PASSPHRASE), pipe) == "copy_unreadable"
    assert soon(lambda: rescue(copy, tmp_path / "saved", PASSPHRASE), pipe) == "nothing_to_rescue"


@needs_pipes
def test_m31_a_pipe_among_the_files_of_a_stick_keeps_nobody_waiting(tmp_path: Path) -> None:
    pipe = tmp_path / "stojnica-A.stojnica"
    os.mkfifo(pipe)

    assert soon(lambda: read_receipt_file(pipe), pipe) == "unreadable_file"
    assert soon(lambda: read_enrolment_file(pipe), pipe) == "unreadable_file"
    assert soon(lambda: import_file(cast(Desk, None), pipe, ()), pipe) == "unreadable_file"


def test_m31_a_copy_larger_than_the_disk_fills_no_disk(copy: Path, tmp_path: Path) -> None:
    # Given a copy that says of itself that it goes on for ever, and takes no room where it lies
    more = 2 * shutil.disk_usage(tmp_path).free
    try:
        os.truncate(copy, more)
    except OSError:
        pytest.skip("this disk holds no such file")

    with pytest.raises(UserFacingError) as caught:
        restore_by_passphrase(copy, tmp_path / "new", PASSPHRASE)

    assert caught.value.code == "copy_place_full"
    assert [path.name for path in (tmp_path / "new").iterdir()] == ["stojnica.lock"]
