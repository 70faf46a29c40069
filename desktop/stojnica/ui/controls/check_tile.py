"""Boxes to tick: big tiles for a finger, compact rows for the one who types."""

from PySide6.QtCore import QEvent, QPoint, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QCheckBox, QSizePolicy, QVBoxLayout

from stojnica.ui.controls.button import press_by_key
from stojnica.ui.controls.focus_ring import RING_GAP, RING_RADIUS
from stojnica.ui.controls.labels import Label
from stojnica.ui.controls.painting import draw_box, draw_check_box, draw_key_cap, key_cap_size
from stojnica.ui.theme.look import look
from stojnica.ui.theme.sizes import KIOSK_RADIUS


class _TickRow(QCheckBox):
    """A check box with a title and an explanation that wraps; the whole of it can be pressed.

    Space ticks. Enter, which leads from page to page, never does: a consent is given on purpose.
    """

    def __init__(self, title: str, detail: str, roles: tuple[str, str], box_px: int) -> None:
        super().__init__()
        self._box_px = box_px
        self._title = Label(title, roles[0], wrap=True, parent=self)
        self._detail = Label(detail, roles[1], wrap=True, parent=self)
        for label in (self._title, self._detail):
            label.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._words = QVBoxLayout(self)
        self._words.setSpacing(0)
        self._words.addStretch(1)
        self._words.addWidget(self._title)
        self._words.addWidget(self._detail)
        self._words.addStretch(1)
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.set_words(title, detail)

    def set_words(self, title: str, detail: str = "", said: str = "") -> None:
        """Change what the box stands for; nothing is ticked or unticked by it.

        `said` is what stands elsewhere on the page about it, such as that it is missing.
        """
        self._title.setText(title)
        self._detail.setText(detail)
        self._detail.setVisible(bool(detail))
        self.setAccessibleName(title)
        self.setAccessibleDescription(" ".join(words for words in (said, detail) if words))

    def sizeHint(self) -> QSize:
        return self._words.totalSizeHint()

    def minimumSizeHint(self) -> QSize:
        return self._words.totalMinimumSize()

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        return self._words.totalHeightForWidth(width)

    def hitButton(self, pos: QPoint) -> bool:
        return self.rect().contains(pos)

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.StyleChange:
            self.updateGeometry()
        super().changeEvent(event)

    def _paint_box(self, painter: QPainter, left: float, top: float) -> None:
        side = self._box_side()
        place = QRectF(left, top, side, side)
        draw_check_box(painter, place, checked=self.isChecked(), enabled=self.isEnabled())

    def _box_side(self) -> int:
        return look().px(self._box_px)


class CheckTile(_TickRow):
    """A tile for the kiosk, at least 48 px high; with `at_top` the box stands beside the title."""

    def __init__(self, title: str, detail: str = "", *, at_top: bool = False) -> None:
        title_role = "kiosk-strong" if at_top else "kiosk-tile"
        super().__init__(title, detail, (title_role, "kiosk-note"), 34 if at_top else 32)
        self._at_top = at_top
        self.setProperty(RING_GAP, 2)
        self.setProperty(RING_RADIUS, KIOSK_RADIUS)
        self._pad()

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.StyleChange:
            self._pad()
        super().changeEvent(event)

    def _pad(self) -> None:
        y = 10 if self._at_top else 25
        self._words.setContentsMargins(26 + self._box_side() + (22 if self._at_top else 20), y, 26, y + 2)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        on = self.isChecked()
        fill, edge = ("accent_soft", "accent") if on else ("sunk" if self.isDown() else "card", "edge")
        draw_box(painter, QRectF(self.rect()), fill=fill, edge=edge, width=2, radius=KIOSK_RADIUS)
        top = 13.0 if self._at_top else round((self.height() - self._box_side()) / 2)
        self._paint_box(painter, 26, top)


class ConsentRow(_TickRow):
    """A consent in the staff's form: box, title, and the wording in full below it.

    `key` is a portable key sequence; it is shown at the right, and ticks while the row is visible.
    """

    _key = ""

    def __init__(self, title: str, detail: str = "", key: str = "") -> None:
        super().__init__(title, detail, ("", "small"), 22)
        self._key = key
        if key:
            press_by_key(self, key)
        self.setProperty(RING_GAP, 3)
        self._pad()

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.StyleChange:
            self._pad()
        super().changeEvent(event)

    def _pad(self) -> None:
        self._words.setContentsMargins(self._box_side() + 12, 0, 0, 0)
        # Beside the title alone: the wording below needs the whole width.
        self._title.setContentsMargins(0, 0, key_cap_size(self._key).width() + 12 if self._key else 0, 0)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        self._paint_box(painter, 0, 0)
        if self._key:
            cap = key_cap_size(self._key)
            draw_key_cap(painter, QRectF(self.width() - cap.width(), 0, cap.width(), cap.height()), self._key)
