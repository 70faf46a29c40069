"""A laptop is gone: the office says what was on it, and what a thief holds opens nothing."""

import json
import shlex
from dataclasses import replace
from pathlib import Path
from typing import Any

import psycopg
import pytest
from tests.central.conftest import Laptop, Row, Sent, hello, push

from stojnica.central.erase import Who, erase
from stojnica.central.projector import project_all
from stojnica.central.revoke import revoke
from stojnica.central.theft import ContactsThere, laptop_contents
from stojnica.cli.main import main
from stojnica.domain import kinds
from stojnica.domain.errors import UserFacingError
from stojnica.services.theft_report import authority_text

pytestmark = pytest.mark.server
Line = psycopg.Connection[Row]
NOON_US = 1_726_826_400_000_000  # 20 September 2024, 12.00 in Ljubljana
HOUR_US = 3_600_000_000
LATER_US = NOON_US + 2 * HOUR_US


def sign_up(laptop: Laptop, at_us: int, **data: Any) -> Sent:
    return laptop.fact(kinds.SIGNED_UP, data={"first_name": "Žana", **data}, captured_at=at_us)


def a_day(laptop: Laptop) -> list[Sent]:
    """Give two contacts of noon, with a question, one of two hours later, and somebody counted."""
    with_address = sign_up(laptop, NOON_US, email="zana@example.org", town="Celje")
    child = sign_up(laptop, NOON_US, phone="+38640123456", guardian="Mojca")
    subject_id = child.fact.subject_id
    asked = laptop.fact(kinds.ASKED, subject_id=subject_id, data={"text": "Kdaj?"}, captured_at=NOON_US)
    counted = laptop.fact(kinds.COUNTED, data={"counter": "reached", "amount": 1}, captured_at=NOON_US)
    later = sign_up(laptop, LATER_US, email="bor@example.org")
    return sorted((with_address, child, asked, counted, later), key=lambda one: (one.fact.fact_id, one.hash))


def test_m38_the_report_counts_what_was_on_the_laptop_at_that_hour_and_of_what_kind(
    laptop: Laptop, line: Line, central_url: str
) -> None:
    push(line, a_day(laptop))
    project_all(central_url)
    name = laptop.enrolment.name

    noon = laptop_contents(central_url, name, NOON_US)
    evening = laptop_contents(central_url, name, LATER_US)
    before = laptop_contents(central_url, name, NOON_US - 1)

    assert noon.contacts == ContactsThere(
        all=2, names=2, emails=1, phones=1, places=1, guardians=1, messages=1
    )
    assert dict(noon.records) == {kinds.SIGNED_UP: 2, kinds.ASKED: 1, kinds.COUNTED: 1}
    assert (evening.contacts.all, evening.contacts.emails, evening.delivered) == (3, 2, 5)
    assert (before.contacts.all, before.delivered) == (0, 0)


def test_m38_what_was_announced_and_never_came_is_in_the_report(
    laptop: Laptop, line: Line, central_url: str
) -> None:
    sent = a_day(laptop)
    hello(line, [(laptop.incarnation, 9, sent[0].hash)], facts=9)
    push(line, sent)
    project_all(central_url)

    found = laptop_contents(central_url, laptop.enrolment.name, LATER_US)

    assert (found.delivered, found.owed) == (5, 4)
    assert found.last_seen is not None


