"""The office reads which rules of EU funding its stands let by: why, for what and when, and never by whom."""

import json
from typing import Any

import psycopg
import pytest
from psycopg import sql
from tests.central.conftest import Laptop, Row, Sent, push

from stojnica.central.office_reads import overruled_rules
from stojnica.central.projector import project_all
from stojnica.central.roles import OFFICE
from stojnica.cli.main import main
from stojnica.domain import kinds
from stojnica.domain.funding_overrule import FundingOverrule

pytestmark = pytest.mark.server
Line = psycopg.Connection[Row]
FRIDAY_US = 1_726_790_400_000_000  # 20 September 2024


def let_by(laptop: Laptop, rule: str = "eu_height", at_us: int = FRIDAY_US, **more: Any) -> Sent:
    reason = more.pop("reason", "Letaki so že natisnjeni.")
    decided = FundingOverrule(rule, "ab" * 32, "tabori", "promise", "A6", "sl", "9 mm", reason)
    return laptop.fact(
        kinds.FUNDING_OVERRULED, data=decided.data(), operator="Žiga", captured_at=at_us, **more
    )


def in_order(sent: list[Sent]) -> list[Sent]:
    return sorted(sent, key=lambda one: (one.fact.fact_id, one.hash))


def test_the_office_sees_rule_piece_reason_event_and_time(
    laptop: Laptop, line: Line, central_url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    data = {"name": "Festival LUPA", "code": "lupa", "starts": "2024-09-20T10:00", "ends": "2024-09-20T18:00"}
    event = laptop.fact(kinds.EVENT_CREATED, data=data)
    decided = let_by(laptop, event_id=event.fact.subject_id)
    push(line, in_order([event, decided]))
    project_all(central_url)

    (found,) = overruled_rules(central_url)
    assert main(["central", "overrules", central_url]) == 0

    assert (found.rule, found.item, found.size, found.language) == ("eu_height", "tabori", "A6", "sl")
    assert (found.reason, found.measured) == ("Letaki so že natisnjeni.", "9 mm")
    assert (found.event, found.captured_at, found.is_taken_back) == ("Festival LUPA", FRIDAY_US, False)
    told = capsys.readouterr().out
    assert "height of the flag · tabori A6 sl · Festival LUPA · Letaki so že natisnjeni." in told
    assert "2024" in told


def test_i18_whoever_decided_it_is_not_named_in_any_form(
    laptop: Laptop, line: Line, central_url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    push(line, [let_by(laptop)])
    project_all(central_url)

    main(["central", "overrules", central_url])
    main(["central", "overrules", central_url, "--json"])

    assert "Žiga" not in capsys.readouterr().out
    assert "Žiga" not in repr(overruled_rules(central_url))


def test_one_that_was_taken_back_stays_in_the_list_and_says_so(
    laptop: Laptop, line: Line, central_url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    holds, undone = let_by(laptop, "eu_height"), let_by(laptop, "eu_ground", FRIDAY_US + 1)
    void = laptop.fact(
        kinds.VOIDED,
        subject_id=undone.fact.subject_id,
        data={"reason": "undone"},
        supersedes=(undone.hash,),
    )
    push(line, in_order([holds, undone, void]))
    project_all(central_url)

    main(["central", "overrules", central_url])

    newest, older = capsys.readouterr().out.splitlines()
    assert newest.endswith("taken back")
    assert "height of the flag" in older
    assert not older.endswith("taken back")


def test_programs_get_all_of_it_as_json_and_a_terminal_obeys_nothing(
    laptop: Laptop, line: Line, central_url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    push(line, [let_by(laptop, reason="Nujno je bilo\n\x1b[2J zares.")])
    project_all(central_url)

    main(["central", "overrules", central_url])
    plain = capsys.readouterr().out
    main(["central", "overrules", central_url, "--json"])

    assert "\x1b" not in plain
    assert plain.count("\n") == 1
    (told,) = json.loads(capsys.readouterr().out)["overrules"]
    assert (told["rule"], told["template"], told["is_taken_back"]) == ("eu_height", "promise", False)


def test_an_office_without_any_says_so(central_url: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["central", "overrules", central_url]) == 0

    assert capsys.readouterr().out == "No rule of EU funding was overruled.\n"


def test_i14_the_list_is_read_through_its_function_and_no_laptop_may_call_it(
    admin: Line, line: Line, laptop: Laptop
) -> None:
    call = sql.SQL("SELECT * FROM office_api.funding_overrules({}, 9)").format(laptop.enrolment.branch_id)
    admin.execute(sql.SQL("SET ROLE {}").format(sql.Identifier(OFFICE)))
    assert admin.execute(call).fetchall() == []
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        admin.execute("SELECT 1 FROM hub.funding_overrule")
    admin.execute("RESET ROLE")

    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        line.execute(call)
