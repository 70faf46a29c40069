"""The scaffold of a kiosk page: sign and languages above, steps and title, actions and reassurance below."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLayout, QVBoxLayout, QWidget

from stojnica.ui.controls.button import ActionButton
from stojnica.ui.controls.labels import Label
from stojnica.ui.controls.language_row import LanguageRow
from stojnica.ui.controls.monogram import OrganisationSign
from stojnica.ui.controls.step_dots import StepDots
from stojnica.ui.theme.sizes import KIOSK_MARGIN_X


class KioskHead(QWidget):
    """The part that stays on every kiosk page: the organisation's sign and the languages."""

    def __init__(self, sign: OrganisationSign, languages: LanguageRow) -> None:
        super().__init__()
        row = QHBoxLayout(self)
        row.setContentsMargins(KIOSK_MARGIN_X, 30, KIOSK_MARGIN_X, 12)
        row.setSpacing(18)
        row.addWidget(sign)
        row.addWidget(languages, 1)


class KioskSheet(QWidget):
    """One kiosk page below the head: dots, title, second line, `body`, and the foot."""

    def __init__(self, steps: int = 0, step: int = 0) -> None:
        super().__init__()
        self.setProperty("ground", "page")
        self._dots = StepDots(steps)
        self._dots.set_step(step)
        self._dots.setVisible(steps > 0)
        self._title = Label("", "kiosk-title", wrap=True)
        self._subtitle = Label("", "kiosk-soft", wrap=True)
        self.body = QVBoxLayout()
        self.body.setSpacing(12)
        self._foot = QHBoxLayout()
        self._foot.setSpacing(24)
        self._reassurance = Label("", "kiosk-small", wrap=True)
        self._reassurance.setAlignment(Qt.AlignmentFlag.AlignCenter)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(KIOSK_MARGIN_X, 12, KIOSK_MARGIN_X, 26)
        outer.setSpacing(0)
        outer.addWidget(self._dots)
        outer.addSpacing(12)
        outer.addWidget(self._title)
        outer.addWidget(self._subtitle)
        outer.addSpacing(14)
        outer.addLayout(self.body, 1)
        outer.addSpacing(18)
        outer.addLayout(self._foot)

    def set_words(self, title: str, subtitle: str = "") -> None:
        """Change title and second line."""
        self._title.setText(title)
        self._subtitle.setText(subtitle)
        self._subtitle.setVisible(bool(subtitle))

    def set_reassurance(self, text: str) -> None:
        """Change the line at the foot that says what happens with the data."""
        self._reassurance.setText(text)

    def set_foot(self, back: ActionButton | None, forward: ActionButton | None) -> None:
        """Put the way back at the left and the way on at the right, with the reassurance between them."""
        for part, share in ((back, 0), (self._reassurance, 1), (forward, 0)):
            if part is not None:
                self._foot.addWidget(part, share)

    def add(self, item: QWidget | QLayout, stretch: int = 0) -> None:
        """Put a widget or a layout at the end of the body."""
        if isinstance(item, QWidget):
            self.body.addWidget(item, stretch)
        else:
            self.body.addLayout(item, stretch)
