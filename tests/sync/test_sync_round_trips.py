"""How often a sync has to wait for an answer: on a slow line, that is what it costs."""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace

import pytest
from tests.sync.conftest import Fleet
from tests.sync.laptops import Laptop
from tests.sync.offices import PostgresOffice, Way
from tests.sync.proxy import Proxy

from stojnica.sync.credentials import Credentials, Host

pytestmark = pytest.mark.server
AT_MOST = 12


@pytest.fixture
def proxy(server_office: PostgresOffice) -> Iterator[Proxy]:
    host = server_office.enrol("Nobody").hosts[0]
    with closing(Proxy((host.host, host.port))) as proxy:
        yield proxy


@pytest.fixture
def laptop(fleet: Fleet, server_office: PostgresOffice, proxy: Proxy) -> Laptop:
    """Give a laptop whose first connection is behind it, and whose way leads through the proxy."""
    laptop = fleet(Way(server_office))
    laptop.sync()

    def through(credentials: Credentials) -> object:
        return server_office.connect(replace(credentials, hosts=(Host("127.0.0.1", proxy.port),)))

    laptop.connect = through  # type: ignore[assignment]
    return laptop


def test_m11_a_sync_of_500_records_takes_at_most_twelve_round_trips(laptop: Laptop, proxy: Proxy) -> None:
    laptop.capture(250, remark="x" * 200)

    result = laptop.sync()

    assert (result.is_complete, result.pushed) == (True, 500)
    assert proxy.turns <= AT_MOST


def test_m11_an_emptied_centre_costs_few_more(
    laptop: Laptop, proxy: Proxy, server_office: PostgresOffice
) -> None:
    laptop.capture(250)
    laptop.sync()
    server_office.rows("DELETE FROM hub.fact")
    before = proxy.turns

    result = laptop.sync()

    assert (result.is_complete, result.is_centre_changed) == (True, True)
    assert proxy.turns - before <= AT_MOST + 3
