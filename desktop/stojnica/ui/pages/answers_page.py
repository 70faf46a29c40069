"""The page *Answers*: type what a visitor asks, and turn the answer towards them."""

from uuid import UUID

from PySide6.QtCore import QEvent, QModelIndex, QObject, QStringListModel, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QAbstractItemView, QListView, QVBoxLayout, QWidget

from stojnica.i18n import gettext as _
from stojnica.services.answers_page import AnswersState, AnswersViewModel
from stojnica.services.signup_choices import Choice
from stojnica.ui.controls.button import ActionButton, Kind
from stojnica.ui.controls.card import Card
from stojnica.ui.controls.empty_state import EmptyState
from stojnica.ui.controls.field import TextField
from stojnica.ui.controls.focus_ring import RING_GAP
from stojnica.ui.controls.labels import Label
from stojnica.ui.controls.language_row import LanguageRow
from stojnica.ui.controls.notice_card import NoticeCard
from stojnica.ui.controls.page import Page, column
from stojnica.ui.controls.rows import ListRow, ListRows
from stojnica.ui.controls.spoken import announce
from stojnica.ui.theme.look import look

_LIST_PX = 188
# Enough for a long answer, so that the sheet keeps its height while somebody types.
_SHEET_PX = 520


class AnswersPage(Page):
    """Find an answer while typing, show it large in the visitor's language, note what is missing."""

    def __init__(self, model: AnswersViewModel) -> None:
        super().__init__(_("Answers"), _("Type in any language; the visitor reads in theirs."))
        self._model = model
        self._nobody = ActionButton(_("Nobody could answer"), Kind.FILLED, key="Ctrl+Return")
        self._search = TextField(_("What does the visitor ask?"), max_length=2_000, reserve=False)
        self._note = NoticeCard("good")
        self._questions = QStringListModel(self)
        self._list = _QuestionList()
        self._found = Card()
        self._none = Label("", "mid", wrap=True)
        self._missed_card = Card()
        self._missed = ListRows()
        self._sheet = Card()
        self._languages: LanguageRow | None = None
        self._offered: tuple[Choice, ...] = ()
        self._category = Label("", "soft", wrap=True)
        self._question = Label("", "banner-title", wrap=True)
        self._answer = Label("", "answer", wrap=True)
        self._empty = EmptyState(
            "help",
            _("No answers yet"),
            _(
                "The office writes the answers to what visitors ask; they come with the next sending."
                " What nobody can answer is noted for it here: type it, then press Ctrl+Enter."
            ),
        )
        self._build()
        self._connect()
        self.follow(model, self._render)

    def take_focus(self) -> None:
        """Put the focus into the search, with what is typed there chosen."""
        self._search.line.setFocus()
        self._search.line.selectAll()

    def _build(self) -> None:
        self.header.add_actions(self._nobody)
        self._search.line.installEventFilter(self)
        self._list.setModel(self._questions)
        self._list.setAccessibleName(_("Questions that were found"))
        self._found.add(self._none)
        self._found.add(self._list)
        self._missed_card.add(self._missed)
        self._sheet.body.setSpacing(12)
        self._sheet.setMinimumHeight(_SHEET_PX)
        for label in (self._category, self._question, self._answer):
            label.setTextInteractionFlags(Qt.TextInteractionFlag.NoTextInteraction)
            self._sheet.add(label)
        self._sheet.body.addStretch(1)
        left = QVBoxLayout()
        left.setSpacing(12)
        for widget in (self._search, self._note, self._found, self._missed_card):
            left.addWidget(widget)
        left.addStretch(1)
        self.add_row(left, column(self._sheet, self._empty, stretch_last=True), stretch=(7, 12))
        self.add_stretch()

    def _connect(self) -> None:
        self._search.changed.connect(self._model.type)
        self._nobody.clicked.connect(self._model.nobody_knew)
        self._list.selectionModel().currentChanged.connect(self._on_current)
        self._missed.activated.connect(self._on_take_back)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress and not event.modifiers():
            steps = {Qt.Key.Key_Down: self._model.next, Qt.Key.Key_Up: self._model.previous}
            step = steps.get(Qt.Key(event.key()))
            if step is not None:
                step()
                # The focus stays where one types, so that nothing else would be said.
                announce(self, self._question.text())
                return True
        return super().eventFilter(watched, event)

    def _render(self, state: AnswersState) -> None:
        self._search.set_text(state.query)
        self._nobody.setEnabled(not state.is_saving)
        self._render_languages(state)
        self._render_found(state)
        self._sheet.setVisible(state.has_answers)
        self._empty.setVisible(state.is_loaded and not state.has_answers)
        shown = state.shown
        self._category.setText(shown.category if shown else "")
        self._question.setText(shown.question if shown else _("No answer to this yet"))
        self._answer.setText(
            shown.answer
            if shown
            else _("Other words may find it. If not, press Ctrl+Enter: the office gets the question.")
        )
        self._answer.setAccessibleName(self._answer.text())
        self._render_missed(state)
        self._note.say(state.message)

    def _render_languages(self, state: AnswersState) -> None:
        if state.languages != self._offered:
            if self._languages is not None:
                self._sheet.body.removeWidget(self._languages)
                self._languages.hide()
                self._languages.deleteLater()
            self._offered = state.languages
            self._languages = LanguageRow([(choice.id, choice.label) for choice in state.languages])
            self._languages.chosen.connect(self._model.choose_language)
            self._languages.set_name(_("Language of the answer"))
            self._sheet.body.insertWidget(0, self._languages)
            # A voice reads what was made first as the first.
            self._languages.lower()
        if self._languages is not None:
            self._languages.set_language(state.language)

    def _render_found(self, state: AnswersState) -> None:
        self._found.setVisible(state.has_answers)
        questions = [row.question for row in state.rows]
        if questions != self._questions.stringList():
            self._questions.setStringList(questions)
        place = next(
            (at for at, row in enumerate(state.rows) if state.shown and row.id == state.shown.id), -1
        )
        self._list.setCurrentIndex(self._questions.index(place) if place >= 0 else QModelIndex())
        self._list.setEnabled(bool(questions))
        self._none.setText("" if questions else _("Nothing was found for these words."))
        self._none.setVisible(not questions)

    def _render_missed(self, state: AnswersState) -> None:
        self._missed_card.set_title(_("Nobody could answer today: {count}").format(count=len(state.missed)))
        self._missed_card.setVisible(bool(state.missed))
        self._missed.set_rows(
            [
                ListRow(
                    row.text,
                    lead=row.time,
                    key=row.subject_id,
                    action=_("take back"),
                    action_name=_("take back the question of {time}").format(time=row.time),
                )
                for row in state.missed
            ]
        )

    def _on_current(self, current: QModelIndex, _before: QModelIndex) -> None:
        rows = self._model.state.rows
        if current.isValid() and current.row() < len(rows):
            self._model.choose(rows[current.row()].id)

    def _on_take_back(self, subject_id: object) -> None:
        if isinstance(subject_id, UUID):
            self._model.take_back(subject_id)


class _QuestionList(QListView):
    """The questions that were found, one below the other; long ones wrap."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "questions")
        self.setProperty(RING_GAP, 2)
        self.setWordWrap(True)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self._fit()

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.StyleChange:
            self._fit()
        super().changeEvent(event)

    def _fit(self) -> None:
        self.setMinimumHeight(look().px(_LIST_PX))
