"""The window of the first start: five pages, one decision each."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QFileDialog, QLineEdit, QStackedLayout, QWidget

from stojnica.i18n import LANGUAGE_NAMES, STAFF_LANGUAGES
from stojnica.i18n import gettext as _
from stojnica.services.first_start import FirstStartState, FirstStartViewModel, Step
from stojnica.ui.controls.button import ActionButton, Kind
from stojnica.ui.controls.card import Card
from stojnica.ui.controls.field import TextField
from stojnica.ui.controls.focus_order import lead_focus
from stojnica.ui.controls.focus_ring import focus_quietly
from stojnica.ui.controls.labels import Label
from stojnica.ui.controls.page import row
from stojnica.ui.controls.segmented import Segment, SegmentedChoice
from stojnica.ui.start.copy_pages import CopyPage, CopyWordsPage
from stojnica.ui.start.start_page import StartPage
from stojnica.ui.start.word_list import WordList


class FirstStartWindow(QWidget):
    """Show the page that the view-model is at; pages are drawn anew when the language changes."""

    def __init__(self, model: FirstStartViewModel) -> None:
        super().__init__()
        self._model = model
        self._shown: tuple[Step, str] | None = None
        self._page: StartPage | None = None
        self._stack = QStackedLayout(self)
        self.setWindowTitle("Stojnica")
        self.resize(1366, 768)
        self._unsubscribe = model.subscribe(self._render)

    def focusNextPrevChild(self, is_next: bool) -> bool:
        return lead_focus(self, is_next)

    def closeEvent(self, event: QCloseEvent) -> None:
        self._unsubscribe()
        super().closeEvent(event)

    def _render(self, state: FirstStartState) -> None:
        wanted = (state.step, state.language)
        if wanted != self._shown or self._page is None:
            old, self._page = self._page, _PAGES[state.step](self._model)
            self._stack.addWidget(self._page)
            self._stack.setCurrentWidget(self._page)
            self._shown = wanted
            if old is not None:
                self._stack.removeWidget(old)
                old.deleteLater()
            self._page.take_focus()
        self._page.render_state(state)


class LanguagePage(StartPage):
    """Which language the team reads."""

    def __init__(self, model: FirstStartViewModel) -> None:
        super().__init__(
            model,
            _("Welcome to the stand"),
            _("A few minutes now, and this laptop collects sign-ups anywhere, also without internet."),
        )
        self._languages = SegmentedChoice(
            _("Language"), [Segment(code, LANGUAGE_NAMES[code]) for code in STAFF_LANGUAGES]
        )
        self._languages.set_value(model.state.language)
        self._next = ActionButton(_("Begin"), Kind.FILLED)
        self.add(Label(_("Language of the program"), "soft"))
        self.add(self._languages)
        self._copy = ActionButton(_("Open a copy of another laptop"), Kind.LINK)
        self._copy.setVisible(model.can_restore)
        self.add(row(self._copy))
        self.set_foot(self._next)
        self._copy.clicked.connect(model.open_copy)
        # Later: the key that chose it still has to do with this page, which goes.
        self._languages.chosen.connect(self._on_language, Qt.ConnectionType.QueuedConnection)
        self._next.clicked.connect(model.next_page)

    def take_focus(self) -> None:
        focus_quietly(self._next)

    def _on_language(self, language: object) -> None:
        self.model.choose_language(str(language))


class PassphrasePage(StartPage):
    """The words, to be written down."""

    def __init__(self, model: FirstStartViewModel) -> None:
        super().__init__(
            model,
            _("Write these words down"),
            _(
                "They unlock this laptop. Keep the paper apart from it: whoever has both can read"
                " everything, and without the words nobody can."
            ),
        )
        self._words = WordList()
        sheet = Card(tone="good")
        sheet.add(self._words)
        self._another = ActionButton(_("Other words"), Kind.LINK)
        self._next = ActionButton(_("They are on paper"), Kind.FILLED)
        self.add(sheet)
        self.add(row(self._another))
        self.set_foot(self._next, self.back_button)
        self._another.clicked.connect(model.another_passphrase)
        self._next.clicked.connect(model.next_page)

    def render_state(self, state: FirstStartState) -> None:
        super().render_state(state)
        self._words.set_words(state.passphrase)

    def take_focus(self) -> None:
        focus_quietly(self._next)


class RepeatPage(StartPage):
    """The proof that the words are on paper."""

    def __init__(self, model: FirstStartViewModel) -> None:
        super().__init__(
            model,
            _("Now from the paper"),
            _("Type the words once, as you will every morning. Capitals and spaces don't matter."),
        )
        self._typed = TextField(_("Passphrase"), max_length=400, reserve=False)
        self._next = ActionButton(_("Check"), Kind.FILLED)
        self.add(self._typed)
        self.concern(self._typed.editor)
        self.set_foot(self._next, self.back_button)
        self._typed.line.returnPressed.connect(self._on_check)
        self._next.clicked.connect(self._on_check)

    def take_focus(self) -> None:
        self._typed.line.setFocus()

    def _on_check(self) -> None:
        self.model.repeat(self._typed.text())
        if self.model.state.message is not None:
            self._typed.line.setFocus()


class PinPage(StartPage):
    """The PIN of the team."""

    def __init__(self, model: FirstStartViewModel) -> None:
        super().__init__(
            model,
            _("A PIN for the team"),
            _("4 to 8 digits. It leads out of the kiosk and shows names. It doesn't unlock the laptop."),
        )
        self._pin = TextField(_("PIN"), max_length=8, reserve=False)
        self._again = TextField(_("The same once more"), max_length=8, reserve=False)
        self._next = ActionButton(_("Make the encrypted store"), Kind.FILLED)
        for field in (self._pin, self._again):
            field.line.setEchoMode(QLineEdit.EchoMode.Password)
            field.line.setInputMethodHints(Qt.InputMethodHint.ImhDigitsOnly)
        self.add(row(self._pin, self._again, stretch=(1, 1)))
        self.concern(self._pin.editor, self._again.editor)
        self.set_foot(self._next, self.back_button)
        self._pin.line.returnPressed.connect(self._again.line.setFocus)
        self._again.line.returnPressed.connect(self._on_choose)
        self._next.clicked.connect(self._on_choose)

    def render_state(self, state: FirstStartState) -> None:
        super().render_state(state)
        self._next.set_text(_("One moment …") if state.is_working else _("Make the encrypted store"))

    def take_focus(self) -> None:
        self._pin.line.setFocus()

    def _on_choose(self) -> None:
        self.model.choose_pin(self._pin.text(), self._again.text())
        if self.model.state.message is not None:
            self._pin.line.selectAll()
            self._again.set_text("")
            self._pin.line.setFocus()


class OfficePage(StartPage):
    """The enrolment file, or a try without."""

    def __init__(self, model: FirstStartViewModel) -> None:
        super().__init__(
            model,
            _("Where should the contacts go?"),
            _("The office's enrolment file brings this laptop its organisation, events and wordings."),
        )
        self._file = ActionButton(_("Open the enrolment file …"), icon="open")
        self._code = TextField(
            _("One-time code"), note=_("from the office, by another way"), max_length=60, reserve=False
        )
        self._enrol = ActionButton(_("Enrol this laptop"), Kind.FILLED)
        self._name = TextField(_("Name of your organisation"), max_length=120, reserve=False)
        self._without = ActionButton(_("Try without"))
        self._build_choices()
        self._connect()

    def _build_choices(self) -> None:
        with_file = Card(_("I have a file from the office"))
        with_file.body.addLayout(row(self._file))
        with_file.add(self._code)
        without = Card(_("No file yet"))
        without.add_text(
            _("Begin right away. What you collect stays encrypted here, and is delivered after enrolment."),
            "soft",
        )
        without.add(self._name)
        without.body.addLayout(row(self._without))
        self.concern(self._file, self._code.editor, self._name.editor)
        self.add(with_file)
        self.add(without)
        self.set_foot(self._enrol)

    def _connect(self) -> None:
        self._file.clicked.connect(self._on_open)
        self._enrol.clicked.connect(self._on_enrol)
        self._code.line.returnPressed.connect(self._on_enrol)
        self._without.clicked.connect(self._on_without)
        self._name.line.returnPressed.connect(self._on_without)

    def render_state(self, state: FirstStartState) -> None:
        super().render_state(state)
        has_file = bool(state.enrolment_name)
        self._file.set_text(state.enrolment_name or _("Open the enrolment file …"))
        self._code.setVisible(has_file)
        self._enrol.setVisible(has_file)
        self._enrol.set_text(_("One moment …") if state.is_working else _("Enrol this laptop"))

    def take_focus(self) -> None:
        focus_quietly(self._file)

    def _on_open(self) -> None:
        dialog = QFileDialog(self, _("Open the enrolment file"), str(Path.home()))
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.fileSelected.connect(self._on_file)
        dialog.open()

    def _on_file(self, path: str) -> None:
        self.model.open_enrolment(Path(path))
        if self.model.state.enrolment_name:
            self._code.line.setFocus()

    def _on_enrol(self) -> None:
        self.model.enrol(self._code.text())

    def _on_without(self) -> None:
        self.model.try_without(self._name.text())


_PAGES: dict[Step, Callable[[FirstStartViewModel], StartPage]] = {
    Step.LANGUAGE: LanguagePage,
    Step.PASSPHRASE: PassphrasePage,
    Step.REPEAT: RepeatPage,
    Step.PIN: PinPage,
    Step.OFFICE: OfficePage,
    Step.COPY: CopyPage,
    Step.COPY_WORDS: CopyWordsPage,
}
