"""The pages of the kiosk; each draws the state, and passes on what the visitor does."""

from abc import abstractmethod

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QPlainTextEdit, QVBoxLayout, QWidget

from stojnica.i18n import gettext as _
from stojnica.services.kiosk import KioskViewModel
from stojnica.services.kiosk_state import KioskPhase, KioskState
from stojnica.ui.controls.banner import RoundSign
from stojnica.ui.controls.button import ActionButton, Kind
from stojnica.ui.controls.check_tile import CheckTile
from stojnica.ui.controls.empty_state import IconBadge
from stojnica.ui.controls.field import FieldMessage, LabelledField, TextField
from stojnica.ui.controls.focus_ring import focus_quietly
from stojnica.ui.controls.kiosk_sheet import KioskSheet
from stojnica.ui.controls.labels import Label
from stojnica.ui.controls.link_codes import LinkCodes
from stojnica.ui.controls.page import row
from stojnica.ui.controls.said import Said
from stojnica.ui.controls.segmented import Segment, SegmentedChoice
from stojnica.ui.theme.sizes import KIOSK_TARGET

SIGN_PX = 64


class KioskPage(KioskSheet):
    """A page that is drawn from the state of one visitor; Enter goes on from anywhere on it."""

    def __init__(self, model: KioskViewModel) -> None:
        super().__init__()
        self.model = model

    @abstractmethod
    def render_state(self, state: KioskState) -> None:
        """Draw the state; a page that is not shown is not asked."""

    def take_focus(self) -> None:
        """Put the focus where the visitor begins."""

    def wipe(self) -> None:
        """Empty every editor together with what Ctrl+Z would bring back, and take every choice back."""
        for line in self.findChildren(QLineEdit):
            # Also when it is empty: what was typed and deleted again is still in its history.
            line.setText("")
        for text in self.findChildren(QPlainTextEdit):
            # A new text empties the history; `clear` would only add to it.
            text.setPlainText("")
        for field in self.findChildren(LabelledField):
            field.set_overflow(0)
        for tile in self.findChildren(CheckTile):
            tile.setChecked(False)
        for choice in self.findChildren(SegmentedChoice):
            choice.set_value(None)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.main_button.click()
        else:
            super().keyPressEvent(event)


class GuardianPage(KioskPage):
    """Is a parent or guardian here? They agree and are named, or nothing is kept (GDPR Art. 8)."""

    def __init__(self, model: KioskViewModel) -> None:
        super().__init__(model)
        self._name = TextField("", kiosk=True, max_length=200)
        self._relation = SegmentedChoice("", [], kiosk=True)
        self._relation_field = LabelledField("", self._relation, kiosk=True)
        self._agree = CheckTile("", "", at_top=True)
        self._said = Said("kiosk-note")
        self._nobody = ActionButton("", small=True)
        self._back = ActionButton("", kiosk=True)
        self._next = ActionButton("", Kind.FILLED, kiosk=True)
        self._build()

    def _build(self) -> None:
        self._nobody.setMinimumHeight(KIOSK_TARGET)
        close_editor(self._name.line)
        self.body.setSpacing(6)
        self.add(row(self._name, self._relation_field, gap=24, stretch=(3, 4)))
        self.add(self._agree)
        self.add(self._said)
        self.body.addSpacing(18)
        self.add(row(self._nobody))
        self.body.addStretch(1)
        self.set_foot(self._back, self._next)
        self._back.clicked.connect(self.model.back)
        self._name.changed.connect(self._on_typed)
        self._relation.chosen.connect(self._on_relation)
        self._agree.clicked.connect(self._on_agree)
        self._nobody.clicked.connect(self.model.refuse_as_guardian)
        self._next.clicked.connect(self._on_next)

    def render_state(self, state: KioskState) -> None:
        texts, form = state.texts, state.form
        self.set_step(state.step - 1, state.steps)
        self.set_words(texts.guardian_title, texts.guardian_lead)
        self.set_reassurance(texts.guardian_reassurance)
        self._nobody.set_text(texts.guardian_nobody)
        self._back.set_text(f"‹ {texts.back}")
        self._next.set_text(f"{texts.next} ›")
        self._name.speak(state.language)
        self._name.set_label(texts.guardian_name)
        self._name.set_text(form.guardian)
        self._name.set_message(kiosk_message(state, "guardian"))
        self._relation_field.set_label(texts.guardian_relation)
        self._relation_field.set_message(kiosk_message(state, "guardian_relation"))
        with QSignalBlocker(self._relation):
            self._relation.set_segments([Segment(item.id, item.label) for item in state.relations])
            self._relation.set_value(next((item.id for item in state.relations if item.is_chosen), None))
        problem = state.problem_at("guardian_agrees")
        said = problem.message if problem else ""
        agrees_to = texts.guardian_agrees_to.format(name=state.organisation)
        self._agree.set_words(texts.guardian_agrees, agrees_to, said)
        self._said.say(said)
        with QSignalBlocker(self._agree):
            self._agree.setChecked(form.guardian_agrees)

    def take_focus(self) -> None:
        state = self.model.state
        if state.problem_at("guardian") is None and state.problem_at("guardian_relation") is not None:
            self._relation.setFocus()
        elif state.problem_at("guardian") is None and state.problem_at("guardian_agrees") is not None:
            self._agree.setFocus()
        else:
            self._name.line.setFocus()

    def _on_next(self) -> None:
        self.model.next()
        if self.model.state.phase is KioskPhase.GUARDIAN:
            self.take_focus()

    def _on_typed(self, text: str) -> None:
        self.model.type("guardian", text)

    def _on_relation(self, relation: object) -> None:
        self.model.choose_relation(str(relation))

    def _on_agree(self) -> None:
        self.model.agree_as_guardian(self._agree.isChecked())


