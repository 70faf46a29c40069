"""What a laptop's login may do to itself is put back, and what it runs for ever is ended."""

import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest
from psycopg import sql
from psycopg.conninfo import make_conninfo
from tests.central.conftest import Laptop, Row, hello

from stojnica.central.enrol import LOGIN_LIMITS
from stojnica.central.watch import ENDED, RESET, Done, Round, watch_once
from stojnica.cli.main import main
from stojnica.domain.errors import UserFacingError

pytestmark = pytest.mark.server
Line = psycopg.Connection[Row]
SOURCE = Path(__file__).parents[2] / "desktop"
IN_THE_WAY = (psycopg.errors.InternalError_, psycopg.errors.UniqueViolation)
FOR_EVER = "SELECT count(*) FROM generate_series(1, 1000000) a, generate_series(1, 1000000) b"


@contextmanager
def running_for_ever(laptop: Laptop) -> Iterator[list[BaseException]]:
    """Run a statement without an end on another thread; the list gets what it ended with."""
    ended: list[BaseException] = []
    started = threading.Event()
    with closing(laptop.connect()) as connection:
        connection.execute("SET statement_timeout = 0")

        def work() -> None:
            started.set()
            try:
                connection.execute(FOR_EVER)
            except psycopg.Error as error:
                ended.append(error)

        thread = threading.Thread(target=work)
        thread.start()
        started.wait()
        try:
            yield ended
        finally:
            # Once isn't enough: the statement may not have begun yet.
            while thread.is_alive():
                connection.cancel_safe()
                thread.join(0.1)


def watch_until_it_does_something(url: str) -> Round:
    """Look again and again; a look takes milliseconds, and what runs becomes older with each."""
    while not (done := watch_once(url, longest_s=0.4)).done:
        pass
    return done


def settings_of(admin: Line, laptop: Laptop) -> dict[int, dict[str, str]]:
    rows = admin.execute(
        "SELECT s.setdatabase, s.setconfig FROM pg_db_role_setting s JOIN pg_roles r ON r.oid = s.setrole"
        " WHERE r.rolname = %s",
        [laptop.enrolment.role],
    ).fetchall()
    return {row[0]: dict(item.split("=", 1) for item in row[1]) for row in rows}


def notes(admin: Line) -> list[tuple[str, int]]:
    rows = admin.execute("SELECT what, times FROM hub.watch_note ORDER BY what").fetchall()
    return [(row[0], row[1]) for row in rows]


def test_an_endless_statement_is_ended_and_quiet_laptops_are_spared(
    new_laptop: Callable[[str], Laptop], admin: Line, central_url: str
) -> None:
    bad, good = new_laptop("Bad"), new_laptop("Good")
    with closing(good.connect()) as quiet, psycopg.connect(central_url) as office:
        hello(quiet, [])
        office.execute("SELECT 1")
        with running_for_ever(bad) as ended:
            # When the watch looks until it is older than allowed
            done = watch_until_it_does_something(central_url)

        # Then that session alone is over
        assert done == Round((Done("Bad", ENDED),), ())
        assert [type(error) for error in ended] == [psycopg.errors.AdminShutdown]
        hello(quiet, [])
        office.execute("SELECT 1")
    assert notes(admin) == [(ENDED, 1)]
    assert watch_once(central_url, longest_s=0.4).done == ()


def test_a_statement_that_is_not_old_yet_is_left_alone(laptop: Laptop, central_url: str) -> None:
    with running_for_ever(laptop) as ended:
        assert watch_once(central_url).done == ()
        assert ended == []


def test_a_transaction_that_does_nothing_is_ended_too(laptop: Laptop, central_url: str) -> None:
    with closing(laptop.connect()) as idle:
        idle.execute("SET idle_in_transaction_session_timeout = 0")
        idle.execute("BEGIN")

        assert watch_until_it_does_something(central_url).done == (Done("Stand 1", ENDED),)
        with pytest.raises(psycopg.OperationalError):
            idle.execute("SELECT 1")


@pytest.mark.parametrize(
    "change",
    [
        "ALTER ROLE CURRENT_USER SET statement_timeout = 0",
        "ALTER ROLE CURRENT_USER RESET ALL",
        "ALTER ROLE CURRENT_USER SET search_path = 'nowhere'",
        "ALTER ROLE CURRENT_USER IN DATABASE {} SET lock_timeout = 0",
    ],
)
def test_limits_that_a_laptop_lifted_for_itself_are_back(
    laptop: Laptop, line: Line, admin: Line, central_url: str, change: str
) -> None:
    assert watch_once(central_url).done == ()
    line.execute(sql.SQL(change).format(sql.Identifier(admin.info.dbname)))  # type: ignore[arg-type]

    assert watch_once(central_url) == Round((Done("Stand 1", RESET),), ())

    assert settings_of(admin, laptop) == {0: LOGIN_LIMITS}
    assert watch_once(central_url).done == ()
    assert notes(admin) == [(RESET, 1)]


