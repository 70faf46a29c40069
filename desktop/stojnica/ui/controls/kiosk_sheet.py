"""The scaffold of a kiosk page: sign and languages above, steps and title, actions and reassurance below."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLayout, QScroller, QVBoxLayout, QWidget

from stojnica.ui.controls.button import ActionButton
from stojnica.ui.controls.labels import Label
from stojnica.ui.controls.language_row import LanguageRow
from stojnica.ui.controls.monogram import OrganisationSign
from stojnica.ui.controls.scroll_place import ScrollPlace
from stojnica.ui.controls.side_by_side import SideBySide
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

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("ground", "page")
        self._dots = StepDots(0)
        self._title = Label("", "kiosk-title", wrap=True)
        self._subtitle = Label("", "kiosk-soft", wrap=True)
        self._head = SideBySide(gap=24, gap_stacked=12, natural=True)
        self._forward: ActionButton | None = None
        self.body = QVBoxLayout()
        self.body.setSpacing(12)
        self._foot = QHBoxLayout()
        self._foot.setSpacing(24)
        self._reassurance = Label("", "kiosk-small", wrap=True)
        self._reassurance.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._foot.setContentsMargins(KIOSK_MARGIN_X, 0, KIOSK_MARGIN_X, 26)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(12)
        outer.addWidget(self._scrolling_part(), 1)
        outer.addLayout(self._foot)
        self._dots.setVisible(False)

    def set_words(self, title: str, subtitle: str = "") -> None:
        """Change title and second line."""
        self._title.setText(title)
        self._title.setVisible(bool(title))
        self._subtitle.setText(subtitle)
        self._subtitle.setVisible(bool(subtitle))

    @property
    def words(self) -> str:
        """Give title and second line, as they are read aloud when the page comes."""
        return " ".join(label.text() for label in (self._title, self._subtitle) if label.text())

    def set_aside(self, widget: QWidget) -> None:
        """Put something at the right of the title."""
        self._head.add(widget, 0)

    def set_step(self, step: int, steps: int) -> None:
        """Show where in the steps the page is, counted from 0."""
        self._dots.set_count(steps)
        self._dots.set_step(step)
        self._dots.setVisible(steps > 0)

    def set_reassurance(self, text: str) -> None:
        """Change the line at the foot that says what happens with the data."""
        self._reassurance.setText(text)

    @property
    def main_button(self) -> ActionButton:
        """Give the button at the right of the foot: the way on."""
        assert self._forward is not None
        return self._forward

    def set_foot(self, back: ActionButton | None, forward: ActionButton | None) -> None:
        """Put the way back at the left and the way on at the right, with the reassurance between them."""
        self._forward = forward
        for part, share in ((back, 0), (self._reassurance, 1), (forward, 0)):
            if part is not None:
                self._foot.addWidget(part, share)

    def _scrolling_part(self) -> ScrollPlace:
        """Let everything but the foot scroll when the text is large; a finger may drag it."""
        content = QWidget()
        content.setProperty("ground", "page")
        column = QVBoxLayout(content)
        column.setContentsMargins(KIOSK_MARGIN_X, 6, KIOSK_MARGIN_X, 6)
        column.setSpacing(0)
        column.addWidget(self._dots)
        column.addSpacing(12)
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(self._title)
        words.addWidget(self._subtitle)
        self._head.add(words)
        column.addLayout(self._head)
        column.addSpacing(12)
        column.addLayout(self.body, 1)
        area = ScrollPlace(content)
        QScroller.grabGesture(area.viewport(), QScroller.ScrollerGestureType.TouchGesture)
        return area

    def add(self, item: QWidget | QLayout, stretch: int = 0) -> None:
        """Put a widget or a layout at the end of the body."""
        if isinstance(item, QWidget):
            self.body.addWidget(item, stretch)
        else:
            self.body.addLayout(item, stretch)
