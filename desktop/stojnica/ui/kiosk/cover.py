"""What lies over a kiosk page: the question whether somebody is there, the full notice, the PIN."""

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QScrollArea, QVBoxLayout, QWidget

from stojnica.i18n import gettext as _
from stojnica.services.kiosk import KioskViewModel
from stojnica.services.kiosk_state import LEAVE, KioskPhase, KioskState
from stojnica.ui.controls.button import ActionButton, Kind
from stojnica.ui.controls.field import FieldMessage, TextField
from stojnica.ui.controls.labels import Label
from stojnica.ui.controls.page import row
from stojnica.ui.controls.painting import draw_box
from stojnica.ui.kiosk.pages import close_editor
from stojnica.ui.theme.look import look
from stojnica.ui.theme.sizes import KIOSK_RADIUS

_WIDTH = 720
_PAD_KEY = 72


class Cover(QWidget):
    """One sheet in the middle, over a ground that hides what is below it, or dims it."""

    def __init__(self, parent: QWidget, model: KioskViewModel, *, is_opaque: bool) -> None:
        super().__init__(parent)
        self.model = model
        self._is_opaque = is_opaque
        self.body = QVBoxLayout()
        self.body.setSpacing(18)
        self._sheet = QWidget()
        self._sheet.setMaximumWidth(_WIDTH)
        inside = QVBoxLayout(self._sheet)
        inside.setContentsMargins(40, 34, 40, 34)
        inside.addLayout(self.body)
        middle = QHBoxLayout(self)
        middle.addStretch(1)
        column = QVBoxLayout()
        column.addStretch(1)
        column.addWidget(self._sheet, 8)
        column.addStretch(1)
        middle.addLayout(column, 20)
        middle.addStretch(1)
        self.hide()

    def take_focus(self) -> None:
        """Put the focus where the hand goes first."""

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        if self._is_opaque:
            painter.fillRect(self.rect(), look().colour("paper"))
            return
        painter.setOpacity(0.55)
        painter.fillRect(self.rect(), look().colour("rail"))
        painter.setOpacity(1.0)
        draw_box(
            painter, QRectF(self._sheet.geometry()), fill="card", edge="line", width=1, radius=KIOSK_RADIUS
        )


class StillHereCover(Cover):
    """Are you still here?"""

    def __init__(self, parent: QWidget, model: KioskViewModel) -> None:
        super().__init__(parent, model, is_opaque=False)
        self._title = Label("", "kiosk-title", wrap=True)
        self._lead = Label("", "kiosk-soft", wrap=True)
        self._yes = ActionButton("", Kind.FILLED, kiosk=True)
        for widget in (self._title, self._lead, self._yes):
            self.body.addWidget(widget)
        self._yes.clicked.connect(model.touch)

    def render_state(self, state: KioskState) -> None:
        """Count down."""
        self._title.setText(state.texts.still_here_title)
        self._lead.setText(state.still_here_lead)
        self._yes.set_text(state.texts.still_here_yes)

    def take_focus(self) -> None:
        """Let one key be enough."""
        self._yes.setFocus()


class NoticeCover(Cover):
    """The full information at collection (GDPR Art. 13)."""

    def __init__(self, parent: QWidget, model: KioskViewModel) -> None:
        super().__init__(parent, model, is_opaque=False)
        self._text = Label("", "kiosk-legal", wrap=True)
        self._url = Label("", "kiosk-small", wrap=True)
        self._close = ActionButton("", Kind.FILLED, kiosk=True)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setFrameShape(QScrollArea.Shape.NoFrame)
        area.setMinimumHeight(360)
        area.setWidget(self._text)
        self._text.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.body.addWidget(area, 1)
        self.body.addWidget(self._url)
        self.body.addWidget(self._close)
        self._close.clicked.connect(model.close_notice)

    def render_state(self, state: KioskState) -> None:
        """Show it in the visitor's language."""
        self._text.setText(state.notice_full)
        self._url.setText(state.notice_url)
        self._close.set_text(state.texts.close)

    def take_focus(self) -> None:
        """Let one key close it."""
        self._close.setFocus()


class PinCover(Cover):
    """The PIN of the team: to leave, or to go on after something came to the front. Hides the visitor."""

    def __init__(self, parent: QWidget, model: KioskViewModel) -> None:
        super().__init__(parent, model, is_opaque=True)
        self._blank = Label("", "kiosk-title", wrap=True)
        self._pin = TextField("", kiosk=True, max_length=8, reserve=True)
        self._pin.line.setEchoMode(QLineEdit.EchoMode.Password)
        close_editor(self._pin.line)
        self._enter = ActionButton(_("OK"), Kind.FILLED, kiosk=True)
        self._cancel = ActionButton(_("Back to the visitor"), kiosk=True)
        self._pad = _DigitPad(self._pin.line)
        self.body.addWidget(self._blank)
        self.body.addWidget(self._pin)
        self.body.addWidget(self._pad)
        self.body.addLayout(row(self._cancel, self._enter, gap=18, stretch=(1, 1)))
        self._pin.line.returnPressed.connect(self._on_enter)
        self._enter.clicked.connect(self._on_enter)
        self._cancel.clicked.connect(self._on_cancel)

    def render_state(self, state: KioskState) -> None:
        """Ask for it, and say how long to wait after a wrong one."""
        prompt = state.pin
        if prompt is None:
            return
        is_blank = state.phase is KioskPhase.BLANK
        self._blank.setText(state.texts.blank_title if is_blank else "")
        self._blank.setVisible(is_blank)
        self._pin.set_label(prompt.title)
        wait = _("Next try in {seconds} s.").format(seconds=prompt.wait_s) if prompt.wait_s else ""
        said = f"{prompt.problem} {wait}".strip()
        self._pin.set_message(FieldMessage(said) if said else None)
        self._enter.setEnabled(not prompt.wait_s)
        self._cancel.setVisible(prompt.reason == LEAVE)

    def take_focus(self) -> None:
        """Begin with an empty field."""
        self._pin.set_text("")
        self._pin.line.setFocus()

    def _on_enter(self) -> None:
        pin = self._pin.text()
        self._pin.set_text("")
        if pin and self._enter.isEnabled():
            self.model.enter_pin(pin)

    def _on_cancel(self) -> None:
        self._pin.set_text("")
        self.model.cancel_pin()


class _DigitPad(QWidget):
    """Ten keys for fingers: a laptop that is a tablet has no others."""

    def __init__(self, line: QLineEdit) -> None:
        super().__init__()
        self._line = line
        keys = QHBoxLayout(self)
        keys.setContentsMargins(0, 0, 0, 0)
        keys.setSpacing(6)
        for digit in "1234567890":
            key = ActionButton(digit, small=True)
            key.setMinimumSize(48, _PAD_KEY - 18)
            key.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            key.clicked.connect(self._on_key)
            keys.addWidget(key)

    def _on_key(self) -> None:
        key = self.sender()
        if isinstance(key, ActionButton):
            self._line.insert(key.accessibleName() or key.text())
