"""Over a network: only the organisation's own server is spoken with, and cut TLS lines lose nothing."""

import random
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from math import ceil
from pathlib import Path
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from psycopg import sql
from tests.sync import wire
from tests.sync.conftest import Fleet
from tests.sync.hostile_server import HostileServer
from tests.sync.interceptor import Interceptor
from tests.sync.laptops import Laptop, fault_of
from tests.sync.offices import DEVICE_KEY, PostgresOffice, Way
from tests.sync.proxy import Proxy

from stojnica.central.certificates import Pair, make_authority, make_server_certificate
from stojnica.central.embedded import EmbeddedServer
from stojnica.central.enrol import make_enrolment
from stojnica.central.enrolment import ServerHost
from stojnica.central.roles import close_copy
from stojnica.storage.tables import ANSWERED, PROVEN
from stojnica.sync.credentials import Credentials, credentials_from
from stojnica.sync.faults import Fate, SyncError
from stojnica.sync.postgres import Deadlines, PostgresTransport, connect_postgres

pytestmark = [pytest.mark.server, pytest.mark.tls]
NOT_GENUINE = ("certificate", Fate.NOT_ALLOWED)


class TlsOffice(PostgresOffice):
    """Be an office that laptops reach over a network, under the name localhost."""

    def __init__(self, url: str, keys: Path, folder: Path, authority: Pair) -> None:
        # One for all that a test asks: each would be a log-in, and a process of the server.
        self._desk = psycopg.connect(url, autocommit=True)
        super().__init__(url, keys, folder)
        self._authority = authority

    def close(self) -> None:
        self._desk.close()

    def rows(self, statement: str, parameters: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        cursor = self._desk.execute(statement.encode(), parameters)
        return cursor.fetchall() if cursor.description else []

    def enrol(
        self, name: str, *, signing_key: bytes = b"", device_key: bytes = DEVICE_KEY, port: int = 0
    ) -> Credentials:
        item = make_enrolment(
            self.url,
            name=name,
            keys_dir=self._keys,
            hosts=[ServerHost("localhost", port)],
            ca_pem=self._authority.certificate.decode(),
        )
        assert item.tls_mode == "verify-full"
        return replace(credentials_from(item, device_key), signing_key=signing_key or item.signing_key)

    def connect(self, credentials: Credentials) -> PostgresTransport:
        return connect_postgres(credentials, ca_file=self._folder / "ca.pem", deadlines=self.deadlines)


@pytest.fixture
def tls_office(
    tls_server: EmbeddedServer, organisation_keys: Path, tmp_path: Path, authority: Pair
) -> Iterator[TlsOffice]:
    """Give an office with a database of its own on the server that speaks TLS."""
    name = f"central_{uuid4().hex[:12]}"
    database, template = sql.Identifier(name), sql.Identifier("stojnica")
    with psycopg.connect(tls_server.url_of("postgres"), autocommit=True) as admin:
        admin.execute(sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(database, template))
        with psycopg.connect(tls_server.url_of(name)) as connection:
            close_copy(connection)
        with closing(TlsOffice(tls_server.url_of(name), organisation_keys, tmp_path, authority)) as office:
            yield office
        admin.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(database))


@pytest.fixture
def proxy(tls_server: EmbeddedServer) -> Iterator[Proxy]:
    """Give a line to the server that the test may break."""
    with closing(Proxy(("127.0.0.1", tls_server.port))) as proxy:
        yield proxy


@pytest.fixture
def laptop(fleet: Fleet, tls_office: TlsOffice, proxy: Proxy) -> Laptop:
    """Give a laptop that was at the office once, and has records that wait."""
    laptop = fleet(Way(tls_office), is_enrolled=False)
    laptop.enrol(tls_office.enrol("Stand 1", port=proxy.port))
    assert laptop.sync().is_complete
    laptop.capture(2)
    return laptop


def assert_drains(laptop: Laptop, office: TlsOffice) -> None:
    assert laptop.sync().is_complete
    assert office.facts() == laptop.facts()
    assert laptop.in_state(PROVEN) == laptop.facts()


Impostor = Callable[[Pair], Pair | None]


def of_another_authority(_authority: Pair) -> Pair:
    return make_server_certificate(make_authority("Somebody else"), ["localhost"])


def with_another_name(authority: Pair) -> Pair:
    return make_server_certificate(authority, ["hub.example.org"])


def expired(authority: Pair) -> Pair:
    return make_server_certificate(
        authority, ["localhost"], now=datetime.now(UTC) - timedelta(days=30), days=10
    )


def without_tls(_authority: Pair) -> None:
    return None


@pytest.mark.parametrize("impostor", [of_another_authority, with_another_name, expired, without_tls])
def test_m12_an_impostor_hears_nothing(
    laptop: Laptop, tls_office: TlsOffice, authority: Pair, tmp_path: Path, proxy: Proxy, impostor: Impostor
) -> None:
    # Given somebody in the line who would even know the password
    with closing(HostileServer(laptop.credentials(), impostor(authority), tmp_path)) as server:
        sound, proxy.target = proxy.target, ("127.0.0.1", server.port)

        fault = fault_of(laptop)

        # Then nothing but the wish for TLS went there, and nothing is marked
        assert (fault.code, fault.fate, fault.step) == (*NOT_GENUINE, "connect")
        assert len(server.heard) <= 8
        assert laptop.in_state(ANSWERED, PROVEN) == []
    proxy.target = sound
    assert_drains(laptop, tls_office)


