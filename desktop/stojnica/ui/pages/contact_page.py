"""The page *New contact*: typed by a volunteer, with the keyboard alone."""

from collections.abc import Callable

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from stojnica.domain.duplicate import ContactKeys
from stojnica.domain.form import ORGANISATION, PERSON
from stojnica.i18n import gettext as _
from stojnica.services.about_view import AboutState
from stojnica.services.contact import ContactViewModel
from stojnica.services.contact_state import ContactState
from stojnica.ui.controls.button import ActionButton, Kind, link
from stojnica.ui.controls.empty_state import EmptyState
from stojnica.ui.controls.flow import FlowLayout
from stojnica.ui.controls.labels import Label
from stojnica.ui.controls.letter_palette import LetterPalette
from stojnica.ui.controls.notice_card import NoticeCard
from stojnica.ui.controls.page import Page, column
from stojnica.ui.controls.segmented import Segment, SegmentedChoice
from stojnica.ui.controls.side_by_side import SideBySide
from stojnica.ui.pages.consent_list import ConsentList
from stojnica.ui.pages.contact_form import ContactForm
from stojnica.ui.pages.contact_list import ContactList
from stojnica.ui.pages.defaults_dialog import DefaultsDialog
from stojnica.ui.pages.operator_dialog import OperatorDialog
from stojnica.ui.pages.pin_dialog import PinDialog
from stojnica.ui.pages.take_back_dialog import TakeBackDialog
from stojnica.ui.pages.void_dialog import void_contact_dialog

TICK_MS = 1_000


