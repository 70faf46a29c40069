"""From the start of the process to an *Unlock* window that is painted, against a bare window of Qt."""

import statistics
import subprocess
import sys
import tempfile
from pathlib import Path
from time import perf_counter

from ratio import Ratio, time_of

from stojnica.storage.home import StoreHome, create_store
from stojnica.storage.slots import Argon2Cost

ROUNDS = 9
BARE = """
import sys
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QLineEdit, QVBoxLayout, QWidget
application = QApplication(["bare"])
class Window(QWidget):
    def paintEvent(self, event):
        QTimer.singleShot(0, application.quit)
window = Window()
layout = QVBoxLayout(window)
layout.addWidget(QLineEdit())
window.resize(1366, 768)
window.show()
application.exec()
"""
OURS = """
import sys
from stojnica.__main__ import main
from stojnica.bootstrap.window import WindowProgram
def until_painted(self):
    from PySide6.QtCore import QEvent, QObject, QTimer
    application = self.application
    class Watch(QObject):
        def eventFilter(self, watched, event):
            if event.type() == QEvent.Type.Paint:
                QTimer.singleShot(0, application.quit)
            return False
    watch = Watch()
    application.installEventFilter(watch)
    return application.exec()
WindowProgram.run = until_painted
sys.exit(main(["--home", sys.argv[1]]))
"""


def _seconds(code: str, *arguments: str) -> float:
    begun = perf_counter()
    subprocess.run([sys.executable, "-c", code, *arguments], check=True, capture_output=True, timeout=60)
    return perf_counter() - begun


def run() -> list[Ratio]:
    """Start both in turns, and take the median."""
    with tempfile.TemporaryDirectory() as name:
        home = StoreHome(Path(name) / "home")
        create_store(home, "ena dva tri", cost=Argon2Cost(8, 1, 1)).close()
        ours: list[float] = []
        bare: list[float] = []
        _seconds(OURS, str(home.folder))
        for _round in range(ROUNDS):
            bare.append(_seconds(BARE))
            ours.append(_seconds(OURS, str(home.folder)))
    return [time_of("start to a painted Unlock", statistics.median(ours), statistics.median(bare), 1.5)]
