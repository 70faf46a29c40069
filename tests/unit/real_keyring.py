"""A keyring of one's own: GNOME's program on a message bus that no desktop sees, in a home of its own."""

import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pytest

PATIENCE_S = 30.0
WHY_NOT = "no keyring here: apt install gnome-keyring dbus-daemon"

# Nothing is started by the bus but what would ask a person: that only leaves a mark.
_BUS = """<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>session</type>
  <listen>unix:dir={folder}</listen>
  <servicedir>{folder}/services</servicedir>
  <policy context="default">
    <allow send_destination="*" eavesdrop="true"/>
    <allow eavesdrop="true"/>
    <allow own="*"/>
  </policy>
</busconfig>
"""
_PROMPTER = """[D-BUS Service]
Name=org.gnome.keyring.SystemPrompter
Exec={touch} {folder}/asked
"""


class Desktop:
    """Run a bus, and a keyring on it that somebody has logged in to; `has_asked` when it asked a person."""

    def __init__(self) -> None:
        # A socket's path has room for 107 bytes: pytest's folders are too deep.
        self._folder = Path(tempfile.mkdtemp(prefix="stojnica-keyring-"))
        self._bus: subprocess.Popen[str] | None = None
        self._keyring: subprocess.Popen[bytes] | None = None
        self.address = ""

    @property
    def has_asked(self) -> bool:
        """Tell whether the keyring's program wanted to show a dialog."""
        return (self._folder / "asked").exists()

    def start_bus(self) -> None:
        """Start the bus.

        Raises:
            pytest.skip.Exception: there is no bus, or no keyring, on this machine.
        """
        if not shutil.which("dbus-daemon") or not shutil.which("gnome-keyring-daemon"):
            pytest.skip(WHY_NOT)
        (self._folder / "services").mkdir()
        (self._folder / "bus.conf").write_text(_BUS.format(folder=self._folder))
        prompter = _PROMPTER.format(folder=self._folder, touch=shutil.which("touch"))
        (self._folder / "services" / "prompter.service").write_text(prompter)
        self._bus = subprocess.Popen(
            ["dbus-daemon", f"--config-file={self._folder / 'bus.conf'}", "--nofork", "--print-address"],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        assert self._bus.stdout is not None
        self.address = self._bus.stdout.readline().strip()
        assert self.address

    def log_in(self, password: str = "geslo") -> None:
        """Start the keyring's program and open what it holds, as a login does."""
        environ = {name: value for name, value in os.environ.items() if not name.endswith("DISPLAY")}
        self._keyring = subprocess.Popen(
            ["gnome-keyring-daemon", "--foreground", "--unlock", "--components=secrets"],
            env=environ
            | {
                "DBUS_SESSION_BUS_ADDRESS": self.address,
                "HOME": str(self._folder),
                "XDG_DATA_HOME": str(self._folder / "data"),
                "XDG_RUNTIME_DIR": str(self._folder),
                "XDG_CACHE_HOME": str(self._folder / "cache"),
            },
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        assert self._keyring.stdin is not None
        self._keyring.stdin.write(password.encode())
        self._keyring.stdin.close()
        wait_for(self._is_there)

    def lock(self) -> None:
        """Lock the keyring, as a person or a policy can."""
        with self._collection() as collection:
            collection.lock()

    def wipe(self) -> None:
        """Throw the keyring away, as whoever has forgotten its password does."""
        with self._collection() as collection:
            collection.delete()

    def held(self) -> list[tuple[dict[str, str], bytes]]:
        """Give what it holds, names and secrets."""
        with self._collection() as collection:
            return [(item.get_attributes(), item.get_secret()) for item in collection.get_all_items()]

    def freeze(self) -> None:
        """Let its program answer nobody, as one that hangs."""
        assert self._keyring is not None
        self._keyring.send_signal(signal.SIGSTOP)

    def thaw(self) -> None:
        """Let it go on."""
        assert self._keyring is not None
        self._keyring.send_signal(signal.SIGCONT)

    def log_out(self) -> None:
        """End the keyring's program; the bus stays."""
        if self._keyring is not None:
            self.thaw()
            self._keyring.kill()
            self._keyring.wait(PATIENCE_S)
            self._keyring = None

    def stop_bus(self) -> None:
        """End the bus; whoever is on it is cut off."""
        if self._bus is not None:
            self._bus.kill()
            self._bus.communicate(timeout=PATIENCE_S)
            self._bus = None

    def stop(self) -> None:
        """End both and leave nothing."""
        self.log_out()
        self.stop_bus()
        shutil.rmtree(self._folder, ignore_errors=True)

    def _is_there(self) -> bool:
        import secretstorage

        try:
            with self._collection() as collection:
                return not collection.is_locked()
        except secretstorage.exceptions.SecretStorageException:
            return False

    @contextmanager
    def _collection(self) -> Iterator[Any]:
        import secretstorage
        from jeepney.io.blocking import open_dbus_connection

        with closing(open_dbus_connection(self.address)) as connection:
            yield secretstorage.get_collection_by_alias(connection, "default")


def wait_for(is_so: Callable[[], bool]) -> None:
    """Wait until something is so, which another program decides."""
    until = time.monotonic() + PATIENCE_S
    while not is_so():
        assert time.monotonic() < until, "never came"
        time.sleep(0.02)
