"""The people of a team: who, since when, how long, and what can be said about each."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from stojnica.i18n import gettext as _
from stojnica.services.team_page import MemberLine
from stojnica.ui.controls.button import ActionButton, Kind
from stojnica.ui.controls.flow import FlowLayout
from stojnica.ui.controls.labels import Label
from stojnica.ui.controls.painting import draw_box
from stojnica.ui.controls.spoken import Spoken, speak_as
from stojnica.ui.theme.look import look
from stojnica.ui.theme.sizes import CARD_RADIUS

_ACTIONS = ("came", "went", "keyboard_taken", "pin_wanted", "removed")


class _MemberRow(QWidget):
    """One person; whoever is at the keyboard is tinted and says so."""

    came = Signal(object)
    went = Signal(object)
    keyboard_taken = Signal(object)
    pin_wanted = Signal(object)
    removed = Signal(object)

    def __init__(self, line: MemberLine) -> None:
        super().__init__()
        self._line = line
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(Label(line.name, "strong", wrap=True))
        words.addWidget(Label(line.detail, "soft", wrap=True))
        self._links = QWidget()
        self._flow = FlowLayout(self._links, gap_x=18, gap_y=3)
        self._flow.set_right_aligned(True)
        self._add_links()
        row = QHBoxLayout(self)
        row.setContentsMargins(18, 11, 18, 12)
        row.setSpacing(14)
        row.addLayout(words, 5)
        row.addWidget(self._links, 4)
        at_keyboard = _("at the keyboard") if line.is_at_keyboard else ""
        speak_as(self, Spoken.LINE)
        self.setAccessibleName(", ".join(part for part in (line.name, at_keyboard, line.detail) if part))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        if self._line.is_at_keyboard:
            inside = QRectF(self.rect()).adjusted(2, 2, -2, -3)
            draw_box(painter, inside, fill="accent_soft", radius=CARD_RADIUS - 3)
        painter.setPen(look().colour("rule"))
        painter.drawLine(18, self.height() - 1, self.width() - 18, self.height() - 1)

    def _add_links(self) -> None:
        if self._line.is_at_keyboard:
            self._flow.addWidget(Label(_("at the keyboard"), "soft"))
        elif self._line.is_here:
            self._link(_("to the keyboard"), self._on_keyboard)
        self._link(_("change PIN") if self._line.has_pin else _("own PIN"), self._on_pin)
        if self._line.is_here:
            self._link(_("goes"), self._on_go)
        else:
            self._link(_("remove"), self._on_remove)
            self._press(ActionButton(_("is here"), small=True), self._on_come)

    def _link(self, text: str, pressed: Callable[[], None]) -> None:
        self._press(ActionButton(text, Kind.LINK, light=True), pressed)

    def _press(self, button: ActionButton, pressed: Callable[[], None]) -> None:
        button.setAccessibleName(f"{button.text()}: {self._line.name}")
        button.clicked.connect(pressed)
        self._flow.addWidget(button)

    def _on_come(self) -> None:
        self.came.emit(self._line.member_id)

    def _on_go(self) -> None:
        self.went.emit(self._line.member_id)

    def _on_keyboard(self) -> None:
        self.keyboard_taken.emit(self._line.member_id)

    def _on_pin(self) -> None:
        self.pin_wanted.emit(self._line.member_id)

    def _on_remove(self) -> None:
        self.removed.emit(self._line.member_id)


class MemberRows(QWidget):
    """List people. Each signal carries the id of the person whose link was pressed."""

    came = Signal(object)
    went = Signal(object)
    keyboard_taken = Signal(object)
    pin_wanted = Signal(object)
    removed = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self._lines: tuple[MemberLine, ...] = ()
        self._rows: list[_MemberRow] = []
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)

    def set_lines(self, lines: Sequence[MemberLine]) -> None:
        """Show other people; the same ones again change nothing, so that the focus stays."""
        if tuple(lines) == self._lines:
            return
        self._lines = tuple(lines)
        for row in self._rows:
            self._column.removeWidget(row)
            row.hide()
            row.deleteLater()
        self._rows = [_MemberRow(line) for line in self._lines]
        for row in self._rows:
            self._column.addWidget(row, 0, Qt.AlignmentFlag.AlignTop)
            for name in _ACTIONS:
                getattr(row, name).connect(getattr(self, name))
