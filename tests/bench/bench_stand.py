"""The typing page with 50,000 contacts in the store, against the bare driver in a file like it."""

import gc
import secrets
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import Any
from uuid import UUID

import full_store
import sqlalchemy as sa
import sqlcipher3.dbapi2 as driver
from bench_save import quantile, timed
from ratio import Note, Ratio, time_of

from stojnica.domain.clock import SystemClock
from stojnica.domain.ids import new_id
from stojnica.domain.signup import SignUp
from stojnica.services.capture import TYPED, save_signup
from stojnica.services.changes import Changes
from stojnica.services.contact_search import ContactSearchViewModel
from stojnica.services.contact_state import look_at_contacts
from stojnica.services.pin import PinLock
from stojnica.services.stand import StandContext
from stojnica.services.status import look_at_status
from stojnica.services.tasks import ImmediateRunner
from stojnica.storage.engine import READER_CACHE_KIB
from stojnica.storage.marks import names_of_marks
from stojnica.storage.store import Store

SAVES = 1_000
WARM = 100
ROUNDS = 5
AFTER_A_SAVE = 200
TYPED_TEXTS = (
    *("novak", "ana novak", "špela zup", "čeh", "đorđe koš", "zupančič mojca"),
    *("ana.novak13", "eva.kos13@example.org", "040123", "041 555 123"),
)
ROWS = ("fact", "signup", "signup_word", "question", "consent")
Statement = tuple[str, Any]
Rows = dict[str, list[tuple[Any, ...]]]


class BareFile:
    """Do the same with hand-written statements, on two connections with the same pragmas as the store's."""

    def __init__(self, path: Path, key: bytes) -> None:
        self.writer = self._open(
            path, key, "temp_store=MEMORY", "journal_mode=WAL", "synchronous=FULL", "secure_delete=ON"
        )
        self.reader = self._open(
            path, key, "temp_store=MEMORY", "query_only=ON", f"cache_size=-{READER_CACHE_KIB}"
        )
        self.inserts: dict[str, str] = {}

    @staticmethod
    def _open(path: Path, key: bytes, *pragmas: str) -> Any:
        connection = driver.connect(str(path), isolation_level=None)
        for pragma in (f"key = \"x'{key.hex()}'\"", *pragmas):
            connection.execute(f"PRAGMA {pragma}")
        return connection

    def close(self) -> None:
        self.reader.close()
        self.writer.close()

    def ask(self, statements: list[Statement]) -> None:
        """Run statements and take all their rows, as one look at the file."""
        self.reader.execute("BEGIN")
        for text, parameters in statements:
            self.reader.execute(text, parameters).fetchall()
        self.reader.execute("ROLLBACK")

    def save(self, subject: bytes, rows: Rows) -> None:
        """Look whether this contact is new, keep its rows and marks, and move the head of the file's life."""
        run, facts = self.writer.execute, rows["fact"]
        run("BEGIN IMMEDIATE")
        life = run("SELECT incarnation, head FROM life WHERE is_current = 1").fetchone()
        branch = facts[0][0]
        run("SELECT * FROM signup WHERE branch_id = ? AND subject_id = ?", (branch, subject)).fetchall()
        run("SELECT 1 FROM fact WHERE branch_id = ? AND subject_id = ?", (branch, subject)).fetchall()
        for name, _value in rows["setting"]:
            run("SELECT value FROM setting WHERE name = ?", (name,)).fetchall()
        for table, found in rows.items():
            if found:
                self.writer.executemany(self._insert(table, len(found[0])), found)
        run(
            "UPDATE life SET head = ?, head_hash = ? WHERE incarnation = ?",
            (life[1] + len(facts), facts[-1][2], life[0]),
        )
        run("COMMIT")

    def _insert(self, table: str, width: int) -> str:
        if table not in self.inserts:
            places = ", ".join("?" * width)
            self.inserts[table] = f"INSERT OR REPLACE INTO {table} VALUES ({places})"
        return self.inserts[table]


