"""I18: what goes wrong leaves nobody in the log of a PostgreSQL that was set up by somebody else."""

from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from psycopg import sql
from tests.central.conftest import Laptop, push

from stojnica.central.embedded import EmbeddedServer
from stojnica.central.enrol import make_enrolment
from stojnica.central.init import init
from stojnica.central.projector import project_all

pytestmark = pytest.mark.server
# As PostgreSQL comes: every error with its statement, its context and the row that it is about.
_AS_IT_COMES = {
    "log_error_verbosity": "default",
    "log_min_error_statement": "error",
    "fsync": "off",
    "shared_buffers": "32MB",
}


@pytest.fixture
def server(tmp_path: Path) -> Iterator[EmbeddedServer]:
    """Run a server with the settings that it comes with, and an empty database."""
    with EmbeddedServer(tmp_path / "server", settings=_AS_IT_COMES) as server:
        with psycopg.connect(server.url_of("postgres"), autocommit=True) as admin:
            admin.execute("CREATE DATABASE central")
            admin.execute("CREATE DATABASE other")
        yield server


def test_i18_errors_of_the_projector_and_of_laptops_leave_no_person_in_the_log(
    server: EmbeddedServer, organisation_keys: Path
) -> None:
    # Given a laptop, and an office that can't take in what it brings
    url = server.url_of("central")
    init(url, branch_name="Branch")
    laptop = Laptop(make_enrolment(url, name="Stand 1", keys_dir=organisation_keys))
    with psycopg.connect(url, autocommit=True) as admin:
        admin.execute("ALTER TABLE hub.signup ADD CHECK (first_name <> 'Žana')")

    # When things go wrong on both sides
    with laptop.connect() as line:
        push(line, laptop.facts(2))
        with pytest.raises(psycopg.Error):
            line.execute("SELECT api.nothing('zana@example.org')")
    assert project_all(url).quarantined == 2
    with psycopg.connect(url, autocommit=True) as admin, pytest.raises(psycopg.Error):
        admin.execute("INSERT INTO hub.fact SELECT * FROM hub.fact WHERE %s <> ''", ["zana@example.org"])

    # Then the log tells of it, and of nobody
    log = server.log_path.read_text(encoding="utf-8", errors="replace")
    assert "violates check constraint" in log
    assert "duplicate key" in log
    assert "Žana" not in log
    assert "zana@example.org" not in log


def test_i18_the_search_would_find_somebody_in_the_log_of_such_a_server(server: EmbeddedServer) -> None:
    with psycopg.connect(server.url_of("other"), autocommit=True) as admin:
        admin.execute("CREATE TABLE people (name text CHECK (name <> 'Žana'))")
        with pytest.raises(psycopg.errors.CheckViolation):
            admin.execute(sql.SQL("INSERT INTO people VALUES ({})").format(sql.Literal("Žana")))

    assert "Žana" in server.log_path.read_text(encoding="utf-8", errors="replace")
