"""M6: a damaged file is told right after unlocking, by a window that doesn't wait for the whole check."""

import os
import subprocess
import sys
from pathlib import Path

from tests.ui.start_windows import CHEAP, WORDS

from stojnica.bootstrap.stand import create_stand
from stojnica.domain import kinds
from stojnica.domain.ids import new_id
from stojnica.storage.unit import UnitOfWork

PAGE = 4096
UNLOCKED = """
import sys, time
from pathlib import Path
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QLineEdit
from stojnica.bootstrap.window import WindowProgram

home, words = Path(sys.argv[1]), sys.argv[2]
seen = []

class Watched(WindowProgram):
    def show_stand(self, stand):
        seen.append("stand")
        super().show_stand(stand)

def until(is_so):
    for _turn in range(1500):
        program.application.processEvents()
        if is_so():
            return
        time.sleep(0.01)
    raise AssertionError("never came")

def entrance():
    found = [one for one in program.application.topLevelWidgets() if type(one).__name__ == "UnlockWindow"]
    return next((one for one in found if one.isVisible()), None)

def said():
    return [label.text() for label in entrance().findChildren(QLabel)] if entrance() is not None else []

program = Watched(home)
program.open()
line = entrance().findChildren(QLineEdit)[0]
line.setText(words)
QTest.keyClick(line, Qt.Key.Key_Return)
until(lambda: program.window is None and any("is damaged" in text for text in said()))
assert seen == ["stand"], seen
program.close()
print("told")
"""


def test_m06_a_damaged_page_that_nobody_reads_is_told_right_after_unlocking(tmp_path: Path) -> None:
    # Given a store one page of which is damaged, far from what the window reads
    stand = create_stand(tmp_path / "home", WORDS, language="en", cost=CHEAP)
    place = stand.opened.home.database

    def keep(unit: UnitOfWork) -> None:
        unit.record(kinds.ASKED, new_id(), {"text": "x" * 20 * PAGE}, channel="kiosk")
        unit.commit()

    stand.store.write(keep).result()
    stand.close()
    body = bytearray(place.read_bytes())
    body[-5 * PAGE - 100] ^= 1
    place.write_bytes(body)

    # When somebody unlocks it
    ended = subprocess.run(
        [sys.executable, "-c", UNLOCKED, str(tmp_path / "home"), WORDS],
        env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path), "QT_QPA_PLATFORM": "offscreen"},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )

    # Then the words are asked for again, what is wrong stands there, and the file is as it was
    assert "told" in ended.stdout, ended.stderr
    assert place.read_bytes() == body