class ContactPage(Page):
    """Draw the form, what is said about it, and the last contacts. `wants_events` leads to the events.

    `wants_group` leads to the page for a class.
    """

    wants_events = Signal()
    wants_group = Signal()

    def __init__(self, model: ContactViewModel, who_is_here: Callable[[], tuple[str, ...]] = tuple) -> None:
        super().__init__(_("New contact"), dense=True)
        self._model = model
        self._who_is_here = who_is_here
        self._focus_number = model.state.focus_number
        self._is_focus_due = False
        self._audience = SegmentedChoice(
            _("Who signs up"), [Segment(PERSON, _("Person")), Segment(ORGANISATION, _("Organisation"))]
        )
        self._questions = ContactForm()
        self._consents = ConsentList()
        self._save = ActionButton(_("Save and next"), Kind.FILLED, key="Ctrl+Return")
        self._clear = ActionButton(_("Empty the form"), Kind.LINK)
        self._everybody = ActionButton(_("The same for everybody …"), Kind.LINK)
        self._group = ActionButton(_("Group visit …"), Kind.LINK, key="Alt+G")
        self._take_back = ActionButton(_("Take consent back …"), Kind.LINK)
        self._letters = ActionButton("č ć đ š ž", Kind.LINK, key="Alt+C")
        self._letters.setAccessibleName(_("Letters č ć đ š ž"))
        self._void = ActionButton(_("Void this contact …"), Kind.DESTRUCTIVE, small=True)
        self._about = ActionButton(_("What we have about them …"), small=True)
        self._palette = LetterPalette(self)
        self._defaults = Label("", "soft", wrap=True)
        self._no_defaults = link(_("remove"))
        self._defaults_line = QWidget()
        self._same = NoticeCard("wait")
        self._unfinished = NoticeCard("wait")
        self._note = NoticeCard("good")
        self._list = ContactList()
        self._operator = link("")
        self._about_dialog: QWidget | None = None
        self._form = QWidget()
        self._empty = EmptyState(
            "events",
            _("Which event is it today?"),
            _("Each contact belongs to an event. Choose it once, in the morning."),
            _("Choose an event"),
        )
        self._tick = QTimer(self, interval=TICK_MS)
        self._build()
        self._connect()
        self.follow(model, self._render)
        self.destroyed.connect(model.about.subscribe(self._render_about))
        self.destroyed.connect(model.search.subscribe(self._list.render_found))

    def take_focus(self) -> None:
        """Begin where a name is typed."""
        # The first time there is no field before the store has said what the form asks.
        self._is_focus_due = not self._questions.focus_field(self._model.state.focus)

    def _build(self) -> None:
        self.header.add_actions(self._operator, self._audience)
        below = FlowLayout(gap_x=18, gap_y=6)
        links = (self._clear, self._everybody, self._group, self._letters, self._take_back)
        for button in (*links, self._about, self._void):
            below.addWidget(button)
        beside = QHBoxLayout(self._defaults_line)
        beside.setContentsMargins(0, 0, 0, 0)
        beside.addWidget(self._defaults, 1)
        beside.addWidget(self._no_defaults)
        notices = (self._note, self._unfinished, self._same)
        side = column(self._save, below, self._defaults_line, self._palette, *notices, self._list, gap=16)
        left = column(self._questions, self._consents, gap=0)
        both = SideBySide(gap=26)
        both.add(left, 751)
        both.add(side, 417)
        self._form.setLayout(both)
        self.add(self._form)
        self.add(self._empty, 1)
        self.add_stretch()

    def _connect(self) -> None:
        model = self._model
        self._questions.typed.connect(model.type)
        self._questions.left.connect(model.leave)
        self._questions.hinted.connect(model.accept_hint)
        self._questions.chosen.connect(model.choose)
        self._questions.banded.connect(model.choose_band)
        self._questions.agreed.connect(model.agree_as_guardian)
        self._questions.unfolded.connect(model.open_more)
        self._questions.interest.connect(model.toggle_interest)
        self._questions.wants_card.connect(self._on_card)
        self._audience.chosen.connect(self._on_audience)
        self._consents.ticked.connect(model.tick_box)
        self._consents.language_chosen.connect(model.read_in)
        self._consents.withdrawn.connect(model.withdraw_all)
        self._save.clicked.connect(model.save)
        self._clear.clicked.connect(model.clear)
        self._void.clicked.connect(self._on_void)
        self._about.clicked.connect(self._on_about)
        self._everybody.clicked.connect(self._on_everybody)
        self._take_back.clicked.connect(self._on_take_back)
        self._no_defaults.clicked.connect(self._on_no_defaults)
        self._group.clicked.connect(self.wants_group)
        self._letters.clicked.connect(self._on_letters)
        self._same.answered.connect(self._on_same)
        self._unfinished.answered.connect(self._on_unfinished)
        self._list.looked_for.connect(model.search.type)
        self._list.wanted.connect(model.correct)
        self._list.names.held.connect(model.hold_names)
        self._list.names.hidden.connect(model.hide_names)
        self._list.names.pin_given.connect(model.show_names)
        self._operator.clicked.connect(self._on_operator)
        self._empty.pressed.connect(self.wants_events)
        self._tick.timeout.connect(model.tick)
        self._tick.start()

    def _render(self, state: ContactState) -> None:
        self.header.set_title(state.title or _("New contact"))
        self.header.set_subtitle(state.subtitle)
        self._operator.set_text(_("Somebody else types …") if state.operator else _("Who is typing? …"))
        self._operator.setVisible(state.can_save)
        self._audience.setVisible(state.can_save)
        self._audience.setEnabled(state.correcting is None)
        self._audience.set_value(state.audience)
        self._form.setVisible(state.can_save)
        self._empty.setVisible(state.is_loaded and not state.can_save)
        self._questions.render_state(state)
        self._consents.render_state(state)
        self._render_side(state)
        self._list.render_state(state)
        if state.focus_number != self._focus_number:
            self._focus_number = state.focus_number
            self._go_to(state.focus)
        elif self._is_focus_due and state.can_save:
            self.take_focus()

    def _render_side(self, state: ContactState) -> None:
        is_correcting = state.correcting is not None
        self._save.set_text(_("Save the correction") if is_correcting else _("Save and next"))
        self._save.setEnabled(not state.is_saving)
        self._clear.set_text(_("Don't correct") if is_correcting else _("Empty the form"))
        self._void.setVisible(is_correcting)
        self._about.setVisible(is_correcting)
        self._everybody.setVisible(not is_correcting)
        self._group.setVisible(not is_correcting)
        self._take_back.setVisible(not is_correcting)
        self._defaults_line.setVisible(bool(state.defaults.words) and not is_correcting)
        self._defaults.setText(_("For everybody here: {words}").format(words=state.defaults.words))
        self._palette.setVisible(state.habits.is_palette_open)
        answers = [("same", _("The same")), ("other", _("Somebody else")), ("unknown", _("Don't know"))]
        self._same.ask(_("Maybe the same person"), state.same_person, answers)
        ways = [("continue", _("Continue")), ("discard", _("Discard"))]
        self._unfinished.ask(_("A contact was not finished"), state.unfinished, ways)
        self._note.say(state.message)

    def _go_to(self, name: str) -> None:
        if not self._questions.focus_field(name):
            self._consents.focus_first()

    def _on_audience(self, audience: object) -> None:
        self._model.choose_audience(str(audience))

    def _on_same(self, answer: object) -> None:
        self._model.answer_same_person(str(answer))

    def _on_unfinished(self, answer: object) -> None:
        if answer == "continue":
            self._model.continue_unfinished()
        else:
            self._model.discard_unfinished()

    def _on_letters(self) -> None:
        self._model.open_palette(not self._model.state.habits.is_palette_open)

    def _on_everybody(self) -> None:
        dialog = DefaultsDialog(self, self._model.state.defaults)
        dialog.submitted.connect(self._on_everybody_told)
        dialog.open()

    def _on_everybody_told(self, told: object) -> None:
        if isinstance(told, tuple):
            self._model.keep_defaults(*told)

    def _on_take_back(self) -> None:
        dialog = TakeBackDialog(self, self._model.home_country)
        dialog.submitted.connect(self._on_taken_back)
        dialog.open()

    def _on_taken_back(self, keys: object) -> None:
        if isinstance(keys, ContactKeys):
            self._model.take_back(keys)

    def _on_no_defaults(self) -> None:
        self._model.keep_defaults("", "")

    def _on_card(self) -> None:
        # Here, because printing brings much along that the page of every day doesn't need.
        from stojnica.ui.pages.take_home_dialog import TakeHomeDialog

        self._model.begin_card()
        intro = _("Give the card to the child and empty the form: of the child nothing is kept.")
        TakeHomeDialog(self, self._model.cards, intro).open()

    def _on_void(self) -> None:
        if self._model.state.correcting is not None:
            void_contact_dialog(self, self._model, self._model.state.correcting).open()

    def _on_about(self) -> None:
        if self._model.state.is_pin_given:
            self._model.show_about()
            return
        dialog = PinDialog(
            self, _("What we have about this person"), _("Only this person and you should see the screen.")
        )
        dialog.submitted.connect(self._on_about_pin)
        dialog.open()

    def _on_about_pin(self, pin: object) -> None:
        self._model.show_about(str(pin))

    def _render_about(self, state: AboutState) -> None:
        if state.about is None or self._about_dialog is not None:
            return
        # Here, because printing brings much along that the page of every day doesn't need.
        from stojnica.ui.pages.about_dialog import AboutDialog

        dialog = AboutDialog(self, self._model.about, self._model.state.operator)
        self._about_dialog = dialog
        dialog.wants_correction.connect(self.take_focus)
        dialog.finished.connect(self._on_about_closed)
        dialog.open()

    def _on_about_closed(self) -> None:
        self._about_dialog = None
        correcting = self._model.state.correcting
        # A consent may have been taken back there: the form has to show what holds now, unless the window is
        # closed, and the store with it.
        if correcting is not None and self.isVisible():
            self._model.correct(correcting)

    def _on_operator(self) -> None:
        dialog = OperatorDialog(self, self._model.state.operator, self._who_is_here())
        dialog.submitted.connect(self._on_operator_chosen)
        dialog.open()

    def _on_operator_chosen(self, name: object) -> None:
        self._model.choose_operator(str(name))
