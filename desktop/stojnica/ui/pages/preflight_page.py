"""The page before a stand leaves: a line for each thing that this event needs, and what to do about it."""

from PySide6.QtCore import Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from stojnica.i18n import gettext as _
from stojnica.services.preflight import Line, State
from stojnica.services.preflight_page import PreflightState, PreflightViewModel
from stojnica.ui.controls.banner import RoundSign, tone_word
from stojnica.ui.controls.button import ActionButton, Kind
from stojnica.ui.controls.card import Card
from stojnica.ui.controls.check_tile import ConsentRow
from stojnica.ui.controls.field import FieldMessage, TextField
from stojnica.ui.controls.labels import Label
from stojnica.ui.controls.notice_card import NoticeCard
from stojnica.ui.controls.page import Page, column
from stojnica.ui.controls.spoken import Spoken, speak_as
from stojnica.ui.theme.look import look

_TONES = {State.FINE: "good", State.LOOK: "wait", State.BAD: "bad"}
_SIGN_PX = 24


class PreflightPage(Page):
    """Say what the event plans to use, see how each of it stands, check again. `left` leads back."""

    left = Signal()

    def __init__(self, model: PreflightViewModel) -> None:
        super().__init__(_("Check before leaving"))
        self._model = model
        self._back = ActionButton(_("Back to the events"), icon="back")
        self._again = ActionButton(_("Check again"), Kind.FILLED, key="Ctrl+R")
        self._note = NoticeCard("bad")
        self._card = Card()
        self._lines = _Lines()
        self._parts = {
            "kiosk": ConsentRow(_("Kiosk"), _("visitors sign up at the laptop")),
            "paper": ConsentRow(_("Paper slips"), _("filled in there, typed in later")),
            "web": ConsentRow(_("Web form"), _("visitors use their own phone")),
            "printer": ConsentRow(_("Printer"), _("flyers and slips on the spot")),
            "scanner": ConsentRow(_("Code scanner"), _("it types what it reads")),
            "two_know": ConsentRow(_("Two people know the passphrase"), _("the program can’t see that")),
        }
        self._scan_card = Card(_("Try the scanner"))
        self._scan = TextField(_("Scan a flyer’s code into this field"), max_length=2_000, reserve=True)
        self._build()
        self._connect()
        self.follow(model, self._render)

    def take_focus(self) -> None:
        """Begin at the button that checks again, or at the field where a scanner is to type."""
        if self._model.state.plan.scanner:
            self._scan.line.setFocus()
        else:
            self._again.setFocus()

    def _build(self) -> None:
        self.header.add_actions(self._back, self._again)
        self.add(self._note)
        self._card.add(self._lines)
        plan = Card(_("This event uses"))
        team = Card(_("In the team"))
        for part, row in self._parts.items():
            (team if part == "two_know" else plan).add(row)
        self._scan_card.add(self._scan)
        self.add_row(self._card, column(self._scan_card, plan, team), stretch=(12, 7))
        self.add_stretch()

    def _connect(self) -> None:
        self._back.clicked.connect(self.left)
        self._again.clicked.connect(self._model.refresh)
        self._scan.changed.connect(self._model.scan)
        self._scan.line.returnPressed.connect(self._scan.line.selectAll)
        for row in self._parts.values():
            row.clicked.connect(self._on_part)

    def _render(self, state: PreflightState) -> None:
        self.header.set_subtitle(state.event_name)
        self._card.set_title(_("Checking …") if state.is_checking else state.headline)
        self._lines.set_lines(state.lines)
        for part, row in self._parts.items():
            row.setChecked(bool(getattr(state.plan, part)))
            row.setEnabled(state.is_loaded)
        self._scan_card.setVisible(state.plan.scanner)
        self._scan.set_text(state.scanned)
        self._scan.set_message(_scan_message(state))
        self._note.say(state.message)

    def _on_part(self, is_planned: bool) -> None:
        row = self.sender()
        for part, known in self._parts.items():
            if known is row:
                self._model.plan(part, is_planned)


def _scan_message(state: PreflightState) -> FieldMessage | None:
    line = next((line for line in state.lines if line.id == "scanner"), None)
    if line is None or not state.scanned:
        return None
    tone = {State.BAD: "bad", State.LOOK: "wait"}.get(line.state, "")
    return FieldMessage(f"{line.what} {line.todo}".strip(), tone)


class _LineRow(QWidget):
    """One line: its sign, what was found, and softer what to do about it."""

    def __init__(self, line: Line) -> None:
        super().__init__()
        words = QVBoxLayout()
        words.setSpacing(1)
        words.addWidget(Label(line.what, "" if line.state is State.FINE else "strong", wrap=True))
        if line.todo:
            words.addWidget(Label(line.todo, "mid", wrap=True))
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 7, 0, 8)
        row.setSpacing(14)
        row.addWidget(RoundSign(_TONES.get(line.state, "wait"), _SIGN_PX))
        row.addLayout(words, 1)
        told = tone_word(_TONES.get(line.state, "wait"))
        speak_as(self, Spoken.LINE)
        self.setAccessibleName(" ".join(part for part in (f"{told}:", line.what, line.todo) if part))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setPen(look().colour("rule"))
        painter.drawLine(0, self.height() - 1, self.width(), self.height() - 1)


class _Lines(QWidget):
    """All lines, those that want something first."""

    def __init__(self) -> None:
        super().__init__()
        self._shown: tuple[Line, ...] = ()
        self._rows: list[_LineRow] = []
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)

    def set_lines(self, lines: tuple[Line, ...]) -> None:
        """Show other lines; the same ones again change nothing."""
        if lines == self._shown:
            return
        self._shown = lines
        for row in self._rows:
            self._column.removeWidget(row)
            row.hide()
            row.deleteLater()
        order = [State.BAD, State.LOOK, State.FINE]
        self._rows = [_LineRow(line) for line in sorted(lines, key=lambda line: order.index(line.state))]
        for row in self._rows:
            self._column.addWidget(row)
