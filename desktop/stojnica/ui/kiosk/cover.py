"""What lies over a kiosk page: the question whether somebody is there, the full notice, the PIN."""

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLayout,
    QScrollArea,
    QScroller,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from stojnica.services.kiosk import KioskViewModel
from stojnica.services.kiosk_state import KioskState
from stojnica.ui.controls.button import ActionButton, Kind
from stojnica.ui.controls.focus_order import lead_focus
from stojnica.ui.controls.focus_ring import focus_quietly
from stojnica.ui.controls.labels import Label
from stojnica.ui.controls.painting import draw_box
from stojnica.ui.controls.spoken import Spoken, announce, speak_as
from stojnica.ui.theme.look import look
from stojnica.ui.theme.sizes import KIOSK_RADIUS

_NOTICE_HEIGHT = 330


class Cover(QWidget):
    """One sheet in the middle, over a ground that hides what is below it, or dims it.

    The focus stays on the sheet: Tab never leads to the page below.
    """

    def __init__(self, parent: QWidget, model: KioskViewModel, *, width: int, is_opaque: bool) -> None:
        super().__init__(parent)
        self.model = model
        self.is_opaque = is_opaque
        self.head = QVBoxLayout()
        self.body = QVBoxLayout()
        self.body.setSpacing(18)
        sheet = _Sheet(self.body, width)
        ground = QWidget()
        column = QVBoxLayout(ground)
        column.setContentsMargins(24, 24, 24, 24)
        column.setSpacing(24)
        column.addStretch(1)
        column.addLayout(self.head)
        # The stretches give way first, so that a narrow screen narrows the sheet.
        middle = QHBoxLayout()
        middle.addStretch(1)
        middle.addWidget(sheet, 1000)
        middle.addStretch(1)
        column.addLayout(middle)
        column.addStretch(1)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(clear_area(ground))
        self.hide()

    def take_focus(self) -> None:
        """Put the focus where the hand goes first."""

    def render_state(self, state: KioskState) -> None:
        """Draw the state; a cover that is not shown is not asked."""

    def focusNextPrevChild(self, is_next: bool) -> bool:
        return lead_focus(self, is_next)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setOpacity(1.0 if self.is_opaque else 0.6)
        painter.fillRect(self.rect(), look().colour("paper" if self.is_opaque else "rail"))


class _Sheet(QWidget):
    def __init__(self, body: QLayout, width: int) -> None:
        super().__init__()
        self.setMaximumWidth(look().px(width))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        inside = QVBoxLayout(self)
        inside.setContentsMargins(40, 34, 40, 34)
        inside.addLayout(body)

    def paintEvent(self, event: QPaintEvent) -> None:
        whole, width = QRectF(self.rect()), look().theme.edge_px
        draw_box(QPainter(self), whole, fill="card", edge="line", width=width, radius=KIOSK_RADIUS)


def clear_area(content: QWidget) -> QScrollArea:
    """Let a content scroll where it doesn't fit, on whatever ground is behind it; a finger may drag it."""
    area = QScrollArea()
    for widget in (area, content):
        widget.setProperty("ground", "clear")
    area.setWidgetResizable(True)
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.setWidget(content)
    area.viewport().setAutoFillBackground(False)
    QScroller.grabGesture(area.viewport(), QScroller.ScrollerGestureType.TouchGesture)
    return area


class StillHereCover(Cover):
    """Are you still here?"""

    def __init__(self, parent: QWidget, model: KioskViewModel) -> None:
        super().__init__(parent, model, width=640, is_opaque=False)
        self._title = Label("", "kiosk-title", wrap=True)
        self._lead = Label("", "kiosk-soft", wrap=True)
        self._yes = ActionButton("", Kind.FILLED, kiosk=True)
        for label in (self._title, self._lead):
            label.setAlignment(Qt.AlignmentFlag.AlignHCenter)
            self.body.addWidget(label)
        self.body.addSpacing(6)
        self.body.addWidget(self._yes)
        self._yes.clicked.connect(model.touch)

    def render_state(self, state: KioskState) -> None:
        self._title.setText(state.texts.still_here_title)
        self._lead.setText(state.still_here_lead)
        self._yes.set_text(state.texts.still_here_yes)

    def take_focus(self) -> None:
        announce(self, f"{self._title.text()} {self._lead.text()}", is_urgent=True)
        focus_quietly(self._yes)


class NoticeCover(Cover):
    """The full information at collection (GDPR Art. 13)."""

    def __init__(self, parent: QWidget, model: KioskViewModel) -> None:
        super().__init__(parent, model, width=860, is_opaque=False)
        self._title = Label("", "kiosk-title", wrap=True)
        self._text = Label("", "kiosk-base", wrap=True)
        self._url = Label("", "kiosk-small", wrap=True)
        self._close = ActionButton("", Kind.FILLED, kiosk=True)
        self._text.setAlignment(Qt.AlignmentFlag.AlignTop)
        # Within a layout, so that the area hears when the text is longer: it was cut without a way to scroll.
        content = QWidget()
        lines = QVBoxLayout(content)
        lines.setContentsMargins(0, 0, 0, 0)
        lines.addWidget(self._text)
        self._area = clear_area(content)
        # The arrow keys scroll it.
        self._area.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._area.setMinimumHeight(_NOTICE_HEIGHT)
        speak_as(self._area, Spoken.TEXT)
        for widget in (self._title, self._area, self._url, self._close):
            self.body.addWidget(widget)
        self._close.clicked.connect(model.close_notice)

    def render_state(self, state: KioskState) -> None:
        self._title.setText(state.texts.full_notice)
        self._text.setText(state.notice_full)
        self._area.setAccessibleName(state.texts.full_notice)
        self._area.setAccessibleDescription(state.notice_full)
        self._url.setText(state.notice_url)
        self._url.setVisible(bool(state.notice_url))
        self._close.set_text(state.texts.close)

    def take_focus(self) -> None:
        focus_quietly(self._close)
