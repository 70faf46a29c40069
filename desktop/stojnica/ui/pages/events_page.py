"""The page *Events*: which there are, which one is on, and a form for one of our own."""

from uuid import UUID

from PySide6.QtCore import Signal

from stojnica.i18n import gettext as _
from stojnica.services.events_page import EventsState, EventsViewModel
from stojnica.ui.controls.button import ActionButton, Kind
from stojnica.ui.controls.card import Card
from stojnica.ui.controls.empty_state import EmptyState
from stojnica.ui.controls.notice_card import NoticeCard
from stojnica.ui.controls.page import Page, column
from stojnica.ui.pages.event_form import EventFormCard
from stojnica.ui.pages.event_rows import EventRows


class EventsPage(Page):
    """List events, choose one, add and edit. `wants_slips` carries the event that a sheet belongs to."""

    wants_slips = Signal(object)
    wants_preflight = Signal()

    def __init__(self, model: EventsViewModel) -> None:
        super().__init__(_("Events"))
        self._model = model
        self._was_open = False
        self._slips = ActionButton(_("Import paper slips or a web form …"), icon="import")
        self._preflight = ActionButton(_("Check before leaving"), icon="check")
        self._add = ActionButton(_("Add an event"), Kind.FILLED, icon="plus")
        self._list = Card()
        self._rows = EventRows()
        self._note = NoticeCard("good")
        self._form = EventFormCard()
        self._hint = Card(_("One event at a time"))
        self._empty = EmptyState(
            "events",
            _("No event yet"),
            _(
                "Counting, contacts and flyers belong to an event. Add the one you are at;"
                " what the office planned comes with the first sending."
            ),
            _("Add an event"),
        )
        self._build()
        self._connect()
        self.follow(model, self._render)

    def _build(self) -> None:
        self.header.add_actions(self._preflight, self._slips, self._add)
        self._list.body.setContentsMargins(0, 0, 0, 0)
        self._list.add(self._rows)
        self._list.body.addStretch(1)
        self._hint.add_text(
            _("Everything that is counted and entered belongs to it. Choose another one when you move on.")
        )
        self._hint.add_text(
            _("Events of the office come with each sending; they are changed there, not here."), "soft"
        )
        side = column(self._note, self._form, self._hint)
        self.add_row(self._list, side, stretch=(5, 6))
        self.add(self._empty, 1)
        self.add_stretch()

    def _connect(self) -> None:
        self._slips.clicked.connect(self._on_slips)
        self._preflight.clicked.connect(self.wants_preflight)
        self._add.clicked.connect(self._model.add)
        self._empty.pressed.connect(self._model.add)
        self._rows.chosen.connect(self._on_choose)
        self._note.answered.connect(self._on_choose)
        self._rows.opened.connect(self._on_open)
        self._form.typed.connect(self._model.type)
        self._form.saved.connect(self._model.save)
        self._form.left.connect(self._model.cancel)

    def _render(self, state: EventsState) -> None:
        is_open = state.form is not None
        is_empty = state.is_loaded and not state.events and not is_open
        self._empty.setVisible(is_empty)
        self._list.setVisible(bool(state.events))
        self._rows.set_lines(state.events)
        self._preflight.setVisible(not is_empty)
        self._slips.setVisible(any(line.is_chosen for line in state.events))
        self._add.setVisible(not is_empty)
        self._add.set_kind(Kind.OUTLINED if is_open else Kind.FILLED)
        self._form.setVisible(is_open)
        self._form.show_state(state)
        self._hint.setVisible(bool(state.events) and not is_open)
        self._render_note(state)
        if is_open and not self._was_open:
            self._form.focus_first()
        self._was_open = is_open

    def _render_note(self, state: EventsState) -> None:
        message = state.message
        if message is None or state.added is None:
            self._note.say(message)
            return
        self._note.set_tone(message.tone)
        self._note.ask(message.what, message.safe, [(state.added, _("Choose this event"))])
        if self._was_open:
            self._note.focus_answer()

    def _on_choose(self, event_id: object) -> None:
        if isinstance(event_id, UUID):
            self._model.choose(event_id)

    def _on_open(self, event_id: object) -> None:
        if isinstance(event_id, UUID):
            self._model.edit(event_id)

    def _on_slips(self) -> None:
        chosen = next((line.event_id for line in self._model.state.events if line.is_chosen), None)
        if chosen is not None:
            self.wants_slips.emit(chosen)
