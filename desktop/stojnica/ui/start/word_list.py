"""The words of a passphrase, as they go to paper."""

from PySide6.QtWidgets import QGridLayout, QWidget

from stojnica.ui.controls.labels import Label
from stojnica.ui.controls.spoken import Spoken, speak_as


class WordList(QWidget):
    """The words below each other, numbered, as they go to paper."""

    def __init__(self) -> None:
        super().__init__()
        speak_as(self, Spoken.LIST)
        self._words: list[str] = []
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(14)
        self._grid.setVerticalSpacing(3)
        self._grid.setColumnStretch(1, 1)

    def set_words(self, passphrase: str) -> None:
        """Show other words."""
        words = passphrase.split()
        if words == self._words:
            return
        self._words = words
        self.setAccessibleName(passphrase)
        while (item := self._grid.takeAt(0)) is not None:
            old = item.widget()
            if old is not None:
                old.hide()
                old.deleteLater()
        for place, word in enumerate(words):
            line = Label(word, "page-title")
            speak_as(line, Spoken.LINE)
            self._grid.addWidget(Label(str(place + 1), "kiosk-small"), place, 0)
            self._grid.addWidget(line, place, 1)
