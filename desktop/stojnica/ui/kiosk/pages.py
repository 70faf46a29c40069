"""The pages of the kiosk; each draws the state, and passes on what the visitor does."""

from abc import abstractmethod

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from stojnica.i18n import gettext as _
from stojnica.services.kiosk import KioskViewModel
from stojnica.services.kiosk_state import KioskPhase, KioskState
from stojnica.ui.controls.banner import RoundSign
from stojnica.ui.controls.button import ActionButton, Kind
from stojnica.ui.controls.check_tile import CheckTile
from stojnica.ui.controls.empty_state import IconBadge
from stojnica.ui.controls.field import FieldMessage, LabelledField, TextField
from stojnica.ui.controls.flow import EvenLayout
from stojnica.ui.controls.focus_ring import focus_quietly
from stojnica.ui.controls.kiosk_sheet import KioskSheet
from stojnica.ui.controls.labels import Label
from stojnica.ui.controls.page import row
from stojnica.ui.controls.segmented import Segment, SegmentedChoice
from stojnica.ui.theme.sizes import KIOSK_TARGET

STEPS = 3
TILE_GAP = 14
BOX_GAP = 9
SIGN_PX = 120
QUESTION_LIMIT = 2_000


class KioskPage(KioskSheet):
    """A page that is drawn from the state of one visitor; Enter goes on from anywhere on it."""

    def __init__(self, model: KioskViewModel, step: int = 0) -> None:
        super().__init__(STEPS if step else 0, step - 1)
        self.model = model

    @abstractmethod
    def render_state(self, state: KioskState) -> None:
        """Draw the state; a page that is not shown is not asked."""

    def take_focus(self) -> None:
        """Put the focus where the visitor begins."""

    def wipe(self) -> None:
        """Empty every editor together with what Ctrl+Z would bring back."""
        for line in self.findChildren(QLineEdit):
            # Also when it is empty: what was typed and deleted again is still in its history.
            line.setText("")

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.main_button.click()
        else:
            super().keyPressEvent(event)


class InterestsPage(KioskPage):
    """What interests you?"""

    def __init__(self, model: KioskViewModel) -> None:
        super().__init__(model, 1)
        self._tiles: dict[str, CheckTile] = {}
        self._place = QWidget()
        self._grid = EvenLayout(self._place, columns=2, gap_x=TILE_GAP, gap_y=TILE_GAP)
        self._stop = ActionButton("", kiosk=True)
        self._next = ActionButton("", Kind.FILLED, kiosk=True)
        self.body.setContentsMargins(0, 12, 0, 0)
        self.add(self._place)
        self.body.addStretch(1)
        self.set_foot(self._stop, self._next)
        self._stop.clicked.connect(model.stop)
        self._next.clicked.connect(model.next)

    def render_state(self, state: KioskState) -> None:
        self.set_words(state.texts.interests_title, state.texts.interests_lead)
        self.set_reassurance(state.texts.reassurance)
        self._stop.set_text(state.texts.stop)
        self._next.set_text(f"{state.texts.next} ›")
        if list(self._tiles) != [tile.id for tile in state.tiles]:
            self._make_tiles(state)
        for tile in state.tiles:
            shown = self._tiles[tile.id]
            shown.set_words(tile.title, tile.detail)
            with QSignalBlocker(shown):
                shown.setChecked(tile.is_chosen)

    def take_focus(self) -> None:
        if self._tiles:
            focus_quietly(next(iter(self._tiles.values())))

    def _make_tiles(self, state: KioskState) -> None:
        for tile in self._tiles.values():
            self._grid.removeWidget(tile)
            tile.deleteLater()
        self._tiles = {}
        for item in state.tiles:
            tile = CheckTile(item.title, item.detail)
            tile.setProperty("interest", item.id)
            tile.clicked.connect(self._on_tile)
            self._grid.addWidget(tile)
            self._tiles[item.id] = tile

    def _on_tile(self) -> None:
        sender = self.sender()
        if isinstance(sender, CheckTile):
            self.model.choose_tile(str(sender.property("interest")))


