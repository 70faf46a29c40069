"""The office's verbs, as a coordinator types them, on a real database."""

import json
from pathlib import Path

import pytest

from stojnica.cli.main import main
from stojnica.resources import resource

pytestmark = pytest.mark.server


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("STOJNICA_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


def said(capsys: pytest.CaptureFixture[str]) -> dict[str, object]:
    answer: dict[str, object] = json.loads(capsys.readouterr().out)
    return answer


def test_keys_that_were_made_here_are_found_again(
    home: Path, central_url: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    document = str(resource("sample", "organisation.json"))
    assert main(["central", "keys", str(tmp_path / "keys"), "--in-clear", "--json"]) == 0
    capsys.readouterr()

    assert main(["central", "publish", central_url, "--from", document, "--json"]) == 0
    first = said(capsys)
    assert main(["central", "publish", central_url, "--from", document, "--json"]) == 0
    again = said(capsys)
    enrolled = main(
        ["central", "enrol", central_url, "--name", "A", "--out", str(tmp_path / "a.age"), "--json"]
    )

    assert (first["version"], first["changed"]) == (1, True)
    assert (again["version"], again["changed"]) == (1, False)
    assert enrolled == 0
    assert (tmp_path / "a.age").stat().st_size > 0


def test_without_keys_it_says_where_to_get_them(
    home: Path, central_url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    document = str(resource("sample", "organisation.json"))

    code = main(["central", "publish", central_url, "--from", document])

    assert code == 1
    assert "stojnica central keys" in capsys.readouterr().err


def test_a_document_with_a_mistake_names_its_place_and_changes_nothing(
    home: Path, central_url: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    main(["central", "keys", str(tmp_path / "keys"), "--in-clear"])
    document = json.loads(resource("sample", "organisation.json").read_text("utf-8"))
    document["wordings"][2]["text"] = 7
    file = tmp_path / "organisation.json"
    file.write_text(json.dumps(document), "utf-8")

    code = main(["central", "publish", central_url, "--from", str(file)])

    assert code == 1
    assert "wordings[2].text" in capsys.readouterr().err


def test_projecting_and_status_answer_on_an_empty_office(
    home: Path, central_url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["central", "project", central_url, "--json"]) == 0
    assert said(capsys) == {"facts": 0, "quarantined": 0, "subjects": 0}
    assert main(["central", "status", central_url, "--json"]) == 0


def test_an_address_without_a_certificate_is_said_to_be_for_practice(
    home: Path, central_url: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    main(["central", "keys", str(tmp_path / "keys"), "--in-clear"])
    document = str(resource("sample", "organisation.json"))
    main(["central", "publish", central_url, "--from", document])
    capsys.readouterr()

    code = main(["central", "enrol", central_url, "--name", "A", "--out", str(tmp_path / "a.age")])

    assert code == 0
    assert "stojnica init --practice" in capsys.readouterr().out
