"""The consents in the staff's form: read aloud, or as they are printed on a slip, ticked one by one."""

from typing import Protocol

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from stojnica.domain.text import Problem
from stojnica.i18n import gettext as _
from stojnica.services.signup_choices import ConsentBox
from stojnica.ui.controls.button import ActionButton, Kind
from stojnica.ui.controls.card import Card
from stojnica.ui.controls.check_tile import ConsentRow
from stojnica.ui.controls.flow import FlowLayout
from stojnica.ui.controls.labels import Label
from stojnica.ui.controls.said import Said
from stojnica.ui.controls.side_by_side import SideBySide
from stojnica.ui.controls.spoken import Spoken, speak_as


class ShowsConsents(Protocol):
    """A state that holds boxes with their wordings, and the languages to read them in."""

    @property
    def consents(self) -> tuple[ConsentBox, ...]:
        """Give the boxes."""

    @property
    def consents_lead(self) -> str:
        """Give the words above them; "" where they are read aloud to somebody."""

    @property
    def consent_language(self) -> str:
        """Give the language that is read."""

    @property
    def consent_languages(self) -> tuple[tuple[str, str], ...]:
        """Give the languages to choose from, each with its own name."""

    @property
    def can_withdraw(self) -> bool:
        """Tell whether all consents may be taken back here."""

    def problem_at(self, name: str) -> Problem | None:
        """Give the first problem at a field."""


class ConsentList(QWidget):
    """Draw the boxes with their whole wording. `ticked` carries a purpose and whether it is agreed to.

    `language_chosen` carries the code of the language to read in; `withdrawn` comes when all is taken back.
    """

    ticked = Signal(str, bool)
    language_chosen = Signal(str)
    withdrawn = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._boxes: dict[str, ConsentRow] = {}
        self._languages: tuple[tuple[str, str], ...] = ()
        self._language = ""
        self._lead = Label("", "soft", wrap=True)
        self._language_place = QWidget()
        self._language_row = FlowLayout(self._language_place, gap_x=14, gap_y=3)
        speak_as(self._language_place, Spoken.GROUP)
        self._language_place.setAccessibleName(_("Language of the consents"))
        self._card = Card(compact=True)
        self._card.body.setSpacing(9)
        self._message = Said("small")
        self._withdraw = ActionButton(_("Take all consents back"), Kind.DESTRUCTIVE, small=True)
        self._build()
        self._withdraw.clicked.connect(self.withdrawn)

    def focus_first(self) -> None:
        """Put the focus on the first box."""
        if self._boxes:
            next(iter(self._boxes.values())).setFocus()

    def render_state(self, state: ShowsConsents) -> None:
        """Draw boxes, languages, and what is said about them."""
        if list(self._boxes) != [box.purpose for box in state.consents]:
            self._make_boxes(state)
        problem = state.problem_at("purposes")
        said = problem.message if problem else ""
        self._message.say(said)
        for box in state.consents:
            row = self._boxes[box.purpose]
            row.set_words(box.title, f"{box.text} · {box.note}" if box.note else box.text, said)
            with QSignalBlocker(row):
                row.setChecked(box.is_ticked)
        if (state.consent_languages, state.consent_language) != (self._languages, self._language):
            self._make_languages(state)
        aloud = _("Consents: read them aloud")
        self._lead.setText(state.consents_lead or aloud)
        # Without any box the person wants to be left alone.
        self._withdraw.setVisible(state.can_withdraw)

    def _build(self) -> None:
        self._language_row.set_right_aligned(True)
        head = SideBySide(gap=18, gap_stacked=3, natural=True)
        head.add(self._lead)
        head.add(self._language_place, 0)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(4)
        outer.addLayout(head)
        # Above the boxes: below them it might lie out of sight.
        outer.addWidget(self._message)
        outer.addWidget(self._card)
        below = FlowLayout()
        below.addWidget(self._withdraw)
        outer.addLayout(below)

    def _make_boxes(self, state: ShowsConsents) -> None:
        for row in self._boxes.values():
            row.hide()
            row.deleteLater()
        self._boxes = {}
        for box in state.consents:
            row = ConsentRow(box.title, box.text, box.keys.replace(" ", "+"))
            row.setProperty("purpose", box.purpose)
            row.toggled.connect(self._on_toggled)
            self._boxes[box.purpose] = row
            self._card.add(row)

    def _make_languages(self, state: ShowsConsents) -> None:
        """Offer the other languages as links; the one that is read stands among them as a word.

        Together they are one stop of Tab, with arrows among them: five stops would slow every contact.
        """
        self._languages, self._language = state.consent_languages, state.consent_language
        while (item := self._language_row.takeAt(0)) is not None:
            old = item.widget()
            if old is not None:
                old.hide()
                old.deleteLater()
        if len(self._languages) < 2:
            return
        is_first = True
        for code, name in self._languages:
            if code == self._language:
                self._language_row.addWidget(Label(name, "strong"))
                continue
            # Lighter than the one that is read, for colour alone would not tell.
            button = ActionButton(name, Kind.LINK, light=True)
            button.setProperty("language", code)
            button.setAutoExclusive(True)
            if not is_first:
                button.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
            is_first = False
            button.clicked.connect(self._on_language)
            self._language_row.addWidget(button)

    def _on_toggled(self, is_ticked: bool) -> None:
        self.ticked.emit(str(self.sender().property("purpose")), is_ticked)

    def _on_language(self) -> None:
        self.language_chosen.emit(str(self.sender().property("language")))