class PersonPage(KioskPage):
    """Who are you?"""

    def __init__(self, model: KioskViewModel) -> None:
        super().__init__(model, 2)
        self._fields = {
            name: TextField("", kiosk=True, max_length=limit)
            for name, limit in (("first_name", 200), ("last_name", 200), ("email", 254), ("phone", 40))
        }
        self._bands = SegmentedChoice("", [], kiosk=True)
        self._band_field = LabelledField("", self._bands, kiosk=True)
        self._back = ActionButton("", kiosk=True)
        self._next = ActionButton("", Kind.FILLED, kiosk=True)
        self._build()

    def _build(self) -> None:
        fields = self._fields
        for name, field in fields.items():
            field.setProperty("field", name)
            close_editor(field.line)
            field.changed.connect(self._on_typed)
            field.finished.connect(self._on_left)
            field.message_action.connect(self._on_hint)
        self.body.setSpacing(6)
        self.add(row(fields["first_name"], fields["last_name"], gap=24, stretch=(1, 1)))
        self.add(row(fields["email"], fields["phone"], gap=24, stretch=(1, 1)))
        self.add(self._band_field)
        self.body.addStretch(1)
        self.set_foot(self._back, self._next)
        self._bands.chosen.connect(self._on_band)
        self._back.clicked.connect(self.model.back)
        self._next.clicked.connect(self._on_next)

    def render_state(self, state: KioskState) -> None:
        texts = state.texts
        self.set_words(texts.person_title, texts.person_lead)
        self.set_reassurance(texts.reassurance)
        self._back.set_text(f"‹ {texts.back}")
        self._next.set_text(f"{texts.next} ›")
        labels = {
            "first_name": (texts.first_name, ""),
            "last_name": (texts.last_name, texts.optional),
            "email": (texts.email, texts.email_or_phone),
            "phone": (texts.phone, ""),
        }
        for name, field in self._fields.items():
            field.set_label(*labels[name])
            field.set_text(getattr(state.form, name))
            field.set_message(kiosk_message(state, name))
        self._band_field.set_label(texts.age)
        self._band_field.set_message(kiosk_message(state, "age_band"))
        with QSignalBlocker(self._bands):
            self._bands.set_segments([Segment(band.id, band.label) for band in state.bands])
            self._bands.set_value(next((band.id for band in state.bands if band.is_chosen), None))

    def take_focus(self) -> None:
        state = self.model.state
        wrong = [name for name in self._fields if state.problem_at(name) is not None]
        if not wrong and state.problem_at("age_band") is not None:
            self._bands.setFocus()
        else:
            self._fields[wrong[0] if wrong else "first_name"].line.setFocus()

    def _on_next(self) -> None:
        self.model.next()
        if self.model.state.phase is KioskPhase.PERSON:
            self.take_focus()

    def _on_typed(self, text: str) -> None:
        self.model.type(self._sender_field(), text)

    def _on_left(self) -> None:
        # Leaving the page ends an edit, too: what is wiped by then is not checked.
        if self.model.state.phase is KioskPhase.PERSON:
            self.model.leave(self._sender_field())

    def _on_hint(self) -> None:
        self.model.accept_hint(self._sender_field())

    def _on_band(self, band: object) -> None:
        self.model.choose_band(str(band))

    def _sender_field(self) -> str:
        sender = self.sender()
        return str(sender.property("field")) if isinstance(sender, QWidget) else ""


class ConsentPage(KioskPage):
    """What may we do with your data?"""

    def __init__(self, model: KioskViewModel) -> None:
        super().__init__(model, 3)
        self._tiles: dict[str, CheckTile] = {}
        self._place = QWidget()
        self._list = EvenLayout(self._place, columns=1, gap_y=BOX_GAP)
        self._question = TextField("", kiosk=True, max_length=QUESTION_LIMIT, reserve=False)
        self._problem = Label("", "kiosk-note", wrap=True)
        self._notice = Label("", "kiosk-legal", wrap=True)
        self._more = ActionButton("", small=True)
        self._back = ActionButton("", kiosk=True)
        self._save = ActionButton("", Kind.FILLED, kiosk=True)
        self._build()

    def _build(self) -> None:
        self._problem.set_tone("bad")
        self._more.setMinimumHeight(KIOSK_TARGET)
        self.body.setSpacing(BOX_GAP)
        self._question.changed.connect(self._on_question)
        close_editor(self._question.editor)
        self.add(self._place)
        self.add(self._question)
        self.add(self._problem)
        self.add(row(self._notice, self._more, gap=24, stretch=(1, 0)))
        self.body.addStretch(1)
        self.set_foot(self._back, self._save)
        self._more.clicked.connect(self.model.open_notice)
        self._back.clicked.connect(self.model.back)
        self._save.clicked.connect(self._on_save)

    def render_state(self, state: KioskState) -> None:
        texts = state.texts
        self.set_words(texts.consent_title, texts.consent_lead)
        self.set_reassurance(texts.reassurance)
        self._back.set_text(f"‹ {texts.back}")
        self._save.set_text(texts.saving if state.is_saving else texts.save)
        self._save.setEnabled(not state.is_saving)
        self._back.setEnabled(not state.is_saving)
        if list(self._tiles) != [box.purpose for box in state.consents]:
            self._make_tiles(state)
        for box in state.consents:
            tile = self._tiles[box.purpose]
            tile.set_words(box.title, box.text)
            with QSignalBlocker(tile):
                tile.setChecked(box.is_ticked)
        self._render_rest(state)

    def _render_rest(self, state: KioskState) -> None:
        self._question.set_label(state.texts.question, state.texts.optional)
        self._question.set_text(state.form.question)
        self._question.set_message(kiosk_message(state, "question"))
        self._question.setVisible(state.asks_question)
        problem = state.problem_at("purposes")
        text = problem.message if problem else ""
        if state.message is not None:
            text = state.message.text
        self._problem.setText(text)
        self._problem.setVisible(bool(text))
        self._notice.setText(state.notice_short)
        self._more.set_text(state.texts.full_notice)
        self._more.setVisible(bool(state.notice_full))

    def take_focus(self) -> None:
        if self._tiles:
            focus_quietly(next(iter(self._tiles.values())))

    def _on_save(self) -> None:
        self.model.submit()
        if self.model.state.problem_at("purposes") is not None and self._tiles:
            next(iter(self._tiles.values())).setFocus()

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


