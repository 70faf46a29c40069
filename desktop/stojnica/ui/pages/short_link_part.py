"""The short link in the card *The code leads to*: what is known of it, and the one next step."""

from PySide6.QtCore import QObject

from stojnica.i18n import gettext as _
from stojnica.services.flyers import FlyersViewModel
from stojnica.services.run_desk import LOOK, PREPARE, ShortLink
from stojnica.ui.controls.button import link
from stojnica.ui.controls.card import Card
from stojnica.ui.controls.said import Said


class ShortLinkPart(QObject):
    """Show a run's short link in a card, and prepare it or look whether it works."""

    def __init__(self, model: FlyersViewModel, card: Card) -> None:
        super().__init__(card)
        self._model = model
        self._step = ""
        self._button = link("")
        self._sentence = Said("soft")
        card.add_head_action(self._button)
        card.add(self._sentence)
        self._button.clicked.connect(self._on_button)

    def show_state(self, short: ShortLink) -> None:
        """Draw it."""
        self._step = short.step
        self._sentence.say(short.sentence, short.tone)
        self._button.set_text(_step_words(short))
        self._button.setEnabled(not short.is_looking)
        self._button.setVisible(bool(short.step))

    def _on_button(self) -> None:
        if self._step == PREPARE:
            self._model.prepare_short_link()
        elif self._step == LOOK:
            self._model.check_short_link()


def _step_words(short: ShortLink) -> str:
    if short.is_looking:
        return _("One moment …")
    return _("Prepare a short link") if short.step == PREPARE else _("See whether the short link works")
