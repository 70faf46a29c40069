"""Long work: a bar with counts and Cancel, which appears only when the work takes longer than 600 ms."""

from collections.abc import Callable

from PySide6.QtCore import QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from stojnica.i18n import gettext as _
from stojnica.services.tasks import Progress
from stojnica.services.written_time import written_number
from stojnica.ui.controls.button import ActionButton
from stojnica.ui.controls.card import Card
from stojnica.ui.controls.labels import Label
from stojnica.ui.controls.painting import draw_box
from stojnica.ui.controls.spoken import announce
from stojnica.ui.theme.look import look

APPEARS_AFTER_MS = 600
POLL_MS = 100


class Bar(QWidget):
    """A bar that is full at 1.0; without a share it shows that something is happening."""

    def __init__(self) -> None:
        super().__init__()
        self._share: float | None = 0.0
        self._phase = 0.0
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def set_share(self, share: float | None) -> None:
        """Fill the bar from 0.0 to 1.0; None while nobody knows."""
        self._share = None if share is None else min(max(share, 0.0), 1.0)
        self._phase = (self._phase + 0.07) % 1.0
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(120, look().px(12))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        whole, radius = QRectF(self.rect()), self.height() / 2
        edge = "edge" if look().theme.edge_px > 1 else None
        draw_box(painter, whole, fill="track", edge=edge, width=look().theme.edge_px, radius=radius)
        if self._share is None:
            part = QRectF(whole.width() * self._phase * 0.75, 0, whole.width() / 4, whole.height())
            draw_box(painter, part, fill="accent", radius=radius)
        elif self._share > 0:
            width = max(whole.width() * self._share, whole.height())
            draw_box(painter, QRectF(0, 0, width, whole.height()), fill="accent", radius=radius)


class ProgressPanel(Card):
    """Show how far the running work is. `stopped` is emitted when the user presses Cancel.

    `poll` gives the latest progress, `describe` the words for its stage; both are called on the UI thread,
    every 100 ms while work is running.
    """

    stopped = Signal()

    def __init__(self, poll: Callable[[], Progress | None], describe: Callable[[str], str]) -> None:
        super().__init__()
        self._poll = poll
        self._describe = describe
        self._words = Label("", "strong")
        self._counts = Label("", "soft")
        self._bar = Bar()
        self._cancel = ActionButton(_("Cancel"), small=True)
        self._appear = QTimer(self, singleShot=True, interval=APPEARS_AFTER_MS)
        self._tick = QTimer(self, interval=POLL_MS)
        self._appear.timeout.connect(self._on_appear)
        self._tick.timeout.connect(self._draw)
        self._cancel.clicked.connect(self._on_cancel)
        self._build()
        self.setVisible(False)

    def set_running(self, running: bool) -> None:
        """Begin to wait for 600 ms and then show the work, or hide at its end."""
        if running and not self._is_running():
            self._cancel.setEnabled(True)
            self._draw()
            self._appear.start()
        elif not running:
            self._appear.stop()
            self._tick.stop()
            self.setVisible(False)

    def _is_running(self) -> bool:
        return self._appear.isActive() or self._tick.isActive()

    def _build(self) -> None:
        head = QHBoxLayout()
        head.addWidget(self._words, 1)
        head.addWidget(self._counts)
        foot = QHBoxLayout()
        foot.setSpacing(18)
        foot.addWidget(self._bar, 1, Qt.AlignmentFlag.AlignVCenter)
        foot.addWidget(self._cancel)
        self.body.addLayout(head)
        self.body.addLayout(foot)

    def _on_appear(self) -> None:
        self._tick.start()
        self._draw()
        self.setVisible(True)
        announce(self, self._words.text())

    def _on_cancel(self) -> None:
        self._cancel.setEnabled(False)
        self._words.setText(_("Stopping …"))
        self.stopped.emit()

    def _draw(self) -> None:
        progress = self._poll() or Progress("")
        if self._cancel.isEnabled():
            self._words.setText(self._describe(progress.stage))
        if progress.total:
            counts = _("{done} of {total}")
            done, total = written_number(progress.done), written_number(progress.total)
            self._counts.setText(counts.format(done=done, total=total))
            self._bar.set_share(progress.done / progress.total)
        else:
            self._counts.setText("")
            self._bar.set_share(None)
