"""Scans of the filled-in slips: files are chosen, and each page finds its contact by itself."""

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog

from stojnica.i18n import gettext as _
from stojnica.services.slip_scans import SlipScansState, SlipScansViewModel
from stojnica.ui.controls.button import ActionButton
from stojnica.ui.controls.card import Card
from stojnica.ui.controls.flow import FlowLayout
from stojnica.ui.controls.labels import Label
from stojnica.ui.controls.progress_panel import ProgressPanel
from stojnica.ui.controls.said import Said


class SlipScansCard(Card):
    """Offer to keep scans, and say what became of them."""

    def __init__(self, model: SlipScansViewModel) -> None:
        super().__init__(_("Scans of the slips"))
        self._model = model
        self._choose = ActionButton(_("Add scans …"), icon="open")
        self._progress = ProgressPanel(model.progress, _stage_words)
        self._said = Said()
        self._lines = Label("", "soft", wrap=True)
        self.add_text(_("Pictures, or a PDF of many pages: the code on each slip finds its contact."))
        place = FlowLayout()
        place.addWidget(self._choose)
        self.body.addLayout(place)
        self.body.addWidget(self._progress)
        self.body.addWidget(self._said)
        self.body.addWidget(self._lines)
        self._choose.clicked.connect(self._on_choose)
        self._progress.stopped.connect(model.stop)
        self.destroyed.connect(model.subscribe(self._render))

    def _render(self, state: SlipScansState) -> None:
        self._choose.setEnabled(not state.is_working)
        self._progress.set_running(state.is_working)
        message = state.message
        self._said.say(message.text if message else "", message.tone if message else "")
        self._lines.setText("\n".join(state.lines))
        self._lines.setVisible(bool(state.lines))

    def _on_choose(self) -> None:
        dialog = QFileDialog(self, _("Add scans"), str(Path.home()))
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setFileMode(QFileDialog.FileMode.ExistingFiles)
        dialog.setNameFilter(_("Scans") + " (*.pdf *.jpg *.jpeg *.png)")
        dialog.filesSelected.connect(self._on_files)
        dialog.open()

    def _on_files(self, paths: list[str]) -> None:
        self._model.take([Path(path) for path in paths])


def _stage_words(_stage: str) -> str:
    return _("Reading the scans")
