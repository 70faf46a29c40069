"""I2 over random histories: every record is on the laptop, or proven and in a backup that the office has."""

from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import UUID

import sqlalchemy as sa
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.sync.laptops import Key, Laptop, keys, new_laptop
from tests.sync.offices import Way
from tests.sync.purging import DAY_US, DAYS, FIRST_DAY, OfficeClock, decide, purge, stubs

from stojnica.domain import kinds
from stojnica.domain.clock import SetClock
from stojnica.domain.fact import StoredFact
from stojnica.domain.ids import new_id
from stojnica.domain.tally import Press
from stojnica.records.typed import TALLY
from stojnica.storage.outbox import held
from stojnica.storage.tables import PROVEN
from stojnica.storage.unit import UnitOfWork, branch_of
from stojnica.sync.memory import MemoryCentre
from stojnica.sync.memory_contents import Contents

STEPS = ("capture", "count", "correct", "send", "back up", "a day", "forty days", "purge", "restore", "clock")
TEN_YEARS_US = 10 * 365 * DAY_US


class History:
    """Drive one laptop and its office step by step, and look after each that nothing is lost."""

    def __init__(self, folder: Path) -> None:
        self.office = MemoryCentre()
        self.way = Way(self.office)
        self.days = OfficeClock().rule(self.way)
        self.clock = SetClock(self.days.now)
        self.laptop: Laptop = new_laptop(folder, self.way, self.clock)
        self.laptop.enrol(self.office.enrol("Stand 1"))
        decide(self.laptop, names=DAYS)
        self.captured: set[Key] = set()
        self.contacts = 0
        self.amounts: dict[UUID, int] = {}
        self.backups: list[Contents] = []
        self._turn = 0

    def take(self, step: str) -> None:
        """Take one step."""
        steps: dict[str, Callable[[], object]] = {
            "capture": self._capture,
            "count": self._count,
            "correct": self._correct,
            "send": self.laptop.sync,
            "back up": self._back_up,
            "a day": lambda: self.days.pass_days(1),
            "forty days": lambda: self.days.pass_days(40),
            "purge": lambda: purge(self.laptop),
            "restore": self._restore,
            "clock": self._move_clock,
        }
        steps[step]()

    def check(self) -> None:
        """Nothing is lost, no number has changed, and what is gone is proven and in the newest backup."""
        here, gone = set(self.laptop.facts()), set(stubs(self.laptop))
        assert here | gone == self.captured
        assert not here & gone
        if gone:
            assert gone <= set(self.backups[-1].facts)
        in_all = self.laptop.store.read(lambda one: held(one, branch_of(one))).result()
        assert (in_all.contacts, in_all.facts) == (self.contacts, len(self.captured))
        query = sa.select(TALLY.c.subject_id, TALLY.c.amount)
        rows = self.laptop.store.read(lambda one: one.execute(query).all()).result()
        assert {row.subject_id: row.amount for row in rows} == self.amounts

    def end(self) -> None:
        """Whatever was before, the next sending ends with all of it proven."""
        result = self.laptop.sync()
        assert (result.is_complete, result.missed) == (True, 0)
        assert set(self.laptop.in_state(PROVEN)) == self.captured
        assert set(self.office.facts()) == self.captured

    def _capture(self) -> None:
        self._turn += 1
        self.captured |= set(keys(self.laptop.capture(1, email=f"visitor{self._turn}@example.org")))
        self.contacts += 1

    def _count(self) -> None:
        self._turn += 1
        self._press(new_id(), self._turn)

    def _correct(self) -> None:
        """Say of the first press, whose name may be gone, that it was of more people."""
        for subject_id in list(self.amounts)[:1]:
            self._press(subject_id, self.amounts[subject_id] + 1)

    def _press(self, subject_id: UUID, amount: int) -> None:
        press = Press("reached", amount, FIRST_DAY, FIRST_DAY, "Europe/Ljubljana")

        def record(unit: UnitOfWork) -> StoredFact:
            item = unit.record(kinds.COUNTED, subject_id, press.data(), operator="Maja K.")
            unit.commit()
            return item

        self.captured |= set(keys([self.laptop.store.write(record).result()]))
        self.amounts[subject_id] = amount

    def _back_up(self) -> None:
        self.backups.append(self.office.back_up())

    def _restore(self) -> None:
        # The newest one, as an office would: an older one is what the test of a lost backup is about.
        if self.backups:
            self.office.restore(self.backups[-1])

    def _move_clock(self) -> None:
        self._turn += 1
        self.clock.set_by_us = TEN_YEARS_US if self._turn % 2 else -TEN_YEARS_US


@settings(max_examples=25, deadline=None)
@given(st.lists(st.sampled_from(STEPS), min_size=4, max_size=22))
def test_i02_i10_nothing_is_lost_in_any_order_of_work_backup_purge_and_restore(steps: list[str]) -> None:
    with TemporaryDirectory() as folder:
        history = History(Path(folder) / "laptop")
        try:
            for step in steps:
                history.take(step)
                history.check()
            history.end()
        finally:
            history.laptop.close()


def test_i02_the_histories_reach_a_purge(tmp_path: Path) -> None:
    history = History(tmp_path / "laptop")

    for step in ("capture", "count", "send", "back up", "forty days", "send", "purge"):
        history.take(step)
        history.check()

    assert len(stubs(history.laptop)) == 3
    history.take("correct")
    history.check()
    history.end()
    history.laptop.close()
