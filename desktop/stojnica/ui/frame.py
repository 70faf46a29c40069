"""The main window: navigation at the left, a page, the status line; it knows pages by name alone."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QCloseEvent, QFontMetrics, QKeyEvent, QKeySequence, QPainter, QPaintEvent, QShortcut
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QMainWindow,
    QRadioButton,
    QScrollArea,
    QSizePolicy,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from stojnica.i18n import gettext as _
from stojnica.ui.controls.button import click_once, is_enter
from stojnica.ui.controls.focus_order import lead_focus
from stojnica.ui.controls.focus_ring import RING_GAP
from stojnica.ui.controls.painting import draw_box
from stojnica.ui.controls.practice_banner import PracticeBanner
from stojnica.ui.controls.scroll_place import ScrollPlace
from stojnica.ui.controls.spoken import Spoken, speak_as
from stojnica.ui.controls.status_line import StatusLine
from stojnica.ui.theme.icons import icon_pixmap
from stojnica.ui.theme.look import look
from stojnica.ui.theme.sizes import FOCUS_RING, RAIL_WIDTH, Type

_MARKER = 4
_UNDER_ICON = 6
_AROUND = 24
_LEAST_AROUND = 10


@dataclass(frozen=True, slots=True)
class PageSpec:
    """Name a page: its key, icon and title in the rail, and what makes it on the first visit.

    A page without a title has no place in the rail; `at_foot` puts it at the lower end.
    """

    key: str
    icon: str
    title: str
    factory: Callable[[], QWidget]
    at_foot: bool = False


class _RailButton(QRadioButton):
    """One place in the rail; its text wraps to two lines, its focus is drawn inside."""

    def __init__(self, spec: PageSpec) -> None:
        super().__init__(spec.title)
        self.key = spec.key
        self._icon = spec.icon
        self.setProperty(RING_GAP, -1)
        # A click leads to the page, and its focus belongs there.
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Maximum)

    def sizeHint(self) -> QSize:
        return QSize(self._width(), self._content_height() + _AROUND)

    def minimumSizeHint(self) -> QSize:
        # Nine places have to be in sight on a desktop of 768 px with its panels.
        return QSize(self._width(), self._content_height() + _LEAST_AROUND)

    def hitButton(self, pos: object) -> bool:
        return True

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if is_enter(event):
            click_once(self, event)
        else:
            super().keyPressEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.StyleChange:
            self.updateGeometry()
        super().changeEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        on = self.isChecked()
        if on or self.underMouse():
            painter.fillRect(self.rect(), look().colour("rail_on"))
        if on:
            painter.fillRect(0, 0, _MARKER, self.height(), look().colour("marker"))
        ink = "rail_ink_on" if on else "rail_ink"
        side = look().px(28)
        left = (self.width() + _MARKER - side) / 2
        above = (self.height() - self._content_height()) // 2
        painter.drawPixmap(QPointF(round(left), above), icon_pixmap(self._icon, ink, side))
        painter.setFont(look().font(Type.SMALL))
        painter.setPen(look().colour(ink))
        top = above + side + _UNDER_ICON
        words = QRect(_MARKER, top, self.width() - _MARKER, self.height() - top)
        flags = Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop | Qt.TextFlag.TextWordWrap
        painter.drawText(words, int(flags), self.text())
        if self.hasFocus():
            inside = QRectF(self.rect()).adjusted(_MARKER + 2, 2, -2, -2)
            draw_box(painter, inside, fill=None, edge="marker", width=FOCUS_RING, radius=6)

    def _content_height(self) -> int:
        return look().px(28) + _UNDER_ICON + self._words_rect().height()

    def _width(self) -> int:
        return max(RAIL_WIDTH, look().px(RAIL_WIDTH * 0.92))

    def _words_rect(self) -> QRect:
        metrics = QFontMetrics(look().font(Type.SMALL))
        room = QRect(0, 0, self._width() - _MARKER, 1000)
        return metrics.boundingRect(room, int(Qt.TextFlag.TextWordWrap), self.text())


class Rail(QWidget):
    """The navigation. `chosen` carries the key of the page that the user wants."""

    chosen = Signal(str)

    def __init__(self, specs: Sequence[PageSpec]) -> None:
        super().__init__()
        self._buttons = {spec.key: _RailButton(spec) for spec in specs if spec.title}
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Expanding)
        speak_as(self, Spoken.GROUP)
        self.setAccessibleName(_("Navigation"))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 14, 0, 14)
        column.setSpacing(0)
        for spec in sorted((spec for spec in specs if spec.title), key=lambda spec: spec.at_foot):
            if spec.at_foot and not any(before.at_foot for before in specs[: specs.index(spec)]):
                column.addStretch(1)
            column.addWidget(self._buttons[spec.key])
            self._buttons[spec.key].clicked.connect(self._on_clicked)
        if not any(spec.at_foot for spec in specs):
            column.addStretch(1)

    def mark(self, key: str) -> None:
        """Mark the page that is shown."""
        for button in self._buttons.values():
            button.setAutoExclusive(False)
            button.setChecked(button.key == key)
        for button in self._buttons.values():
            button.setAutoExclusive(True)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), look().colour("rail"))

    def _on_clicked(self) -> None:
        self.chosen.emit(next(button.key for button in self._buttons.values() if button.isChecked()))


class _RailPlace(QScrollArea):
    """Let the rail scroll, without a bar, when large text makes it higher than the window."""

    def __init__(self, rail: Rail) -> None:
        super().__init__()
        self._rail = rail
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Expanding)
        self.setWidget(rail)

    def sizeHint(self) -> QSize:
        return QSize(self._rail.sizeHint().width(), 300)

    def minimumSizeHint(self) -> QSize:
        return QSize(self.sizeHint().width(), 100)


class MainWindow(QMainWindow):
    """Show one page at a time; pages are made on their first visit.

    `page_shown` carries a page's key. `closing` comes when the user wants to leave, before anything is gone.
    """

    page_shown = Signal(str)
    closing = Signal()

    def __init__(self, specs: Sequence[PageSpec], title: str = "Stojnica") -> None:
        super().__init__()
        self._specs = {spec.key: spec for spec in specs}
        self._places: dict[str, ScrollPlace] = {}
        self._shown_key = ""
        self.rail = Rail(specs)
        self.banner = PracticeBanner()
        self.status = StatusLine()
        self._stack = QStackedWidget()
        self._middle = QHBoxLayout()
        self.setWindowTitle(title)
        self.resize(1366, 768)
        self._build()
        self.rail.chosen.connect(self.show_page)

    @property
    def shown_key(self) -> str:
        """Give the key of the page that is shown."""
        return self._shown_key

    def set_side(self, widget: QWidget) -> None:
        """Put something at the right of all pages for good."""
        self._middle.addWidget(widget)

    def show_page(self, key: str) -> None:
        """Show a page, making it if this is the first visit."""
        if key not in self._places:
            self._places[key] = ScrollPlace(self._specs[key].factory())
            self._stack.addWidget(self._places[key])
        self._stack.setCurrentWidget(self._places[key])
        self._shown_key = key
        self.rail.mark(key)
        self.page_shown.emit(key)

    def page(self, key: str) -> QWidget | None:
        """Give a page that was made already."""
        place = self._places.get(key)
        return place.widget() if place is not None else None

    def drop_page(self, key: str) -> None:
        """Forget a page, so that the next visit makes it anew, for instance in another language."""
        place = self._places.pop(key, None)
        if place is not None:
            self._stack.removeWidget(place)
            place.deleteLater()

    def add_shortcut(self, key: str, slot: Callable[[], object]) -> None:
        """Have a portable key sequence work in every page."""
        shortcut = QShortcut(QKeySequence(key), self)
        shortcut.setAutoRepeat(False)
        shortcut.activated.connect(slot)

    def focusNextPrevChild(self, is_next: bool) -> bool:
        return lead_focus(self, is_next)

    def closeEvent(self, event: QCloseEvent) -> None:
        self.closing.emit()
        super().closeEvent(event)

    def _build(self) -> None:
        self._middle.setSpacing(0)
        self._middle.addWidget(_RailPlace(self.rail))
        self._middle.addWidget(self._stack, 1)
        central = QWidget()
        outer = QVBoxLayout(central)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(0)
        outer.addWidget(self.banner)
        outer.addLayout(self._middle, 1)
        outer.addWidget(self.status)
        self.setCentralWidget(central)
