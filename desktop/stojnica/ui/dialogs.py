"""The base of all dialogs: it collects and checks, and stores nothing."""

from PySide6.QtCore import QEvent, QObject, QSize, Qt, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QDialog, QFrame, QScrollArea, QVBoxLayout, QWidget

from stojnica.domain.errors import UserFacingError
from stojnica.i18n import gettext as _
from stojnica.ui.controls.button import ActionButton, Kind
from stojnica.ui.controls.flow import FlowLayout
from stojnica.ui.controls.focus_order import lead_focus
from stojnica.ui.controls.labels import Label
from stojnica.ui.controls.said import Said
from stojnica.ui.theme.sizes import GAP

_MARGIN = 30


class AppDialog(QDialog):
    """A window-modal sheet with a title, a sentence, a `body` layout and two named buttons.

    Shown with `open()`. When the user accepts, `collect` is asked; what it gives is sent by `submitted`, and
    the dialog stays open until its owner calls `accept()` (all is well) or `show_error()` (it is not); the
    button is disabled in between. `collect` gives None when a field needs attention, and has said so there.
    """

    submitted = Signal(object)
    keeps_half_typed = True
    """Whether what is typed may be kept when a lock closes the store; no words that open it."""

    def __init__(
        self,
        parent: QWidget | None,
        *,
        title: str,
        accept: str,
        intro: str = "",
        reject: str | None = None,
        destructive: bool = False,
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(title)
        self.setModal(True)
        self.setMinimumWidth(540)
        self._title = Label(title, "page-title", wrap=True)
        self._intro = Label(intro, "mid", wrap=True)
        self._error = Said()
        self._field: QWidget | None = None
        self._accept = ActionButton(accept, Kind.DESTRUCTIVE if destructive else Kind.FILLED)
        self._reject = ActionButton(_("Cancel") if reject is None else reject)
        self._accept.setDefault(not destructive)
        self._accept.clicked.connect(self.submit)
        self._reject.clicked.connect(self.reject)
        # Its page lives on: a PIN or a name that was typed here must not stay in it.
        self.finished.connect(self.deleteLater)
        self._content = QWidget()
        self._content.setProperty("ground", "page")
        self._content.installEventFilter(self)
        self._foot = QVBoxLayout()
        self.body = QVBoxLayout()
        self.body.setSpacing(6)
        self._build()
        self._intro.setVisible(bool(intro))
        self._reject.setVisible(reject != "")

    def collect(self) -> object:
        """Give what was filled in, or None when it is not right; to be overridden."""
        return True

    def submit(self) -> None:
        """Check and send what was filled in."""
        self._say("")
        value = self.collect()
        if value is None:
            return
        self.set_busy(True)
        self.submitted.emit(value)

    def show_error(self, error: UserFacingError) -> None:
        """Say at the place why it could not be done, and let the user try again."""
        self.set_busy(False)
        self._say(error.sentences())

    def concern(self, field: QWidget) -> None:
        """Have errors belong to a field: a voice says them there, too."""
        self._field = field

    def set_busy(self, busy: bool) -> None:
        """Hold the buttons while the answer is out; Escape still leaves."""
        self._accept.setEnabled(not busy)

    def about(self) -> tuple[str, str]:
        """Give title and sentence, which tell what the dialog is about."""
        return self._title.text(), self._intro.text()

    def error_text(self) -> str:
        """Give the sentence that is shown as an error."""
        return self._error.text()

    def focusNextPrevChild(self, is_next: bool) -> bool:
        return lead_focus(self, is_next)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.LayoutRequest:
            self._fit()
        return super().eventFilter(watched, event)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._fit()

    def _fit(self) -> None:
        """Grow with the content, up to the screen; beyond that the content scrolls."""
        needed_width = max(self._content.minimumSizeHint().width() + 20, self._foot.sizeHint().width())
        width = max(self.width(), min(needed_width, self.maximumWidth()))
        wraps = self._foot.hasHeightForWidth()
        foot = self._foot.totalHeightForWidth(width) if wraps else self._foot.totalSizeHint().height()
        # A choice that could wrap asks for more than it takes; without that room the sheet scrolls.
        least = self._content.minimumSizeHint().height()
        needed = max(self._content.heightForWidth(width), least) + 12 + foot
        room = self.screen().availableGeometry()
        wanted = QSize(min(width, room.width()), min(max(needed, self.height()), room.height() - 40))
        if wanted != self.size():
            self.resize(wanted)

    def _say(self, text: str) -> None:
        self._error.say(text)
        if self._field is not None:
            self._field.setAccessibleDescription(text)
        self._fit()

    def _build(self) -> None:
        buttons = FlowLayout()
        buttons.set_right_aligned(True)
        buttons.addWidget(self._reject)
        buttons.addWidget(self._accept)
        content = QVBoxLayout(self._content)
        content.setContentsMargins(_MARGIN, 26, _MARGIN, 6)
        content.setSpacing(GAP)
        content.addWidget(self._title)
        content.addWidget(self._intro)
        content.addLayout(self.body, 1)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setWidget(self._content)
        self._foot.setContentsMargins(_MARGIN, 0, _MARGIN, 26)
        self._foot.setSpacing(12)
        self._foot.addWidget(self._error)
        self._foot.addLayout(buttons)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(12)
        outer.addWidget(area, 1)
        outer.addLayout(self._foot)
        self.setWindowFlag(Qt.WindowType.WindowContextHelpButtonHint, False)


class ConfirmDialog(AppDialog):
    """Ask before something that can't be taken back; the button names what it does. It closes at once."""

    def __init__(
        self, parent: QWidget | None, *, title: str, text: str, accept: str, destructive: bool = True
    ) -> None:
        super().__init__(parent, title=title, intro=text, accept=accept, destructive=destructive)
        self.submitted.connect(self.accept)
