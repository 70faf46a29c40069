"""Hear from the system that it is about to sleep, and have it wait until the key is out of memory."""

import os
import sys
from typing import TYPE_CHECKING

from PySide6.QtCore import SLOT, QObject, Signal, Slot

from stojnica.i18n import gettext as _

if TYPE_CHECKING:
    from PySide6.QtDBus import QDBusConnection, QDBusPendingCallWatcher

SERVICE = "org.freedesktop.login1"
PATH = "/org/freedesktop/login1"
INTERFACE = "org.freedesktop.login1.Manager"


class SleepWatch(QObject):
    """Tell before sleep, as systemd-logind announces it; without it nothing is told. UI thread alone.

    From `watch` to `release` the system is asked to wait with sleeping; it does so for five seconds at most
    (InhibitDelayMaxSec). What is missed here is noticed after waking: see `services.idle`.
    """

    about_to_sleep = Signal()

    def __init__(self, parent: QObject | None = None, bus: "QDBusConnection | None" = None) -> None:
        super().__init__(parent)
        self._bus = bus
        self._is_watching = False
        self._is_connected = False
        self._lock: int | None = None
        self._asked: QDBusPendingCallWatcher | None = None

    @property
    def holds_sleep(self) -> bool:
        """Tell whether the system waits for us."""
        return self._lock is not None

    def watch(self) -> None:
        """Listen, and ask the system to wait; the answer comes later."""
        if not sys.platform.startswith("linux") or self._is_watching:
            return
        from PySide6.QtDBus import QDBusConnection

        bus = self._bus or QDBusConnection.systemBus()
        if not bus.isConnected():
            return
        self._bus, self._is_watching = bus, True
        if not self._is_connected:
            slot = SLOT("on_sleep(bool)")
            # PySide's stubs ask for bytes here, and its code for a text.
            self._is_connected = bus.connect(SERVICE, PATH, INTERFACE, "PrepareForSleep", self, slot)  # type: ignore[call-overload]
        self._ask_to_wait()

    def release(self) -> None:
        """Let the system sleep, and listen no more."""
        self._is_watching = False
        self._let_go()

    @Slot(bool)
    def on_sleep(self, is_going: bool) -> None:
        """Take in what the system announces: it goes to sleep, or woke."""
        if not self._is_watching:
            return
        if is_going:
            self.about_to_sleep.emit()
        elif self._lock is None:
            self._ask_to_wait()

    def _ask_to_wait(self) -> None:
        from PySide6.QtDBus import QDBusMessage, QDBusPendingCallWatcher

        assert self._bus is not None
        call = QDBusMessage.createMethodCall(SERVICE, PATH, INTERFACE, "Inhibit")
        call.setArguments(["sleep", "Stojnica", _("The contacts are being locked."), "delay"])
        self._asked = QDBusPendingCallWatcher(self._bus.asyncCall(call), self)
        self._asked.finished.connect(self._on_answer)

    def _on_answer(self, asked: "QDBusPendingCallWatcher") -> None:
        asked.deleteLater()
        self._asked = None
        given = asked.reply().arguments()
        if asked.isError() or not given or not self._is_watching:
            return
        self._let_go()
        # The answer closes its own with it.
        self._lock = os.dup(given[0].fileDescriptor())

    def _let_go(self) -> None:
        lock, self._lock = self._lock, None
        if lock is not None:
            os.close(lock)
