"""The page *Settings*: theme, size of text and language, in force when they are chosen."""

from PySide6.QtCore import QSignalBlocker
from PySide6.QtWidgets import QApplication

from stojnica.i18n import gettext as _
from stojnica.services.appearance import TEXT_PERCENTS, AppearanceState, AppearanceViewModel
from stojnica.services.copies_page import CopiesViewModel
from stojnica.ui.application import dress_application
from stojnica.ui.controls.card import Card
from stojnica.ui.controls.field import LabelledField
from stojnica.ui.controls.page import Page
from stojnica.ui.controls.said import Said
from stojnica.ui.controls.segmented import Segment, SegmentedChoice
from stojnica.ui.pages.copies_card import CopiesCard
from stojnica.ui.theme.look import Look, look
from stojnica.ui.theme.tokens import THEMES


class SettingsPage(Page):
    """Choose how the program looks on this laptop."""

    def __init__(self, model: AppearanceViewModel, copies: CopiesViewModel | None = None) -> None:
        super().__init__(_("Settings"), _("For this laptop alone."))
        self._model = model
        self._theme = SegmentedChoice(_("Theme"), [Segment(*item) for item in model.themes()])
        percents = [Segment(percent, _("{count}%").format(count=percent)) for percent in TEXT_PERCENTS]
        self._text = SegmentedChoice(_("Size of text"), percents)
        self._language = SegmentedChoice(_("Language"), [Segment(*item) for item in model.languages()])
        self._said = Said()
        self._copies = CopiesCard(copies) if copies is not None else None
        self._build()
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
        card = Card(_("What it looks like"))
        card.body.addWidget(LabelledField(_("Theme"), self._theme, reserve=False))
        card.body.addWidget(LabelledField(_("Size of text"), self._text, reserve=False))
        self.add(card)
        words = Card(_("What it speaks"))
        words.body.addWidget(LabelledField(_("Language"), self._language, reserve=False))
        words.add_text(_("Visitors choose theirs in the kiosk themselves."))
        self.add(words)
        if self._copies is not None:
            self.add(self._copies)
        self.add_stretch()

    def _render(self, state: AppearanceState) -> None:
        settings = state.settings
        choices = (
            (self._theme, settings.theme),
            (self._text, settings.text_percent),
            (self._language, settings.language),
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

    def _on_language(self, language: object) -> None:
        self._model.choose_language(str(language))
