"""What goes to a stick: one look at the store, cut into files and batches."""

from array import array
from collections.abc import Iterator
from dataclasses import dataclass, field
from uuid import UUID

from sqlalchemy.engine import Connection

from stojnica.storage.outbox import MAX_BATCH_BYTES, MAX_BATCH_FACTS, held, unconfirmed
from stojnica.storage.stick_files import MAX_RANGES, SeqRange, chosen_facts, held_hashes
from stojnica.storage.stick_stubs import stubs_to_tell
from stojnica.storage.stubs import Stub
from stojnica.storage.unit import branch_of
from stojnica.sync.hello import heads
from stojnica.sync.stick_manifest import MAX_FILE_FACTS, Held, digests_of
from stojnica.sync.transport import LifeHead

MAX_FILE_BYTES = 1024 * 1024 * 1024
_KEY_BYTES = 48
_ROOM_FOR_FRAMES = 256


@dataclass(slots=True)
class Part:
    """Hold what one file is to carry: ids and hashes in a row, and where batches begin."""

    keys: bytearray = field(default_factory=bytearray)
    begins: "array[int]" = field(default_factory=lambda: array("q"))
    seqs: "dict[bytes, array[int]]" = field(default_factory=dict)
    facts: int = 0
    size: int = 0
    batch_facts: int = 0
    batch_size: int = 0

    def has_room_for(self, size: int) -> bool:
        """Tell whether one more fact fits in."""
        return self.facts < MAX_FILE_FACTS and self.size + size <= MAX_FILE_BYTES

    def add(self, fact_id: bytes, content_hash: bytes, incarnation: bytes, seq: int, size: int) -> None:
        """Put a fact at the end, and begin a batch where the last one is full."""
        if not 0 < self.batch_facts < MAX_BATCH_FACTS or self.batch_size + size > MAX_BATCH_BYTES:
            self.begins.append(self.facts)
            self.batch_facts = self.batch_size = 0
        self.keys += fact_id
        self.keys += content_hash
        if incarnation not in self.seqs:
            self.seqs[incarnation] = array("q")
        self.seqs[incarnation].append(seq)
        self.facts += 1
        self.batch_facts += 1
        self.batch_size += size
        self.size += size

    def hashes(self) -> list[bytes]:
        keys = bytes(self.keys)
        return [keys[at + 16 : at + _KEY_BYTES] for at in range(0, len(keys), _KEY_BYTES)]

    def batches(self) -> Iterator[list[tuple[bytes, bytes]]]:
        for place, first in enumerate(self.begins):
            last = self.begins[place + 1] if place + 1 < len(self.begins) else self.facts
            piece = bytes(self.keys[first * _KEY_BYTES : last * _KEY_BYTES])
            yield [(piece[at : at + 16], piece[at + 16 : at + 48]) for at in range(0, len(piece), _KEY_BYTES)]

    def ranges(self) -> tuple[SeqRange, ...]:
        found: list[SeqRange] = []
        for incarnation, seqs in sorted(self.seqs.items()):
            life, ordered = UUID(bytes=incarnation), sorted(seqs)
            first = last = ordered[0]
            for seq in ordered[1:]:
                if seq > last + 1:
                    found.append(SeqRange(life, first, last))
                    first = seq
                last = seq
            found.append(SeqRange(life, first, last))
        return tuple(found)


@dataclass(frozen=True, slots=True)
class Plan:
    """Hold one look at the store; contacts are those that the status line counts.

    `erased` are stubs, `untold` says how many of them the office may not know.
    """

    parts: tuple[Part, ...]
    contacts: int
    lives: tuple[LifeHead, ...]
    held: Held
    erased: tuple[Stub, ...] = ()
    untold: int = 0

    @property
    def facts(self) -> int:
        return sum(part.facts for part in self.parts)

    @property
    def size(self) -> int:
        return sum(part.size + part.facts * _ROOM_FOR_FRAMES for part in self.parts)


def plan_files(connection: Connection, *, is_all: bool) -> Plan:
    branch_id = branch_of(connection)
    parts = _parts(connection, branch_id, is_all=is_all)
    if any(len(part.ranges()) > MAX_RANGES for part in parts):
        # So full of holes that naming them would take more than the facts between: these go along.
        parts = _parts(connection, branch_id, is_all=True)
    erased, untold = stubs_to_tell(connection, branch_id)
    if untold and not parts:
        # A file without a body: somebody was erased, and nothing else is new.
        parts = [Part()]
    all_held, hashes = held(connection, branch_id), held_hashes(connection)
    facts = len(hashes)
    contacts = all_held.contacts if is_all else unconfirmed(connection).contacts
    return Plan(
        parts=tuple(parts),
        contacts=contacts,
        lives=tuple(heads(connection)[0]),
        held=Held(facts, all_held.contacts, digests_of(hashes)),
        erased=erased,
        untold=untold,
    )


def _parts(connection: Connection, branch_id: UUID, *, is_all: bool) -> list[Part]:
    parts: list[Part] = []
    for one in chosen_facts(connection, branch_id, is_all=is_all):
        if not parts or not parts[-1].has_room_for(one[4]):
            parts.append(Part())
        parts[-1].add(*one)
    return parts
