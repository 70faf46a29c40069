"""M38: the system waits with sleeping until the key is out of memory, and never longer than that."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from stojnica.bootstrap.stand import create_stand
from stojnica.storage.slots import Argon2Cost
from stojnica.ui.sleep_watch import SleepWatch

WORDS = "jutro voda hiša most reka"

pytestmark = [
    pytest.mark.skipif(not sys.platform.startswith("linux"), reason="logind is of Linux"),
    pytest.mark.skipif(shutil.which("dbus-run-session") is None, reason="needs a message bus of its own"),
]

SLEEPING = """
import os, sys, time
from pathlib import Path
from PySide6.QtCore import ClassInfo, QObject, Slot
from PySide6.QtDBus import QDBusConnection, QDBusMessage, QDBusUnixFileDescriptor
from stojnica.bootstrap.stand import unlock_stand
from stojnica.bootstrap.window import WindowProgram
from stojnica.i18n import use_language
from stojnica.storage.home import StoreHome, unlock_store
from stojnica.storage.slots import Argon2Cost
from stojnica.ui.sleep_watch import INTERFACE, PATH, SERVICE

home, words, is_able = Path(sys.argv[1]), sys.argv[2], sys.argv[3] == "able"
asked, pipes = [], []

@ClassInfo({"D-Bus Interface": INTERFACE})
class Logind(QObject):
    @Slot(str, str, str, str, result=QDBusUnixFileDescriptor)
    def Inhibit(self, what, who, why, mode):
        asked.append((what, who, mode))
        ours, theirs = os.pipe()
        os.set_blocking(ours, False)
        pipes.append(ours)
        given = QDBusUnixFileDescriptor(theirs)
        os.close(theirs)
        return given

def is_let_go(pipe):
    try:
        return os.read(pipe, 1) == b""
    except BlockingIOError:
        return False

def until(is_so):
    for _turn in range(1500):
        program.application.processEvents()
        if is_so():
            return
        time.sleep(0.01)
    raise AssertionError("never came")

def announce(is_going):
    signal = QDBusMessage.createSignal(PATH, INTERFACE, "PrepareForSleep")
    signal.setArguments([is_going])
    assert bus.send(signal)

use_language("en")
program = WindowProgram(home, stand=unlock_stand(home, words, cost=Argon2Cost(8, 1, 1)))
bus = QDBusConnection.connectToBus(os.environ["DBUS_SESSION_BUS_ADDRESS"], "logind")
logind = Logind()
assert bus.registerService(SERVICE)
if is_able:
    assert bus.registerObject(PATH, logind, QDBusConnection.RegisterOption.ExportAllSlots)
program.open()
until(lambda: program.window.main.isVisible())
if is_able:
    until(lambda: program._sleep.holds_sleep)
    assert asked == [("sleep", "Stojnica", "delay")], asked
    assert not is_let_go(pipes[0])
announce(True)
until(lambda: program.window is None)
unlock_store(StoreHome(home), words).close()
if is_able:
    until(lambda: is_let_go(pipes[0]))
announce(False)
for _turn in range(20):
    program.application.processEvents()
assert len(asked) == int(is_able)
program.close()
print("slept well")
"""


@pytest.mark.parametrize("kind", ["able", "unable"])
def test_m38_the_store_is_closed_before_the_laptop_sleeps_and_only_then_may_it(
    tmp_path: Path, kind: str
) -> None:
    # Given a bus with a logind on it that hands out locks, or one that can't
    home = tmp_path / "home"
    create_stand(home, WORDS, language="en", cost=Argon2Cost(8, 1, 1)).close()
    script = tmp_path / "sleeping.py"
    script.write_text(SLEEPING, encoding="utf-8")
    call = f'DBUS_SYSTEM_BUS_ADDRESS="$DBUS_SESSION_BUS_ADDRESS" exec "{sys.executable}" "$@"'

    # When it announces sleep
    ended = subprocess.run(
        ["dbus-run-session", "--", "sh", "-c", call, "sh", str(script), str(home), WORDS, kind],
        env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path), "QT_QPA_PLATFORM": "offscreen"},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )

    # Then
    assert "slept well" in ended.stdout, ended.stderr


def test_without_a_message_bus_nothing_is_told_and_nothing_fails(
    qapp: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    from PySide6.QtDBus import QDBusConnection

    watch = SleepWatch(bus=QDBusConnection("nobody knows this one"))

    watch.watch()

    assert not watch.holds_sleep
    watch.release()
