"""What each page of the first start does: its message at the place, and rest while something is worked on."""

from PySide6.QtWidgets import QWidget

from stojnica.i18n import gettext as _
from stojnica.services.first_start import ORDER, FirstStartState, FirstStartViewModel
from stojnica.ui.controls.button import ActionButton
from stojnica.ui.start.sheet import StartSheet


class StartPage(StartSheet):
    """One page of the first start."""

    def __init__(self, model: FirstStartViewModel, title: str, text: str) -> None:
        is_beside = model.state.step not in ORDER
        super().__init__(title, text, steps=0 if is_beside else len(ORDER), step=model.state.number - 1)
        self.model = model
        self._before_work: QWidget | None = None
        self.back_button = ActionButton(_("Back"))
        self.back_button.clicked.connect(model.back)

    def render_state(self, state: FirstStartState) -> None:
        """Draw message and busy state; pages add their own."""
        self.say(state.message.text if state.message else "")
        if state.is_working and self.isEnabled():
            self._before_work = self.focusWidget()
            self.setEnabled(False)
        elif not state.is_working and not self.isEnabled():
            self.setEnabled(True)
            if self._before_work is not None:
                self._before_work.setFocus()

    def take_focus(self) -> None:
        """Put the focus where the hand goes first."""
