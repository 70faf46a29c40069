"""The practice of somebody new: the real windows over a store of its own, with a checklist at the side."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from stojnica.i18n import gettext as _
from stojnica.services.tryout import TryoutRoom, TryoutState, TryoutStep, TryoutViewModel, tryout_words
from stojnica.ui.controls.banner import RoundSign
from stojnica.ui.controls.button import ActionButton, Kind
from stojnica.ui.controls.card import Card
from stojnica.ui.controls.labels import Label
from stojnica.ui.controls.said import Said
from stojnica.ui.controls.spoken import Spoken, speak_as
from stojnica.ui.theme.look import look

if TYPE_CHECKING:
    from stojnica.ui.stand_models import StandModels

_WIDTH_PX = 250
_SIGN_PX = 24


@dataclass(frozen=True, slots=True)
class TryoutDoor:
    """Hold how a practice is begun: `open_room` on any thread, `furnish` on the UI thread."""

    open_room: Callable[[], TryoutRoom]
    furnish: Callable[[TryoutRoom], "StandModels"]


class _StepRow(QWidget):
    """One thing to try; it gets a sign when it was done."""

    def __init__(self, place: int, step: TryoutStep) -> None:
        super().__init__()
        sign: QWidget = RoundSign("good", _SIGN_PX, said=_("done"))
        if not step.is_done:
            sign = Label(str(place), "strong")
            sign.setFixedWidth(look().px(_SIGN_PX))
        words = QVBoxLayout()
        words.setSpacing(3)
        words.addWidget(Label(step.title, "strong", wrap=True))
        words.addWidget(Label(_("done") if step.is_done else step.how, "small", wrap=True))
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(12)
        line.addWidget(sign, 0, Qt.AlignmentFlag.AlignTop)
        line.addLayout(words, 1)
        speak_as(self, Spoken.LINE)
        self.setAccessibleName(", ".join((step.title, _("done") if step.is_done else step.how)))


class TryoutGuide(QWidget):
    """The checklist at the side. `ended` comes from its button."""

    ended = Signal()

    def __init__(self, model: TryoutViewModel) -> None:
        super().__init__()
        self.setProperty("ground", "page")
        self.setFixedWidth(look().px(_WIDTH_PX))
        self._card = Card(_("Three minutes of practice"))
        self._steps: list[_StepRow] = []
        self._rows = QVBoxLayout()
        self._rows.setSpacing(18)
        self._praise = Said()
        self._end = ActionButton(_("End the practice"))
        self._card.body.addLayout(self._rows)
        self._card.add(self._praise)
        self._card.add(self._end)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 26, 18, 18)
        outer.addWidget(self._card)
        outer.addStretch(1)
        self._end.clicked.connect(self.ended)
        self.destroyed.connect(model.subscribe(self._render))

    def _render(self, state: TryoutState) -> None:
        for row in self._steps:
            self._rows.removeWidget(row)
            row.hide()
            row.deleteLater()
        self._steps = [_StepRow(place, step) for place, step in enumerate(state.steps, start=1)]
        for row in self._steps:
            self._rows.addWidget(row)
        self._praise.say(state.praise, "good")
        self._end.set_kind(Kind.FILLED if state.praise else Kind.OUTLINED)


class Tryout(QObject):
    """Own the windows of a practice; `over` is called when it has ended, before its windows go.

    It belongs to `parent` until the room is thrown away, and ends itself then.
    """

    def __init__(
        self, room: TryoutRoom, models: "StandModels", over: Callable[[], None], parent: QObject
    ) -> None:
        super().__init__(parent)
        from stojnica.ui.stand_window import StandWindow

        self._room = room
        self._runner = models.context.runner
        self._over = over
        self.guide = TryoutViewModel(models.context)
        self.window = StandWindow(models, tryout_words(), self._left)
        panel = TryoutGuide(self.guide)
        panel.ended.connect(self.window.main.close)
        self.window.main.set_side(panel)
        self.window.kiosk_left.connect(self.guide.kiosk_was_left)

    def show(self) -> None:
        """Begin on Today."""
        self.window.show()

    def abandon(self) -> None:
        """End at once, because the whole program ends."""
        self.window.close()
        self._let_windows_go()
        self._room.close()

    def _left(self) -> None:
        # First the real window: with none in sight the program would end.
        self._over()
        # Its pages look again by themselves, and must be gone before the store is.
        self.window.main.destroyed.connect(self._close_room)
        self._let_windows_go()

    def _let_windows_go(self) -> None:
        if self.window.kiosk is not None:
            self.window.kiosk.deleteLater()
        self.window.main.hide()
        self.window.main.deleteLater()

    def _close_room(self) -> None:
        room = self._room
        self._runner.submit(lambda _context: room.close(), _nothing, _nothing)
        self.deleteLater()


def _nothing(_answer: object) -> None:
    """Do nothing: the room is thrown away, and a leftover goes when the next one is opened."""
