"""The second copy in *Settings*: where it goes, how old it is, and one more now."""

from pathlib import Path

from PySide6.QtCore import QSignalBlocker, QTimer
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QFileDialog

from stojnica.i18n import gettext as _
from stojnica.i18n import ngettext
from stojnica.services.copies_gone import PlaceLine
from stojnica.services.copies_page import CopiesState, CopiesViewModel
from stojnica.services.copy_settings import DAYS, MINUTES
from stojnica.services.message import Message
from stojnica.ui.controls.button import ActionButton, Kind
from stojnica.ui.controls.card import Card
from stojnica.ui.controls.field import LabelledField
from stojnica.ui.controls.flow import FlowLayout
from stojnica.ui.controls.in_sight import bring_into_sight
from stojnica.ui.controls.labels import Label
from stojnica.ui.controls.paused_buttons import PausedButtons
from stojnica.ui.controls.said import Said
from stojnica.ui.controls.segmented import Segment, SegmentedChoice
from stojnica.ui.controls.side_by_side import SideBySide
from stojnica.ui.first_stick import first_stick
from stojnica.ui.pages.copy_place_rows import CopyPlaceRows, PlaceGoneDialog


class CopiesCard(Card):
    """Tell where copies are, let a place and a rhythm be chosen, make one at once."""

    def __init__(self, model: CopiesViewModel) -> None:
        super().__init__(_("Second copy"))
        self._model = model
        self._kept = self.add_text("")
        self._here = Label("", "", wrap=True)
        self._there = Label("", "", wrap=True)
        self._hint = Label("", "mid", wrap=True)
        self._said = Said()
        self._told: Message | None = None
        self._now = ActionButton(_("Copy now"))
        self._others = CopyPlaceRows(rest=self._now)
        self._choose = ActionButton(_("Choose a stick or folder …"))
        self._forget = ActionButton(_("Only this laptop"), Kind.LINK)
        minutes = [Segment(count, _("{count} min").format(count=count)) for count in MINUTES]
        self._minutes = SegmentedChoice(_("Make a copy every"), minutes)
        days = [Segment(n, ngettext("{count} day", "{count} days", n).format(count=n)) for n in DAYS]
        self._days = SegmentedChoice(_("Keep copies for"), days)
        self._buttons = PausedButtons(self._now, self._choose, self._forget)
        self._build()
        self._minutes.chosen.connect(self._on_minutes)
        self._days.chosen.connect(self._on_days)
        self._now.clicked.connect(model.copy_now)
        self._choose.clicked.connect(self._on_choose)
        self._forget.clicked.connect(model.forget_place)
        self._others.gone.connect(self._on_gone)

    def render_state(self, state: CopiesState) -> None:
        """Draw the state."""
        self._kept.setText(state.kept)
        for choice, value in ((self._minutes, state.minutes), (self._days, state.days)):
            with QSignalBlocker(choice):
                choice.set_value(value)
        self._here.set_marked(_("**On this laptop:** {copies}").format(copies=state.here))
        there = _("**{place}:** {copies}").format(place=state.place, copies=state.there)
        self._there.set_marked(there if state.place else "")
        self._there.setVisible(bool(state.place))
        self._hint.setText(state.hint)
        self._hint.setVisible(bool(state.hint))
        self._others.set_lines(state.others)
        self._others.setVisible(bool(state.others))
        self._forget.setVisible(bool(state.place))
        self._buttons.set_idle(not state.is_working)
        is_news = bool(state.message) and state.message != self._told
        self._told = state.message
        self._said.say(*(state.message.text, state.message.tone) if state.message else ("", ""))
        if is_news:
            QTimer.singleShot(0, self._said, self._show_news)

    def _show_news(self) -> None:
        # Only what is cut off moves the page.
        if self._said.visibleRegion().boundingRect().height() < self._said.height():
            bring_into_sight(self._said)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._model.refresh()

    def _build(self) -> None:
        self.body.addWidget(self._here)
        self.body.addWidget(self._there)
        rhythm = SideBySide(gap=12, gap_stacked=6, natural=True)
        rhythm.add(LabelledField(_("Make a copy every"), self._minutes, reserve=False), 11)
        rhythm.add(LabelledField(_("Keep copies for"), self._days, reserve=False), 12)
        self.body.addLayout(rhythm)
        row = FlowLayout(gap_x=12, gap_y=9)
        for button in (self._now, self._choose, self._forget):
            row.addWidget(button)
        self.body.addLayout(row)
        # Below all that can be pressed: what comes and goes here moves nothing from under the mouse.
        self.body.addWidget(self._hint)
        self.body.addWidget(self._others)
        self.body.addWidget(self._said)

    def _on_gone(self, line: object) -> None:
        if isinstance(line, PlaceLine):
            dialog = PlaceGoneDialog(self, line)
            dialog.submitted.connect(
                lambda _yes: self._model.say_gone(line, dialog.accept, dialog.show_error)
            )
            dialog.open()

    def _on_minutes(self, minutes: object) -> None:
        if isinstance(minutes, int):
            self._model.choose_minutes(minutes)

    def _on_days(self, days: object) -> None:
        if isinstance(days, int):
            self._model.choose_days(days)

    def _on_choose(self) -> None:
        dialog = QFileDialog(self, _("Where copies go"), str(first_stick()))
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        dialog.setOption(QFileDialog.Option.ShowDirsOnly)
        dialog.fileSelected.connect(self._on_chosen)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _on_chosen(self, name: str) -> None:
        self._model.choose_place(Path(name))
