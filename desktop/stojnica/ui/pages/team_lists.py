"""The part *Lists* of the page *Team*: columns of things to tick, and the way to change them."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from stojnica.i18n import gettext as _
from stojnica.services.checklist_page import ChecklistState, ChecklistViewModel
from stojnica.services.checklists import ITEM_LIMIT, TickLine, TickList
from stojnica.ui.controls.button import ActionButton, Kind, link
from stojnica.ui.controls.card import Card
from stojnica.ui.controls.check_tile import ConsentRow
from stojnica.ui.controls.empty_state import EmptyState
from stojnica.ui.controls.field import FieldMessage, TextField
from stojnica.ui.controls.labels import Label
from stojnica.ui.controls.notice_card import NoticeCard
from stojnica.ui.controls.page import column
from stojnica.ui.controls.side_by_side import SideBySide
from stojnica.ui.theme.look import look
from stojnica.ui.theme.sizes import GAP


class _TickLine(QWidget):
    """One thing with its box; while the list is edited, a link takes it off."""

    ticked = Signal(str, bool)
    removed = Signal(str)

    def __init__(self, line: TickLine) -> None:
        super().__init__()
        self.item_id = line.item_id
        self.box = ConsentRow(line.title)
        self.box.setMinimumHeight(look().px(24))
        self.link = ActionButton(_("take off"), Kind.LINK, light=True)
        self.link.setAccessibleName(f"{self.link.text()}: {line.title}")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.box, 1)
        row.addWidget(self.link)
        self.box.clicked.connect(self._on_clicked)
        self.link.clicked.connect(self._on_removed)

    def _on_clicked(self, is_ticked: bool) -> None:
        self.ticked.emit(self.item_id, is_ticked)

    def _on_removed(self) -> None:
        self.removed.emit(self.item_id)


class ChecklistCard(Card):
    """One list. The signals carry the list's id first."""

    ticked = Signal(str, str, bool)
    added = Signal(str, str)
    removed = Signal(str, str)
    restored = Signal(str)

    def __init__(self, list_id: str) -> None:
        super().__init__()
        self._list_id = list_id
        self._offered: tuple[tuple[str, str], ...] = ()
        self._lines: list[_TickLine] = []
        self._done = Label("", "soft")
        self._column = QVBoxLayout()
        self._column.setSpacing(11)
        self._new = TextField(_("Also"), max_length=ITEM_LIMIT)
        self._restore = link(_("put back what was taken off"))
        self.add_head_action(self._done)
        self.body.addLayout(self._column)
        self.add(self._new)
        self.add(self._restore)
        self._new.line.returnPressed.connect(self._on_add)
        self._restore.clicked.connect(self._on_restore)

    def show_list(self, shown: TickList, *, is_editing: bool, problem: str) -> None:
        """Draw the list; the same things again keep their boxes, so that the focus stays."""
        self.set_title(shown.title)
        self._done.setText(f"{shown.done}/{len(shown.lines)}")
        done = _("{done} of {total}").format(done=shown.done, total=len(shown.lines))
        self._done.setAccessibleName(done)
        offered = tuple((line.item_id, line.title) for line in shown.lines)
        if offered != self._offered:
            if len(offered) > len(self._offered):
                self._new.set_text("")
            self._make_lines(shown)
            self._offered = offered
        for widget, line in zip(self._lines, shown.lines, strict=True):
            widget.box.setChecked(line.is_ticked)
            widget.link.setVisible(is_editing)
        self._new.setVisible(is_editing)
        self._new.set_message(FieldMessage(problem, "bad") if problem else FieldMessage(_("Enter adds it.")))
        self._restore.setVisible(is_editing and shown.left_out > 0)

    def _make_lines(self, shown: TickList) -> None:
        for widget in self._lines:
            self._column.removeWidget(widget)
            widget.hide()
            widget.deleteLater()
        self._lines = [_TickLine(line) for line in shown.lines]
        for widget in self._lines:
            self._column.addWidget(widget)
            widget.ticked.connect(self._on_ticked)
            widget.removed.connect(self._on_removed)

    def _on_ticked(self, item_id: str, is_ticked: bool) -> None:
        self.ticked.emit(self._list_id, item_id, is_ticked)

    def _on_removed(self, item_id: str) -> None:
        self.removed.emit(self._list_id, item_id)

    def _on_add(self) -> None:
        self.added.emit(self._list_id, self._new.text())

    def _on_restore(self) -> None:
        self.restored.emit(self._list_id)


class TeamLists(QWidget):
    """Draw the lists beside each other. `titled` says that the second line of the page is another."""

    titled = Signal()

    def __init__(self, model: ChecklistViewModel) -> None:
        super().__init__()
        self._model = model
        self._cards: dict[str, ChecklistCard] = {}
        self._note = NoticeCard("bad")
        self._edit = link(_("change the lists"))
        self._kept = Label("", "soft", wrap=True)
        self._empty = EmptyState(
            "check",
            _("No lists yet"),
            _("Packing and setting up go faster with a list. The office's come with the first sending."),
        )
        self._beside = SideBySide(gap=GAP)
        foot = QHBoxLayout()
        foot.addWidget(self._kept, 1)
        foot.addWidget(self._edit)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(GAP)
        outer.addWidget(self._note)
        outer.addLayout(self._beside)
        outer.addLayout(foot)
        outer.addWidget(self._empty, 1)
        outer.addStretch(1)
        self._edit.clicked.connect(self._on_edit)
        self.destroyed.connect(model.subscribe(self._render))

    def _render(self, state: ChecklistState) -> None:
        self.titled.emit()
        self._empty.setVisible(state.is_loaded and not state.lists)
        self._note.say(state.message)
        for shown in state.lists:
            card = self._card(shown.list_id)
            problem = state.problem if state.problem_at == shown.list_id else ""
            card.show_list(shown, is_editing=state.is_editing, problem=problem)
            card.setEnabled(state.event_id is not None)
        here = {shown.list_id for shown in state.lists}
        for list_id, card in self._cards.items():
            card.setVisible(list_id in here)
        self._edit.set_text(_("done") if state.is_editing else _("change the lists"))
        self._edit.setVisible(bool(state.lists))
        self._kept.setText(_kept_words(state))
        self._kept.setVisible(bool(state.lists))

    def _card(self, list_id: str) -> ChecklistCard:
        if list_id not in self._cards:
            card = self._cards[list_id] = ChecklistCard(list_id)
            card.ticked.connect(self._model.tick)
            card.added.connect(self._model.add)
            card.removed.connect(self._model.remove)
            card.restored.connect(self._model.restore)
            self._beside.add(column(card))
            for below in (self._kept, self._edit, self._empty):
                # A voice reads what was made last as the last.
                below.raise_()
        return self._cards[list_id]

    def _on_edit(self) -> None:
        self._model.edit(not self._model.state.is_editing)


def _kept_words(state: ChecklistState) -> str:
    if state.event_id is None:
        return _("Choose an event first, on the page Events: ticks belong to one.")
    return _("The lists stay for the next event; the ticks belong to this one.")
