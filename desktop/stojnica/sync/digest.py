"""Digests of what is held: equal on both sides only when every record is there."""

import hashlib
from collections.abc import Iterable
from uuid import UUID

BUCKETS = 256
DIGEST_BYTES = 32


def bucket_of(content_hash: bytes) -> int:
    """Give the bucket of a fact: the first byte of its hash, so buckets fill evenly."""
    return content_hash[0]


class HeldDigests:
    """Gather hashes into 256 digests.

    A bucket's digest is SHA-256 over the content hashes of its facts, sorted. The id needs no place in it: it
    stands in the body that the hash is of.
    """

    def __init__(self, facts: Iterable[tuple[UUID, bytes]] = ()) -> None:
        self._members: list[list[tuple[bytes, bytes]]] = [[] for _ in range(BUCKETS)]
        self.count = 0
        for fact_id, content_hash in facts:
            self._members[bucket_of(content_hash)].append((fact_id.bytes, content_hash))
            self.count += 1

    def members(self, bucket: int) -> list[tuple[UUID, bytes]]:
        """Give the facts of one bucket, sorted."""
        return [
            (UUID(bytes=fact_id), content_hash) for fact_id, content_hash in sorted(self._members[bucket])
        ]

    def digest(self, bucket: int) -> bytes:
        """Give one bucket's digest."""
        return hashlib.sha256(b"".join(sorted(item[1] for item in self._members[bucket]))).digest()

    def joined(self) -> bytes:
        """Give all 256 digests in a row, 8,192 bytes."""
        return b"".join(self.digest(bucket) for bucket in range(BUCKETS))


def short_code(digests: bytes) -> str:
    """Give the four characters that both sides show."""
    return hashlib.sha256(digests).hexdigest()[:4].upper()