class EndPage(KioskPage):
    """Thanks, or kindly no: nothing of the visitor is on it."""

    def __init__(self, model: KioskViewModel) -> None:
        super().__init__(model)
        self._saved = RoundSign("good", SIGN_PX)
        self._refused = IconBadge("flyer", SIGN_PX)
        self._words = Label("", "kiosk-title", wrap=True)
        self._lead = Label("", "kiosk-soft", wrap=True)
        self._links = LinkCodes()
        self._done = ActionButton("", Kind.FILLED, kiosk=True)
        self._build()
        self.set_foot(None, self._done)
        self._done.clicked.connect(model.next)

    def _build(self) -> None:
        middle = QWidget()
        middle.setMaximumWidth(900)
        words = QVBoxLayout(middle)
        words.setSpacing(12)
        centre = Qt.AlignmentFlag.AlignHCenter
        head = QHBoxLayout()
        head.setSpacing(18)
        head.addStretch(1)
        for part in (self._saved, self._refused, self._words):
            head.addWidget(part)
        head.addStretch(1)
        words.addLayout(head)
        self._lead.setAlignment(centre)
        words.addWidget(self._lead)
        beside = QHBoxLayout()
        beside.addStretch(1)
        beside.addWidget(middle, 12)
        beside.addStretch(1)
        self.body.addStretch(1)
        self.add(beside)
        self.body.addSpacing(12)
        self.add(self._links)
        self.body.addStretch(2)

    @property
    def words(self) -> str:
        return f"{self._words.text()} {self._lead.text()}"

    def render_state(self, state: KioskState) -> None:
        texts = state.texts
        is_saved = state.phase is KioskPhase.THANKS
        self.set_words("")
        self._saved.setAccessibleName(texts.thanks_title)
        self._words.setText(texts.thanks_title if is_saved else texts.refused_title)
        self._lead.setText(texts.thanks_lead if is_saved else texts.refused_lead)
        self._saved.setVisible(is_saved)
        self._refused.setVisible(not is_saved)
        self.set_reassurance(texts.reassurance if is_saved else "")
        self._links.show_links(texts.read_on, state.links)
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
        is_said = self._leave.isHidden() and message is not None
        self._leave.setVisible(message is not None)
        if is_said and self.isVisible():
            # The page came up without it, so that the keyboard had nothing to go to.
            self.take_focus()

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
