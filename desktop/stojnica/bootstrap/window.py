"""The program with a window: first start or unlock, then the stand, and everything closed at the end."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

from stojnica.bootstrap.stand import (
    Stand,
    check_stand_code,
    create_stand,
    key_of_stand,
    open_stand_by_key,
    recover_stand,
    unlock_stand,
)
from stojnica.i18n import current_language, use_language
from stojnica.i18n import gettext as _
from stojnica.settings import load_settings, save_settings
from stojnica.storage.home import StoreHome

if TYPE_CHECKING:
    from stojnica.services.keyring import Keyring
    from stojnica.services.restore import CopyWish
    from stojnica.ui.lock_desk import LockDesk
    from stojnica.ui.qt_runner import QtRunner
    from stojnica.ui.sleep_watch import SleepWatch
    from stojnica.ui.stand_window import StandWindow


class WindowProgram:
    """Lead from the first window to the stand; UI thread alone.

    `stand` may be open already (practice); then no window asks for its passphrase. `keyring` may open it when
    the program starts, never after a lock.
    """

    def __init__(
        self,
        folder: Path,
        *,
        practice_words: str = "",
        stand: Stand | None = None,
        keyring: "Keyring | None" = None,
    ) -> None:
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
        self._keyring = keyring
        self._entrance: Any = None
        self.window: StandWindow | None = None
        self._desk: LockDesk | None = None
        self._is_locking = False
        self._way_back = ""
        self._lost = ""
        self._sleep: SleepWatch | None = None

    def open(self) -> None:
        """Show the window that comes first."""
        if self._stand is not None:
            self.show_stand(self._stand)
        elif StoreHome(self._folder).exists():
            use_language(load_settings(self._folder).language)
            self._show_unlock(is_start=True)
        else:
            self._show_first_start()

    def run(self) -> int:
        """Run until the last window is closed, or somebody presses Ctrl-C at the terminal."""
        from stojnica.ui.application import end_at_interrupt

        end_at_interrupt(self.application)
        return self.application.exec()

    def close(self) -> None:
        """End background work and close the store."""
        if self._desk is not None:
            self._desk.close()
            self._desk = None
        if self.window is not None:
            self.window.close()
        self.runner.close()
        self._let_sleep()
        self._collector.stop()
        if self._stand is not None:
            self._stand.close()
            self._stand = None

    def _show_unlock(self, said: str = "", tone: str = "good", *, is_start: bool = False) -> None:
        from stojnica.services.keyring import has_keyring_slot
        from stojnica.services.unlock import UnlockViewModel
        from stojnica.ui.desktop_room import show_fitting
        from stojnica.ui.start.unlock_window import UnlockWindow

        keyring = self._keyring

        def open_stand(words: str) -> Stand:
            return unlock_stand(self._folder, words, keyring=keyring, is_check_awaited=False)

        model = UnlockViewModel(self.runner, open_stand, self.show_stand)
        window = UnlockWindow(model, self._practice_words, said, tone)
        window.forgotten.connect(model.stop_asking)
        window.forgotten.connect(self._show_recovery)
        show_fitting(window)
        self._let_in_by(window)
        if is_start and keyring is not None and has_keyring_slot(StoreHome(self._folder)):
            model.try_without_words(
                lambda: key_of_stand(self._folder, keyring),
                lambda key: open_stand_by_key(self._folder, key, keyring),
            )

    def _show_recovery(self) -> None:
        from stojnica.services.recover_page import RecoverViewModel
        from stojnica.ui.desktop_room import show_fitting
        from stojnica.ui.start.recover_window import RecoverWindow

        model = RecoverViewModel(
            self.runner,
            lambda code: check_stand_code(self._folder, code),
            lambda wish: recover_stand(self._folder, wish.code, wish.words, wish.name),
            self.show_stand,
        )
        window = RecoverWindow(model)
        window.left.connect(self._show_unlock)
        show_fitting(window)
        self._let_in_by(window)

    def _let_in_by(self, window: Any) -> None:
        """Keep the window that leads in, which is shown already, and let go of the one before it."""
        before, self._entrance = self._entrance, window
        if before is not None:
            before.close()
            before.deleteLater()

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

    def _restore(self, wish: "CopyWish", language: str) -> tuple[Stand, str]:
        from stojnica.services.restore import holding_more_text, passed_over_text, restore_copy, restored_text

        restored = restore_copy(wish, self._folder)
        save_settings(self._folder, load_settings(self._folder)._replace(language=language))
        self._stand = unlock_stand(self._folder, wish.words)
        said = (restored_text(restored), passed_over_text(restored), holding_more_text(restored))
        return self._stand, " ".join(text for text in said if text)

    def show_stand(self, stand: Any) -> None:
        """Show the stand, and let go of the window that led here."""
        from stojnica.bootstrap.models import build_models
        from stojnica.services.idle import IdleWatch
        from stojnica.ui.lock_desk import LockDesk
        from stojnica.ui.sleep_watch import SleepWatch
        from stojnica.ui.stand_window import TODAY, StandWindow

        self._stand = stand
        models = build_models(stand, self.runner)
        self.window = StandWindow(models, self._practice_words, self.application.quit)
        watch = IdleWatch(stand.store.clock, lambda: models.appearance.state.settings.lock_min)
        self._desk = LockDesk(self.window, watch)
        self._desk.wants_closed.connect(self._on_lock)
        self._sleep = SleepWatch(self.window)
        self._sleep.about_to_sleep.connect(self._desk.before_sleep)
        self._sleep.watch()
        self.window.show(self._way_back or TODAY)
        self._let_in_by(None)
        self.runner.when(stand.store.looked_through, lambda _whole: None, self._close_damaged)

    def _close_damaged(self, error: Exception) -> None:
        """Close a store whose file turned out to be damaged, and say so where it would have been said."""
        from stojnica.services.tasks import known_error

        known = known_error(error)
        if known is not None and not self._is_locking:
            self._lock(known.sentences(), "bad")

    def _on_lock(self, why: str) -> None:
        from stojnica.services.idle import Lock

        if self._stand is None or self._is_locking:
            return
        self._is_locking = True
        is_unkept = self.window is not None and self.window.models.contact.is_unkept
        self._lost = _("The form that was begun is gone: none is kept before the age is known.") * is_unkept
        copies = self.window.models.copies if self.window is not None else None
        if why == Lock.PAUSE and self.window is not None and copies is not None:
            self.window.main.setEnabled(False)
            self.runner.submit(
                lambda _context: copies.copy_before_closing(), self._paused, self._paused_without
            )
        else:
            self._lock(self._lost, "wait")

    def _paused(self, _copy: object) -> None:
        said = _("Everything is saved and locked. You can close the lid now.")
        if self._lost:
            said = _("What was saved is here, and locked. You can close the lid now.") + " " + self._lost
        self._lock(said, "wait" if self._lost else "good")

    def _paused_without(self, error: Exception) -> None:
        from stojnica.services.tasks import known_error

        known = known_error(error)
        why = known.sentences() if known is not None else ""
        self._lock(
            _("Everything is saved and locked, but no copy was made.") + f" {why} {self._lost}".rstrip()
        )

    def _lock(self, said: str, tone: str = "good") -> None:
        """Close the store, and ask for the words again; what was half typed is in the store."""
        from stojnica.ui.qt_runner import QtRunner

        window, self.window = self.window, None
        if window is None:
            return
        # Where somebody was, a visitor may wait who is half typed in.
        self._way_back = window.way_back
        # First: with no window left, the program would end.
        runner, self.runner = self.runner, QtRunner()
        self._show_unlock(said, tone)
        self._end_stand(window, runner)
        self._is_locking = False

    def _end_stand(self, window: "StandWindow", runner: "QtRunner") -> None:
        if self._desk is not None:
            self._desk.close()
            self._desk = None
        if window.kiosk is not None:
            window.kiosk.hide()
            window.kiosk.deleteLater()
        window.close()
        runner.close()
        if self._stand is not None:
            self._stand.close()
            self._stand = None
        self._let_sleep()
        window.main.deleteLater()
        window.deleteLater()

    def _let_sleep(self) -> None:
        """The key is out of memory: the system need wait no longer."""
        if self._sleep is not None:
            self._sleep.release()
            self._sleep = None
