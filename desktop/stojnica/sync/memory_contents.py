"""What lies in a centre in memory, and how one fact is taken in."""

from collections.abc import Collection
from dataclasses import dataclass, field
from hashlib import sha256
from uuid import UUID

from stojnica.domain.fact import MAX_BODY_BYTES
from stojnica.storage.outbox import LATER, WaitingFact
from stojnica.storage.stubs import Stub
from stojnica.sync.digest import DIGEST_BYTES
from stojnica.sync.transport import (
    DAMAGED,
    ERASED,
    FOREIGN,
    PRESENT,
    REVOKED,
    STORED,
    HeldLife,
    LifeHead,
    SignedBriefing,
    SignedOrder,
)

Key = tuple[UUID, bytes]
DAILY_FACTS = 200_000
DAILY_ERASED = 5_000


@dataclass(slots=True)
class Device:
    """Hold what the centre knows of one laptop; deliveries say with which incarnation and seq each came."""

    name: str
    secret: bytes | None
    public_key: bytes | None = None
    is_revoked: bool = False
    room: int = DAILY_FACTS
    may_erase: int = DAILY_ERASED
    deliveries: dict[Key, tuple[UUID, int]] = field(default_factory=dict)
    announced: dict[UUID, int] = field(default_factory=dict)
    announced_hash: dict[UUID, bytes] = field(default_factory=dict)
    bucket_proofs: dict[int, bytes] = field(default_factory=dict)
    codes: list[str] = field(default_factory=list)
    copied: set[UUID] = field(default_factory=set)
    carried_out: dict[UUID, tuple[int, bool]] = field(default_factory=dict)
    heard: dict[tuple[UUID, UUID], int] = field(default_factory=dict)
    old: set[tuple[UUID, UUID]] = field(default_factory=set)
    """By order: the facts that this laptop named as captured before it had heard."""
    stated: dict[UUID, SignedOrder] = field(default_factory=dict)
    late_done: set[UUID] = field(default_factory=set)
    came_before: dict[UUID, set[Key]] = field(default_factory=dict)
    """What had been delivered when an order was said to be carried out: all that is old."""


@dataclass(slots=True)
class Contents:
    """Hold what lies in the database, and so what a backup brings back."""

    server_id: UUID
    facts: dict[Key, WaitingFact] = field(default_factory=dict)
    inbox: list[Key] = field(default_factory=list)
    tombstones: set[UUID] = field(default_factory=set)
    covered: set[Key] = field(default_factory=set)
    devices: dict[UUID, Device] = field(default_factory=dict)
    briefing: SignedBriefing | None = None
    orders: dict[UUID, SignedOrder] = field(default_factory=dict)
    put_down: dict[UUID, str] = field(default_factory=dict)
    """By order: the address that it was for; the real one keeps a mark alone."""
    order_keys: dict[UUID, bytes] = field(default_factory=dict)
    late: dict[UUID, dict[UUID, UUID]] = field(default_factory=dict)
    """By order: the facts that began sign-ups which its marks took away, and the subjects of these."""


def is_kept(contents: Contents, key: Key) -> bool:
    """Tell whether a fact is there, or was erased."""
    return key in contents.facts or key[0] in contents.tombstones


def part_of(digests: bytes, bucket: int) -> bytes:
    """Give one bucket's digest out of all in a row."""
    return digests[bucket * DIGEST_BYTES : (bucket + 1) * DIGEST_BYTES]


def held_life(contents: Contents, device: Device, life: LifeHead) -> HeldLife:
    """Tell what there is of one life of a laptop's file."""
    came = {
        key: seq
        for key, (incarnation, seq) in device.deliveries.items()
        if incarnation == life.incarnation and is_kept(contents, key)
    }
    head = max(came.values(), default=0)
    lower = min(head, life.head)
    hashes = tuple(sorted(key[1] for key, seq in came.items() if seq == lower))
    return HeldLife(life.incarnation, len(came), head, hashes)


def is_behind(contents: Contents, device: Device, life: LifeHead) -> bool:
    """Tell whether this file is behind what came from it, or went another way."""
    held = held_life(contents, device, life)
    if held.head > life.head:
        return True
    return held.head == life.head > 0 and life.head_hash not in held.hashes_at_lower


def take(contents: Contents, device: Device, item: WaitingFact, known: set[Key], has_room: bool) -> str:
    """Store one fact and say what became of it."""
    key = (item.fact_id, item.content_hash)
    if device.is_revoked:
        return REVOKED
    is_sound = (
        0 < len(item.body) <= MAX_BODY_BYTES
        and item.seq > 0
        and 1 <= len(item.kind.encode()) <= 64
        and sha256(item.body).digest() == item.content_hash
    )
    if not is_sound:
        return DAMAGED
    if item.fact_id in contents.tombstones:
        device.deliveries.setdefault(key, (item.incarnation, item.seq))
        return ERASED
    if key not in contents.facts:
        if not has_room:
            return LATER
        contents.facts[key] = item
        contents.inbox.append(key)
        device.room -= 1
    device.deliveries.setdefault(key, (item.incarnation, item.seq))
    return PRESENT if key in known else STORED


def late_of(contents: Contents, device: Device, order_id: UUID, known: Collection[UUID]) -> tuple[UUID, ...]:
    """Name whom the marks of an order took away, of those that this laptop delivered."""
    came = {fact_id for fact_id, _hash in device.deliveries}
    found = contents.late.get(order_id, {})
    return tuple(sorted({one for fact_id, one in found.items() if fact_id in came and one not in known}))


def announce(device: Device, incarnation: UUID, head: int, head_hash: bytes) -> None:
    """Note how far a life is; what was announced once is still owed."""
    if head >= device.announced.setdefault(incarnation, 0):
        device.announced[incarnation], device.announced_hash[incarnation] = head, head_hash


def owed_of(contents: Contents, device: Device) -> int:
    """Count what a laptop announced and nobody delivered: one at least, if the fact at a head is."""
    owed = 0
    for life, head in device.announced.items():
        # Enrolled anew, a laptop is another device with the same lives; so is a copy of it.
        devices = [one for one in contents.devices.values() if life in one.announced]
        came = {
            (seq, key[1])
            for one in devices
            for key, (incarnation, seq) in one.deliveries.items()
            if incarnation == life and seq <= head
        }
        head_hash = device.announced_hash[life]
        is_head_missing = head > 0 and len(head_hash) == DIGEST_BYTES and (head, head_hash) not in came
        owed += max(int(is_head_missing), head - len({seq for seq, _hash in came}))
    return owed


def heard_before(device: Device, order_id: UUID, lives: Collection[UUID]) -> list[tuple[UUID, int]]:
    """Give how far these lives were when the first file with them heard of an order."""
    return [(life, device.heard[order_id, life]) for life in lives if (order_id, life) in device.heard]


def bury(contents: Contents, device: Device, stub: Stub) -> str:
    """Erase one fact of this laptop's and say what became of it; a tombstone is by id, for every body."""
    if device.is_revoked:
        return REVOKED
    bodies = [key for key in contents.facts if key[0] == stub.fact_id]
    if stub.fact_id not in contents.tombstones:
        if any(key not in device.deliveries for key in bodies):
            return FOREIGN
        if not device.may_erase:
            return LATER
        device.may_erase -= 1
        contents.tombstones.add(stub.fact_id)
    for key in bodies:
        del contents.facts[key]
    contents.inbox += bodies
    device.deliveries.setdefault(stub.key, (stub.incarnation, stub.seq))
    return ERASED
