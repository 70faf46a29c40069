"""The office's own connections: what goes wrong is told in words, and setting up twice changes nothing."""

import json
import re
from pathlib import Path

import psycopg
import pytest
from psycopg import sql
from psycopg.conninfo import make_conninfo
from tests.central.conftest import Laptop, Row, hello, prove, push

from stojnica.central.connect import connect, told_plainly
from stojnica.central.embedded import EmbeddedServer
from stojnica.central.enrol import enrol, make_enrolment
from stojnica.central.enrolment import ServerHost, open_enrolment
from stojnica.central.init import init
from stojnica.central.revoke import revoke
from stojnica.central.status import central_status
from stojnica.cli.main import main
from stojnica.domain.errors import UserFacingError
from stojnica.domain.ids import new_id
from stojnica.services.written_time import written_moment

pytestmark = pytest.mark.server
Line = psycopg.Connection[Row]


def code_of(url: str) -> str:
    with pytest.raises(UserFacingError) as caught:
        connect(url)
    assert caught.value.what
    assert caught.value.next_step
    # The words are for people: neither password nor the server's own language is in them.
    assert "secret" not in caught.value.sentences()
    return caught.value.code


def test_a_server_that_cannot_be_reached_is_told(central_url: str) -> None:
    assert code_of("postgresql://user:secret@127.0.0.1:1/hub") == "unreachable"
    assert code_of("postgresql://user:secret@nowhere.invalid/hub") == "unreachable"


def test_a_wrong_password_or_user_is_told(central_url: str) -> None:
    assert code_of(make_conninfo(central_url, password="secret")) == "wrong_password"
    assert code_of(make_conninfo(central_url, user="nobody", password="secret")) == "wrong_password"


def test_a_wrong_database_is_told(central_url: str, postgres_server: EmbeddedServer) -> None:
    assert code_of(make_conninfo(central_url, dbname="nowhere")) == "wrong_database"
    with pytest.raises(UserFacingError) as caught:
        central_status(postgres_server.url_of("postgres"))
    assert caught.value.code == "wrong_database"
    assert "central init" in caught.value.next_step


@pytest.mark.parametrize("url", ["nonsense", "https://example.org", "postgresql://[::1", "port=x host=y"])
def test_an_address_that_is_none_is_told(url: str) -> None:
    assert code_of(url) in {"address", "unreachable"}


def test_setting_up_again_changes_nothing_and_a_name_renames_the_branch(
    central_url: str, admin: Line
) -> None:
    first = init(central_url)

    assert init(central_url, branch_name="Kranj") == first
    assert first.still_open == ()
    assert admin.execute("SELECT name FROM hub.branch").fetchall() == [("Kranj",)]
    assert admin.execute("SELECT count(*) FROM hub.server").fetchone() == (1,)


def test_m19_a_schema_of_a_newer_program_is_left_alone(
    central_url: str, admin: Line, organisation_keys: Path
) -> None:
    admin.execute("UPDATE hub.alembic_version SET version_num = '9999'")

    for act in (
        lambda: init(central_url),
        lambda: make_enrolment(central_url, name="x", keys_dir=organisation_keys),
    ):
        with pytest.raises(UserFacingError) as caught:
            act()
        assert caught.value.code == "newer_schema"
    assert admin.execute("SELECT version_num FROM hub.alembic_version").fetchall() == [("9999",)]


def test_an_owner_who_is_no_superuser_sets_up_what_it_may_and_names_the_rest(
    postgres_server: EmbeddedServer,
) -> None:
    suffix = new_id().hex[-8:]
    owner, database = sql.Identifier(f"owner_{suffix}"), sql.Identifier(f"managed_{suffix}")
    with psycopg.connect(postgres_server.url_of("postgres"), autocommit=True) as admin:
        admin.execute(sql.SQL("CREATE ROLE {} LOGIN CREATEROLE PASSWORD 'x'").format(owner))
        admin.execute(sql.SQL("CREATE DATABASE {} OWNER {}").format(database, owner))
    url = make_conninfo(postgres_server.url_of(f"managed_{suffix}"), user=f"owner_{suffix}", password="x")

    identity = init(url)

    assert "pg_sleep(double precision)" in identity.still_open
    assert "CONNECT" not in identity.still_open
    assert init(url) == identity


def test_a_laptop_that_was_enrolled_before_an_upgrade_may_call_what_came_with_it(
    laptop: Laptop, line: Line, central_url: str, admin: Line
) -> None:
    role = sql.Identifier(laptop.enrolment.role)
    admin.execute(sql.SQL("REVOKE EXECUTE ON FUNCTION api.briefing FROM {}").format(role))

    init(central_url)

    assert line.execute("SELECT * FROM api.briefing(0)").fetchall() == []


def test_a_sealed_file_lets_its_laptop_in(central_url: str, organisation_keys: Path) -> None:
    made = enrol(central_url, name=" Stand 7 ", keys_dir=organisation_keys)

    opened = open_enrolment(made.data, made.code)

    assert (made.name, opened.name, opened.device_id) == ("Stand 7", "Stand 7", made.device_id)
    with Laptop(opened).connect() as connection:
        assert hello(connection, [])[0][5] == made.device_id


