"""M37: the office's verbs ask for a coordinator's words when its keys are protected, and keep the address."""

import json
from pathlib import Path
from typing import Any

import pytest

from stojnica.central.keys import IDENTITY_FILES, PUBLIC_FILE, make_keys
from stojnica.cli.main import main
from stojnica.printing.render import page_image
from stojnica.printing.scan import codes_in
from stojnica.resources import resource

WORDS = "jutro voda hiša most reka"
MAJAS = "čebula lestev oblak skodelica veter"


class Office:
    """Call verbs of the office, and keep what they said."""

    def __init__(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self._capsys = capsys
        self.words = str(folder / "words.txt")
        Path(self.words).write_text(WORDS + "\n", encoding="utf-8")
        self.complaint = ""

    def call(self, *call: object) -> dict[str, Any]:
        """Call `central …` and read its answer."""
        self.code = main(["central", *map(str, call), "--json"])
        said = self._capsys.readouterr()
        self.complaint = said.err
        answer: dict[str, Any] = json.loads(said.out)
        return answer


@pytest.fixture
def office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Office:
    monkeypatch.setenv("STOJNICA_HOME", str(tmp_path / "home"))
    return Office(tmp_path, capsys)


def test_m37_the_office_publishes_enrols_and_backs_up_with_protected_keys_in_place_of_an_address(
    office: Office, central_url: str, tmp_path: Path
) -> None:
    # Given keys made with words, the database's address inside
    keys = tmp_path / "keys"
    (tmp_path / "address").write_text(central_url, encoding="utf-8")
    made = office.call(
        "keys", keys, "--passphrase-file", office.words, "--address-file", tmp_path / "address"
    )
    document = resource("sample", "organisation.json")

    # When the folder stands where the address is asked for
    published = office.call("publish", keys, "--from", document, "--passphrase-file", office.words)
    without = office.call("publish", keys, "--from", document)
    enrolled = office.call(
        "enrol", keys, "--name", "A", "--out", tmp_path / "a.age", "--passphrase-file", office.words
    )
    backup = office.call("backup", central_url, tmp_path / "backups", "--keys", keys)
    checked = office.call("restore-check", central_url, backup["file"], "--passphrase-file", office.words)
    unopened = office.call("restore-check", central_url, backup["file"])

    # Then
    assert published["version"] == 1
    assert enrolled["code"]
    assert backup["encrypted"]
    assert checked["facts"] == backup["facts"]
    assert (without["error"], unopened["error"]) == ("no_passphrase", "no_passphrase")
    assert Path(made["locked_away"]) == tmp_path / "keys-to-lock-away" / IDENTITY_FILES[1]
    assert codes_in(page_image((tmp_path / "keys-to-lock-away" / "identity-2.pdf").read_bytes())) == [
        Path(made["locked_away"]).read_text().strip()
    ]


def test_m37_a_backup_by_the_folder_of_keys_is_encrypted_with_them(
    office: Office, central_url: str, tmp_path: Path
) -> None:
    keys, own = tmp_path / "keys", ("--passphrase-file", office.words)
    (tmp_path / "address").write_text(central_url, encoding="utf-8")
    office.call("keys", keys, *own, "--address-file", tmp_path / "address")

    backup = office.call("backup", keys, tmp_path / "backups", *own)
    checked = office.call("restore-check", keys, backup["file"], *own)

    assert backup["encrypted"]
    assert Path(backup["file"]).read_bytes().startswith(b"age-encryption.org/")
    assert checked["facts"] == backup["facts"]


def test_m37_coordinators_are_added_listed_and_taken_out_at_the_terminal(
    office: Office, tmp_path: Path
) -> None:
    keys = tmp_path / "keys"
    own = ("--passphrase-file", office.words)
    office.call("keys", keys, "--name", "Ana", *own)
    (tmp_path / "majas").write_text(MAJAS, encoding="utf-8")

    office.call("keys", keys, "--add", "--name", "Maja", "--words-file", tmp_path / "majas", *own)
    people = office.call("keys", keys, "--list", *own)["people"]
    left = office.call("keys", keys, "--remove", people[0]["id"], "--passphrase-file", tmp_path / "majas")[
        "people"
    ]
    refused = office.call("keys", keys, "--list", *own)
    recovered = office.call(
        "keys", keys, "--add", "--identity", tmp_path / "keys-to-lock-away" / IDENTITY_FILES[1]
    )

    assert [one["name"] for one in people] == ["Ana", "Maja"]
    assert [one["name"] for one in left] == ["Maja"]
    assert refused["error"] == "wrong_passphrase"
    assert len(recovered["passphrase"].split()) == 5


def test_keys_without_words_are_made_only_when_that_was_asked_for(office: Office, tmp_path: Path) -> None:
    refused = office.call("keys", tmp_path / "keys")
    assert refused["error"] == "no_passphrase"
    assert "--in-clear" in refused["message"]
    assert not (tmp_path / "keys" / PUBLIC_FILE).exists()

    assert main(["central", "keys", str(tmp_path / "keys"), "--in-clear"]) == 0


def test_old_clear_keys_go_on_working_with_a_hint(
    office: Office, central_url: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    make_keys(tmp_path / "keys")
    document = str(resource("sample", "organisation.json"))
    call = ["central", "publish", central_url, "--from", document, "--keys", str(tmp_path / "keys")]

    assert main(call) == 0
    assert "--protect" in capsys.readouterr().err
    office.call("keys", tmp_path / "keys", "--protect", "--passphrase-file", office.words)
    assert main([*call, "--passphrase-file", office.words]) == 0

    assert capsys.readouterr().err == ""


def test_a_folder_without_an_address_says_how_to_keep_one(office: Office, tmp_path: Path) -> None:
    own = ("--passphrase-file", office.words)
    office.call("keys", tmp_path / "keys", *own)

    answer = office.call("status", tmp_path / "keys", *own)

    assert answer["error"] == "no_address"
    assert "--address" in answer["message"]
