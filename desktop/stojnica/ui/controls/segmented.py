"""A choice of a few, all in sight: arrow keys move, a key cap jumps."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QRadioButton, QSizePolicy, QWidget

from stojnica.ui.controls.button import click_once, is_enter, press_by_key
from stojnica.ui.controls.flow import EvenLayout
from stojnica.ui.controls.focus_ring import RING_GAP
from stojnica.ui.controls.painting import draw_box, draw_key_cap, key_cap_size
from stojnica.ui.controls.spoken import Spoken, speak_as
from stojnica.ui.theme.look import look
from stojnica.ui.theme.sizes import CONTROL_RADIUS, KIOSK_RADIUS, Type

_SPACE = 8
_PADDING = 18


@dataclass(frozen=True, slots=True)
class Segment:
    """One of the choices: what it means, what it says, and the key that chooses it (``Alt+A``)."""

    value: object
    text: str
    key: str = ""
    spoken: str = ""
    """What a screen reader says for it, where the text is short."""


class _SegmentButton(QRadioButton):
    def __init__(self, segment: Segment, *, kiosk: bool) -> None:
        super().__init__(segment.text.replace("&", "&&"))
        self.segment = segment
        self._is_kiosk = kiosk
        self.setProperty(RING_GAP, 0)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(segment.spoken or segment.text)
        if segment.key:
            press_by_key(self, segment.key)

    def sizeHint(self) -> QSize:
        metrics = QFontMetrics(look().font(self._type(), semibold=True))
        width = metrics.horizontalAdvance(self.segment.text) + 2 * _PADDING
        height = metrics.height() + (28 if self._is_kiosk else 20)
        if self.segment.key:
            width += key_cap_size(self.segment.key).width() + _SPACE
        return QSize(width, height)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def hitButton(self, pos: object) -> bool:
        return True

    def keyPressEvent(self, event: QKeyEvent) -> None:
        # In the kiosk Enter goes on to the next page, wherever the focus is.
        if is_enter(event) and not self._is_kiosk:
            click_once(self, event)
        elif event.key() == Qt.Key.Key_Space and self.isChecked():
            # The arrow keys have chosen it already; a second time would take it back.
            event.accept()
        else:
            super().keyPressEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.StyleChange:
            self.updateGeometry()
        super().changeEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        rect = QRectF(self.rect())
        chosen = self.isChecked()
        if chosen:
            self._paint_chosen(painter, rect)
        elif self.underMouse():
            draw_box(painter, rect.adjusted(2, 2, -2, -2), fill="paper", radius=CONTROL_RADIUS - 2)
        font = look().font(self._type(), semibold=chosen)
        words = QFontMetrics(font).horizontalAdvance(self.segment.text)
        cap = key_cap_size(self.segment.key) if self.segment.key else QSize(0, 0)
        whole = words + (cap.width() + _SPACE if self.segment.key else 0)
        x = round((self.width() - whole) / 2)
        if self.segment.key:
            top = round((self.height() - cap.height()) / 2)
            draw_key_cap(painter, QRectF(x, top, cap.width(), cap.height()), self.segment.key)
            x += cap.width() + _SPACE
        painter.setFont(font)
        painter.setPen(look().colour("accent" if chosen else "ink"))
        spot = QRectF(x, 0, words + 2, self.height())
        painter.drawText(spot, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, self.segment.text)

    def _paint_chosen(self, painter: QPainter, rect: QRectF) -> None:
        """Round only those corners that are corners of the whole choice."""
        parent = self.parentWidget()
        around = self.rect() if parent is None else parent.rect()
        is_row = self.height() >= around.height() - 1
        first, last = self.x() <= 0, self.geometry().right() >= around.right()
        radius = self._radius() if is_row and (first or last) else 0
        wide = rect.adjusted(0 if first else -radius, 0, 0 if last else radius, 0)
        painter.save()
        painter.setClipRect(rect)
        draw_box(painter, wide, fill="accent_soft", edge="accent", width=2, radius=radius)
        for side, is_end in ((rect.left(), first), (rect.right() - 2, last)):
            if not is_end:
                painter.fillRect(QRectF(side, rect.top(), 2, rect.height()), look().colour("accent"))
        painter.restore()

    def _type(self) -> Type:
        return Type.KIOSK_BASE if self._is_kiosk else Type.BASE

    def _radius(self) -> int:
        return KIOSK_RADIUS if self._is_kiosk else CONTROL_RADIUS


class SegmentedChoice(QWidget):
    """Offer a few choices side by side. `chosen` carries the value when the user chooses."""

    chosen = Signal(object)

    def __init__(self, name: str, segments: Sequence[Segment] = (), *, kiosk: bool = False) -> None:
        super().__init__()
        self._is_kiosk = kiosk
        self._buttons: list[_SegmentButton] = []
        self._cells = EvenLayout(self, gap_x=0, gap_y=0)
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self._said = ""
        speak_as(self, Spoken.GROUP)
        self.setAccessibleName(name)
        self.set_segments(segments)

    def set_segments(self, segments: Sequence[Segment]) -> None:
        """Offer other choices; what is chosen stays when it is still offered."""
        if tuple(segments) == tuple(button.segment for button in self._buttons):
            return
        before = self.value()
        for button in self._buttons:
            self._cells.removeWidget(button)
            button.setAutoExclusive(False)
            button.hide()  # A hidden button's key is free for the one that takes its place.
            button.deleteLater()
        self._buttons = [_SegmentButton(segment, kiosk=self._is_kiosk) for segment in segments]
        for button in self._buttons:
            self._cells.addWidget(button)
            button.show()
            button.clicked.connect(self._on_clicked)
        self.describe(self._said)
        self.set_value(before)
        if self._buttons:
            self.setFocusProxy(self._buttons[0])

    def describe(self, text: str) -> None:
        """Have a voice say this of each choice: what is wrong, or what it is for."""
        self._said = text
        for part in (self, *self._buttons):
            part.setAccessibleDescription(text)

    def value(self) -> object:
        """Give the chosen value, None when nothing is."""
        return next((button.segment.value for button in self._buttons if button.isChecked()), None)

    def set_value(self, value: object) -> None:
        """Choose without announcing it; a value that isn't offered chooses nothing."""
        for button in self._buttons:
            button.setAutoExclusive(False)
            button.setChecked(button.segment.value == value)
        for button in self._buttons:
            button.setAutoExclusive(True)
        self._place_tab_stop()

    def _place_tab_stop(self) -> None:
        """Let Tab lead to what is chosen, else to the first; Qt would go where somebody was before."""
        chosen = next((button for button in self._buttons if button.isChecked()), None)
        if chosen is not None and any(button.hasFocus() for button in self._buttons):
            # Chosen by its key: otherwise the next Tab would stop in the same choice again.
            chosen.setFocus()
        for button in self._buttons:
            policy, tab = button.focusPolicy().value, Qt.FocusPolicy.TabFocus.value
            is_stop = button is (chosen or self._buttons[0])
            button.setFocusPolicy(Qt.FocusPolicy(policy | tab if is_stop else policy & ~tab))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        radius = KIOSK_RADIUS if self._is_kiosk else CONTROL_RADIUS
        width = 2 if self._is_kiosk else look().theme.edge_px
        around = QRect(0, 0, self.width(), self._cells.heightForWidth(self.width()))
        draw_box(painter, QRectF(around), fill="card", edge="edge", width=width, radius=radius)
        painter.setPen(look().colour("edge"))
        for button in self._buttons:
            place = button.geometry()
            if place.left() > 0:
                painter.drawLine(place.left(), place.top(), place.left(), place.bottom())
            if place.top() > 0 and place.left() == 0:
                painter.drawLine(0, place.top(), self.width(), place.top())

    def _on_clicked(self) -> None:
        self.chosen.emit(self.value())
