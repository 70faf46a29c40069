"""The part *Who is here* of the page *Team*."""

from functools import partial
from uuid import UUID

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from stojnica.domain.errors import UserFacingError
from stojnica.domain.handover import LETTERS, ROLES
from stojnica.i18n import gettext as _
from stojnica.services.laptop import role_name
from stojnica.services.pin_change import PinWish
from stojnica.services.team_page import MemberLine, TeamState, TeamViewModel
from stojnica.ui.controls.button import link
from stojnica.ui.controls.card import Card
from stojnica.ui.controls.field import ChoiceField
from stojnica.ui.controls.labels import Label
from stojnica.ui.controls.notice_card import NoticeCard
from stojnica.ui.controls.page import column, row
from stojnica.ui.controls.side_by_side import SideBySide
from stojnica.ui.controls.tinted_rows import show_lines
from stojnica.ui.dialogs import ConfirmDialog
from stojnica.ui.pages.member_form import MemberFormCard
from stojnica.ui.pages.member_rows import MemberRows
from stojnica.ui.pages.new_pin_dialog import NewPinDialog, PinAsk
from stojnica.ui.theme.sizes import GAP

REFRESH_MS = 60_000


class TeamPeople(QWidget):
    """Draw who is here. `titled` says that the second line of the page is another."""

    titled = Signal()

    def __init__(self, model: TeamViewModel) -> None:
        super().__init__()
        self._model = model
        self._here_card = Card(_("Here now"))
        self._here = MemberRows()
        self._nobody = Label("", "soft", wrap=True)
        self._others_card = Card(_("In the team, not here"))
        self._others = MemberRows()
        self._hint = NoticeCard("wait")
        self._note = NoticeCard("bad")
        self._form = MemberFormCard()
        self._letter = ChoiceField(_("Letter"), reserve=False)
        self._role = ChoiceField(_("Part"), reserve=False)
        self._team_pin = link("")
        self._no_pin = Label(
            _("There is none yet: without one nobody could leave the kiosk."), "mid", wrap=True
        )
        self._pin_dialog: NewPinDialog | None = None
        self._tick = QTimer(self, interval=REFRESH_MS)
        self._build()
        self._connect()
        self.destroyed.connect(model.subscribe(self._render))

    def take_focus(self) -> None:
        """Begin where somebody new is typed in, as long as nobody is here."""
        self._form.focus_first()

    def _build(self) -> None:
        for card, rows in ((self._here_card, self._here), (self._others_card, self._others)):
            card.add(rows)
        self._here_card.add(self._nobody)
        computer = Card(_("This computer"))
        computer.add_text(
            _("With two computers at a stand, each has a letter and a part, so that nobody counts twice."),
            "soft",
        )
        self._letter.set_choices([("", _("the only one")), *((item, item) for item in LETTERS)])
        self._role.set_choices([("", _("everything")), *((item, role_name(item)) for item in ROLES)])
        choices = SideBySide(gap=12)
        choices.add(self._letter)
        choices.add(self._role)
        computer.body.addLayout(choices)
        pins = Card(_("PIN of the team"))
        pins.add_text(_("It leaves the kiosk and shows names. An own PIN does the same."), "soft")
        pins.add(self._no_pin)
        pins.body.addLayout(row(self._team_pin))
        beside = SideBySide(gap=GAP)
        beside.add(column(self._note, self._hint, self._here_card, self._others_card, pins), 6)
        beside.add(column(self._form, computer), 5)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addLayout(beside)
        outer.addStretch(1)

    def _connect(self) -> None:
        for rows in (self._here, self._others):
            rows.came.connect(self._on_come)
            rows.went.connect(self._on_go)
            rows.keyboard_taken.connect(self._on_keyboard)
            rows.pin_wanted.connect(self._on_pin)
            rows.removed.connect(self._on_remove)
        self._form.typed.connect(self._model.type)
        self._form.added.connect(self._model.add)
        self._letter.chosen.connect(self._on_letter)
        self._role.chosen.connect(self._on_role)
        self._team_pin.clicked.connect(self._on_team_pin)
        self._tick.timeout.connect(self._on_tick)
        self._tick.start()

    def _show_lists(self, state: TeamState) -> None:
        self._here.setVisible(bool(state.here))
        self._others_card.setVisible(bool(state.others))

    def _render(self, state: TeamState) -> None:
        self.titled.emit()
        lists = [(self._here, state.here), (self._others, state.others)]
        show_lines(lists, self._form.first, partial(self._show_lists, state))
        empty = _("Nobody yet. Add yourself at the right, or choose your name below.")
        if not state.has_event:
            empty = _("Choose an event first, on the page Events: hours belong to one.")
        self._nobody.setText(empty)
        self._nobody.setVisible(state.is_loaded and not state.here)
        self._hint.set_notice(_("A hint"), state.hint)
        self._hint.setVisible(bool(state.hint))
        self._note.say(state.message)
        self._form.show_state(state)
        self._letter.set_value(state.place.letter)
        self._role.set_value(state.place.role)
        self._no_pin.setVisible(not state.has_any_pin)
        self._team_pin.set_text(_("Change it …") if state.has_team_pin else _("Set it …"))
        spoken = _("Change the PIN of the team") if state.has_team_pin else _("Set the PIN of the team")
        self._team_pin.setAccessibleName(spoken)

    def _line_of(self, member_id: object) -> MemberLine | None:
        state = self._model.state
        return next((line for line in (*state.here, *state.others) if line.member_id == member_id), None)

    def _on_come(self, member_id: object) -> None:
        if isinstance(member_id, UUID):
            self._model.come(member_id)

    def _on_go(self, member_id: object) -> None:
        if isinstance(member_id, UUID):
            self._model.go(member_id)

    def _on_keyboard(self, member_id: object) -> None:
        if isinstance(member_id, UUID):
            self._model.take_keyboard(member_id)

    def _on_pin(self, member_id: object) -> None:
        line = self._line_of(member_id)
        if line is not None:
            self._ask_pin(NewPinDialog(self, PinAsk(line.name, line.member_id, self._needs_first)))

    def _on_team_pin(self) -> None:
        self._ask_pin(NewPinDialog(self, PinAsk(is_first=self._needs_first)))

    @property
    def _needs_first(self) -> bool:
        return not self._model.state.has_any_pin

    def _ask_pin(self, dialog: NewPinDialog) -> None:
        self._pin_dialog = dialog
        dialog.submitted.connect(self._on_pin_typed)
        dialog.finished.connect(self._on_pin_closed)
        dialog.open()

    def _on_pin_typed(self, wish: object) -> None:
        if isinstance(wish, PinWish):
            self._model.change_pin(wish, self._on_pin_kept, self._on_pin_refused)

    def _on_pin_kept(self) -> None:
        if self._pin_dialog is not None:
            self._pin_dialog.accept()

    def _on_pin_refused(self, error: UserFacingError) -> None:
        # Whoever closed it meanwhile needs no answer.
        if self._pin_dialog is not None:
            self._pin_dialog.show_error(error)

    def _on_pin_closed(self) -> None:
        self._pin_dialog = None

    def _on_remove(self, member_id: object) -> None:
        line = self._line_of(member_id)
        if line is None:
            return
        dialog = ConfirmDialog(
            self,
            title=_("Take {name} off the list?").format(name=line.name),
            text=_("The hours stay. Their own PIN no longer works."),
            accept=_("Take off the list"),
        )
        dialog.setProperty("member", str(line.member_id))
        dialog.submitted.connect(self._on_removal_confirmed)
        dialog.open()

    def _on_removal_confirmed(self, _value: object) -> None:
        dialog = self.sender()
        if isinstance(dialog, ConfirmDialog):
            self._model.remove(UUID(str(dialog.property("member"))))

    def _on_letter(self, value: object) -> None:
        self._model.choose_letter(str(value))

    def _on_role(self, value: object) -> None:
        self._model.choose_role(str(value))

    def _on_tick(self) -> None:
        if self.isVisible():
            self._model.refresh()
