"""The central schema may one day be spread over several servers: nothing in it may stand in the way."""

import re
from pathlib import Path

import psycopg
import pytest
from tests.central.conftest import Row

from stojnica.central import init as init_module
from stojnica.records.base import Base
from stojnica.records.facts import FACT

pytestmark = pytest.mark.server
Line = psycopg.Connection[Row]
HUB = "'hub'::regnamespace"
# Read before a branch is known; small, and the same on every node.
DIRECTORIES = {"alembic_version", "server", "login"}
FUNCTIONS = "('hub'::regnamespace, 'api'::regnamespace, 'office_api'::regnamespace)"


def values(admin: Line, question: str) -> set[str]:
    return {row[0] for row in admin.execute(question.encode()).fetchall()}


def test_the_branch_leads_every_primary_key_and_unique_constraint(admin: Line) -> None:
    leading = admin.execute(
        "SELECT c.relname, i.relname, a.attname FROM pg_index x"
        " JOIN pg_class c ON c.oid = x.indrelid JOIN pg_class i ON i.oid = x.indexrelid"
        " JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = x.indkey[0]"
        f" WHERE c.relnamespace = {HUB} AND x.indisunique"
    ).fetchall()

    wrong = {(table, index) for table, index, column in leading if column != "branch_id"}
    assert {table for table, _index in wrong} == DIRECTORIES


def test_the_branch_leads_every_other_index_too(admin: Line) -> None:
    wrong = values(
        admin,
        "SELECT i.relname FROM pg_index x JOIN pg_class c ON c.oid = x.indrelid"
        " JOIN pg_class i ON i.oid = x.indexrelid"
        " JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = x.indkey[0]"
        f" WHERE c.relnamespace = {HUB} AND NOT x.indisunique AND a.attname <> 'branch_id'",
    )

    assert wrong == set()


def test_every_table_has_a_primary_key(admin: Line) -> None:
    without = values(
        admin,
        f"SELECT relname FROM pg_class c WHERE relnamespace = {HUB} AND relkind IN ('r', 'p') AND NOT EXISTS"
        " (SELECT FROM pg_constraint k WHERE k.conrelid = c.oid AND k.contype = 'p')",
    )

    assert without == set()


NONE_OF = (
    (
        "sequences, views, foreign and unlogged tables",
        f"SELECT relname FROM pg_class WHERE relnamespace = {HUB}"
        " AND (relkind NOT IN ('r', 'i') OR relpersistence <> 'p')",
    ),
    (
        "triggers",
        f"SELECT tgname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid WHERE c.relnamespace = {HUB}",
    ),
    (
        "rules",
        f"SELECT r.rulename FROM pg_rewrite r JOIN pg_class c ON c.oid = r.ev_class WHERE"
        f" c.relnamespace = {HUB}",
    ),
    (
        "foreign keys, exclusions, deferrable constraints, checks",
        f"SELECT conname FROM pg_constraint WHERE connamespace = {HUB} AND (contype NOT IN ('p', 'u', 'n')"
        " OR condeferrable)",
    ),
    (
        "domains, enums, ranges and types of our own",
        f"SELECT typname FROM pg_type WHERE typnamespace IN {FUNCTIONS} AND typtype NOT IN ('c', 'b')",
    ),
    (
        "identity and generated columns, column grants, defaults that draw numbers",
        "SELECT c.relname || '.' || a.attname FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid"
        f" WHERE c.relnamespace = {HUB} AND a.attnum > 0 AND (a.attidentity <> '' OR a.attgenerated <> ''"
        " OR a.attacl IS NOT NULL)",
    ),
    ("row security", f"SELECT relname FROM pg_class WHERE relnamespace = {HUB} AND relrowsecurity"),
    (
        "functions in another language than PL/pgSQL",
        "SELECT p.proname FROM pg_proc p JOIN pg_language l"
        f" ON l.oid = p.prolang WHERE p.pronamespace IN {FUNCTIONS} AND l.lanname <> 'plpgsql'",
    ),
    (
        "functions without an empty search path",
        "SELECT proname FROM pg_proc WHERE pronamespace IN"
        f" {FUNCTIONS} AND NOT coalesce(proconfig @> ARRAY['search_path=\"\"'], false)",
    ),
    (
        "callable functions that don't run as the owner",
        "SELECT proname FROM pg_proc WHERE pronamespace IN"
        " ('api'::regnamespace, 'office_api'::regnamespace) AND NOT prosecdef",
    ),
    (
        "inner functions that run as the owner",
        f"SELECT proname FROM pg_proc WHERE pronamespace = {HUB} AND prosecdef",
    ),
    (
        "things that another role than the owner owns",
        "SELECT proname::text FROM pg_proc p JOIN pg_roles r ON r.oid = p.proowner"
        f" WHERE p.pronamespace IN {FUNCTIONS} AND r.rolname <> 'hub_owner'"
        " UNION ALL SELECT relname FROM pg_class c JOIN pg_roles r ON r.oid = c.relowner"
        f" WHERE c.relnamespace = {HUB} AND r.rolname <> 'hub_owner'",
    ),
    (
        "functions that anybody may call",
        "SELECT proname FROM pg_proc p WHERE pronamespace IN"
        f" {FUNCTIONS} AND has_function_privilege('public', p.oid, 'EXECUTE')",
    ),
)


