"""Delivering by stick as it is typed: the laptop's verbs and the office's, on a real database."""

import json
from pathlib import Path
from typing import Any

import pytest

from stojnica.central.sticks import stick_desk
from stojnica.cli.main import main

pytestmark = pytest.mark.server


@pytest.fixture
def stick(tmp_path: Path) -> Path:
    folder = tmp_path / "stick"
    folder.mkdir()
    return folder


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, central_url: str, organisation_keys: Path) -> Path:
    """Enrol a laptop that has one event to deliver, and was never online."""
    home = tmp_path / "home"
    monkeypatch.setenv("STOJNICA_HOME", str(home))
    (tmp_path / "words").write_text("breza čoln ježek mavrica sonce", "utf-8")
    return home


def call(capsys: pytest.CaptureFixture[str], *words: object, expect: int = 0) -> dict[str, Any]:
    """Type a call, and give what it answered."""
    assert main([*map(str, words), "--json"]) == expect
    answer: dict[str, Any] = json.loads(capsys.readouterr().out.splitlines()[-1])
    return answer


def prepare(capsys: pytest.CaptureFixture[str], url: str, keys: Path, folder: Path) -> tuple[str, ...]:
    words = ("--passphrase-file", str(folder / "words"))
    call(capsys, "init", "--practice", *words)
    made = call(
        capsys, "central", "enrol", url, "--name", "Stojnica Žalec", "--out", folder / "e", "--keys", keys
    )
    (folder / "code").write_text(made["code"], "ascii")
    call(capsys, "enrol", folder / "e", "--code-file", folder / "code", *words)
    times = ("--starts", "2026-09-20T10:00", "--ends", "2026-09-20T15:00")
    call(capsys, "event", "add", "--name", "Sejem", *times, *words)
    return words


def test_from_the_laptop_to_the_office_and_back(
    home: Path,
    stick: Path,
    tmp_path: Path,
    central_url: str,
    organisation_keys: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    words = prepare(capsys, central_url, organisation_keys, tmp_path)

    written = call(capsys, "stick", "export", stick, *words)
    file = Path(written["files"][0]["file"])
    taken = call(capsys, "central", "stick", "import", central_url, file, "--keys", organisation_keys)[
        "files"
    ][0]
    received = call(capsys, "stick", "receive", taken["receipt"], *words)
    status = call(capsys, "status", *words)
    assert main(["central", "status", central_url]) == 0
    seen = capsys.readouterr().out

    assert file.name.startswith("stojnica-STOJNICAZALE-")
    assert taken["laptop"] == "Stojnica Žalec"
    assert (taken["records"], taken["stored"], taken["not_taken"]) == (
        written["records"],
        written["records"],
        0,
    )
    assert received["confirmed"] == received["records"] == written["records"]
    assert received["whole_code"] == taken["whole_code"] == status["code"]
    assert status["records_waiting"] == 0
    # The office sees the same, of a laptop that it never saw on the line.
    assert f" · {status['code']} · " in seen
    assert f"{taken['records']} of {taken['records']} record" in seen
    assert "only by stick so far" in seen


def test_the_office_s_line_says_people_first(
    home: Path,
    stick: Path,
    tmp_path: Path,
    central_url: str,
    organisation_keys: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("LC_ALL", "en_US.UTF-8")
    words = prepare(capsys, central_url, organisation_keys, tmp_path)
    event = call(capsys, "event", "list", *words)["events"][0]["event_id"]
    sheet = tmp_path / "sheet.csv"
    sheet.write_text("ime;e-pošta;starost;novice\nAna;ana@example.org;31+;x\n", encoding="utf-8")
    call(capsys, "slips", "import", sheet, "--event", event, *words)
    file = call(capsys, "stick", "export", stick, *words)["files"][0]["file"]

    code = main(["central", "stick", "import", central_url, file, "--keys", str(organisation_keys)])

    first, second, *_rest = capsys.readouterr().out.splitlines()
    assert code == 0
    assert first.startswith(f"{Path(file).name}: “Stojnica Žalec” · 1 contact · 4 of 4 records · ")
    assert second == "  records: new 4 · here already 0 · erased, stay erased 0"


def test_a_bad_file_is_named_in_words_and_the_others_go_on(
    home: Path,
    stick: Path,
    tmp_path: Path,
    central_url: str,
    organisation_keys: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    words = prepare(capsys, central_url, organisation_keys, tmp_path)
    good = call(capsys, "stick", "export", stick, *words)["files"][0]["file"]
    holiday = stick / "holiday.stojnica"
    holiday.write_bytes(b"\xff\xd8\xff\xe0 a photo")
    files = (holiday, good, stick / "gone.stojnica")

    code = main(
        ["central", "stick", "import", central_url, *map(str, files), "--keys", str(organisation_keys)]
    )
    printed = capsys.readouterr()

    assert code == 1
    assert "“Stojnica Žalec”" in printed.out
    assert "holiday.stojnica: This is no file from a laptop of Stojnica." in printed.err
    assert "gone.stojnica: The file gone.stojnica can't be read." in printed.err


def test_receipts_go_elsewhere_when_the_stick_is_locked(
    home: Path,
    stick: Path,
    tmp_path: Path,
    central_url: str,
    organisation_keys: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    words = prepare(capsys, central_url, organisation_keys, tmp_path)
    good = call(capsys, "stick", "export", stick, *words)["files"][0]["file"]
    office = ("central", "stick", "import", central_url, good, "--keys", organisation_keys)

    refused = call(capsys, *office, "--receipts", tmp_path / "nowhere", expect=1)["files"][0]
    taken = call(capsys, *office, "--receipts", tmp_path)["files"][0]

    assert refused["error"] == "receipt_unwritten"
    assert Path(taken["receipt"]).parent == tmp_path
    assert taken["present"] == taken["records"]
    with stick_desk(central_url) as desk:
        assert desk.branch_id
