"""What hears of a bug; the dialog for it is loaded only then."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, Signal, qVersion
from PySide6.QtWidgets import QApplication

from stojnica.crash_text import log_crash, take_hooks
from stojnica.domain.errors import CancelledError

if TYPE_CHECKING:
    from stojnica.ui.crash_dialog import CrashDialog


class CrashReporter(QObject):
    """Catch what nobody caught, on any thread, and show one dialog at a time for it."""

    _caught = Signal(object)

    def __init__(self, application: QApplication) -> None:
        super().__init__(application)
        self._dialog: CrashDialog | None = None
        self._caught.connect(self._show, Qt.ConnectionType.QueuedConnection)

    def install(self) -> None:
        """Hear of all errors that nobody caught, in any thread."""
        take_hooks(self.report)

    def report(self, error: BaseException) -> None:
        """Log the error without its message and have it shown; a stop that was asked for is silent."""
        if isinstance(error, CancelledError):
            return
        if isinstance(error, KeyboardInterrupt):
            QApplication.quit()
            return
        self._caught.emit(log_crash(error, f"Qt {qVersion()}"))

    @property
    def dialog(self) -> "CrashDialog | None":
        """Give the dialog that is open now."""
        return self._dialog

    def _show(self, details: str) -> None:
        from stojnica.ui.crash_dialog import CrashDialog

        if self._dialog is not None:
            return
        self._dialog = CrashDialog(details)
        self._dialog.finished.connect(self._on_finished)
        self._dialog.open()

    def _on_finished(self, _result: int) -> None:
        if self._dialog is not None:
            self._dialog.deleteLater()
        self._dialog = None
