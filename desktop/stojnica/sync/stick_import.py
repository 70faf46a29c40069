"""Take in files that came on sticks, at the office: each one hostile until all of it was checked.

A file is read twice: once to its signed end without a change anywhere, then again to hand each batch over;
a batch that isn't what it was the first time is not taken.
"""

import os
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from hashlib import sha256
from pathlib import Path
from typing import IO, Any
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from stojnica import failpoint
from stojnica.central.backup_file import read_stream
from stojnica.domain.erase_order import MAX_ORDER_BYTES, order_from
from stojnica.domain.errors import UserFacingError
from stojnica.on_disk import open_plain
from stojnica.storage.durable import write_durably
from stojnica.storage.outbox import LATER, MAX_BATCH_FACTS, WaitingFact
from stojnica.sync import stick_faults as faults
from stojnica.sync.digest import BUCKETS, short_code
from stojnica.sync.receipt_file import (
    MAX_MISSING,
    SUFFIX,
    Acknowledged,
    LateOne,
    StickReceipt,
    WholeProof,
    sealed_receipt,
)
from stojnica.sync.statements import statements_signed
from stojnica.sync.stick_desk import Desk
from stojnica.sync.stick_file import (
    MANIFEST_PREFIX,
    CheckedEnd,
    FrameReader,
    StickFileError,
    is_signed,
    unpack_batch,
)
from stojnica.sync.stick_manifest import MAX_LATE, Manifest, digests_of, read_manifest
from stojnica.sync.transport import ARRIVED, ERASED, REVOKED, SignedOrder

MAX_FILE_BYTES = 2 * 1024 * 1024 * 1024
_AGE = b"age-encryption.org/v1"
_MAX_HEAD_BYTES = 64 * 1024
_KEY_BYTES = 48
_ASKED_AT_ONCE = 5_000
# What doesn't fit in a receipt goes along with the next one; the largest order fits in alone.
_ROOM_FOR_ORDERS = MAX_ORDER_BYTES
_EMPTY = sha256(b"").digest()
_GOOD_KEYS = frozenset({"known", "vouched"})


@dataclass(frozen=True, slots=True)
class StickImport:
    """Hold what became of one file; numbers are records, but `contacts`. `receipt` is None if there is none.

    `whole_code` is there when the centre now holds all that the laptop held. `erasures_left` counts what the
    laptop erased beyond what it may in one day.
    """

    name: str
    device_id: UUID
    file_id: UUID
    contacts: int
    facts: int
    stored: int
    present: int
    erased: int
    not_taken: int
    code: str
    whole_code: str
    receipt: StickReceipt | None
    erasures_left: int = 0


@dataclass(slots=True)
class _Checked:
    """Gather what the first reading finds; ids and hashes lie in a row."""

    manifest: Manifest
    keys: bytearray = field(default_factory=bytearray)

    def keys_from(self, first: int, count: int) -> list[tuple[UUID, bytes]]:
        piece = bytes(self.keys[first * _KEY_BYTES : (first + count) * _KEY_BYTES])
        return [
            (UUID(bytes=piece[at : at + 16]), piece[at + 16 : at + _KEY_BYTES])
            for at in range(0, len(piece), _KEY_BYTES)
        ]

    def hashes(self) -> list[bytes]:
        keys = bytes(self.keys)
        return [keys[at + 16 : at + _KEY_BYTES] for at in range(0, len(keys), _KEY_BYTES)]

    @property
    def facts(self) -> int:
        return len(self.keys) // _KEY_BYTES


def import_file(desk: Desk, path: Path, identities: Sequence[Any]) -> StickImport:
    """Check a file from its first byte to its last, then take it in; a second time changes nothing.

    Raises:
        UserFacingError: not ours, damaged, incomplete, forged, or from a laptop that was shut out.
    """
    try:
        with open_plain(path) as file:
            return _Import(desk, file, identities).run()
    except OSError as error:
        raise faults.unreadable(path.name) from error
    except StickFileError as error:
        raise faults.bad_file(error.reason) from error


def with_orders(desk: Desk, receipt: StickReceipt) -> StickReceipt:
    """Add what the laptop has to erase, and may never hear of over a line; after all was added up."""
    orders: list[SignedOrder] = []
    late: list[LateOne] = []
    room = _ROOM_FOR_ORDERS
    for one in desk.orders(receipt.device_id):
        if not one.is_done:
            if len(one.body) > room:
                continue
            room -= len(one.body)
            orders.append(SignedOrder(one.order_id, one.body, one.signature))
        number = order_from(one.body).number
        late += [LateOne(one.order_id, number, subject_id) for subject_id in one.late]
    return replace(receipt, orders=tuple(orders), late=tuple(late[:MAX_LATE]))