@pytest.mark.parametrize(
    "question",
    [wire.authentication(0), wire.authentication(3), wire.authentication(5, b"salt")],
    ids=["nothing", "the password in clear", "its MD5"],
)
def test_m12_with_the_servers_own_certificate_the_password_still_has_to_be_known(
    laptop: Laptop, tls_office: TlsOffice, authority: Pair, tmp_path: Path, proxy: Proxy, question: bytes
) -> None:
    stolen = make_server_certificate(authority, ["localhost"])
    with closing(HostileServer(laptop.credentials(), stolen, tmp_path)) as server:
        server.greeting = lambda: [question]
        sound, proxy.target = proxy.target, ("127.0.0.1", server.port)

        fault = fault_of(laptop)

        assert (fault.code, fault.fate) == NOT_GENUINE
        assert laptop.credentials().password.encode() not in server.heard
        assert server.calls == []
    proxy.target = sound
    assert_drains(laptop, tls_office)


def test_m12_one_with_a_valid_certificate_who_passes_everything_on_is_noticed(
    laptop: Laptop,
    tls_server: EmbeddedServer,
    tls_office: TlsOffice,
    authority: Pair,
    tmp_path: Path,
    proxy: Proxy,
) -> None:
    # Given an interceptor whose certificate is as good as the server's, but another
    stolen = make_server_certificate(authority, ["localhost"])
    with closing(Interceptor(tls_server.port, stolen, tmp_path)) as interceptor:
        sound, proxy.target = proxy.target, ("127.0.0.1", interceptor.port)

        fault = fault_of(laptop)

        # Then the proof of the password, which is bound to the certificate, fails at the server
        assert (fault.code, fault.fate, fault.step) == (*NOT_GENUINE, "connect")
        assert b"SCRAM-SHA-256-PLUS" in interceptor.read
        assert b"api." not in interceptor.read
        assert laptop.credentials().password.encode() not in interceptor.read
        assert b"zana" not in interceptor.read
        assert laptop.in_state(ANSWERED, PROVEN) == []
    proxy.target = sound
    assert_drains(laptop, tls_office)


# A proof compares all that a laptop holds, and each byte of the line brings one more contact: several laptops
# share the bytes, or comparing would take longer than what is tested.
PARTS = [("cut_up", part, 16) for part in range(16)] + [("cut_down", part, 4) for part in range(4)]


# Every day a tenth of the positions, other ones each time; all of them at night.
@pytest.mark.parametrize(("side", "part", "of"), PARTS)
@pytest.mark.parametrize("share", [0.1, pytest.param(1.0, marks=pytest.mark.nightly)])
def test_m09_a_tls_line_cut_at_any_byte_loses_and_doubles_nothing(
    laptop: Laptop, tls_office: TlsOffice, proxy: Proxy, side: str, part: int, of: int, share: float
) -> None:
    # Given how many bytes a sync of two contacts takes
    laptop.sync()
    length = proxy.up if side == "cut_up" else proxy.down
    assert length > 2000
    places = range(part, length, of)
    positions = random.sample(places, ceil(len(places) * share))

    # When the line is cut there, then the fault is the network's, and the next sync brings the rest
    for position in sorted(positions):
        laptop.capture(1)
        setattr(proxy, side, position)
        try_once(laptop)
        proxy.pass_all()
        assert laptop.sync().is_complete, position
        assert len(tls_office.facts()) == len(laptop.facts()), position
    assert tls_office.facts() == laptop.facts()
    assert len(laptop.incarnations()) == 1


def try_once(laptop: Laptop) -> None:
    # Near the end of the line a sync may be through: what it needs varies by some bytes.
    try:
        laptop.sync()
    except SyncError as fault:
        if fault.fate is not Fate.NETWORK:
            raise


@pytest.mark.parametrize("phase", ["hello", "push", "prove", "briefing"])
def test_m10_a_black_hole_in_a_tls_line_ends_at_the_deadline(
    laptop: Laptop, tls_office: TlsOffice, proxy: Proxy, phase: str
) -> None:
    tls_office.deadlines = Deadlines(connect_s=5, answer_s=0.3)
    way = laptop.connect
    assert isinstance(way, Way)

    def swallow(name: str) -> None:
        proxy.is_hole = name == phase

    way.before = swallow
    fault = fault_of(laptop)
    assert (fault.code, fault.fate) == ("timed_out", Fate.NETWORK)

    proxy.pass_all()
    way.be_sound()
    tls_office.deadlines = Deadlines()
    assert_drains(laptop, tls_office)


def test_m10_a_black_hole_before_tls_ends_at_the_deadline(
    laptop: Laptop, tls_office: TlsOffice, proxy: Proxy
) -> None:
    tls_office.deadlines = Deadlines(connect_s=0.4, answer_s=0.4)
    proxy.is_hole = True

    fault = fault_of(laptop)

    assert (fault.code, fault.step) == ("timed_out", "connect")
    proxy.pass_all()
    tls_office.deadlines = Deadlines()
    assert_drains(laptop, tls_office)


@pytest.mark.parametrize("delay_s", [0.08, pytest.param(2.0, marks=pytest.mark.nightly)])
def test_m11_a_tls_line_with_a_long_way_drains(
    laptop: Laptop, tls_office: TlsOffice, proxy: Proxy, delay_s: float
) -> None:
    proxy.delay_s = delay_s
    assert_drains(laptop, tls_office)
