"""Copies of a laptop: of the disk, and the program's own; opened elsewhere, in its place, or much later."""

import shutil
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path
from uuid import UUID

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule
from tests.sync.laptops import Key, Laptop
from tests.sync.machine_people import PeopleRules
from tests.sync.machine_state import MAX_LAPTOPS, PASSPHRASE, WHICH, Page

from stojnica.services.copies import CopyKeeper
from stojnica.services.restore import restore_by_passphrase
from stojnica.storage.engine import open_copy
from stojnica.storage.home import StoreHome, unlock_store
from stojnica.storage.made_copies import known_copies, slots_of
from stojnica.storage.purge import purge_contacts
from stojnica.storage.unit import UnitOfWork


@dataclass
class Drawer:
    """Keep a copy that somebody put away: nothing reaches it there."""

    folder: Path
    page: Page
    laptop: Laptop


class CopyRules(PeopleRules):
    """Let laptops be copied, set back, die and come back."""

    def __init__(self) -> None:
        super().__init__()
        self.disks: dict[int, tuple[Path, Page]] = {}
        self.drawers: list[Drawer] = []
        self.backed_up: set[Key] = set()
        self.purged: set[Key] = set()

    def has_room(self) -> bool:
        return len(self.laptops) < MAX_LAPTOPS

    def add(self, laptop: Laptop, page: Page) -> None:
        self.laptops.append(laptop)
        self.pages.append(page)

    @precondition(lambda self: self.has_room() and self.settled())
    @rule(number=WHICH)
    def clone(self, number: int) -> None:
        which = self.which(number)
        laptop = self.laptops[which].clone(self.new_folder())
        # In a copied folder, what is noted of copies names another place.
        shutil.rmtree(laptop.folder / "copies", ignore_errors=True)
        self.add(laptop, self.pages[which].copy())

    @precondition(lambda self: self.settled())
    @rule(number=WHICH)
    def back_a_laptop_up(self, number: int) -> None:
        which = self.which(number)
        self.disks[which] = (self.laptops[which].copy_files(self.new_folder()), self.pages[which].copy())

    @precondition(lambda self: self.disks)
    @rule(number=WHICH)
    def set_a_laptop_back(self, number: int) -> None:
        which = sorted(self.disks)[number % len(self.disks)]
        folder, page = self.disks[which]
        self.laptops[which].set_back(folder)
        self.pages[which] = page.copy()

    @precondition(lambda self: self.settled())
    @rule(number=WHICH, is_put_away=st.booleans())
    def make_a_copy(self, number: int, is_put_away: bool) -> None:
        which = self.which(number)
        outcome = CopyKeeper(self.laptops[which].opened).copy()
        assert outcome.faults == ()
        if is_put_away:
            folder = self.new_folder()
            folder.mkdir()
            for path in (outcome.made[-1].path, slots_of(outcome.made[-1].path)):
                shutil.copy(path, folder)
            self.drawers.append(Drawer(folder, self.pages[which].copy(), self.laptops[which]))

    @precondition(lambda self: self.drawers and self.has_room())
    @rule(number=st.integers(0, 99))
    def open_a_copy(self, number: int) -> None:
        """I9: the other laptop may be at work as well."""
        self.add(*self._opened(self.drawers[number % len(self.drawers)]))

    @precondition(lambda self: self.drawers)
    @rule(number=WHICH, copy=st.integers(0, 99))
    def a_laptop_dies_and_a_copy_takes_its_place(self, number: int, copy: int) -> None:
        which = self.which(number)
        self.laptops[which].close()
        self.dead.append((self.laptops[which], self.pages[which]))
        self.disks.pop(which, None)
        drawer = self.drawers[copy % len(self.drawers)]
        self.laptops[which], self.pages[which] = self._opened(drawer)

    @precondition(lambda self: self.dead and self.has_room())
    @rule(number=WHICH)
    def the_dead_one_comes_back(self, number: int) -> None:
        laptop, page = self.dead.pop(number % len(self.dead))
        self.add(self.reopen(laptop), page)

    def _opened(self, drawer: Drawer) -> tuple[Laptop, Page]:
        folder = self.new_folder()
        restored = restore_by_passphrase(drawer.folder, folder, PASSPHRASE)
        assert restored.facts == len(drawer.page.bodies)
        opened = unlock_store(StoreHome(folder), PASSPHRASE)
        return replace(drawer.laptop, opened=opened), drawer.page.copy()

    @rule(number=WHICH, is_ripe=st.booleans())
    def purge(self, number: int, is_ripe: bool) -> None:
        """I2: only what is proven, at the centre and in a backup leaves, a person at a time."""
        which = self.which(number)
        if not self.is_trusted(which):
            return
        if is_ripe:
            self.ripen(which)
        page, persons = self.pages[which], self.persons(which)

        def job(unit: UnitOfWork) -> int:
            gone = purge_contacts(unit, persons, 0)
            unit.commit()
            return gone

        count = self.laptops[which].store.write(job).result()
        leaving = page.bodies - set(self.laptops[which].facts())
        gone = {self.person[key] for key in leaving}
        assert (count, leaving) == (len(gone), {key for key in page.bodies if self.person[key] in gone})
        erased = self.centre.tombstones()
        assert all(key[0] in erased for key in leaving - (set(self.centre.facts()) & self.backed_up))
        page.gone |= leaving
        self.purged |= leaving

    def ripen(self, which: int) -> None:
        """Let a backup be made, and the laptop hear of it and prove all of it once more."""
        raise NotImplementedError

    def copies_hold_nobody_erased(self, which: int) -> None:
        """I15: once an order is carried out, the copies that a laptop made are new ones."""
        laptop = self.laptops[which]
        for copy in laptop.store.read(known_copies).result():
            # A cloned laptop takes those that it knows of for its own, and may have made them anew elsewhere.
            if Path(copy.folder) == laptop.folder / "copies" and copy.path.exists():
                there = _facts_in(copy.path, laptop.opened.key)
                assert not {self.person[key] for key in there} & self.ordered


def _facts_in(path: Path, key: bytes) -> set[Key]:
    with closing(open_copy(path, key)) as connection:
        rows = connection.execute("SELECT fact_id, content_hash FROM fact").fetchall()
    return {(UUID(bytes=fact_id), content_hash) for fact_id, content_hash in rows}
