"""Files that belong to a subject: one fact that describes the file, and chunks that are facts of their own.

A chunk is its own subject: it supersedes nothing, is read only when the file is wanted, and arrives in any
order. The describing fact names them all, so that whoever erases the subject finds each of them.
"""

import base64
import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from stojnica.domain.ids import new_id

CHUNK_BYTES = 192 * 1024
"""In base 85 it takes 240 KiB, and fits into a fact of 256 KiB with all that stands beside it."""
MOST_BYTES = 12 * 1024 * 1024
MOST_CHUNKS = MOST_BYTES // CHUNK_BYTES
SLIP_SCAN = "slip_scan"
PURPOSES = (SLIP_SCAN,)
JPEG = "image/jpeg"
MEDIA_TYPES = (JPEG,)
_DIGEST_BYTES = 32


class BadAttachmentError(ValueError):
    """Tell that chunks don't make the file that was described; `reason` is a constant word."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Attachment:
    """Describe a file: SHA-256 of its bytes, how many there are, the subjects of its chunks in order."""

    file_id: UUID
    purpose: str
    media_type: str
    size_bytes: int
    digest: bytes
    chunks: tuple[UUID, ...]

    def data(self) -> dict[str, Any]:
        """Give it as a fact's data."""
        return {
            "file": str(self.file_id),
            "purpose": self.purpose,
            "media_type": self.media_type,
            "bytes": self.size_bytes,
            "sha256": self.digest.hex(),
            "chunks": [str(item) for item in self.chunks],
        }


def describe(content: bytes, purpose: str, media_type: str) -> Attachment:
    """Describe a file, and give its chunks names.

    Raises:
        BadAttachmentError: it is empty, or larger than 12 MiB.
    """
    if not 0 < len(content) <= MOST_BYTES:
        raise BadAttachmentError("size")
    count = -(-len(content) // CHUNK_BYTES)
    digest = hashlib.sha256(content).digest()
    chunks = tuple(new_id() for _place in range(count))
    return Attachment(new_id(), purpose, media_type, len(content), digest, chunks)


def attachment_from(data: Mapping[str, Any]) -> Attachment | None:
    """Read a description back; None when it is none, or promises what can't be."""
    try:
        found = Attachment(
            UUID(data["file"]),
            data["purpose"],
            data["media_type"],
            data["bytes"],
            bytes.fromhex(data["sha256"]),
            tuple(UUID(item) for item in data["chunks"]),
        )
    except (KeyError, TypeError, ValueError, AttributeError):
        return None
    sizes = type(found.size_bytes) is int and 0 < found.size_bytes <= MOST_BYTES
    named = found.purpose in PURPOSES and found.media_type in MEDIA_TYPES
    whole = sizes and len(found.chunks) == -(-found.size_bytes // CHUNK_BYTES)
    apart = len(set(found.chunks)) == len(found.chunks) and len(found.digest) == _DIGEST_BYTES
    return found if named and whole and apart else None


def chunk_facts(attachment: Attachment, content: bytes) -> Iterator[tuple[UUID, dict[str, Any]]]:
    """Give subject and data of each chunk, one after the other."""
    for place, subject_id in enumerate(attachment.chunks):
        piece = content[place * CHUNK_BYTES : (place + 1) * CHUNK_BYTES]
        coded = base64.b85encode(piece).decode("ascii")
        yield subject_id, {"file": str(attachment.file_id), "place": place, "data": coded}


def joined(attachment: Attachment, chunks: Iterable[Mapping[str, Any]]) -> bytes:
    """Put a file together from the data of its chunks, in any order, repeated or not.

    Raises:
        BadAttachmentError: "missing" while some are on their way, else what is wrong with them.
    """
    pieces: dict[int, bytes] = {}
    for data in chunks:
        place, coded = data.get("place"), data.get("data")
        if data.get("file") != str(attachment.file_id) or not isinstance(place, int):
            raise BadAttachmentError("foreign")
        if not isinstance(coded, str) or len(coded) > CHUNK_BYTES * 5 // 4:
            raise BadAttachmentError("chunk")
        try:
            pieces[place] = base64.b85decode(coded)
        except ValueError as error:
            raise BadAttachmentError("chunk") from error
    if set(pieces) != set(range(len(attachment.chunks))):
        raise BadAttachmentError("missing")
    content = b"".join(pieces[place] for place in range(len(attachment.chunks)))
    if len(content) != attachment.size_bytes or hashlib.sha256(content).digest() != attachment.digest:
        raise BadAttachmentError("digest")
    return content
