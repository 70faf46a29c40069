"""Lines that break, swallow, crawl, and servers that fall over: what was captured arrives in the end."""

import os
import signal
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing
from threading import Barrier, Event

import psycopg
import pytest
from tests.sync.conftest import Fleet
from tests.sync.laptops import Laptop
from tests.sync.offices import PostgresOffice, Way
from tests.sync.proxy import Proxy

from stojnica.central.embedded import EmbeddedServer
from stojnica.storage.outbox import waiting_batch
from stojnica.storage.tables import WAITING
from stojnica.sync import push
from stojnica.sync.faults import Fate, SyncError
from stojnica.sync.postgres import Deadlines
from stojnica.sync.transport import PRESENT, STORED

pytestmark = pytest.mark.server


@pytest.fixture
def proxy(postgres_server: EmbeddedServer) -> Iterator[Proxy]:
    """Give a line to the server that the test may break."""
    with closing(Proxy(("127.0.0.1", postgres_server.port))) as proxy:
        yield proxy


@pytest.fixture
def new_laptop(fleet: Fleet, server_office: PostgresOffice, proxy: Proxy) -> Callable[..., Laptop]:
    """Give a call that makes laptops whose way leads through the proxy."""

    def make(way: Way | None = None) -> Laptop:
        laptop = fleet(way or Way(server_office), is_enrolled=False)
        laptop.enrol(server_office.enrol("Stand 1", port=proxy.port))
        return laptop

    return make


