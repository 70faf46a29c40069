"""A number against its goal."""

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from stojnica.ui.controls.labels import Label
from stojnica.ui.controls.progress_panel import Bar
from stojnica.ui.controls.spoken import Spoken, speak_as


class GoalBar(QWidget):
    """Show what was reached, the goal in brackets, and a bar that is full at the goal."""

    def __init__(self, label: str = "") -> None:
        super().__init__()
        speak_as(self, Spoken.GROUP)
        self._label = Label(label)
        self._value = Label("", "figure")
        self._goal = Label("", "soft")
        self._bar = Bar()
        head = QHBoxLayout()
        head.setSpacing(5)
        head.addWidget(self._label, 1)
        head.addWidget(self._value)
        head.addWidget(self._goal)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(6)
        outer.addLayout(head)
        outer.addWidget(self._bar)

    def set_goal(self, label: str, value: str, goal: str = "", permille: int = 0) -> None:
        """Show what was reached and the goal as they are written; without a goal there is no bar."""
        self._label.setText(label)
        self._value.setText(value)
        self._goal.setText(goal)
        self._goal.setVisible(bool(goal))
        self._bar.setVisible(bool(goal))
        self._bar.set_share(permille / 1000)
        self.setAccessibleName(f"{label}: {value} {goal}".strip())
