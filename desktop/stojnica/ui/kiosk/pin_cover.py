"""The PIN of the team, over the kiosk: to leave it, or to go on after something came to the front."""

from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import QGridLayout, QLineEdit, QWidget

from stojnica.domain.text_bound import left_out
from stojnica.i18n import gettext as _
from stojnica.services.kiosk import KioskViewModel
from stojnica.services.kiosk_state import KioskPhase, KioskState
from stojnica.services.pin import MAX_DIGITS
from stojnica.services.pin_gate import LEAVE
from stojnica.ui.controls.bounded_editor import BoundedLine
from stojnica.ui.controls.button import ActionButton, Kind
from stojnica.ui.controls.empty_state import IconBadge
from stojnica.ui.controls.focus_ring import RING_RADIUS
from stojnica.ui.controls.labels import Label, restyle
from stojnica.ui.controls.said import Said
from stojnica.ui.kiosk.cover import Cover
from stojnica.ui.kiosk.pages import close_editor
from stojnica.ui.theme.look import look
from stojnica.ui.theme.sizes import KIOSK_RADIUS

_DIGITS = "123456789"
_BADGE_PX = 60
_PAD_GAP = 9


class PinCover(Cover):
    """Ask for the PIN, by keyboard or by finger; what the visitor typed is not to be seen."""

    def __init__(self, parent: QWidget, model: KioskViewModel) -> None:
        super().__init__(parent, model, width=460, is_opaque=True)
        self._blank = Label("", "kiosk-title", wrap=True)
        self._title = Label("", "kiosk-strong", wrap=True)
        self._said = Said("kiosk-small", reserve=True)
        self._line = BoundedLine(MAX_DIGITS)
        self._is_too_long = False
        self._pad = _DigitPad(self._line)
        self._enter = self._pad.enter
        self._cancel = ActionButton(_("Back to the visitor"), kiosk=True)
        self._build()
        self._line.returnPressed.connect(self._on_enter)
        self._line.overflowed.connect(self._on_overflow)
        self._enter.clicked.connect(self._on_enter)
        self._cancel.clicked.connect(self._on_cancel)

    def _build(self) -> None:
        line = self._line
        line.setEchoMode(QLineEdit.EchoMode.Password)
        line.setAlignment(Qt.AlignmentFlag.AlignCenter)
        line.setProperty("kiosk", True)
        line.setProperty(RING_RADIUS, KIOSK_RADIUS)
        close_editor(line)
        line.setInputMethodHints(line.inputMethodHints() | Qt.InputMethodHint.ImhDigitsOnly)
        centre = Qt.AlignmentFlag.AlignHCenter
        for label in (self._blank, self._title, self._said):
            label.setAlignment(centre)
        self._keep_room()
        self.head.addWidget(self._blank)
        # A voice reads what was made first as the first.
        self._blank.lower()
        self.body.setSpacing(12)
        self.body.addWidget(IconBadge("lock", _BADGE_PX), 0, centre)
        self.body.addWidget(self._title)
        self.body.addWidget(line)
        self.body.addWidget(self._said)
        self.body.addWidget(self._pad)
        self.body.addSpacing(6)
        self.body.addWidget(self._cancel)

    def render_state(self, state: KioskState) -> None:
        prompt = state.pin
        if prompt is None:
            return
        is_blank = state.phase is KioskPhase.BLANK
        self._blank.setText(state.texts.blank_title if is_blank else "")
        self._blank.setVisible(is_blank)
        self._title.setText(prompt.title)
        self._line.setAccessibleName(prompt.title)
        wait = _("Next try in {seconds} s.").format(seconds=prompt.wait_s) if prompt.wait_s else ""
        said = left_out(MAX_DIGITS) if self._is_too_long else f"{prompt.problem} {wait}".strip()
        self._said.say(said)
        self._line.setAccessibleDescription(said)
        restyle(self._line, "tone", "bad" if said else "")
        self._enter.setEnabled(not prompt.wait_s)
        self._cancel.setVisible(prompt.reason == LEAVE)

    def take_focus(self) -> None:
        self._empty()
        self._line.setFocus()

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.StyleChange:
            self._keep_room()
        super().changeEvent(event)

    def _keep_room(self) -> None:
        """Keep a line free for what is said about a wrong PIN, so that no key moves under a finger."""
        self._said.setMinimumHeight(look().px(24))

    def _on_enter(self) -> None:
        pin = self._line.text()
        if pin and self._enter.isEnabled():
            self._empty()
            self.model.enter_pin(pin)

    def _on_cancel(self) -> None:
        self._empty()
        self.model.cancel_pin()

    def _empty(self) -> None:
        self._line.setText("")
        self._is_too_long = False

    def _on_overflow(self, has_overflowed: bool) -> None:
        if has_overflowed != self._is_too_long:
            self._is_too_long = has_overflowed
            self.render_state(self.model.state)


class _DigitPad(QWidget):
    """Ten keys for fingers, and two more: a laptop that is a tablet has no others."""

    def __init__(self, line: QLineEdit) -> None:
        super().__init__()
        self._line = line
        self.enter = ActionButton("", Kind.FILLED, icon="check", kiosk=True)
        self.enter.setAccessibleName(_("OK"))
        rub_out = _pad_key(icon="rub-out")
        rub_out.setAccessibleName(_("Delete a digit"))
        rub_out.clicked.connect(line.backspace)
        digits = [self._digit(digit) for digit in _DIGITS]
        keys = QGridLayout(self)
        keys.setContentsMargins(0, 0, 0, 0)
        keys.setSpacing(_PAD_GAP)
        for place, key in enumerate([*digits, rub_out, self._digit("0"), self.enter]):
            keys.addWidget(key, place // 3, place % 3)

    def _digit(self, digit: str) -> ActionButton:
        key = _pad_key(digit)
        key.setProperty("digit", digit)
        key.clicked.connect(self._on_digit)
        return key

    def _on_digit(self) -> None:
        self._line.insert(str(self.sender().property("digit")))


def _pad_key(text: str = "", *, icon: str = "") -> ActionButton:
    key = ActionButton(text, kiosk=True, icon=icon)
    # Whoever types the PIN on a keyboard goes from the field to *OK*, not through ten keys.
    key.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    return key
