"""The window *Unlock*: what a volunteer sees first in the morning."""

from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from stojnica.i18n import gettext as _
from stojnica.services.unlock import UnlockState, UnlockViewModel
from stojnica.ui.controls.button import ActionButton, Kind
from stojnica.ui.controls.field import TextField
from stojnica.ui.controls.focus_order import lead_focus
from stojnica.ui.controls.page import row
from stojnica.ui.controls.practice_banner import PracticeBanner
from stojnica.ui.start.sheet import StartSheet
from stojnica.ui.start.show_words import ShowWords

MAX_PASSPHRASE = 400


class UnlockWindow(QWidget):
    """Ask for the passphrase; the store is opened elsewhere, and this window stays calm meanwhile.

    `forgotten` comes when nobody here knows the words.
    """

    forgotten = Signal()

    def __init__(
        self, model: UnlockViewModel[Any], practice_words: str = "", said: str = "", tone: str = "good"
    ) -> None:
        super().__init__()
        self._model = model
        self._tries = 0
        self._sheet = StartSheet(
            _("Unlock this laptop"),
            _(
                "Type the words of the passphrase. What was collected is encrypted on this disk,"
                " and opens only with them."
            ),
        )
        self._passphrase = TextField(_("Passphrase"), max_length=MAX_PASSPHRASE, reserve=False)
        self._show = ShowWords(self._passphrase.line)
        self._forgotten = ActionButton(_("Don't you know the words?"), Kind.LINK)
        self._unlock = ActionButton(_("Unlock"), Kind.FILLED)
        self._banner = PracticeBanner()
        self._build()
        self._banner.set_words(practice_words)
        self._connect()
        self._unsubscribe = model.subscribe(self._render)
        if said:
            self._sheet.say(said, tone)

    def focusNextPrevChild(self, is_next: bool) -> bool:
        return lead_focus(self, is_next)

    def closeEvent(self, event: QCloseEvent) -> None:
        self._unsubscribe()
        super().closeEvent(event)

    def showEvent(self, event: Any) -> None:
        super().showEvent(event)
        self._passphrase.line.setFocus()

    def _build(self) -> None:
        self.setWindowTitle("Stojnica")
        self.resize(1366, 768)
        self._sheet.add(self._passphrase)
        self._sheet.concern(self._passphrase.editor)
        self._sheet.add(row(self._show))
        self._sheet.set_foot(self._unlock, self._forgotten)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._banner)
        column.addWidget(self._sheet, 1)

    def _connect(self) -> None:
        self._passphrase.line.returnPressed.connect(self._on_unlock)
        # A window that came in the middle of a word would take the rest of it for keys of its own.
        self._passphrase.line.textEdited.connect(self._model.stop_asking)
        self._unlock.clicked.connect(self._on_unlock)
        self._forgotten.clicked.connect(self.forgotten)

    def _render(self, state: UnlockState) -> None:
        self._unlock.setEnabled(not state.is_working)
        self._forgotten.setEnabled(not state.is_working)
        self._passphrase.line.setReadOnly(state.is_working)
        self._unlock.set_text(_("Unlocking …") if state.is_working else _("Unlock"))
        self._sheet.say(state.message.text if state.message else "")
        if state.tries != self._tries:
            self._tries = state.tries
            self._passphrase.line.selectAll()
            self._passphrase.line.setFocus()

    def _on_unlock(self) -> None:
        self._model.unlock(self._passphrase.text())
