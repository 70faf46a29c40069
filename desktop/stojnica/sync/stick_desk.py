"""What the office asks of the centre when it takes in a stick; a database, or one in memory."""

from collections.abc import Sequence
from typing import Protocol
from uuid import UUID

from stojnica.central.sticks import FactColumns, Lives, StickDevice, StickOrder, StubColumns


class Desk(Protocol):
    """What the office calls at the centre; a database's, or one in memory."""

    branch_id: UUID
    server_id: UUID

    def device(self, device_id: UUID) -> StickDevice | None:
        """Give a laptop of this branch."""

    def vouch(self, device_id: UUID, public_key: bytes, mac: bytes) -> str:
        """Hold a laptop to its key; answers known, vouched, other, used, expired or forged."""

    def announce(self, device_id: UUID, lives: Sequence[tuple[UUID, int, bytes]]) -> None:
        """Note how much the laptop has to deliver."""

    def take(self, device_id: UUID, facts: Sequence[FactColumns]) -> list[str]:
        """Store a batch as the laptop's."""

    def erase(self, device_id: UUID, stubs: Sequence[StubColumns]) -> list[str]:
        """Have erased what the laptop erased."""

    def state_erased(self, device_id: UUID, statement_id: UUID, body: bytes, signature: bytes) -> None:
        """Keep a laptop's own statement of what it erased, for copies of its file; if there is room."""

    def erased(
        self,
        device_id: UUID,
        order_id: UUID,
        facts: int,
        are_copies_new: bool,
        lives: Lives,
        late: Sequence[UUID],
    ) -> bool:
        """Note that a laptop carried an order out, and how far it was; false when the order isn't known.

        `late` are whom the file knows to have gone late: of their copies one from before says nothing.
        """

    def late_done(self, device_id: UUID, subjects: Sequence[UUID]) -> None:
        """Note that these late sign-ups are gone from a laptop."""

    def orders(self, device_id: UUID) -> list[StickOrder]:
        """Give what a laptop has still to erase."""

    def held(self, device_id: UUID, keys: Sequence[tuple[UUID, bytes]]) -> list[tuple[bool, bool]]:
        """Tell of each fact whether it is there as this laptop's, and whether a backup holds it."""

    def digests(self, device_id: UUID) -> tuple[dict[int, bytes], int]:
        """Give the digest of each bucket that isn't empty, and how many facts there are."""

    def keep_receipt(
        self, device_id: UUID, facts: int, contacts: int, code: str, extra: int
    ) -> tuple[UUID, int, int]:
        """Note a proof of everything; gives its id, the server's time and what a backup covers."""
