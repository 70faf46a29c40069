"""What we have about a person who stands here: to be read on the screen, printed, taken back or corrected."""

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from stojnica.i18n import gettext as _
from stojnica.printing.about_sheet import PAGE_MM
from stojnica.services.about_person import AboutConsent
from stojnica.services.about_view import AboutState, AboutViewModel
from stojnica.ui.controls.button import ActionButton, Kind, link
from stojnica.ui.controls.card import Card
from stojnica.ui.controls.flow import FlowLayout
from stojnica.ui.controls.labels import Label
from stojnica.ui.controls.said import Said
from stojnica.ui.dialogs import AppDialog, ConfirmDialog
from stojnica.ui.paper_out import PaperOut

OPEN_MS = 120_000
"""Somebody turned away: a screen with a name on it doesn't stay."""

_WIDTH = 760


class AboutDialog(AppDialog):
    """Draw the state of its view-model; `wants_correction` asks for the form."""

    wants_correction = Signal()

    def __init__(self, parent: QWidget, model: AboutViewModel, operator: str) -> None:
        super().__init__(parent, title=_("What we have about you"), accept=_("Close"), reject="")
        self.setMinimumWidth(_WIDTH)
        self._model = model
        self._operator = operator
        self._paper = PaperOut(self, model)
        self._drawn = AboutState()
        self._parts: list[QWidget] = []
        self._sheet = QWidget()
        self._column = QVBoxLayout(self._sheet)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(12)
        self._note = Said()
        self._print = ActionButton(_("Print …"), small=True)
        self._save = ActionButton(_("Save …"), small=True)
        self._correct = ActionButton(_("Correct …"), small=True)
        self._withdraw = ActionButton(_("Take all consents back"), Kind.DESTRUCTIVE, small=True)
        self._erase = ActionButton(_("Erase everything …"), Kind.DESTRUCTIVE, small=True)
        self._idle = QTimer(self, interval=OPEN_MS, singleShot=True)
        self._build_body()
        self._connect()
        self.destroyed.connect(model.subscribe(self._render))
        self._idle.start()

    def _build_body(self) -> None:
        actions = FlowLayout(gap_x=6, gap_y=6)
        for button in (self._print, self._save, self._correct, self._withdraw, self._erase):
            actions.addWidget(button)
        self.body.addLayout(actions)
        self.body.addWidget(self._paper.panel)
        self.body.addWidget(self._note)
        self.body.addSpacing(6)
        self.body.addWidget(self._sheet)

    def _connect(self) -> None:
        self._print.clicked.connect(self._on_print)
        self._save.clicked.connect(self._on_save)
        self._correct.clicked.connect(self._on_correct)
        self._withdraw.clicked.connect(self._on_withdraw_all)
        self._erase.clicked.connect(self._on_erase)
        self._idle.timeout.connect(self.accept)
        self.submitted.connect(self.accept)
        self.finished.connect(self._model.close)

    def _render(self, state: AboutState) -> None:
        about = state.about
        if about is None:
            # Erased: there is nothing left to show. Closing it hides it before it says so.
            if self._drawn.about is not None and self.isVisible():
                self.accept()
            return
        if about != self._drawn.about:
            self._drawn = state
            self._make(state)
        self._withdraw.setVisible(bool(about.granted))
        self._withdraw.setEnabled(not state.is_working)
        self._erase.setEnabled(not state.is_working)
        self._note.say(*(state.message.text, state.message.tone) if state.message else ("", ""))

    def _make(self, state: AboutState) -> None:
        """Write the sheet anew; it changes only when a consent was taken back."""
        about = state.about
        assert about is not None
        for old in self._parts:
            self._column.removeWidget(old)
            old.hide()
            old.deleteLater()
        self._parts = [self._kept(about.facts)]
        if about.consents:
            self._parts.append(self._consents(about.consents))
        if about.rights:
            self._parts.append(Label(about.rights, "small", wrap=True))
        for part in self._parts:
            self._column.addWidget(part)

    @staticmethod
    def _kept(facts: tuple[tuple[str, str], ...]) -> Card:
        card = Card(compact=True)
        grid = QGridLayout()
        grid.setHorizontalSpacing(18)
        grid.setVerticalSpacing(3)
        grid.setColumnStretch(1, 1)
        for place, (label, text) in enumerate(facts):
            name = Label(label, "soft")
            grid.addWidget(name, place, 0, Qt.AlignmentFlag.AlignTop)
            grid.addWidget(Label(text, wrap=True), place, 1)
        card.body.addLayout(grid)
        return card

    def _consents(self, consents: tuple[AboutConsent, ...]) -> Card:
        card = Card(_("What you agreed to"), compact=True)
        for item in consents:
            words = QVBoxLayout()
            words.setSpacing(0)
            head = QHBoxLayout()
            head.setSpacing(18)
            head.addWidget(Label(item.title, "strong", wrap=True), 1)
            if item.is_granted:
                button = link(_("take back"))
                button.setAccessibleName(_("take back: {title}").format(title=item.title))
                button.setProperty("purpose", item.purpose)
                button.clicked.connect(self._on_withdraw)
                head.addWidget(button)
            words.addLayout(head)
            for text in (item.text, item.said):
                if text:
                    words.addWidget(Label(text, "small", wrap=True))
            card.body.addLayout(words)
        return card

    def _on_withdraw(self) -> None:
        self._model.withdraw((str(self.sender().property("purpose")),), operator=self._operator)

    def _on_withdraw_all(self) -> None:
        self._model.withdraw(operator=self._operator)

    def _on_erase(self) -> None:
        dialog = ConfirmDialog(
            self,
            title=_("Erase everything about this person?"),
            text=_(
                "Name, address, answers and consents go from this laptop now, and from the office with the "
                "next sending. That somebody was here stays in the numbers of the event. "
                "It can't be taken back."
            ),
            accept=_("Erase everything"),
        )
        dialog.submitted.connect(self._on_erase_confirmed)
        dialog.open()

    def _on_erase_confirmed(self, _yes: object) -> None:
        self._model.erase()

    def _on_correct(self) -> None:
        self.wants_correction.emit()
        self.accept()

    def _on_save(self) -> None:
        files = _("PDF (*.pdf);;for a program, JSON (*.json)")
        self._paper.save_as("stojnica.pdf", title=_("Save"), files=files)

    def _on_print(self) -> None:
        self._paper.print_out("Stojnica", PAGE_MM)
