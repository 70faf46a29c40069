"""A laptop in wrong hands, or its credentials: what it may try with its login, and what comes of it (I14).

What can't be prevented, because PostgreSQL leaves it to every login, or because a laptop may do just that:

- statements that run for ever on a core of the server's: a laptop lifts its own `statement_timeout`. Others
  go on meanwhile, `central watch` and the administrator end it, and a login has two connections, no more;
- settings of its own role, which reach nobody else: at worst it locks itself out;
- LISTEN, and NOTIFY to whoever listens: nothing of ours does;
- reading the names of other roles and databases, and their settings;
- sending as many records of its own as its daily quota allows, with any time and number in them;
- announcing records that it never delivers, and lives that it never had: the office sees what it owes;
- one call's parameters in the server's memory, up to a gigabyte, until they are refused.
"""

from collections.abc import Callable
from contextlib import closing
from threading import Event, Thread
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from psycopg import sql
from tests.central.conftest import PUSH, Laptop, Row, Sent, digests, hello, prove, push, push_columns

from stojnica.central.projector import project_all
from stojnica.central.status import central_status
from stojnica.domain.fact import content_hash
from stojnica.domain.kinds import OFFICE_KINDS
from stojnica.records.typed import TYPED_TABLES

pytestmark = pytest.mark.server
Line = psycopg.Connection[Row]
Denied = psycopg.errors.InsufficientPrivilege
HIGHEST = 2**63 - 1
NAMES = ("ids", "hashes", "bodies", "kinds", "subjects", "events", "incarnations", "seqs", "captured")
TYPES = ("uuid", "bytea", "bytea", "text", "uuid", "uuid", "uuid", "bigint", "bigint")
COUNTED = "SELECT (SELECT count(*) FROM hub.fact), (SELECT count(*) FROM hub.delivery)"


def columns_of(sent: list[Sent]) -> list[list[Any]]:
    return [list(column) for column in zip(*(one.columns for one in sent), strict=True)]


def literal(column: list[Any], kind: str) -> str:
    """Write one array as text, so that it can be bent into shapes that no client makes."""
    values = [value.hex() if isinstance(value, bytes) else str(value) for value in column]
    return "{" + ",".join(f'"\\\\x{value}"' if kind == "bytea" else f'"{value}"' for value in values) + "}"


def push_as_text(line: Line, columns: list[str]) -> list[str]:
    places = ", ".join(f"%s::{kind}[]" for kind in TYPES)
    row = line.execute(f"SELECT answers FROM api.push({places})".encode(), columns).fetchone()
    assert row is not None
    return list(row[0])


def test_i14_nothing_is_learned_about_what_another_laptop_delivered(
    new_laptop: Callable[[str], Laptop], admin: Line
) -> None:
    one, other = new_laptop("One"), new_laptop("Other")
    theirs = one.facts(3)
    with one.connect() as line:
        push(line, theirs)

    # When another asks with the first one's ids, hashes and incarnation in each call
    ids, hashes = [item.fact.fact_id for item in theirs], [item.hash for item in theirs]
    buckets = sorted({item[0] for item in hashes})
    with other.connect() as line:
        told = hello(line, [(one.incarnation, 3, theirs[-1].hash)])
        missing = line.execute(
            "SELECT * FROM api.prove_buckets(%s::int[], %s::uuid[], %s::bytea[])", [buckets, ids, hashes]
        ).fetchall()
        covered = line.execute("SELECT * FROM api.covered(%s::uuid[], %s::bytea[])", [ids, hashes]).fetchall()
        differing, code = prove(line, theirs)[:2]
        # It can't use its secret for another's key either: that names its own device.
        with pytest.raises(Denied, match="enrolment_mac"):
            line.execute("SELECT api.enrolled(%s, %s)", [bytes(32), bytes(32)])

    # Then it looks as if there were nothing
    assert [row[7:9] for row in told] == [(0, 0)]
    assert len(missing) == 3
    assert covered == []
    assert differing == buckets
    assert code is None
    assert admin.execute("SELECT DISTINCT device_id FROM hub.delivery").fetchall() == [
        (one.enrolment.device_id,)
    ]


def test_i14_another_laptops_life_is_not_changed_by_claims_about_it(
    new_laptop: Callable[[str], Laptop], admin: Line
) -> None:
    one, other = new_laptop("One"), new_laptop("Other")
    theirs = one.facts(2)
    with one.connect() as line:
        push(line, theirs)
        before = hello(line, [(one.incarnation, 2, theirs[-1].hash)])
    other.incarnation, other.seq = one.incarnation, 0

    with other.connect() as line:
        assert push(line, other.facts(5)) == ["stored"] * 5
        hello(line, [(one.incarnation, HIGHEST, bytes(32))], HIGHEST)

    with one.connect() as line:
        after = hello(line, [(one.incarnation, 2, theirs[-1].hash)])
    assert [row[6:] for row in after] == [row[6:] for row in before]


