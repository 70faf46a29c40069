"""The contacts beside the form: the last ones, or those that were looked for; initials unless asked for."""

from uuid import UUID

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence, QShortcut

from stojnica.domain.text_bound import left_out
from stojnica.i18n import gettext as _
from stojnica.services.contact_search import TEXT_LIMIT, ContactSearchState
from stojnica.services.contact_state import ContactState
from stojnica.ui.controls.bounded_editor import BoundedLine
from stojnica.ui.controls.card import Card
from stojnica.ui.controls.labels import Label
from stojnica.ui.controls.painting import shortcut_words
from stojnica.ui.controls.rows import ListRow, ListRows
from stojnica.ui.pages.names_link import NamesLink

_BESIDE_A_NOTICE = 4


class ContactList(Card):
    """Draw the list. `looked_for` carries the text of the search, `wanted` the contact to correct.

    `names` leads from initials to names.
    """

    looked_for = Signal(str)
    wanted = Signal(object)

    def __init__(self) -> None:
        super().__init__(_("Last contacts"))
        self._state = ContactState()
        self._found = ContactSearchState()
        self.names = NamesLink()
        self._search = BoundedLine(TEXT_LIMIT)
        self._is_too_long = False
        self._search.setAccessibleName(_("Find a contact"))
        self._search.setAccessibleDescription(shortcut_words("Ctrl+F"))
        self._search.setPlaceholderText(_("Find: name, e-mail, last digits · Ctrl+F"))
        self._search.installEventFilter(self)
        self._rows = ListRows()
        self._nobody = Label("", "soft", wrap=True)
        self.add_head_action(self.names)
        self.add(self._search)
        self.add(self._rows)
        self.add(self._nobody)
        self._search.edited.connect(self.looked_for)
        self._search.overflowed.connect(self._on_overflow)
        self._rows.activated.connect(self._on_row)
        shortcut = QShortcut(QKeySequence("Ctrl+F"), self)
        shortcut.activated.connect(self._on_find)

    def render_state(self, state: ContactState) -> None:
        """Draw the last contacts."""
        self._state = state
        self.names.show_names(state.are_names_shown, state.seconds_left)
        self._render()

    def render_found(self, found: ContactSearchState) -> None:
        """Draw who was found."""
        self._found = found
        if self._search.text() != found.text:
            self._is_too_long = False
            self._search.setText(found.text)
        self._render()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        is_key = watched is self._search and isinstance(event, QKeyEvent)
        if is_key and event.type() == QEvent.Type.KeyPress and event.key() == Qt.Key.Key_Escape:  # type: ignore[attr-defined]
            self.looked_for.emit("")
            return True
        return super().eventFilter(watched, event)

    def _render(self) -> None:
        is_searching = self._found.is_searching
        self.set_title(_("Found") if is_searching else _("Last contacts"))
        rows = self._found.rows if is_searching else self._state.contacts[: self._room()]
        self._rows.set_rows(
            [
                ListRow(
                    row.who,
                    lead=row.time,
                    key=row.subject_id,
                    action=_("correct"),
                    spoken_lead=_("at {time}").format(time=row.time),
                )
                for row in rows
            ]
        )
        self.names.setVisible(bool(rows))
        self._nobody.setVisible(self._found.is_empty or self._is_too_long)
        nobody = _("Nobody on this laptop. Try the e-mail address, or the last digits.")
        nobody = " ".join(part for part in (nobody, self._found.note) if part)
        self._nobody.setText(left_out(TEXT_LIMIT) if self._is_too_long else nobody)

    def _room(self) -> int | None:
        """Give how many of the last ones there is room for: what is asked above them needs theirs."""
        state = self._state
        return _BESIDE_A_NOTICE if state.message or state.same_person or state.unfinished else None

    def _on_row(self, subject_id: object) -> None:
        if isinstance(subject_id, UUID):
            self.wanted.emit(subject_id)

    def _on_overflow(self, has_overflowed: bool) -> None:
        self._is_too_long = has_overflowed
        self._render()

    def _on_find(self) -> None:
        self._search.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self._search.selectAll()
