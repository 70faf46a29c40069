"""M37: the keyring opens the program when it starts, never after a lock; wiped, the window asks for words."""

import os
import subprocess
import sys
from pathlib import Path

from stojnica.bootstrap.stand import create_stand
from stojnica.storage.slots import Argon2Cost

WORDS = "jutro voda hiša most reka"

STARTING = """
import sys, time
from pathlib import Path
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel
from stojnica.bootstrap.stand import unlock_stand
from stojnica.bootstrap.window import WindowProgram
from stojnica.i18n import use_language
from stojnica.services.keyring import MemoryKeyring
from stojnica.services.shown_organisation import keep_document
from stojnica.storage.slots import Argon2Cost
from tests.unit.conftest import office_document

home, words = Path(sys.argv[1]), sys.argv[2]
keyring = MemoryKeyring()

def allow(unit):
    keep_document(unit, office_document() | {"laptops": {"keyring": True}})
    unit.commit()

def unlock():
    return unlock_stand(home, words, cost=Argon2Cost(8, 1, 1), keyring=keyring)

def until(is_so):
    for _turn in range(1500):
        program.application.processEvents()
        if is_so():
            return
        time.sleep(0.01)
    raise AssertionError("never came")

def is_shown():
    return program.window is not None and program.window.main.isVisible()

def asks():
    found = [one for one in program.application.topLevelWidgets() if type(one).__name__ == "UnlockWindow"]
    return next((one for one in found if one.isVisible()), None)

def says(text):
    return asks() is not None and any(text in one.text() for one in asks().findChildren(QLabel))

use_language("en")
stand = unlock()
stand.store.write(allow).result()
stand.close()
unlock().close()
program = WindowProgram(home, keyring=keyring)
program.open()
until(is_shown)
QTest.keyClick(program.window.main, Qt.Key.Key_L, Qt.KeyboardModifier.ControlModifier)
until(lambda: says("You can close the lid now"))
for _turn in range(50):
    program.application.processEvents()
    time.sleep(0.01)
assert program.window is None
keyring.wipe()
program._show_unlock(is_start=True)
until(lambda: says("The keyring of this computer doesn't open it today."))
assert program.window is None
program.close()
print("asked")
"""


def test_m37_the_keyring_opens_the_program_at_its_start_alone(tmp_path: Path) -> None:
    create_stand(tmp_path / "home", WORDS, language="en", cost=Argon2Cost(8, 1, 1)).close()
    script = tmp_path / "starting.py"
    script.write_text(STARTING, encoding="utf-8")

    ended = subprocess.run(
        [sys.executable, str(script), str(tmp_path / "home"), WORDS],
        env=os.environ
        | {
            "PYTHONPATH": os.pathsep.join([*sys.path, str(Path(__file__).parents[2])]),
            "QT_QPA_PLATFORM": "offscreen",
        },
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )

    assert "asked" in ended.stdout, ended.stderr
