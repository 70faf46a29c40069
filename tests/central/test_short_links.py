"""The office sets short links up: the codes of all laptops' print runs, in its own server's rules."""

import json
from pathlib import Path
from typing import Any

import psycopg
import pytest
from psycopg import sql
from tests.central.conftest import Laptop, Row, Sent, push
from tests.unit.conftest import office_document

from stojnica.central.office_reads import printed_pieces, short_links
from stojnica.central.projector import project_all
from stojnica.central.publish import publish
from stojnica.central.roles import OFFICE
from stojnica.cli.main import main
from stojnica.domain import kinds

pytestmark = pytest.mark.server
Line = psycopg.Connection[Row]
BASE = "https://example.org/l/"
TARGET = "https://example.org/tabori?utm_content=camps-sl-7c2k4m"


def prepared(laptop: Laptop, code: str, target: str = TARGET, **more: Any) -> Sent:
    piece = {"flyer": "camps", "template": "promise", "size": "A6", "language": "sl"}
    return laptop.fact(kinds.PRINT_PREPARED, data={"code": code, "target": target, **piece}, **more)


def in_order(sent: list[Sent]) -> list[Sent]:
    return sorted(sent, key=lambda one: (one.fact.fact_id, one.hash))


@pytest.fixture
def published(central_url: str, organisation_keys: Path, tmp_path: Path) -> str:
    """Publish a document with short links; gives the database's address."""
    file = tmp_path / "organisation.json"
    file.write_text(json.dumps(office_document() | {"short_links": {"base": BASE}}))
    publish(central_url, file=file, keys_dir=organisation_keys)
    return central_url


def test_the_office_writes_rules_for_what_the_laptops_prepared(
    laptop: Laptop, line: Line, published: str, capsys: pytest.CaptureFixture[str]
) -> None:
    push(line, [prepared(laptop, "7c2k4m")])
    project_all(published)

    assert main(["central", "redirects", published, "--nginx"]) == 0

    told = capsys.readouterr().out
    assert f'location = /l/7c2k4m {{ return 302 "{TARGET}"; }}  # camps · sl' in told


def test_a_run_that_no_laptop_of_ours_can_have_said_gets_no_rule_and_stops_nothing(
    laptop: Laptop, line: Line, published: str, tmp_path: Path
) -> None:
    sent = [
        prepared(laptop, "7c2k4m"),
        prepared(laptop, "7c2k4n", 'https://example.org/"; } location / {'),
        prepared(laptop, "../../x"),
    ]
    push(line, in_order(sent))
    assert project_all(published).quarantined == 0

    assert main(["central", "redirects", published, "--static", str(tmp_path / "l")]) == 0

    assert [path.name for path in (tmp_path / "l").iterdir()] == ["7c2k4m"]


def test_two_laptops_with_one_code_are_named_and_led_nowhere(
    laptop: Laptop, line: Line, published: str, capsys: pytest.CaptureFixture[str]
) -> None:
    push(line, in_order([prepared(laptop, "7c2k4m"), prepared(laptop, "7c2k4m", "https://example.org/x")]))
    project_all(published)

    assert main(["central", "redirects", published, "--apache"]) == 0

    told = capsys.readouterr()
    assert "7c2k4m" in told.err
    assert "Redirect 302" not in told.out


def test_how_many_were_printed_arrives_too_and_a_voided_run_gets_no_rule(
    laptop: Laptop, line: Line, published: str
) -> None:
    run, taken_back = prepared(laptop, "7c2k4m"), prepared(laptop, "7c2k4n")
    subject_id = run.fact.subject_id
    printings = [
        laptop.fact(kinds.PRINTED, subject_id=subject_id, data={"pieces": pieces, "where": "printer"})
        for pieces in (200, 40)
    ]
    void = laptop.fact(kinds.VOIDED, subject_id=taken_back.fact.subject_id, data={"reason": "undone"})
    push(line, in_order([run, taken_back, *printings, void]))
    project_all(published)

    (found,) = short_links(published).redirects

    assert found.code == "7c2k4m"
    assert [(item.flyer, item.pieces) for item in printed_pieces(published)] == [("camps", 240)]


def test_the_office_sees_what_was_printed_for_which_event(
    laptop: Laptop, line: Line, published: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["central", "prints", published]) == 0
    assert capsys.readouterr().out == "Nothing was printed yet.\n"
    run, saved = prepared(laptop, "7c2k4m"), prepared(laptop, "7c2k4n")
    printings = [
        laptop.fact(kinds.PRINTED, subject_id=run.fact.subject_id, data={"pieces": 8, "where": "printer"}),
        laptop.fact(kinds.PRINTED, subject_id=saved.fact.subject_id, data={"pieces": 0, "where": "file"}),
    ]
    push(line, in_order([run, saved, *printings]))
    project_all(published)

    assert main(["central", "prints", published]) == 0
    told = capsys.readouterr().out
    assert main(["central", "prints", published, "--json"]) == 0

    assert told == "8× · camps · sl\n"
    assert [item["pieces"] for item in json.loads(capsys.readouterr().out)["prints"]] == [8]


def test_without_a_published_base_the_office_is_told_what_to_do(
    central_url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["central", "redirects", central_url, "--nginx"]) == 1
    assert "short_links" in capsys.readouterr().err

    assert main(["central", "redirects", central_url, "--nginx", "--base", BASE]) == 0
    assert main(["central", "redirects", central_url, "--nginx", "--base", "http://example.org/"]) == 1


def test_programs_get_the_rules_as_json(
    laptop: Laptop, line: Line, published: str, capsys: pytest.CaptureFixture[str]
) -> None:
    push(line, [prepared(laptop, "7c2k4m")])
    project_all(published)

    main(["central", "redirects", published, "--nginx", "--json"])

    told = json.loads(capsys.readouterr().out)
    assert told["redirects"] == [{"code": "7c2k4m", "target": TARGET}]
    assert told["base"] == BASE


def test_i14_codes_are_read_through_functions_and_no_laptop_may_call_them(
    admin: Line, line: Line, laptop: Laptop
) -> None:
    branch = laptop.enrolment.branch_id
    calls = (
        sql.SQL("SELECT * FROM office_api.print_runs({}, 9)").format(branch),
        sql.SQL("SELECT * FROM office_api.published({})").format(branch),
    )
    admin.execute(sql.SQL("SET ROLE {}").format(sql.Identifier(OFFICE)))
    for call in calls:
        assert admin.execute(call).fetchall() is not None
    for table in ("print_run", "briefing"):
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            admin.execute(sql.SQL("SELECT 1 FROM hub.{}").format(sql.Identifier(table)))
    admin.execute("RESET ROLE")

    for call in calls:
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            line.execute(call)
