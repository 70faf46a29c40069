"""The way to names on a page that shows initials: a key that is held, or a link that asks for the PIN."""

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QApplication, QHBoxLayout, QWidget

from stojnica.i18n import gettext as _
from stojnica.ui.controls.button import link
from stojnica.ui.controls.key_cap import KeyCap
from stojnica.ui.controls.labels import Label
from stojnica.ui.pages.pin_dialog import PinDialog

KEY = "Alt+I"
_RELEASED = (Qt.Key.Key_I, Qt.Key.Key_Alt)


class NamesLink(QWidget):
    """Ask for names. `held` comes when the key goes down, `hidden` when it comes up or names are to go.

    `pin_given` carries a PIN that was typed.
    """

    held = Signal()
    hidden = Signal()
    pin_given = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self._are_shown = False
        self._is_held = False
        self._link = link(_("show names"))
        self._hint = Label(_("or hold"), "small")
        self._cap = KeyCap(KEY)
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(8)
        line.addWidget(self._link)
        line.addWidget(self._hint)
        line.addWidget(self._cap)
        self._link.clicked.connect(self._on_clicked)
        shortcut = QShortcut(QKeySequence(KEY), self)
        shortcut.setAutoRepeat(False)
        shortcut.activated.connect(self._on_key)

    def show_names(self, are_shown: bool, seconds_left: int) -> None:
        """Draw whether names are shown, and for how long."""
        self._are_shown = are_shown
        hide = _("hide names ({seconds} s)").format(seconds=seconds_left)
        self._link.set_text(hide if are_shown else _("show names"))
        self._hint.setVisible(not are_shown)
        self._cap.setVisible(not are_shown)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if self._is_held and _lets_go(event):
            self._end_hold()
        return super().eventFilter(watched, event)

    def _on_key(self) -> None:
        application = QApplication.instance()
        # Who gave the PIN sees names already: letting a key go must not take them off.
        if self._is_held or self._are_shown or application is None:
            return
        self._is_held = True
        # The release goes to whatever has the focus, which may be any field.
        application.installEventFilter(self)
        self.held.emit()

    def _end_hold(self) -> None:
        self._is_held = False
        application = QApplication.instance()
        if application is not None:
            application.removeEventFilter(self)
        self.hidden.emit()

    def _on_clicked(self) -> None:
        if self._are_shown:
            self.hidden.emit()
            return
        dialog = PinDialog(self.window())
        dialog.submitted.connect(self._on_pin)
        dialog.open()

    def _on_pin(self, pin: object) -> None:
        self.pin_given.emit(str(pin))


def _lets_go(event: QEvent) -> bool:
    if event.type() in (QEvent.Type.ApplicationDeactivate, QEvent.Type.WindowDeactivate):
        # The release would go to another program, and names would stay.
        return True
    is_key = event.type() == QEvent.Type.KeyRelease and isinstance(event, QKeyEvent)
    return is_key and not event.isAutoRepeat() and event.key() in _RELEASED  # type: ignore[attr-defined]
