"""What is shown for a bug: one dialog, with details that hold no personal data."""

import logging
import platform
import sys
import traceback
from pathlib import Path
from types import TracebackType

from PySide6.QtCore import QObject, Qt, Signal, qVersion
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QHBoxLayout, QPlainTextEdit

import stojnica
from stojnica.domain.errors import CancelledError
from stojnica.i18n import gettext as _
from stojnica.ui.controls.button import ActionButton
from stojnica.ui.dialogs import AppDialog

_log = logging.getLogger(__name__)


def crash_details(error: BaseException) -> str:
    """Name what broke and where; messages and values stay out, for they may hold a visitor's data."""
    program = f"stojnica {getattr(stojnica, '__version__', '')}"
    lines = [
        f"{program} · Python {platform.python_version()} · Qt {qVersion()}",
        f"{platform.system()} {platform.release()} {platform.machine()}",
    ]
    cause: BaseException | None = error
    while cause is not None:
        lines.append(type(cause).__qualname__)
        for frame in traceback.extract_tb(cause.__traceback__):
            lines.append(f"  {_short(frame.filename)}:{frame.lineno} {frame.name}")
        cause = cause.__cause__ or cause.__context__
    return "\n".join(lines)


class CrashDialog(AppDialog):
    """Say that something went wrong that should not have, and what is safe."""

    def __init__(self, details: str) -> None:
        super().__init__(
            None,
            title=_("Something went wrong that should not have"),
            intro=_(
                "What was saved is safe. You can go on; if it happens again, close the program and open it "
                "anew. Please send the details to those who look after it: there are no names in them."
            ),
            accept=_("Go on"),
            reject="",
        )
        self.submitted.connect(self.accept)
        self._details = QPlainTextEdit(details)
        self._details.setReadOnly(True)
        self._details.setFixedHeight(160)
        self._details.setProperty("fine", True)
        self._details.setAccessibleName(_("Details"))
        copy = ActionButton(_("Copy details"), icon="copy")
        copy.clicked.connect(self._copy)
        row = QHBoxLayout()
        row.addWidget(copy)
        row.addStretch(1)
        self.body.addWidget(self._details)
        self.body.addLayout(row)

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self._details.toPlainText())


class CrashReporter(QObject):
    """Catch what nobody caught, on any thread, and show one dialog at a time for it."""

    _caught = Signal(object)

    def __init__(self, application: QApplication) -> None:
        super().__init__(application)
        self._dialog: CrashDialog | None = None
        self._caught.connect(self._show, Qt.ConnectionType.QueuedConnection)

    def install(self) -> None:
        """Take Python's hook for errors that nobody caught."""
        sys.excepthook = self.report

    def report(self, _kind: type[BaseException], error: BaseException, _trace: TracebackType | None) -> None:
        """Log the error without its message and have it shown; a stop that was asked for is silent."""
        if isinstance(error, CancelledError):
            return
        if isinstance(error, KeyboardInterrupt):
            QApplication.quit()
            return
        details = crash_details(error)
        _log.error("Unexpected error:\n%s", details)
        self._caught.emit(details)

    @property
    def dialog(self) -> CrashDialog | None:
        """Give the dialog that is open now."""
        return self._dialog

    def _show(self, details: str) -> None:
        if self._dialog is not None:
            return
        self._dialog = CrashDialog(details)
        self._dialog.finished.connect(self._on_finished)
        self._dialog.open()

    def _on_finished(self, _result: int) -> None:
        if self._dialog is not None:
            self._dialog.deleteLater()
        self._dialog = None


def _short(filename: str) -> str:
    """Keep the path below the package: a home folder is often a person's name."""
    parts = Path(filename).parts
    if "stojnica" in parts:
        last = len(parts) - 1 - parts[::-1].index("stojnica")
        return "/".join(parts[last:])
    return "/".join(parts[-2:])
