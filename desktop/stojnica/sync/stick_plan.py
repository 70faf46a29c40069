"""What goes to a stick: one look at the store, cut into files and batches."""

from array import array
from collections.abc import Sequence
from dataclasses import dataclass, field
from uuid import UUID

from sqlalchemy.engine import Connection

from stojnica.storage.heard_orders import HeardOrder, heard_orders, newest_late
from stojnica.storage.outbox import MAX_BATCH_BYTES, MAX_BATCH_FACTS, contacts_held, unconfirmed
from stojnica.storage.stick_files import (
    MAX_RANGES,
    RawFact,
    SeqRange,
    chosen_facts,
    contacts_among,
    few_facts,
    held_hashes,
    seq_ranges,
    stubs,
)
from stojnica.storage.stick_stubs import stubs_to_tell
from stojnica.storage.stubs import Stub
from stojnica.storage.unit import branch_of
from stojnica.sync.hello import lives
from stojnica.sync.stick_file import pack_batch
from stojnica.sync.stick_manifest import MAX_FILE_FACTS, MAX_LATE, Held, digests_of
from stojnica.sync.transport import LifeHead

MAX_FILE_BYTES = 1024 * 1024 * 1024
MAX_KEPT_BYTES = 8 * 1024 * 1024
MAX_KEPT_FACTS = 50_000
_KEY_BYTES = 48
_ROOM_FOR_FRAMES = 256
_ROOM_FOR_STUB = 192


@dataclass(slots=True)
class Part:
    """Hold what one file is to carry: ids and hashes in a row, sizes of bodies, and where batches begin.

    `packed` has the batches themselves if they are few: to read them again would take as long as to look.
    `erased` are the stubs that this file tells of.
    """

    keys: bytearray = field(default_factory=bytearray)
    sizes: "array[int]" = field(default_factory=lambda: array("q"))
    seqs: "dict[bytes, array[int]]" = field(default_factory=dict)
    size: int = 0
    begins: list[int] = field(default_factory=list)
    packed: list[bytes] = field(default_factory=list)
    erased: tuple[Stub, ...] = ()

    @classmethod
    def of_few(cls, rows: Sequence[RawFact]) -> "Part":
        """Make the only part out of facts that are at hand."""
        part = cls(bytearray(b"".join([row[0] + row[1] for row in rows])))
        part.sizes.extend([len(row[8]) for row in rows])
        for life in {row[4] for row in rows}:
            part.seqs[life] = array("q", [row[5] for row in rows if row[4] == life])
        part.size = sum(part.sizes)
        part.end()
        ends = [*part.begins[1:], part.facts]
        part.packed = [pack_batch(rows[begin:end]) for begin, end in zip(part.begins, ends, strict=True)]
        return part

    @property
    def facts(self) -> int:
        return len(self.sizes)

    def has_room_for(self, size: int) -> bool:
        """Tell whether one more fact fits in."""
        return self.facts < MAX_FILE_FACTS and self.size + size <= MAX_FILE_BYTES

    def add(self, fact_id: bytes, content_hash: bytes, incarnation: bytes, seq: int, size: int) -> None:
        """Put a fact at the end."""
        self.keys += fact_id
        self.keys += content_hash
        if incarnation not in self.seqs:
            self.seqs[incarnation] = array("q")
        self.seqs[incarnation].append(seq)
        self.sizes.append(size)
        self.size += size

    def end(self) -> None:
        """Say that nothing more comes: a batch begins where the last one is full."""
        count = filled = 0
        for place, size in enumerate(self.sizes):
            if not 0 < count < MAX_BATCH_FACTS or filled + size > MAX_BATCH_BYTES:
                self.begins.append(place)
                count = filled = 0
            count += 1
            filled += size

    def hashes(self) -> list[bytes]:
        keys = bytes(self.keys)
        return [keys[at + 16 : at + _KEY_BYTES] for at in range(0, len(keys), _KEY_BYTES)]

    def batch(self, place: int) -> list[tuple[bytes, bytes]]:
        """Give ids and hashes of one batch."""
        first = self.begins[place]
        last = self.begins[place + 1] if place + 1 < len(self.begins) else self.facts
        piece = bytes(self.keys[first * _KEY_BYTES : last * _KEY_BYTES])
        return [(piece[at : at + 16], piece[at + 16 : at + 48]) for at in range(0, len(piece), _KEY_BYTES)]

    def ranges(self) -> tuple[SeqRange, ...]:
        return seq_ranges(self.seqs)


@dataclass(frozen=True, slots=True)
class Plan:
    """Hold one look at the store; contacts are those that the status line counts.

    `gone` counts all facts that left, `untold` those that were erased and of which the office may not know;
    so may it be with `orders` that were carried out here.
    """

    parts: tuple[Part, ...]
    contacts: int
    lives: tuple[LifeHead, ...]
    held: Held
    gone: int
    untold: int = 0
    orders: tuple[HeardOrder, ...] = ()
    late: tuple[UUID, ...] = ()

    @property
    def facts(self) -> int:
        return sum(part.facts for part in self.parts)

    @property
    def size(self) -> int:
        return sum(
            part.size + part.facts * _ROOM_FOR_FRAMES + len(part.erased) * _ROOM_FOR_STUB
            for part in self.parts
        )


def plan_files(connection: Connection, *, is_all: bool) -> Plan:
    branch_id = branch_of(connection)
    all_contacts, hashes = contacts_held(connection, branch_id), held_hashes(connection)
    parts, contacts = _look(connection, branch_id, is_all=is_all)
    if any(len(part.ranges()) > MAX_RANGES for part in parts):
        # So full of holes that naming them would take more than the facts between: these go along.
        parts, _all = _look(connection, branch_id, is_all=True)
    erased, orders = stubs_to_tell(connection, branch_id, is_all=is_all), heard_orders(connection)
    if erased.untold or orders or parts:
        # Files without a body: somebody was erased or asked for and nothing else is new, or more than one
        # file can tell.
        parts += [Part() for _lot in range(max(len(erased.lots), 1) - len(parts))]
        for place, part in enumerate(parts):
            part.erased = erased.lots[min(place, len(erased.lots) - 1)] if erased.lots else ()
    return Plan(
        parts=tuple(parts),
        contacts=all_contacts if is_all else contacts,
        lives=tuple(lives(connection)),
        held=Held(len(hashes), all_contacts, digests_of(hashes)),
        gone=stubs(connection),
        untold=erased.untold,
        orders=orders,
        late=newest_late(connection, MAX_LATE),
    )


def _look(connection: Connection, branch_id: UUID, *, is_all: bool) -> tuple[list[Part], int]:
    """Give the parts, and the contacts in them."""
    most = min(MAX_KEPT_BYTES, MAX_FILE_BYTES)
    few = few_facts(connection, branch_id, is_all=is_all, max_bytes=most, max_facts=MAX_KEPT_FACTS)
    if few is not None:
        contacts = contacts_among(connection, branch_id, {row[2] for row in few})
        return [Part.of_few(few)] if few else [], contacts
    parts: list[Part] = []
    for one in chosen_facts(connection, branch_id, is_all=is_all):
        if not parts or not parts[-1].has_room_for(one[4]):
            parts.append(Part())
        parts[-1].add(*one)
    for part in parts:
        part.end()
    return parts, unconfirmed(connection).contacts
