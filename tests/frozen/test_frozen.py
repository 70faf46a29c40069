"""The frozen program, as someone without Python starts it: build/freeze.py made it."""

import json
import os
import subprocess
from pathlib import Path
from typing import Any

import pytest

FOLDER = Path(__file__).resolve().parents[2] / "dist" / "stojnica"
PROGRAM = FOLDER / ("stojnica.exe" if os.name == "nt" else "stojnica")

SLIPS = """Number;First name;Last name;E-mail;Newsletter
1;Maja;Zupan;maja.zupan@example.org;yes
"""

pytestmark = [
    pytest.mark.frozen,
    pytest.mark.skipif(not PROGRAM.exists(), reason="not built yet: python3 build/freeze.py"),
]


class FrozenProgram:
    """Start the program in an environment that knows nothing of Python or of this checkout."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.home = folder / "home"
        secret = folder / "passphrase.txt"
        secret.write_text("korak mleko jutro planina reka oblak\n", "utf-8")
        self._options = ["--home", str(self.home), "--passphrase-file", str(secret)]
        self.environ = {
            "PATH": os.defpath,
            "HOME": str(folder),
            "LANG": "en_GB.UTF-8",
            "QT_QPA_PLATFORM": "offscreen",
            **{name: os.environ[name] for name in ("SYSTEMROOT", "TEMP") if name in os.environ},
        }

    def call(self, *words: str, seconds: int = 60) -> str:
        """Run a verb to its end; it must go well and say nothing on the side."""
        done = subprocess.run(
            [str(PROGRAM), *words],
            cwd=self.folder,
            env=self.environ,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            encoding="utf-8",
            timeout=seconds,
            check=False,
        )
        assert (done.returncode, done.stderr) == (0, ""), done.stdout
        return done.stdout

    def ask(self, *words: str) -> dict[str, Any]:
        """Run a verb on the store and give its JSON answer."""
        answer: dict[str, Any] = json.loads(self.call(*words, *self._options, "--json"))
        return answer

    def of_another_home(self, name: str) -> "FrozenProgram":
        """Give the same program on another laptop, whose lead knows the same words."""
        other = FrozenProgram(self.folder)
        other.home = self.folder / name
        other._options[1] = str(other.home)
        return other

    def begin_with_a_contact(self) -> None:
        """Make a store, an event, and somebody who signed up on paper."""
        sheet = self.folder / "slips.csv"
        sheet.write_text(SLIPS, "utf-8")
        self.ask("init", "--practice", "--language", "en")
        when = ("--starts", "2026-09-20T10:00", "--ends", "2026-09-20T16:00")
        event = self.ask("event", "add", "--name", "Fair", *when)["event_id"]
        imported = self.ask("slips", "import", str(sheet), "--event", event)
        assert (imported["rows"], imported["attention"]) == (1, [])


@pytest.fixture
def frozen(tmp_path: Path) -> FrozenProgram:
    return FrozenProgram(tmp_path)


def test_the_frozen_program_says_its_version_and_its_verbs(frozen: FrozenProgram) -> None:
    assert frozen.call("--version").startswith("Stojnica ")
    assert "slips" in frozen.call("--help")


def test_a_contact_saved_by_the_frozen_program_is_there_at_the_next_start(frozen: FrozenProgram) -> None:
    frozen.begin_with_a_contact()

    assert frozen.ask("status")["contacts"] == 1


def test_a_copy_that_the_frozen_program_made_is_opened_on_another_laptop(frozen: FrozenProgram) -> None:
    stick = frozen.folder / "stick"
    stick.mkdir()
    frozen.begin_with_a_contact()

    made = frozen.ask("copy", "--place", str(stick))
    other = frozen.of_another_home("other")
    opened = other.ask("restore", str(stick))

    assert (made["errors"], opened["contacts"]) == ([], 1)
    assert other.ask("status")["contacts"] == 1
    assert [one["name"] for one in other.ask("keys", "list")["people"]] == [""]


def test_the_frozen_program_makes_the_offices_keys(frozen: FrozenProgram) -> None:
    made = json.loads(frozen.call("central", "keys", "keys", "--in-clear", "--json"))

    assert len(made["recipients"]) == 2


def test_the_frozen_practice_stand_makes_a_flyer_and_proves_the_delivery(frozen: FrozenProgram) -> None:
    out = frozen.folder / "out"

    said = frozen.call("demo", "--headless", "--out", str(out), "--home", str(frozen.home), seconds=300)

    assert (out / "flyer.pdf").read_bytes().startswith(b"%PDF-")
    assert "confirmed" in said.strip().splitlines()[-1]


def test_the_frozen_window_opens_and_says_nothing_on_the_side(frozen: FrozenProgram) -> None:
    frozen.ask("init", "--practice", "--language", "en")

    window = subprocess.Popen(
        [str(PROGRAM), "--home", str(frozen.home)],
        cwd=frozen.folder,
        env=frozen.environ,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
    )
    try:
        # A program that can't open its window ends at once; one that can stays.
        with pytest.raises(subprocess.TimeoutExpired):
            window.wait(timeout=8)
    finally:
        window.terminate()
        said, complained = window.communicate(timeout=30)

    assert (said, complained) == ("", "")
