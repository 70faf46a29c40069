"""What a centre in memory answers about orders to erase, and about what laptops erased themselves."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from typing import TypeVar
from uuid import UUID

from stojnica.sync.faults import bad_content
from stojnica.sync.memory_contents import Contents, Device, heard_before, late_of
from stojnica.sync.transport import MOST_KNOWN, LateErased, SignedOrder

T = TypeVar("T")
MAX_ORDERS = 20
MAX_STATED_BYTES = 16 * 1024 * 1024
MALFORMED = "22023"


def _told(known: Sequence[UUID]) -> frozenset[UUID]:
    if len(known) > MOST_KNOWN:
        raise bad_content(MALFORMED)
    return frozenset(known)


def keep_stated(device: Device, statement: SignedOrder) -> bool:
    """Keep a laptop's own statement, unless it has left so many that there is no room."""
    if sum(len(one.body) for one in device.stated.values()) > MAX_STATED_BYTES:
        return False
    device.stated.setdefault(statement.order_id, statement)
    return True


class ErasingCalls(ABC):
    """Answer these calls of one laptop."""

    @abstractmethod
    def _call(self, answer: Callable[[Contents, Device], T], *, may_be_revoked: bool = False) -> T:
        """Give the answer while nobody else changes anything."""

    def erase_orders(self, known: Sequence[UUID]) -> list[SignedOrder]:
        """Fetch orders to erase that aren't among these, the oldest first, some at once."""

        def answer(contents: Contents, device: Device) -> list[SignedOrder]:
            told = _told(known)
            orders = contents.orders.values()
            fresh = [one for one in orders if one.order_id not in told]
            again = [one for one in orders if late_of(contents, device, one.order_id, told)]
            return [*fresh, *(one for one in again if one not in fresh)][:MAX_ORDERS]

        return self._call(answer)

    def erased(self, order_id: UUID, facts: int, are_copies_new: bool) -> None:
        """Say that an order was carried out here, and whether copies that held the bodies are gone."""

        def answer(contents: Contents, device: Device) -> None:
            if order_id not in contents.orders or facts < 0:
                raise bad_content(MALFORMED)
            device.came_before.setdefault(order_id, set(device.deliveries))
            before = device.carried_out.get(order_id, (0, False))[0]
            device.carried_out[order_id] = (max(before, facts), are_copies_new)

        self._call(answer)

    def erase_heard(self, order_id: UUID, lives: Sequence[tuple[UUID, int]]) -> None:
        """Say how far each life of this file was when the order was carried out: all of that is old."""

        def answer(contents: Contents, device: Device) -> None:
            if order_id not in contents.orders or any(head < 0 for _life, head in lives):
                raise bad_content(MALFORMED)
            for life, head in lives:
                device.heard.setdefault((order_id, life), head)

        self._call(answer)

    def erase_heard_before(self, order_id: UUID, lives: Sequence[UUID]) -> list[tuple[UUID, int]]:
        """Give how far these lives were when the first file with them heard of the order."""
        return self._call(lambda _contents, device: heard_before(device, order_id, lives))

    def erase_old(self, order_id: UUID, facts: Sequence[UUID]) -> None:
        """Name what this file had captured beyond that before it heard of the order: it is old as well."""
        self._call(lambda _contents, device: device.old.update((order_id, one) for one in facts))

    def erased_late(self, order_id: UUID, known: Sequence[UUID]) -> LateErased | None:
        """Ask whom of this laptop's, and not among these, the marks of an order took away."""

        def answer(contents: Contents, device: Device) -> LateErased | None:
            found = late_of(contents, device, order_id, _told(known))
            return LateErased(found, contents.order_keys[order_id]) if found else None

        return self._call(answer)

    def erased_late_done(self, subjects: Sequence[UUID]) -> None:
        """Say that these are gone here."""
        self._call(lambda _contents, device: device.late_done.update(subjects))

    def state_erased(self, statement: SignedOrder) -> None:
        """Leave a statement of what was erased here, signed by this laptop's own key."""

        def answer(_contents: Contents, device: Device) -> None:
            if not keep_stated(device, statement):
                raise bad_content(MALFORMED)

        self._call(answer)

    def stated_erased(self, known: Sequence[UUID]) -> list[SignedOrder]:
        """Fetch statements of this laptop, or of a copy of it, that aren't among these."""

        def answer(_contents: Contents, device: Device) -> list[SignedOrder]:
            return [one for one in device.stated.values() if one.order_id not in known][:MAX_ORDERS]

        return self._call(answer)
