"""Saving a contact (five facts) through the store, against the same rows through the bare driver."""

import secrets
import tempfile
from collections.abc import Callable
from pathlib import Path
from time import perf_counter
from typing import Any
from uuid import UUID

import sqlcipher3.dbapi2 as driver
from ratio import Ratio, time_of

from stojnica.domain import kinds
from stojnica.domain.ids import new_id
from stojnica.storage.store import Store
from stojnica.storage.unit import UnitOfWork

CONTACTS = 1_000
WARM = 100
EVENT = new_id()
VISITOR = {
    **{"form": "stand", "form_version": 1, "language": "sl", "first_name": "Ana", "last_name": "Novak"},
    **{"email": "ana.novak@example.org", "phone": "+38640123456", "age_band": "18-30", "country": "SI"},
    **{"town": "Ljubljana", "status": "student", "heard": "friend", "remark": "", "slip_number": ""},
    **{"interests": ["camps", "club"], "themes": ["peace"], "collected_on": "", "guardian": ""},
}
WORDING = {"wording_version": 3, "wording_hash": "ab" * 32, "language": "sl", "evidence": "screen"}
TABLES = ("fact", "delivery", "signup", "signup_word", "question", "consent")
Contact = dict[str, list[tuple[Any, ...]]]


def save_contact(unit: UnitOfWork) -> None:
    """Save one visitor as the kiosk does: sign-up, question, three consents."""
    visitor = new_id()

    def record(kind: str, data: dict[str, Any]) -> None:
        unit.record(kind, visitor, data, event_id=EVENT, channel="kiosk", operator="Maja")

    record(kinds.SIGNED_UP, VISITOR)
    record(kinds.ASKED, {"text": "Kdaj se začne naslednji tabor?"})
    for purpose in ("answer", "newsletter", "contact"):
        record(
            kinds.CONSENTED,
            {
                "purpose": purpose,
                "granted": True,
                "wording_id": purpose,
                "unproven": False,
                "collected_on": "",
            }
            | WORDING,
        )
    unit.commit()


def contacts_of(store: Store) -> tuple[list[str], list[Contact]]:
    """Give the statements that made the tables, and the rows of each contact."""

    def read(connection: Any) -> tuple[list[str], list[Contact]]:
        query = connection.exec_driver_sql
        made = [row[0] for row in query("SELECT sql FROM sqlite_master WHERE sql IS NOT NULL")]
        visitors = [row[0] for row in query("SELECT subject_id FROM signup ORDER BY rowid")]
        own = "SELECT * FROM {} WHERE subject_id = ?"
        owed = "SELECT delivery.* FROM delivery JOIN fact USING (content_hash) WHERE subject_id = ?"
        return made, [
            {
                name: [
                    tuple(row) for row in query(owed if name == "delivery" else own.format(name), (visitor,))
                ]
                for name in TABLES
            }
            for visitor in visitors
        ]

    return store.read(read).result()


class BareFile:
    """Write the same rows with hand-written statements, on a connection with the same pragmas."""

    def __init__(self, path: Path, key: bytes, tables: list[str], example: Contact) -> None:
        self.connection = driver.connect(str(path), isolation_level=None)
        for pragma in (
            *(f"key = \"x'{key.hex()}'\"", "temp_store = MEMORY", "journal_mode = WAL"),
            *("synchronous = FULL", "secure_delete = ON"),
        ):
            self.connection.execute(f"PRAGMA {pragma}")
        for statement in tables:
            self.connection.execute(statement)
        self.life = UUID(int=1).bytes
        self.connection.execute("INSERT INTO life VALUES (?, 0, 0, x'', 1, 0)", (self.life,))
        self.inserts = {
            name: f"INSERT INTO {name} VALUES ({', '.join('?' * len(rows[0]))})"
            for name, rows in example.items()
        }

    def save(self, contact: Contact, head: int) -> None:
        """Save the rows of one contact, and move the head of the file's life."""
        run = self.connection.execute
        run("BEGIN IMMEDIATE")
        for name, rows in contact.items():
            self.connection.executemany(self.inserts[name], rows)
        run(
            "UPDATE life SET head = ?, head_hash = ? WHERE incarnation = ?",
            (head, contact["fact"][-1][2], self.life),
        )
        run("COMMIT")


def a_store(path: Path, key: bytes) -> Store:
    store = Store(path, key)
    store.prepare()
    return store


def timed(action: Callable[[], object]) -> float:
    begun = perf_counter()
    action()
    return perf_counter() - begun


def quantile(times: list[float], share: float) -> float:
    return sorted(times)[int(len(times) * share)]


def run() -> list[Ratio]:
    """Measure in turns of one contact each, so that a busy moment of the machine meets both."""
    key = secrets.token_bytes(32)
    with tempfile.TemporaryDirectory() as folder:
        example = a_store(Path(folder) / "example.db", key)
        for _turn in range(CONTACTS + WARM):
            example.write(save_contact).result()
        tables, contacts = contacts_of(example)
        example.close()
        store = a_store(Path(folder) / "ours.db", key)
        bare = BareFile(Path(folder) / "bare.db", key, tables, contacts[0])
        times = [
            (timed(lambda: store.write(save_contact).result()), timed(lambda: bare.save(contact, number)))  # noqa: B023 - called at once
            for number, contact in enumerate(contacts)
        ][WARM:]
        store.close()
        bare.connection.close()
    ours, base = [pair[0] for pair in times], [pair[1] for pair in times]
    return [
        time_of(f"save a contact, {name}", quantile(ours, share), quantile(base, share), 2.0)
        for name, share in (("p50", 0.5), ("p99", 0.99))
    ]
