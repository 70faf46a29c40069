"""M37: who opens a laptop is listed, added and taken out at the terminal, and the ways back in work there."""

import json
from pathlib import Path

import pyrage
import pytest

from stojnica.cli.main import main
from stojnica.storage.home import StoreHome, create_store, unlock_store
from stojnica.storage.slots import Argon2Cost, load_slots, save_slots, with_organisation

WORDS = "jutro voda hiša most reka"
MAJAS = "čebula lestev oblak skodelica veter"


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> StoreHome:
    monkeypatch.setenv("STOJNICA_HOME", str(tmp_path / "home"))
    home = StoreHome(tmp_path / "home")
    create_store(home, WORDS, cost=Argon2Cost(8, 1, 1)).close()
    return home


def secret(tmp_path: Path, name: str, text: str) -> str:
    (tmp_path / name).write_text(text + "\n", encoding="utf-8")
    return str(tmp_path / name)


def test_m37_a_person_is_added_listed_renamed_and_taken_out(
    home: StoreHome, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    own = ["--passphrase-file", secret(tmp_path, "own", WORDS), "--json"]
    majas = secret(tmp_path, "majas", MAJAS)

    assert main(["keys", "add", "--name", "Maja", "--words-file", majas, *own]) == 0
    capsys.readouterr()
    assert main(["keys", "list", *own]) == 0
    people = json.loads(capsys.readouterr().out)["people"]
    assert [one["name"] for one in people] == ["", "Maja"]
    assert main(["keys", "name", people[1]["id"], "Maša", *own]) == 0
    capsys.readouterr()
    assert main(["keys", "list", *own]) == 0
    assert [one["name"] for one in json.loads(capsys.readouterr().out)["people"]] == ["", "Maša"]
    assert main(["keys", "remove", people[0]["id"], *own]) == 1
    assert json.loads(capsys.readouterr().out)["error"] == "own_opener"
    assert main(["keys", "remove", people[1]["id"], *own]) == 0

    assert [slot.slot_id for slot in load_slots(home.slots).slots] == [people[0]["id"]]


def test_m37_the_office_opens_a_laptop_with_its_identity_and_new_words_are_shown_once(
    home: StoreHome, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    identity = pyrage.x25519.Identity.generate()
    opened = unlock_store(home, WORDS)
    recipients = (str(identity.to_public()),)
    save_slots(home.slots, with_organisation(load_slots(home.slots), opened.key, recipients))
    opened.close()

    code = main(["keys", "open", "--identity", secret(tmp_path, "id", str(identity)), "--json"])
    shown = json.loads(capsys.readouterr().out)["passphrase"]

    assert code == 0
    assert len(shown.split()) == 5
    unlock_store(home, shown).close()


def test_m37_a_code_that_is_none_is_refused_and_nothing_changes(
    home: StoreHome, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = home.slots.read_bytes()

    code = main(["keys", "recover", "--code-file", secret(tmp_path, "code", "ABCD-EFGH-JKMN-PQRS")])

    assert code == 1
    assert "Ask the office for the newest code" in capsys.readouterr().err
    assert home.slots.read_bytes() == before
