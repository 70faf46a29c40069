"""Sentences one below the other, each a paragraph of its own."""

from collections.abc import Sequence

from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget

from stojnica.ui.controls.labels import Label

_GAP = 12


class Paragraphs(QWidget):
    """Show any number of sentences, with more room between two of them than between lines of one."""

    def __init__(self, role: str = "mid") -> None:
        super().__init__()
        self._role = role
        self._labels: list[Label] = []
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(_GAP)

    def set_texts(self, texts: Sequence[str]) -> None:
        """Show these; what stands there already is not drawn anew."""
        while len(self._labels) < len(texts):
            label = Label("", self._role, wrap=True)
            self._labels.append(label)
            self._column.addWidget(label)
        for place, label in enumerate(self._labels):
            text = texts[place] if place < len(texts) else ""
            if label.text() != text:
                label.setText(text)
            label.setVisible(bool(text))
