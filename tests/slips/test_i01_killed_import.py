"""I1: a process that dies while a sheet is taken in has kept whole units, and the sheet goes on after it."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from stojnica.services.slips import UNIT_ROWS, import_sheet
from stojnica.storage.home import StoreHome, unlock_store

PASSPHRASE = "jutro voda hiša most reka"
ROWS = 3 * UNIT_ROWS + 7
COUNTS = {
    "people": "SELECT count(*) FROM signup",
    "rows": "SELECT count(*) FROM sheet_row WHERE subject_id IS NOT NULL",
    "begun": "SELECT count(DISTINCT subject_id) FROM fact WHERE kind = 'signed_up'",
    "facts": "SELECT count(*) FROM fact",
    "owed": "SELECT count(*) FROM delivery",
    "head": "SELECT sum(head) FROM life",
}


@pytest.mark.parametrize(("point", "units"), [("store.before_commit", 1), ("store.after_commit", 2)])
def test_i01_killed_in_the_middle_of_a_sheet_loses_nothing_and_takes_nobody_twice(
    place: Any, many_slips: Callable[[int], Path], point: str, units: int
) -> None:
    sheet = many_slips(ROWS)

    ended = _import_in_a_child(place, sheet, point)
    opened = unlock_store(StoreHome(place.folder), PASSPHRASE)
    try:
        after_the_kill = opened.store.read(_counted).result()
        report = import_sheet(
            opened.store, place.event.event_id, sheet, collected_on="2024-09-20", versions="1"
        )
        at_the_end = opened.store.read(_counted).result()
    finally:
        opened.close()

    assert ended.returncode == -signal.SIGKILL, ended.stderr
    assert after_the_kill["people"] == units * UNIT_ROWS
    assert (report.already, report.taken, report.rows) == (units * UNIT_ROWS, ROWS - units * UNIT_ROWS, ROWS)
    for counted in (after_the_kill, at_the_end):
        assert counted["people"] == counted["rows"] == counted["begun"]
        assert counted["facts"] == counted["owed"] == counted["head"]
    assert at_the_end["people"] == ROWS


def _import_in_a_child(place: Any, sheet: Path, point: str) -> "subprocess.CompletedProcess[str]":
    script = Path(__file__).with_name("child_importing.py")
    arguments = (place.folder, PASSPHRASE, place.event.event_id, sheet, point)
    return subprocess.run(
        [sys.executable, str(script), *map(str, arguments)],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)},
    )


def _counted(connection: Any) -> dict[str, int]:
    return {name: connection.exec_driver_sql(query).scalar() for name, query in COUNTS.items()}
