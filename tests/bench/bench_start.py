"""From the start of the process to a painted *Unlock*, against a bare PySide6 window in a fresh process."""

import os
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path
from time import perf_counter

from ratio import Ratio, time_of

from stojnica.bootstrap.stand import create_stand
from stojnica.storage.slots import Argon2Cost

RUNS = 15
DESKTOP = Path(__file__).resolve().parents[2] / "desktop"
QUICK = Argon2Cost(memory_kib=8, iterations=1, lanes=1)

# Both processes end when their window was painted and the event loop has nothing left to do.
WATCH = """
import os
from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtWidgets import QApplication

class Watch(QObject):
    def eventFilter(self, watched, event):
        if event.type() == QEvent.Type.Paint:
            QTimer.singleShot(0, self.end)
        return False

    def end(self):
        os._exit(0)

def run(application):
    # The window alone: a filter on the whole application would be called for every event there is.
    watch = Watch()
    for window in QApplication.topLevelWidgets():
        window.installEventFilter(watch)
    application.exec()
"""
BARE = (
    WATCH
    + """
from PySide6.QtWidgets import QLabel, QLineEdit, QPushButton, QVBoxLayout, QWidget

application = QApplication(["bare"])
window = QWidget()
column = QVBoxLayout(window)
for widget in (QLabel("Unlock"), QLineEdit(), QPushButton("Unlock")):
    column.addWidget(widget)
window.resize(1366, 768)
window.show()
run(application)
"""
)
# The program itself, from its own entry on, with all that it imports; only its event loop is watched.
OURS = """
import sys
from stojnica.bootstrap.window import WindowProgram

def watched(program):
    exec(sys.argv[2], globals())
    run(program.application)

WindowProgram.run = watched

from stojnica.__main__ import main

main(["--home", sys.argv[1]])
"""


def timed(folder: Path, script: str, *arguments: str) -> float:
    """Give the seconds that a fresh process takes to its first painted window."""
    environment = os.environ | {
        "QT_QPA_PLATFORM": "offscreen",
        "PYTHONPATH": str(DESKTOP),
        # An installed program is compiled once.
        "PYTHONDONTWRITEBYTECODE": "",
        "PYTHONPYCACHEPREFIX": str(folder / "compiled"),
    }
    command = [sys.executable, "-c", script, *arguments]
    begun = perf_counter()
    # With a pipe its end is heard at once; without one it is looked for every 50 ms.
    subprocess.run(command, check=True, timeout=60, env=environment, capture_output=True)
    return perf_counter() - begun


def run() -> list[Ratio]:
    """Measure in turns, so that a busy moment of the machine meets both; give the medians."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        home = folder / "home"
        create_stand(home, "jutro voda hiša most reka", cost=QUICK).close()
        for _warm in range(2):
            timed(folder, OURS, str(home), WATCH)
            timed(folder, BARE)
        times = [(timed(folder, OURS, str(home), WATCH), timed(folder, BARE)) for _turn in range(RUNS)]
    ours, base = (statistics.median(column) for column in zip(*times, strict=True))
    return [time_of("start to Unlock, to a bare window", ours, base, 1.5)]
