"""Make a store file as the program of an earlier step wrote it, with unsent facts in it.

Run after a new step was added, for the step before it, and commit what it makes:

    python tests/storage/make_fixture.py

Files that are there are never made anew: they are what laptops in the field have.
"""

import shutil
import sys
import tempfile
from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from stojnica.domain.clock import SetClock
from stojnica.domain.fact import StoredFact
from stojnica.domain.organisation import Wording
from stojnica.domain.signup import ConsentEvidence, SignUp
from stojnica.domain.tally import CONVERSATION, REACHED, Press
from stojnica.records.facts import FACT, insert_facts, stored_fact
from stojnica.records.typed import drop_typed_tables
from stojnica.services.capture import count, save_signup, void_signup
from stojnica.storage import schema
from stojnica.storage.memory import remember
from stojnica.storage.slots import Argon2Cost, new_slot_file, save_slots, with_passphrase
from stojnica.storage.store import Store
from stojnica.storage.tables import LIFE
from stojnica.storage.unit import UnitOfWork

FIXTURES = Path(__file__).with_name("fixtures")
PASSPHRASE = "jutro voda hiša most reka"
CHEAP = Argon2Cost(memory_kib=8, iterations=1, lanes=1)
AT_US = 1_726_835_520_000_000
EVENT = UUID(int=77)
KEY = bytes(range(32))
NAMES = ("Ana", "Bor", "Črt")


def make(revision: str, folder: Path) -> Path:
    """Write a file of a step and its key file to a folder."""
    with tempfile.TemporaryDirectory() as place:
        facts = _captured(Path(place) / "now.db")
        old = Path(place) / "stojnica.db"
        _be_older(revision, Path(place))
        store = Store(old, KEY, SetClock(AT_US))
        store.prepare()
        store.write(lambda unit: _fill(unit, facts)).result()
        store.write(_pack).result()
        store.close()
        target = folder / f"store-{revision}.db"
        shutil.copyfile(old, target)
    slots = with_passphrase(new_slot_file(), KEY, PASSPHRASE, label="fixture", cost=CHEAP)
    save_slots(folder / f"store-{revision}.slots.json", slots)
    return target


def _captured(path: Path) -> list[StoredFact]:
    """Capture visitors and presses with the present program, as nobody but it can."""
    store = Store(path, KEY, SetClock(AT_US))
    store.prepare()
    wordings = {
        purpose: Wording(f"w-{purpose}", purpose, 3, "sl", "Naslov", "Besedilo", date(2024, 1, 1))
        for purpose in ("answer", "newsletter")
    }
    evidence = ConsentEvidence("screen", "sl", wordings)
    for number, name in enumerate(NAMES):
        signup = SignUp(
            name, "Kos", email=f"visitor{number}@example.org", question="Kdaj?", purposes=("answer",)
        )
        given = {"subject_id": UUID(int=100 + number), "event_id": EVENT, "channel": "kiosk"}
        save_signup(store, signup, evidence=evidence, operator="Maja", **given).result()  # type: ignore[arg-type]
    void_signup(store, UUID(int=102), "test").result()
    for counter, amount in ((REACHED, 12), (CONVERSATION, 3)):
        press = Press(counter, amount, AT_US, AT_US, "Europe/Ljubljana")
        count(store, press, event_id=EVENT, subject_id=UUID(int=200 + amount)).result()
    query = sa.select(FACT).order_by(FACT.c.seq)
    rows = store.read(lambda connection: connection.execute(query).all()).result()
    store.close()
    return [stored_fact(row) for row in rows]


def _be_older(revision: str, folder: Path) -> None:
    """Know the steps up to one alone."""
    history = Path(shutil.copytree(schema.MIGRATIONS, folder / "migrations"))
    for step in (history / "versions").glob("s*.py"):
        if step.name[:5] > revision:
            step.unlink()
    schema.MIGRATIONS = history
    schema.REVISIONS = tuple(name for name in schema.REVISIONS if name <= revision)
    schema.HEAD = revision


def _fill(unit: UnitOfWork, facts: list[StoredFact]) -> None:
    connection = unit.connection
    insert_facts(connection, facts)
    for item in facts:
        row = {"content_hash": item.content_hash, "fact_id": item.fact.fact_id.bytes}
        _insert(connection, "delivery", row | {"state": "waiting", "failures": 0, "reason": ""})
    last = facts[-1]
    life = {"incarnation": last.incarnation, "head": last.seq, "head_hash": last.content_hash}
    connection.execute(sa.update(LIFE).values(**life))
    # Typed rows looked otherwise then: they are made anew, whatever is in them.
    drop_typed_tables(connection)
    connection.exec_driver_sql("CREATE TABLE signup (subject_id BLOB, word_of_then TEXT)")
    remember(connection, schema.PROJECTION, 1)
    connection.commit()


def _pack(unit: UnitOfWork) -> None:
    driver: Any = unit.connection.connection.driver_connection
    driver.execute("VACUUM")


def _insert(connection: Connection, table: str, row: dict[str, Any]) -> None:
    """Insert a row; columns that this step has besides get 0, if they need something."""
    columns = connection.exec_driver_sql(f"PRAGMA table_info({table})").all()
    row = {column.name: 0 for column in columns if column.notnull} | row
    names = ", ".join(row)
    places = ", ".join("?" for _name in row)
    connection.exec_driver_sql(f"INSERT INTO {table} ({names}) VALUES ({places})", tuple(row.values()))


def main() -> int:
    """Make what is missing."""
    FIXTURES.mkdir(exist_ok=True)
    known, migrations, head = schema.REVISIONS, schema.MIGRATIONS, schema.HEAD
    for revision in known:
        if not (FIXTURES / f"store-{revision}.db").exists():
            make(revision, FIXTURES)
            schema.REVISIONS, schema.MIGRATIONS, schema.HEAD = known, migrations, head
    return 0


if __name__ == "__main__":
    sys.exit(main())