@pytest.mark.parametrize("kind", sorted(OFFICE_KINDS))
def test_i14_what_only_the_office_may_say_is_kept_and_has_no_effect(
    laptop: Laptop, line: Line, admin: Line, central_url: str, kind: str
) -> None:
    assert push(line, [laptop.fact(kind, data={"name": "Mine", "title": "Mine"})]) == ["stored"]

    assert project_all(central_url).quarantined == 1

    assert admin.execute("SELECT count(*) FROM hub.quarantine").fetchone() == (1,)
    for table in TYPED_TABLES:
        row = admin.execute(sql.SQL("SELECT count(*) FROM hub.{}").format(sql.Identifier(table.name)))
        assert row.fetchone() == (0,)


@pytest.mark.parametrize("place", range(9), ids=NAMES)
@pytest.mark.parametrize("bend", ["NULL", "null", "two_dimensional", "shifted", "shorter", "longer", "empty"])
def test_i14_an_array_in_a_wrong_shape_is_refused_or_damaged_and_stores_nothing_wrong(
    laptop: Laptop, line: Line, admin: Line, place: int, bend: str
) -> None:
    # Given a batch of two, one array of which is bent
    sent = laptop.facts(2)
    texts: list[Any] = [literal(column, kind) for column, kind in zip(columns_of(sent), TYPES, strict=True)]
    texts[5] = "{NULL,NULL}"
    first, second = texts[place][1:-1].split(",")
    texts[place] = {
        "NULL": None,
        "null": f"{{NULL,{second}}}",
        "two_dimensional": f"{{{{{first},{second}}},{{{first},{second}}}}}",
        "shifted": f"[7:8]={{{first},{second}}}",
        "shorter": f"{{{first}}}",
        "longer": f"{{{first},{second},{second}}}",
        "empty": "{}",
    }[bend]

    try:
        answers = push_as_text(line, texts)
    except psycopg.errors.InvalidParameterValue:
        answers = []

    # Then it is refused as a whole, or each fact gets an answer for itself, and only sound ones are there
    assert answers == [] or (len(answers) == 2 and set(answers) <= {"stored", "damaged"})
    row = admin.execute("SELECT count(*), bool_and(sha256(body) = content_hash) FROM hub.fact").fetchone()
    assert row in ((answers.count("stored"), True), (0, None))
    # And the laptop's next push, as it should be, goes through
    assert set(push(line, laptop.facts(2))) == {"stored"}


def test_i14_empty_texts_and_nuls_are_damaged_or_stored_as_they_are(
    laptop: Laptop, line: Line, admin: Line, central_url: str
) -> None:
    sound = laptop.facts(3)
    columns = columns_of(sound)
    columns[3][0] = ""
    columns[2][1] = b""
    told = push_columns(line, columns)
    assert [one[2] for one in told] == ["damaged", "damaged", "stored"]

    # A NUL in a text never gets as far as a function.
    with pytest.raises(psycopg.errors.CharacterNotInRepertoire):
        line.execute("SELECT * FROM api.hello(convert_from('\\x0041', 'UTF8'), 1, '{}', '{}', '{}', 0)")
    # In a body it is bytes like any other, and the projector says what it thinks of it.
    whole = laptop.fact(data={"first_name": "Ana"})
    for word in (b"A\0a", b"A\\u0000a", b"A\\ud800a", b"\xff\xfe"):
        body = whole.body.replace(b"Ana", word)
        bent = Sent(whole.fact, body, whole.incarnation, laptop.seq, content_hash(body))
        assert push(line, [bent]) == ["stored"]
    project_all(central_url)
    assert admin.execute("SELECT count(*) FROM hub.inbox").fetchone() == (0,)
    assert admin.execute("SELECT count(*) FROM hub.quarantine").fetchone() == (4,)


def test_i14_lives_that_announce_the_highest_number_do_not_hide_the_other_laptops(
    laptop: Laptop, line: Line, central_url: str
) -> None:
    hello(line, [(uuid4(), HIGHEST, b""), (uuid4(), HIGHEST, b"")])

    assert [item.name for item in central_status(central_url).laptops] == ["Stand 1"]


