"""Python's garbage collected on the UI thread alone."""

import gc

from PySide6.QtCore import QObject, QTimer

LOOK_MS = 500


class UiThreadCollector(QObject):
    """Collect garbage from a timer of the thread that made this, and nowhere else until `stop`.

    Python collects on whichever thread happens to make the next object. When that is a thread of the store
    and the garbage holds a window that was closed, Qt would take the window apart on the wrong thread.
    """

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._timer = QTimer(self, interval=LOOK_MS)
        self._timer.timeout.connect(self.look)
        self._timer.start()
        gc.disable()

    def look(self) -> None:
        """Collect the generations that Python would have collected by now."""
        for generation in (2, 1, 0):
            if gc.get_count()[generation] > gc.get_threshold()[generation]:
                gc.collect(generation)
                return

    def stop(self) -> None:
        """Let Python collect by itself again."""
        self._timer.stop()
        gc.enable()
