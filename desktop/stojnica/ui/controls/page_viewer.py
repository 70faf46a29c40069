"""Sheets of paper to look at closely: pages, zoom, and what is wrong written at its place."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QObject, QPoint, QRectF, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import QFrame, QScrollArea, QVBoxLayout, QWidget

from stojnica.i18n import gettext as _
from stojnica.services.flyer_preview import PREVIEW_DPI, PreviewPage
from stojnica.ui.controls.button import ActionButton
from stojnica.ui.controls.flow import FlowLayout
from stojnica.ui.controls.labels import Label
from stojnica.ui.controls.marked_paper import MarkedPaper
from stojnica.ui.controls.page_turner import PageTurner, SideTurner
from stojnica.ui.controls.painting import draw_box
from stojnica.ui.controls.spoken import Spoken, speak_as

FIT = 0
STEPS = (25, 33, 50, 67, 75, 100, 125, 150, 200, 300, 400)
"""In percent of the true size."""
_MARGIN = 12
_ARROW_PX = 60
_USUAL_DPI = 96.0
_ARROWS = {
    Qt.Key.Key_Left: (-1, 0),
    Qt.Key.Key_Right: (1, 0),
    Qt.Key.Key_Up: (0, -1),
    Qt.Key.Key_Down: (0, 1),
}


class PageViewer(QWidget):
    """Show pages, the whole of one at first. `sharper_wanted` carries its number and the dpi it needs.

    Pages are the two sides of one piece, or with `many` those of a paper that goes on; one without a picture
    is asked for once somebody turns to it.
    """

    sharper_wanted = Signal(int, float)

    def __init__(self, name: str, *, many: bool = False) -> None:
        super().__init__()
        self._pages: tuple[PreviewPage, ...] = ()
        self._page = 0
        self._percent = FIT
        self._asked: tuple[int, float] = (0, 0.0)
        self._blank: PreviewPage | None = None
        self._grip: QPoint | None = None
        self._paper = MarkedPaper(name)
        self._area = QScrollArea()
        self._turner: PageTurner | SideTurner = PageTurner() if many else SideTurner()
        self._out = ActionButton("−", small=True, key="Ctrl+-")
        self._in = ActionButton("+", small=True, key="Ctrl++")
        self._fit = ActionButton(_("Fit"), small=True, key="Ctrl+0")
        self._true = ActionButton(_("{percent} %").format(percent=100), small=True)
        self._shown = Label("", "soft")
        self._out.setAccessibleName(_("Smaller"))
        self._in.setAccessibleName(_("Larger"))
        self._fit.setAccessibleName(_("Fit the whole page"))
        self._true.setAccessibleName(_("True size, {percent} %").format(percent=100))
        speak_as(self, Spoken.GROUP)
        self.setAccessibleName(name)
        self._build()
        self._connect()

    def set_pages(self, pages: Sequence[PreviewPage]) -> None:
        """Show other pages; which one, and the zoom, stay as they were, where they can."""
        if len(pages) != len(self._pages):
            self._turner.set_count(len(pages))
        self._pages = tuple(pages)
        self._page = min(self._page, max(len(pages) - 1, 0))
        self._turner.set_value(self._page)
        self._turner.setVisible(len(pages) > 1)
        # Beside the two sides there is no room for all of it on a small screen.
        has_room = isinstance(self._turner, PageTurner) or len(pages) < 2
        for step in (self._out, self._in):
            step.set_cap_shown(has_room)
        for control in (self._out, self._in, self._fit, self._true, self._shown):
            control.setVisible(bool(pages))
        self._show()

    def set_busy(self, busy: bool) -> None:
        """Dim the picture: it is not the newest any more."""
        self._paper.set_busy(busy)

    @property
    def percent(self) -> int:
        """Give how large the page is shown, in percent of its true size."""
        return self._percent or self._fitting()

    def zoom(self, way: int) -> None:
        """Show the page a step larger (1) or smaller (-1)."""
        now = self.percent
        steps = [step for step in STEPS if (step > now if way > 0 else step < now)]
        if steps:
            self._zoom_to(steps[0] if way > 0 else steps[-1])

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QWheelEvent) and event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            if event.angleDelta().y():
                self.zoom(1 if event.angleDelta().y() > 0 else -1)
            return True
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            return self._moved_by_key(event)
        if isinstance(event, QMouseEvent):
            self._drag(event)
        return super().eventFilter(watched, event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._show()

    def paintEvent(self, event: QPaintEvent) -> None:
        desk = QRectF(self._area.geometry())
        draw_box(QPainter(self), desk, fill="sunk", edge="line", width=1, radius=10)

    def _build(self) -> None:
        self._area.setFrameShape(QFrame.Shape.NoFrame)
        self._area.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._area.setWidget(self._paper)
        self._area.setProperty("ground", "clear")
        self._area.viewport().setProperty("ground", "clear")
        self._area.viewport().setAutoFillBackground(False)
        self._area.setMinimumHeight(220)
        self._area.viewport().installEventFilter(self)
        self._paper.installEventFilter(self)
        bar = FlowLayout()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        if isinstance(self._turner, PageTurner):
            column.addWidget(self._turner, 0, Qt.AlignmentFlag.AlignLeft)
        else:
            bar.addWidget(self._turner)
        for control in (self._out, self._in, self._fit, self._true, self._shown):
            bar.addWidget(control)
        column.addLayout(bar)
        column.addWidget(self._area, 1)

    def _connect(self) -> None:
        self._turner.chosen.connect(self._on_turned)
        self._out.clicked.connect(self._on_out)
        self._in.clicked.connect(self._on_in)
        self._fit.clicked.connect(self._on_fit)
        self._true.clicked.connect(self._on_true)

    def _show(self) -> None:
        if not self._pages:
            self._paper.set_page(None)
            return
        page = self._pages[self._page]
        scale = self.percent / 100 * self._px_per_mm()
        self._paper.set_page(page)
        self._paper.setFixedSize(
            max(round(page.size_mm[0] * scale), 1), max(round(page.size_mm[1] * scale), 1)
        )
        is_larger = self._percent != FIT
        self._paper.setFocusPolicy(Qt.FocusPolicy.StrongFocus if is_larger else Qt.FocusPolicy.NoFocus)
        self._shown.setText(_("{percent} %").format(percent=self.percent))
        self._ask_for_sharper(scale * 25.4 * self.devicePixelRatioF())

    def _ask_for_sharper(self, dpi: float) -> None:
        """Ask once for each size; what was rendered at first does for the whole page."""
        page = self._pages[self._page]
        if not page.png:
            if page is not self._blank:
                self._blank = page
                self.sharper_wanted.emit(self._page, max(dpi, float(PREVIEW_DPI)))
            return
        self._blank = None
        wanted = (self._page, round(dpi, 1))
        if dpi > PREVIEW_DPI * 1.2 and wanted != self._asked:
            self._asked = wanted
            self.sharper_wanted.emit(*wanted)

    def _zoom_to(self, percent: int) -> None:
        bars = (self._area.horizontalScrollBar(), self._area.verticalScrollBar())
        middles = [
            (bar.value() + bar.pageStep() / 2) / max(bar.maximum() + bar.pageStep(), 1) for bar in bars
        ]
        self._percent = percent
        self._show()
        for bar, middle in zip(bars, middles, strict=True):
            # What was in the middle stays there.
            bar.setValue(round(middle * (bar.maximum() + bar.pageStep()) - bar.pageStep() / 2))

    def _fitting(self) -> int:
        if not self._pages:
            return 100
        room = self._area.maximumViewportSize()
        wide, high = self._pages[self._page].size_mm
        fitting = min((room.width() - 2 * _MARGIN) / wide, (room.height() - 2 * _MARGIN) / high)
        return max(int(fitting / self._px_per_mm() * 100), 5)

    def _px_per_mm(self) -> float:
        screen = self.screen()
        dpi = screen.physicalDotsPerInch() if screen is not None else _USUAL_DPI
        # Some screens say nothing, or nonsense.
        return (dpi if 60 <= dpi <= 400 else _USUAL_DPI) / 25.4

    def _moved_by_key(self, event: QKeyEvent) -> bool:
        across, down = _ARROWS.get(Qt.Key(event.key()), (0, 0))
        if self._percent == FIT or not (across or down):
            return False
        self._move(across * _ARROW_PX, down * _ARROW_PX)
        return True

    def _drag(self, event: QMouseEvent) -> None:
        place = event.globalPosition().toPoint()
        if event.type() == QEvent.Type.MouseButtonPress:
            self._grip = place
        elif event.type() == QEvent.Type.MouseButtonRelease:
            self._grip = None
        elif self._grip is not None:
            self._move(self._grip.x() - place.x(), self._grip.y() - place.y())
            self._grip = place

    def _move(self, across: int, down: int) -> None:
        for bar, way in ((self._area.horizontalScrollBar(), across), (self._area.verticalScrollBar(), down)):
            bar.setValue(bar.value() + way)

    def _on_turned(self, page: object) -> None:
        if isinstance(page, int):
            self._page = page
            self._show()

    def _on_out(self) -> None:
        self.zoom(-1)

    def _on_in(self) -> None:
        self.zoom(1)

    def _on_fit(self) -> None:
        self._zoom_to(FIT)

    def _on_true(self) -> None:
        self._zoom_to(100)
