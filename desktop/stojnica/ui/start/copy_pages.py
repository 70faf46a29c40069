"""A copy of another laptop: opened with its own words, or with the office's key and then new words."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog

from stojnica.i18n import gettext as _
from stojnica.services.first_start import FirstStartState, FirstStartViewModel
from stojnica.storage.passphrase import MOST_LETTERS
from stojnica.ui.controls.button import ActionButton, Kind
from stojnica.ui.controls.card import Card
from stojnica.ui.controls.field import TextField
from stojnica.ui.controls.flow import FlowLayout
from stojnica.ui.controls.focus_ring import focus_quietly
from stojnica.ui.controls.labels import Label
from stojnica.ui.controls.page import row
from stojnica.ui.controls.said import Said
from stojnica.ui.first_stick import first_stick
from stojnica.ui.start.show_words import ShowWords
from stojnica.ui.start.start_page import StartPage
from stojnica.ui.start.word_list import WordList


class CopyPage(StartPage):
    """Which copy, and what opens it: its own words, and for whoever needs it the office's key."""

    def __init__(self, model: FirstStartViewModel) -> None:
        super().__init__(
            model,
            _("Open a copy"),
            _("This laptop goes on where the other one stopped. Nothing arrives at the office twice."),
        )
        self._folder = ActionButton(_("Choose the stick or folder …"), icon="open")
        self._single = ActionButton(_("A single file …"), Kind.LINK)
        self._words = TextField(
            _("Passphrase"), note=_("the words of the other laptop"), max_length=400, reserve=False
        )
        self._key = ActionButton(_("Choose the key file …"), icon="open")
        self._key_note = Label(_("The key is only read, and stays where it is."), "soft", wrap=True)
        self._key_words = TextField(
            _("Words of a coordinator"), note=_("they protect the key"), max_length=400, reserve=False
        )
        self._show = ShowWords(self._words.line, self._key_words.line)
        self._other_way = ActionButton("", Kind.LINK)
        self._told = Said()
        self._next = ActionButton(_("Open the copy"), Kind.FILLED)
        self._build_body()
        self._connect()

    def render_state(self, state: FirstStartState) -> None:
        super().render_state(state)
        is_done, is_chosen, is_by_key = bool(state.restored), bool(state.copy_name), state.is_by_key
        is_asked = is_chosen and not is_done
        self._folder.set_text(state.copy_name or _("Choose the stick or folder …"))
        self._told.say(state.restored, "good")
        self._words.setVisible(is_asked and not is_by_key)
        self._key.set_text(state.key_name or _("Choose the key file …"))
        for part in (self._key, self._key_note):
            part.setVisible(is_asked and is_by_key)
        self._key_words.setVisible(is_asked and is_by_key and state.is_key_protected)
        self._other_way.set_text(
            _("With the words of the other laptop")
            if is_by_key
            else _("Nobody has the words? With the office’s key")
        )
        self._other_way.setVisible(is_asked)
        self._show.setVisible(is_asked and (not is_by_key or state.is_key_protected))
        if is_done:
            self._forget_words()
        elif state.message is not None and not state.is_working:
            # One wrong letter of five words: the next try may begin anew, or mend it.
            for line in (self._words.line, self._key_words.line):
                line.selectAll()
        for part in (self._folder, self._single):
            part.setVisible(not is_done)
        self._next.setVisible(is_chosen and (not is_by_key or bool(state.key_name)))
        self.back_button.setVisible(not is_done)
        self._next.set_text(self._next_text(state))

    def take_focus(self) -> None:
        state = self.model.state
        if state.restored:
            self._next.setFocus()
        elif state.is_key_protected:
            self._key_words.line.setFocus()
        else:
            focus_quietly(self._folder)

    @staticmethod
    def _next_text(state: FirstStartState) -> str:
        if state.restored:
            return _("To the stand")
        if state.is_working:
            return _("One moment …")
        return _("Try the key") if state.is_by_key else _("Open the copy")

    def _build_body(self) -> None:
        place = FlowLayout(gap_x=18, gap_y=9)
        place.addWidget(self._folder)
        place.addWidget(self._single)
        self.add(place)
        self.add(self._words)
        self.add(row(self._key))
        self.add(self._key_note)
        self.add(self._key_words)
        self.add(row(self._show))
        self.add(row(self._other_way))
        self.add(self._told)
        self.concern(self._folder, self._words.editor, self._key, self._key_words.editor)
        self.set_foot(self._next, self.back_button)

    def _connect(self) -> None:
        self._folder.clicked.connect(self._on_folder)
        self._single.clicked.connect(self._on_single)
        self._key.clicked.connect(self._on_key)
        self._other_way.clicked.connect(self._on_other_way)
        self._words.line.returnPressed.connect(self._on_next)
        self._key_words.line.returnPressed.connect(self._on_next)
        self._next.clicked.connect(self._on_next)

    def _on_folder(self) -> None:
        dialog = self._choice(_("Where the copy is"), self._on_copy)
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        dialog.open()

    def _on_single(self) -> None:
        dialog = self._choice(_("Which copy"), self._on_copy)
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.setNameFilter(_("Copies (*.db)"))
        dialog.open()

    def _on_key(self) -> None:
        dialog = self._choice(_("Where the office’s key is"), self._on_key_chosen)
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.open()

    def _choice(self, title: str, chosen: Callable[[str], None]) -> QFileDialog:
        dialog = QFileDialog(self, title, str(first_stick()))
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.fileSelected.connect(chosen)
        return dialog

    def _on_copy(self, path: str) -> None:
        self.model.choose_copy(Path(path))
        if not self.model.state.is_by_key:
            self._words.line.setFocus()

    def _on_key_chosen(self, path: str) -> None:
        self.model.choose_key(Path(path))
        (self._key_words.line if self.model.state.is_key_protected else self._next).setFocus()

    def _on_other_way(self) -> None:
        is_by_key = not self.model.state.is_by_key
        self._forget_words()
        self.model.open_by_key(is_by_key)
        (self._key if is_by_key else self._words.line).setFocus()

    def _on_next(self) -> None:
        if self.model.state.restored:
            self.model.go_on()
        elif self.model.state.is_by_key:
            self.model.try_key(self._key_words.text())
        else:
            self.model.restore(self._words.text())

    def _forget_words(self) -> None:
        self._words.set_text("")
        self._key_words.set_text("")


