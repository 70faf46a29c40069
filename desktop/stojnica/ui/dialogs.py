"""The base of all dialogs: it collects and checks, and stores nothing."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QDialog, QHBoxLayout, QVBoxLayout, QWidget

from stojnica.domain.errors import UserFacingError
from stojnica.i18n import gettext as _
from stojnica.ui.controls.button import ActionButton, Kind
from stojnica.ui.controls.labels import Label
from stojnica.ui.theme.sizes import GAP


class AppDialog(QDialog):
    """A window-modal sheet with a title, a sentence, a `body` layout and two named buttons.

    Shown with `open()`. When the user accepts, `collect` is asked; what it gives is sent by `submitted`, and
    the dialog stays open until its owner calls `accept()` (all is well) or `show_error()` (it is not); the
    button is disabled in between. `collect` gives None when a field needs attention, and has said so there.
    """

    submitted = Signal(object)

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
        self.setMinimumWidth(480)
        self._title = Label(title, "page-title", wrap=True)
        self._intro = Label(intro, "mid", wrap=True)
        self._intro.setVisible(bool(intro))
        self._error = Label("", "mid", wrap=True)
        self._error.set_tone("bad")
        self._error.setVisible(False)
        self._accept = ActionButton(accept, Kind.DESTRUCTIVE if destructive else Kind.FILLED)
        self._reject = ActionButton(_("Cancel") if reject is None else reject)
        self._reject.setVisible(reject != "")
        self._accept.setDefault(not destructive)
        self._accept.clicked.connect(self.submit)
        self._reject.clicked.connect(self.reject)
        self.body = QVBoxLayout()
        self.body.setSpacing(6)
        self._build()

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

    def set_busy(self, busy: bool) -> None:
        """Hold the buttons while the answer is out; Escape still leaves."""
        self._accept.setEnabled(not busy)

    def error_text(self) -> str:
        """Give the sentence that is shown as an error."""
        return self._error.text()

    def _say(self, text: str) -> None:
        self._error.setText(text)
        self._error.setVisible(bool(text))
        self._error.setAccessibleName(text)

    def _build(self) -> None:
        buttons = QHBoxLayout()
        buttons.setSpacing(12)
        buttons.addStretch(1)
        buttons.addWidget(self._reject)
        buttons.addWidget(self._accept)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(30, 26, 30, 26)
        outer.setSpacing(GAP)
        outer.addWidget(self._title)
        outer.addWidget(self._intro)
        outer.addLayout(self.body, 1)
        outer.addWidget(self._error)
        outer.addLayout(buttons)
        self.setWindowFlag(Qt.WindowType.WindowContextHelpButtonHint, False)


class ConfirmDialog(AppDialog):
    """Ask before something that can't be taken back; the button names what it does. It closes at once."""

    def __init__(
        self, parent: QWidget | None, *, title: str, text: str, accept: str, destructive: bool = True
    ) -> None:
        super().__init__(parent, title=title, intro=text, accept=accept, destructive=destructive)
        self.submitted.connect(self.accept)
