"""Buttons: filled for the one main action, outlined for others, links in running text."""

from enum import Enum

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, QSizeF, Qt
from PySide6.QtGui import (
    QEnterEvent,
    QFont,
    QFontMetrics,
    QKeyEvent,
    QPainter,
    QPaintEvent,
)
from PySide6.QtWidgets import QAbstractButton, QPushButton, QSizePolicy, QWidget

from stojnica.ui.controls.focus_ring import RING_GAP, RING_RADIUS
from stojnica.ui.controls.painting import draw_box, draw_key_cap, key_cap_size, shortcut_words
from stojnica.ui.theme.icons import icon_pixmap
from stojnica.ui.theme.look import look
from stojnica.ui.theme.sizes import CONTROL_RADIUS, KIOSK_RADIUS, Type


class Kind(Enum):
    """Say what a button is for; it decides how the button looks."""

    FILLED = "filled"
    OUTLINED = "outlined"
    DESTRUCTIVE = "destructive"
    LINK = "link"


_SPACE = 8
_ARROWS = "‹› "
"""Signs of the way on and back: a voice would spell them out."""


class ActionButton(QPushButton):
    """A button with an optional icon before its text and an optional key cap behind it.

    `key` is a portable key sequence (``Ctrl+N``). It is shown, and works while the button is visible, unless
    `shortcut` is False because the window owns the key. `light` is for links in each row of a list.
    """

    def __init__(
        self,
        text: str,
        kind: Kind = Kind.OUTLINED,
        *,
        key: str = "",
        icon: str = "",
        kiosk: bool = False,
        small: bool = False,
        light: bool = False,
        shortcut: bool = True,
    ) -> None:
        super().__init__()
        self._kind = kind
        self._key = self._cap = key
        self._icon_name = icon
        self._is_kiosk = kiosk
        self._is_small = small
        self._is_light = light
        self._is_hovered = False
        if key and shortcut:
            press_by_key(self, key)
        self.setSizePolicy(QSizePolicy.Policy.Minimum, QSizePolicy.Policy.Fixed)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAutoDefault(False)
        self.setProperty(RING_GAP, 0 if kind is Kind.LINK else 2)
        self.setProperty(RING_RADIUS, 4 if kind is Kind.LINK else self._radius())
        self.set_text(text)

    def set_text(self, text: str) -> None:
        """Change the text; an ampersand is shown as one."""
        self.setText(text.replace("&", "&&"))
        self.setAccessibleName(text.strip(_ARROWS))
        if self._key:
            self.setAccessibleDescription(shortcut_words(self._key))
        self.updateGeometry()

    def set_cap_shown(self, is_shown: bool) -> None:
        """Show the key cap, or leave it out where room is short; the key works all the same."""
        self._cap = self._key if is_shown else ""
        self.updateGeometry()
        self.update()

    def set_kind(self, kind: Kind) -> None:
        """Change what the button is for, e.g. when another one becomes the main action."""
        self._kind = kind
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        metrics = QFontMetrics(self._font())
        width, height = metrics.horizontalAdvance(self._words()), metrics.height()
        if self._icon_name:
            width += self._icon_side() + (_SPACE if self._words() else 0)
        if self._cap:
            width += key_cap_size(self._cap).width() + _SPACE
            height = max(height, key_cap_size(self._cap).height() - 4)
        margin_x, margin_y = self._margins()
        return QSize(width + 2 * margin_x, height + 2 * margin_y)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_ground(painter)
        ink = self._ink()
        metrics = QFontMetrics(self._font())
        content = self.sizeHint().width() - 2 * self._margins()[0]
        x, middle = (self.width() - content) / 2, self.height() / 2
        if self._kind is Kind.LINK:
            x = 0.0
        if self._icon_name:
            side = self._icon_side()
            painter.drawPixmap(QPointF(x, middle - side / 2), icon_pixmap(self._icon_name, ink, side))
            x += side + _SPACE
        font = self._font()
        # Where all ink is black, the line below is what tells a link from a word.
        is_marked = self._is_hovered or look().theme.edge_px > 1
        font.setUnderline(self._kind is Kind.LINK and is_marked)
        painter.setFont(font)
        painter.setPen(look().colour(ink))
        width = metrics.horizontalAdvance(self._words())
        spot = QRectF(x, 0, width + 1, self.height())
        painter.drawText(spot, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, self._words())
        if self._cap:
            size = key_cap_size(self._cap)
            corner = QPointF(round(x + width + _SPACE), round(middle - size.height() / 2))
            cap = QRectF(corner, QSizeF(size))
            draw_key_cap(painter, cap, self._cap, on_accent=ink == "on_accent")

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if is_enter(event):
            click_once(self, event)
        else:
            super().keyPressEvent(event)

    def enterEvent(self, event: QEnterEvent) -> None:
        self._is_hovered = True
        super().enterEvent(event)

    def leaveEvent(self, event: QEvent) -> None:
        self._is_hovered = False
        super().leaveEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.StyleChange:
            self.updateGeometry()
        super().changeEvent(event)

    def _words(self) -> str:
        return self.text().replace("&&", "&")

    def _radius(self) -> float:
        return KIOSK_RADIUS if self._is_kiosk else CONTROL_RADIUS

    def _margins(self) -> tuple[int, int]:
        if self._kind is Kind.LINK:
            return 0, 0 if self._is_small else 2
        if self._is_kiosk:
            return 36, 19
        return (14, 9) if self._is_small else (22, 13)

    def _icon_side(self) -> int:
        return look().px(22 if self._is_kiosk else 18)

    def _font(self) -> QFont:
        if self._is_kiosk:
            size = Type.KIOSK_NOTE if self._kind is Kind.LINK else Type.KIOSK_BUTTON
        elif self._kind is not Kind.LINK or self._is_light:
            size = Type.BASE
        else:
            size = Type.SMALL if self._is_small else Type.NOTE
        return look().font(size, semibold=not self._is_light)

    def _ink(self) -> str:
        if not self.isEnabled():
            return "ink_soft"
        return {
            Kind.FILLED: "on_accent",
            Kind.OUTLINED: "ink",
            Kind.DESTRUCTIVE: "bad",
            Kind.LINK: "accent",
        }[self._kind]

    def _paint_ground(self, painter: QPainter) -> None:
        if self._kind is Kind.LINK:
            return
        rect, radius, width = QRectF(self.rect()), self._radius(), look().theme.edge_px
        if not self.isEnabled():
            # Not by its colour alone: in the theme for full sun there is none to spare.
            draw_box(painter, rect, fill="sunk", edge="edge", width=width, radius=radius, dashed=True)
        elif self._kind is Kind.FILLED:
            fill = "accent_mid" if self.isDown() else "accent"
            draw_box(painter, rect, fill=fill, radius=radius)
            if self._is_hovered and not self.isDown():
                painter.setOpacity(0.1)
                draw_box(painter, rect, fill="on_accent", radius=radius)
                painter.setOpacity(1.0)
        else:
            fill = "sunk" if self.isDown() else "paper" if self._is_hovered else "card"
            edge = "bad" if self._kind is Kind.DESTRUCTIVE else "edge"
            draw_box(painter, rect, fill=fill, edge=edge, width=width, radius=radius)


def is_enter(event: QKeyEvent) -> bool:
    """Tell whether Enter was pressed, with nothing else."""
    return event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.modifiers()


def click_once(button: QAbstractButton, event: QKeyEvent) -> None:
    """Press a button by a key; one that is held down presses it once."""
    event.accept()
    if not event.isAutoRepeat():
        button.click()


def press_by_key(button: QAbstractButton, key: str) -> None:
    """Press a button by a portable key sequence while it is visible.

    A button's own shortcut presses it only after 100 ms; by then the next visitor's name is being typed.
    """
    # Here, because PySide makes all that they bring along at once, and the first window has no keys.
    from PySide6.QtGui import QKeySequence, QShortcut

    shortcut = QShortcut(QKeySequence(key), button)
    shortcut.setAutoRepeat(False)
    shortcut.activated.connect(button.click)


def link(text: str, *, key: str = "", parent: QWidget | None = None) -> ActionButton:
    """Make a button that looks like a link."""
    button = ActionButton(text, Kind.LINK, key=key)
    button.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
    if parent is not None:
        button.setParent(parent)
    return button
