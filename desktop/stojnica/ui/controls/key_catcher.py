"""A button that waits for one press of a key, and says which it was."""

from PySide6.QtCore import QEvent, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent

from stojnica.i18n import gettext as _
from stojnica.services.tally_keys import Stroke
from stojnica.ui.controls.button import ActionButton
from stojnica.ui.controls.painting import key_text
from stojnica.ui.counting_keys import CATCHES_KEYS, MODIFIER_KEYS, stroke_of


class KeyCatcher(ActionButton):
    """Begin to wait when it is pressed. `caught` carries the `Stroke`; going elsewhere ends the waiting."""

    caught = Signal(object)
    _is_waiting = False  # Qt sends the first events while the button is still being made.

    def __init__(self) -> None:
        super().__init__("")
        self._key = ""
        self.clicked.connect(self._on_clicked)
        self._tell()

    def set_key(self, key: str) -> None:
        """Show the key that was caught; "" for none."""
        self._key = key
        self._tell()

    def event(self, event: QEvent) -> bool:
        if self._is_waiting and isinstance(event, QKeyEvent):
            event.accept()
            is_press = event.type() == QEvent.Type.KeyPress and not event.isAutoRepeat()
            if is_press and event.key() not in MODIFIER_KEYS:
                self._catch(stroke_of(event))
            return True
        return super().event(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        self._wait(False)
        super().focusOutEvent(event)

    def _on_clicked(self) -> None:
        self._wait(True)

    def _catch(self, stroke: Stroke) -> None:
        self._wait(False)
        self.caught.emit(stroke)

    def _wait(self, is_waiting: bool) -> None:
        self._is_waiting = is_waiting
        self.setProperty(CATCHES_KEYS, is_waiting)
        self._tell()

    def _tell(self) -> None:
        if self._is_waiting:
            self.set_text(_("Press the button of the clicker now …"))
        elif self._key:
            self.set_text(_("{key} · teach another key").format(key=key_text(self._key) or self._key))
        else:
            self.set_text(_("Teach the clicker"))
