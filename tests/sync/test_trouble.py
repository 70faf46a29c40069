"""The two minutes that convince: what can go wrong, on a real server, and a program that is killed."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = [
    pytest.mark.server,
    pytest.mark.skipif(os.name != "posix", reason="only POSIX kills a process without a word"),
]
DESKTOP = Path(__file__).parents[2] / "desktop"


def test_killed_cut_set_back_and_copied_each_record_is_there_once_and_both_sides_agree(
    tmp_path: Path,
) -> None:
    environ = {name: value for name, value in os.environ.items() if not name.startswith("STOJNICA_")}
    done = subprocess.run(
        [sys.executable, "-m", "stojnica", "demo", "--trouble", "--home", str(tmp_path / "home")],
        env={**environ, "PYTHONPATH": str(DESKTOP), "LANG": "en_GB.UTF-8", "LC_ALL": "C.UTF-8"},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )

    assert (done.returncode, done.stderr) == (0, "")
    lines = done.stdout.splitlines()
    assert [line[:2] for line in lines if line[0].isdigit()][:5] == ["1.", "2.", "3.", "4.", "5."]
    assert "Office: 240 people signed up anywhere, 240 are there, each once" in lines
    proven = re.fullmatch(r"(\d+) of (\d+) confirmed · ([0-9A-F]{4})", lines[-1])
    assert proven is not None
    assert proven[1] == proven[2]
    assert f"Both sides show the same code: {proven[3]}" in lines
    # The passphrase of the killed program doesn't stay behind.
    assert not (tmp_path / "home" / "passphrase.txt").exists()
