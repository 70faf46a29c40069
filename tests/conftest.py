"""Fixtures that several areas share: a real PostgreSQL server, and a fresh central database per test."""

import gc
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest
from hypothesis import HealthCheck, settings
from psycopg import sql
from tests.ready_stores import WrittenOut

from stojnica.central.certificates import Pair, make_authority, make_server_certificate
from stojnica.central.embedded import EmbeddedServer
from stojnica.central.init import init
from stojnica.central.keys import make_keys
from stojnica.central.roles import close_copy
from stojnica.domain.errors import UserFacingError
from stojnica.i18n import use_language
from stojnica.storage.slots import Argon2Cost

# Machines are noisy: what is slow today is no fault of the code.
settings.register_profile("stojnica", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("stojnica")

_REAL_COST = Argon2Cost.__init__.__defaults__

# Tests want no durability: what they prove about it, they prove with servers of their own.
_QUICK = {
    "fsync": "off",
    "full_page_writes": "off",
    "autovacuum": "off",
    "shared_buffers": "32MB",
    "max_wal_size": "256MB",
}


def pytest_collection_finish() -> None:
    """Look for garbage only in what was made since: modules and thousands of tests stay until the end."""
    gc.freeze()


@pytest.fixture(autouse=True)
def speak_english() -> Iterator[None]:
    """Let texts be their own message ids in each test; a test of another language chooses it itself."""
    use_language("en")
    yield
    use_language("en")


@pytest.fixture(scope="session", autouse=True)
def cheap_words() -> Iterator[None]:
    """Let words cost next to nothing where a test names no cost: each try takes a second of a processor."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Argon2Cost.__init__, "__defaults__", (8, 1, 1))
        yield


@pytest.fixture(scope="session", autouse=True)
def statements_written_out() -> Iterator[None]:
    """Let each statement be written out as SQL once, instead of once a store: a tenth of all work it was."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("stojnica.storage.store.make_engine", WrittenOut().make_engine)
        yield


@pytest.fixture
def dear_words(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let words cost what they cost a thief, for the tests that prove it."""
    monkeypatch.setattr(Argon2Cost.__init__, "__defaults__", _REAL_COST)


@pytest.fixture(scope="session")
def postgres_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EmbeddedServer]:
    """Run one server for the whole session (one a worker)."""
    with EmbeddedServer(tmp_path_factory.mktemp("server"), settings=_QUICK) as server:
        yield server


@pytest.fixture(scope="session")
def central_template(postgres_server: EmbeddedServer) -> str:
    """Set one database up, to be copied for each test."""
    name = "template_central"
    with psycopg.connect(postgres_server.url_of("postgres"), autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
    init(postgres_server.url_of(name), branch_name="Branch")
    return name


@pytest.fixture
def central_url(postgres_server: EmbeddedServer, central_template: str) -> Iterator[str]:
    """Give the administrator's address of a fresh central database, set up and empty."""
    name = f"central_{uuid4().hex[:12]}"
    database = sql.Identifier(name)
    admin_url = postgres_server.url_of("postgres")
    with psycopg.connect(admin_url, autocommit=True) as connection:
        connection.execute(
            sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(database, sql.Identifier(central_template))
        )
    with psycopg.connect(postgres_server.url_of(name)) as connection:
        close_copy(connection)
    yield postgres_server.url_of(name)
    with psycopg.connect(admin_url, autocommit=True) as connection:
        connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(database))


@pytest.fixture(scope="session")
def authority() -> Pair:
    """Make the organisation's certificate authority."""
    return make_authority("Example")


@pytest.fixture(scope="session")
def tls_server(tmp_path_factory: pytest.TempPathFactory, authority: Pair) -> Iterator[EmbeddedServer]:
    """Run a server that speaks TLS and is called localhost, with a central database in it."""
    pair = make_server_certificate(authority, ["localhost"])
    with start_with_tls(tmp_path_factory.mktemp("tls"), pair) as server:
        init(server.url)
        yield server


def start_with_tls(folder: Path, pair: Pair) -> EmbeddedServer:
    """Start a server with a certificate, or skip the test when no server here was built with TLS."""
    server = EmbeddedServer(folder, settings=_QUICK, tls=pair)
    try:
        server.start()
    except UserFacingError:
        if "SSL is not supported by this build" in (folder / "postgres" / "server.log").read_text():
            pytest.skip("the PostgreSQL of this machine was built without TLS")
        raise
    return server


@pytest.fixture(scope="session")
def organisation_keys(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make the organisation's keys once."""
    folder = tmp_path_factory.mktemp("keys")
    make_keys(folder)
    return folder
