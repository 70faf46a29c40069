"""The real window over a stand of its own, in a process with nothing of the other benchmarks in it."""

import json
import os
import subprocess
import sys
import tempfile
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from stojnica.bootstrap.window import WindowProgram

PIN = "2468"
EVENTS = 4
DESKTOP = Path(__file__).resolve().parents[2] / "desktop"


def told_by(script: str, *arguments: str) -> list[dict[str, Any]]:
    """Run a script with a folder and arguments, and give what it tells, a line of JSON each."""
    environment = os.environ | {"QT_QPA_PLATFORM": "offscreen", "PYTHONPATH": str(DESKTOP)}
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, script, folder, *arguments]
        done = subprocess.run(command, check=False, env=environment, capture_output=True, text=True)
    if done.returncode:
        raise RuntimeError(done.stderr[-2000:])
    return [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]


def tell(told: dict[str, Any]) -> None:
    """Say something to the process that measures."""
    print(json.dumps(told), flush=True)


def open_program(home: Path, contacts: int = 0) -> "WindowProgram":
    """Open the program on a stand with the sample organisation, an event of today, a PIN, and contacts."""
    import full_store

    from stojnica.bootstrap.stand import create_stand
    from stojnica.bootstrap.window import WindowProgram
    from stojnica.services.pin import PinCost, PinLock
    from stojnica.storage.slots import Argon2Cost

    cost = Argon2Cost(memory_kib=8, iterations=1, lanes=1)
    stand = create_stand(home, "jutro voda hiša most reka", cost=cost)
    today = date.today()  # noqa: DTZ011 - the day on the wall is meant
    full_store.fill(stand.store, contacts, EVENTS, today)
    PinLock(stand.store, PinCost(n=2, r=1, p=1)).choose(PIN).result()
    program = WindowProgram(home, stand=stand)
    program.open()
    return program
