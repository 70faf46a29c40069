"""People at the stand: they agree and withdraw, their slips are scanned, and some want all of it erased."""

import contextlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, cast
from uuid import UUID

import sqlalchemy as sa
from hypothesis import strategies as st
from hypothesis.stateful import invariant, precondition, rule
from tests.sync.laptops import Key
from tests.sync.machine_state import WHICH, MachineState, one_of

from stojnica.domain import kinds
from stojnica.domain.attachment import CHUNK_BYTES, JPEG, SLIP_SCAN
from stojnica.domain.fact import StoredFact
from stojnica.records.facts import FACT
from stojnica.records.typed import CONSENT
from stojnica.services.attachments import attach_file
from stojnica.storage.store import Store
from stojnica.storage.tables import WAITING
from stojnica.storage.unit import UnitOfWork

MOST_FACTS = 12
"""An order over a handful waits for a person's yes: that has a test of its own."""
MOST_ADDRESSED = 8
WHO = st.integers(0, 99)


class KilledError(Exception):
    """End the program in the middle of something, as far as the store is concerned."""


@dataclass
class CutStore:
    """Write so many times, and die."""

    store: Store
    left: int

    def write(self, *arguments: Any) -> Any:
        if not self.left:
            raise KilledError
        self.left -= 1
        return self.store.write(*arguments)


@dataclass(frozen=True)
class Decision:
    """Note a grant or a withdrawal, and what its author had seen."""

    is_grant: bool
    seen: frozenset[Key]


