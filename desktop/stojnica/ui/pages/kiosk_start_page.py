"""The page *Kiosk*: what happens when the laptop is handed to a visitor, and the button that does it."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QWidget

from stojnica.i18n import gettext as _
from stojnica.ui.controls.button import ActionButton, Kind
from stojnica.ui.controls.card import Card
from stojnica.ui.controls.key_cap import KeyCap
from stojnica.ui.controls.labels import Label
from stojnica.ui.controls.page import Page


class KioskStartPage(Page):
    """Explain the kiosk. `opened` asks for it."""

    opened = Signal()

    def __init__(self) -> None:
        super().__init__(_("Kiosk"), _("A visitor fills in the form alone, in their own language."))
        self._open = ActionButton(_("Open the kiosk"), Kind.FILLED, icon="kiosk")
        self._build()
        self._open.clicked.connect(self.opened)

    def _build(self) -> None:
        self.header.add_actions(self._open)
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
        back = Card(_("Back to the team"))
        back.add_text(
            _(
                "The kiosk is left only with the PIN of the team. When another program comes in front of it,"
                " the page is blank until the PIN is typed."
            )
        )
        self.add(back)
        self.add_stretch()

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
