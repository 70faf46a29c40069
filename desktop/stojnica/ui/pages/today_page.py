"""The page *Today*: counting with one key, the goals, and who came last."""

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from stojnica.i18n import gettext as _
from stojnica.services.today import TodayState, TodayViewModel
from stojnica.ui.controls.button import ActionButton, Kind, link
from stojnica.ui.controls.card import Card
from stojnica.ui.controls.empty_state import EmptyState
from stojnica.ui.controls.flow import EvenLayout
from stojnica.ui.controls.goal_bar import GoalBar
from stojnica.ui.controls.half_hour_chart import HalfHour, HalfHourChart
from stojnica.ui.controls.labels import Label
from stojnica.ui.controls.page import Page
from stojnica.ui.controls.rows import ListRow, ListRows
from stojnica.ui.controls.said import Said
from stojnica.ui.controls.side_by_side import SideBySide
from stojnica.ui.controls.tally_card import TallyCard
from stojnica.ui.pages.names_link import NamesLink
from stojnica.ui.pages.several_dialog import SeveralDialog
from stojnica.ui.pages.tally_keys_dialog import TallyKeysDialog
from stojnica.ui.theme.sizes import GAP

TICK_MS = 1_000
_IN_A_ROW = 4


class TodayPage(Page):
    """Draw today. `new_contact`, `wants_events`, `wants_handover` and `wants_group` lead to other pages."""

    new_contact = Signal()
    wants_events = Signal()
    wants_handover = Signal()
    wants_group = Signal()

    def __init__(self, model: TodayViewModel) -> None:
        super().__init__(_("Today"))
        self._model = model
        self._new = ActionButton(_("New contact"), Kind.FILLED, key="Ctrl+N", shortcut=False)
        self._handover = ActionButton(_("Shift change"))
        self._empty = EmptyState(
            "events",
            _("Which event is it today?"),
            _("Counting, contacts and flyers belong to an event. Choose it once, in the morning."),
            _("Choose an event"),
        )
        self._all = QWidget()
        self._tallies: dict[str, TallyCard] = {}
        self._tally_place = QWidget()
        self._tally_grid = EvenLayout(self._tally_place, gap_y=12)
        self._undo = link("")
        self._several = link(_("Enter several at once (class, break, clicker) …"))
        self._keys = link(_("Keys for counting …"))
        self._group = link(_("Group visit …"))
        self._chart_card = Card()
        self._next_chart = link("")
        self._chart = HalfHourChart(_("People reached per half hour"))
        self._goals = [GoalBar(), GoalBar()]
        self._goals_title = Label(_("Reached against the goal"), "card-title")
        self._contacts_card = Card()
        self._names = NamesLink()
        self._contacts = ListRows()
        self._nobody = Label("", "soft", wrap=True)
        self._note = Said()
        self._tick = QTimer(self, interval=TICK_MS)
        self._build()
        self._connect()
        self.follow(model, self._render)

    def _build(self) -> None:
        self.header.add_actions(self._handover, self._new)
        self._chart_card.add_head_action(self._next_chart)
        self._chart_card.add(self._chart)
        self._chart_card.add(self._goals_title)
        for goal in self._goals:
            self._chart_card.add(goal)
        self._contacts_card.add_head_action(self._names)
        self._contacts_card.add(self._nobody)
        self._contacts_card.add(self._contacts)
        self._contacts_card.body.addStretch(1)
        links = SideBySide(gap=GAP, gap_stacked=3, natural=True)
        links.add(self._undo_place())
        links.add(self._keys, 0)
        links.add(self._group, 0)
        links.add(self._several, 0)
        lower = SideBySide(gap=GAP)
        lower.add(self._chart_card, 648)
        lower.add(self._contacts_card, 528)
        inside = QVBoxLayout(self._all)
        inside.setContentsMargins(0, 0, 0, 0)
        inside.setSpacing(9)
        inside.addWidget(self._tally_place)
        inside.addLayout(links)
        inside.addWidget(self._note)
        inside.addLayout(lower)
        self.add(self._all)
        self.add(self._empty, 1)
        self.add_stretch()

    def _undo_place(self) -> QWidget:
        """Keep the place of the link while there is nothing to undo, so that nothing jumps."""
        place = QWidget()
        line = QHBoxLayout(place)
        line.setContentsMargins(0, 0, 0, 0)
        line.addWidget(self._undo)
        line.addStretch(1)
        return place

    def _connect(self) -> None:
        self._new.clicked.connect(self.new_contact)
        self._handover.clicked.connect(self.wants_handover)
        self._empty.pressed.connect(self.wants_events)
        self._undo.clicked.connect(self._model.undo)
        self._several.clicked.connect(self._on_several)
        self._keys.clicked.connect(self._on_keys)
        self._group.clicked.connect(self.wants_group)
        self._next_chart.clicked.connect(self._model.chart_next)
        self._names.held.connect(self._model.hold_names)
        self._names.hidden.connect(self._model.hide_names)
        self._names.pin_given.connect(self._model.show_names)
        self._tick.timeout.connect(self._model.tick)
        self._tick.start()

    def _render(self, state: TodayState) -> None:
        has_event = state.event_id is not None
        self._all.setVisible(has_event)
        self._empty.setVisible(state.is_loaded and not has_event)
        self._new.setVisible(has_event)
        self._handover.setVisible(has_event)
        self.header.set_title(state.title or _("Today"))
        self.header.set_subtitle(state.subtitle)
        self._note.say(*(state.message.text, state.message.tone) if state.message else ("", ""))
        if has_event:
            self._render_counters(state)
            self._render_reach(state)
            self._render_contacts(state)

    def _render_counters(self, state: TodayState) -> None:
        if list(self._tallies) != [counter.counter for counter in state.counters]:
            self._make_tallies(state)
        for counter in state.counters:
            card = self._tallies[counter.counter]
            is_counted = card.number not in ("", counter.shown)
            card.set_title(counter.title)
            card.set_key(counter.keys.replace(" ", "+"))
            card.set_number(counter.shown)
            card.set_note(counter.recent)
            if is_counted:
                card.flash()
        self._undo.set_text(state.undo)
        self._undo.setVisible(bool(state.undo))

    def _make_tallies(self, state: TodayState) -> None:
        """Make the cards anew: the office has added a counter, or taken one away."""
        for card in self._tallies.values():
            self._tally_grid.removeWidget(card)
            card.hide()
            card.deleteLater()
        self._tallies = {}
        for counter in state.counters:
            card = self._tallies[counter.counter] = TallyCard(counter.title)
            card.setProperty("counter", counter.counter)
            card.set_compact(len(state.counters) > _IN_A_ROW)
            card.clicked.connect(self._on_tally)
            self._tally_grid.addWidget(card)
            card.show()

    def _render_reach(self, state: TodayState) -> None:
        self._chart_card.set_title(state.chart_title)
        self._chart.set_bars([HalfHour(bar.begins, bar.count, bar.label, bar.is_now) for bar in state.bars])
        self._chart.set_name(state.chart_title)
        self._next_chart.set_text(state.next_chart)
        for place, bar in enumerate(self._goals):
            bar.setVisible(place < len(state.goals))
            if place < len(state.goals):
                goal = state.goals[place]
                bar.set_goal(goal.title, goal.shown, goal.goal, goal.permille)
        self._goals_title.setVisible(bool(state.goals))

    def _render_contacts(self, state: TodayState) -> None:
        self._contacts_card.set_title(state.contacts_title)
        self._contacts.set_rows(
            [
                ListRow(line.who, lead=line.time, trail=line.channel, spoken_lead=_at(line.time))
                for line in state.contacts
            ]
        )
        self._nobody.setText(_("Whoever signs up appears here, with initials and time."))
        self._nobody.setVisible(not state.contacts)
        self._names.setVisible(bool(state.contacts))
        self._names.show_names(state.are_names_shown, state.seconds_left)

    def _on_tally(self) -> None:
        card = self.sender()
        if isinstance(card, TallyCard):
            self._model.count(str(card.property("counter")))

    def _on_several(self) -> None:
        SeveralDialog(self, self._model).open()

    def _on_keys(self) -> None:
        TallyKeysDialog(self, self._model).open()


def _at(time: str) -> str:
    return _("at {time}").format(time=time)
