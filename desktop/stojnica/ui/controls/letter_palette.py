"""Letters that a foreign keyboard lacks, put in where somebody is typing."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QApplication, QHBoxLayout, QLineEdit, QPlainTextEdit, QWidget

from stojnica.i18n import gettext as _
from stojnica.ui.controls.button import ActionButton
from stojnica.ui.controls.labels import Label

LETTERS = "čćđšž"


class LetterPalette(QWidget):
    """A row of letters; Shift gives the capital. A letter goes where the focus was, and the focus goes back.

    `place` is the widget within which fields count. `typed` tells that a letter was put in.
    """

    typed = Signal(str)

    def __init__(self, place: QWidget) -> None:
        super().__init__()
        self._place = place
        self._target: QLineEdit | QPlainTextEdit | None = None
        self._buttons: list[ActionButton] = []
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(6)
        for letter in LETTERS:
            button = ActionButton(letter, small=True)
            button.setAccessibleName(_("letter {letter}").format(letter=letter))
            button.setProperty("letter", letter)
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            button.clicked.connect(self._on_clicked)
            line.addWidget(button)
        line.addWidget(Label(_("with Shift: capital"), "soft"))
        line.addStretch(1)
        application = QApplication.instance()
        assert isinstance(application, QApplication)
        application.focusChanged.connect(self._on_focus)

    def _on_focus(self, _old: QWidget | None, now: QWidget | None) -> None:
        if isinstance(now, QLineEdit | QPlainTextEdit) and self._place.isAncestorOf(now):
            if now is not self._target:
                if self._target is not None:
                    self._target.destroyed.disconnect(self._on_gone)
                now.destroyed.connect(self._on_gone)
            self._target = now

    def _on_gone(self) -> None:
        self._target = None

    def _on_clicked(self) -> None:
        target, letter = self._target, str(self.sender().property("letter"))
        if target is None:
            return
        if QApplication.keyboardModifiers() & Qt.KeyboardModifier.ShiftModifier:
            letter = letter.upper()
        target.setFocus(Qt.FocusReason.OtherFocusReason)
        if isinstance(target, QLineEdit):
            target.insert(letter)
            # An insertion by the program is no edit to Qt, and the page has to hear of it.
            target.textEdited.emit(target.text())
        else:
            target.insertPlainText(letter)
        self.typed.emit(letter)
