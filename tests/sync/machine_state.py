"""What the rules of the machine share: laptops, and a notebook with a page of what each one holds."""

import itertools
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, ClassVar
from uuid import UUID

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize
from tests.sync.laptops import Key, Laptop, new_laptop
from tests.sync.offices import OfficeInMemory, Way, WholeOffice
from tests.sync.sticks import StickOffice

from stojnica.central.keys import load_public_keys, make_keys
from stojnica.domain.errors import UserFacingError
from stojnica.domain.fact import StoredFact
from stojnica.storage.home import StoreHome, unlock_store

PASSPHRASE = "breza čoln ježek mavrica sonce"
MAX_LAPTOPS = 4
WHICH = st.integers(0, 3)


@dataclass
class Page:
    """Note what one laptop holds: all that was ever numbered in its file, and what it kept only stubs of.

    `knows_of` says how many of the centre's setbacks it has found out about: what it calls confirmed may be
    gone again where that are not all.
    """

    held: set[Key] = field(default_factory=set)
    gone: set[Key] = field(default_factory=set)
    knows_of: int = 0

    @property
    def bodies(self) -> set[Key]:
        return self.held - self.gone

    def copy(self) -> "Page":
        return Page(set(self.held), set(self.gone), self.knows_of)


class MachineState(RuleBasedStateMachine):
    """Hold laptops, notebook and office; `person` says of whom each fact speaks."""

    steps: ClassVar[int] = 0
    runs: ClassVar[int] = 0

    def __init__(self) -> None:
        super().__init__()
        type(self).runs += 1
        self.folder = Path(tempfile.mkdtemp())
        self._numbers = itertools.count()
        self.centre = self.make_office()
        self.way = Way(self.centre)
        self.stick = StickOffice(self.centre, self.organisation_keys(), self.folder / "stick")
        self.laptops: list[Laptop] = []
        self.pages: list[Page] = []
        self.dead: list[tuple[Laptop, Page]] = []
        self.person: dict[Key, UUID] = {}
        self.setbacks = 0

    def make_office(self) -> WholeOffice:
        """Give the office; another machine has a real one."""
        return OfficeInMemory()

    def organisation_keys(self) -> Path:
        """Give the keys of the office; a real one has had them before."""
        make_keys(self.folder / "keys")
        return self.folder / "keys"

    @initialize(is_under_way=st.booleans())
    def begin(self, is_under_way: bool) -> None:
        """Enrol two laptops; where the day is under way, both have people, and have sent them once."""
        self.stick.stick.mkdir()
        keys = load_public_keys(self.stick.keys)
        for name in ("Stand 1", "Stand 2"):
            laptop = new_laptop(self.new_folder(), self.way)
            laptop.has_copies = True
            self.laptops.append(laptop)
            self.pages.append(Page())
            credentials = self.centre.enrol(name)
            laptop.enrol(replace(credentials, signing_key=keys.signing_key, recipients=keys.recipients))
            if is_under_way:
                self.sign_up(len(self.laptops) - 1)
                self.sign_up(len(self.laptops) - 1)
                laptop.sync()

    @property
    def ever(self) -> set[Key]:
        return set(self.person)

    def new_folder(self) -> Path:
        return self.folder / str(next(self._numbers))

    def which(self, number: int) -> int:
        return number % len(self.laptops)

    def settled(self) -> bool:
        # A copy from before the password changed is locked out: that has a test of its own.
        return all(laptop.credentials().is_settled for laptop in self.laptops)

    def is_trusted(self, which: int) -> bool:
        return self.pages[which].knows_of == self.setbacks

    def persons(self, which: int) -> list[UUID]:
        """Give whom a laptop knows, oldest first."""
        return sorted({self.person[key] for key in self.pages[which].bodies})

    def of_person(self, which: int, subject_id: UUID) -> set[Key]:
        return {key for key in self.pages[which].held if self.person[key] == subject_id}

    def note(self, which: int, subject_id: UUID, *facts: StoredFact) -> None:
        """Write into the notebook what was recorded about somebody."""
        for item in facts:
            key = (item.fact.fact_id, item.content_hash)
            self.person[key] = subject_id
            self.pages[which].held.add(key)

    def sign_up(self, which: int) -> None:
        """Save a contact, and note it."""
        facts = self.laptops[which].capture_as_the_form_does()
        self.note(which, facts[0].fact.subject_id, *facts)

    def reopen(self, laptop: Laptop) -> Laptop:
        """Start the program again over what lies on disk."""
        return replace(laptop, opened=unlock_store(StoreHome(laptop.folder), PASSPHRASE))

    def teardown(self) -> None:
        try:
            if self.laptops:
                self.all_is_well_in_the_end()
        finally:
            for laptop in self.laptops:
                laptop.close()
            shutil.rmtree(self.folder)

    def all_is_well_in_the_end(self) -> None:
        raise NotImplementedError


@contextmanager
def said(*codes: str) -> Iterator[None]:
    """Let something be refused for one of these reasons, and for no other."""
    try:
        yield
    except UserFacingError as error:
        if error.code not in codes:
            raise


def one_of(things: Any, number: int) -> Any:
    """Choose by a number that shrinks to the first."""
    ordered = list(things)
    return ordered[number % len(ordered)]
