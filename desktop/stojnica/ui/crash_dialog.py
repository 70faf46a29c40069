"""What is shown for a bug: one dialog, with details that hold no personal data."""

import platform
import traceback
from pathlib import Path

from PySide6.QtCore import qVersion
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QHBoxLayout, QPlainTextEdit

import stojnica
from stojnica.i18n import gettext as _
from stojnica.ui.controls.button import ActionButton
from stojnica.ui.dialogs import AppDialog


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


def _short(filename: str) -> str:
    """Keep the path below the package: a home folder is often a person's name."""
    parts = Path(filename).parts
    if "stojnica" in parts:
        last = len(parts) - 1 - parts[::-1].index("stojnica")
        return "/".join(parts[last:])
    return "/".join(parts[-2:])
