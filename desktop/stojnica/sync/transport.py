"""What the engine asks of the centre, whatever the way there."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol
from uuid import UUID

from stojnica.storage.outbox import LATER, WaitingFact
from stojnica.storage.stubs import Stub

PROTOCOL = 1
MOST_KNOWN = 10_000
"""No centre lets itself be told more orders and subjects that are known."""
STORED, PRESENT, ERASED, DAMAGED, REVOKED = "stored", "present", "erased", "damaged", "revoked"
FOREIGN = "foreign"
"""The answer to an erasure of what another laptop said: it stays."""
ERASE_ANSWERS = frozenset({ERASED, FOREIGN, REVOKED, LATER})
ARRIVED = frozenset({STORED, PRESENT})
ANSWERS = frozenset({STORED, PRESENT, ERASED, DAMAGED, REVOKED, LATER})


@dataclass(frozen=True, slots=True)
class LifeHead:
    """Name an incarnation of this file, its highest seq, and the hash there."""

    incarnation: UUID
    head: int
    head_hash: bytes


@dataclass(frozen=True, slots=True)
class HeldLife:
    """Tell what the centre holds of one incarnation."""

    incarnation: UUID
    held: int
    head: int
    hashes_at_lower: tuple[bytes, ...]


@dataclass(frozen=True, slots=True)
class Hello:
    """Hold the centre's greeting; `server_time` is µs UTC, and only shown."""

    server_id: UUID
    server_time: int
    protocol: int
    backoff_s: int
    branch_id: UUID
    device_id: UUID
    lives: tuple[HeldLife, ...]


@dataclass(frozen=True, slots=True)
class PushAnswer:
    """Hold the answer for one fact: the centre read this id and hash back."""

    fact_id: UUID
    content_hash: bytes
    answer: str


@dataclass(frozen=True, slots=True)
class ProofAnswer:
    """Hold the answer to a proof; `code` is there only when nothing differs."""

    differing: tuple[int, ...]
    code: str | None
    receipt_id: UUID | None
    proven_at: int | None
    extra: int
    covered: int


@dataclass(frozen=True, slots=True)
class SignedBriefing:
    """Hold a briefing as it came, not yet checked."""

    version: int
    content_hash: bytes
    body: bytes
    signature: bytes


@dataclass(frozen=True, slots=True)
class SignedOrder:
    """Hold an order to erase as it came, not yet checked."""

    order_id: UUID
    body: bytes
    signature: bytes


@dataclass(frozen=True, slots=True)
class LateErased:
    """Name sign-ups of this laptop that a mark of an order took away at the centre, and the marks' key."""

    subjects: tuple[UUID, ...]
    key: bytes


class Transport(Protocol):
    """Speak with the centre as one laptop; one caller at a time.

    Every method raises `SyncError`, and nothing else, when it can't be done.
    """

    def hello(self, program: str, lives: Sequence[LifeHead], facts: int) -> Hello:
        """Greet the centre, and learn what it holds of us."""

    def push(self, facts: Sequence[WaitingFact]) -> list[PushAnswer]:
        """Hand over facts, sorted by id; the answers hold for what is committed when this returns."""

    def erase(self, stubs: Sequence[Stub]) -> list[PushAnswer]:
        """Have bodies erased that this laptop delivered, or would have; the centre keeps tombstones."""

    def prove(self, digests: bytes, facts: int, contacts: int) -> ProofAnswer:
        """Compare 256 digests; an equal set leaves a receipt."""

    def prove_buckets(
        self, buckets: Sequence[int], facts: Sequence[tuple[UUID, bytes]]
    ) -> list[tuple[UUID, bytes]]:
        """Name all that is held in these buckets; give what the centre misses."""

    def covered(self, facts: Sequence[tuple[UUID, bytes]]) -> list[tuple[UUID, bytes]]:
        """Give those of these facts that a checked backup of the centre holds."""

    def briefing(self, have: int) -> SignedBriefing | None:
        """Fetch the newest briefing, if it is newer than the one we have."""

    def erase_orders(self, known: Sequence[UUID]) -> list[SignedOrder]:
        """Fetch orders to erase that aren't among these, the oldest first, some at once.

        One of these comes again, behind the others, when its marks took away somebody whom this laptop
        delivered and whose subject isn't among these either.
        """

    def erased(self, order_id: UUID, facts: int, are_copies_new: bool) -> None:
        """Say that an order was carried out here, and whether copies that held the bodies are gone."""

    def erase_heard(self, order_id: UUID, lives: Sequence[tuple[UUID, int]]) -> None:
        """Say how far each life of this file was when the order was carried out: all of that is old."""

    def erase_heard_before(self, order_id: UUID, lives: Sequence[UUID]) -> list[tuple[UUID, int]]:
        """Give how far these lives were when the first file with them heard of the order."""

    def erase_old(self, order_id: UUID, facts: Sequence[UUID]) -> None:
        """Name what this file had captured beyond that before it heard of the order: it is old as well."""

    def erased_late(self, order_id: UUID, known: Sequence[UUID]) -> LateErased | None:
        """Ask whom of this laptop's, and not among these, the marks of an order took away."""

    def erased_late_done(self, subjects: Sequence[UUID]) -> None:
        """Say that these are gone here."""

    def state_erased(self, statement: SignedOrder) -> None:
        """Leave a statement of what was erased here, signed by this laptop's own key."""

    def stated_erased(self, known: Sequence[UUID]) -> list[SignedOrder]:
        """Fetch statements of this laptop, or of a copy of it, that aren't among these; some at once."""

    def replace_password(self, password: str) -> None:
        """Take a new password; the server never sees it in clear."""

    def enrolled(self, public_key: bytes, mac: bytes) -> None:
        """Leave this laptop's own public key; the enrolment file is used up."""

    def close(self) -> None:
        """Hang up; calling it twice does no harm."""
