"""The card for somebody new in the team: name, experience, kind of work; filled in in ten seconds."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from stojnica.i18n import gettext as _
from stojnica.services.team import FIRST_NAME_LIMIT, INITIAL_LIMIT
from stojnica.services.team_page import TeamState, work_choices
from stojnica.ui.controls.button import ActionButton, Kind
from stojnica.ui.controls.card import Card
from stojnica.ui.controls.field import FieldMessage, LabelledField, TextField
from stojnica.ui.controls.page import row
from stojnica.ui.controls.segmented import Segment, SegmentedChoice
from stojnica.ui.controls.side_by_side import SideBySide


class MemberFormCard(Card):
    """Collect a new member. `typed` carries a field and its value, `added` comes with the button or Enter."""

    typed = Signal(str, object)
    added = Signal()

    def __init__(self) -> None:
        super().__init__(_("Somebody new"))
        self._first = TextField(_("First name"), max_length=FIRST_NAME_LIMIT)
        self._initial = TextField(_("Initial of the surname"), max_length=INITIAL_LIMIT + 1)
        self._experience = SegmentedChoice(
            _("Experience"), [Segment(False, _("new here")), Segment(True, _("experienced"))]
        )
        self._work = SegmentedChoice(
            _("Kind of work"), [Segment(work, name) for work, name in work_choices()]
        )
        self._add = ActionButton(_("Add"), Kind.FILLED, icon="plus")
        self._build()
        self._connect()

    @property
    def first(self) -> QWidget:
        """Give where typing begins."""
        return self._first.line

    def focus_first(self) -> None:
        """Put the cursor where typing begins."""
        self.first.setFocus()

    def show_state(self, state: TeamState) -> None:
        """Draw what stands in the form."""
        form, problem = state.form, state.problem
        was_typed = self._first.text()
        self._first.set_text(form.first_name)
        self._initial.set_text(form.initial)
        self._experience.set_value(form.is_experienced)
        self._work.set_value(form.work)
        for name, field in (("first_name", self._first), ("initial", self._initial)):
            here = problem is not None and problem.field == name
            field.set_message(FieldMessage(problem.message, "bad") if here and problem else None)
        self._add.set_text(_("Add, and is here") if state.has_event else _("Add"))
        self._add.setEnabled(not state.is_saving)
        if was_typed and not form.first_name:
            self.focus_first()

    def _build(self) -> None:
        names = SideBySide(gap=12)
        names.add(self._first, 3)
        names.add(self._initial, 2)
        self.body.addLayout(names)
        self.add(LabelledField(_("At a stand before?"), self._experience, reserve=False))
        self.add(LabelledField(_("Kind of work"), self._work, reserve=False))
        self.body.addLayout(row(self._add))

    def _connect(self) -> None:
        self._first.changed.connect(self._on_first)
        self._initial.changed.connect(self._on_initial)
        self._experience.chosen.connect(self._on_experience)
        self._work.chosen.connect(self._on_work)
        self._first.line.returnPressed.connect(self.added)
        self._initial.line.returnPressed.connect(self.added)
        self._add.clicked.connect(self.added)

    def _on_first(self, text: str) -> None:
        self.typed.emit("first_name", text)

    def _on_initial(self, text: str) -> None:
        self.typed.emit("initial", text)

    def _on_experience(self, value: object) -> None:
        self.typed.emit("is_experienced", value is True)

    def _on_work(self, value: object) -> None:
        self.typed.emit("work", str(value))
