"""An office in a real database, what it has in common with one in memory, and ways there that break."""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Protocol
from uuid import UUID, uuid4

import psycopg
from psycopg import sql

from stojnica.central.branch import server_of
from stojnica.central.enrol import make_enrolment
from stojnica.central.erase import Who, erase
from stojnica.central.projector import project_all
from stojnica.central.revoke import revoke
from stojnica.central.roles import close_copy
from stojnica.central.status import central_status
from stojnica.central.tombstones import apply_lists, read_lists, write_list
from stojnica.domain.fact import content_hash
from stojnica.records.typed import TYPED_TABLES
from stojnica.storage.outbox import WaitingFact
from stojnica.sync.credentials import Credentials, Host, credentials_from
from stojnica.sync.postgres import Deadlines, PostgresTransport, connect_postgres
from stojnica.sync.transport import Transport

Key = tuple[UUID, bytes]
DEVICE_KEY = bytes(range(32))


class Office(Protocol):
    """What a test may do at the centre."""

    branch_id: UUID

    def enrol(self, name: str, *, signing_key: bytes = ..., device_key: bytes = ...) -> Credentials: ...
    def connect(self, credentials: Credentials) -> Transport: ...
    def revoke(self, device_id: UUID) -> None: ...
    def erase(self, fact_id: UUID) -> None: ...
    def publish(self, version: int, body: bytes, signature: bytes) -> None: ...
    def limit(self, device_id: UUID, facts: int) -> None: ...
    def back_up(self) -> Any: ...
    def cover_all(self) -> None: ...
    def restore(self, backup: Any) -> None: ...
    def become_another(self) -> None: ...
    def facts(self) -> list[Key]: ...
    def waiting(self) -> list[Key]: ...
    def last_code(self, device_id: UUID) -> str: ...
    def owed(self, device_id: UUID) -> int: ...


class WholeOffice(Office, Protocol):
    """What the machine does at the centre besides: persons, and their erasure."""

    def project(self) -> None: ...
    def order_erasure(self, subject_id: UUID, keys: Path) -> None: ...
    def put_down(self, email: str, keys: Path) -> None: ...
    def late(self) -> set[UUID]: ...
    def named_old(self) -> set[UUID]: ...
    def tombstones(self) -> set[UUID]: ...
    def people(self) -> list[UUID]: ...
    def agreed(self) -> set[UUID]: ...
    def restore_with_list(self, backup: Any) -> None: ...


