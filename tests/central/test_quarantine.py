"""What is set aside is listed with its reason, without a word of its content, and can be tried again."""

import json
from collections.abc import Callable
from dataclasses import replace

import psycopg
import pytest
from tests.central.conftest import Laptop, Row, Sent, push

from stojnica.central.projector import project_all
from stojnica.central.quarantine import Retried, quarantine_page, retry_quarantine
from stojnica.cli.main import main
from stojnica.domain import kinds
from stojnica.domain.errors import UserFacingError
from stojnica.domain.fact import content_hash

pytestmark = pytest.mark.server
Line = psycopg.Connection[Row]


def poison(laptop: Laptop, body: bytes = b'{"name":"Zala Neznana"}') -> Sent:
    return replace(laptop.fact(), body=body, hash=content_hash(body))


def test_m33_each_fact_is_listed_with_who_brought_it_when_and_why(
    new_laptop: Callable[[str], Laptop], admin: Line, central_url: str
) -> None:
    # Given a fact that can't be read, and one that a second laptop had no right to say
    one, two = new_laptop("One"), new_laptop("Two")
    bad, stolen = poison(one), two.fact(kinds.ORGANISATION_DESCRIBED)
    with one.connect() as first, two.connect() as second:
        push(first, [bad, *one.facts(3)])
        push(second, [stolen])
        push(second, [bad])
    project_all(central_url)

    # When the list is asked for
    page = quarantine_page(central_url)

    # Then both are there, and nothing else
    found = {item.fact_id: item for item in page.facts}
    assert set(found) == {bad.fact.fact_id, stolen.fact.fact_id}
    assert (page.total, page.following) == (2, "")
    assert found[bad.fact.fact_id].reason == "body: fields"
    assert found[bad.fact.fact_id].laptops == ("One", "Two")
    assert found[stolen.fact.fact_id].reason == "author"
    assert found[stolen.fact.fact_id].kind == kinds.ORGANISATION_DESCRIBED
    came = admin.execute("SELECT min(received_at) FROM hub.delivery WHERE fact_id = %s", [bad.fact.fact_id])
    assert (found[bad.fact.fact_id].came_at,) == came.fetchone()


def test_a_long_list_comes_page_by_page_and_each_fact_once(
    laptop: Laptop, line: Line, central_url: str
) -> None:
    # Given more than a page, among them several bodies under one id
    sent = [poison(laptop, b"%d" % number) for number in range(10)]
    sent += [replace(sent[0], body=b"x%d" % n, hash=content_hash(b"x%d" % n)) for n in range(5)]
    push(line, sorted(sent, key=lambda one: (one.fact.fact_id, one.hash)))
    project_all(central_url)

    seen: list[bytes] = []
    page = quarantine_page(central_url, limit=4)
    sizes = [len(page.facts)]
    seen += [item.content_hash for item in page.facts]
    while page.following:
        page = quarantine_page(central_url, after=page.following, limit=4)
        sizes.append(len(page.facts))
        seen += [item.content_hash for item in page.facts]

    assert sizes == [4, 4, 4, 3]
    assert sorted(seen) == sorted(one.hash for one in sent)
    with pytest.raises(UserFacingError):
        quarantine_page(central_url, after="nowhere")


def test_i18_what_a_laptop_wrote_itself_is_never_shown(
    laptop: Laptop, line: Line, central_url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    bad = poison(laptop)
    fact = replace(bad, fact=replace(bad.fact, kind="Zala Neznana"))
    push(line, [fact])
    project_all(central_url)

    assert main(["central", "quarantine", central_url]) == 0
    plain = capsys.readouterr().out
    assert main(["central", "quarantine", central_url, "--json"]) == 0
    found = capsys.readouterr().out

    assert "Zala" not in plain + found
    assert "1 record is set aside." in plain
    assert "unknown kind" in plain
    assert "its content can't be read" in plain
    assert bad.fact.fact_id.hex[-12:] in plain
    assert json.loads(found)["facts"][0]["laptops"] == ["Stand 1"]


def test_what_was_mended_counts_after_another_try_and_the_rest_stays(
    laptop: Laptop, line: Line, admin: Line, central_url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    # Given facts that the lists don't take for now, more than fit one row of the inbox, and a poisoned one
    admin.execute("ALTER TABLE hub.signup ADD CONSTRAINT no_zana CHECK (first_name <> 'Žana')")
    sent = laptop.facts(700)
    push(line, sent[:400])
    push(line, [*sent[400:], poison(laptop)])
    assert project_all(central_url).quarantined == 701
    assert retry_quarantine(central_url) == Retried(tried=701, counting=0)

    # When the fault is mended
    admin.execute("ALTER TABLE hub.signup DROP CONSTRAINT no_zana")
    assert main(["central", "quarantine", central_url, "--retry"]) == 0

    # Then they count
    said = capsys.readouterr().out
    assert "701 records were looked at once more." in said
    assert "700 of them count now." in said
    assert admin.execute("SELECT count(*) FROM hub.signup").fetchone() == (700,)
    assert admin.execute("SELECT count(*) FROM hub.inbox").fetchone() == (0,)
    assert [item.reason for item in quarantine_page(central_url).facts] == ["body: fields"]


def test_nothing_set_aside_is_said_so(central_url: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["central", "quarantine", central_url]) == 0
    assert capsys.readouterr().out == "No record is set aside.\n"
    assert retry_quarantine(central_url) == Retried(0, 0)
