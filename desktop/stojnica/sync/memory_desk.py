"""The office's desk for sticks at a centre in memory, for tests; answers as the real one does."""

import hmac
from collections.abc import Sequence
from hashlib import sha256
from uuid import UUID, uuid4

from stojnica.central.signing import vouch_for_device
from stojnica.central.sticks import FactColumns, Lives, StickDevice, StickOrder, StubColumns
from stojnica.storage.outbox import WaitingFact
from stojnica.storage.stubs import Stub
from stojnica.sync.digest import bucket_of
from stojnica.sync.memory import MemoryCentre
from stojnica.sync.memory_contents import Device, announce, bury, is_kept, late_of, take
from stojnica.sync.memory_erasing import keep_stated
from stojnica.sync.transport import SignedOrder


class MemoryDesk:
    """Take in sticks at a centre in memory."""

    def __init__(self, centre: MemoryCentre) -> None:
        self._centre = centre
        self.branch_id = centre.branch_id

    @property
    def server_id(self) -> UUID:
        """Give the id that the centre goes by now."""
        return self._centre.contents.server_id

    @server_id.setter
    def server_id(self, value: UUID) -> None:
        raise AttributeError(value)

    def device(self, device_id: UUID) -> StickDevice | None:
        """Give a laptop of this branch."""
        device = self._centre.contents.devices.get(device_id)
        if device is None:
            return None
        return StickDevice(device.name, device.is_revoked, device.public_key or b"")

    def vouch(self, device_id: UUID, public_key: bytes, mac: bytes) -> str:
        """Hold a laptop to its key, for the first time by the secret of its enrolment file."""
        with self._centre.lock:
            device = self._device(device_id)
            if device.public_key is not None:
                return "known" if device.public_key == public_key else "other"
            if device.secret is None:
                return "used"
            if not hmac.compare_digest(vouch_for_device(device.secret, public_key), mac):
                return "forged"
            device.public_key, device.secret = public_key, None
            return "vouched"

    def announce(self, device_id: UUID, lives: Sequence[tuple[UUID, int, bytes]]) -> None:
        """Note how much the laptop has to deliver."""
        with self._centre.lock:
            for incarnation, head, head_hash in lives:
                announce(self._device(device_id), incarnation, head, head_hash)

    def take(self, device_id: UUID, facts: Sequence[FactColumns]) -> list[str]:
        """Store a batch as the laptop's."""
        with self._centre.lock:
            device, contents = self._device(device_id), self._centre.contents
            items = [
                WaitingFact(
                    fact_id=one[0],
                    content_hash=one[1],
                    body=one[2],
                    kind=one[3],
                    subject_id=one[4],
                    event_id=one[5],
                    incarnation=one[6],
                    seq=one[7],
                    captured_at=one[8],
                )
                for one in facts
            ]
            known, has_room = set(contents.facts), device.room > 0
            return [take(contents, device, item, known, has_room) for item in items]

    def erase(self, device_id: UUID, stubs: Sequence[StubColumns]) -> list[str]:
        """Have erased what the laptop erased."""
        with self._centre.lock:
            device = self._device(device_id)
            return [bury(self._centre.contents, device, Stub(*one)) for one in stubs]

    def state_erased(self, device_id: UUID, statement_id: UUID, body: bytes, signature: bytes) -> None:
        """Keep a laptop's own statement of what it erased, for copies of its file; if there is room."""
        with self._centre.lock:
            keep_stated(self._device(device_id), SignedOrder(statement_id, body, signature))

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
        with self._centre.lock:
            device = self._device(device_id)
            if order_id not in self._centre.contents.orders:
                return False
            device.came_before.setdefault(order_id, set(device.deliveries))
            before = device.carried_out.get(order_id, (0, False))
            gone_late = device.late_done.intersection(late_of(self._centre.contents, device, order_id, ()))
            is_newest = are_copies_new and gone_late <= set(late)
            device.carried_out[order_id] = (max(before[0], facts), before[1] or is_newest)
            for life, head in lives:
                device.heard.setdefault((order_id, life), head)
            return True

    def late_done(self, device_id: UUID, subjects: Sequence[UUID]) -> None:
        """Note that these late sign-ups are gone from a laptop."""
        with self._centre.lock:
            device, contents = self._device(device_id), self._centre.contents
            for order_id, (facts, _are_copies_new) in device.carried_out.items():
                if not set(late_of(contents, device, order_id, device.late_done)).isdisjoint(subjects):
                    device.carried_out[order_id] = (facts, False)
            device.late_done.update(subjects)

    def orders(self, device_id: UUID) -> list[StickOrder]:
        """Give what a laptop has still to erase."""
        with self._centre.lock:
            contents, device = self._centre.contents, self._device(device_id)
            found = [
                StickOrder(
                    *(one.order_id, one.body, one.signature, one.order_id in device.carried_out),
                    late_of(contents, device, one.order_id, device.late_done),
                )
                for one in contents.orders.values()
            ]
            return [one for one in found if not one.is_done or one.late]

    def held(self, device_id: UUID, keys: Sequence[tuple[UUID, bytes]]) -> list[tuple[bool, bool]]:
        """Tell of each fact whether it is there as this laptop's, and whether a backup holds it."""
        with self._centre.lock:
            contents, came = self._centre.contents, self._device(device_id).deliveries
            return [
                (
                    key in came and is_kept(contents, key),
                    key in contents.covered or key not in contents.facts,
                )
                for key in keys
            ]

    def digests(self, device_id: UUID) -> tuple[dict[int, bytes], int]:
        """Give the digest of each bucket that isn't empty, and how many facts there are."""
        with self._centre.lock:
            contents = self._centre.contents
            hashes = sorted(key[1] for key in self._device(device_id).deliveries if is_kept(contents, key))
        buckets: dict[int, list[bytes]] = {}
        for one in hashes:
            buckets.setdefault(bucket_of(one), []).append(one)
        return {place: sha256(b"".join(of)).digest() for place, of in buckets.items()}, len(hashes)

    def keep_receipt(
        self, device_id: UUID, facts: int, contacts: int, code: str, extra: int
    ) -> tuple[UUID, int, int]:
        """Note a proof of everything; gives its id, the time and what a backup covers."""
        with self._centre.lock:
            device = self._device(device_id)
            device.codes.append(code)
            covered = sum(key in self._centre.contents.covered for key in device.deliveries)
        return uuid4(), len(device.codes), covered

    def _device(self, device_id: UUID) -> Device:
        return self._centre.contents.devices[device_id]