def test_i14_the_highest_numbers_break_no_call_and_not_the_projector(
    laptop: Laptop, line: Line, admin: Line, central_url: str
) -> None:
    laptop.seq = HIGHEST - 1
    late = laptop.fact(captured_at=10**17)
    columns = columns_of([late])
    columns[8] = [HIGHEST]
    assert push_columns(line, columns)[0][2] == "stored"
    lives = [(laptop.incarnation, HIGHEST, late.hash), (uuid4(), HIGHEST, b""), (uuid4(), HIGHEST, b"")]
    for _turn in range(2):
        assert hello(line, lives, HIGHEST)[0][7:9] == (1, HIGHEST)
    for facts in (HIGHEST, 0):
        assert line.execute(
            "SELECT code IS NOT NULL, extra FROM api.prove(%s::bytea, %s::bigint, %s::bigint)",
            [digests([late]), facts, HIGHEST],
        ).fetchone() == (True, 1 - facts)

    project_all(central_url)
    assert admin.execute("SELECT count(*) FROM hub.inbox").fetchone() == (0,)
    for statement in (
        "SELECT * FROM api.hello('x', 1, '{}', '{}', '{}', -1)",
        "SELECT * FROM api.prove(decode(repeat('00', 8192), 'hex'), -1, 0)",
        "SELECT * FROM api.prove(decode(repeat('00', 8192), 'hex'), 0, -1)",
    ):
        with pytest.raises(psycopg.errors.InvalidParameterValue, match="shape"):
            line.execute(statement.encode())


@pytest.mark.parametrize("megabytes", [40, pytest.param(300, marks=pytest.mark.nightly)])
def test_i14_parameters_of_any_size_are_refused_and_hinder_nobody(
    new_laptop: Callable[[str], Laptop], admin: Line, megabytes: int
) -> None:
    one, other = new_laptop("One"), new_laptop("Other")
    big = one.facts(1)
    columns = columns_of(big)
    with one.connect() as line, other.connect() as meanwhile:
        for place in (1, 2):
            bent = [*columns[:place], [bytes(megabytes * 1024 * 1024)], *columns[place + 1 :]]
            with pytest.raises(psycopg.errors.InvalidParameterValue, match="batch_bytes"):
                line.execute(PUSH.format(schema="api"), bent)
            assert push(meanwhile, other.facts(1)) == ["stored"]
        # 500 facts of the largest size are 128 MB: a laptop never sends more than one.
        with pytest.raises(psycopg.errors.InvalidParameterValue, match="batch_bytes"):
            line.execute(PUSH.format(schema="api"), [column * 20 for column in _with_body(columns, 262_144)])
        with pytest.raises(psycopg.errors.InvalidParameterValue, match="shape"):
            line.execute(
                "SELECT * FROM api.hello('x', 1, %s::uuid[], %s::bigint[], %s::bytea[], 0)",
                [[uuid4()], [1], [bytes(megabytes * 1024 * 1024)]],
            )
        assert push(line, big) == ["stored"]
    assert admin.execute(COUNTED).fetchone() == (3, 3)


def _with_body(columns: list[list[Any]], size: int) -> list[list[Any]]:
    return [*columns[:2], [bytes(size)], *columns[3:]]


def test_i14_an_endless_statement_hinders_no_other_laptop_and_can_be_ended(
    new_laptop: Callable[[str], Laptop], admin: Line
) -> None:
    one, other = new_laptop("One"), new_laptop("Other")
    ended: list[str | None] = []

    def run_for_ever() -> None:
        with closing(one.connect()) as line:
            line.execute("SET statement_timeout = 0")
            try:
                line.execute(
                    "SELECT count(*) FROM generate_series(1, 1000000) a, generate_series(1, 1000000) b"
                )
            except psycopg.Error as error:
                ended.append(error.sqlstate)

    thread = Thread(target=run_for_ever)
    thread.start()
    running = "SELECT pid FROM pg_stat_activity WHERE usename = %s AND query LIKE '%%generate_series%%'"
    for _try in range(1000):
        if found := admin.execute(running, [one.enrolment.role]).fetchall():
            break
        Event().wait(0.01)

    with other.connect() as line:
        facts = other.facts(3)
        assert push(line, facts) == ["stored"] * 3
        assert prove(line, facts)[1] is not None

    assert admin.execute("SELECT pg_terminate_backend(%s)", found[0]).fetchone() == (True,)
    thread.join(30)
    assert ended == ["57P01"]


OWN_SETTINGS = {
    "search_path": "pg_temp, public",
    "check_function_bodies": "off",
    "DateStyle": "German, DMY",
    "IntervalStyle": "sql_standard",
    "bytea_output": "escape",
    "TimeZone": "Pacific/Kiritimati",
    "extra_float_digits": "-15",
    "transform_null_equals": "on",
    "backslash_quote": "on",
    "quote_all_identifiers": "on",
    "xmloption": "document",
    "client_encoding": "LATIN1",
    "default_transaction_isolation": "serializable",
    "row_security": "off",
    "synchronous_commit": "off",
    "plan_cache_mode": "force_generic_plan",
    "enable_hashjoin": "off",
    "enable_nestloop": "off",
    "enable_indexscan": "off",
    "from_collapse_limit": "1",
    "work_mem": "64kB",
    "jit": "on",
    "password_encryption": "md5",
    "default_text_search_config": "simple",
    "lc_numeric": "C",
}


