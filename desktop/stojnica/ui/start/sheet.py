"""The sheet that all windows before the stand share: one column, in the middle, with one main action."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLayout, QVBoxLayout, QWidget

from stojnica.ui.controls.card import Card
from stojnica.ui.controls.labels import Label
from stojnica.ui.controls.monogram import OrganisationSign
from stojnica.ui.theme.sizes import CARD_PADDING_X, GAP

_COLUMN_PX = 600


class StartSheet(QWidget):
    """Title, a sentence, `body`, a message at its place, and the buttons at the foot."""

    def __init__(self, title: str, text: str) -> None:
        super().__init__()
        self.setProperty("ground", "page")
        self._title = Label(title, "page-title", wrap=True)
        self._text = Label(text, "mid", wrap=True)
        self._message = Label("", "mid", wrap=True)
        self._message.setVisible(False)
        self.body = QVBoxLayout()
        self.body.setSpacing(12)
        self._foot = QHBoxLayout()
        self._foot.setSpacing(12)
        self._build()

    def add(self, item: QWidget | QLayout) -> None:
        """Put something at the end of the body."""
        if isinstance(item, QWidget):
            self.body.addWidget(item)
        else:
            self.body.addLayout(item)

    def set_foot(self, *buttons: QWidget) -> None:
        """Put the buttons at the foot: the way back at the left, the main one at the right."""
        for place, button in enumerate(buttons):
            if place == len(buttons) - 1:
                self._foot.addStretch(1)
            self._foot.addWidget(button)

    def say(self, text: str, tone: str = "bad") -> None:
        """Show a message above the buttons; empty hides it."""
        self._message.setText(text)
        self._message.set_tone(tone)
        self._message.setVisible(bool(text))

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
        column = QWidget()
        column.setFixedWidth(_COLUMN_PX)
        inside = QVBoxLayout(column)
        inside.setContentsMargins(0, 0, 0, 0)
        inside.setSpacing(24)
        inside.addStretch(2)
        inside.addWidget(OrganisationSign("S", "Stojnica"), 0, Qt.AlignmentFlag.AlignLeft)
        inside.addWidget(card)
        inside.addStretch(3)
        outer = QHBoxLayout(self)
        outer.addStretch(1)
        outer.addWidget(column)
        outer.addStretch(1)