def test_m38_who_was_erased_is_in_the_report_until_the_laptop_confirms_it_with_its_copies(
    laptop: Laptop, line: Line, central_url: str, organisation_keys: Path
) -> None:
    # Given a contact with a question that the office erased, and one that the laptop erased itself
    sent = a_day(laptop)
    push(line, sent)
    project_all(central_url)
    child, here = (
        next(one for one in sent if one.fact.data.get(name) == value)
        for name, value in (("guardian", "Mojca"), ("email", "bor@example.org"))
    )
    columns = ([here.fact.fact_id], [here.hash], [laptop.incarnation], [here.seq])
    line.execute("SELECT api.erase(%s, %s, %s, %s)", columns)
    erase(central_url, Who(child.fact.subject_id), keys_dir=organisation_keys)
    [(order_id,)] = line.execute("SELECT order_id FROM api.erase_orders('{}')").fetchall()

    # When the laptop says nothing, then that copies are left, then that none is
    def said() -> int:
        return laptop_contents(central_url, laptop.enrolment.name, LATER_US).erased

    counts = [said()]
    for are_copies_new in (False, True):
        line.execute("SELECT api.erased(%s, 2, %s)", [order_id, are_copies_new])
        counts.append(said())

    assert counts == [2, 2, 0]
    waits = replace(laptop_contents(central_url, laptop.enrolment.name, LATER_US), erased=counts[0])
    assert "Beside them it may still hold 2 records of people whom the office has erased" in authority_text(
        waits, "Europe/Ljubljana"
    )


def test_m38_another_laptops_contacts_are_none_of_this_one(
    laptop: Laptop, new_laptop: Any, line: Line, central_url: str
) -> None:
    other = new_laptop("Drugi")
    push(line, a_day(laptop))
    project_all(central_url)

    found = laptop_contents(central_url, other.enrolment.name, LATER_US)

    assert (found.contacts.all, found.delivered, found.last_seen) == (0, 0, None)
    # And no nought stands in the report as if somebody knew it.
    said = authority_text(found, "Europe/Ljubljana")
    assert "The laptop has never been in touch with the office: what is on it isn't known here." in said
    assert "0 contacts" not in said
    assert "0 records" not in said


def test_m38_the_text_for_the_authority_names_everybody_as_a_number_and_nobody_by_name(
    laptop: Laptop, line: Line, central_url: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    push(line, a_day(laptop))
    project_all(central_url)
    call = ["central", "theft", central_url, "--name", laptop.enrolment.name, "--at", "2024-09-20T12:00"]

    assert main(call) == 0
    said = capsys.readouterr().out
    assert main([*call, "--out", str(tmp_path / "report.txt")]) == 0
    assert main([*call, "--json"]) == 0

    assert (tmp_path / "report.txt").read_text(encoding="utf-8") == said
    assert "The office knows of 2 contacts that were on the laptop, at most.\n– names: 2\n" in said
    assert "\n– e-mail addresses: 1\n" in said
    assert "4 records are at the office; 3 of them are about visitors" in said
    assert "All these numbers are upper bounds. A laptop wipes by itself" in said
    assert "for 20 Sept 2024 at 12:00, by the laptop's own clock" in said
    # Typographic quotes would be a part of the name to a terminal.
    assert f"stojnica central revoke URL --name {shlex.quote(laptop.enrolment.name)}\n" in said
    assert not any(secret in said for secret in ("Žana", "zana", "Mojca", "38640123456", "Celje"))
    told = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert (told["contacts"]["all"], told["are_upper_bounds"]) == (2, True)


def test_m38_after_the_laptop_was_shut_out_the_report_says_so(
    laptop: Laptop, line: Line, central_url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    hello(line, [])
    revoke(central_url, laptop.enrolment.device_id)

    assert main(["central", "theft", central_url, "--laptop", laptop.enrolment.name]) == 0

    assert "can neither send nor fetch anything" in capsys.readouterr().out
    with pytest.raises(psycopg.Error):
        hello(line, [])


def test_m38_a_laptop_that_is_not_known_is_said_in_plain_words(laptop: Laptop, central_url: str) -> None:
    with pytest.raises(UserFacingError, match="no such laptop"):
        laptop_contents(central_url, "Neznan", NOON_US)


@pytest.mark.parametrize("wrong", [["--at", "včeraj"], ["--zone", "Luna/Krater"]])
def test_m38_a_moment_or_zone_that_is_none_ends_the_call(
    laptop: Laptop, central_url: str, wrong: list[str]
) -> None:
    with pytest.raises(SystemExit):
        main(["central", "theft", central_url, "--name", laptop.enrolment.name, *wrong])
