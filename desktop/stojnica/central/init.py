"""Set a central database up, or bring it up to date: roles, schemas, tables, functions, rights."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

import psycopg
from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from psycopg import sql
from sqlalchemy.engine import Connection

from stojnica.central.connect import driver_of, office_engine, told_plainly
from stojnica.central.roles import OWNER, PROJECTOR, close_to_public, make_roles, make_schemas
from stojnica.central.server_binaries import OLDEST_MAJOR
from stojnica.domain.errors import UserFacingError
from stojnica.domain.ids import new_id
from stojnica.i18n import gettext as _
from stojnica.records.typed import PROJECTION_VERSION, TYPED_TABLES, create_typed_tables, drop_typed_tables

LAPTOP_FUNCTIONS = (
    *("hello", "push", "erase", "prove", "prove_buckets", "covered", "briefing", "enrolled"),
    *("erase_orders", "erased", "erase_heard", "erased_late", "erased_late_done"),
    *("erase_heard_before", "erase_old", "state_erased", "stated_erased"),
)


@dataclass(frozen=True, slots=True)
class CentralIdentity:
    """Name a central database and its branch.

    `still_open` names what a superuser would have to take from PUBLIC, when the login given is none.
    """

    server_id: UUID
    branch_id: UUID
    still_open: tuple[str, ...] = ()


def init(url: str, *, branch_name: str = "") -> CentralIdentity:
    """Make or upgrade everything in one transaction; a second time changes nothing.

    The branch is made on the first call; a name given later renames it.

    Raises:
        UserFacingError: not reachable, not allowed, an older server, or a schema newer than this program.
    """
    engine = office_engine(url)
    with told_plainly(), engine.begin() as connection:
        driver = driver_of(connection)
        _check_server(driver)
        check_schema_is_known(driver)
        make_roles(driver)
        make_schemas(driver)
        driver.execute(sql.SQL("SET LOCAL ROLE {}").format(sql.Identifier(OWNER)))
        command.upgrade(_config(connection), "head")
        _bring_typed_tables_up_to_date(connection, driver)
        _let_the_projector_write(driver)
        _let_laptops_call(driver)
        server_id, branch_id = _identity(driver, branch_name)
        driver.execute("RESET ROLE")
        return CentralIdentity(server_id, branch_id, close_to_public(driver))


def let_laptop_call(connection: psycopg.Connection[Any], role_name: str) -> None:
    """Give one laptop's login the functions of `api`, and nothing else.

    Each login gets them under its own name and is a member of nothing, so that there is no role to take on.
    """
    role = sql.Identifier(role_name)
    connection.execute(sql.SQL("GRANT USAGE ON SCHEMA api TO {}").format(role))
    for name in LAPTOP_FUNCTIONS:
        connection.execute(
            sql.SQL("GRANT EXECUTE ON FUNCTION api.{} TO {}").format(sql.Identifier(name), role)
        )


def check_schema_is_known(connection: psycopg.Connection[Any]) -> None:
    """Refuse a database that a newer program has upgraded.

    Raises:
        UserFacingError: this program is older than the schema.
    """
    there = connection.execute("SELECT to_regclass('hub.alembic_version')").fetchone()
    if there is None or there[0] is None:
        return
    known = {script.revision for script in ScriptDirectory(str(_history())).walk_revisions()}
    for (revision,) in connection.execute("SELECT version_num FROM hub.alembic_version").fetchall():
        if revision not in known:
            raise UserFacingError(
                _("The central database was set up by a newer version of Stojnica."),
                safe=_("Nothing was changed."),
                next_step=_("Update Stojnica on this computer."),
                code="newer_schema",
            )


def _history() -> Path:
    return Path(__file__).parent / "migrations"


def _config(connection: Connection) -> Config:
    config = Config()
    config.set_main_option("script_location", str(_history()).replace("%", "%%"))
    config.attributes["connection"] = connection
    return config


def _check_server(connection: psycopg.Connection[Any]) -> None:
    if connection.info.server_version < OLDEST_MAJOR * 10_000:
        raise UserFacingError(
            _("The PostgreSQL server is too old."),
            safe=_("Nothing was changed."),
            next_step=_("Stojnica needs PostgreSQL {major} or later.").format(major=OLDEST_MAJOR),
            code="server_version",
        )


def _bring_typed_tables_up_to_date(connection: Connection, driver: psycopg.Connection[Any]) -> None:
    """Make the typed tables; those of another projection go, and all facts wait for the projector again."""
    note = f"projection {PROJECTION_VERSION}"
    row = driver.execute(
        "SELECT obj_description(to_regclass(%s), 'pg_class')", [f"hub.{TYPED_TABLES[0].name}"]
    ).fetchone()
    if row is not None and row[0] == note:
        create_typed_tables(connection)
        return
    drop_typed_tables(connection)
    create_typed_tables(connection)
    for table in TYPED_TABLES:
        driver.execute(
            sql.SQL("COMMENT ON TABLE hub.{} IS {}").format(sql.Identifier(table.name), sql.Literal(note))
        )
    driver.execute(
        "INSERT INTO hub.inbox (branch_id, inbox_id, fact_ids, hashes, subject_ids, received_at)"
        " SELECT branch_id, gen_random_uuid(), array_agg(fact_id), array_agg(content_hash),"
        " array_agg(subject_id), hub.now_us()"
        " FROM (SELECT f.*, (row_number() OVER (PARTITION BY branch_id ORDER BY fact_id) - 1) / 500 AS part"
        " FROM hub.fact f) numbered GROUP BY branch_id, part"
    )


def _let_the_projector_write(connection: psycopg.Connection[Any]) -> None:
    for table in TYPED_TABLES:
        connection.execute(
            sql.SQL("GRANT SELECT, INSERT, UPDATE, DELETE ON hub.{} TO {}").format(
                sql.Identifier(table.name), sql.Identifier(PROJECTOR)
            )
        )


def _let_laptops_call(connection: psycopg.Connection[Any]) -> None:
    """Give laptops that were enrolled before an upgrade the functions that came with it."""
    for (role_name,) in connection.execute(
        "SELECT l.role_name FROM hub.login l JOIN pg_roles r ON r.rolname = l.role_name"
        " WHERE l.kind = 'laptop'"
    ).fetchall():
        let_laptop_call(connection, role_name)


def _identity(connection: psycopg.Connection[Any], branch_name: str) -> tuple[UUID, UUID]:
    row = connection.execute("SELECT server_id FROM hub.server").fetchone()
    if row is None:
        row = connection.execute(
            "INSERT INTO hub.server (server_id, created_at) VALUES (%s, hub.now_us()) RETURNING server_id",
            [new_id()],
        ).fetchone()
    branch = connection.execute("SELECT branch_id FROM hub.branch ORDER BY created_at, branch_id").fetchone()
    if branch is None:
        branch = connection.execute(
            "INSERT INTO hub.branch (branch_id, name, created_at) VALUES (%s, %s, hub.now_us())"
            " RETURNING branch_id",
            [new_id(), branch_name],
        ).fetchone()
    elif branch_name:
        connection.execute("UPDATE hub.branch SET name = %s WHERE branch_id = %s", [branch_name, branch[0]])
    assert row is not None
    assert branch is not None
    connection.execute("SELECT hub.make_mark_key(%s)", [branch[0]])
    return row[0], branch[0]
