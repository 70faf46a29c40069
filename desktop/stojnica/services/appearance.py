"""How the program looks and speaks on this laptop: language, theme, size of text. No secret and no person."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from stojnica.i18n import LANGUAGE_NAMES, STAFF_LANGUAGES
from stojnica.i18n import gettext as _
from stojnica.services.message import Message, Tone, failure_message
from stojnica.services.tasks import TaskRunner
from stojnica.services.view_model import ViewModel
from stojnica.settings import Settings
from stojnica.storage.faults import explained

TEXT_PERCENTS = (100, 125, 150, 200)
LOCK_MINUTES = (5, 15, 30, 60)


@dataclass(frozen=True, slots=True)
class AppearanceState:
    """Hold what is set; `settings` are in force at once, except for the language."""

    settings: Settings
    message: Message | None = None


class AppearanceViewModel(ViewModel[AppearanceState]):
    """Change how the program looks; what is changed is kept at once. UI thread alone."""

    def __init__(self, runner: TaskRunner, settings: Settings, save: Callable[[Settings], None]) -> None:
        super().__init__(AppearanceState(settings))
        self._runner = runner
        self._save = save

    def languages(self) -> tuple[tuple[str, str], ...]:
        """Give the languages of the program, each in its own words."""
        return tuple((code, LANGUAGE_NAMES[code]) for code in STAFF_LANGUAGES)

    def themes(self) -> tuple[tuple[str, str], ...]:
        """Give the themes."""
        return (("light", _("light")), ("dark", _("dark")), ("high_contrast", _("for full sun")))

    def choose_theme(self, theme: str) -> None:
        """Take another theme."""
        if theme in dict(self.themes()):
            self._keep(self.state.settings._replace(theme=theme))

    def choose_text(self, percent: int) -> None:
        """Take another size of text."""
        if percent in TEXT_PERCENTS:
            self._keep(self.state.settings._replace(text_percent=percent))

    def choose_language(self, language: str) -> None:
        """Speak another language from the next start on."""
        if language in STAFF_LANGUAGES and language != self.state.settings.language:
            text = _("The program speaks the other language when it is started again.")
            self._keep(self.state.settings._replace(language=language), Message(Tone.GOOD, text))

    def choose_lock(self, minutes: int) -> None:
        """Lock the screen after another number of minutes without a touch."""
        if minutes in LOCK_MINUTES:
            self._keep(self.state.settings._replace(lock_min=minutes))

    def _keep(self, settings: Settings, message: Message | None = None) -> None:
        self._set(AppearanceState(settings, message))
        self._runner.submit(lambda _context: self._write(settings), self._kept, self._failed)

    def _write(self, settings: Settings) -> None:
        try:
            self._save(settings)
        except OSError as error:
            raise explained(error) from error

    def _kept(self, _nothing: None) -> None:
        """Nothing more to say: it is seen already."""

    def _failed(self, error: Exception) -> None:
        self._set(replace(self.state, message=failure_message(error)))
