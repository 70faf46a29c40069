"""A card with short lines that are typed one by one: Enter adds one, a link takes it off."""

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from stojnica.domain.handover import LINE_LIMIT
from stojnica.i18n import gettext as _
from stojnica.services.handover_page import ListLine
from stojnica.ui.controls.button import ActionButton, Kind
from stojnica.ui.controls.card import Card
from stojnica.ui.controls.check_tile import ConsentRow
from stojnica.ui.controls.field import FieldMessage, TextField
from stojnica.ui.controls.labels import Label
from stojnica.ui.theme.look import look


class _Line(QWidget):
    """One line; with a box when it can be done."""

    marked = Signal(str, bool)
    removed = Signal(str)

    def __init__(self, line: ListLine, *, can_be_done: bool) -> None:
        super().__init__()
        self._text = line.text
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(12)
        if can_be_done:
            box = ConsentRow(line.text)
            box.setMinimumHeight(look().px(24))
            box.setChecked(line.is_done)
            box.clicked.connect(self._on_marked)
            row.addWidget(box, 1)
        else:
            row.addWidget(Label(line.text, wrap=True), 1)
        button = ActionButton(_("take off"), Kind.LINK, light=True)
        button.setAccessibleName(f"{button.text()}: {line.text}")
        button.clicked.connect(self._on_removed)
        row.addWidget(button)

    def _on_marked(self, is_done: bool) -> None:
        self.marked.emit(self._text, is_done)

    def _on_removed(self) -> None:
        self.removed.emit(self._text)


class LineListCard(Card):
    """Show lines and a field for another one. `added` and `removed` carry a text, `marked` also whether."""

    added = Signal(str)
    removed = Signal(str)
    marked = Signal(str, bool)

    def __init__(self, title: str, label: str, *, can_be_done: bool = False) -> None:
        super().__init__(title)
        self._can_be_done = can_be_done
        self._lines: tuple[ListLine, ...] = ()
        self._widgets: list[_Line] = []
        self._column = QVBoxLayout()
        self._column.setSpacing(9)
        self._new = TextField(label, max_length=LINE_LIMIT)
        self.body.addLayout(self._column)
        self.add(self._new)
        self._new.line.returnPressed.connect(self._on_enter)
        self._new.finished.connect(self._on_enter)
        self.show_lines((), "")

    def show_lines(self, lines: Sequence[ListLine], problem: str) -> None:
        """Draw the lines; the same ones again change nothing, so that the focus stays."""
        message = FieldMessage(problem, "bad") if problem else FieldMessage(_("Enter adds it."))
        self._new.set_message(message)
        if tuple(lines) == self._lines:
            return
        if any(line.text == self._new.text().strip() for line in lines):
            self._new.set_text("")
        self._lines = tuple(lines)
        for widget in self._widgets:
            self._column.removeWidget(widget)
            widget.hide()
            widget.deleteLater()
        self._widgets = [_Line(line, can_be_done=self._can_be_done) for line in self._lines]
        for widget in self._widgets:
            self._column.addWidget(widget)
            widget.marked.connect(self.marked)
            widget.removed.connect(self.removed)

    def _on_enter(self) -> None:
        # Also when the field is left: what was typed without Enter is not to be lost.
        if self._new.text().strip():
            self.added.emit(self._new.text())