class Stand:
    """Our own store, and what was asked of it."""

    def __init__(self, path: Path, key: bytes, event_id: UUID) -> None:
        self.store = Store(path, key)
        self.store.prepare()
        self.evidence = full_store.evidence_of(self.store)
        self.event_id = event_id
        self.clock = SystemClock()
        context = StandContext(self.store, ImmediateRunner(), self.clock, Changes(), PinLock(self.store))
        self.search = ContactSearchViewModel(context, lambda: False, _raise)

    def close(self) -> None:
        self.store.close()

    def save(self, signup: SignUp, subject_id: UUID) -> None:
        """Save a contact as the page and the kiosk do."""
        save_signup(
            self.store,
            signup,
            subject_id=subject_id,
            event_id=self.event_id,
            channel=TYPED,
            evidence=self.evidence,
            operator="Maja",
        ).result()

    def look_again(self) -> None:
        """Read what the typing page and the status line show after a save."""
        page = partial(look_at_contacts, now_us=self.clock.now_us())
        waiting = [self.store.read(page), self.store.read(look_at_status)]
        for answer in waiting:
            answer.result()

    def asked_by(self, action: Callable[[], object]) -> list[Statement]:
        """Give the statements that an action reads with."""
        asked: list[Statement] = []

        def note(_c: Any, _cursor: Any, text: str, parameters: Any, _context: Any, _many: bool) -> None:
            asked.append((text, parameters))

        def listen(connection: Any) -> None:
            sa.event.listen(connection, "before_cursor_execute", note)

        def leave(connection: Any) -> None:
            sa.event.remove(connection, "before_cursor_execute", note)

        ways = (self.store.read, self.store.look_up)
        for way in ways:
            way(listen).result()
        action()
        for way in ways:
            way(leave).result()
        return asked

    def rows_of(self, signup: SignUp, subject_id: UUID) -> Rows:
        """Give the rows that a contact left; its marks are among the settings."""

        def read(connection: Any) -> Rows:
            query = connection.exec_driver_sql
            own = (subject_id.bytes,)
            rows = {
                name: query(f"SELECT * FROM {name} WHERE branch_id = zeroblob(16) AND subject_id = ?", own)
                for name in ROWS
            }
            rows["delivery"] = query(
                "SELECT delivery.* FROM fact JOIN delivery USING (fact_id, content_hash)"
                " WHERE branch_id = zeroblob(16) AND subject_id = ?",
                own,
            )
            rows["setting"] = [
                row
                for name in names_of_marks(connection, signup.keys).values()
                for row in query("SELECT * FROM setting WHERE name = ?", (name,))
            ]
            return {name: [tuple(row) for row in found] for name, found in rows.items()}

        return self.store.read(read).result()


def _raise(error: Exception) -> None:
    raise error


def keystrokes() -> Iterator[str]:
    """Give what stands in the field after each letter."""
    for text in TYPED_TEXTS:
        yield from (text[:length] for length in range(1, len(text) + 1))


def measure_saving(stand: Stand, bare: BareFile) -> tuple[Ratio, Ratio]:
    """Save contacts in turns, so that a busy moment of the machine meets both."""
    times: list[tuple[float, float]] = []
    for signup in full_store.visitors(SAVES + WARM, seed=full_store.SEED + 1):
        subject_id = new_id()
        ours = timed(partial(stand.save, signup, subject_id))
        rows = stand.rows_of(signup, subject_id)
        times.append((ours, timed(partial(bare.save, subject_id.bytes, rows))))
    return _two("save, 50,000 contacts there", times[WARM:])


def measure_search(stand: Stand, bare: BareFile) -> tuple[Ratio, Ratio]:
    """Type letter after letter; a text that is too short for a search asks nothing of either."""
    times: list[tuple[float, float]] = []
    for text in keystrokes():
        asked = stand.asked_by(partial(stand.search.type, text))
        for _round in range(ROUNDS if asked else 0):
            stand.search.type("")
            times.append((timed(partial(stand.search.type, text)), timed(partial(bare.ask, asked))))
    return _two("search as you type, 50,000 contacts there", times)


def measure_looking(stand: Stand, bare: BareFile) -> list[Ratio | Note]:
    """Read again what changes with a save: the last contacts, the status line.

    Nobody waits for it, and its thread lets all other programs go first: its slowest is told without an aim.
    """
    asked = stand.asked_by(stand.look_again)
    times = [(timed(stand.look_again), timed(partial(bare.ask, asked))) for _turn in range(AFTER_A_SAVE)]
    middle, slowest = _two("what is read again after a save", times)
    text = "of what is read again, one in a hundred takes {ours:.0f} ms, {base:.0f} ms by the bare driver"
    return [middle, Note(text.format(ours=slowest.ours_s * 1000, base=slowest.base_s * 1000))]


def _two(name: str, times: list[tuple[float, float]]) -> tuple[Ratio, Ratio]:
    ours, base = ([pair[side] for pair in times] for side in (0, 1))
    p50, p99 = (
        time_of(f"{name}, {which}", quantile(ours, share), quantile(base, share), 2.0)
        for which, share in (("p50", 0.5), ("p99", 0.99))
    )
    return p50, p99


def run() -> list[Ratio | Note]:
    """Fill a store once, copy its file for the bare driver, and measure; garbage waits, as in the window."""
    key = secrets.token_bytes(32)
    with tempfile.TemporaryDirectory() as folder:
        ours, theirs = Path(folder) / "ours.db", Path(folder) / "bare.db"
        event_id = full_store.make(ours, key)[-1]
        shutil.copy(ours, theirs)
        bare = BareFile(theirs, key)
        gc.disable()
        try:
            with closing(bare), closing(Stand(ours, key, event_id)) as stand:
                return [
                    *measure_search(stand, bare),
                    *measure_looking(stand, bare),
                    *measure_saving(stand, bare),
                ]
        finally:
            gc.enable()
