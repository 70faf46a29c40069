"""The fields of a group visit: the group and its number, and the teacher, who is asked before being named."""

from PySide6.QtCore import QSignalBlocker, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from stojnica.i18n import gettext as _
from stojnica.services.group_visit_state import GroupVisitState
from stojnica.ui.controls.bounded_editor import NUMBER_ROOM
from stojnica.ui.controls.check_tile import ConsentRow
from stojnica.ui.controls.field import LabelledField, TextField
from stojnica.ui.controls.labels import Label
from stojnica.ui.controls.said import Said
from stojnica.ui.controls.segmented import Segment, SegmentedChoice
from stojnica.ui.controls.side_by_side import SideBySide
from stojnica.ui.pages.consent_list import ConsentList
from stojnica.ui.pages.contact_fields import message_at
from stojnica.ui.theme.look import look

_BOX_HIGH = 24


class GroupVisitForm(QWidget):
    """Draw the fields; `typed`, `left` and `hinted` carry the field, `counted` whether pupils are reached."""

    typed = Signal(str, str)
    left = Signal(str)
    hinted = Signal(str)
    banded = Signal(str)
    counted = Signal(bool)

    def __init__(self) -> None:
        super().__init__()
        self.consents = ConsentList()
        self._fields = {
            "school": TextField(_("School or group"), reserve=False),
            "pupils": TextField(_("Number of pupils"), max_length=NUMBER_ROOM, reserve=False),
            "town": TextField(_("Town"), note=_("optional"), reserve=False),
            "first_name": TextField(_("First name"), reserve=False),
            "last_name": TextField(_("Surname"), note=_("optional"), reserve=False),
            "email": TextField(_("E-mail"), max_length=254, reserve=False),
            "phone": TextField(_("Phone"), max_length=40, reserve=False),
            "question": TextField(_("Question"), max_length=2_000, reserve=False),
        }
        self._age = SegmentedChoice(_("How old most of them are"), [])
        self._offered = Label("", "soft", wrap=True)
        self._count = ConsentRow(_("Count the pupils as people reached"))
        # As high as its box: it has no second line.
        self._count.setMinimumHeight(look().px(_BOX_HIGH))
        self._counted_before = Said("small")
        self._teacher = QWidget()
        self._kept = Label("", "mid", wrap=True)
        self._rule = Label(
            _("Kept only with a tick below; otherwise school and numbers stay, and no name."),
            "soft",
            wrap=True,
        )
        self._build()
        self._connect()

    def render_state(self, state: GroupVisitState) -> None:
        """Draw what stands in the fields, and what is said at them."""
        for name, field in self._fields.items():
            whose = state.form if name in ("school", "town", "pupils") else state.teacher
            field.set_text(getattr(whose, name))
            field.set_message(message_at(state, name))
        with QSignalBlocker(self._age):
            self._age.set_segments(
                [Segment(one.id, one.label, one.keys.replace(" ", "+")) for one in state.bands]
            )
            self._age.set_value(next((one.id for one in state.bands if one.is_chosen), None))
        self._offered.setText(state.offered or _("Only their number is kept, nothing about anybody."))
        self._count.setAccessibleDescription(state.counted_before)
        self._counted_before.say(state.counted_before, "wait")
        with QSignalBlocker(self._count):
            self._count.setChecked(state.is_counted)
        self._teacher.setVisible(not state.kept_teacher)
        self._rule.setVisible(not state.kept_teacher)
        self._kept.setVisible(bool(state.kept_teacher))
        self._kept.setText(state.kept_teacher)
        self._fields["question"].setVisible(state.asks_question)
        self.consents.render_state(state)

    def focus_field(self, name: str) -> None:
        """Put the focus into a field, or on the first box."""
        if name in self._fields:
            self._fields[name].line.setFocus()
        else:
            self.consents.focus_first()

    def _build(self) -> None:
        group = SideBySide(gap=16, gap_stacked=6)
        group.add(self._fields["school"], 6)
        group.add(self._fields["pupils"], 3)
        group.add(self._fields["town"], 4)
        age = LabelledField(_("How old most of them are"), self._age, note=_("optional"), reserve=False)
        names = self._pair("first_name", "last_name")
        reach = self._pair("email", "phone", "question")
        inside = QVBoxLayout(self._teacher)
        inside.setContentsMargins(0, 0, 0, 0)
        inside.setSpacing(3)
        inside.addLayout(names)
        inside.addSpacing(6)
        inside.addLayout(reach)
        inside.addSpacing(6)
        inside.addWidget(self.consents)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(3)
        outer.addLayout(group)
        outer.addSpacing(6)
        outer.addWidget(age)
        outer.addWidget(self._offered)
        outer.addSpacing(6)
        outer.addWidget(self._count)
        outer.addWidget(self._counted_before)
        outer.addSpacing(9)
        outer.addWidget(Label(_("The teacher, or whoever leads the group"), "card-title", wrap=True))
        outer.addWidget(self._rule)
        outer.addWidget(self._kept)
        outer.addWidget(self._teacher)
        outer.addStretch(1)

    def _pair(self, *names: str) -> SideBySide:
        beside = SideBySide(gap=16, gap_stacked=6)
        for name in names:
            beside.add(self._fields[name], 1)
        return beside

    def _connect(self) -> None:
        for name, field in self._fields.items():
            field.setProperty("field", name)
            field.changed.connect(self._on_typed)
            field.finished.connect(self._on_left)
            field.message_action.connect(self._on_hint)
        self._age.chosen.connect(self._on_band)
        self._count.toggled.connect(self.counted)

    def _on_typed(self, text: str) -> None:
        self.typed.emit(str(self.sender().property("field")), text)

    def _on_left(self) -> None:
        self.left.emit(str(self.sender().property("field")))

    def _on_hint(self) -> None:
        self.hinted.emit(str(self.sender().property("field")))

    def _on_band(self, band: object) -> None:
        self.banded.emit(str(band))
