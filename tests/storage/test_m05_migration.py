"""M5: a step of the tables is cut off at each statement, or the file is newer than the program."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine

from stojnica.domain.errors import UserFacingError
from stojnica.storage import schema
from stojnica.storage.home import OpenStore, StoreHome, unlock_store
from stojnica.storage.store import Store
from stojnica.storage.unit import UnitOfWork

PASSPHRASE = "jutro voda hiša most reka"
NAMES = ["visitor-0", "visitor-1", "visitor-2"]
NEXT_STEP = '''
"""Give lives a note, and lamps a place."""

from alembic import op

revision = "s9998"
down_revision = "{head}"


def upgrade() -> None:
    op.execute("ALTER TABLE life ADD COLUMN note TEXT NOT NULL DEFAULT ''")
    op.execute("CREATE TABLE lamp (life BLOB NOT NULL, head INTEGER NOT NULL) STRICT")
    op.execute("INSERT INTO lamp SELECT incarnation, head FROM life")
    op.execute("UPDATE life SET note = 'lit'")
    op.execute("CREATE INDEX ix_lamp_head ON lamp (head)")
'''


@pytest.fixture
def old_home(
    home: StoreHome, unlock: Callable[[StoreHome], OpenStore], save_contact: Callable[..., object]
) -> StoreHome:
    """Give a store that the present program wrote, with unsent contacts in it."""
    opened = unlock(home)
    for name in NAMES:
        save_contact(opened, name)
    opened.close()
    return home


@pytest.fixture
def _next_program(old_home: StoreHome, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Be a program that knows one more step than the one that wrote the store."""
    history = Path(shutil.copytree(schema.MIGRATIONS, tmp_path / "migrations"))
    step = NEXT_STEP.format(head=schema.HEAD)
    (history / "versions" / "s9998_lamps.py").write_text(step, encoding="utf-8")
    monkeypatch.setattr(schema, "MIGRATIONS", history)
    monkeypatch.setattr(schema, "REVISIONS", (*schema.REVISIONS, "s9998"))
    monkeypatch.setattr(schema, "HEAD", "s9998")


class AtEachStatement:
    """Do something before each statement that any connection is about to run."""

    def __init__(self, action: Callable[[int, str], None]) -> None:
        self.action = action
        self.number = 0

    def __call__(self, _connection: Connection, _cursor: object, statement: str, *_rest: object) -> None:
        self.number += 1
        self.action(self.number, statement)

    def __enter__(self) -> "AtEachStatement":
        sa.event.listen(Engine, "before_cursor_execute", self)
        return self

    def __exit__(self, *_error: object) -> None:
        sa.event.remove(Engine, "before_cursor_execute", self)


def revision_of(opened: OpenStore) -> str | None:
    return opened.store.read(schema.current_revision).result(timeout=20)


@pytest.mark.usefixtures("_next_program")
def test_m05_a_step_keeps_every_contact_and_a_copy_of_the_file_before_it(
    old_home: StoreHome,
    unlock: Callable[[StoreHome], OpenStore],
    first_names: Callable[[OpenStore], list[str]],
    everything_adds_up: Callable[[OpenStore], None],
) -> None:
    opened = unlock(old_home)

    assert revision_of(opened) == "s9998"
    assert first_names(opened) == NAMES
    everything_adds_up(opened)
    (copy,) = old_home.folder.glob("*.before-*")
    before = Store(copy, opened.key)
    count = before.read(lambda connection: connection.exec_driver_sql("SELECT count(*) FROM signup").scalar())
    revision = before.read(schema.current_revision)
    assert (count.result(timeout=20), revision.result(timeout=20)) == (len(NAMES), schema.REVISIONS[-2])
    before.close()


@pytest.fixture
def snapshots(old_home: StoreHome, _next_program: None, tmp_path: Path) -> list[StoreHome]:
    """Give the files as they lie on disk before each statement of the step.

    This is what kill -9 leaves behind: SQLite keeps nothing back in the process that it called written.
    """
    taken: list[StoreHome] = []

    def copy(number: int, _statement: str) -> None:
        target = StoreHome(tmp_path / f"killed-{number}")
        target.folder.mkdir()
        for path in old_home.folder.iterdir():
            if path.suffix != ".lock":
                shutil.copyfile(path, target.folder / path.name)
        taken.append(target)

    with AtEachStatement(copy):
        unlock_store(old_home, PASSPHRASE).close()
    return taken


def test_m05_killed_at_each_statement_the_next_start_brings_the_file_on(
    snapshots: list[StoreHome],
    unlock: Callable[[StoreHome], OpenStore],
    first_names: Callable[[OpenStore], list[str]],
    everything_adds_up: Callable[[OpenStore], None],
) -> None:
    assert len(snapshots) > 10

    for home in snapshots:
        opened = unlock(home)
        assert revision_of(opened) == "s9998"
        lamps = opened.store.read(
            lambda connection: connection.exec_driver_sql("SELECT head FROM lamp").all()
        )
        assert lamps.result(timeout=20) == [(len(NAMES) * 4,)]
        assert first_names(opened) == NAMES
        everything_adds_up(opened)
        opened.close()


