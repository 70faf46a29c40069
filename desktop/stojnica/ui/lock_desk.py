"""What locks the stand's windows: nobody there, sleep, or *Pause*."""

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QDialog, QLineEdit, QWidget

from stojnica.i18n import gettext as _
from stojnica.services.half_typed import HalfTypedDialogs
from stojnica.services.idle import IdleWatch, Lock
from stojnica.services.screen_lock import ScreenLock, ScreenLockState
from stojnica.ui.controls.button import ActionButton, Kind
from stojnica.ui.desktop_room import show_fitting
from stojnica.ui.dialogs import AppDialog
from stojnica.ui.half_typed import fill_in, name_of, typed_in
from stojnica.ui.stand_window import TICK_MS, StandWindow
from stojnica.ui.start.locked_window import LockedWindow

PAUSE_KEY = "Ctrl+L"
_TOUCHES = frozenset(
    {
        *(QEvent.Type.KeyPress, QEvent.Type.MouseButtonPress, QEvent.Type.MouseMove),
        *(QEvent.Type.Wheel, QEvent.Type.TouchBegin, QEvent.Type.TouchUpdate),
    }
)


class LockDesk(QObject):
    """Watch over one stand's windows.

    `wants_closed` carries why the store has to be closed: sleep, *Pause*, or nobody there and no PIN chosen.
    Dialogs are closed before it, and what was typed in them is kept for when they are opened again.
    """

    wants_closed = Signal(str)

    def __init__(self, window: StandWindow, watch: IdleWatch) -> None:
        super().__init__(window)
        context = window.models.context
        self._window = window
        self._watch = watch
        self._pins = context.pin
        self._runner = context.runner
        self._is_asking = False
        self.screen_lock = ScreenLock(context.pin, context.runner)
        self.cover = LockedWindow(self.screen_lock)
        self._covered: list[QWidget] = []
        self._half_typed = HalfTypedDialogs(context)
        self._half_typed.load()
        self._pause = ActionButton(_("Pause"), Kind.LINK, key=PAUSE_KEY, light=True, small=True)
        self._timer = QTimer(self, interval=TICK_MS)
        window.main.status.add_button(self._pause)
        self._pause.clicked.connect(self.pause)
        self._timer.timeout.connect(self.tick)
        self.cover.with_words.connect(self._on_words)
        self.cover.left.connect(self._on_cover_closed)
        self._unsubscribe = self.screen_lock.subscribe(self._render)
        application = QApplication.instance()
        assert application is not None
        application.installEventFilter(self)
        self._timer.start()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        kind = event.type()
        if kind in _TOUCHES:
            self._watch.touched()
            if kind == QEvent.Type.KeyPress and isinstance(event, QKeyEvent) and self._is_pause(event):
                self.pause()
                return True
        elif kind == QEvent.Type.Show and isinstance(watched, AppDialog):
            self._take_up(watched)
        return False

    def tick(self) -> None:
        """Look whether it is time; called every second."""
        kiosk = self._window.kiosk
        why = self._watch.due(is_kiosk=kiosk is not None and kiosk.isVisible())
        if why is Lock.SLEPT:
            self._close_store(Lock.SLEPT)
        elif why is Lock.IDLE and not self.screen_lock.state.is_locked and not self._is_asking:
            self._put_by()
            self._is_asking = True
            self._runner.when(self._pins.has_pin(), self._on_idle, self._on_unknown)

    def before_sleep(self) -> None:
        """Put everything by and close the store, while the system still waits."""
        self._close_store(Lock.SLEPT)

    def pause(self) -> None:
        """Put everything by, for the lid to be closed."""
        self._close_store(Lock.PAUSE)

    def close(self) -> None:
        """Watch no more, and take the cover away without showing what is below it."""
        self._timer.stop()
        self._unsubscribe()
        application = QApplication.instance()
        if application is not None:
            application.removeEventFilter(self)
        self.cover.left.disconnect(self._on_cover_closed)
        self.cover.end()
        self.cover.close()
        self.cover.deleteLater()

    def _is_pause(self, event: QKeyEvent) -> bool:
        """Hear the key where the button's own shortcut can't: a dialog or a list lies over the window."""
        is_key = event.key() == Qt.Key.Key_L and event.modifiers() == Qt.KeyboardModifier.ControlModifier
        above = QApplication.activePopupWidget() or QApplication.activeModalWidget()
        return is_key and above is not None and self._window.main.isVisible()

    def _close_store(self, why: Lock) -> None:
        """Put everything by, and have nothing in sight when the store is closed."""
        self._put_by()
        if (popup := QApplication.activePopupWidget()) is not None:
            popup.close()
        dialogs = self._dialogs()
        if self._window.tryout is None:
            ours = [one for one in dialogs if isinstance(one, AppDialog)]
            self._half_typed.keep({name_of(one): typed_in(one) for one in ours})
        for one in dialogs:
            one.reject()
        self._covered = [one for one in self._covered if one not in dialogs]
        self.wants_closed.emit(why)

    def _take_up(self, dialog: AppDialog) -> None:
        texts = self._half_typed.take(name_of(dialog)) if self._window.tryout is None else {}
        if texts:
            fill_in(dialog, texts)

    def _dialogs(self) -> list[QDialog]:
        """Give the open dialogs, also those below the cover; the last one opened first."""
        windows = QApplication.topLevelWidgets()
        found = [one for one in windows if isinstance(one, QDialog)]
        return sorted(
            (one for one in found if one.isVisible() or one in self._covered), key=_depth, reverse=True
        )

    def _put_by(self) -> None:
        self._window.models.contact.put_by()
        self._window.models.group.put_by()

    def _on_idle(self, has_pin: bool) -> None:
        self._is_asking = False
        if has_pin and self._window.tryout is None:
            self.screen_lock.lock()
        else:
            self._close_store(Lock.IDLE)

    def _on_unknown(self, _error: Exception) -> None:
        self._is_asking = False
        self._close_store(Lock.IDLE)

    def _on_words(self) -> None:
        self._close_store(Lock.IDLE)

    def _on_cover_closed(self) -> None:
        # Who closes the cover leaves the program; nothing of the stand comes into sight before.
        self._window.main.close()

    def _render(self, state: ScreenLockState) -> None:
        if state.is_locked and not self.cover.isVisible():
            # Dialogs too: one of them may have a person's name on it.
            windows = QApplication.topLevelWidgets()
            shown = [one for one in windows if one.isVisible() and one is not self.cover]
            self._covered = sorted(shown, key=_depth)
            show_fitting(self.cover)
            for one in reversed(self._covered):
                one.hide()
            self.cover.take_focus()
        elif not state.is_locked and self._covered:
            covered, self._covered = self._covered, []
            for one in covered:
                _show_as_left(one)
            self.cover.hide()
            self._watch.touched()


def _show_as_left(window: QWidget) -> None:
    """Show a window again; where somebody was typing, the next key goes on there and replaces nothing."""
    line = window.focusWidget()
    place = line.cursorPosition() if isinstance(line, QLineEdit) else 0
    window.show()
    if isinstance(line, QLineEdit):
        line.setFocus(Qt.FocusReason.OtherFocusReason)
        line.setCursorPosition(place)


def _depth(window: QWidget) -> int:
    """Count the widgets that a window belongs to: a dialog's own dialog comes after it."""
    parent = window.parentWidget()
    return 0 if parent is None else 1 + _depth(parent)
