"""A counter that is one big button: press it anywhere, or press its key in any page."""

from PySide6.QtCore import QEasingCurve, QEvent, QRectF, QSize, Qt, QVariantAnimation
from PySide6.QtGui import QFontMetrics, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QPushButton, QSizePolicy

from stojnica.i18n import gettext as _
from stojnica.ui.controls.focus_ring import RING_GAP, RING_RADIUS
from stojnica.ui.controls.painting import draw_box, draw_key_cap, draw_pressable, key_cap_size, shortcut_words
from stojnica.ui.controls.spoken import announce
from stojnica.ui.theme.look import look
from stojnica.ui.theme.sizes import CARD_PADDING_X, CARD_RADIUS, Type

_FOOT = 3
_FLASH_MS = 600
_ADD_SIDE = 64
_ADD_SIDE_COMPACT = 46
_NUMBER_COMPACT = 42


class TallyCard(QPushButton):
    """Show a name, a big number and what was added lately; emits `clicked` when somebody counts.

    `key` is only shown: the window owns it, so that it counts in every page. A compact card has no second
    line, for stands with many counters.
    """

    def __init__(self, title: str, *, key: str = "") -> None:
        super().__init__()
        self._is_compact = False
        self._title = title
        self._key = key
        self._number = ""
        self._note = ""
        self._glow = 0.0
        self._flash = QVariantAnimation(self)
        self._flash.setStartValue(1.0)
        self._flash.setEndValue(0.0)
        self._flash.setDuration(_FLASH_MS)
        self._flash.setEasingCurve(QEasingCurve.Type.OutQuad)
        self._flash.valueChanged.connect(self._set_glow)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAutoDefault(False)
        self.setProperty(RING_GAP, 2)
        self.setProperty(RING_RADIUS, CARD_RADIUS)
        self._tell()

    @property
    def number(self) -> str:
        """Give the number that is shown."""
        return self._number

    def set_number(self, number: str) -> None:
        """Show the number, formatted for the language."""
        self._number = number
        self._tell()

    def set_note(self, note: str) -> None:
        """Show the second line, such as what came in the last 30 minutes."""
        self._note = note
        self._tell()

    def set_title(self, title: str) -> None:
        """Change the name."""
        self._title = title
        self._tell()

    def set_key(self, key: str) -> None:
        """Show another key; "" for none."""
        self._key = key
        self._tell()

    def set_compact(self, compact: bool) -> None:
        """Leave the second line out, and make the number smaller."""
        self._is_compact = compact
        self._tell()

    def flash(self) -> None:
        """Glow softly once, and say the number: it was counted, and it is on disk."""
        self._flash.stop()
        self._flash.start()
        announce(self, f"{self._title}: {self._number}")

    def sizeHint(self) -> QSize:
        metrics = QFontMetrics(look().font(Type.TALLY_HEAD, semibold=True))
        title = metrics.horizontalAdvance(self._title) + key_cap_size(self._key).width() + 12
        digits = QFontMetrics(look().font(self._number_size(), semibold=True)).horizontalAdvance("0000")
        width = max(title, digits + self._add_side() + 12) + 2 * CARD_PADDING_X
        return QSize(width, look().px(72) + 32 if self._is_compact else look().px(132) + 44)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.isAutoRepeat():
            self.click()
        elif event.isAutoRepeat():
            event.accept()
        else:
            super().keyPressEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.StyleChange:
            self.updateGeometry()
        super().changeEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        down = _FOOT - 1 if self.isDown() else 0
        ground = QRectF(self.rect()).adjusted(0, down, 0, 0)
        foot, width = float(_FOOT - down), float(look().theme.edge_px)
        draw_pressable(painter, ground, fill="card", edge="edge", width=width, foot=foot, radius=CARD_RADIUS)
        if self._glow > 0:
            painter.setOpacity(self._glow)
            inside = ground.adjusted(width, width, -width, -width - foot)
            draw_box(painter, inside, fill="accent_soft", radius=CARD_RADIUS - width)
            painter.setOpacity(1.0)
        self._paint_words(painter, down)
        self._paint_add(painter, down)

    def _paint_words(self, painter: QPainter, down: int) -> None:
        left, right = CARD_PADDING_X, self.width() - CARD_PADDING_X
        cap = key_cap_size(self._key)
        top = 12 if self._is_compact else 18
        head = QRectF(left, top + down, right - left, max(look().px(25), cap.height()))
        align = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
        painter.setFont(look().font(Type.TALLY_HEAD, semibold=True))
        painter.setPen(look().colour("ink"))
        painter.drawText(head, align, self._title)
        if self._key:
            top = round(head.center().y() - cap.height() / 2)
            draw_key_cap(painter, QRectF(right - cap.width(), top, cap.width(), cap.height()), self._key)
        painter.setFont(look().font(self._number_size(), semibold=True))
        gap, height = (5, look().px(50)) if self._is_compact else (9, look().px(68))
        number = QRectF(left - 1, head.bottom() + gap, right - left, height)
        painter.drawText(number, align, self._number)
        if self._is_compact:
            return
        painter.setFont(look().font(Type.NOTE))
        painter.setPen(look().colour("ink_soft"))
        note = QRectF(left, number.bottom() + 12, right - left, look().px(24))
        painter.drawText(note, align, self._note)

    def _paint_add(self, painter: QPainter, down: int) -> None:
        side = self._add_side()
        top = (12 + look().px(25) + 10 if self._is_compact else 18 + look().px(25) + 20) + down
        box = QRectF(self.width() - CARD_PADDING_X - side, top, side, side)
        draw_box(painter, box, fill="accent_soft", radius=12)
        painter.setFont(look().font(24 if self._is_compact else 34, semibold=True))
        painter.setPen(look().colour("accent"))
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, "+1")

    def _add_side(self) -> int:
        return look().px(_ADD_SIDE_COMPACT if self._is_compact else _ADD_SIDE)

    def _number_size(self) -> int:
        return _NUMBER_COMPACT if self._is_compact else Type.NUMBER

    def _set_glow(self, glow: object) -> None:
        self._glow = float(glow) if isinstance(glow, float) else 0.0
        self.update()

    def _tell(self) -> None:
        count = _("{counter}: {number}. Press to count one more.")
        self.setAccessibleName(count.format(counter=self._title, number=self._number))
        self.setAccessibleDescription(
            " · ".join(part for part in (self._note, shortcut_words(self._key)) if part)
        )
        self.updateGeometry()
        self.update()
