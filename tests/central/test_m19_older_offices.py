"""An office that was set up by an earlier version: upgraded by the next init, with all that it holds."""

from collections.abc import Iterator
from hashlib import sha256
from uuid import uuid4

import psycopg
import pytest
from alembic import command
from alembic.script import ScriptDirectory
from psycopg import sql

from stojnica.central.connect import driver_of, office_engine
from stojnica.central.embedded import EmbeddedServer
from stojnica.central.init import _config, _history, init
from stojnica.central.office_reads import missed_questions
from stojnica.central.projector import project_all
from stojnica.central.roles import OWNER, make_roles, make_schemas
from stojnica.domain import kinds
from stojnica.domain.fact import Fact, encode
from stojnica.domain.ids import new_id

pytestmark = pytest.mark.server
REVISIONS = sorted(script.revision for script in ScriptDirectory(str(_history())).walk_revisions())
SHAPE = """
SELECT 'column', c.table_schema, c.table_name, c.column_name, c.data_type, c.is_nullable
FROM information_schema.columns c WHERE c.table_schema IN ('hub', 'api', 'office_api')
UNION ALL
SELECT 'function', n.nspname, p.proname, pg_get_function_identity_arguments(p.oid), md5(p.prosrc),
    coalesce(p.proacl::text, '')
FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace WHERE n.nspname IN ('hub', 'api', 'office_api')
ORDER BY 1, 2, 3, 4
"""


@pytest.fixture
def empty_url(postgres_server: EmbeddedServer) -> Iterator[str]:
    """Give the administrator's address of a database in which nothing is yet."""
    name = f"older_{uuid4().hex[:12]}"
    with psycopg.connect(postgres_server.url_of("postgres"), autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        yield postgres_server.url_of(name)
        connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


def set_up_as_before(url: str, revision: str) -> None:
    """Do what init did when this revision was the newest, and take one question of a laptop in."""
    branch, device = uuid4(), uuid4()
    fact = Fact(new_id(), kinds.QUESTION_MISSED, uuid4(), {"text": "Kdaj?", "language": "sl"}, 1)
    body = encode(fact)
    with office_engine(url).begin() as connection:
        driver = driver_of(connection)
        make_roles(driver)
        make_schemas(driver)
        driver.execute(sql.SQL("SET LOCAL ROLE {}").format(sql.Identifier(OWNER)))
        command.upgrade(_config(connection), revision)
        driver.execute("INSERT INTO hub.server VALUES (%s, 1)", [uuid4()])
        driver.execute(
            "INSERT INTO hub.branch (branch_id, name, created_at) VALUES (%s, 'Branch', 1)", [branch]
        )
        driver.execute(
            "INSERT INTO hub.device (branch_id, device_id, role_name, name, kind, created_at)"
            " VALUES (%s, %s, 'nobody', 'Stand 1', 'laptop', 1)",
            [branch, device],
        )
        key = [branch, fact.fact_id, sha256(body).digest()]
        driver.execute(
            "INSERT INTO hub.fact VALUES (%s, %s, %s, %s, %s, NULL, %s, 1, 1, %s)",
            [*key, fact.kind, fact.subject_id, uuid4(), body],
        )
        driver.execute(
            "INSERT INTO hub.delivery VALUES (%s, %s, %s, %s, %s, %s, 1, 'direct', 1)",
            [branch, device, fact.fact_id, key[2], key[2][0], uuid4()],
        )


def shape_of(url: str) -> list[tuple[object, ...]]:
    with psycopg.connect(url) as connection:
        return connection.execute(SHAPE.encode()).fetchall()


@pytest.mark.parametrize("revision", REVISIONS[:-1])
def test_m19_an_office_set_up_by_an_earlier_version_keeps_its_records_and_gets_all_that_is_new(
    empty_url: str, central_url: str, revision: str
) -> None:
    set_up_as_before(empty_url, revision)

    init(empty_url)
    project_all(empty_url)

    assert [item.text for item in missed_questions(empty_url)] == ["Kdaj?"]
    assert shape_of(empty_url) == shape_of(central_url)


def test_the_history_has_one_line_in_the_order_of_its_numbers() -> None:
    scripts = {
        script.revision: script.down_revision for script in ScriptDirectory(str(_history())).walk_revisions()
    }

    assert [scripts[revision] for revision in REVISIONS] == [None, *REVISIONS[:-1]]
