"""Several laptops, copies and backups of them, a centre that is set back, lines that break: in any order.

Beside each laptop stands what its file must hold, beside the centre what it must not have lost. A delivery
goes over a line or on a stick, whose file may be taken in at any later time and again, as may its receipt.
"""

import itertools
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any, ClassVar

import sqlalchemy as sa
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from tests.sync.laptops import Key, Laptop, new_laptop
from tests.sync.offices import Office, Way
from tests.sync.sticks import StickOffice

from stojnica.central.keys import load_public_keys, make_keys
from stojnica.domain.errors import UserFacingError
from stojnica.storage.home import unlock_store
from stojnica.storage.tables import DELIVERY, PROVEN
from stojnica.sync.faults import Fate, SyncError, interrupted
from stojnica.sync.memory import MemoryCentre
from stojnica.sync.stick_receipt import receive

PASSPHRASE = "breza čoln ježek mavrica sonce"
MAX_LAPTOPS = 4
MAX_RUNS_TO_DRAIN = 3
MUCH_ROOM = 200_000
WHICH = st.integers(0, 3)
CALL = st.integers(0, 9)


class KilledError(Exception):
    """End the program in the middle of a sync, as far as the store is concerned."""


class SyncMachine(RuleBasedStateMachine):
    """Let anything happen, check after each step, and drain to nothing once all is sound again."""

    steps: ClassVar[int] = 0
    runs: ClassVar[int] = 0

    def __init__(self) -> None:
        super().__init__()
        type(self).runs += 1
        self._folder = Path(tempfile.mkdtemp())
        self._numbers = itertools.count()
        self.centre = self.make_office()
        self.way = Way(self.centre)
        self.laptops: list[Laptop] = []
        self.held: list[set[Key]] = []
        self.ever: set[Key] = set()
        self.erased: set[Key] = set()
        self.backups: dict[int, tuple[Path, set[Key]]] = {}
        self.centre_backups: list[Any] = []
        self.backed_up: set[Key] = set()
        self.is_trusted = True
        self.stick = StickOffice(self.centre, self._folder / "keys", self._folder / "stick")
        self.files: list[Path] = []
        self.receipts: list[bytes] = []

    def make_office(self) -> Office:
        """Give the office; another machine has a real one."""
        return MemoryCentre()

    @initialize()
    def begin(self) -> None:
        make_keys(self.stick.keys)
        self.stick.stick.mkdir()
        keys = load_public_keys(self.stick.keys)
        for name in ("Stand 1", "Stand 2"):
            laptop = new_laptop(self._new_folder(), self.way)
            self.laptops.append(laptop)
            self.held.append(set())
            credentials = self.centre.enrol(name)
            laptop.enrol(replace(credentials, signing_key=keys.signing_key, recipients=keys.recipients))

    def _new_folder(self) -> Path:
        return self._folder / str(next(self._numbers))

    def _which(self, number: int) -> int:
        return number % len(self.laptops)

    def _capture(self, which: int, contacts: int) -> None:
        keys = {(item.fact.fact_id, item.content_hash) for item in self.laptops[which].capture(contacts)}
        self.held[which] |= keys
        self.ever |= keys

    @rule(number=WHICH, contacts=st.integers(1, 3))
    def capture(self, number: int, contacts: int) -> None:
        self._capture(self._which(number), contacts)

    @rule(number=WHICH)
    def sync(self, number: int) -> None:
        which = self._which(number)
        result = self.laptops[which].sync()

        if result.is_complete:
            assert result.receipt.facts == len(self.held[which])
            assert self.held[which] - self.erased <= set(self.centre.facts())
        device_id = self.laptops[which].credentials().device_id
        assert self.centre.last_code(device_id) == result.receipt.code

    @rule(number=WHICH, calls=CALL, is_committed=st.booleans())
    def sync_on_a_line_that_breaks(self, number: int, calls: int, is_committed: bool) -> None:
        self._sync_until(self._which(number), calls, interrupted("test"), is_committed=is_committed)

    @rule(number=WHICH, calls=CALL, is_committed=st.booleans())
    def sync_and_be_killed(self, number: int, calls: int, is_committed: bool) -> None:
        which = self._which(number)
        self._sync_until(which, calls, KilledError(), is_committed=is_committed)
        laptop = self.laptops[which]
        laptop.close()
        laptop.opened = unlock_store(laptop.opened.home, PASSPHRASE)

    def _sync_until(self, which: int, calls: int, end: Exception, *, is_committed: bool) -> None:
        left = itertools.count()

        def end_now(_name: str) -> None:
            if next(left) >= calls:
                raise end

        if is_committed:
            self.way.after = end_now
        else:
            self.way.before = end_now
        try:
            self.laptops[which].sync()
        except KilledError:
            pass
        except SyncError as fault:
            if fault.fate is not Fate.NETWORK:
                raise
        finally:
            self.way.be_sound()

    @rule(number=WHICH, calls=st.integers(1, 5))
    def sync_while_a_visitor_signs_up(self, number: int, calls: int) -> None:
        which = self._which(number)
        left = itertools.count(1)

        def come(_name: str) -> None:
            if next(left) == calls:
                self._capture(which, 1)

        self.way.after = come
        try:
            self.laptops[which].sync()
        finally:
            self.way.be_sound()

    @rule(number=WHICH, is_all=st.booleans())
    def write_to_a_stick(self, number: int, is_all: bool) -> None:
        laptop = self.laptops[self._which(number)]
        before = laptop.in_state(PROVEN), laptop.unconfirmed()

        with _said("stick_nothing"):
            self.files += [one.path for one in self.stick.written(laptop, is_all=is_all).files]

        assert (laptop.in_state(PROVEN), laptop.unconfirmed()) == before

    @precondition(lambda self: self.files)
    @rule(number=st.integers(0, 99))
    def take_a_file_in(self, number: int) -> None:
        path = self.files[number % len(self.files)]

        self.receipts.append(self.stick.receipt(path))

        again = self.stick.take_in(path)
        assert again.stored == 0

    @precondition(lambda self: self.receipts)
    @rule(number=WHICH, receipt=st.integers(0, 99))
    def take_a_receipt_in(self, number: int, receipt: int) -> None:
        laptop = self.laptops[self._which(number)]
        data = self.receipts[receipt % len(self.receipts)]

        with _said("receipt_elsewhere", "receipt_stale"):
            receive(laptop.store, data)

    @precondition(lambda self: len(self.laptops) < MAX_LAPTOPS and self.settled())
    @rule(number=WHICH)
    def clone(self, number: int) -> None:
        which = self._which(number)
        self.laptops.append(self.laptops[which].clone(self._new_folder()))
        self.held.append(set(self.held[which]))

    def settled(self) -> bool:
        # A copy from before the password changed is locked out: that has a test of its own.
        return all(laptop.credentials().is_settled for laptop in self.laptops)

    @precondition(lambda self: self.settled())
    @rule(number=WHICH)
    def back_a_laptop_up(self, number: int) -> None:
        which = self._which(number)
        self.backups[which] = (self.laptops[which].copy_files(self._new_folder()), set(self.held[which]))

    @precondition(lambda self: self.backups)
    @rule(number=WHICH)
    def set_a_laptop_back(self, number: int) -> None:
        which = sorted(self.backups)[number % len(self.backups)]
        folder, held = self.backups[which]
        self.laptops[which].set_back(folder)
        self.held[which] = set(held)

    @precondition(lambda self: len(self.centre_backups) < 3)
    @rule()
    def back_the_centre_up(self) -> None:
        self.backed_up |= set(self.centre.facts())
        self.centre_backups.append(self.centre.back_up())

    @precondition(lambda self: self.centre_backups)
    @rule(number=st.integers(0, 9))
    def set_the_centre_back(self, number: int) -> None:
        self.centre.restore(self.centre_backups[number % len(self.centre_backups)])
        # Tombstones are kept beside the backups, and applied again after each restore.
        for fact_id in sorted({key[0] for key in self.erased}):
            self.centre.erase(fact_id)
        self.is_trusted = False

    # Before it is settled, a laptop trusts only the server of its file: that has a test of its own.
    @precondition(lambda self: self.settled())
    @rule()
    def take_another_identity(self) -> None:
        self.centre.become_another()
        self.is_trusted = False

    @precondition(lambda self: self.ever)
    @rule(number=st.integers(0, 999))
    def erase(self, number: int) -> None:
        key = sorted(self.ever)[number % len(self.ever)]
        self.centre.erase(key[0])
        self.erased |= {one for one in self.ever if one[0] == key[0]}

    @precondition(lambda self: self.laptops)
    @rule(number=WHICH, facts=st.integers(0, 4))
    def leave_little_room(self, number: int, facts: int) -> None:
        self.centre.limit(self.laptops[self._which(number)].credentials().device_id, facts)

    @rule()
    def heal_and_drain(self) -> None:
        for laptop in self.laptops:
            self.centre.limit(laptop.credentials().device_id, MUCH_ROOM)
        for _run in range(MAX_RUNS_TO_DRAIN):
            results = [laptop.sync() for laptop in self.laptops]
        self.is_trusted = True
        assert all(result.is_complete for result in results)
        everywhere = set().union(*self.held)
        assert everywhere - self.erased <= set(self.centre.facts()) <= self.ever - self.erased
        assert [laptop.unconfirmed().facts for laptop in self.laptops] == [0] * len(self.laptops)

    @invariant()
    def no_laptop_loses_a_record(self) -> None:
        type(self).steps += 1
        for laptop, held in zip(self.laptops, self.held, strict=True):
            assert set(laptop.facts()) == held

    @invariant()
    def what_is_called_confirmed_is_at_the_centre(self) -> None:
        if self.is_trusted:
            there = set(self.centre.facts()) | self.erased
            assert all(set(laptop.in_state(PROVEN)) <= there for laptop in self.laptops)

    @invariant()
    def what_is_called_covered_is_in_a_backup(self) -> None:
        # In any that was ever taken: a centre that was set back forgets which it has, the files stay.
        # What was erased needs none.
        for laptop in self.laptops:
            assert _covered(laptop) <= (self.backed_up | self.erased) & set(laptop.in_state(PROVEN))

    @invariant()
    def the_projector_hears_of_each_record_once(self) -> None:
        waiting = self.centre.waiting()
        assert len(waiting) == len(set(waiting))

    @invariant()
    def what_was_erased_stays_away(self) -> None:
        assert not self.erased & set(self.centre.facts())

    def teardown(self) -> None:
        try:
            if self.laptops:
                self.heal_and_drain()
        finally:
            for laptop in self.laptops:
                laptop.close()
            shutil.rmtree(self._folder)


@contextmanager
def _said(*codes: str) -> Iterator[None]:
    """Let something be refused for one of these reasons, and for no other."""
    try:
        yield
    except UserFacingError as error:
        if error.code not in codes:
            raise


def _covered(laptop: Laptop) -> set[Key]:
    query = sa.select(DELIVERY.c.fact_id, DELIVERY.c.content_hash).where(DELIVERY.c.is_covered == sa.true())
    rows = laptop.store.read(lambda connection: connection.execute(query).all()).result()
    return {(row[0], row[1]) for row in rows}
