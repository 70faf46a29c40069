"""Several laptops, copies and backups of them, a centre that is set back, lines that break: in any order.

Beside each laptop stands what its file must hold, beside the centre what it must not have lost. A delivery
goes over a line or on a stick, whose file may be taken in at any later time and again, as may its receipt.
"""

import itertools
from collections.abc import Callable
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from hypothesis import strategies as st
from hypothesis.stateful import invariant, precondition, rule
from tests.sync.laptops import Key, Laptop
from tests.sync.machine_copies import CopyRules
from tests.sync.machine_people import KilledError
from tests.sync.machine_state import WHICH, said

from stojnica.storage.tables import DELIVERY, PROVEN
from stojnica.sync.faults import Fate, SyncError, interrupted
from stojnica.sync.stick_receipt import receive

MAX_RUNS_TO_DRAIN = 3
MUCH_ROOM = 200_000
CALL = st.integers(0, 9)


class SyncMachine(CopyRules):
    """Let anything happen, check after each step, and drain to nothing once all is sound again."""

    def __init__(self) -> None:
        super().__init__()
        self.centre_backups: list[tuple[Any, set[Key]]] = []
        self.files: list[Path] = []
        self.receipts: list[bytes] = []

    @rule(number=WHICH)
    def sync(self, number: int) -> None:
        self._sync_whole(self.which(number))

    def _sync_whole(self, which: int) -> bool:
        laptop, page = self.laptops[which], self.pages[which]
        result = laptop.sync()
        self.note_what_orders_took(which)

        assert not {self.person[key] for key in page.bodies} & self.ordered
        self.copies_hold_nobody_erased(which)
        assert self.centre.last_code(laptop.credentials().device_id) == result.receipt.code
        if result.is_complete:
            assert result.receipt.facts == len(page.held)
            assert page.bodies <= set(self.centre.facts()) | self._erased(page.bodies)
        return result.is_complete

    def _erased(self, keys: set[Key]) -> set[Key]:
        erased = self.centre.tombstones()
        return {key for key in keys if key[0] in erased}

    @rule(number=WHICH, calls=CALL, is_committed=st.booleans())
    def sync_on_a_line_that_breaks(self, number: int, calls: int, is_committed: bool) -> None:
        self._sync_until(self.which(number), calls, interrupted("test"), is_committed=is_committed)

    @rule(number=WHICH, calls=CALL, is_committed=st.booleans())
    def sync_and_be_killed(self, number: int, calls: int, is_committed: bool) -> None:
        which = self.which(number)
        self._sync_until(which, calls, KilledError(), is_committed=is_committed)
        self.laptops[which].close()
        self.laptops[which] = self.reopen(self.laptops[which])

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
        self.note_what_orders_took(which)

    @rule(number=WHICH, calls=st.integers(1, 6))
    def sync_while_a_visitor_signs_up(self, number: int, calls: int) -> None:
        which = self.which(number)
        self.meanwhile(which, calls, lambda: self.sign_up(which))

    def meanwhile(self, which: int, calls: int, act: Callable[[], None]) -> None:
        left = itertools.count(1)

        def come(_name: str) -> None:
            if next(left) == calls:
                act()

        self.way.after = come
        try:
            self.laptops[which].sync()
        finally:
            self.way.be_sound()
        self.note_what_orders_took(which)

    @rule(number=WHICH, is_all=st.booleans())
    def write_to_a_stick(self, number: int, is_all: bool) -> None:
        """I17: writing it changes nothing."""
        laptop = self.laptops[self.which(number)]
        before = laptop.in_state(PROVEN), laptop.unconfirmed()

        with said("stick_nothing"):
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
        which = self.which(number)
        laptop = self.laptops[which]
        data = self.receipts[receipt % len(self.receipts)]

        with said("receipt_elsewhere", "receipt_stale"):
            receive(laptop.store, data, laptop.renew_copies)
        # It may have had somebody erased.
        self.note_what_orders_took(which)

    @precondition(lambda self: len(self.centre_backups) < 3)
    @rule()
    def back_the_centre_up(self) -> None:
        there = set(self.centre.facts())
        self.backed_up |= there
        self.centre_backups.append((self.centre.back_up(), there | self._erased(self.ever)))

    def ripen(self, which: int) -> None:
        self.centre_backups = self.centre_backups[-2:]
        self.back_the_centre_up()
        for _delivery in range(2):
            self._sync_whole(which)

    @precondition(lambda self: self.centre_backups)
    @rule(number=st.integers(0, 9))
    def set_the_centre_back(self, number: int) -> None:
        # The list of what was erased is kept beside the backups, and applied after each restore.
        # What left the laptops since an older backup is in a newer one alone: that is the one to take. Of who
        # was erased it knows at least that they came; where an order says so, nobody misses them.
        purged = {key for key in self.purged if self.person[key] not in self.ordered}
        good = [backup for backup, known in self.centre_backups if purged <= known]
        if good:
            self.centre.restore_with_list(good[number % len(good)])
            self.setbacks += 1

    # Before it is settled, a laptop trusts only the server of its file: that has a test of its own.
    @precondition(lambda self: self.settled())
    @rule()
    def take_another_identity(self) -> None:
        self.centre.become_another()
        self.setbacks += 1

    @rule(number=WHICH, facts=st.integers(0, 4))
    def leave_little_room(self, number: int, facts: int) -> None:
        self.centre.limit(self.laptops[self.which(number)].credentials().device_id, facts)

    @rule()
    def heal_and_drain(self) -> None:
        """I7, I8: once all is sound, all is there, whatever happened."""
        for laptop in self.laptops:
            self.centre.limit(laptop.credentials().device_id, MUCH_ROOM)
        for _run in range(MAX_RUNS_TO_DRAIN):
            are_complete = [self._sync_whole(which) for which in range(len(self.laptops))]
            self.centre.project()
        for page in self.pages:
            page.knows_of = self.setbacks
        everywhere: set[Key] = set().union(*(page.held for page in self.pages))
        there = set(self.centre.facts())
        assert everywhere - self._erased(everywhere) - self.spoiled <= there <= self.ever
        for laptop, page, is_complete in zip(self.laptops, self.pages, are_complete, strict=True):
            waits = laptop.unconfirmed()
            assert waits.facts == waits.aside <= len(page.bodies & self.spoiled)
            assert is_complete == (waits.facts == 0)
        self._nothing_is_owed(self.ever - there - self._erased(self.ever))

    def _nothing_is_owed(self, lost: set[Key]) -> None:
        """I11: what a laptop still owes went down with a disk that nobody has any more."""
        devices = {laptop.credentials().device_id for laptop in self.laptops}
        assert sum(self.centre.owed(device_id) for device_id in devices) <= len(lost)

    def all_is_well_in_the_end(self) -> None:
        """Take in each stick that still lies about, too: late, it changes nothing for who was erased."""
        self.heal_and_drain()
        if self.files:
            for path in self.files:
                self.stick.take_in(path)
            self.heal_and_drain()
        self.nobody_erased_is_left()
        self.everybody_is_shown_once()
        self.withdrawals_win()

    @invariant()
    def no_laptop_loses_a_record(self) -> None:
        type(self).steps += 1
        for laptop, page in zip(self.laptops, self.pages, strict=True):
            assert set(laptop.facts()) == page.bodies
            assert set(laptop.stubs()) == page.gone

    @invariant()
    def what_is_called_confirmed_is_at_the_centre(self) -> None:
        """I2, I5, I12."""
        there = set(self.centre.facts())
        for which, laptop in enumerate(self.laptops):
            if self.is_trusted(which):
                away = set(laptop.in_state(PROVEN)) - there
                assert away == self._erased(away)

    @invariant()
    def what_is_called_covered_is_in_a_backup(self) -> None:
        # In any that was ever taken: a centre that was set back forgets which it has, the files stay.
        # What was erased needs none.
        for laptop, page in zip(self.laptops, self.pages, strict=True):
            covered = _covered(laptop) - page.gone
            assert covered <= set(laptop.in_state(PROVEN))
            assert covered - self.backed_up == self._erased(covered - self.backed_up)

    @invariant()
    def the_projector_hears_of_each_record_once(self) -> None:
        there, again = set(self.centre.facts()), self.centre.named_old()
        waiting = [key for key in self.centre.waiting() if key in there and key[0] not in again]
        assert len(waiting) == len(set(waiting))


def _covered(laptop: Laptop) -> set[Key]:
    query = sa.select(DELIVERY.c.fact_id, DELIVERY.c.content_hash).where(DELIVERY.c.is_covered == sa.true())
    rows = laptop.store.read(lambda connection: connection.execute(query).all()).result()
    return {(row[0], row[1]) for row in rows}
