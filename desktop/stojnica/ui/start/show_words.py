"""Words that open something: hidden while they are typed, shown when whoever types wants to see them."""

from PySide6.QtWidgets import QLineEdit

from stojnica.i18n import gettext as _
from stojnica.ui.controls.button import ActionButton, Kind


class ShowWords(ActionButton):
    """Hide what is typed into the lines, until it is pressed; pressed again, hide it again."""

    def __init__(self, *lines: QLineEdit) -> None:
        super().__init__(_("Show what I type"), Kind.LINK)
        self._lines = lines
        self._hide(True)
        self.clicked.connect(self._on_pressed)

    def _hide(self, is_hidden: bool) -> None:
        mode = QLineEdit.EchoMode.Password if is_hidden else QLineEdit.EchoMode.Normal
        for line in self._lines:
            line.setEchoMode(mode)
        self.set_text(_("Show what I type") if is_hidden else _("Hide what I type"))

    def _on_pressed(self) -> None:
        self._hide(self._lines[0].echoMode() is QLineEdit.EchoMode.Normal)
