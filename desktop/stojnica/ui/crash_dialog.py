"""What is shown for a bug: one dialog, with details that hold no personal data."""

from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QHBoxLayout, QPlainTextEdit

from stojnica.i18n import gettext as _
from stojnica.ui.controls.button import ActionButton
from stojnica.ui.dialogs import AppDialog


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
