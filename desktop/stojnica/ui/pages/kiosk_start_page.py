"""The page *Kiosk*: what happens when the laptop is handed to a visitor, and the button that does it."""

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import QGridLayout, QWidget

from stojnica.domain.errors import UserFacingError
from stojnica.i18n import gettext as _
from stojnica.i18n import ngettext
from stojnica.services.pin_change import PinWish
from stojnica.services.start_of_kiosk import WAITS_S, KioskStartState, KioskStartViewModel
from stojnica.ui.controls.button import ActionButton, Kind
from stojnica.ui.controls.card import Card
from stojnica.ui.controls.check_tile import ConsentRow
from stojnica.ui.controls.field import LabelledField
from stojnica.ui.controls.key_cap import KeyCap
from stojnica.ui.controls.labels import Label
from stojnica.ui.controls.notice_card import NoticeCard
from stojnica.ui.controls.page import Page, column, row
from stojnica.ui.controls.segmented import Segment, SegmentedChoice
from stojnica.ui.pages.new_pin_dialog import NewPinDialog, PinAsk


class KioskStartPage(Page):
    """Explain the kiosk. `opened` asks for it; while there is no PIN, who knows the passphrase sets one."""

    opened = Signal()

    def __init__(self, model: KioskStartViewModel) -> None:
        super().__init__(_("Kiosk"), _("A visitor fills in the form alone, in their own language."))
        self._model = model
        self._audience = SegmentedChoice(
            _("The form is"), [Segment(code, name) for code, name in model.audiences()]
        )
        self._wait = SegmentedChoice(
            _("Without a touch it asks after"),
            [Segment(s, _("{count} s").format(count=s), spoken=_seconds(s)) for s in WAITS_S],
        )
        self._counts = ConsentRow(
            _("Ask for gender and country at the end"),
            _("Without the name, only for numbers. Visitors can leave it out."),
        )
        self._open = ActionButton(_("Open the kiosk"), Kind.FILLED, icon="kiosk")
        self._no_pin = NoticeCard("wait")
        self._pin_dialog: NewPinDialog | None = None
        self._build()
        self._open.clicked.connect(self._on_open)
        self._audience.chosen.connect(self._on_audience)
        self._wait.chosen.connect(self._on_wait)
        self._counts.clicked.connect(self._on_counts)
        self.follow(model, self._render)

    def _build(self) -> None:
        self.header.add_actions(self._open)
        self._no_pin.set_notice(
            _("No PIN is set yet"),
            _("Only a PIN leads out of the kiosk. “Open the kiosk” lets you set one first."),
        )
        self._no_pin.hide()
        self.add(self._no_pin)
        what = Card(_("What happens"))
        what.add_text(
            _("The whole screen belongs to the visitor: three short pages, and nothing of other people.")
        )
        what.add_text(
            _(
                "After saving, after “Stop” and after a while without a key, the form is empty again"
                " for the next visitor."
            )
        )
        what.body.addStretch(1)
        keys = Card(_("Keys"))
        keys.body.addLayout(self._keys())
        keys.body.addStretch(1)
        self.add_row(what, keys, stretch=(13, 10))
        self.add(self._settings())
        back = Card(_("Back to the team"))
        back.add_text(
            _(
                "The kiosk is left only with the PIN of the team. When another program comes in front of it,"
                " the page is blank until the PIN is typed."
            )
        )
        self.add(back)
        self.add_stretch()

    def _settings(self) -> Card:
        card = Card(_("Settings of this kiosk"))
        card.body.addLayout(
            row(
                LabelledField(_("The form is"), self._audience, reserve=False),
                LabelledField(_("Without a touch it asks after"), self._wait, reserve=False),
                column(self._counts),
                gap=24,
                stretch=(3, 3, 4),
            )
        )
        return card

    def _render(self, state: KioskStartState) -> None:
        self._no_pin.setVisible(not state.has_pin)
        with QSignalBlocker(self._audience), QSignalBlocker(self._wait), QSignalBlocker(self._counts):
            self._audience.set_value(state.options.audience)
            self._wait.set_value(state.options.warn_s)
            self._counts.setChecked(state.options.asks_counts)

    def _on_open(self) -> None:
        if self._model.state.has_pin:
            self.opened.emit()
            return
        dialog = NewPinDialog(self, PinAsk(is_first=True, for_kiosk=True))
        self._pin_dialog = dialog
        dialog.submitted.connect(self._on_pin_typed)
        dialog.finished.connect(self._on_pin_closed)
        dialog.open()

    def _on_pin_typed(self, wish: object) -> None:
        if isinstance(wish, PinWish):
            self._model.choose_first_pin(wish, self._on_pin_kept, self._on_pin_refused)

    def _on_pin_kept(self) -> None:
        # Whoever closed the dialog meanwhile has the PIN, and is not led on.
        if self._pin_dialog is not None:
            self._pin_dialog.accept()
            self.opened.emit()

    def _on_pin_refused(self, error: UserFacingError) -> None:
        if self._pin_dialog is not None:
            self._pin_dialog.show_error(error)

    def _on_pin_closed(self) -> None:
        self._pin_dialog = None

    def _on_audience(self, audience: object) -> None:
        self._model.ask(str(audience))

    def _on_wait(self, seconds: object) -> None:
        if isinstance(seconds, int):
            self._model.wait(seconds)

    def _on_counts(self) -> None:
        self._model.count(self._counts.isChecked())

    def _keys(self) -> QGridLayout:
        grid = QGridLayout()
        grid.setHorizontalSpacing(18)
        grid.setVerticalSpacing(12)
        grid.setColumnStretch(1, 1)
        lines: tuple[tuple[str, str], ...] = (
            ("Tab", _("to the next field")),
            ("Space", _("ticks and unticks")),
            ("Return", _("goes on")),
            ("Ctrl+Shift+K", _("asks for the PIN and leads back here")),
        )
        for place, (key, text) in enumerate(lines):
            cap: QWidget = KeyCap(key)
            grid.addWidget(cap, place, 0, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
            grid.addWidget(Label(text, "mid", wrap=True), place, 1)
        return grid


def _seconds(count: int) -> str:
    return ngettext("{count} second", "{count} seconds", count).format(count=count)
