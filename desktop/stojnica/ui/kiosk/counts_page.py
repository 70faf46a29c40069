"""The anonymous last page: gender and country, for numbers alone; both may be left out."""

from PySide6.QtCore import QSignalBlocker

from stojnica.services.kiosk import KioskViewModel
from stojnica.services.kiosk_state import KioskState
from stojnica.ui.controls.button import ActionButton, Kind
from stojnica.ui.controls.field import ChoiceField, LabelledField
from stojnica.ui.controls.focus_ring import focus_quietly
from stojnica.ui.controls.segmented import Segment, SegmentedChoice
from stojnica.ui.kiosk.pages import KioskPage


class CountsPage(KioskPage):
    """Two more, without your name?"""

    def __init__(self, model: KioskViewModel) -> None:
        super().__init__(model)
        self._genders = SegmentedChoice("", [], kiosk=True)
        self._gender_field = LabelledField("", self._genders, kiosk=True)
        self._country = ChoiceField("", kiosk=True)
        self._offered: tuple[tuple[str, str], ...] = ()
        self._done = ActionButton("", Kind.FILLED, kiosk=True)
        self.body.setSpacing(12)
        self.add(self._gender_field)
        self.add(self._country)
        self.body.addStretch(1)
        self.set_foot(None, self._done)
        self._genders.chosen.connect(self._on_gender)
        self._country.chosen.connect(self._on_country)
        self._done.clicked.connect(model.next)

    def render_state(self, state: KioskState) -> None:
        texts = state.texts
        self.set_words(texts.counts_title, texts.counts_lead)
        self.set_reassurance(texts.counts_reassurance)
        self._done.set_text(texts.done)
        self._gender_field.set_label(texts.counts_gender)
        self._country.set_label(texts.counts_country)
        with QSignalBlocker(self._genders):
            self._genders.set_segments([Segment(item.id, item.label) for item in state.genders])
            self._genders.set_value(next((item.id for item in state.genders if item.is_chosen), None))
        if state.countries != self._offered:
            self._offered = state.countries
            self._country.set_choices([("", ""), *state.countries])
        self._country.set_value(state.country)

    def take_focus(self) -> None:
        focus_quietly(self._done)

    def _on_gender(self, gender: object) -> None:
        self.model.choose_gender(str(gender))

    def _on_country(self, country: object) -> None:
        self.model.choose_country(str(country or ""))