def test_m05_killed_at_each_statement_the_old_program_opens_what_is_not_through_yet(
    snapshots: list[StoreHome],
    unlock: Callable[[StoreHome], OpenStore],
    first_names: Callable[[OpenStore], list[str]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.undo()
    refused = []

    for home in snapshots:
        try:
            opened = unlock(home)
        except UserFacingError as error:
            refused.append(error.code)
            continue
        assert not refused
        assert first_names(opened) == NAMES
        opened.close()

    assert set(refused) == {"newer_store"}


@pytest.mark.usefixtures("_next_program")
def test_m05_a_step_that_fails_at_any_statement_leaves_the_file_as_it_was(
    old_home: StoreHome,
    unlock: Callable[[StoreHome], OpenStore],
    first_names: Callable[[OpenStore], list[str]],
) -> None:
    class PowerCutError(Exception):
        pass

    def fail_at(which: str) -> Callable[[int, str], None]:
        def fail(_number: int, statement: str) -> None:
            if which in statement:
                raise PowerCutError

        return fail

    for which in (
        "ALTER TABLE life",
        "CREATE TABLE lamp",
        "INSERT INTO lamp",
        "ix_lamp_head",
        "UPDATE alembic",
    ):
        with AtEachStatement(fail_at(which)), pytest.raises(PowerCutError):
            unlock_store(old_home, PASSPHRASE)

    opened = unlock(old_home)
    assert revision_of(opened) == "s9998"
    assert first_names(opened) == NAMES


def test_m05_the_first_step_killed_at_each_statement_leaves_a_file_that_opens(tmp_path: Path) -> None:
    key = bytes(range(32))
    taken: list[Path] = []

    def copy(number: int, _statement: str) -> None:
        folder = tmp_path / f"killed-{number}"
        folder.mkdir()
        for path in tmp_path.glob("new.db*"):
            shutil.copyfile(path, folder / path.name)
        taken.append(folder / "new.db")

    store = Store(tmp_path / "new.db", key)
    with AtEachStatement(copy):
        store.prepare()
    store.close()

    assert len(taken) > 30
    for path in taken[::4]:
        again = Store(path, key)
        again.prepare()
        assert again.read(schema.current_revision).result(timeout=20) == schema.HEAD
        again.close()


def test_m05_a_newer_file_is_refused_in_plain_words_and_not_changed(
    old_home: StoreHome, unlock: Callable[[StoreHome], OpenStore]
) -> None:
    def become_newer(unit: object) -> None:
        unit.connection.exec_driver_sql("UPDATE alembic_version SET version_num = 's9999'")  # type: ignore[attr-defined]
        unit.commit()  # type: ignore[attr-defined]

    opened = unlock(old_home)
    opened.store.write(become_newer).result(timeout=20)
    opened.close()
    before = old_home.database.read_bytes()

    with pytest.raises(UserFacingError) as caught:
        unlock_store(old_home, PASSPHRASE)

    assert caught.value.code == "newer_store"
    assert "newer" in caught.value.what
    assert caught.value.safe
    assert caught.value.next_step
    assert old_home.database.read_bytes() == before


def test_m05_the_step_to_ids_keeps_how_far_each_record_has_come(
    home_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Given a file whose deliveries lie in the order of hashes
    path, key = home_folder / "old.db", bytes(range(32))
    with monkeypatch.context() as older:
        older.setattr(schema, "HEAD", "s0001")
        older.setattr(schema, "REVISIONS", ("s0001",))
        older.setattr(schema, "MIGRATIONS", _history_up_to(home_folder, "s0001"))
        store = Store(path, key)
        store.prepare()
        rows = [
            (bytes([number]) * 32, bytes([9 - number]) * 16, state, number, "", None)
            for number, state in enumerate(("waiting", "answered", "proven", "aside"))
        ]

        def fill(unit: UnitOfWork) -> None:
            unit.connection.exec_driver_sql("INSERT INTO delivery VALUES (?, ?, ?, ?, ?, ?)", rows)
            unit.connection.commit()

        store.write(fill).result(timeout=20)
        store.close()

    # When the present program opens it
    store = Store(path, key)
    store.prepare()

    # Then each is where it was, in the order of ids, and covered by nothing yet
    query = "SELECT content_hash, fact_id, state, failures, is_covered FROM delivery"
    there = store.read(lambda connection: connection.exec_driver_sql(query).all()).result(timeout=20)
    assert [tuple(row) for row in there] == [(*row[:4], 0) for row in reversed(rows)]
    store.close()


@pytest.fixture
def home_folder(tmp_path: Path) -> Path:
    folder = tmp_path / "old"
    folder.mkdir()
    return folder


def _history_up_to(folder: Path, last: str) -> Path:
    history = Path(shutil.copytree(schema.MIGRATIONS, folder / "migrations"))
    for step in (history / "versions").glob("s*.py"):
        if step.name[:5] > last:
            step.unlink()
    return history
