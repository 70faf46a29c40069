"""The figures of a handover: this computer, the other one as it is typed in, and both together."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QLineEdit

from stojnica.i18n import gettext as _
from stojnica.services.handover_page import FigureLine
from stojnica.ui.controls.bounded_editor import NUMBER_ROOM, BoundedLine
from stojnica.ui.controls.card import Card
from stojnica.ui.controls.labels import Label, restyle
from stojnica.ui.controls.said import Said
from stojnica.ui.theme.look import look


class HandoverFigures(Card):
    """Show figures in rows. `noted` carries a figure's name and what was typed for the other computer."""

    noted = Signal(str, str)

    def __init__(self) -> None:
        super().__init__(_("At this moment"))
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(18)
        self._grid.setVerticalSpacing(6)
        self._grid.setColumnStretch(0, 1)
        self._titles: dict[str, Label] = {}
        self._here: dict[str, Label] = {}
        self._other: dict[str, QLineEdit] = {}
        self._together: dict[str, Label] = {}
        self._problem = Said("small")
        heads = ("", _("This computer"), _("Other computer"), _("Together"))
        for place, head in enumerate(heads):
            label = Label(head, "small", wrap=True)
            label.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignBottom)
            self._grid.addWidget(label, 0, place)
        self.body.addLayout(self._grid)
        self.add(self._problem)

    def show_figures(self, lines: Sequence[FigureLine], problem: str, problem_at: str) -> None:
        """Draw the figures; what is being typed stays."""
        for line in lines:
            if line.name not in self._here:
                self._make_row(line)
            self._titles[line.name].setText(line.title)
            for labels, figure, head in (
                (self._here, line.here, _("This computer")),
                (self._together, line.together, _("Together")),
            ):
                labels[line.name].setText(figure)
                labels[line.name].setAccessibleName(f"{line.title}, {head}: {figure}")
            editor = self._other[line.name]
            is_wrong = problem_at == line.name
            if not editor.hasFocus() and not is_wrong and editor.text() != line.other:
                editor.setText(line.other)
            restyle(editor, "tone", "bad" if is_wrong else "")
            editor.setAccessibleDescription(problem if is_wrong else "")
        told = {line.name for line in lines}
        for row in (self._titles, self._here, self._other, self._together):
            for name, widget in row.items():
                widget.setVisible(name in told)
        self._problem.say(problem if problem_at in self._here else "")

    def _make_row(self, line: FigureLine) -> None:
        place = self._grid.rowCount()
        self._titles[line.name] = Label(line.title, wrap=True)
        self._here[line.name] = _number()
        self._together[line.name] = _number()
        editor = BoundedLine(NUMBER_ROOM)
        editor.setAlignment(Qt.AlignmentFlag.AlignRight)
        editor.setFixedWidth(look().px(96))
        editor.setAccessibleName(f"{line.title}, {_('Other computer')}")
        editor.setProperty("figure", line.name)
        editor.editingFinished.connect(self._on_typed)
        self._other[line.name] = editor
        self._grid.addWidget(self._titles[line.name], place, 0)
        self._grid.addWidget(self._here[line.name], place, 1)
        self._grid.addWidget(editor, place, 2, Qt.AlignmentFlag.AlignRight)
        self._grid.addWidget(self._together[line.name], place, 3)

    def _on_typed(self) -> None:
        editor = self.sender()
        if isinstance(editor, QLineEdit):
            self.noted.emit(str(editor.property("figure")), editor.text())


def _number() -> Label:
    label = Label("", "strong")
    label.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
    return label
