"""A centre in memory that answers as the real one does: for tests, and to read the protocol in one file."""

import copy
import hmac
import secrets
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar
from uuid import UUID, uuid4

from stojnica.central.signing import vouch_for_device
from stojnica.domain.fact import content_hash
from stojnica.domain.ids import new_id
from stojnica.storage.outbox import MAX_BATCH_FACTS, WaitingFact
from stojnica.storage.stubs import Stub
from stojnica.sync.credentials import Credentials, Host
from stojnica.sync.digest import BUCKETS, DIGEST_BYTES, HeldDigests, bucket_of, short_code
from stojnica.sync.faults import bad_content, interrupted, refused
from stojnica.sync.memory_contents import (
    Contents,
    Device,
    Key,
    announce,
    bury,
    held_life,
    is_behind,
    is_kept,
    owed_of,
    part_of,
    take,
)
from stojnica.sync.memory_erasing import MALFORMED, ErasingCalls
from stojnica.sync.transport import (
    PROTOCOL,
    Hello,
    LifeHead,
    ProofAnswer,
    PushAnswer,
    SignedBriefing,
    SignedOrder,
)

T = TypeVar("T")
MAX_PUSH_BYTES = 2 * 1024 * 1024
MAX_NAMED = 50_000
_FORBIDDEN = "42501"


@dataclass(slots=True, repr=False)
class _Login:
    device_id: UUID
    password: str
    is_open: bool = True


class MemoryCentre:
    """Be the centre of one branch, for any number of laptops; any thread may call.

    Logins live beside the contents, as roles live beside a database: a restored backup doesn't change them.
    """

    def __init__(self) -> None:
        self.branch_id = new_id()
        self.contents = Contents(server_id=new_id())
        self.lock = threading.RLock()
        self._logins: dict[str, _Login] = {}

    def enrol(self, name: str, *, signing_key: bytes = bytes(32), device_key: bytes = b"") -> Credentials:
        """Make a laptop's login, and give what its enrolment file would carry."""
        device_id, secret = new_id(), secrets.token_bytes(32)
        role, password = f"stojnica_l_{secrets.token_hex(8)}", secrets.token_urlsafe(24)
        with self.lock:
            self.contents.devices[device_id] = Device(name, secret)
            self._logins[role] = _Login(device_id, password)
        return Credentials(
            branch_id=self.branch_id,
            device_id=device_id,
            server_id=self.contents.server_id,
            name=name,
            hosts=(Host("memory", 1),),
            database="memory",
            role=role,
            password=password,
            tls_mode="none",
            ca_pem="",
            signing_key=signing_key,
            recipients=(),
            secret=secret,
            device_key=device_key or secrets.token_bytes(32),
        )

    def connect(self, credentials: Credentials) -> "MemoryTransport":
        """Let a laptop in.

        Raises:
            SyncError: unknown, a wrong password, or revoked.
        """
        with self.lock:
            login = self._logins.get(credentials.role)
            if login is None or not login.is_open or login.password != credentials.password:
                raise refused("login")
            return MemoryTransport(self, login.device_id, credentials.role)

    def set_password(self, role: str, password: str) -> None:
        """Take a laptop's new password."""
        with self.lock:
            self._logins[role].password = password

    def revoke(self, device_id: UUID) -> None:
        """Shut a laptop out; open connections get *revoked* as their answer."""
        with self.lock:
            self.contents.devices[device_id].is_revoked = True
            for login in self._logins.values():
                if login.device_id == device_id:
                    login.is_open = False

    def erase(self, fact_id: UUID) -> None:
        """Erase a fact with all its bodies, and leave a tombstone."""
        with self.lock:
            self.contents.tombstones.add(fact_id)
            for key in [key for key in self.contents.facts if key[0] == fact_id]:
                del self.contents.facts[key]

    def publish(self, version: int, body: bytes, signature: bytes) -> None:
        """Make a briefing the newest."""
        with self.lock:
            self.contents.briefing = SignedBriefing(version, content_hash(body), body, signature)

    def order(self, order: SignedOrder) -> None:
        """Hand an order to erase to all laptops."""
        with self.lock:
            self.contents.orders[order.order_id] = order

    def limit(self, device_id: UUID, facts: int) -> None:
        """Leave a laptop room for so many new facts today."""
        with self.lock:
            self.contents.devices[device_id].room = facts

    def back_up(self) -> Contents:
        """Give a copy of the contents, and remember that it covers all of them."""
        with self.lock:
            backup = copy.deepcopy(self.contents)
            self.cover_all()
            return backup

    def cover_all(self) -> None:
        """Remember that a checked backup holds all that is here."""
        with self.lock:
            self.contents.covered |= set(self.contents.facts)

    def restore(self, backup: Contents) -> None:
        """Go back to a backup."""
        with self.lock:
            self.contents = copy.deepcopy(backup)

    def become_another(self) -> None:
        """Take a new identity, as a database that was set up anew does."""
        with self.lock:
            self.contents.server_id = new_id()

    def facts(self) -> list[Key]:
        """Give id and hash of each fact that is stored, sorted."""
        with self.lock:
            return sorted(self.contents.facts)

    def waiting(self) -> list[Key]:
        """Give what the projector has to take, as often as it is told of it."""
        with self.lock:
            return list(self.contents.inbox)

    def last_code(self, device_id: UUID) -> str:
        """Give the code that the centre shows for a laptop."""
        with self.lock:
            return self.contents.devices[device_id].codes[-1]

    def owed(self, device_id: UUID) -> int:
        """Count the facts that a laptop announced and has not delivered."""
        with self.lock:
            return owed_of(self.contents, self.contents.devices[device_id])


