"""The window over a stand that nobody touched for a while: the PIN leads back to where it was left."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from stojnica.i18n import gettext as _
from stojnica.services.pin import MAX_DIGITS
from stojnica.services.screen_lock import ScreenLock, ScreenLockState
from stojnica.ui.controls.button import ActionButton, Kind
from stojnica.ui.controls.field import TextField
from stojnica.ui.controls.focus_order import lead_focus
from stojnica.ui.start.sheet import StartSheet


class LockedWindow(QWidget):
    """Ask for a PIN. `with_words` comes when the passphrase shall open it; `left` when it is closed."""

    with_words = Signal()
    left = Signal()

    def __init__(self, model: ScreenLock) -> None:
        super().__init__()
        self._model = model
        self._sheet = StartSheet(
            _("Locked"),
            _("Nobody touched this laptop for a while. What is half typed is still there."),
        )
        self._pin = TextField(_("PIN"), max_length=MAX_DIGITS, reserve=False)
        self._go_on = ActionButton(_("Go on"), Kind.FILLED)
        self._words = ActionButton(_("Nobody knows the PIN"), Kind.LINK)
        self.setWindowTitle("Stojnica")
        self.resize(1366, 768)
        self._pin.line.setEchoMode(QLineEdit.EchoMode.Password)
        self._pin.line.setInputMethodHints(Qt.InputMethodHint.ImhDigitsOnly)
        self._sheet.add(self._pin)
        self._sheet.concern(self._pin.editor)
        self._sheet.set_foot(self._go_on, self._words)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._sheet)
        self._pin.line.returnPressed.connect(self._on_go_on)
        self._go_on.clicked.connect(self._on_go_on)
        self._words.clicked.connect(self.with_words)
        self._unsubscribe = model.subscribe(self._render)

    def take_focus(self) -> None:
        """Begin at the PIN, with nothing in it."""
        self._pin.set_text("")
        self._pin.line.setFocus()

    def focusNextPrevChild(self, is_next: bool) -> bool:
        return lead_focus(self, is_next)

    def closeEvent(self, event: QCloseEvent) -> None:
        self.left.emit()
        super().closeEvent(event)

    def end(self) -> None:
        """Watch the lock no more."""
        self._unsubscribe()

    def _render(self, state: ScreenLockState) -> None:
        self._go_on.setEnabled(not state.is_working)
        self._sheet.say(state.message.text if state.message else "")
        if state.message is not None or not state.is_locked:
            self.take_focus()

    def _on_go_on(self) -> None:
        self._model.try_pin(self._pin.text())