def spread(positions: int, over: int) -> list[int]:
    return sorted({over * number // positions for number in range(positions)})


def fault_of(laptop: Laptop) -> str:
    """Sync, and tell what went wrong; the error itself would hold on to all that its steps had in hand."""
    try:
        laptop.sync()
    except SyncError as fault:
        return f"{fault.fate} {fault.code} {fault.detail}".strip()
    return ""


def fates(faults: list[str]) -> set[str]:
    return {fault.split()[0] for fault in faults if fault}


@pytest.mark.parametrize("side", ["cut_up", "cut_down"])
@pytest.mark.parametrize("positions", [30, pytest.param(2_000, marks=pytest.mark.nightly)])
def test_m09_cut_at_any_byte_the_fault_is_the_networks_and_all_arrives_once(
    new_laptop: Callable[[], Laptop], server_office: PostgresOffice, proxy: Proxy, side: str, positions: int
) -> None:
    # Given how many bytes one sync of one contact takes
    laptop = new_laptop()
    laptop.sync()
    laptop.capture(1)
    laptop.sync()
    length = proxy.up if side == "cut_up" else proxy.down
    assert length > 1000

    # When the line is cut at a sample of them, with a contact that waits
    faults = []
    for position in spread(positions, length):
        if not laptop.in_state(WAITING):
            laptop.capture(1)
        setattr(proxy, side, position)
        faults.append(fault_of(laptop))
    proxy.pass_all()

    # Then each was the network's fault, a sound line brings the rest, and nothing is there twice
    assert "" not in faults[: len(faults) // 2]
    assert fates(faults) == {Fate.NETWORK}, set(faults)
    assert laptop.sync().is_complete
    assert server_office.facts() == laptop.facts()
    assert len(laptop.incarnations()) == 1


@pytest.mark.parametrize("side", ["cut_up", "cut_down"])
@pytest.mark.parametrize("positions", [8, pytest.param(150, marks=pytest.mark.nightly)])
def test_m09_cut_at_any_byte_of_the_first_connection_the_laptop_gets_in_again(
    new_laptop: Callable[[], Laptop], proxy: Proxy, side: str, positions: int
) -> None:
    first = new_laptop()
    first.sync()
    length = proxy.up if side == "cut_up" else proxy.down

    for position in spread(positions, length):
        laptop = new_laptop()
        setattr(proxy, side, position)
        faults = [fault_of(laptop) for _run in range(2)]
        proxy.pass_all()
        assert fates(faults) <= {Fate.NETWORK}, set(faults)
        # Until the server has noticed both ends, a third connection of one laptop is one too many for it.
        assert laptop.engine(attempts=8, pause=Event().wait).run().is_complete
        assert laptop.credentials().is_settled
        laptop.close()


@pytest.mark.parametrize("phase", ["hello", "replace_password", "enrolled", "push", "prove", "briefing"])
def test_m10_a_black_hole_ends_at_the_deadline(
    new_laptop: Callable[[Way], Laptop], server_office: PostgresOffice, proxy: Proxy, phase: str
) -> None:
    server_office.deadlines = Deadlines(connect_s=2, answer_s=0.2)
    way = Way(server_office)
    laptop = new_laptop(way)
    laptop.capture(1)

    def swallow(name: str) -> None:
        proxy.is_hole = name == phase

    way.before = swallow
    with pytest.raises(SyncError) as caught:
        laptop.sync()
    assert (caught.value.code, caught.value.fate) == ("timed_out", Fate.NETWORK)
    assert len(laptop.facts()) == 2

    proxy.pass_all()
    way.be_sound()
    server_office.deadlines = Deadlines()
    assert laptop.sync().is_complete


def test_m10_a_black_hole_from_the_first_byte_ends_at_the_deadline(
    new_laptop: Callable[[], Laptop], server_office: PostgresOffice, proxy: Proxy
) -> None:
    server_office.deadlines = Deadlines(connect_s=2, answer_s=0.2)
    laptop = new_laptop()
    proxy.is_hole = True

    with pytest.raises(SyncError) as caught:
        laptop.sync()

    assert (caught.value.code, caught.value.step) == ("timed_out", "connect")
    assert "2 seconds" in caught.value.what


def test_m11_a_line_too_slow_for_large_batches_gets_small_ones_and_drains(
    new_laptop: Callable[[Way], Laptop],
    server_office: PostgresOffice,
    proxy: Proxy,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # Given a line that carries 256 KiB only after the deadline, all times being a fiftieth of the real ones
    server_office.deadlines = Deadlines(answer_s=0.6)
    monkeypatch.setattr(push, "QUICK_S", 0.06)
    monkeypatch.setattr(push, "SLOW_S", 0.2)
    way = Way(server_office)
    laptop = new_laptop(way)
    laptop.capture(100, remark="x" * 2000)
    proxy.bytes_per_s, proxy.delay_s = 400_000, 0.02

    result = laptop.sync(attempts=3)

    assert result.is_complete
    assert server_office.facts() == laptop.facts()
    assert max(len(batch) for batch in way.pushed) < 100


def test_nobody_listens(fleet: Fleet, server_office: PostgresOffice) -> None:
    with closing(Proxy(("127.0.0.1", 1))) as proxy:
        port = proxy.port
    laptop = fleet(Way(server_office), is_enrolled=False)
    laptop.enrol(server_office.enrol("Stand 1", port=port))

    with pytest.raises(SyncError) as caught:
        laptop.sync()

    assert (caught.value.code, caught.value.fate) == ("unreachable", Fate.NETWORK)


def ready(office: PostgresOffice) -> None:
    """Wait until the server answers."""
    for _try in range(600):
        try:
            office.rows("SELECT 1")
        except psycopg.OperationalError:
            signal.sigtimedwait([], 0.05)
        else:
            return
    raise AssertionError("the server does not come back")


@pytest.mark.parametrize("phase", ["push", "prove"])
def test_m14_a_server_that_is_restarted_in_the_middle_gets_the_rest_afterwards(
    fleet: Fleet, server_office: PostgresOffice, postgres_server: EmbeddedServer, phase: str
) -> None:
    way = Way(server_office)
    laptop = fleet(way)
    laptop.capture(100, remark="x" * 2000)
    restarts = [phase]

    def restart(name: str) -> None:
        if name in restarts and (name != "push" or len(way.pushed) == 2):
            restarts.remove(name)
            postgres_server.stop()
            postgres_server.start()

    way.before = restart

    result = laptop.engine(attempts=3, pause=lambda _seconds: ready(server_office)).run()

    assert restarts == []
    assert result.is_complete
    assert result.pushed == 200
    assert server_office.facts() == laptop.facts()


@pytest.mark.skipif(os.name != "posix", reason="there is no kill -9")
def test_m14_a_server_process_that_is_killed_in_the_middle_loses_nothing(
    fleet: Fleet, server_office: PostgresOffice
) -> None:
    way = Way(server_office)
    laptop = fleet(way)
    laptop.capture(100, remark="x" * 2000)
    kills = ["push", "prove"]

    def kill(name: str) -> None:
        if name in kills and (name != "push" or len(way.pushed) == 2):
            kills.remove(name)
            role = laptop.credentials().role
            for (pid,) in server_office.rows("SELECT pid FROM pg_stat_activity WHERE usename = %s", [role]):
                os.kill(pid, signal.SIGKILL)

    way.before = kill

    result = laptop.engine(attempts=5, pause=lambda _seconds: ready(server_office)).run()

    assert kills == []
    assert result.is_complete
    assert server_office.facts() == laptop.facts()


def test_m15_a_server_that_only_reads_is_busy_and_gets_everything_later(
    fleet: Fleet, server_office: PostgresOffice
) -> None:
    laptop = fleet(Way(server_office))
    laptop.sync()
    laptop.capture(1)
    role = laptop.credentials().role
    server_office.rows(f'ALTER ROLE "{role}" SET default_transaction_read_only = on')

    with pytest.raises(SyncError) as caught:
        laptop.sync()

    assert (caught.value.code, caught.value.fate) == ("busy", Fate.NETWORK)
    server_office.rows(f'ALTER ROLE "{role}" RESET default_transaction_read_only')
    assert laptop.sync().is_complete


def test_m16_without_a_free_connection_the_server_is_busy(
    fleet: Fleet, server_office: PostgresOffice
) -> None:
    laptop = fleet(Way(server_office))
    laptop.capture(1)
    laptop.sync()

    with ExitStack() as taken:
        for _line in range(2):
            taken.enter_context(closing(server_office.connect(laptop.credentials())))
        with pytest.raises(SyncError) as caught:
            laptop.sync()

    assert (caught.value.code, caught.value.fate) == ("busy", Fate.NETWORK)
    assert laptop.engine(attempts=3, pause=lambda _seconds: None).run().is_complete


def test_m16_a_statement_that_takes_too_long_is_tried_again_later(
    fleet: Fleet, server_office: PostgresOffice
) -> None:
    # Given a laptop whose row is held by somebody else at the office
    laptop = fleet(Way(server_office))
    laptop.sync()
    captured = laptop.capture(1)
    role = laptop.credentials().role
    server_office.rows(f"ALTER ROLE \"{role}\" SET lock_timeout = '50ms'")

    with psycopg.connect(server_office.url) as holder:
        holder.execute("SELECT 1 FROM hub.device FOR UPDATE")
        with pytest.raises(SyncError) as caught:
            laptop.sync()

    assert (caught.value.code, caught.value.detail) == ("busy", "55P03")
    assert laptop.sync().is_complete
    assert len(server_office.facts()) == len(captured)


def test_m21_five_identical_pushes_at_once_store_each_record_once(
    fleet: Fleet, server_office: PostgresOffice
) -> None:
    # Given five laptops with the same records, each in an order of its own
    laptop = fleet(Way(server_office))
    laptop.capture(150)
    branch = server_office.branch_id
    batch = laptop.store.read(lambda connection: waiting_batch(connection, branch)).result()
    assert len(batch) == 300
    orders = [batch, batch[::-1], batch[150:] + batch[:150], batch[::2] + batch[1::2], batch]

    # When all push at the same moment, three times over
    with ExitStack() as lines, ThreadPoolExecutor(len(orders)) as threads:
        opened = [
            lines.enter_context(closing(server_office.connect(server_office.enrol(f"Stand {number}"))))
            for number in range(len(orders))
        ]
        start = Barrier(len(orders))

        def push_at_once(number: int) -> list[str]:
            said = []
            for _turn in range(3):
                start.wait(30)
                said += [one.answer for one in opened[number].push(orders[number])]
            return said

        answers = [answer for said in threads.map(push_at_once, range(len(orders))) for answer in said]

    # Then nobody met a deadlock, and each record is there once
    assert set(answers) == {STORED, PRESENT}
    assert server_office.facts() == laptop.facts()
    assert server_office.rows(
        "SELECT count(*), count(DISTINCT u.fact_id) FROM hub.inbox i, unnest(i.fact_ids) AS u(fact_id)"
    ) == [(300, 300)]
    assert server_office.rows("SELECT count(*) FROM hub.delivery") == [(1500,)]
