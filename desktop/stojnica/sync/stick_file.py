"""The file on a stick: a signed manifest, batches of facts, a signed end; written and read as a stream.

    magic, then frames of one letter, a length (32 bits, big-endian) and content:
    M  manifest, canonical JSON          S  the device's signature of it (Ed25519)
    B  at most 500 facts or 1 MiB, sorted by id, once or more often
    E  SHA-256 of all before this frame, and the device's signature of that

The manifest comes first, so that a file that isn't ours ends after some kilobytes; without its end a file is
incomplete, whatever came before. All of it lies inside an age file: nothing here is in clear on the stick.
"""

import struct
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from uuid import UUID

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from stojnica.storage.outbox import MAX_BATCH_BYTES, MAX_BATCH_FACTS, WaitingFact
from stojnica.storage.stick_files import RawFact

SUFFIX = ".stojnica"
MAGIC = b"stojnica stick 1\n"
MANIFEST, SIGNATURE, BATCH, END = b"M", b"S", b"B", b"E"
MANIFEST_PREFIX = b"stojnica stick manifest\0"
END_PREFIX = b"stojnica stick end\0"
MAX_MANIFEST_BYTES = 2 * 1024 * 1024
MAX_BODY_BYTES = 256 * 1024
MAX_KIND_BYTES = 255
_MAX_FRAME_BYTES = MAX_BATCH_BYTES + MAX_BODY_BYTES + MAX_BATCH_FACTS * 512
_HEAD = struct.Struct(">cI")
# Fact, hash, subject, event, incarnation, seq, instant, is there an event, sizes of kind and body.
_RECORD = struct.Struct(">16s32s16s16s16sqqBBI")
_NO_EVENT = bytes(16)
_SIGNATURE_BYTES = 64


