"""M31: what somebody prepared on a stick leads to no file of ours, and costs no more than a sentence."""

from collections.abc import Callable
from pathlib import Path

import pytest

from stojnica.central.tombstones import _replace
from stojnica.storage.durable import write_durably


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
