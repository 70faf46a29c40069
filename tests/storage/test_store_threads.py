"""One thread writes, one reads, nobody waits for what can wait, and no fault ends a thread."""

import os
import sys
import threading
from collections.abc import Callable
from concurrent.futures import CancelledError, Future
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
import sqlalchemy.exc
from sqlalchemy.engine import Connection

from stojnica.domain.errors import UserFacingError
from stojnica.storage.engine import make_engine
from stojnica.storage.home import OpenStore, StoreHome
from stojnica.storage.memory import recall, remember
from stojnica.storage.store import Store
from stojnica.storage.unit import UnitOfWork
from stojnica.storage.worker import ConnectionThread, Priority

WAIT = 20
THREADS = {"store-writer", "store-reader", "store-answerer"}


def noting(notes: list[str], text: str) -> Callable[[UnitOfWork], None]:
    return lambda _unit: notes.append(text)


def test_a_capture_overtakes_what_can_wait(opened: OpenStore) -> None:
    notes: list[str] = []
    busy, go_on = threading.Event(), threading.Event()

    def keep_busy(_unit: UnitOfWork) -> None:
        busy.set()
        go_on.wait(WAIT)

    opened.store.write(keep_busy)
    busy.wait(WAIT)
    waiting = [
        opened.store.write(noting(notes, f"background {number}"), Priority.BACKGROUND) for number in range(3)
    ]
    waiting += [opened.store.write(noting(notes, f"capture {number}")) for number in range(3)]
    go_on.set()
    for future in waiting:
        future.result(WAIT)

    assert notes == [
        *("capture 0", "capture 1", "capture 2"),
        *("background 0", "background 1", "background 2"),
    ]


def test_what_is_not_committed_is_not_kept(opened: OpenStore) -> None:
    def forgets_to_commit(unit: UnitOfWork) -> None:
        remember(unit.connection, "lamp", "on")

    opened.store.write(forgets_to_commit).result(WAIT)

    assert opened.store.read(lambda connection: recall(connection, "lamp")).result(WAIT) is None


def test_a_job_that_fails_keeps_nothing_and_the_next_one_works(opened: OpenStore) -> None:
    def fails(unit: UnitOfWork) -> None:
        remember(unit.connection, "lamp", "on")
        raise LookupError("broken")

    def works(unit: UnitOfWork) -> None:
        remember(unit.connection, "table", "set")
        unit.commit()

    with pytest.raises(LookupError, match="broken"):
        opened.store.write(fails).result(WAIT)
    opened.store.write(works).result(WAIT)

    kept = opened.store.read(lambda connection: [recall(connection, name) for name in ("lamp", "table")])
    assert kept.result(WAIT) == [None, "set"]


def test_what_was_committed_before_a_job_failed_stays(opened: OpenStore) -> None:
    def fails_late(unit: UnitOfWork) -> None:
        remember(unit.connection, "lamp", "on")
        unit.commit()
        remember(unit.connection, "lamp", "off")
        raise LookupError

    with pytest.raises(LookupError):
        opened.store.write(fails_late).result(WAIT)

    assert opened.store.read(lambda connection: recall(connection, "lamp")).result(WAIT) == "on"


def test_a_reader_sees_all_that_was_committed_before_it_began(opened: OpenStore) -> None:
    for number in range(20):

        def write(unit: UnitOfWork, number: int = number) -> None:
            remember(unit.connection, "number", number)
            unit.commit()

        opened.store.write(write).result(WAIT)
        assert opened.store.read(lambda connection: recall(connection, "number")).result(WAIT) == number


