"""Keeping the laptop awake while a visitor may stand in front of it: no screen saver, no sleep by itself."""

import contextlib
import logging
import os
import shutil
import subprocess
import sys
from typing import Protocol

log = logging.getLogger(__name__)
_WHY = "Stojnica"
# SetThreadExecutionState (winbase.h): keep system and display on until told otherwise.
_ES_CONTINUOUS, _ES_SYSTEM_REQUIRED, _ES_DISPLAY_REQUIRED = 0x80000000, 0x00000001, 0x00000002


class StayAwake(Protocol):
    """Keep the machine awake between `begin` and `end`; both may be called again and again."""

    def begin(self) -> None:
        """Stay awake from now on."""

    def end(self) -> None:
        """Sleep as usual."""


class NotedStayAwake:
    """Note whether the machine is kept awake; for tests, and where nothing can be asked."""

    def __init__(self) -> None:
        self.is_awake = False

    def begin(self) -> None:
        self.is_awake = True

    def end(self) -> None:
        self.is_awake = False


class SystemStayAwake:
    """Ask the system: logind and GNOME, caffeinate, or Windows. What isn't there is left; UI thread alone.

    A helper that was started for it ends by itself when this process does, however that comes.
    """

    def __init__(self) -> None:
        self._helpers: list[subprocess.Popen[bytes]] = []

    def begin(self) -> None:
        if self._helpers:
            return
        if sys.platform == "win32":
            _tell_windows(_ES_CONTINUOUS | _ES_SYSTEM_REQUIRED | _ES_DISPLAY_REQUIRED)
            return
        for command in awake_commands(sys.platform, os.getpid(), shutil.which):
            try:
                self._helpers.append(
                    subprocess.Popen(
                        command,
                        stdin=subprocess.DEVNULL,
                        stdout=subprocess.DEVNULL,
                        stderr=subprocess.DEVNULL,
                    )
                )
            except OSError as error:
                log.warning("the system can't be kept awake: %s", type(error).__name__)

    def end(self) -> None:
        if sys.platform == "win32":
            _tell_windows(_ES_CONTINUOUS)
        for helper in self._helpers:
            with contextlib.suppress(OSError):
                helper.terminate()
            with contextlib.suppress(subprocess.TimeoutExpired):
                helper.wait(1)
        self._helpers = []


def awake_commands(platform: str, pid: int, which: "Which") -> list[list[str]]:
    """Give the commands that keep this system awake for as long as the process `pid` lives."""
    if platform == "darwin":
        return [["caffeinate", "-d", "-i", "-w", str(pid)]] if which("caffeinate") else []
    watch = ["tail", f"--pid={pid}", "-f", "/dev/null"]
    found = []
    if which("systemd-inhibit") and which("tail"):
        found.append(["systemd-inhibit", "--what=idle:sleep", f"--who={_WHY}", f"--why={_WHY}", *watch])
    if which("gnome-session-inhibit") and which("tail"):
        # GNOME blanks the screen by its own clock, and asks only its own list.
        found.append(["gnome-session-inhibit", "--inhibit", "idle:suspend", "--reason", _WHY, *watch])
    return found


class Which(Protocol):
    """Find a program by its name, as `shutil.which` does."""

    def __call__(self, cmd: str) -> str | None:
        """Give its path, or None."""


def _tell_windows(state: int) -> None:
    import ctypes

    ctypes.windll.kernel32.SetThreadExecutionState(state)  # type: ignore[attr-defined,unused-ignore]
