"""I18: whatever crashes, wherever, what is said and written of it holds no visitor and no key."""

import os
import re
import resource
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from stojnica.bootstrap.stand import create_stand
from stojnica.storage.slots import Argon2Cost

WORDS = "jutro voda hiša most reka"
VISITOR = ("Zelmirka Kvizbergar", "zelmirka@pismonosa.example", "+38641987654")

CRASHING = """
import sys, threading, time
from pathlib import Path
from PySide6.QtCore import QTimer
from PySide6.QtGui import QGuiApplication
from stojnica.bootstrap.stand import unlock_stand
from stojnica.bootstrap.window import WindowProgram
from stojnica.i18n import use_language
from stojnica.storage.slots import Argon2Cost
from stojnica.ui.controls.button import ActionButton

home, words, *visitor = sys.argv[1:]
use_language("en")
stand = unlock_stand(Path(home), words, cost=Argon2Cost(8, 1, 1))
key = stand.opened.key
print("key", key.hex())
program = WindowProgram(Path(home), stand=stand)
program.open()
copied = []

def until(is_so):
    for _turn in range(1500):
        program.application.processEvents()
        if is_so():
            return
        time.sleep(0.01)
    raise AssertionError("never came")

def dialog():
    found = [one for one in program.application.topLevelWidgets() if type(one).__name__ == "CrashDialog"]
    return next((one for one in found if one.isVisible()), None)

def read_and_go_on():
    until(lambda: dialog() is not None)
    buttons = {one.text(): one for one in dialog().findChildren(ActionButton)}
    buttons["Copy details"].click()
    copied.append(QGuiApplication.clipboard().text())
    buttons["Go on"].click()
    until(lambda: dialog() is None)

def fails(*_given):
    name, email, phone = visitor
    secret = key
    try:
        raise KeyError(name, secret.hex())
    except KeyError as error:
        raise ValueError(f"{email} {phone} {secret!r} {secret.hex()}") from error

class Dies:
    name = visitor[0]
    def __repr__(self):
        return self.name
    def __del__(self):
        fails(self)

until(lambda: program.window.main.isVisible())
QTimer.singleShot(0, fails)
read_and_go_on()
thread = threading.Thread(target=fails, name=visitor[0])
thread.start()
thread.join()
read_and_go_on()
dies = Dies()
del dies
read_and_go_on()
program.runner.submit(fails, print, lambda error: (_ for _ in ()).throw(error))
read_and_go_on()
program.runner.when(stand.store.write(fails), print, lambda error: (_ for _ in ()).throw(error))
read_and_go_on()
assert all("ValueError" in one and "fails" in one for one in copied), copied
assert len(copied) == 5
print("copied", *copied, sep="\\n")
program.close()
print("went on")
"""


def everything_below(folder: Path) -> bytes:
    return b"\n".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="looks at what Linux does")
def test_i18_crashes_with_a_visitor_in_hand_say_and_write_nothing_of_them(tmp_path: Path) -> None:
    # Given
    home, place = tmp_path / "home", tmp_path / "place"
    create_stand(home, WORDS, language="en", cost=Argon2Cost(8, 1, 1)).close()
    place.mkdir()
    script = tmp_path / "crashing.py"
    script.write_text(CRASHING, encoding="utf-8")

    # When it crashes in a slot, a thread, at the end of a value, in the background and in the store's thread
    ended = subprocess.run(
        [sys.executable, str(script), str(home), WORDS, *VISITOR],
        env=os.environ
        | {"PYTHONPATH": os.pathsep.join(sys.path), "QT_QPA_PLATFORM": "offscreen", "TMPDIR": str(place)},
        cwd=place,
        capture_output=True,
        text=True,
        timeout=180,
        check=False,
    )

    # Then
    assert "went on" in ended.stdout, ended.stderr
    key = re.search("key ([0-9a-f]{64})", ended.stdout)
    assert key is not None
    said = ended.stdout.replace(key[0], "") + ended.stderr
    written = everything_below(home) + everything_below(place)
    for word in (*VISITOR, key[1], key[1][:16], WORDS):
        assert word not in said
        assert word.encode() not in written
    assert bytes.fromhex(key[1]) not in written
    assert "Traceback" not in said


ABORTING = """
import os
from pathlib import Path
from stojnica.core_dumps import forbid_core_dumps
forbid_core_dumps()
print(Path("/proc/self/coredump_filter").read_text().strip(), flush=True)
os.abort()
"""


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="looks at what Linux does")
def test_i18_a_process_that_dies_leaves_no_memory_on_the_disk(tmp_path: Path) -> None:
    unlimited = resource.getrlimit(resource.RLIMIT_CORE)[1]

    ended = subprocess.run(
        [sys.executable, "-c", ABORTING],
        env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_CORE, (unlimited, unlimited)),
    )

    assert ended.returncode == -signal.SIGABRT
    assert int(ended.stdout, 16) == 0
    assert list(tmp_path.iterdir()) == []


TERMINAL = """
import sys
from stojnica.cli import main as cli

def fails(*_given, **_more):
    raise ValueError(sys.argv[-1])

cli.choose_language = fails
cli.main()
"""


def test_i18_a_bug_at_the_terminal_names_its_place_and_no_value(tmp_path: Path) -> None:
    ended = subprocess.run(
        [sys.executable, "-c", TERMINAL, "doctor", "--home", str(tmp_path / VISITOR[0])],
        env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )

    assert ended.returncode != 0
    assert "ValueError" in ended.stderr
    assert "stojnica/cli/main.py" in ended.stderr
    assert VISITOR[0] not in ended.stderr + ended.stdout