class EndPage(KioskPage):
    """Thanks, or kindly no: nothing of the visitor is on it."""

    def __init__(self, model: KioskViewModel) -> None:
        super().__init__(model)
        self._saved = RoundSign("good", SIGN_PX)
        self._refused = IconBadge("flyer", SIGN_PX)
        self._words = Label("", "kiosk-title", wrap=True)
        self._lead = Label("", "kiosk-soft", wrap=True)
        self._done = ActionButton("", Kind.FILLED, kiosk=True)
        self._build()
        self.set_foot(None, self._done)
        self._done.clicked.connect(model.next)

    def _build(self) -> None:
        middle = QWidget()
        middle.setMaximumWidth(720)
        words = QVBoxLayout(middle)
        words.setSpacing(12)
        centre = Qt.AlignmentFlag.AlignHCenter
        for sign in (self._saved, self._refused):
            words.addWidget(sign, 0, centre)
        words.addSpacing(12)
        for label in (self._words, self._lead):
            label.setAlignment(centre)
            words.addWidget(label)
        beside = QHBoxLayout()
        beside.addStretch(1)
        beside.addWidget(middle, 12)
        beside.addStretch(1)
        self.body.addStretch(2)
        self.add(beside)
        self.body.addStretch(3)

    def render_state(self, state: KioskState) -> None:
        texts = state.texts
        is_saved = state.phase is KioskPhase.THANKS
        self.set_words("")
        self._words.setText(texts.thanks_title if is_saved else texts.refused_title)
        self._lead.setText(texts.thanks_lead if is_saved else texts.refused_lead)
        self._saved.setVisible(is_saved)
        self._refused.setVisible(not is_saved)
        self.set_reassurance(texts.reassurance if is_saved else "")
        self._done.set_text(texts.done)

    def take_focus(self) -> None:
        focus_quietly(self._done)


class ClosedPage(KioskPage):
    """What is missing before the kiosk can open; the team reads this. `left` leads back."""

    left = Signal()

    def __init__(self, model: KioskViewModel) -> None:
        super().__init__(model)
        self._leave = ActionButton(_("Back to the stand"), Kind.FILLED, kiosk=True)
        self.body.addStretch(1)
        self.set_foot(None, self._leave)
        self._leave.clicked.connect(self.left)

    def render_state(self, state: KioskState) -> None:
        message = state.message
        title = _("The kiosk can't open yet") if message else _("One moment …")
        self.set_words(title, message.text if message else "")
        self._leave.setVisible(message is not None)

    def take_focus(self) -> None:
        focus_quietly(self._leave)


def kiosk_message(state: KioskState, name: str) -> FieldMessage | None:
    """Give what is to be said at a field, in the visitor's language."""
    problem = state.problem_at(name)
    if problem is not None:
        return FieldMessage(problem.message, "bad")
    hint = state.hint_at(name)
    if hint is None:
        return None
    return FieldMessage(hint.message, "wait", state.texts.take_hint if hint.proposal else "")


def close_editor(editor: QWidget) -> None:
    """Take everything from an editor by which one visitor could reach another's text."""
    editor.setContextMenuPolicy(Qt.ContextMenuPolicy.NoContextMenu)
    editor.setAcceptDrops(False)
    editor.setInputMethodHints(Qt.InputMethodHint.ImhNoPredictiveText | Qt.InputMethodHint.ImhSensitiveData)