class StickFileError(ValueError):
    """Tell what is wrong with a file, in a constant word."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class CheckedEnd:
    """Hold what a whole file came to: its digest of each batch, to compare with when it is read again."""

    batch_digests: tuple[bytes, ...]


def pack_batch(rows: Sequence[RawFact]) -> bytes:
    """Write facts one after the other."""
    pieces: list[bytes] = []
    pack = _RECORD.pack
    for fact_id, content_hash, subject, event, life, seq, captured_at, kind, body in rows:
        name = kind.encode()
        has_event = event is not None
        pieces.append(
            pack(
                fact_id, content_hash, subject, event or _NO_EVENT, life, seq, captured_at, has_event,
                len(name), len(body),
            )
        )  # fmt: skip
        pieces.append(name)
        pieces.append(body)
    return b"".join(pieces)


def unpack_batch(content: bytes) -> list[WaitingFact]:
    """Read facts back.

    Raises:
        StickFileError: lengths that don't fit, too many facts, or not sorted by id.
    """
    facts: list[WaitingFact] = []
    at, size = 0, 0
    last: tuple[bytes, bytes] | None = None
    while at < len(content):
        if len(facts) == MAX_BATCH_FACTS or at + _RECORD.size > len(content):
            raise StickFileError("batch")
        fact_id, content_hash, subject, event, life, seq, captured_at, has_event, letters, length = (
            _RECORD.unpack_from(content, at)
        )
        at += _RECORD.size
        end = at + letters + length
        if not 1 <= length <= MAX_BODY_BYTES or letters == 0 or has_event > 1 or end > len(content):
            raise StickFileError("batch")
        if last is not None and (fact_id, content_hash) <= last:
            raise StickFileError("batch_order")
        last = (fact_id, content_hash)
        size += length
        facts.append(
            WaitingFact(
                fact_id=UUID(bytes=fact_id),
                content_hash=content_hash,
                body=content[at + letters : end],
                kind=_kind(content[at : at + letters]),
                subject_id=UUID(bytes=subject),
                event_id=UUID(bytes=event) if has_event else None,
                incarnation=UUID(bytes=life),
                seq=seq,
                captured_at=captured_at,
            )
        )
        at = end
    if not facts or (size > MAX_BATCH_BYTES and len(facts) > 1):
        raise StickFileError("batch")
    return facts


def _kind(raw: bytes) -> str:
    try:
        text = raw.decode()
    except UnicodeDecodeError as error:
        raise StickFileError("batch") from error
    if "\0" in text:
        raise StickFileError("batch")
    return text


def frames(manifest: bytes, batches: Iterator[bytes], key: Ed25519PrivateKey) -> Iterator[bytes]:
    """Give the whole content, piece by piece."""
    digest = sha256()

    def told(piece: bytes) -> bytes:
        digest.update(piece)
        return piece

    yield told(MAGIC)
    yield told(_frame(MANIFEST, manifest))
    yield told(_frame(SIGNATURE, key.sign(MANIFEST_PREFIX + manifest)))
    for batch in batches:
        yield told(_HEAD.pack(BATCH, len(batch)))
        yield told(batch)
    whole = digest.digest()
    yield _frame(END, whole + key.sign(END_PREFIX + whole))


def _frame(letter: bytes, content: bytes) -> bytes:
    return _HEAD.pack(letter, len(content)) + content


def is_signed(public_key: bytes, message: bytes, signature: bytes) -> bool:
    """Tell whether a message carries the signature of this key (Ed25519, RFC 8032)."""
    try:
        Ed25519PublicKey.from_public_bytes(public_key).verify(signature, message)
    except (InvalidSignature, ValueError):
        return False
    return True


HearManifest = Callable[[bytes, bytes], bytes]
HearBatch = Callable[[bytes], None]


class FrameReader:
    """Take a file's content as it is decrypted, and pass on what is in it; holds one frame at most.

    `hear_manifest` gets the manifest's bytes and its signature, checks both, and gives the device's public
    key; `hear_batch` gets each batch. Both raise what they object to.
    """

    def __init__(self, hear_manifest: HearManifest, hear_batch: HearBatch) -> None:
        self._hear_manifest = hear_manifest
        self._hear_batch = hear_batch
        self._rest = bytearray()
        self._digest = sha256()
        self._manifest = b""
        self._public_key = b""
        self._wanted = MAGIC[:1]
        self._batch_digests: list[bytes] = []
        self._is_begun = False

    def write(self, data: bytes, /) -> int:
        """Take the next bytes.

        Raises:
            StickFileError: this isn't such a file, or not a sound one.
        """
        self._rest += data
        if not self._is_begun:
            if len(self._rest) < len(MAGIC) and MAGIC.startswith(bytes(self._rest)):
                return len(data)
            if not self._rest.startswith(MAGIC):
                raise StickFileError("magic")
            self._digest.update(MAGIC)
            del self._rest[: len(MAGIC)]
            self._is_begun, self._wanted = True, MANIFEST
        while self._take_frame():
            pass
        return len(data)

    def flush(self) -> None:
        """Do nothing: nothing is kept back but half a frame."""

    def end(self) -> CheckedEnd:
        """Say that nothing more comes.

        Raises:
            StickFileError: the end is missing.
        """
        if self._wanted or self._rest:
            raise StickFileError("incomplete")
        return CheckedEnd(tuple(self._batch_digests))

    def _take_frame(self) -> bool:
        if not self._wanted:
            if self._rest:
                raise StickFileError("after_end")
            return False
        if len(self._rest) < _HEAD.size:
            return False
        letter, length = _HEAD.unpack_from(self._rest)
        self._check_head(letter, length)
        end = _HEAD.size + length
        if len(self._rest) < end:
            return False
        content = bytes(self._rest[_HEAD.size : end])
        if letter != END:
            self._digest.update(self._rest[:end])
        del self._rest[:end]
        self._take(letter, content)
        return True

    def _check_head(self, letter: bytes, length: int) -> None:
        if letter not in self._wanted:
            raise StickFileError("frame")
        most = {
            MANIFEST: MAX_MANIFEST_BYTES,
            SIGNATURE: _SIGNATURE_BYTES,
            BATCH: _MAX_FRAME_BYTES,
            END: 32 + _SIGNATURE_BYTES,
        }[letter]
        if length > most:
            raise StickFileError("frame_bytes")

    def _take(self, letter: bytes, content: bytes) -> None:
        if letter == MANIFEST:
            self._manifest, self._wanted = content, SIGNATURE
        elif letter == SIGNATURE:
            self._public_key = self._hear_manifest(self._manifest, content)
            self._manifest, self._wanted = b"", BATCH + END
        elif letter == BATCH:
            self._batch_digests.append(sha256(content).digest())
            self._hear_batch(content)
        else:
            self._wanted = b""
            whole, signature = content[:32], content[32:]
            if whole != self._digest.digest() or not is_signed(
                self._public_key, END_PREFIX + whole, signature
            ):
                raise StickFileError("end")