class CopyWordsPage(StartPage):
    """New words for the copy that the office's key opens, and the proof that they are on paper."""

    def __init__(self, model: FirstStartViewModel) -> None:
        super().__init__(
            model,
            _("The key fits. Write down new words"),
            _("They unlock this laptop from now on. So do the words of the other one."),
        )
        self._list = WordList()
        # Before they are in the sheet: one that fits without them keeps its height for a moment too long.
        self._list.set_words(model.state.passphrase)
        sheet = Card(tone="good")
        sheet.add(self._list)
        self._typed = TextField(_("Now from the paper"), max_length=MOST_LETTERS, reserve=False)
        self._next = ActionButton(_("Open the copy"), Kind.FILLED)
        self.add(sheet)
        self.add(self._typed)
        self.concern(self._typed.editor)
        self.set_foot(self._next, self.back_button)
        self._typed.line.returnPressed.connect(self._on_next)
        self._next.clicked.connect(self._on_next)

    def render_state(self, state: FirstStartState) -> None:
        super().render_state(state)
        self._list.set_words(state.passphrase)
        self._next.set_text(_("One moment …") if state.is_working else _("Open the copy"))

    def take_focus(self) -> None:
        self._typed.line.setFocus()

    def _on_next(self) -> None:
        self.model.restore_with_new_words(self._typed.text())
        if self.model.state.message is not None:
            self._typed.line.setFocus()
