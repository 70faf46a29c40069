"""The program with a window: first start or unlock, then the stand, and everything closed at the end."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

from stojnica.bootstrap.stand import Stand, create_stand, unlock_stand
from stojnica.i18n import current_language, use_language
from stojnica.settings import load_settings, save_settings
from stojnica.storage.home import StoreHome

if TYPE_CHECKING:
    from stojnica.ui.stand_window import StandWindow


class WindowProgram:
    """Lead from the first window to the stand; UI thread alone.

    `stand` may be open already (practice); then no window asks for its passphrase.
    """

    def __init__(self, folder: Path, *, practice_words: str = "", stand: Stand | None = None) -> None:
        import stojnica.ui.pyside_imports  # noqa: F401 - before all others, which then come sooner
        from stojnica.ui.application import create_application
        from stojnica.ui.garbage import UiThreadCollector
        from stojnica.ui.qt_runner import QtRunner
        from stojnica.ui.theme.look import Look
        from stojnica.ui.theme.tokens import THEMES

        settings = load_settings(folder)
        theme = THEMES.get(settings.theme, THEMES["light"])
        self.application = create_application(["stojnica"], Look(theme, scale=settings.text_percent / 100))
        self.runner = QtRunner()
        self._collector = UiThreadCollector(self.application)
        self._folder = folder
        self._practice_words = practice_words
        self._stand = stand
        self._entrance: Any = None
        self.window: StandWindow | None = None

    def open(self) -> None:
        """Show the window that comes first."""
        if self._stand is not None:
            self.show_stand(self._stand)
        elif StoreHome(self._folder).exists():
            use_language(load_settings(self._folder).language)
            self._show_unlock()
        else:
            self._show_first_start()

    def run(self) -> int:
        """Run until the last window is closed, or somebody presses Ctrl-C at the terminal."""
        from stojnica.ui.application import end_at_interrupt

        end_at_interrupt(self.application)
        return self.application.exec()

    def close(self) -> None:
        """End background work and close the store."""
        if self.window is not None:
            self.window.close()
        self.runner.close()
        self._collector.stop()
        if self._stand is not None:
            self._stand.close()
            self._stand = None

    def _show_unlock(self) -> None:
        from stojnica.services.unlock import UnlockViewModel
        from stojnica.ui.desktop_room import show_fitting
        from stojnica.ui.start.unlock_window import UnlockWindow

        model = UnlockViewModel(self.runner, lambda words: unlock_stand(self._folder, words), self.show_stand)
        self._entrance = UnlockWindow(model, self._practice_words)
        show_fitting(self._entrance)

    def _show_first_start(self) -> None:
        from stojnica.services.first_start import FirstStartViewModel
        from stojnica.ui.desktop_room import show_fitting
        from stojnica.ui.start.first_start_window import FirstStartWindow

        model = FirstStartViewModel(
            self.runner, self._create, self.show_stand, current_language(), restore=self._restore
        )
        self._entrance = FirstStartWindow(model)
        show_fitting(self._entrance)

    def _create(self, passphrase: str, language: str) -> Stand:
        # Kept at once, so that leaving in the middle of the first start closes the file, too.
        self._stand = create_stand(self._folder, passphrase, language=language)
        return self._stand

    def _restore(self, source: Path, passphrase: str, language: str) -> tuple[Stand, str]:
        from stojnica.services.restore import restore_by_passphrase, restored_text

        restored = restore_by_passphrase(source, self._folder, passphrase)
        save_settings(self._folder, load_settings(self._folder)._replace(language=language))
        self._stand = unlock_stand(self._folder, passphrase)
        return self._stand, restored_text(restored)

    def show_stand(self, stand: Any) -> None:
        """Show the stand, and let go of the window that led here."""
        from stojnica.bootstrap.models import build_models
        from stojnica.ui.stand_window import StandWindow

        self._stand = stand
        models = build_models(stand, self.runner)
        self.window = StandWindow(models, self._practice_words, self.application.quit)
        self.window.show()
        if self._entrance is not None:
            self._entrance.close()
            self._entrance.deleteLater()
            self._entrance = None
