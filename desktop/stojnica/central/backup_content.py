"""What a database of ours holds, in figures that two databases can be compared by."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any
from uuid import UUID

import psycopg
from psycopg import sql

BUCKETS = 256
_EMPTY = sha256(b"").digest()
# From the primary key's index alone; the bodies are read once, by the other question.
_DIGESTS = """
SELECT f.branch_id, get_byte(f.content_hash, 0) AS bucket, count(*),
    sha256(string_agg(uuid_send(f.fact_id) || f.content_hash, ''::bytea ORDER BY f.fact_id, f.content_hash))
FROM hub.fact f GROUP BY 1, 2
"""
_DAMAGED = """
SELECT count(*), sha256(coalesce(string_agg(uuid_send(f.fact_id) || f.content_hash, ''::bytea
    ORDER BY f.branch_id, f.fact_id, f.content_hash), ''::bytea))
FROM hub.fact f WHERE sha256(f.body) <> f.content_hash
"""
_TABLES = (
    "SELECT relname FROM pg_class WHERE relnamespace = 'hub'::regnamespace AND relkind IN ('r', 'p')"
    " ORDER BY relname"
)
_BRIEFINGS = (
    "SELECT sha256(coalesce(string_agg(uuid_send(branch_id) || sha256(body) || sha256(signature), ''::bytea"
    " ORDER BY branch_id, version), ''::bytea)) FROM hub.briefing"
)
_LOGINS = (
    "SELECT sha256(coalesce(string_agg(convert_to(role_name || '/' || kind, 'UTF8') || uuid_send(branch_id)"
    " || uuid_send(device_id), ''::bytea ORDER BY role_name COLLATE \"C\"), ''::bytea)) FROM hub.login"
)


@dataclass(frozen=True, slots=True)
class BranchFacts:
    """Count a branch's facts, and stand for their ids and hashes by 256 digests."""

    count: int
    digest: bytes

    @property
    def code(self) -> str:
        """Give four characters to compare by eye."""
        return code_of(self.digest)


@dataclass(frozen=True, slots=True)
class Content:
    """Stand for all that is in a database; two that are equal hold the same facts and as many rows elsewhere.

    `damaged`: how many bodies don't fit their hash, and which; `rows`: by table; `briefings` and `logins` are
    digests.
    """

    branches: Mapping[UUID, BranchFacts]
    damaged: tuple[int, bytes]
    rows: Mapping[str, int]
    briefings: bytes
    logins: bytes
    facts: int = field(init=False)
    digest: bytes = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "facts", sum(one.count for one in self.branches.values()))
        ordered = [self.branches[branch_id] for branch_id in sorted(self.branches)]
        joined = b"".join(one.digest for one in ordered)
        object.__setattr__(self, "digest", joined if len(ordered) == 1 else sha256(joined).digest())

    @property
    def code(self) -> str:
        """Give four characters to compare by eye."""
        return code_of(self.digest)

    @property
    def laptops(self) -> int:
        """Count the logins; the office has none."""
        return self.rows.get("login", 0)


def code_of(digest: bytes) -> str:
    """Give the short code of a digest."""
    return digest.hex()[:4].upper()


def content_of(connection: psycopg.Connection[Any]) -> Content:
    """Look through a whole database; reads every body once."""
    buckets: dict[UUID, list[bytes]] = {}
    counts: dict[UUID, int] = {}
    for (branch_id,) in connection.execute("SELECT branch_id FROM hub.branch").fetchall():
        buckets[branch_id], counts[branch_id] = [_EMPTY] * BUCKETS, 0
    for branch_id, bucket, count, digest in connection.execute(_DIGESTS.encode()).fetchall():
        buckets.setdefault(branch_id, [_EMPTY] * BUCKETS)[bucket] = bytes(digest)
        counts[branch_id] = counts.get(branch_id, 0) + count
    damaged = connection.execute(_DAMAGED.encode()).fetchone()
    assert damaged is not None
    return Content(
        branches={
            branch_id: BranchFacts(counts[branch_id], sha256(b"".join(parts)).digest())
            for branch_id, parts in buckets.items()
        },
        damaged=(damaged[0], bytes(damaged[1])),
        rows=_rows(connection),
        briefings=_digest(connection, _BRIEFINGS),
        logins=_digest(connection, _LOGINS),
    )


def _rows(connection: psycopg.Connection[Any]) -> dict[str, int]:
    found: dict[str, int] = {}
    for (name,) in connection.execute(_TABLES.encode()).fetchall():
        row = connection.execute(
            sql.SQL("SELECT count(*) FROM hub.{}").format(sql.Identifier(name))
        ).fetchone()
        assert row is not None
        found[name] = row[0]
    return found


def _digest(connection: psycopg.Connection[Any], question: str) -> bytes:
    row = connection.execute(question.encode()).fetchone()
    assert row is not None
    return bytes(row[0])
