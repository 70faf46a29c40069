"""M35: who writes to the office and asks gets all that is held about them, on paper and for a program."""

import json
import logging
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psycopg
import pytest
from tests.central.conftest import Laptop, Row, push

from stojnica.cli.main import main
from stojnica.domain import kinds
from stojnica.domain.attachment import JPEG, SLIP_SCAN, chunk_facts, describe
from stojnica.printing.render import opened_pdf

pytestmark = pytest.mark.server
Line = psycopg.Connection[Row]
VISITOR = {"first_name": "Žana", "last_name": "Kos", "email": "zana.kos@example.org", "phone": "+38640123456"}


@pytest.fixture
def held(new_laptop: Callable[[str], Laptop], central_url: str) -> str:
    """Have two laptops bring something about one person, and something about another; give the id."""
    one, other = new_laptop("Lupa A"), new_laptop("Lupa B")
    first = one.fact(data=VISITOR)
    about = {"subject_id": first.fact.subject_id}
    scan = b"\xff\xd8" + bytes(3_000)
    described = describe(scan, SLIP_SCAN, JPEG)
    agreed = {"purpose": "newsletter", "granted": True, "unproven": False, "wording_version": 3}
    facts = [
        first,
        one.fact(kinds.CONSENTED, data=agreed | {"language": "sl", "evidence": "paper"}, **about),
        one.fact(kinds.ASKED, data={"text": "Kdaj je tabor?"}, **about),
        one.fact(kinds.CORRECTED, data={"town": "Kranj"}, supersedes=(first.hash,), **about),
        one.fact(kinds.FILE_ATTACHED, data=described.data(), **about),
        *(
            one.fact(kinds.FILE_CHUNK, subject_id=chunk, data=data)
            for chunk, data in chunk_facts(described, scan)
        ),
    ]
    with one.connect() as line:
        push(line, facts)
    with other.connect() as line:
        push(line, [other.fact(data={"first_name": "Ana", "email": "ana@example.org"})])
        push(line, [other.fact(kinds.WITHDREW, data={"purpose": "newsletter"}, **about)])
        push(line, [other.fact(kinds.CONTACT_WITHDREW, data={"email": "zana.kos@example.org"})])
    return str(first.fact.subject_id)


def written(url: str, file: Path, *who: str) -> Any:
    assert main(["central", "about", url, *who, "--out", str(file)]) == 0
    return json.loads(file.read_text(encoding="utf-8"))


def test_all_that_is_held_is_in_the_file_with_who_brought_it(
    held: str, central_url: str, tmp_path: Path
) -> None:
    told = written(central_url, tmp_path / "me.json", "--email", "Zana.Kos@example.org")

    (contact,) = told["contacts"]
    assert contact["contact"]["id"] == held
    assert contact["contact"]["town"] == "Kranj"
    assert contact["contact"]["question"] == "Kdaj je tabor?"
    (consent,) = contact["consents"]
    assert not consent["is_granted"]
    assert [scan["size_bytes"] for scan in contact["scans"]] == [3_002]
    brought = {item["kind"]: [one["by"] for one in item["brought"]] for item in contact["records"]}
    assert brought[kinds.SIGNED_UP] == ["Lupa A"]
    assert brought[kinds.WITHDREW] == ["Lupa B"]
    data = {item["kind"]: item["data"] for item in contact["records"]}
    assert data[kinds.CONSENTED]["wording_version"] == 3
    assert [item["records"][0]["data"] for item in told["withdrawals"]] == [{"email": "zana.kos@example.org"}]
    assert "Ana" not in json.dumps(told)


def test_by_phone_or_id_it_is_the_same_person(held: str, central_url: str, tmp_path: Path) -> None:
    by_phone = written(central_url, tmp_path / "a.json", "--phone", "040 123 456")
    by_id = written(central_url, tmp_path / "b.json", "--id", held)

    assert by_phone["contacts"] == by_id["contacts"]


def test_the_sheet_says_it_in_words_and_no_log_does(
    held: str, central_url: str, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)

    command = ["central", "about", central_url, "--id", held, "--out", str(tmp_path / "me.pdf")]
    assert main(command) == 0

    with opened_pdf((tmp_path / "me.pdf").read_bytes()) as pages:
        text = "".join(page.get_textpage().get_text_range() for page in pages)
    for word in ("Žana Kos", "Kranj", "Lupa A", "Lupa B", "3 kB"):
        assert word in text
    assert "Kos" not in caplog.text
    assert "zana" not in caplog.text


def test_who_is_not_there_is_said_and_nothing_is_written(central_url: str, tmp_path: Path) -> None:
    file = tmp_path / "me.json"

    assert main(["central", "about", central_url, "--email", "nobody@example.org", "--out", str(file)]) == 1

    assert not file.exists()
