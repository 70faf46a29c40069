"""A laptop as the centre sees it: a login, and facts to push."""

from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest

from stojnica.central.enrol import make_enrolment
from stojnica.central.enrolment import Enrolment
from stojnica.domain.fact import Fact, content_hash, encode
from stojnica.domain.ids import new_id

Row = tuple[Any, ...]
PUSH = (
    "SELECT * FROM {schema}.push(%b::uuid[], %b::bytea[], %b::bytea[], %b::text[], %b::uuid[],"
    " %b::uuid[], %b::uuid[], %b::bigint[], %b::bigint[])"
)


@dataclass(frozen=True)
class Sent:
    """One fact with what goes beside it."""

    fact: Fact
    body: bytes
    incarnation: UUID
    seq: int
    hash: bytes

    @property
    def columns(self) -> Row:
        fact = self.fact
        return (
            fact.fact_id,
            self.hash,
            self.body,
            fact.kind,
            fact.subject_id,
            fact.event_id,
            self.incarnation,
            self.seq,
            fact.captured_at,
        )


@dataclass
class Laptop:
    """Make facts, and call the centre with the laptop's own login."""

    enrolment: Enrolment
    incarnation: UUID = field(default_factory=uuid4)
    seq: int = 0
    schema: str = "api"

    def fact(self, kind: str = "signed_up", **changes: Any) -> Sent:
        self.seq += 1
        values = {
            "fact_id": new_id(),
            "kind": kind,
            "subject_id": uuid4(),
            "data": {"first_name": "Žana", "email": "zana@example.org"},
            "captured_at": 1_700_000_000_000_000,
            "channel": "kiosk",
        }
        fact = Fact(**(values | changes))
        body = encode(fact)
        return Sent(fact, body, self.incarnation, self.seq, content_hash(body))

    def facts(self, count: int) -> list[Sent]:
        return sorted((self.fact() for _number in range(count)), key=lambda one: (one.fact.fact_id, one.hash))

    def connect(self, **options: Any) -> psycopg.Connection[Row]:
        host = self.enrolment.hosts[0]
        return psycopg.connect(
            host=host.host,
            port=host.port,
            dbname=self.enrolment.database,
            user=self.enrolment.role,
            password=self.enrolment.password,
            autocommit=True,
            prepare_threshold=None,
            **options,
        )


def push(connection: psycopg.Connection[Row], sent: list[Sent], schema: str = "api") -> list[str]:
    """Push, and give the answers in the order of the facts."""
    columns = [list(column) for column in zip(*(one.columns for one in sent), strict=True)] or [[]] * 9
    told = push_columns(connection, columns, schema)
    assert [(one[0], one[1]) for one in told] == [(one.fact.fact_id, one.hash) for one in sent]
    return [one[2] for one in told]


def push_columns(
    connection: psycopg.Connection[Row], columns: list[list[Any]], schema: str = "api"
) -> list[tuple[UUID, bytes, str]]:
    """Push arrays as they are, and give id, hash and answer of each fact."""
    (row,) = connection.execute(PUSH.format(schema=schema), columns, binary=True).fetchall()
    return list(zip(*row, strict=True))


def hello(
    connection: psycopg.Connection[Row], lives: list[tuple[UUID, int, bytes]], facts: int = 0
) -> list[Row]:
    """Greet the centre."""
    return connection.execute(
        "SELECT * FROM api.hello(%s::text, %s::int, %s::uuid[], %s::bigint[], %s::bytea[], %s::bigint)",
        ["stojnica test", 1, *([life[place] for life in lives] for place in range(3)), facts],
        binary=True,
    ).fetchall()


def digests(sent: list[Sent]) -> bytes:
    """Give the 256 digests of a set of facts, joined."""
    buckets: list[list[bytes]] = [[] for _number in range(256)]
    for one in sent:
        buckets[one.hash[0]].append(one.hash)
    return b"".join(sha256(b"".join(sorted(bucket))).digest() for bucket in buckets)


def prove(connection: psycopg.Connection[Row], sent: list[Sent], contacts: int = 0) -> Row:
    """Ask for a proof of everything in `sent`."""
    row = connection.execute(
        "SELECT * FROM api.prove(%s::bytea, %s::bigint, %s::bigint)",
        [digests(sent), len(sent), contacts],
        binary=True,
    ).fetchone()
    assert row is not None
    return row


def prove_bucket(
    connection: psycopg.Connection[Row], bucket: int, sent: list[Sent]
) -> set[tuple[UUID, bytes]]:
    """Name what is in a bucket, and give what the centre misses."""
    mine = [one for one in sent if one.hash[0] == bucket]
    rows = connection.execute(
        "SELECT * FROM api.prove_buckets(%s::int[], %s::uuid[], %s::bytea[])",
        [[bucket], [one.fact.fact_id for one in mine], [one.hash for one in mine]],
        binary=True,
    ).fetchall()
    return {(row[0], row[1]) for row in rows}


@pytest.fixture
def new_laptop(central_url: str, organisation_keys: Path) -> Callable[[str], Laptop]:
    """Enrol laptops by name."""
    return lambda name: Laptop(make_enrolment(central_url, name=name, keys_dir=organisation_keys))


@pytest.fixture
def laptop(new_laptop: Callable[[str], Laptop]) -> Laptop:
    """Enrol one laptop."""
    return new_laptop("Stand 1")


@pytest.fixture
def line(laptop: Laptop) -> Iterator[psycopg.Connection[Row]]:
    """Connect with the laptop's own login."""
    with closing(laptop.connect()) as connection:
        yield connection


@pytest.fixture
def admin(central_url: str) -> Iterator[psycopg.Connection[Row]]:
    """Connect as the database's administrator."""
    with closing(psycopg.connect(central_url, autocommit=True)) as connection:
        yield connection
