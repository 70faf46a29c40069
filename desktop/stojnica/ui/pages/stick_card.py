"""The second way to the office: an encrypted file on a stick, and the receipt that comes back."""

from pathlib import Path

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QFileDialog

from stojnica.i18n import gettext as _
from stojnica.services.stick import StickState, StickViewModel, stage_words
from stojnica.services.tasks import Progress
from stojnica.ui.controls.button import ActionButton, link
from stojnica.ui.controls.card import Card
from stojnica.ui.controls.flow import FlowLayout
from stojnica.ui.controls.in_sight import bring_into_sight
from stojnica.ui.controls.labels import Label
from stojnica.ui.controls.page import row
from stojnica.ui.controls.paused_buttons import PausedButtons
from stojnica.ui.controls.progress_panel import ProgressPanel
from stojnica.ui.controls.rows import ListRow, ListRows
from stojnica.ui.controls.said import Said
from stojnica.ui.first_stick import first_stick


class StickCard(Card):
    """Say what to do without internet; with a model, write to a stick and take its receipt in.

    `has_new_enrolment` comes from whoever hears from the office, and not from the server, that this laptop is
    let in no more.
    """

    has_new_enrolment = Signal()

    def __init__(self, model: StickViewModel | None) -> None:
        super().__init__(_("No internet?"))
        self._model = model
        self._write = ActionButton(_("Write to a USB stick …"), icon="usb")
        self._receive = ActionButton(_("Take in the receipt …"), icon="import")
        self._buttons = PausedButtons(self._write, self._receive)
        self._message = Said()
        self._waiting = Label(_("Without a receipt so far:"), "soft", wrap=True)
        self._files = ListRows()
        self._new_enrolment = link(_("The office has made a new enrolment file …"))
        self.progress = ProgressPanel(self._poll, stage_words)
        self._is_busy = False
        self._patience = self.add_text(
            _("Close the lid and send later, from anywhere. Everything waits here, encrypted.")
        )
        self._carried = self.add_text(
            _(
                "Or let somebody carry it: an encrypted file on a USB stick, which only the office can open."
                " Its receipt, taken in here, confirms what arrived."
            )
        )
        self._build()
        if model is not None:
            self._connect(model)
        else:
            for widget in (self._carried, self._write, self._receive, self._waiting, self._files):
                widget.setVisible(False)
        self.body.addStretch(1)

    def _build(self) -> None:
        buttons = FlowLayout()
        buttons.addWidget(self._write)
        buttons.addWidget(self._receive)
        self.body.addLayout(buttons)
        self.body.addWidget(self._message)
        self.body.addWidget(self._waiting)
        self.add(self._files)
        self.body.addLayout(row(self._new_enrolment))
        self._new_enrolment.setVisible(False)

    def _connect(self, model: StickViewModel) -> None:
        self._write.clicked.connect(self._on_write)
        self._receive.clicked.connect(self._on_receive)
        self._new_enrolment.clicked.connect(self.has_new_enrolment)
        self.progress.stopped.connect(model.cancel)

    def set_all_there(self, is_all_there: bool) -> None:
        """Offer no stick when nothing waits; what the last receipt said can still be read."""
        self.set_title(_("The file on the stick") if is_all_there else _("No internet?"))
        self._patience.setVisible(not is_all_there)
        self._carried.setVisible(self._model is not None and not is_all_there)
        self._write.setVisible(self._model is not None and not is_all_there)

    def render_state(self, state: StickState) -> None:
        """Draw how far the file is, and which ones wait for their receipt."""
        self._buttons.set_idle(not state.is_busy)
        self._receive.setVisible(state.can_receive)
        self.progress.set_running(state.is_busy)
        message = state.message
        self._message.say(message.text if message else "", message.tone.value if message else "bad")
        self._waiting.setVisible(bool(state.lines))
        self._files.set_rows([ListRow(line.name, trail=line.detail) for line in state.lines])
        self._files.setVisible(bool(state.lines))
        self._new_enrolment.setVisible(bool(state.lines))
        if self._is_busy and not state.is_busy:
            # After the layout: the files that are listed now make room for themselves first.
            QTimer.singleShot(0, self._message, self._show_outcome)
        self._is_busy = state.is_busy

    def _show_outcome(self) -> None:
        if self._message.isVisible():
            bring_into_sight(self._message)

    def _poll(self) -> Progress | None:
        return self._model.progress if self._model is not None else None

    def _on_write(self) -> None:
        dialog = QFileDialog(self, _("Choose the USB stick"), str(first_stick()))
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        dialog.setOption(QFileDialog.Option.ShowDirsOnly)
        dialog.fileSelected.connect(self._on_folder)
        dialog.open()

    def _on_receive(self) -> None:
        dialog = QFileDialog(
            self, _("Take in the office's receipt"), str(first_stick()), _("Receipts (*.receipt)")
        )
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.fileSelected.connect(self._on_receipt)
        dialog.open()

    def _on_folder(self, path: str) -> None:
        if self._model is not None:
            self._model.write_to(Path(path))

    def _on_receipt(self, path: str) -> None:
        if self._model is not None:
            self._model.receive(Path(path))
