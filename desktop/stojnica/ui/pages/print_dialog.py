"""Before a print: which printer, how many, on one side or both, on which paper; and a page to try it."""

from dataclasses import dataclass

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from stojnica.i18n import gettext as _
from stojnica.i18n import ngettext
from stojnica.printing.sheets import LONG_EDGE, SHORT_EDGE
from stojnica.services.on_paper import MOST_COPIES, PrintChoices, read_sheets
from stojnica.services.written_time import written_number
from stojnica.ui.controls.bounded_editor import NUMBER_ROOM
from stojnica.ui.controls.button import ActionButton
from stojnica.ui.controls.field import ChoiceField, FieldMessage, LabelledField, TextField
from stojnica.ui.controls.flow import FlowLayout
from stojnica.ui.controls.said import Said
from stojnica.ui.controls.segmented import Segment, SegmentedChoice
from stojnica.ui.dialogs import AppDialog
from stojnica.ui.printer_desk import PrinterDesk, PrinterOffer

_ONE_SIDE = "one"
_WIDTH = 680


@dataclass(frozen=True, slots=True)
class Wanted:
    """Hold what is to be printed: the page's size, where its backs belong, and what may be chosen.

    Numbered pages are printed once, and on one side. `pieces` come of one copy when it is cut, and the
    dialog counts in them: nobody at a stand thinks in sheets.
    """

    page_mm: tuple[float, float]
    edge: str = ""
    is_numbered: bool = False
    has_test_page: bool = False
    pieces: int = 1


class PrintDialog(AppDialog):
    """Give `PrintChoices`; `test_wanted` carries them too, for a page to try the printer."""

    test_wanted = Signal(object)

    def __init__(self, parent: QWidget, wanted: Wanted, desk: PrinterDesk) -> None:
        super().__init__(parent, title=_("Print"), accept=_("Print"))
        self.setMinimumWidth(_WIDTH)
        self._wanted = wanted
        self._desk = desk
        self._printer = ChoiceField(_("Printer"), reserve=False)
        words = _("Copies") if wanted.pieces == 1 else _("Pieces")
        self._copies = TextField(words, max_length=NUMBER_ROOM)
        self._sides = SegmentedChoice(_("Sides"), [])
        self._sides_field = LabelledField(_("Sides"), self._sides, reserve=False)
        self._paper = ChoiceField(_("Paper"), reserve=False)
        self._test = ActionButton(_("Print a test page"))
        self._note = Said(reserve=True)
        self._build_body()
        self._printer.chosen.connect(self._on_printer)
        self._copies.changed.connect(self._on_copies)
        self._test.clicked.connect(self._on_test)
        names, default = desk.names(), desk.default()
        self._printer.set_choices([(name, name) for name in names])
        self._printer.set_value(default if default in names else next(iter(names), ""))
        self._on_printer(self._printer.value())
        self._copies.set_text(str(wanted.pieces))
        self._on_copies(str(wanted.pieces))
        self._copies.line.setFocus()
        self._copies.line.selectAll()

    def collect(self) -> PrintChoices | None:
        """Give what was chosen."""
        copies = read_sheets(self._copies.text(), self._wanted.pieces)
        if copies is None:
            self._copies.set_message(FieldMessage(self._too_many(), "bad"))
            self._copies.line.setFocus()
            return None
        return self._choices(copies)

    def say_tested(self, printer_name: str) -> None:
        """Say that the printer has the test page."""
        self.set_busy(False)
        text = _("The test page is at the printer {name}. Measure its ruler: nothing may be scaled.")
        self._note.say(text.format(name=printer_name), "good")

    def set_busy(self, busy: bool) -> None:
        super().set_busy(busy)
        self._test.setEnabled(not busy)

    def _build_body(self) -> None:
        self.body.addWidget(self._printer)
        self.body.addWidget(self._copies)
        self.body.addWidget(self._sides_field)
        self.body.addWidget(self._paper)
        place = FlowLayout()
        place.addWidget(self._test)
        self.body.addLayout(place)
        self.body.addWidget(self._note)
        self._copies.setVisible(not self._wanted.is_numbered)
        self._test.setVisible(self._wanted.has_test_page)
        self._note.setVisible(self._wanted.has_test_page)

    def _choices(self, copies: int) -> PrintChoices:
        side = self._sides.value()
        paper = self._paper.value()
        return PrintChoices(
            printer=str(self._printer.value() or ""),
            copies=copies,
            edge="" if side in (None, _ONE_SIDE) else str(side),
            paper_mm=paper if isinstance(paper, tuple) else None,
        )

    def _on_printer(self, name: object) -> None:
        offer = self._desk.offer(str(name or ""))
        self._show_sides(offer)
        papers: list[tuple[object, str]] = [(size, words) for words, size in offer.papers]
        self._paper.set_choices(papers)
        self._paper.set_value(offer.paper_for(self._wanted.page_mm))
        self._paper.setVisible(len(papers) > 1)

    def _show_sides(self, offer: PrinterOffer) -> None:
        words = {LONG_EDGE: _("Both, long edge"), SHORT_EDGE: _("Both, short edge")}
        edges = () if self._wanted.is_numbered else offer.edges
        self._sides.set_segments(
            [Segment(_ONE_SIDE, _("One side")), *(Segment(edge, words[edge]) for edge in edges)]
        )
        self._sides.set_value(self._wanted.edge if self._wanted.edge in edges else _ONE_SIDE)
        self._sides_field.setVisible(bool(edges))

    def _too_many(self) -> str:
        if self._wanted.pieces == 1:
            return _("Between 1 and {most} copies can be printed at once.").format(most=MOST_COPIES)
        most = written_number(MOST_COPIES * self._wanted.pieces)
        return _("Between 1 and {most} pieces can be printed at once.").format(most=most)

    def _on_copies(self, text: str) -> None:
        """Say how much paper it takes, and what comes of it when the last sheet has room for more."""
        sheets = read_sheets(text, self._wanted.pieces)
        if sheets is None or self._wanted.pieces == 1:
            self._copies.set_message(None)
            return
        words = ngettext("{count} sheet", "{count} sheets", sheets).format(count=written_number(sheets))
        pieces = sheets * self._wanted.pieces
        if pieces != int(text):
            cut = ngettext("{count} piece when cut", "{count} pieces when cut", pieces)
            words = f"{words} · {cut.format(count=written_number(pieces))}"
        self._copies.set_message(FieldMessage(words))

    def _on_test(self) -> None:
        self._note.say("")
        self.set_busy(True)
        self.test_wanted.emit(self._choices(1))