def test_a_reader_sees_one_moment_while_the_writer_goes_on(opened: OpenStore) -> None:
    looked, go_on = threading.Event(), threading.Event()

    def look_twice(connection: Connection) -> list[Any]:
        first = recall(connection, "number")
        looked.set()
        go_on.wait(WAIT)
        return [first, recall(connection, "number")]

    def write(unit: UnitOfWork) -> None:
        remember(unit.connection, "number", 5)
        unit.commit()

    reading = opened.store.read(look_twice)
    looked.wait(WAIT)
    opened.store.write(write).result(WAIT)
    go_on.set()

    assert reading.result(WAIT) == [None, None]


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM fact",
        "INSERT INTO setting VALUES ('a', x'00')",
        "UPDATE life SET head = 0",
        "CREATE TABLE lamp (a)",
        "DROP TABLE fact",
        "PRAGMA user_version = 5",
    ],
)
def test_a_reader_can_not_write(opened: OpenStore, statement: str) -> None:
    with pytest.raises(UserFacingError) as caught:
        opened.store.read(lambda connection: connection.exec_driver_sql(statement)).result(WAIT)

    assert caught.value.code == "store_unreachable"


def test_a_store_closed_while_jobs_wait_finishes_them_first(
    home: StoreHome, unlock: Callable[[StoreHome], OpenStore], save_contact: Callable[..., object]
) -> None:
    opened = unlock(home)
    save_contact(opened)

    def add_one(unit: UnitOfWork) -> None:
        remember(unit.connection, "number", recall(unit.connection, "number", 0) + 1)
        unit.commit()

    waiting = [opened.store.write(add_one, Priority(number % 2)) for number in range(40)]
    opened.close()

    assert all(future.done() and future.exception() is None for future in waiting)
    again = unlock(home)
    assert again.store.read(lambda connection: recall(connection, "number")).result(WAIT) == 40


def test_what_somebody_waits_for_is_answered_beside_a_long_report(
    opened: OpenStore, save_contact: Callable[..., object]
) -> None:
    save_contact(opened)
    is_answered = threading.Event()

    def report(connection: Connection) -> bool:
        connection.exec_driver_sql("SELECT count(*) FROM signup").scalar()
        return is_answered.wait(WAIT)

    told = opened.store.read(report)
    count = opened.store.look_up(lambda c: c.exec_driver_sql("SELECT count(*) FROM signup").scalar())

    assert count.result(WAIT) == 1
    is_answered.set()
    assert told.result(WAIT)


def test_what_is_looked_up_can_change_nothing_and_sees_what_was_just_saved(
    opened: OpenStore, save_contact: Callable[..., object]
) -> None:
    with pytest.raises(UserFacingError, match="can't be written to"):
        opened.store.look_up(lambda c: c.exec_driver_sql("DELETE FROM signup")).result(WAIT)

    save_contact(opened)

    found = opened.store.look_up(lambda c: c.exec_driver_sql("SELECT count(*) FROM signup").scalar())
    assert found.result(WAIT) == 1


def test_a_closed_store_takes_no_more_jobs_and_can_be_closed_again(opened: OpenStore) -> None:
    opened.close()
    opened.close()

    with pytest.raises(RuntimeError, match="closed"):
        opened.store.write(lambda _unit: None)
    with pytest.raises(RuntimeError, match="closed"):
        opened.store.read(lambda _connection: None)


def test_closing_leaves_no_thread_and_no_log_file(
    opened: OpenStore, save_contact: Callable[..., object]
) -> None:
    save_contact(opened)
    assert {thread.name for thread in threading.enumerate()} >= THREADS

    opened.close()

    assert not {thread.name for thread in threading.enumerate()} & THREADS
    assert sorted(path.name for path in opened.home.folder.iterdir()) == [
        *("slots.json", "slots.json.copy", "stojnica.db", "stojnica.lock")
    ]


def test_a_job_that_was_cancelled_in_time_never_runs(opened: OpenStore) -> None:
    notes: list[str] = []
    busy, go_on = threading.Event(), threading.Event()

    def keep_busy(_unit: UnitOfWork) -> None:
        busy.set()
        go_on.wait(WAIT)

    opened.store.write(keep_busy)
    busy.wait(WAIT)
    cancelled = opened.store.write(noting(notes, "never"))
    assert cancelled.cancel()
    go_on.set()
    opened.store.write(noting(notes, "after")).result(WAIT)

    assert notes == ["after"]
    with pytest.raises(CancelledError):
        cancelled.result(WAIT)


