"""What a busy server says to a laptop in the middle of a push: it ends complete by itself (M16)."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Event, Thread

import psycopg
import pytest
from tests.sync.conftest import Fleet
from tests.sync.laptops import Laptop, fault_of
from tests.sync.offices import PostgresOffice, Way

from stojnica.storage.outbox import WaitingFact, waiting_batch
from stojnica.sync.engine import SyncResult
from stojnica.sync.faults import Fate, SyncError

pytestmark = pytest.mark.server
INSERT = (
    "INSERT INTO hub.fact (branch_id, fact_id, content_hash, kind, subject_id, event_id, incarnation, seq,"
    " captured_at, body) VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s) ON CONFLICT DO NOTHING"
)
WAITING_FOR_A_LOCK = "SELECT 1 FROM pg_stat_activity WHERE usename = %s AND wait_event_type = 'Lock'"
Line = psycopg.Connection[tuple[object, ...]]


@pytest.fixture
def laptop(fleet: Fleet, server_office: PostgresOffice) -> Laptop:
    """Give a laptop that was at the office once, and has records that wait."""
    laptop = fleet(Way(server_office))
    laptop.sync()
    laptop.capture(3)
    return laptop


@pytest.fixture
def elsewhere(server_office: PostgresOffice) -> Iterator[Line]:
    """Give a session of somebody else at the server, in a transaction."""
    with psycopg.connect(server_office.url) as connection:
        yield connection
        connection.rollback()


def batch_of(laptop: Laptop, office: PostgresOffice) -> list[WaitingFact]:
    branch = office.branch_id
    return laptop.store.read(lambda connection: waiting_batch(connection, branch)).result()


def put(line: Line, office: PostgresOffice, item: WaitingFact) -> None:
    line.execute(
        INSERT,
        [
            *(office.branch_id, item.fact_id, item.content_hash, item.kind, item.subject_id, item.event_id),
            *(item.incarnation, item.seq, item.captured_at, item.body),
        ],
    )


@contextmanager
def as_soon_as_it_waits(laptop: Laptop, office: PostgresOffice, act: Callable[[], object]) -> Iterator[None]:
    """Do something in another session once the laptop waits for a lock."""
    role = laptop.credentials().role
    errors: list[BaseException] = []

    def run() -> None:
        try:
            for _try in range(3000):
                if office.rows(WAITING_FOR_A_LOCK, [role]):
                    act()
                    return
                Event().wait(0.01)
            raise AssertionError("the laptop never waited")
        except BaseException as error:  # noqa: BLE001 - told by the test, in its own thread
            errors.append(error)

    thread = Thread(target=run)
    thread.start()
    yield
    thread.join(60)
    assert not errors, errors


def drained(laptop: Laptop) -> tuple[SyncResult, int]:
    """Sync as the program does; give the result, and how often it had to pause before it tried again."""
    pauses: list[float] = []
    return laptop.engine(attempts=4, pause=pauses.append).run(), len(pauses)


def assert_all_there_once(laptop: Laptop, office: PostgresOffice) -> None:
    assert office.facts() == laptop.facts()
    told = office.rows("SELECT count(*), count(DISTINCT (fact_id, content_hash)) FROM hub.delivery")
    assert told == [(len(laptop.facts()), len(laptop.facts()))]


def set_for(laptop: Laptop, office: PostgresOffice, setting: str, value: str) -> None:
    office.rows(f"ALTER ROLE \"{laptop.credentials().role}\" SET {setting} = '{value}'")


def reset_for(laptop: Laptop, office: PostgresOffice, setting: str) -> None:
    office.rows(f'ALTER ROLE "{laptop.credentials().role}" RESET {setting}')


def make_a_deadlock(laptop: Laptop, office: PostgresOffice, line: Line) -> Callable[[], None]:
    """Hold the last fact, and want the first when the laptop has it and waits for the last."""
    batch = batch_of(laptop, office)
    line.execute("SET deadlock_timeout = '60s'")
    put(line, office, batch[-1])

    def want_the_first() -> None:
        put(line, office, batch[0])
        line.rollback()

    return want_the_first


def test_m16_a_laptop_that_loses_a_deadlock_tries_again_and_ends_complete(
    laptop: Laptop, server_office: PostgresOffice, elsewhere: Line
) -> None:
    with as_soon_as_it_waits(laptop, server_office, make_a_deadlock(laptop, server_office, elsewhere)):
        result, pauses = drained(laptop)

    assert pauses > 0
    assert result.is_complete
    assert_all_there_once(laptop, server_office)


def test_m16_a_lost_deadlock_is_told_as_a_busy_server(
    laptop: Laptop, server_office: PostgresOffice, elsewhere: Line
) -> None:
    with as_soon_as_it_waits(laptop, server_office, make_a_deadlock(laptop, server_office, elsewhere)):
        fault = fault_of(laptop)

    assert_busy(fault, "40P01")
    assert laptop.sync().is_complete
    assert_all_there_once(laptop, server_office)


@pytest.mark.parametrize("level", ["repeatable read", "serializable"])
def test_m16_a_push_that_cannot_be_serialised_is_tried_again(
    laptop: Laptop, server_office: PostgresOffice, elsewhere: Line, level: str
) -> None:
    # Given a record that somebody else stores just now, and a laptop that may not see it
    set_for(laptop, server_office, "default_transaction_isolation", level)
    put(elsewhere, server_office, batch_of(laptop, server_office)[-1])

    with as_soon_as_it_waits(laptop, server_office, elsewhere.commit):
        fault = fault_of(laptop)

    assert_busy(fault, "40001")
    assert laptop.sync().is_complete
    assert_all_there_once(laptop, server_office)


def test_m16_four_laptops_at_the_strictest_level_end_complete(
    fleet: Fleet, server_office: PostgresOffice
) -> None:
    laptops = [fleet(Way(server_office), f"Stand {number}") for number in range(4)]
    for one in laptops:
        one.sync()
        set_for(one, server_office, "default_transaction_isolation", "serializable")
        one.capture(40)
    results: list[SyncResult] = []
    pause = Event().wait

    threads = [
        Thread(
            target=lambda one=one: results.append(
                one.engine(attempts=12, pause=lambda s: pause(s / 20)).run()
            )
        )
        for one in laptops
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)

    assert [result.is_complete for result in results] == [True] * 4
    assert server_office.facts() == sorted(key for one in laptops for key in one.facts())


@pytest.mark.parametrize(
    ("setting", "state"), [("statement_timeout", "57014"), ("lock_timeout", "55P03")], ids=str
)
def test_m16_a_push_that_takes_too_long_is_told_and_tried_again(
    laptop: Laptop, server_office: PostgresOffice, elsewhere: Line, setting: str, state: str
) -> None:
    # Given somebody who holds a record for as long as the test wants
    set_for(laptop, server_office, setting, "200ms")
    put(elsewhere, server_office, batch_of(laptop, server_office)[0])

    # Then each attempt ends in time, and the last one says why
    assert_busy(fault_of(laptop, attempts=2), state)

    # And the engine drains once it is over, without a setting being touched
    elsewhere.rollback()
    assert laptop.sync().is_complete
    assert_all_there_once(laptop, server_office)


def test_m16_a_server_without_room_for_another_lock_is_busy(
    laptop: Laptop, server_office: PostgresOffice, elsewhere: Line
) -> None:
    # Given a session that has taken every lock that the server has room for
    size, number = 1024, 0
    elsewhere.execute("SELECT 1")
    while size:
        try:
            with elsewhere.transaction():
                elsewhere.execute(
                    "SELECT pg_advisory_xact_lock(x) FROM generate_series(%s::bigint, %s::bigint) AS s(x)",
                    [number, number + size - 1],
                )
            number += size
        except psycopg.errors.OutOfMemory:
            size //= 2
    assert number > 1000

    fault = fault_of(laptop)

    # Already the greeting takes a lock.
    assert_busy(fault, "connections")
    elsewhere.rollback()
    assert laptop.sync().is_complete
    assert_all_there_once(laptop, server_office)


def assert_busy(fault: SyncError, state: str) -> None:
    assert (fault.code, fault.fate, fault.detail) == ("busy", Fate.NETWORK, state)
    assert "too much to do right now" in fault.what
    assert "Nothing is lost" in fault.safe
    assert "few minutes" in fault.next_step
