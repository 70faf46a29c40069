"""The page *Flyers*: the paper as it will be, what is wrong with it, save and print."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from stojnica.i18n import LANGUAGE_NAMES
from stojnica.i18n import gettext as _
from stojnica.services.flyers import FlyersState, FlyersViewModel
from stojnica.ui.controls.button import ActionButton, Kind
from stojnica.ui.controls.card import Card
from stojnica.ui.controls.empty_state import EmptyState
from stojnica.ui.controls.field import ChoiceField, LabelledField
from stojnica.ui.controls.page import Page, column
from stojnica.ui.controls.page_viewer import PageViewer
from stojnica.ui.controls.said import Said
from stojnica.ui.controls.segmented import Segment, SegmentedChoice
from stojnica.ui.controls.side_by_side import SideBySide
from stojnica.ui.pages.file_kind_dialog import FileKindDialog
from stojnica.ui.pages.overrule_dialog import OverruleDialog
from stojnica.ui.pages.short_link_part import ShortLinkPart
from stojnica.ui.paper_out import PaperOut
from stojnica.ui.theme.sizes import GAP

_ABOVE_AND_BELOW = 130
_LEAST_PREVIEW = 380
_INDENT = 6


class FlyersPage(Page):
    """Choose a flyer, see the real page, save or print it."""

    def __init__(self, model: FlyersViewModel) -> None:
        super().__init__(_("Flyers"))
        self._model = model
        self._paper = PaperOut(
            self,
            model,
            told_copies=model.copies_printed,
            turn=model.turn_at,
            test_page=model.render_test_page,
        )
        self._others = ActionButton(_("For others …"), key="Ctrl+E")
        self._save = ActionButton(_("Save as PDF …"), key="Ctrl+S")
        self._print = ActionButton(_("Print …"), Kind.FILLED, key="Ctrl+P")
        self._empty = EmptyState("flyer", "", "")
        self._desk = QWidget()
        self._preview = PageViewer(_("Preview of the flyer"))
        self._which = ChoiceField(_("Flyer"), reserve=False)
        self._language = ChoiceField(_("Language"), reserve=False)
        self._second = ChoiceField(_("Beside it"), reserve=False)
        self._kind = ChoiceField(_("What it becomes"), reserve=False)
        self._size = SegmentedChoice(_("Size"), [])
        self._size_field = LabelledField(_("Size"), self._size, reserve=False)
        self._back = ChoiceField(_("On the back"), reserve=False)
        self._up = SegmentedChoice(_("On the sheet"), [])
        self._up_field = LabelledField(_("On the sheet"), self._up, reserve=False)
        self._ink = SegmentedChoice(_("Printed in"), [])
        self._code = ChoiceField(_("The code leads to"), reserve=False)
        self._ink_field = LabelledField(_("Printed in"), self._ink, reserve=False)
        self._link = Card(_("In the code"), compact=True)
        self._link_text = self._link.add_text("", "soft")
        self._short = ShortLinkPart(model, self._link)
        self._problems = Card(_("Can't be printed like this"), tone="bad")
        self._problem_text = self._problems.add_text("")
        self._overrule = ActionButton(_("Print all the same …"), Kind.LINK)
        self._overruled = Card(_("Rules of the EU overruled"), tone="wait")
        self._overruled_text = self._overruled.add_text("")
        self._hold = ActionButton(_("Let the rules hold again"), Kind.LINK)
        self._hints = Card(tone="wait", compact=True)
        self._hints.setAccessibleName(_("To be checked"))
        self._hint_text = self._hints.add_text("")
        self._note = Said()
        self._build()
        self._connect()
        self.follow(model, self._render)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        # The whole of it stays in sight, however much is said beside it, and above the page.
        seen = self.parentWidget() or self
        self._preview.setFixedHeight(max(seen.height() - _ABOVE_AND_BELOW, _LEAST_PREVIEW))

    def _build(self) -> None:
        self.header.add_actions(self._others, self._save, self._print)
        # Without a head: the page's title says it, and all of it has to be in sight at 1366×768.
        choices = Card()
        choices.setAccessibleName(_("What is printed"))
        choices.body.addLayout(_beside(self._which, self._kind))
        on_paper = SideBySide(gap=GAP, gap_stacked=9)
        on_paper.add(self._size_field, 5)
        on_paper.add(self._up_field, 9)
        choices.body.addLayout(on_paper)
        choices.body.addLayout(_beside(self._language, self._second, self._back))
        choices.body.addLayout(_beside(self._code, self._ink_field))
        desk = QHBoxLayout(self._desk)
        desk.setContentsMargins(0, 0, 0, 0)
        desk.setSpacing(GAP)
        desk.addWidget(self._preview, 11, Qt.AlignmentFlag.AlignTop)
        for narrow in (self._hints, self._link):
            # Its words begin below those of the card above.
            narrow.setContentsMargins(_INDENT, 0, _INDENT, 0)
        self._problems.add_head_action(self._overrule)
        self._overruled.add_head_action(self._hold)
        # What came of a press stands below the button that was pressed; at the end nobody would see it.
        told = (self._problems, self._overruled, self._hints, self._link)
        side = column(self._paper.panel, self._note, choices, *told)
        desk.addLayout(side, 10)
        self.add(self._desk, 1)
        self.add(self._empty, 1)

    def _connect(self) -> None:
        self._which.chosen.connect(self._on_flyer)
        self._language.chosen.connect(self._on_language)
        self._second.chosen.connect(self._on_second)
        self._code.chosen.connect(self._on_code)
        self._kind.chosen.connect(self._on_kind)
        self._size.chosen.connect(self._on_size)
        self._back.chosen.connect(self._on_back)
        self._up.chosen.connect(self._on_up)
        self._ink.chosen.connect(self._on_ink)
        self._overrule.clicked.connect(self._on_overrule)
        self._hold.clicked.connect(self._model.let_rules_hold)
        self._preview.sharper_wanted.connect(self._model.look_closer)
        self._others.clicked.connect(self._on_others)
        self._save.clicked.connect(self._on_save)
        self._print.clicked.connect(self._on_print)

    def _render(self, state: FlyersState) -> None:
        has_flyer = bool(state.event_name and state.template_id)
        self.header.set_subtitle(" · ".join(filter(None, (state.event_name, state.short.printed))))
        self._desk.setVisible(has_flyer)
        self._empty.setVisible(state.is_ready and not has_flyer)
        self._empty.set_words(*_empty_words(state))
        self._others.setVisible(has_flyer)
        self._save.setVisible(has_flyer)
        self._print.setVisible(has_flyer)
        self._others.setEnabled(state.is_printable and not state.is_working)
        self._save.setEnabled(state.is_printable and not state.is_working)
        self._print.setEnabled(state.is_printable and not state.is_working)
        self._render_choices(state)
        is_newest = state.is_drawn or not state.is_working
        self._preview.set_busy(not is_newest)
        if is_newest:
            self._preview.set_pages(state.pages)
        self._short.show_state(state.short)
        self._link_text.setText(_breakable(state.link))
        self._link_text.setAccessibleName(state.link)
        self._link.setVisible(bool(state.link))
        self._problem_text.setText("\n".join(state.problems))
        self._problems.setVisible(bool(state.problems))
        self._overrule.setVisible(state.case is not None)
        self._overruled_text.setText("\n".join(state.overruled))
        self._overruled.setVisible(bool(state.overruled))
        self._hint_text.setText("\n".join(state.hints))
        self._hints.setVisible(bool(state.hints))
        self._note.say(*(state.message.text, state.message.tone) if state.message else ("", ""))

    def _render_choices(self, state: FlyersState) -> None:
        flyers: list[tuple[object, str]] = list(state.choices)
        self._which.set_choices(flyers)
        self._which.set_value(state.flyer_id)
        self._which.setVisible(state.paper.needs_flyer)
        self._language.set_choices([(code, LANGUAGE_NAMES.get(code, code)) for code in state.languages])
        self._language.set_value(state.language)
        backs = [("", _("nothing")), *((code, LANGUAGE_NAMES.get(code, code)) for code in state.backs)]
        self._back.set_choices([(code, words) for code, words in backs])
        self._back.set_value(state.back)
        self._back.setVisible(bool(state.backs))
        seconds: list[tuple[object, str]] = [
            (code, LANGUAGE_NAMES.get(code, code)) for code in state.paper.seconds
        ]
        self._second.set_choices(seconds)
        self._second.set_value(state.second)
        self._second.setVisible(bool(seconds))
        codes: list[tuple[object, str]] = list(state.codes)
        self._code.set_choices(codes)
        self._code.set_value(state.leads)
        self._code.setVisible(bool(codes))
        kinds: list[tuple[object, str]] = list(state.paper.templates)
        self._kind.set_choices(kinds)
        self._kind.set_value(state.template_id)
        self._kind.setVisible(len(kinds) > 1)
        self._size.set_segments([Segment(size, size) for size in state.paper.sizes])
        self._size.set_value(state.size)
        self._size_field.setVisible(len(state.paper.sizes) > 1)
        self._up.set_segments([Segment(count, words) for count, words in state.paper.sheets])
        self._up.set_value(state.up)
        self._up_field.setVisible(len(state.paper.sheets) > 1)
        self._ink.set_segments([Segment(False, _("colours")), Segment(True, _("black alone"))])
        self._ink.set_value(state.is_black)

    def _on_flyer(self, flyer_id: object) -> None:
        self._model.choose_flyer(str(flyer_id))

    def _on_language(self, language: object) -> None:
        self._model.choose_language(str(language))

    def _on_second(self, language: object) -> None:
        self._model.choose_second(str(language))

    def _on_code(self, leads: object) -> None:
        self._model.choose_code(str(leads or ""))

    def _on_kind(self, template_id: object) -> None:
        self._model.choose_template(str(template_id))

    def _on_size(self, size: object) -> None:
        self._model.choose_size(str(size))

    def _on_back(self, language: object) -> None:
        self._model.choose_back(str(language or ""))

    def _on_up(self, up: object) -> None:
        if isinstance(up, int):
            self._model.choose_up(up)

    def _on_ink(self, is_black: object) -> None:
        self._model.choose_ink(bool(is_black))

    def _on_overrule(self) -> None:
        case = self._model.state.case
        if case is not None:
            OverruleDialog(self, self._model.overruling, case).open()

    def _on_others(self) -> None:
        dialog = FileKindDialog(self)
        dialog.submitted.connect(self._on_kind_of_file)
        dialog.submitted.connect(dialog.accept)
        dialog.open()

    def _on_kind_of_file(self, kind: object) -> None:
        name = self._model.want_file(str(kind))
        files = "PNG (*.png)" if name.endswith(".png") else "PDF (*.pdf)"
        self._paper.save_as(name, title=_("A file for others"), files=files)

    def _on_save(self) -> None:
        self._model.want_file("")
        self._paper.save_as(self._model.state.suggested_name)

    def _on_print(self) -> None:
        state = self._model.state
        self._paper.print_out(state.suggested_name, state.paper_mm, state.edge, state.up)


def _beside(*fields: QWidget) -> SideBySide:
    beside = SideBySide(gap=GAP, gap_stacked=9)
    for field in fields:
        beside.add(field)
    return beside


def _empty_words(state: FlyersState) -> tuple[str, str]:
    if not state.event_name:
        return _("No event chosen"), _("A flyer carries the event in its code. Choose the event first.")
    return (
        _("No flyer yet"),
        _("Flyers come from the office, with its words and its code. Send to the office once to fetch them."),
    )


def _breakable(link: str) -> str:
    """Let a long link break after its separators; in large type a name with its value is a line too long."""
    if "://" not in link:
        return link
    for mark in ("/", "?", "&", "=", "-"):
        link = link.replace(mark, mark + "\u200b")
    return link
