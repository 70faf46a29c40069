"""Delivering 10,000 facts, against COPY into a temporary table plus upsert into the same table."""

import secrets
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any
from uuid import uuid4

import psycopg
import sqlalchemy as sa
from bench_save import save_contact
from psycopg import sql
from ratio import Ratio, rate_of

from stojnica.central.embedded import EmbeddedServer
from stojnica.central.enrol import make_enrolment
from stojnica.central.init import init
from stojnica.central.keys import make_keys
from stojnica.central.roles import close_copy
from stojnica.records.facts import FACT
from stojnica.storage.outbox import WaitingFact
from stojnica.storage.store import Store, join_branch
from stojnica.storage.unit import UnitOfWork
from stojnica.sync.credentials import Credentials, credentials_from
from stojnica.sync.postgres import PostgresTransport, connect_postgres
from stojnica.sync.push import push_waiting
from stojnica.sync.session import SyncSession

CONTACTS = 2_000
FACTS = 5 * CONTACTS
ROUNDS = 5
BATCH = 500
COLUMNS = (
    *("branch_id", "fact_id", "content_hash", "kind", "subject_id", "event_id", "incarnation", "seq"),
    *("captured_at", "body"),
)
TYPES = ["uuid", "uuid", "bytea", "text", "uuid", "uuid", "uuid", "int8", "int8", "bytea"]


class Centre:
    """Run a server of its own, and give fresh copies of a central database."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.server = EmbeddedServer(folder / "server", settings={"shared_buffers": "128MB"})
        make_keys(folder / "keys")

    def __enter__(self) -> "Centre":
        self.server.start()
        init(self.server.url, branch_name="Branch")
        return self

    def __exit__(self, *_error: object) -> None:
        self.server.discard()

    @contextmanager
    def database(self) -> Iterator[str]:
        """Give the address of a fresh one."""
        name = f"bench_{uuid4().hex}"
        template = self.server.url.rpartition("/")[2]
        with psycopg.connect(self.server.url_of("postgres"), autocommit=True) as connection:
            connection.execute(
                sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(
                    sql.Identifier(name), sql.Identifier(template)
                )
            )
            url = self.server.url_of(name)
            with psycopg.connect(url) as fresh:
                close_copy(fresh)
            yield url
            connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))

    def credentials(self, url: str) -> Credentials:
        """Enrol a laptop at a database."""
        item = make_enrolment(url, name="Stand 1", keys_dir=self.folder / "keys")
        return credentials_from(item, bytes(32))

    def connect(self, credentials: Credentials) -> PostgresTransport:
        """Open a line."""
        return connect_postgres(credentials, ca_file=self.folder / "ca.pem", is_practice=True)

    @contextmanager
    def laptop_line(self, url: str) -> Iterator[PostgresTransport]:
        """Give a laptop's own line to a database."""
        with closing(self.connect(self.credentials(url))) as line:
            yield line


def branch_of(url: str) -> Any:
    with psycopg.connect(url) as connection:
        row = connection.execute("SELECT branch_id FROM hub.branch").fetchone()
    assert row is not None
    return row[0]


def fill(path: Path, key: bytes, branch_id: Any, contacts: int = CONTACTS) -> list[list[WaitingFact]]:
    """Make a laptop's file with all contacts in it, nothing of which was sent; give what waits."""
    store = Store(path, key)
    store.prepare()
    for _contact in range(contacts):
        store.write(save_contact).result()

    def join(unit: UnitOfWork) -> None:
        join_branch(unit.connection, branch_id)
        unit.connection.commit()

    store.write(join).result()
    batches = batches_of(store)
    store.close()
    return batches


def batches_of(store: Store) -> list[list[WaitingFact]]:
    """Read all facts in batches as they are sent; nothing is marked."""
    columns = [FACT.c[name] for name in WaitingFact.__slots__]
    query = sa.select(*columns).order_by(FACT.c.fact_id, FACT.c.content_hash)
    rows = store.read(lambda connection: connection.execute(query).all()).result()
    facts = [WaitingFact(*row) for row in rows]
    return [facts[start : start + BATCH] for start in range(0, len(facts), BATCH)]


def bare_upsert(url: str, branch_id: Any, batches: list[list[WaitingFact]]) -> float:
    """Copy each batch into a temporary table, insert it from there, commit; give the seconds."""
    names = ", ".join(COLUMNS)
    parts = [[_row(branch_id, item) for item in batch] for batch in batches]
    with psycopg.connect(url) as connection:
        begun = perf_counter()
        for part in parts:
            connection.execute("CREATE TEMPORARY TABLE incoming (LIKE hub.fact) ON COMMIT DROP")
            with connection.cursor().copy(f"COPY incoming ({names}) FROM STDIN (FORMAT BINARY)") as copy:
                copy.set_types(TYPES)
                for row in part:
                    copy.write_row(row)
            connection.execute("INSERT INTO hub.fact SELECT * FROM incoming ON CONFLICT DO NOTHING")
            connection.commit()
        return perf_counter() - begun


def _row(branch_id: Any, item: WaitingFact) -> tuple[Any, ...]:
    return (
        *(branch_id, item.fact_id, item.content_hash, item.kind, item.subject_id, item.event_id),
        *(item.incarnation, item.seq, item.captured_at, item.body),
    )


def through_the_line(line: PostgresTransport, batches: list[list[WaitingFact]]) -> float:
    begun = perf_counter()
    for batch in batches:
        answers = line.push(batch)
        assert {answer.answer for answer in answers} == {"stored"}
    return perf_counter() - begun


def through_the_engine(
    line: PostgresTransport, path: Path, key: bytes, branch_id: Any, facts: int = FACTS
) -> float:
    copy = path.with_name(f"{uuid4().hex}.db")
    shutil.copy(path, copy)
    store = Store(copy, key)
    store.prepare()
    session = SyncSession(store, line, branch_id)
    begun = perf_counter()
    push_waiting(session)
    took = perf_counter() - begun
    assert session.moved.arrived == facts
    store.close()
    return took


def run() -> list[Ratio]:
    """Measure in turns, so that a busy moment meets all; give the medians."""
    ours: list[float] = []
    line_alone: list[float] = []
    at_once: list[float] = []
    by_batch: list[float] = []
    with tempfile.TemporaryDirectory() as name, Centre(Path(name)) as centre:
        branch_id = branch_of(centre.server.url)
        path, key = Path(name) / "filled.db", secrets.token_bytes(32)
        batches = fill(path, key, branch_id)
        for _round in range(ROUNDS):
            with centre.database() as url:
                at_once.append(bare_upsert(url, branch_id, [[item for batch in batches for item in batch]]))
            with centre.database() as url:
                by_batch.append(bare_upsert(url, branch_id, batches))
            with centre.database() as url, centre.laptop_line(url) as line:
                line_alone.append(through_the_line(line, batches))
            with centre.database() as url, centre.laptop_line(url) as line:
                ours.append(through_the_engine(line, path, key, branch_id))
    return [
        rate_of("push 10,000 facts : one COPY, one commit", median(line_alone), median(at_once), 0.5),
        rate_of("push 10,000 facts : COPY and commit each 500", median(line_alone), median(by_batch), 0.5),
        rate_of("the same, read and marked in the store", median(ours), median(by_batch), 0.5),
    ]
