"""The sheet that all windows before the stand share: one column, in the middle, with one main action."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLayout, QScrollArea, QVBoxLayout, QWidget

from stojnica.ui.controls.card import Card
from stojnica.ui.controls.labels import Label
from stojnica.ui.controls.monogram import OrganisationSign
from stojnica.ui.controls.said import Said
from stojnica.ui.controls.side_by_side import SideBySide
from stojnica.ui.controls.step_dots import StepDots
from stojnica.ui.theme.look import look
from stojnica.ui.theme.sizes import CARD_PADDING_X, GAP

_COLUMN_PX = 600


class StartSheet(QScrollArea):
    """Title, a sentence, `body`, a message at its place, and the buttons at the foot; scrolls if it must.

    `step` of `steps` is shown by dots, the first step is 0.
    """

    def __init__(self, title: str, text: str, *, steps: int = 0, step: int = 0) -> None:
        super().__init__()
        self._title = Label(title, "page-title", wrap=True)
        self._text = Label(text, "mid", wrap=True)
        self._message = Said()
        self._fields: tuple[QWidget, ...] = ()
        self._dots = StepDots(steps)
        self._dots.set_step(step)
        self.body = QVBoxLayout()
        self.body.setSpacing(12)
        self._foot = SideBySide(gap=12, natural=True)
        self._build()
        self._dots.setVisible(steps > 0)

    def add(self, item: QWidget | QLayout) -> None:
        """Put something at the end of the body."""
        if isinstance(item, QWidget):
            self.body.addWidget(item)
        else:
            self.body.addLayout(item)

    def set_foot(self, main: QWidget, back: QWidget | None = None) -> None:
        """Put the buttons at the foot: the way back at the left, the main one at the right."""
        place = QWidget()
        left = QHBoxLayout(place)
        left.setContentsMargins(0, 0, 0, 0)
        if back is not None:
            left.addWidget(back)
        left.addStretch(1)
        self._foot.add(place, 1)
        self._foot.add(main, 0)

    def concern(self, *fields: QWidget) -> None:
        """Have messages belong to these fields: a voice says them there, too."""
        self._fields = fields

    def say(self, text: str, tone: str = "bad") -> None:
        """Show a message above the buttons; empty hides it."""
        self._message.say(text, tone)
        for field in self._fields:
            field.setAccessibleDescription(text)
        if text:
            self.ensureWidgetVisible(self._message)

    def _build(self) -> None:
        card = Card()
        card.body.setContentsMargins(CARD_PADDING_X, CARD_PADDING_X - 6, CARD_PADDING_X, CARD_PADDING_X - 6)
        card.body.setSpacing(GAP)
        words = QVBoxLayout()
        words.setSpacing(6)
        words.addWidget(self._title)
        words.addWidget(self._text)
        card.body.addLayout(words)
        card.body.addLayout(self.body)
        card.body.addWidget(self._message)
        card.body.addLayout(self._foot)
        head = QHBoxLayout()
        head.addWidget(OrganisationSign("S", "Stojnica"))
        head.addStretch(1)
        head.addWidget(self._dots, 0, Qt.AlignmentFlag.AlignVCenter)
        column = QWidget()
        column.setMaximumWidth(look().px(_COLUMN_PX))
        inside = QVBoxLayout(column)
        inside.setContentsMargins(0, 24, 0, 24)
        inside.setSpacing(24)
        inside.addStretch(2)
        inside.addLayout(head)
        inside.addWidget(card)
        inside.addStretch(3)
        ground = QWidget()
        ground.setProperty("ground", "page")
        outer = QHBoxLayout(ground)
        outer.addStretch(1)
        # The empty space beside it gives way first, so that a narrow screen narrows the column.
        outer.addWidget(column, 1000)
        outer.addStretch(1)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setWidget(ground)
