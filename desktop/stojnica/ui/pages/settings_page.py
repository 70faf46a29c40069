"""The page *Settings*: theme, size of text and language, in force when they are chosen."""

from PySide6.QtCore import QSignalBlocker
from PySide6.QtWidgets import QApplication

from stojnica.i18n import gettext as _
from stojnica.services.appearance import LOCK_MINUTES, TEXT_PERCENTS, AppearanceState, AppearanceViewModel
from stojnica.services.copies_page import CopiesViewModel
from stojnica.services.openers_page import OpenersViewModel
from stojnica.ui.application import dress_application
from stojnica.ui.controls.card import Card
from stojnica.ui.controls.field import LabelledField
from stojnica.ui.controls.page import Page, column
from stojnica.ui.controls.said import Said
from stojnica.ui.controls.segmented import Segment, SegmentedChoice
from stojnica.ui.pages.copies_card import CopiesCard
from stojnica.ui.pages.openers_card import OpenersCard
from stojnica.ui.theme.look import Look, look
from stojnica.ui.theme.tokens import THEMES


class SettingsPage(Page):
    """Choose how the program looks on this laptop."""

    def __init__(
        self,
        model: AppearanceViewModel,
        copies: CopiesViewModel | None = None,
        openers: OpenersViewModel | None = None,
    ) -> None:
        super().__init__(_("Settings"), _("For this laptop alone."))
        self._model = model
        self._openers = openers
        self._theme = SegmentedChoice(_("Theme"), [Segment(*item) for item in model.themes()])
        percents = [Segment(percent, _("{count}%").format(count=percent)) for percent in TEXT_PERCENTS]
        self._text = SegmentedChoice(_("Size of text"), percents)
        self._language = SegmentedChoice(_("Language"), [Segment(*item) for item in model.languages()])
        self._said = Said()
        self._copies = CopiesCard(copies) if copies is not None else None
        minutes = [Segment(count, _("{count} min").format(count=count)) for count in LOCK_MINUTES]
        self._lock = SegmentedChoice(_("Lock when nobody touches it for"), minutes)
        self._build()
        self._lock.chosen.connect(self._on_lock)
        self._theme.chosen.connect(self._on_theme)
        self._text.chosen.connect(self._on_text)
        self._language.chosen.connect(self._on_language)
        self.follow(model, self._render)
        if copies is not None and self._copies is not None:
            self.follow(copies, self._copies.render_state)

    def take_focus(self) -> None:
        """Begin at the first choice."""
        self._theme.setFocus()

    def _build(self) -> None:
        self.add(self._said)
        # At the left what the laptop is like, at the right what keeps it safe: both can be seen at once.
        safety: list[Card] = []
        if self._openers is not None:
            safety.append(self._openers_card(self._openers))
        if self._copies is not None:
            safety.append(self._copies)
        comfort = column(self._look_card(), self._lock_card())
        if safety:
            self.add_row(comfort, column(*safety))
        else:
            self.body.addLayout(comfort)
        self.add_stretch()

    def _look_card(self) -> Card:
        card = Card(_("Look and language"))
        card.body.addWidget(LabelledField(_("Theme"), self._theme, reserve=False))
        card.body.addWidget(LabelledField(_("Size of text"), self._text, reserve=False))
        card.body.addWidget(LabelledField(_("Language"), self._language, reserve=False))
        card.add_text(_("Visitors choose theirs in the kiosk themselves."))
        return card

    def _lock_card(self) -> Card:
        card = Card(_("When it locks"))
        card.body.addWidget(LabelledField(_("Lock when nobody touches it for"), self._lock, reserve=False))
        card.add_text(
            _(
                "A PIN takes the lock off; after sleep or Pause, the words do."
                " The kiosk never locks by itself."
            )
        )
        return card

    def _openers_card(self, model: OpenersViewModel) -> Card:
        card = OpenersCard(model)
        self.follow(model, card.render_state)
        # Nobody but this page changes them while the store is open.
        model.refresh()
        return card

    def _render(self, state: AppearanceState) -> None:
        settings = state.settings
        choices = (
            (self._theme, settings.theme),
            (self._text, settings.text_percent),
            (self._language, settings.language),
            (self._lock, settings.lock_min),
        )
        for choice, value in choices:
            with QSignalBlocker(choice):
                choice.set_value(value)
        message = state.message
        self._said.say(*(message.text, message.tone) if message else ("", ""))
        self._dress(Look(THEMES.get(settings.theme, THEMES["light"]), settings.text_percent / 100))

    @staticmethod
    def _dress(wanted: Look) -> None:
        application = QApplication.instance()
        now = look()
        if isinstance(application, QApplication) and (now.theme, now.scale) != (wanted.theme, wanted.scale):
            dress_application(application, wanted)

    def _on_theme(self, theme: object) -> None:
        self._model.choose_theme(str(theme))

    def _on_text(self, percent: object) -> None:
        if isinstance(percent, int):
            self._model.choose_text(percent)

    def _on_lock(self, minutes: object) -> None:
        if isinstance(minutes, int):
            self._model.choose_lock(minutes)

    def _on_language(self, language: object) -> None:
        self._model.choose_language(str(language))
