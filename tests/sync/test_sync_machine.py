"""Two laptops, copies and backups of them, a centre that is set back, and a line that breaks: any order."""

import itertools
import shutil
import tempfile
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
)
from tests.sync.laptops import Key, Laptop, new_laptop
from tests.sync.offices import Way

from stojnica.storage.tables import PROVEN
from stojnica.sync.faults import Fate, SyncError, interrupted
from stojnica.sync.memory import MemoryCentre

MAX_LAPTOPS = 4
MAX_RUNS_TO_DRAIN = 3


class SyncMachine(RuleBasedStateMachine):
    """Keep beside each laptop what its file must hold, and beside the centre what it must not have lost."""

    def __init__(self) -> None:
        super().__init__()
        self._folder = Path(tempfile.mkdtemp())
        self._numbers = itertools.count()
        self.centre = MemoryCentre()
        self.way = Way(self.centre)
        self.laptops: list[Laptop] = []
        self.held: list[set[Key]] = []
        self.ever: set[Key] = set()
        self.backups: dict[int, tuple[Path, set[Key]]] = {}
        self.centre_backups: list[Any] = []
        self.is_trusted = True

    @initialize()
    def begin(self) -> None:
        for name in ("Stand 1", "Stand 2"):
            laptop = new_laptop(self._new_folder(), self.way)
            self.laptops.append(laptop)
            self.held.append(set())
            laptop.enrol(self.centre.enrol(name))

    def _new_folder(self) -> Path:
        return self._folder / str(next(self._numbers))

    def _which(self, number: int) -> int:
        return number % len(self.laptops)

    @rule(number=st.integers(0, 3), contacts=st.integers(1, 3))
    def capture(self, number: int, contacts: int) -> None:
        which = self._which(number)
        keys = {(item.fact.fact_id, item.content_hash) for item in self.laptops[which].capture(contacts)}
        self.held[which] |= keys
        self.ever |= keys

    @rule(number=st.integers(0, 3))
    def sync(self, number: int) -> None:
        which = self._which(number)
        result = self.laptops[which].sync()

        assert result.is_complete
        assert result.receipt.facts == len(self.held[which])
        assert self.held[which] <= set(self.centre.facts())

    @rule(number=st.integers(0, 3), calls=st.integers(0, 9), is_committed=st.booleans())
    def sync_on_a_line_that_breaks(self, number: int, calls: int, is_committed: bool) -> None:
        left = itertools.count()

        def break_now(_name: str) -> None:
            if next(left) >= calls:
                raise interrupted("test")

        if is_committed:
            self.way.after = break_now
        else:
            self.way.before = break_now
        try:
            self.laptops[self._which(number)].sync()
        except SyncError as fault:
            if fault.fate is not Fate.NETWORK:
                raise
        finally:
            self.way.be_sound()

    @precondition(lambda self: len(self.laptops) < MAX_LAPTOPS and self.settled())
    @rule(number=st.integers(0, 3))
    def clone(self, number: int) -> None:
        which = self._which(number)
        self.laptops.append(self.laptops[which].clone(self._new_folder()))
        self.held.append(set(self.held[which]))

    def settled(self) -> bool:
        # A copy from before the password changed is locked out: that has a test of its own.
        return all(laptop.credentials().is_settled for laptop in self.laptops)

    @precondition(lambda self: self.settled())
    @rule(number=st.integers(0, 3))
    def back_a_laptop_up(self, number: int) -> None:
        which = self._which(number)
        self.backups[which] = (self.laptops[which].copy_files(self._new_folder()), set(self.held[which]))

    @precondition(lambda self: self.backups)
    @rule(number=st.integers(0, 3))
    def set_a_laptop_back(self, number: int) -> None:
        which = sorted(self.backups)[number % len(self.backups)]
        folder, held = self.backups[which]
        self.laptops[which].set_back(folder)
        self.held[which] = set(held)

    @rule()
    def back_the_centre_up(self) -> None:
        self.centre_backups.append(self.centre.back_up())

    @precondition(lambda self: self.centre_backups)
    @rule(number=st.integers(0, 9))
    def set_the_centre_back(self, number: int) -> None:
        self.centre.restore(self.centre_backups[number % len(self.centre_backups)])
        self.is_trusted = False

    @rule()
    def heal_and_drain(self) -> None:
        for _run in range(MAX_RUNS_TO_DRAIN):
            for laptop in self.laptops:
                laptop.sync()
        self.is_trusted = True
        everywhere = set().union(*self.held)
        assert everywhere <= set(self.centre.facts()) <= self.ever
        assert [laptop.unconfirmed().facts for laptop in self.laptops] == [0] * len(self.laptops)
        inbox = self.centre.contents.inbox
        assert len(inbox) == len(set(inbox))

    @invariant()
    def no_laptop_loses_a_record(self) -> None:
        for laptop, held in zip(self.laptops, self.held, strict=True):
            assert set(laptop.facts()) == held

    @invariant()
    def what_is_called_confirmed_is_at_the_centre(self) -> None:
        if self.is_trusted:
            there = set(self.centre.facts())
            assert all(set(laptop.in_state(PROVEN)) <= there for laptop in self.laptops)

    def teardown(self) -> None:
        try:
            if self.laptops:
                self.heal_and_drain()
        finally:
            for laptop in self.laptops:
                laptop.close()
            shutil.rmtree(self._folder)


SyncMachine.TestCase.settings = settings(
    max_examples=10,
    stateful_step_count=15,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)
TestI07I08I09InAnyOrder = SyncMachine.TestCase
