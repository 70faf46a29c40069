"""Saving a visitor while copies of a store of 70 MB are being made beside it, against saving without them.

By turns: some visitors with nothing beside them, then as many while one copy after the other is made. Each
copy looks through the whole store, copies it in steps, syncs it to the disk and reads it back.
"""

import tempfile
import threading
import time
from pathlib import Path
from time import perf_counter

from bench_save import quantile, save_contact
from ratio import Note, Ratio, time_of

from stojnica.bootstrap.stand import let_threads_take_turns
from stojnica.domain import kinds
from stojnica.domain.ids import new_id
from stojnica.services.copies import CopyKeeper
from stojnica.storage.home import OpenStore, StoreHome, create_store
from stojnica.storage.slots import Argon2Cost
from stojnica.storage.unit import UnitOfWork

QUESTIONS, LETTERS, AT_ONCE = 840, 60_000, 40
ROUNDS = 8
SAVES = 60
BREATH_S = 0.01
QUICK = Argon2Cost(memory_kib=8, iterations=1, lanes=1)


def grow(opened: OpenStore) -> None:
    """Make the store as large as many events and their scans do."""

    def ask(unit: UnitOfWork) -> None:
        for _question in range(AT_ONCE):
            unit.record(kinds.ASKED, new_id(), {"text": "č" * (LETTERS // 2)}, channel="kiosk")
        unit.commit()

    for _turn in range(QUESTIONS // AT_ONCE):
        opened.store.write(ask).result()


def saves(opened: OpenStore) -> list[float]:
    """Save visitors as they come, one after the other, and give the seconds that each waited."""
    found = []
    for _visitor in range(SAVES):
        begun = perf_counter()
        opened.store.write(save_contact).result()
        found.append(perf_counter() - begun)
        time.sleep(BREATH_S)
    return found


class Copying:
    """Make copies in a thread of its own, for as long as it is entered."""

    def __init__(self, keeper: CopyKeeper) -> None:
        self._keeper = keeper
        self.made: list[float] = []

    def __enter__(self) -> "Copying":
        self._is_over = threading.Event()
        self._thread = threading.Thread(target=self._work)
        self._thread.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._is_over.set()
        self._thread.join()

    def _work(self) -> None:
        while not self._is_over.is_set():
            begun = perf_counter()
            outcome = self._keeper.copy()
            assert not outcome.faults
            self.made.append(perf_counter() - begun)


def run() -> list[Ratio | Note]:
    """Measure by turns, so that a busy moment of the machine meets both."""
    let_threads_take_turns()
    alone: list[float] = []
    beside: list[float] = []
    with tempfile.TemporaryDirectory() as name:
        opened = create_store(StoreHome(Path(name) / "home"), "bench bench bench", cost=QUICK)
        grow(opened)
        copying = Copying(CopyKeeper(opened))
        saves(opened)
        for _round in range(ROUNDS):
            alone += saves(opened)
            with copying:
                beside += saves(opened)
        size = opened.home.database.stat().st_size
        opened.close()
    return [
        *(
            time_of(
                f"save beside a copy : without, {name}", quantile(beside, share), quantile(alone, share), 2
            )
            for name, share in (("p50", 0.5), ("p99", 0.99))
        ),
        Note(
            f"a copy of {size / 1e6:.0f} MB beside visitors took {quantile(copying.made, 0.5):.1f} s,"
            f" {len(copying.made)} were made"
        ),
    ]
