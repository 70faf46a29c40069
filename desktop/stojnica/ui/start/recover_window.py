"""The window for a morning on which nobody knows the words: the office's code, then new words."""

from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from stojnica.domain.text import NAME_LIMIT
from stojnica.i18n import gettext as _
from stojnica.services.recover_page import RecoverState, RecoverStep, RecoverViewModel
from stojnica.storage.passphrase import MOST_LETTERS
from stojnica.ui.controls.button import ActionButton, Kind
from stojnica.ui.controls.card import Card
from stojnica.ui.controls.field import TextField
from stojnica.ui.controls.focus_order import lead_focus
from stojnica.ui.start.sheet import StartSheet
from stojnica.ui.start.word_list import WordList

MAX_CODE = 60


class RecoverWindow(QWidget):
    """Ask for the code, show the new words; `left` leads back to the passphrase."""

    left = Signal()

    def __init__(self, model: RecoverViewModel[Any]) -> None:
        super().__init__()
        self._model = model
        self._code = _CodeSheet()
        self._words = _WordsSheet()
        self._stack = QStackedWidget()
        self.setWindowTitle("Stojnica")
        self.resize(1366, 768)
        self._stack.addWidget(self._code)
        self._stack.addWidget(self._words)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._stack)
        self._connect()
        self._unsubscribe = model.subscribe(self._render)

    def focusNextPrevChild(self, is_next: bool) -> bool:
        return lead_focus(self, is_next)

    def closeEvent(self, event: QCloseEvent) -> None:
        self._unsubscribe()
        super().closeEvent(event)

    def showEvent(self, event: Any) -> None:
        super().showEvent(event)
        is_code = self._stack.currentWidget() is self._code
        (self._code.code if is_code else self._words.typed).line.setFocus()

    def _connect(self) -> None:
        self._code.open.clicked.connect(self._on_code)
        self._code.code.line.returnPressed.connect(self._on_code)
        self._code.back.clicked.connect(self.left)
        self._words.other.clicked.connect(self._model.other_words)
        self._words.typed.line.returnPressed.connect(self._on_keep)
        self._words.name.line.returnPressed.connect(self._on_keep)
        self._words.keep.clicked.connect(self._on_keep)

    def _render(self, state: RecoverState) -> None:
        is_code = state.step is RecoverStep.CODE
        was_code = self._stack.currentWidget() is self._code
        sheet = self._code if is_code else self._words
        self._code.set_working(state.is_working)
        self._words.set_working(state.is_working)
        self._words.list.set_words(state.words)
        self._stack.setCurrentWidget(sheet)
        message = state.message
        sheet.say(*(message.text, message.tone) if message else ("", ""))
        if was_code and not is_code:
            self._code.code.set_text("")
            self._words.typed.line.setFocus()

    def _on_code(self) -> None:
        self._model.try_code(self._code.code.text())

    def _on_keep(self) -> None:
        self._model.keep(self._words.typed.text(), self._words.name.text())


class _CodeSheet(StartSheet):
    """Who else can help, and the code from the office."""

    def __init__(self) -> None:
        super().__init__(
            _("Nobody here knows the words?"),
            _("Nothing is lost: all that was collected stays on this laptop, however often you try."),
        )
        self.code = TextField(
            _("Code from the office"), note=_("16 letters and digits"), max_length=MAX_CODE, reserve=False
        )
        self.open = ActionButton(_("Go on with the code"), Kind.FILLED)
        self.back = ActionButton(_("Back to the words"), Kind.LINK)
        help_card = Card(tone="good")
        help_card.add_text(_("Another lead of the stand: their words open this laptop too."))
        help_card.add_text(_("The office: call them. They read out a code that opens this laptop once."))
        help_card.add_text(
            _("If the office has no code: bring the laptop there. Their key opens it."), "soft"
        )
        self.add(help_card)
        self.add(self.code)
        self.concern(self.code.editor)
        self.set_foot(self.open, self.back)

    def set_working(self, is_working: bool) -> None:
        """Hold the button while the code is tried."""
        self.open.setEnabled(not is_working)
        self.code.line.setReadOnly(is_working)
        self.open.set_text(_("One moment …") if is_working else _("Go on with the code"))


class _WordsSheet(StartSheet):
    """The new words, and the proof that they are on paper."""

    def __init__(self) -> None:
        super().__init__(
            _("Write down your new words"),
            _("They unlock this laptop from now on. The code is used up; the others' words stay."),
        )
        self.list = WordList()
        self.other = ActionButton(_("Other words"), Kind.LINK)
        self.name = TextField(
            _("Your name"),
            note=_("optional"),
            max_length=NAME_LIMIT,
            reserve=False,
        )
        self.typed = TextField(_("Now from the paper"), max_length=MOST_LETTERS, reserve=False)
        self.keep = ActionButton(_("Keep and unlock"), Kind.FILLED)
        sheet = Card(tone="good")
        sheet.add(self.list)
        self.add(sheet)
        self.add(self.typed)
        self.add(self.name)
        self.concern(self.typed.editor)
        self.set_foot(self.keep, self.other)

    def set_working(self, is_working: bool) -> None:
        """Hold the button while the store is opened."""
        self.keep.setEnabled(not is_working)
        self.other.setEnabled(not is_working)
        self.typed.line.setReadOnly(is_working)
        self.keep.set_text(_("Unlocking …") if is_working else _("Keep and unlock"))