def test_there_is_nothing_that_a_spread_database_lacks(admin: Line) -> None:
    for what, question in NONE_OF:
        assert values(admin, question) == set(), what


def test_what_laptops_call_uses_nothing_that_a_spread_database_lacks(admin: Line) -> None:
    bodies = admin.execute(
        f"SELECT proname, prosrc FROM pg_proc WHERE pronamespace IN {FUNCTIONS}"
    ).fetchall()
    assert len(bodies) > 10
    forbidden = re.compile(
        r"advisory|\bLISTEN\b|\bNOTIFY\b|\bCOPY\b|TEMP(ORARY)?\s+TABLE|nextval|\bEXECUTE\b|GET DIAGNOSTICS"
        r"|\bROW_COUNT\b",
        re.IGNORECASE,
    )
    for name, body in bodies:
        assert not forbidden.search(body), name
        # One array at a time in ROWS FROM: unnest(a, b) can't be planned on several nodes.
        assert not re.search(r"unnest\([^()]*,", body), name


def test_each_statement_of_a_function_names_the_branch_for_each_table(admin: Line) -> None:
    bodies = admin.execute(
        f"SELECT proname, prosrc FROM pg_proc WHERE pronamespace IN {FUNCTIONS}"
    ).fetchall()
    for name, body in bodies:
        for statement in body.split(";"):
            tables = [
                table
                for table in re.findall(r"(?:FROM|JOIN|UPDATE|INTO)\s+hub\.(\w+)\b(?!\()", statement)
                if table not in DIRECTORIES
            ]
            named = len(re.findall(r"\bbranch_id\s*=\s*b\b", statement)) + len(
                re.findall(r"(?:SELECT b,|VALUES \(b,)", statement)
            )
            assert named >= len(tables), (name, statement)


def test_the_fact_table_is_the_one_that_the_records_know(admin: Line) -> None:
    columns = admin.execute(
        "SELECT attname, atttypid::regtype::text, attnotnull FROM pg_attribute"
        " WHERE attrelid = 'hub.fact'::regclass AND attnum > 0 AND NOT attisdropped ORDER BY attnum"
    ).fetchall()
    types = {"Id": "uuid", "Bytes": "bytea", "Text": "text", "Whole": "bigint", "Instant": "bigint"}
    expected = [
        (column.name, types[type(column.type).__name__], not column.nullable) for column in FACT.columns
    ]
    assert columns == expected

    indexes = values(
        admin,
        f"SELECT relname FROM pg_class WHERE relnamespace = {HUB} AND relkind = 'i' AND relname ~ '_fact'",
    )
    # Only laptops ask for facts by life and number.
    assert indexes & {str(index.name) for index in FACT.indexes} == {"ix_fact_subject"}
    assert "pk_fact" in indexes
    assert FACT.metadata is Base.metadata


def test_the_history_is_found_beside_the_program() -> None:
    folder = Path(init_module.__file__).parent / "migrations"

    assert (folder / "env.py").is_file()
    assert sorted(path.name for path in (folder / "versions").glob("*.py"))[0] == "0001_first.py"