@pytest.mark.parametrize("name", ["", "  ", "x" * 201, "a\nb", "a\u202eb"])
def test_a_name_that_nobody_could_read_out_is_refused(
    central_url: str, organisation_keys: Path, name: str
) -> None:
    with pytest.raises(UserFacingError) as caught:
        make_enrolment(central_url, name=name, keys_dir=organisation_keys)

    assert caught.value.code == "name"


def test_other_ways_to_the_server_go_into_the_file(central_url: str, organisation_keys: Path) -> None:
    ways = (ServerHost("/run/postgresql", 5432), ServerHost("127.0.0.1", 6000))

    assert make_enrolment(central_url, name="x", keys_dir=organisation_keys, hosts=ways).hosts == ways


def test_revoking_a_laptop_that_is_none_is_told(central_url: str) -> None:
    with pytest.raises(UserFacingError) as caught:
        revoke(central_url, new_id())

    assert caught.value.code == "no_such_laptop"


def test_a_laptop_cannot_enrol_another(laptop: Laptop, central_url: str, organisation_keys: Path) -> None:
    enrolment = laptop.enrolment
    url = make_conninfo(central_url, user=enrolment.role, password=enrolment.password)

    with pytest.raises(UserFacingError) as caught:
        make_enrolment(url, name="x", keys_dir=organisation_keys)

    assert caught.value.code == "not_allowed"


def test_the_office_s_terminal_says_days_in_words(
    laptop: Laptop,
    line: Line,
    central_url: str,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("LC_ALL", "sl_SI.UTF-8")
    sent = laptop.facts(1)
    hello(line, [(laptop.incarnation, 1, sent[-1].hash)], facts=1)

    assert main(["central", "status", central_url]) == 0

    said = capsys.readouterr().out.replace("\N{NO-BREAK SPACE}", " ")
    assert re.search(r"nazadnje povezan \d+\. \d+\. 20\d\d ob \d\d\.\d\d", said)
    assert not re.search(r"\d{4}-\d\d-\d\d", said)


def test_i11_the_status_tells_what_each_laptop_owes(laptop: Laptop, line: Line, central_url: str) -> None:
    never = central_status(central_url).laptops[0]
    assert (never.last_seen, never.announced, never.delivered, never.owed) == (None, 0, 0, 0)
    sent = laptop.facts(10)
    # Facts of one millisecond are in any order by their ids: the head is the one with the last number.
    head = next(one for one in sent if one.seq == 10)
    hello(line, [(laptop.incarnation, 10, head.hash)], facts=10)
    push(line, [one for one in sent if one.seq <= 7])

    half = central_status(central_url)

    assert half.waiting == 7
    seen = half.laptops[0]
    assert (seen.announced, seen.delivered, seen.owed) == (10, 7, 3)
    assert seen.program == "stojnica test"
    assert any("3" in text for text in half.lines(written_moment))

    push(line, sent)
    code = prove(line, sent, contacts=4)[1]
    whole = central_status(central_url).laptops[0]
    assert (whole.delivered, whole.owed) == (10, 0)
    assert (whole.receipt_code, whole.receipt_facts, whole.receipt_contacts) == (code, 10, 4)


def test_i11_what_came_after_it_was_announced_makes_no_more_than_all(
    laptop: Laptop, line: Line, central_url: str
) -> None:
    sent = laptop.facts(4)
    hello(line, [(laptop.incarnation, 3, sent[2].hash)], facts=3)

    push(line, sent)

    assert any("4 of 4 records" in text for text in central_status(central_url).lines(written_moment))


def test_i09_facts_of_a_copy_do_not_hide_what_the_other_still_owes(
    laptop: Laptop, line: Line, central_url: str
) -> None:
    sent = laptop.facts(5)
    laptop.seq = 0
    copies = laptop.facts(5)
    hello(line, [(laptop.incarnation, 5, b"")], facts=5)
    push(line, [*(one for one in sent if one.seq <= 2), *(one for one in copies if one.seq <= 2)])

    assert central_status(central_url).laptops[0].owed == 3


def test_the_status_is_values_that_json_can_hold(laptop: Laptop, line: Line, central_url: str) -> None:
    hello(line, [])
    revoke(central_url, laptop.enrolment.device_id)

    status = json.loads(json.dumps(central_status(central_url).as_json()))

    assert status["laptops"][0]["revoked"] is True
    assert status["branch"] == "Branch"


def test_m15_a_full_disk_at_the_server_is_told_as_one(central_url: str) -> None:
    with pytest.raises(UserFacingError) as caught, told_plainly(), connect(central_url) as connection:
        connection.execute("DO $$ BEGIN RAISE EXCEPTION USING ERRCODE = '53100', MESSAGE = 'full'; END $$")

    assert caught.value.code == "server_full"
    assert "disk is full" in caught.value.what