class PostgresOffice:
    """Administer a real central database; connections are short, so that it can be copied."""

    def __init__(self, url: str, keys: Path, folder: Path) -> None:
        self.url = url
        self.deadlines = Deadlines()
        self._keys = keys
        self._folder = folder
        self._roles: list[str] = []
        self.branch_id: UUID = self.rows("SELECT branch_id FROM hub.branch")[0][0]

    def rows(self, statement: str, parameters: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        with psycopg.connect(self.url, autocommit=True) as connection:
            cursor = connection.execute(statement.encode(), parameters)
            return cursor.fetchall() if cursor.description else []

    def enrol(
        self, name: str, *, signing_key: bytes = b"", device_key: bytes = DEVICE_KEY, port: int = 0
    ) -> Credentials:
        item = make_enrolment(self.url, name=name, keys_dir=self._keys)
        self._roles.append(item.role)
        credentials = credentials_from(item, device_key)
        return replace(
            credentials,
            hosts=tuple(Host(way.host, port or way.port) for way in credentials.hosts),
            signing_key=signing_key or item.signing_key,
        )

    def connect(self, credentials: Credentials) -> PostgresTransport:
        ca_file = self._folder / "ca.pem"
        return connect_postgres(credentials, ca_file=ca_file, is_practice=True, deadlines=self.deadlines)

    def revoke(self, device_id: UUID) -> None:
        revoke(self.url, device_id)

    def erase(self, fact_id: UUID) -> None:
        self.rows("DELETE FROM hub.fact WHERE fact_id = %s", [fact_id])
        self.rows(
            "INSERT INTO hub.tombstone VALUES (%s, %s, 'asked', 1) ON CONFLICT DO NOTHING",
            [self.branch_id, fact_id],
        )

    def publish(self, version: int, body: bytes, signature: bytes) -> None:
        self.rows(
            "INSERT INTO hub.briefing (branch_id, version, hash, body, signature, published_at)"
            " VALUES (%s, %s, %s, %s, %s, 1)",
            [self.branch_id, version, content_hash(body), body, signature],
        )

    def limit(self, device_id: UUID, facts: int) -> None:
        self.rows("DELETE FROM hub.usage WHERE device_id = %s", [device_id])
        self.rows("UPDATE hub.device SET daily_facts = %s WHERE device_id = %s", [facts, device_id])

    def back_up(self) -> str:
        name = f"backup_{uuid4().hex[:12]}"
        self._as_server("CREATE DATABASE {} TEMPLATE {}", name, self._database)
        self.cover_all()
        return name

    def cover_all(self) -> None:
        self.rows(
            "INSERT INTO hub.covered SELECT branch_id, fact_id, content_hash, %s FROM hub.fact"
            " ON CONFLICT DO NOTHING",
            [uuid4()],
        )
        self.rows(
            "UPDATE hub.device v SET covered_facts = (SELECT count(*) FROM hub.delivery d JOIN hub.covered k"
            " USING (branch_id, fact_id, content_hash) WHERE d.device_id = v.device_id)"
        )

    def restore(self, backup: str) -> None:
        self._as_server("DROP DATABASE {} WITH (FORCE)", self._database)
        self._as_server("CREATE DATABASE {} TEMPLATE {}", self._database, backup)
        with psycopg.connect(self.url) as connection:
            close_copy(connection)
        # Who may connect belongs to the database itself, and no copy of one brings it along.
        for role in self._roles:
            self._as_server("GRANT CONNECT ON DATABASE {} TO {}", self._database, role)

    def become_another(self) -> None:
        self.rows("UPDATE hub.server SET server_id = gen_random_uuid()")

    def facts(self) -> list[Key]:
        return [
            (row[0], bytes(row[1]))
            for row in self.rows("SELECT fact_id, content_hash FROM hub.fact ORDER BY fact_id, content_hash")
        ]

    def waiting(self) -> list[Key]:
        """Give what the projector has to take, as often as it is told of it."""
        rows = self.rows(
            "SELECT u.fact_id, u.hash FROM hub.inbox i,"
            " ROWS FROM (unnest(i.fact_ids), unnest(i.hashes)) AS u(fact_id, hash)"
        )
        return [(row[0], bytes(row[1])) for row in rows]

    def last_code(self, device_id: UUID) -> str:
        query = "SELECT code FROM hub.receipt WHERE device_id = %s ORDER BY at DESC LIMIT 1"
        return str(self.rows(query, [device_id])[0][0])

    def empty(self) -> None:
        """Forget all laptops, facts and backups."""
        typed = "".join(f", hub.{table.name}" for table in TYPED_TABLES)
        self.rows(
            "TRUNCATE hub.fact, hub.delivery, hub.inbox, hub.tombstone, hub.covered, hub.receipt, hub.life,"
            " hub.usage, hub.bucket_proof, hub.enrolment, hub.login, hub.device, hub.quarantine,"
            f" hub.erase_order, hub.erase_done, hub.erase_heard, hub.erase_old, hub.erased_mark,"
            f" hub.stated_erased, hub.erased_late, hub.erased_late_done{typed}"
        )

    def project(self) -> None:
        """Add up what came in."""
        project_all(self.url)

    def order_erasure(self, subject_id: UUID, keys: Path) -> None:
        """Erase a person, and order the laptops to do so."""
        erase(self.url, Who(subject_id), keys_dir=keys)

    def put_down(self, email: str, keys: Path) -> None:
        """Erase by address, also before anybody is here by it."""
        erase(self.url, Who(email=email), keys_dir=keys, may_be_nobody=True)

    def named_old(self) -> set[UUID]:
        """Give what copied laptops named as old: it is looked at once more."""
        return {row[0] for row in self.rows("SELECT fact_id FROM hub.erase_old")}

    def late(self) -> set[UUID]:
        """Give the sign-ups that a mark took away."""
        return {row[0] for row in self.rows("SELECT subject_id FROM hub.erased_late")}

    def tombstones(self) -> set[UUID]:
        return {row[0] for row in self.rows("SELECT fact_id FROM hub.tombstone")}

    def people(self) -> list[UUID]:
        """Give the sign-ups that the office sees."""
        self.project()
        return [row[0] for row in self.rows("SELECT subject_id FROM hub.signup ORDER BY subject_id")]

    def agreed(self) -> set[UUID]:
        """Give the sign-ups that agreed to something."""
        self.project()
        return {row[0] for row in self.rows("SELECT subject_id FROM hub.consent WHERE is_granted")}

    def restore_with_list(self, backup: str) -> None:
        """Go back to a backup, and erase what was erased since, by the list that lies beside it."""
        with psycopg.connect(self.url) as connection:
            path = write_list(connection, self._folder / f"list{uuid4().hex[:8]}")
        self.restore(backup)
        with psycopg.connect(self.url) as connection:
            # The identity may have changed between: the list is of the same organisation all the same.
            document = json.loads(path.read_text()) | {"server_id": str(server_of(connection))}
            path.write_text(json.dumps(document))
            apply_lists(connection, read_lists(connection, [path], may_lack=False))

    def owed(self, device_id: UUID) -> int:
        return next(one.owed for one in central_status(self.url).laptops if one.device_id == device_id)

    @property
    def _database(self) -> str:
        return self.url.rpartition("/")[2]

    def _as_server(self, statement: str, *names: str) -> None:
        with psycopg.connect(f"{self.url.rpartition('/')[0]}/postgres", autocommit=True) as connection:
            connection.execute(sql.SQL(statement).format(*map(sql.Identifier, names)))


@dataclass
class Way:
    """Lead to an office, note what is said, and break or lie as the test wants.

    `before` and `after` get the name of each call and may raise; `alter` gets name and answer.
    """

    office: Office
    before: Callable[[str], None] = lambda _name: None
    after: Callable[[str], None] = lambda _name: None
    alter: Callable[[str, Any], Any] = lambda _name, answer: answer
    calls: list[str] = field(default_factory=list)
    pushed: list[list[Key]] = field(default_factory=list)

    def __call__(self, credentials: Credentials) -> "WatchedTransport":
        self.before("connect")
        self.calls.append("connect")
        return WatchedTransport(self, self.office.connect(credentials))

    def be_sound(self) -> None:
        """Stop breaking and lying."""
        self.before = self.after = lambda _name: None
        self.alter = lambda _name, answer: answer


class WatchedTransport:
    """Pass every call on, by way of the test's wishes."""

    def __init__(self, way: Way, inner: Transport) -> None:
        self._way = way
        self._inner = inner

    def push(self, facts: Sequence[WaitingFact]) -> Any:
        self._way.pushed.append([(item.fact_id, item.content_hash) for item in facts])
        return self._call("push", facts)

    def close(self) -> None:
        self._way.calls.append("close")
        self._inner.close()

    def __getattr__(self, name: str) -> Any:
        return lambda *arguments: self._call(name, *arguments)

    def _call(self, name: str, *arguments: Any) -> Any:
        self._way.before(name)
        self._way.calls.append(name)
        answer = getattr(self._inner, name)(*arguments)
        self._way.after(name)
        return self._way.alter(name, answer)