class PeopleRules(MachineState):
    """Let people decide, and be erased here or by the office."""

    def __init__(self) -> None:
        super().__init__()
        self.decisions: dict[Key, Decision] = {}
        self.scans: set[Key] = set()
        self.spoiled: set[Key] = set()
        self.ordered: set[UUID] = set()
        self.addressed: set[UUID] = set()
        self.buried: set[UUID] = set()

    def knows_somebody(self) -> bool:
        return any(page.bodies for page in self.pages)

    def _somebody(self, number: int, who: int) -> tuple[int, UUID] | None:
        which = self.which(number)
        known = [
            one
            for one in self.persons(which)
            if len(self.of_person(which, one)) < MOST_FACTS and one not in self.addressed
        ]
        return (which, one_of(known, who)) if known else None

    @precondition(knows_somebody)
    @rule(number=WHICH, who=WHO)
    def a_record_is_spoiled(self, number: int, who: int) -> None:
        """I6, M33: what waits can't be read any more; it delays no other, and stays."""
        if chosen := self._somebody(number, who):
            which, subject_id = chosen
            waiting = set(self.laptops[which].in_state(WAITING)) & self.of_person(which, subject_id)
            # The sign-up itself stays readable: whoever can't be read can't be looked up to be erased.
            for key in waiting - self.scans - set(self.decisions):
                if key[0] == subject_id:
                    continue
                names = (FACT.c.fact_id == key[0], FACT.c.content_hash == key[1])
                self.laptops[which].execute(sa.update(FACT).where(*names).values(body=b"{}"))
                self.spoiled.add(key)

    @rule(number=WHICH, contacts=st.integers(1, 3))
    def capture(self, number: int, contacts: int) -> None:
        for _contact in range(contacts):
            self.sign_up(self.which(number))

    @precondition(knows_somebody)
    @rule(number=WHICH, who=WHO, is_grant=st.booleans())
    def decide(self, number: int, who: int, is_grant: bool) -> None:
        chosen = self._somebody(number, who)
        if chosen and not self.spoiled & self.of_person(*chosen):
            which, subject_id = chosen
            kind = kinds.CONSENTED if is_grant else kinds.WITHDREW
            data = {"purpose": "newsletter"} | ({"granted": True, "unproven": False} if is_grant else {})

            def job(unit: UnitOfWork) -> StoredFact:
                item = unit.record(kind, subject_id, data)
                unit.commit()
                return item

            seen = frozenset(self.of_person(which, subject_id))
            item = self.laptops[which].store.write(job).result()
            self.note(which, subject_id, item)
            self.decisions[(item.fact.fact_id, item.content_hash)] = Decision(is_grant, seen)

    @precondition(knows_somebody)
    @rule(number=WHICH, who=WHO, chunks=st.integers(1, 3), writes=st.integers(0, 4))
    def scan_a_slip(self, number: int, who: int, chunks: int, writes: int) -> None:
        """Attach a scan, cut short after so many writes; later, or on a copied laptop, it is completed."""
        chosen = self._somebody(number, who)
        if chosen and not self.spoiled & self.of_person(*chosen):
            which, subject_id = chosen
            content = subject_id.bytes * (1 + (chunks - 1) * CHUNK_BYTES // 16)
            store = cast(Store, CutStore(self.laptops[which].store, writes))
            with contextlib.suppress(KilledError):
                attach_file(store, subject_id, content, purpose=SLIP_SCAN, media_type=JPEG)
            new = set(self.laptops[which].facts()) - self.pages[which].held
            assert len(new) <= writes
            self.pages[which].held |= new
            self.person.update(dict.fromkeys(new, subject_id))
            self.scans |= new

    @precondition(knows_somebody)
    @rule(number=WHICH, who=WHO)
    def erase_on_the_spot(self, number: int, who: int) -> None:
        if chosen := self._somebody(number, who):
            self._erase(*chosen)

    def _erase(self, which: int, subject_id: UUID) -> None:
        # An order may have been carried out a moment before.
        going = self.of_person(which, subject_id) & set(self.laptops[which].facts())
        if going:
            assert self.laptops[which].erase(subject_id) == len(going)
            self.pages[which].gone |= going
            self.note_named_pieces(which, subject_id)

    def note_named_pieces(self, which: int, subject_id: UUID) -> None:
        """Note the stubs of pieces of a scan that a copied laptop may have; a body they never had."""
        page = self.pages[which]
        named = set(self.laptops[which].stubs()) - page.held
        assert not named or self.scans
        page.held |= named
        page.gone |= named
        self.person.update(dict.fromkeys(named, subject_id))

    @precondition(knows_somebody)
    @rule(number=WHICH, who=WHO, calls=st.integers(1, 6))
    def erase_while_sending(self, number: int, who: int, calls: int) -> None:
        if chosen := self._somebody(number, who):
            self.meanwhile(chosen[0], calls, lambda: self._erase(*chosen))

    def meanwhile(self, which: int, calls: int, act: Callable[[], None]) -> None:
        """Send, and let something happen at the laptop after so many calls."""
        raise NotImplementedError

    @precondition(lambda self: self.centre.people())
    @rule(who=WHO)
    def the_office_erases(self, who: int) -> None:
        subject_id = one_of(self.centre.people(), who)
        self.centre.order_erasure(subject_id, self.stick.keys)
        self.ordered.add(subject_id)

    @rule(number=WHICH, address=st.integers(0, 1))
    def somebody_signs_up_wherever_they_come(self, number: int, address: int) -> None:
        """The same person under another id: here, there, and after they were erased."""
        # All of them together stay a handful.
        if len(self.addressed) < MOST_ADDRESSED:
            self.addressed.add(self.sign_up(self.which(number), email=f"Ana{address}@example.org"))

    @precondition(lambda self: len(self.ordered) < 20)
    @rule(address=st.integers(0, 1))
    def the_office_erases_by_address(self, address: int) -> None:
        """M35: whether anybody has come yet or not."""
        before = set(self.centre.people())
        self.centre.put_down(f"ana{address}@example.org", self.stick.keys)
        self.ordered |= before - set(self.centre.people()) - self.centre.late()

    def note_what_orders_took(self, which: int) -> None:
        """Find out whom a sync erased: a person goes whole, and nobody else goes.

        The office ordered it, or the centre knew somebody by a mark (who has a tombstone then), or told an
        opened copy who was erased since it was made.
        """
        page = self.pages[which]
        missing = page.bodies - set(self.laptops[which].facts())
        persons = {self.person[key] for key in missing}
        assert persons <= self.ordered | self.centre.tombstones()
        assert missing == {key for key in page.bodies if self.person[key] in persons}
        page.gone |= missing
        if persons:
            self.note_named_pieces(which, min(persons))

    @invariant()
    def what_was_erased_stays_away(self) -> None:
        """I15: whoever brings it, and after whichever backup."""
        now = self.centre.tombstones()
        assert self.buried <= now
        self.buried = now
        assert not {key[0] for key in self.centre.facts()} & now

    def nobody_erased_is_left(self) -> None:
        """I15: at the office nothing of who has a tombstone, nor on any laptop, whoever erased them."""
        shown = self.centre.people()
        assert not set(shown) & self.buried
        assert not {self.person[key] for key in self.centre.facts()} & self.centre.tombstones()
        for page in self.pages:
            assert not {self.person[key] for key in page.bodies} & self.centre.tombstones()

    def everybody_is_shown_once(self) -> None:
        """I3: each sign-up that is there is one row, and nothing else is."""
        there = {self.person[key] for key in self.centre.facts() if key[0] == self.person[key]}
        assert self.centre.people() == sorted(there)

    def withdrawals_win(self) -> None:
        """I16: here and there, a grant counts only if it saw every withdrawal."""
        self._judge(self.centre.agreed(), set(self.centre.facts()))
        query = sa.select(CONSENT.c.subject_id).where(CONSENT.c.is_granted == sa.true())
        for laptop, page in zip(self.laptops, self.pages, strict=True):
            rows = laptop.store.read(lambda connection: set(connection.execute(query).scalars())).result()
            self._judge(rows, page.bodies)

    def _judge(self, agreed: set[UUID], there: set[Key]) -> None:
        for subject_id in {self.person[key] for key in there}:
            mine = {key for key in self.decisions if key in there and self.person[key] == subject_id}
            refusals = {key for key in mine if not self.decisions[key].is_grant}
            grants = mine - refusals
            may = any(refusals <= self.decisions[key].seen for key in grants)
            assert may or subject_id not in agreed
            assert subject_id in agreed or refusals or not grants
