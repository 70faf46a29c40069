"""The migrated file and the models say the same tables, columns and indexes, both ways."""

from collections.abc import Callable
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from stojnica.records.base import HUB
from stojnica.records.facts import FACT
from stojnica.records.typed import TYPED_TABLES
from stojnica.storage import schema
from stojnica.storage.home import OpenStore
from stojnica.storage.tables import LAPTOP_TABLES

TABLES = (FACT, *LAPTOP_TABLES, *TYPED_TABLES)


def shape(connection: Connection) -> dict[str, Any]:
    """Read a file's tables from SQLite's own catalogue."""

    def rows(query: str) -> list[tuple[Any, ...]]:
        return [tuple(row) for row in connection.exec_driver_sql(query)]

    listed = rows("SELECT name, wr, strict FROM pragma_table_list WHERE schema = 'main' AND type = 'table'")
    found: dict[str, Any] = {}
    for table, without_rowid, strict in sorted(listed):
        if table.startswith("sqlite_") or table == "alembic_version":
            continue
        indexes = {}
        for _number, name, unique, origin, partial in rows(f"PRAGMA index_list({table})"):
            columns = rows(f"PRAGMA index_xinfo({name})")
            condition = rows(f"SELECT sql FROM sqlite_master WHERE name = '{name}'")
            where = str(condition[0][0]).upper().partition(" WHERE ")[2] if condition and partial else ""
            indexes[name] = (unique, origin, where, columns)
        columns = rows(f"PRAGMA table_info({table})")
        found[table] = {"wr": without_rowid, "strict": strict, "columns": columns, "indexes": indexes}
    return found


def shape_of_models() -> dict[str, Any]:
    engine = sa.create_engine("sqlite://").execution_options(schema_translate_map={HUB: None})
    with engine.connect() as connection:
        for table in TABLES:
            table.create(connection)
        found = shape(connection)
    engine.dispose()
    return found


def test_the_migrated_file_has_exactly_the_tables_of_the_models(opened: OpenStore) -> None:
    migrated = opened.store.read(shape).result(timeout=20)
    models = shape_of_models()

    assert migrated.keys() == models.keys()
    for table, described in models.items():
        assert migrated[table] == described, table


def test_every_table_of_the_models_is_strict_so_that_a_wrong_type_is_an_error() -> None:
    assert all(described["strict"] for described in shape_of_models().values())


def test_the_history_ends_where_the_program_says_it_does() -> None:
    files = sorted(
        path.stem.partition("_")[0] for path in (schema.MIGRATIONS / "versions").glob("s[0-9]*.py")
    )

    assert files == list(schema.REVISIONS)
    assert schema.REVISIONS[-1] == schema.HEAD


def test_a_fresh_store_stands_at_the_newest_step(
    opened: OpenStore, first_names: Callable[[OpenStore], list[str]]
) -> None:
    assert opened.store.read(schema.current_revision).result(timeout=20) == schema.HEAD
    assert first_names(opened) == []
