"""The page *Group visit*: a class, its teacher if they agree, and cards to take home."""

from uuid import UUID

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from stojnica.i18n import gettext as _
from stojnica.services.group_visit_page import GroupVisitViewModel
from stojnica.services.group_visit_state import GroupVisitState
from stojnica.ui.controls.button import ActionButton, Kind
from stojnica.ui.controls.card import Card
from stojnica.ui.controls.empty_state import EmptyState
from stojnica.ui.controls.flow import FlowLayout
from stojnica.ui.controls.labels import Label
from stojnica.ui.controls.notice_card import NoticeCard
from stojnica.ui.controls.page import Page, column
from stojnica.ui.controls.rows import ListRow, ListRows
from stojnica.ui.controls.side_by_side import SideBySide
from stojnica.ui.pages.group_visit_form import GroupVisitForm
from stojnica.ui.pages.void_dialog import void_visit_dialog


class GroupVisitPage(Page):
    """Draw the form and the visits. `left` leads back to the contacts, `wants_events` to the events."""

    left = Signal()
    wants_events = Signal()

    def __init__(self, model: GroupVisitViewModel) -> None:
        super().__init__(_("Group visit"), dense=True)
        self._model = model
        self._focus_number = model.state.focus_number
        self._back = ActionButton(_("Back to contacts"))
        self._fields = GroupVisitForm()
        self._save = ActionButton(_("Save the visit"), Kind.FILLED, key="Ctrl+Return")
        self._clear = ActionButton("", Kind.LINK)
        self._cards = ActionButton(_("Take-home cards …"), key="Alt+K")
        self._void = ActionButton(_("Void this visit …"), Kind.DESTRUCTIVE, small=True)
        self._note = NoticeCard("good")
        self._without = NoticeCard("wait")
        self._same = NoticeCard("wait")
        self._unfinished = NoticeCard("wait")
        self._visits = Card(_("Groups at this event"))
        self._summary = Label("", "strong", wrap=True)
        self._rows = ListRows()
        self._nobody = Label(_("No group yet. Each one appears here with its number."), "soft", wrap=True)
        self._form = QWidget()
        self._empty = EmptyState(
            "events",
            _("Which event is it today?"),
            _("Each group belongs to an event. Choose it once, in the morning."),
            _("Choose an event"),
        )
        self._build()
        self._connect()
        self.follow(model, self._render)

    def take_focus(self) -> None:
        """Begin where the school is typed."""
        self._fields.focus_field(self._model.state.focus)

    def _build(self) -> None:
        self.header.add_actions(self._back)
        self._visits.add(self._summary)
        self._visits.add(self._rows)
        self._visits.add(self._nobody)
        below = FlowLayout(gap_x=18, gap_y=6)
        for button in (self._clear, self._cards, self._void):
            below.addWidget(button)
        notices = (self._note, self._unfinished, self._without, self._same)
        side = column(self._save, below, *notices, self._visits, gap=16)
        both = SideBySide(gap=26)
        both.add(self._fields, 751)
        both.add(side, 417)
        self._form.setLayout(both)
        self.add(self._form)
        self.add(self._empty, 1)
        self.add_stretch()

    def _connect(self) -> None:
        model = self._model
        self._fields.typed.connect(model.type)
        self._fields.left.connect(model.leave)
        self._fields.hinted.connect(model.accept_hint)
        self._fields.banded.connect(model.choose_band)
        self._fields.counted.connect(model.count_pupils)
        self._fields.consents.ticked.connect(model.tick_box)
        self._fields.consents.language_chosen.connect(model.read_in)
        self._back.clicked.connect(self.left)
        self._save.clicked.connect(model.save)
        self._clear.clicked.connect(model.clear)
        self._cards.clicked.connect(self._on_cards)
        self._void.clicked.connect(self._on_void)
        self._without.answered.connect(self._on_without)
        self._same.answered.connect(self._on_same)
        self._unfinished.answered.connect(self._on_unfinished)
        self._rows.activated.connect(self._on_row)
        self._empty.pressed.connect(self.wants_events)

    def _render(self, state: GroupVisitState) -> None:
        is_correcting = state.correcting is not None
        self.header.set_title(state.title or _("Group visit"))
        self.header.set_subtitle(state.subtitle)
        self._form.setVisible(state.has_event)
        self._empty.setVisible(state.is_loaded and not state.has_event)
        self._fields.render_state(state)
        self._save.set_text(_("Save the correction") if is_correcting else _("Save the visit"))
        self._save.setEnabled(not state.is_saving)
        self._clear.set_text(_("Don't correct") if is_correcting else _("Empty the form"))
        self._void.setVisible(is_correcting)
        self._render_notices(state)
        self._rows.set_rows(
            [
                ListRow(
                    f"{row.school} · {row.said}",
                    lead=row.time,
                    key=row.subject_id,
                    action=_("correct"),
                    action_name=_("correct the visit of {time}").format(time=row.time),
                )
                for row in state.visits
            ]
        )
        self._summary.setText(state.summary)
        self._summary.setVisible(bool(state.summary))
        self._nobody.setVisible(not state.visits)
        if state.focus_number != self._focus_number:
            self._focus_number = state.focus_number
            self._fields.focus_field(state.focus)

    def _render_notices(self, state: GroupVisitState) -> None:
        answers = [("same", _("The same")), ("other", _("Somebody else")), ("unknown", _("Don't know"))]
        self._same.ask(_("Maybe the same person"), state.same_person, answers)
        text = _("Nothing is ticked, so the teacher's name and contact will not be kept.")
        ways = [("without", _("Save without the contact")), ("back", _("Back to the boxes"))]
        self._without.ask(_("The teacher agrees to nothing?"), text if state.asks_without else "", ways)
        ways = [("continue", _("Continue")), ("discard", _("Discard"))]
        self._unfinished.ask(_("A group visit was not finished"), state.unfinished, ways)
        self._note.say(state.message)

    def _on_without(self, answer: object) -> None:
        if answer == "without":
            self._model.save_without_teacher()
        else:
            self._model.back_to_boxes()

    def _on_same(self, answer: object) -> None:
        self._model.answer_same_person(str(answer))

    def _on_unfinished(self, answer: object) -> None:
        if answer == "continue":
            self._model.continue_unfinished()
        else:
            self._model.discard_unfinished()

    def _on_row(self, subject_id: object) -> None:
        if isinstance(subject_id, UUID):
            self._model.correct(subject_id)

    def _on_cards(self) -> None:
        # Here, because printing brings much along that the page itself doesn't need.
        from stojnica.ui.pages.take_home_dialog import TakeHomeDialog

        self._model.begin_cards()
        intro = _("One card for each: they write to us from home, and nothing about them is kept here.")
        TakeHomeDialog(self, self._model.cards, intro).open()

    def _on_void(self) -> None:
        if self._model.state.correcting is not None:
            void_visit_dialog(self, self._model, self._model.state.correcting).open()
