"""Which file is wanted: for a print shop, or for social media."""

from PySide6.QtWidgets import QWidget

from stojnica.i18n import gettext as _
from stojnica.services.flyer_files import FILE_KINDS, SHOP, file_kind_words
from stojnica.ui.controls.labels import Label
from stojnica.ui.controls.segmented import Segment, SegmentedChoice
from stojnica.ui.dialogs import AppDialog

_WIDTH = 720


class FileKindDialog(AppDialog):
    """Give one of `FILE_KINDS`."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent, title=_("A file for others"), accept=_("Save …"))
        self.setMinimumWidth(_WIDTH)
        self._kind = SegmentedChoice(
            _("For"), [Segment(kind, file_kind_words(kind)[0]) for kind in FILE_KINDS]
        )
        self._good_for = Label("", "soft", wrap=True)
        self.body.setSpacing(12)
        self.body.addWidget(self._kind)
        self.body.addWidget(self._good_for)
        self._kind.chosen.connect(self._on_kind)
        self._kind.set_value(SHOP)
        self._on_kind(SHOP)

    def collect(self) -> str:
        """Give the kind that is chosen."""
        return str(self._kind.value() or SHOP)

    def _on_kind(self, kind: object) -> None:
        words = file_kind_words(str(kind))[1]
        self._good_for.setText(words)
        self._kind.describe(words)
