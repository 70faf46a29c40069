"""The scaffold of a page: margins, title, actions at the right, rows of cards below."""

from collections.abc import Callable
from typing import TypeVar

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QLayout, QSizePolicy, QVBoxLayout, QWidget

from stojnica.services.view_model import ViewModel
from stojnica.ui.controls.flow import FlowLayout
from stojnica.ui.controls.labels import Label
from stojnica.ui.controls.side_by_side import SideBySide
from stojnica.ui.controls.spoken import Spoken, speak_as
from stojnica.ui.theme.sizes import GAP, PAGE_MARGIN_X, PAGE_MARGIN_Y

S = TypeVar("S")


class PageHeader(QWidget):
    """Title and second line at the left, the page's actions at the right; `titled` carries each title.

    With `dense` both stand on one line.
    """

    titled = Signal(str)

    def __init__(self, title: str = "", subtitle: str = "", *, dense: bool = False) -> None:
        super().__init__()
        self._title = Label(title, "page-title", wrap=True)
        self._subtitle = Label(subtitle, "subtitle", wrap=True)
        words = SideBySide(gap=GAP, gap_stacked=3, natural=True)
        if dense:
            words.add(self._title, 0)
            words.add(self._subtitle)
        else:
            both = QVBoxLayout()
            both.setSpacing(3)
            both.addWidget(self._title)
            both.addWidget(self._subtitle)
            words.add(both)
        self._actions = QWidget()
        self._actions.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        self._actions_row = FlowLayout(self._actions)
        self._actions_row.set_right_aligned(True)
        beside = SideBySide(gap=GAP, gap_stacked=12, natural=True)
        beside.add(words)
        beside.add(self._actions, 0)
        self.setLayout(beside)

    def set_title(self, title: str) -> None:
        """Change the title."""
        self._title.setText(title)
        self.titled.emit(title)

    def set_subtitle(self, subtitle: str) -> None:
        """Change the second line."""
        self._subtitle.setText(subtitle)

    def add_actions(self, *widgets: QWidget) -> None:
        """Put buttons at the right, the main one last."""
        for widget in widgets:
            self._actions_row.addWidget(widget)


class Page(QWidget):
    """A page of the main window: a `header`, and `body` for what is below it; `dense` for long forms."""

    def __init__(self, title: str = "", subtitle: str = "", *, dense: bool = False) -> None:
        super().__init__()
        self.setProperty("ground", "page")
        self.header = PageHeader(title, subtitle, dense=dense)
        # The focus begins on the page itself, and a voice says where it is.
        speak_as(self, Spoken.GROUP)
        self.setAccessibleName(title)
        self.header.titled.connect(self.setAccessibleName)
        self.body = QVBoxLayout()
        self.body.setSpacing(GAP)
        outer = QVBoxLayout(self)
        top = PAGE_MARGIN_Y - 8 if dense else PAGE_MARGIN_Y
        outer.setContentsMargins(PAGE_MARGIN_X, top, PAGE_MARGIN_X, PAGE_MARGIN_Y - 10)
        outer.setSpacing(12 if dense else 24)
        outer.addWidget(self.header)
        outer.addLayout(self.body, 1)

    def add(self, widget: QWidget, stretch: int = 0) -> QWidget:
        """Put a widget at the end of the page and give it back."""
        self.body.addWidget(widget, stretch)
        return widget

    def add_row(self, *items: QWidget | QLayout, stretch: tuple[int, ...] = (), gap: int = GAP) -> SideBySide:
        """Put columns beside each other, stacked where they don't fit; `stretch` gives their shares."""
        beside = SideBySide(gap=gap)
        for index, item in enumerate(items):
            beside.add(item, stretch[index] if index < len(stretch) else 1)
        self.body.addLayout(beside)
        return beside

    def add_stretch(self) -> None:
        """Keep everything above together and leave the rest of the page empty."""
        self.body.addStretch(1)

    def follow(self, model: ViewModel[S], render: Callable[[S], None]) -> None:
        """Draw the view-model's state now and whenever it changes, for as long as the page lives."""
        self.destroyed.connect(model.subscribe(render))


def column(*items: QWidget | QLayout, gap: int = GAP, stretch_last: bool = False) -> QVBoxLayout:
    """Stack widgets to one column of a row, kept at the top unless the last one is to fill it."""
    result = QVBoxLayout()
    result.setSpacing(gap)
    for index, item in enumerate(items):
        _add(result, item, 1 if stretch_last and index == len(items) - 1 else 0)
    if not stretch_last:
        result.addStretch(1)
    return result


def row(*items: QWidget | QLayout, gap: int = 12, stretch: tuple[int, ...] = ()) -> QHBoxLayout:
    """Put widgets beside each other; without shares they keep their own width, at the left."""
    result = QHBoxLayout()
    result.setSpacing(gap)
    for index, item in enumerate(items):
        _add(result, item, stretch[index] if index < len(stretch) else 0)
    if not stretch:
        result.addStretch(1)
    return result


def _add(layout: QBoxLayout, item: QWidget | QLayout, stretch: int) -> None:
    if isinstance(item, QWidget):
        layout.addWidget(item, stretch)
    else:
        layout.addLayout(item, stretch)
