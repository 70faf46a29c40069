"""The last page of the kiosk's form: what the visitor wrote, read back, and what we may do with it."""

from PySide6.QtCore import QSignalBlocker
from PySide6.QtWidgets import QWidget

from stojnica.services.kiosk import KioskViewModel
from stojnica.services.kiosk_state import KioskState
from stojnica.ui.controls.button import ActionButton, Kind
from stojnica.ui.controls.check_tile import CheckTile
from stojnica.ui.controls.field import TextField
from stojnica.ui.controls.flow import EvenLayout
from stojnica.ui.controls.focus_ring import focus_quietly
from stojnica.ui.controls.in_sight import bring_news_into_sight
from stojnica.ui.controls.labels import Label
from stojnica.ui.controls.page import row
from stojnica.ui.controls.read_back import ReadBackLines
from stojnica.ui.controls.said import Said
from stojnica.ui.kiosk.pages import KioskPage, close_editor, kiosk_message
from stojnica.ui.theme.sizes import KIOSK_TARGET

BOX_GAP = 9
FIELD_GAP = 24
QUESTION_LIMIT = 2_000
LATE_LIMIT = 254


class ConsentPage(KioskPage):
    """What may we do with your data? A contact that a box needs and that isn't there is asked here."""

    def __init__(self, model: KioskViewModel) -> None:
        super().__init__(model)
        self._tiles: dict[str, CheckTile] = {}
        self._place = QWidget()
        self._list = EvenLayout(self._place, columns=1, gap_y=BOX_GAP)
        self._question = TextField("", kiosk=True, max_length=QUESTION_LIMIT, reserve=False)
        self._late = TextField("", kiosk=True, max_length=LATE_LIMIT, reserve=False)
        self._read_back = ReadBackLines()
        self._problem = Said("kiosk-note")
        self._notice = Label("", "kiosk-legal", wrap=True)
        self._more = ActionButton("", small=True)
        self._back = ActionButton("", kiosk=True)
        self._save = ActionButton("", Kind.FILLED, kiosk=True)
        self._build()

    def _build(self) -> None:
        self._more.setMinimumHeight(KIOSK_TARGET)
        self.body.setSpacing(BOX_GAP)
        self.set_aside(self._read_back)
        self._question.changed.connect(self._on_question)
        self._late.changed.connect(self._on_late)
        self._late.finished.connect(self._on_late_left)
        self._late.message_action.connect(self._on_late_hint)
        self._read_back.pressed.connect(self.model.correct)
        close_editor(self._question.editor)
        close_editor(self._late.line)
        self.add(self._place)
        self.add(row(self._late, self._question, gap=FIELD_GAP, stretch=(1, 1)))
        self.add(self._problem)
        self.add(row(self._notice, self._more, gap=24, stretch=(1, 0)))
        self.body.addStretch(1)
        self.set_foot(self._back, self._save)
        self._more.clicked.connect(self.model.open_notice)
        self._back.clicked.connect(self.model.back)
        self._save.clicked.connect(self._on_save)

    def render_state(self, state: KioskState) -> None:
        texts = state.texts
        self.set_step(state.step - 1, state.steps)
        self.set_words(texts.consent_title, texts.consent_lead)
        self.set_reassurance(texts.reassurance)
        self._back.set_text(f"‹ {texts.back}")
        self._save.set_text(texts.saving if state.is_saving else texts.save)
        self._save.setEnabled(not state.is_saving)
        self._back.setEnabled(not state.is_saving)
        if list(self._tiles) != [box.purpose for box in state.consents]:
            self._make_tiles(state)
        problem = state.problem_at("purposes")
        said = problem.message if problem else ""
        for box in state.consents:
            tile = self._tiles[box.purpose]
            tile.set_words(box.title, box.text, said)
            with QSignalBlocker(tile):
                tile.setChecked(box.is_ticked)
        self._problem.say(state.message.text if state.message is not None else said)
        self._render_rest(state)

    def _render_rest(self, state: KioskState) -> None:
        self._render_late(state)
        self._read_back.show_lines(
            state.texts.read_back, state.read_back.contact, state.read_back.who, state.texts.take_hint
        )
        self._question.speak(state.language)
        self._question.set_label(state.texts.question, state.texts.optional)
        self._question.set_text(state.form.question)
        self._question.set_message(kiosk_message(state, "question"))
        self._question.setVisible(state.asks_question)
        self._notice.setText(state.notice_short)
        self._more.set_text(state.texts.full_notice)
        self._more.setVisible(bool(state.notice_full))

    def _render_late(self, state: KioskState) -> None:
        late = next(iter(state.questions), None)
        self._late.setVisible(late is not None)
        if late is not None:
            self._late.speak(state.language)
            self._late.set_label(late.title)
            self._late.set_text(late.text)
            self._late.set_message(kiosk_message(state, late.id))

    def take_focus(self) -> None:
        if self._tiles:
            focus_quietly(next(iter(self._tiles.values())))

    def _on_save(self) -> None:
        self.model.submit()
        late = self._late_name()
        # What is missing is said below the boxes: with large type that is below the edge.
        if late and self.model.state.problem_at(late) is not None:
            self._late.line.setFocus()
            bring_news_into_sight(self._late)
        elif self.model.state.problem_at("purposes") is not None and self._tiles:
            next(iter(self._tiles.values())).setFocus()
            bring_news_into_sight(self._problem)

    def _make_tiles(self, state: KioskState) -> None:
        for tile in self._tiles.values():
            self._list.removeWidget(tile)
            tile.deleteLater()
        self._tiles = {}
        for box in state.consents:
            tile = CheckTile(box.title, box.text, at_top=True)
            tile.setProperty("purpose", box.purpose)
            tile.clicked.connect(self._on_tile)
            self._list.addWidget(tile)
            self._tiles[box.purpose] = tile

    def _on_tile(self) -> None:
        sender = self.sender()
        if isinstance(sender, CheckTile):
            self.model.tick_box(str(sender.property("purpose")), sender.isChecked())

    def _on_question(self, text: str) -> None:
        self.model.type("question", text)

    def _late_name(self) -> str:
        return next((question.id for question in self.model.state.questions), "")

    def _on_late(self, text: str) -> None:
        if self._late_name():
            self.model.type(self._late_name(), text)

    def _on_late_left(self) -> None:
        # Leaving the page ends an edit, too: what is wiped by then is not checked.
        if self._late_name():
            self.model.leave(self._late_name())

    def _on_late_hint(self) -> None:
        self.model.accept_hint(self._late_name())