class MemoryTransport(ErasingCalls):
    """Speak with a centre in memory as one laptop."""

    def __init__(self, centre: MemoryCentre, device_id: UUID, role: str) -> None:
        self._centre = centre
        self._device_id = device_id
        self._role = role
        self._is_closed = False

    def hello(self, program: str, lives: Sequence[LifeHead], facts: int) -> Hello:
        """Greet the centre, and learn what it holds of us."""
        if len({life.incarnation for life in lives}) != len(lives) or facts < 0 or len(program) > 100:
            raise bad_content(MALFORMED)

        def answer(contents: Contents, device: Device) -> Hello:
            device.bucket_proofs.clear()
            for life in lives:
                if is_behind(contents, device, life):
                    device.copied.add(life.incarnation)
                announce(device, life.incarnation, life.head, life.head_hash)
            return Hello(
                server_id=contents.server_id,
                server_time=time.time_ns() // 1000,
                protocol=PROTOCOL,
                backoff_s=0,
                branch_id=self._centre.branch_id,
                device_id=self._device_id,
                lives=tuple(held_life(contents, device, life) for life in lives),
            )

        return self._call(answer)

    def push(self, facts: Sequence[WaitingFact]) -> list[PushAnswer]:
        """Hand over facts; stored once, whatever the number of deliveries."""
        if len(facts) > MAX_BATCH_FACTS or sum(len(item.body) for item in facts) > MAX_PUSH_BYTES:
            raise bad_content(MALFORMED)

        def answer(contents: Contents, device: Device) -> list[PushAnswer]:
            has_room = device.room > 0
            known = set(contents.facts)
            return [
                PushAnswer(item.fact_id, item.content_hash, take(contents, device, item, known, has_room))
                for item in facts
            ]

        return self._call(answer, may_be_revoked=True)

    def erase(self, stubs: Sequence[Stub]) -> list[PushAnswer]:
        """Have bodies erased that this laptop delivered, or would have."""
        if len(stubs) > MAX_BATCH_FACTS or any(len(one.content_hash) != DIGEST_BYTES for one in stubs):
            raise bad_content(MALFORMED)

        def answer(contents: Contents, device: Device) -> list[PushAnswer]:
            return [PushAnswer(one.fact_id, one.content_hash, bury(contents, device, one)) for one in stubs]

        return self._call(answer, may_be_revoked=True)

    def prove(self, digests: bytes, facts: int, contacts: int) -> ProofAnswer:
        """Compare 256 digests; an equal set leaves a receipt."""
        if len(digests) != BUCKETS * DIGEST_BYTES or facts < 0 or contacts < 0:
            raise bad_content(MALFORMED)

        def answer(contents: Contents, device: Device) -> ProofAnswer:
            kept = [key for key in device.deliveries if is_kept(contents, key)]
            ours = HeldDigests(kept)
            differing = tuple(
                bucket
                for bucket in range(BUCKETS)
                if part_of(digests, bucket) not in (ours.digest(bucket), device.bucket_proofs.get(bucket))
            )
            if differing:
                return ProofAnswer(differing, None, None, None, 0, 0)
            code = short_code(digests)
            device.codes.append(code)
            covered = sum(1 for key in device.deliveries if key in contents.covered)
            return ProofAnswer((), code, uuid4(), time.time_ns() // 1000, ours.count - facts, covered)

        return self._call(answer)

    def prove_buckets(self, buckets: Sequence[int], facts: Sequence[Key]) -> list[Key]:
        """Name all that is held in these buckets; give what the centre misses."""
        if (
            not buckets
            or len(facts) > MAX_NAMED
            or any(not 0 <= bucket < BUCKETS for bucket in buckets)
            or any(len(hashed) != DIGEST_BYTES or bucket_of(hashed) not in buckets for _id, hashed in facts)
        ):
            raise bad_content(MALFORMED)

        def answer(contents: Contents, device: Device) -> list[Key]:
            missing = [key for key in facts if key not in device.deliveries or not is_kept(contents, key)]
            named = HeldDigests(facts)
            for bucket in set(buckets) - {bucket_of(hashed) for _id, hashed in missing}:
                device.bucket_proofs[bucket] = named.digest(bucket)
            return missing

        return self._call(answer)

    def covered(self, facts: Sequence[Key]) -> list[Key]:
        """Give those of these facts that a checked backup of the centre holds."""
        if len(facts) > MAX_NAMED:
            raise bad_content(MALFORMED)

        def answer(contents: Contents, device: Device) -> list[Key]:
            return [key for key in facts if key in device.deliveries and key in contents.covered]

        return self._call(answer)

    def briefing(self, have: int) -> SignedBriefing | None:
        """Fetch the newest briefing, if it is newer than the one we have."""

        def answer(contents: Contents, _device: Device) -> SignedBriefing | None:
            newest = contents.briefing
            return newest if newest is not None and newest.version > have else None

        return self._call(answer)

    def replace_password(self, password: str) -> None:
        """Take a new password."""
        self._call(lambda _contents, _device: self._centre.set_password(self._role, password))

    def enrolled(self, public_key: bytes, mac: bytes) -> None:
        """Leave this laptop's own public key; the enrolment file is used up."""
        if len(public_key) != 32 or len(mac) != 32:
            raise bad_content(MALFORMED)

        def answer(_contents: Contents, device: Device) -> None:
            if device.public_key == public_key:
                return  # Said before, and the answer was lost on the way.
            if device.public_key is not None or device.secret is None:
                raise refused(_FORBIDDEN)
            if not hmac.compare_digest(vouch_for_device(device.secret, public_key), mac):
                raise refused(_FORBIDDEN)
            device.public_key, device.secret = public_key, None

        self._call(answer)

    def close(self) -> None:
        """Hang up."""
        self._is_closed = True

    def _call(self, answer: Callable[[Contents, Device], T], *, may_be_revoked: bool = False) -> T:
        if self._is_closed:
            raise interrupted("closed")
        with self._centre.lock:
            contents = self._centre.contents
            device = contents.devices.get(self._device_id)
            if device is None or (device.is_revoked and not may_be_revoked):
                raise refused(_FORBIDDEN)
            return answer(contents, device)