@pytest.mark.parametrize("name", OWN_SETTINGS)
def test_i14_a_setting_of_its_own_role_breaks_no_function(laptop: Laptop, admin: Line, name: str) -> None:
    with laptop.connect() as line:
        line.execute(
            sql.SQL("ALTER ROLE CURRENT_USER SET {} = {}").format(
                sql.SQL(name), sql.Literal(OWN_SETTINGS[name])
            )
        )

    with laptop.connect() as line:
        facts = laptop.facts(3)
        assert push(line, facts) == ["stored"] * 3
        assert hello(line, [(laptop.incarnation, 3, facts[-1].hash)])[0][7:9] == (3, 3)
        assert prove(line, facts)[1] is not None
    assert admin.execute(COUNTED).fetchone() == (3, 3)


def test_i14_the_languages_own_settings_break_no_function(laptop: Laptop, line: Line) -> None:
    # Before the language is loaded, anybody may say anything.
    for setting in ("variable_conflict = 'error'", "extra_errors = 'all'", "check_asserts = off"):
        line.execute(f"SET plpgsql.{setting}".encode())

    facts = laptop.facts(3)
    assert push(line, facts) == ["stored"] * 3
    assert hello(line, [(laptop.incarnation, 3, facts[-1].hash)])[0][7:9] == (3, 3)
    assert prove(line, facts)[1] is not None


def test_i14_a_setting_that_locks_out_locks_out_only_itself(
    new_laptop: Callable[[str], Laptop], admin: Line
) -> None:
    one, other = new_laptop("One"), new_laptop("Other")
    with one.connect() as line:
        line.execute("ALTER ROLE CURRENT_USER SET default_transaction_read_only = on")

    with one.connect() as line, other.connect() as meanwhile:
        with pytest.raises(psycopg.errors.ReadOnlySqlTransaction):
            push(line, one.facts(1))
        assert push(meanwhile, other.facts(1)) == ["stored"]


@pytest.mark.parametrize(
    "setting",
    [
        *("session_replication_role = 'replica'", "lc_messages = 'C'", "log_statement = 'all'"),
        *("log_min_messages = 'debug5'", "session_preload_libraries = 'x'", "deadlock_timeout = '1ms'"),
        *("zero_damaged_pages = on", "allow_system_table_mods = on", "track_activities = off"),
        *("commit_delay = 100000", "temp_file_limit = -1", "max_stack_depth = '1MB'"),
    ],
)
def test_i14_settings_that_reach_further_are_denied(line: Line, setting: str) -> None:
    for statement in (f"ALTER ROLE CURRENT_USER SET {setting}", f"SET {setting}"):
        with pytest.raises(Denied):
            line.execute(statement.encode())


def test_i14_a_push_that_is_never_committed_is_not_there(laptop: Laptop, line: Line, admin: Line) -> None:
    # A transaction left open, a cursor that outlives it, and one that is prepared for later
    line.execute("BEGIN")
    assert push(line, laptop.facts(1)) == ["stored"]
    with pytest.raises(psycopg.errors.Error):
        line.execute("PREPARE TRANSACTION 'mine'")
    line.execute("ROLLBACK")
    assert admin.execute(COUNTED).fetchone() == (0, 0)

    line.execute("BEGIN")
    line.execute("DECLARE mine CURSOR WITH HOLD FOR SELECT * FROM api.briefing(0)")
    line.execute("COMMIT")
    assert line.execute("FETCH ALL FROM mine").fetchall() == []


def test_i14_listening_hears_nothing_of_ours_and_copying_reaches_no_table(
    new_laptop: Callable[[str], Laptop], central_url: str
) -> None:
    one, other = new_laptop("One"), new_laptop("Other")
    with one.connect() as line, other.connect() as meanwhile:
        line.execute("LISTEN hub")
        line.execute('LISTEN "api"')
        push(meanwhile, other.facts(2))
        project_all(central_url)
        line.execute("SELECT 1")
        assert line.pgconn.notifies() is None
        for statement in ("COPY hub.fact FROM STDIN", "COPY (TABLE hub.fact) TO STDOUT"):
            with pytest.raises(Denied):
                line.execute(statement.encode())
        # Roles that take part in nothing: there is none to become, and this is the only way back.
        line.execute("SET ROLE NONE")
        assert push(line, one.facts(1)) == ["stored"]
