"""Belonging to an office later: the file from there, and the code that came another way."""

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog

from stojnica.i18n import gettext as _
from stojnica.services.send import SendState, SendViewModel
from stojnica.ui.controls.button import ActionButton, Kind
from stojnica.ui.controls.card import Card
from stojnica.ui.controls.field import TextField
from stojnica.ui.controls.flow import FlowLayout
from stojnica.ui.controls.said import Said


class EnrolCard(Card):
    """Ask for the enrolment file and its code, on a laptop that began without an office."""

    def __init__(self, model: SendViewModel) -> None:
        super().__init__(_("Do you have a file from the office?"))
        self._model = model
        self._file = ActionButton("", icon="open")
        self._code = TextField(
            _("One-time code"), note=_("from the office, by another way"), max_length=60, reserve=False
        )
        self._message = Said()
        self._enrol = ActionButton(_("Enrol this laptop"), Kind.FILLED)
        self.add_text(
            _("It brings this laptop its organisation, events and wordings. What you collected is delivered.")
        )
        buttons = FlowLayout()
        buttons.addWidget(self._file)
        self.body.addLayout(buttons)
        self.body.addWidget(self._code)
        self.body.addWidget(self._message)
        main = FlowLayout()
        main.addWidget(self._enrol)
        self.body.addLayout(main)
        self.body.addStretch(1)
        self._file.clicked.connect(self.ask_for_file)
        self._enrol.clicked.connect(self._on_enrol)
        self._code.line.returnPressed.connect(self._on_enrol)

    def render_state(self, state: SendState) -> None:
        """Draw how far the enrolment is."""
        has_file = bool(state.enrolment_name)
        self._file.set_text(state.enrolment_name or _("Open the enrolment file …"))
        self._file.setEnabled(not state.is_enrolling)
        self._code.setVisible(has_file)
        self._code.line.setReadOnly(state.is_enrolling)
        self._enrol.setVisible(has_file)
        self._enrol.setEnabled(not state.is_enrolling)
        self._enrol.set_text(_("One moment …") if state.is_enrolling else _("Enrol this laptop"))
        said = state.enrolment_message.text if state.enrolment_message else ""
        self._message.say(said)
        self._code.editor.setAccessibleDescription(said)

    def ask_for_file(self) -> None:
        """Open the dialog in which the file is chosen."""
        dialog = QFileDialog(self, _("Open the enrolment file"), str(Path.home()))
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.fileSelected.connect(self._on_file)
        dialog.open()

    def _on_file(self, path: str) -> None:
        self._model.open_enrolment(Path(path))
        if self._model.state.enrolment_name:
            self._code.line.setFocus()

    def _on_enrol(self) -> None:
        self._model.enrol(self._code.text())