def test_many_threads_may_ask_at_once(opened: OpenStore) -> None:
    def add_one(unit: UnitOfWork) -> None:
        remember(unit.connection, "number", recall(unit.connection, "number", 0) + 1)
        unit.commit()

    def ask() -> None:
        for _turn in range(10):
            futures.append(opened.store.write(add_one))
            futures.append(opened.store.read(lambda connection: recall(connection, "number")))

    futures: list[Future[Any]] = []
    threads = [threading.Thread(target=ask) for _number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(WAIT)
    for future in futures:
        future.result(WAIT)

    assert opened.store.read(lambda connection: recall(connection, "number")).result(WAIT) == 60


def test_m04_a_connection_that_can_not_go_back_is_replaced_and_nobody_waits_for_ever(tmp_path: Path) -> None:
    engine = make_engine(tmp_path / "x.db", bytes(32))
    worker = ConnectionThread(engine, "worker")

    def break_it(connection: Connection) -> None:
        connection.exec_driver_sql("SELECT 1")
        driver: Any = connection.connection.driver_connection
        driver.close()
        raise LookupError("the disk was pulled out")

    with pytest.raises(LookupError, match="pulled out"):
        worker.submit(break_it).result(WAIT)

    answer = worker.submit(lambda connection: connection.exec_driver_sql("SELECT 7").scalar())
    assert answer.result(WAIT) == 7
    worker.close()


def test_m04_a_file_that_can_not_be_opened_is_told_to_each_who_asks(tmp_path: Path) -> None:
    store = Store(tmp_path / "no such folder" / "x.db", bytes(32))

    for _turn in range(2):
        with pytest.raises(UserFacingError) as caught:
            store.read(lambda connection: connection.exec_driver_sql("SELECT 1")).result(WAIT)
        assert caught.value.code == "store_unreachable"
    store.close()


def test_i18_what_a_visitor_typed_is_in_no_error(opened: OpenStore) -> None:
    def fails(unit: UnitOfWork) -> None:
        unit.connection.execute(
            sa.text("INSERT INTO setting VALUES (:name, :value)"), {"name": "Zoja", "value": 5}
        )

    with pytest.raises(sqlalchemy.exc.DBAPIError) as caught:
        opened.store.write(fails).result(WAIT)

    assert "Zoja" not in str(caught.value)
    assert "Zoja" not in repr(caught.value)


def test_i01_the_writer_waits_for_the_disk_at_each_commit_and_overwrites_what_is_deleted(
    opened: OpenStore,
) -> None:
    def pragmas(unit: UnitOfWork) -> list[Any]:
        names = ("journal_mode", "synchronous", "secure_delete", "temp_store")
        return [unit.connection.exec_driver_sql(f"PRAGMA {name}").scalar() for name in names]

    assert opened.store.write(pragmas).result(WAIT) == ["wal", 2, 1, 2]


def test_the_store_knows_that_people_sign_up_just_now(opened: OpenStore) -> None:
    opened.store.write(lambda unit: unit.commit(), Priority.BACKGROUND).result(WAIT)
    opened.store.read(lambda connection: recall(connection, "lamp")).result(WAIT)
    before = opened.store.is_capturing()

    opened.store.write(lambda unit: unit.commit()).result(WAIT)

    assert (before, opened.store.is_capturing()) == (False, True)


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux has priorities of threads")
def test_reading_lets_the_writer_go_first(opened: OpenStore) -> None:
    def priority(_anything: object) -> int:
        return os.getpriority(os.PRIO_PROCESS, threading.get_native_id())

    reader = opened.store.read(priority).result(WAIT)
    writer = opened.store.write(priority).result(WAIT)

    assert reader > writer == os.getpriority(os.PRIO_PROCESS, os.getpid())