def write_receipt(item: StickReceipt, path: Path, key: Ed25519PrivateKey) -> None:
    """Write the receipt of a file.

    Raises:
        UserFacingError: the folder can't be written to.
    """
    try:
        write_durably(path, sealed_receipt(item, key))
    except OSError as error:
        raise faults.no_receipt_written(path) from error


def receipt_path(file: Path, folder: Path | None) -> Path:
    """Give where a file's receipt goes: beside it, or in another folder."""
    return (folder or file.parent) / (file.stem + SUFFIX)


def _statements(manifest: Manifest) -> tuple[SignedOrder, ...]:
    """Give what the laptop states, by its own key, to have erased; a copy of its file can check it."""
    keys = [one.key for one in manifest.erased]
    try:
        return statements_signed(manifest.device_key, manifest.branch_id, keys, manifest.erased_signed)
    except ValueError as error:
        raise StickFileError("statement") from error


class _Import:
    """Take in one file."""

    def __init__(self, desk: Desk, file: IO[bytes], identities: Sequence[Any]) -> None:
        self._desk = desk
        self._file = file
        self._identities = identities
        self._checked: _Checked | None = None
        self._answers: Counter[str] = Counter()
        self._reasons: dict[tuple[UUID, bytes], str] = {}
        self._erased = 0
        self._acknowledged: list[Acknowledged] = []
        self._erasures_left = 0

    def run(self) -> StickImport:
        end = self._check()
        assert self._checked is not None
        manifest = self._checked.manifest
        self._let_in(manifest)
        failpoint.reached("stick.before_import")
        self._desk.announce(
            manifest.device_id, [(life.incarnation, life.head, life.head_hash) for life in manifest.lives]
        )
        self._hear_of_orders(manifest)
        self._erase(manifest)
        self._hand_over(end)
        failpoint.reached("stick.before_proof")
        receipt = self._receipt(self._checked)
        return StickImport(
            name=manifest.name,
            device_id=manifest.device_id,
            file_id=manifest.file_id,
            contacts=manifest.contacts,
            facts=manifest.facts,
            stored=self._answers["stored"],
            present=self._answers["present"],
            erased=self._answers[ERASED],
            not_taken=sum(self._answers.values()) - sum(self._answers[name] for name in (*ARRIVED, ERASED)),
            code=manifest.code,
            whole_code=receipt.whole.code if receipt is not None and receipt.whole is not None else "",
            receipt=receipt,
            erasures_left=self._erasures_left,
        )

    def _check(self) -> CheckedEnd:
        size = os.fstat(self._file.fileno()).st_size
        head = self._file.read(_MAX_HEAD_BYTES)
        # The head of an age file is read as a whole by whoever opens it: a boundless one gets no further.
        if size > MAX_FILE_BYTES or not head.startswith(_AGE) or b"\n--- " not in head:
            raise StickFileError("magic")
        end = self._read(self._hear_manifest, self._hear_batch)
        found = self._checked
        assert found is not None
        manifest = found.manifest
        if (found.facts, len(end.batch_digests)) != (manifest.facts, manifest.batches):
            raise StickFileError("counts")
        if sha256(digests_of(found.hashes())).digest() != manifest.digest:
            raise StickFileError("digest")
        return end

    def _read(
        self, hear_manifest: Callable[[bytes, bytes], bytes], hear_batch: Callable[[bytes], None]
    ) -> CheckedEnd:
        reader = FrameReader(hear_manifest, hear_batch)
        try:
            read_stream(self._file, reader, self._identities)
        except UserFacingError as error:
            if error.code == "identity_missing":
                raise faults.not_for_us() from error
            if error.code == "backup_damaged":
                raise StickFileError("age") from error
            raise
        return reader.end()

    def _hear_manifest(self, content: bytes, signature: bytes) -> bytes:
        manifest = read_manifest(content)
        if manifest.branch_id != self._desk.branch_id:
            raise faults.other_branch()
        if not is_signed(manifest.device_key, MANIFEST_PREFIX + content, signature):
            raise StickFileError("signature")
        _statements(manifest)
        device = self._desk.device(manifest.device_id)
        if device is None:
            raise faults.unknown_laptop(manifest.name)
        if device.public_key and device.public_key != manifest.device_key:
            raise faults.forged(device.name)
        if not device.public_key and not manifest.mac:
            raise faults.nobody_vouches(device.name)
        if device.is_revoked:
            raise faults.revoked(device.name)
        self._checked = _Checked(manifest)
        return manifest.device_key

    def _hear_batch(self, content: bytes) -> None:
        assert self._checked is not None
        keys = self._checked.keys
        last = bytes(keys[-_KEY_BYTES:])
        for item in unpack_batch(content):
            key = item.fact_id.bytes + item.content_hash
            if key <= last:
                raise StickFileError("batch_order")
            keys += key
            last = key
        if self._checked.facts > self._checked.manifest.facts:
            raise StickFileError("counts")

    def _let_in(self, manifest: Manifest) -> None:
        answer = self._desk.vouch(manifest.device_id, manifest.device_key, manifest.mac)
        if answer == "expired":
            raise faults.expired(manifest.name)
        if answer not in _GOOD_KEYS:
            raise faults.forged(manifest.name)

    def _hear_of_orders(self, manifest: Manifest) -> None:
        """Before its facts: what the laptop had captured by then is old, and a mark may take it away.

        What is said of copies holds for whoever went late, too, and so comes after them.
        """
        if manifest.late:
            self._desk.late_done(manifest.device_id, manifest.late)
        for one in manifest.orders:
            told = (one.order_id, one.facts, one.are_copies_new)
            if self._desk.erased(manifest.device_id, *told, one.lives, manifest.late):
                self._acknowledged.append(Acknowledged(*told))

    def _erase(self, manifest: Manifest) -> None:
        """First: of what was erased, no body is let in."""
        for statement in _statements(manifest):
            told = (statement.order_id, statement.body, statement.signature)
            self._desk.state_erased(manifest.device_id, *told)
        for begin in range(0, len(manifest.erased), MAX_BATCH_FACTS):
            piece = manifest.erased[begin : begin + MAX_BATCH_FACTS]
            columns = [(one.fact_id, one.content_hash, one.incarnation, one.seq) for one in piece]
            answers = self._desk.erase(manifest.device_id, columns)
            if REVOKED in answers:
                raise faults.revoked(manifest.name)
            self._erased += answers.count(ERASED)
            self._erasures_left += answers.count(LATER)

    def _hand_over(self, end: CheckedEnd) -> None:
        expected: Iterator[bytes] = iter(end.batch_digests)

        def take(content: bytes) -> None:
            if sha256(content).digest() != next(expected, b""):
                raise StickFileError("changed")
            failpoint.reached("stick.before_batch")
            self._take(unpack_batch(content))

        def hear(content: bytes, signature: bytes) -> bytes:
            assert self._checked is not None
            if read_manifest(content) != self._checked.manifest:
                raise StickFileError("changed")
            return self._checked.manifest.device_key

        self._read(hear, take)

    def _take(self, facts: Sequence[WaitingFact]) -> None:
        assert self._checked is not None
        manifest = self._checked.manifest
        answers = self._desk.take(
            manifest.device_id,
            [
                (
                    item.fact_id,
                    item.content_hash,
                    item.body,
                    item.kind,
                    item.subject_id,
                    item.event_id,
                    item.incarnation,
                    item.seq,
                    item.captured_at,
                )
                for item in facts
            ],
        )
        if len(answers) != len(facts):
            raise StickFileError("answers")
        if REVOKED in answers:
            raise faults.revoked(manifest.name)
        self._answers.update(answers)
        for item, answer in zip(facts, answers, strict=True):
            if answer not in ARRIVED and answer != ERASED and len(self._reasons) <= MAX_MISSING:
                self._reasons[(item.fact_id, item.content_hash)] = answer

    def _receipt(self, checked: _Checked) -> StickReceipt | None:
        """Read everything back, and say what is there; with too much missing there is nothing to say yet."""
        manifest = checked.manifest
        missing: list[tuple[UUID, bytes, str]] = []
        is_covered = True
        for first in range(0, checked.facts, _ASKED_AT_ONCE):
            keys = checked.keys_from(first, _ASKED_AT_ONCE)
            for key, (is_held, is_kept) in zip(keys, self._desk.held(manifest.device_id, keys), strict=True):
                if not is_held:
                    missing.append((*key, self._reasons.get(key, "later")))
                else:
                    is_covered = is_covered and is_kept
            if len(missing) > MAX_MISSING:
                return None
        return StickReceipt(
            file_id=manifest.file_id,
            branch_id=manifest.branch_id,
            device_id=manifest.device_id,
            server_id=self._desk.server_id,
            digest=manifest.digest,
            facts=manifest.facts,
            contacts=manifest.contacts,
            missing=tuple(missing),
            is_covered=is_covered,
            whole=None if missing else self._whole(manifest),
            erased=self._erased,
            acknowledged=tuple(self._acknowledged),
        )

    def _whole(self, manifest: Manifest) -> WholeProof | None:
        held = manifest.held
        ours, total = self._desk.digests(manifest.device_id)
        joined = b"".join(ours.get(bucket, _EMPTY) for bucket in range(BUCKETS))
        if joined != held.digests:
            return None
        code, extra = short_code(joined), total - held.facts
        receipt_id, proven_at, covered = self._desk.keep_receipt(
            manifest.device_id, held.facts, held.contacts, code, extra
        )
        return WholeProof(receipt_id, code, held.facts, held.contacts, extra, covered, proven_at)