def test_any_number_may_watch_at_once(
    new_laptop: Callable[[str], Laptop], admin: Line, central_url: str
) -> None:
    laptops = [new_laptop(f"Stand {number}") for number in range(4)]
    failures: list[BaseException] = []
    start = threading.Barrier(3, timeout=60)

    def work() -> None:
        try:
            for _round in range(5):
                start.wait()
                watch_once(central_url)
        except BaseException as error:  # noqa: BLE001 - told to the test's own thread
            failures.append(error)
            start.abort()

    threads = [threading.Thread(target=work) for _number in range(2)]
    for thread in threads:
        thread.start()
    for number in range(5):
        change = "SET statement_timeout = 0" if number % 2 else "RESET ALL"
        for laptop in laptops:
            # The watches of the round before may be at the same setting: then the server refuses the laptop.
            with laptop.connect() as line, suppress(*IN_THE_WAY):
                line.execute(f"ALTER ROLE CURRENT_USER {change}".encode())
        start.wait()
    for thread in threads:
        thread.join()
    watch_once(central_url)

    assert failures == []
    assert all(settings_of(admin, laptop) == {0: LOGIN_LIMITS} for laptop in laptops)


def test_a_login_without_the_rights_does_what_it_can_and_says_what_it_lacks(
    laptop: Laptop, line: Line, admin: Line, central_url: str
) -> None:
    role = f"watcher_{uuid4().hex[:8]}"
    name, database = sql.Identifier(role), sql.Identifier(admin.info.dbname)
    admin.execute(sql.SQL("CREATE ROLE {} LOGIN PASSWORD 'x' IN ROLE hub_owner").format(name))
    admin.execute(sql.SQL("GRANT CONNECT ON DATABASE {} TO {}").format(database, name))
    url = make_conninfo(central_url, user=role, password="x")
    line.execute("ALTER ROLE CURRENT_USER SET statement_timeout = 0")

    assert watch_once(url) == Round((), ("pg_read_all_stats", "pg_signal_backend", "CREATEROLE"))

    admin.execute(sql.SQL("GRANT pg_read_all_stats, pg_signal_backend TO {}").format(name))
    with running_for_ever(laptop):
        done = watch_until_it_does_something(url)
    assert done == Round((Done("Stand 1", ENDED),), ("CREATEROLE",))


@pytest.mark.skipif(os.name != "posix", reason="only POSIX sends a Ctrl-C to one process")
def test_the_command_watches_until_ctrl_c(laptop: Laptop, line: Line, central_url: str) -> None:
    line.execute("ALTER ROLE CURRENT_USER SET statement_timeout = 0")
    with subprocess.Popen(
        [sys.executable, "-m", "stojnica", "central", "watch", central_url],
        env={**os.environ, "PYTHONPATH": str(SOURCE), "LC_ALL": "en"},
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        said = [process.stdout.readline(), process.stdout.readline()]
        process.send_signal(signal.SIGINT)
        try:
            code = process.wait(30)
        finally:
            process.kill()

    assert code == 0
    assert "had changed its own limits" in said[0]
    assert said[1] == "Watching until Ctrl-C.\n"


def test_a_laptops_login_watches_nobody(laptop: Laptop, central_url: str) -> None:
    enrolment = laptop.enrolment
    url = make_conninfo(central_url, user=enrolment.role, password=enrolment.password)

    with pytest.raises(UserFacingError) as caught:
        watch_once(url)

    assert caught.value.code == "not_allowed"


def test_the_command_says_what_it_did(
    laptop: Laptop, line: Line, central_url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    line.execute("ALTER ROLE CURRENT_USER SET statement_timeout = 0")

    assert main(["central", "watch", central_url, "--once"]) == 0
    assert "“Stand 1” had changed its own limits. They are back." in capsys.readouterr().out
    assert main(["central", "watch", central_url, "--once"]) == 0
    assert "Nothing had to be done." in capsys.readouterr().out
    assert main(["central", "watch", central_url, "--once", "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == {"done": [], "lacking": []}
