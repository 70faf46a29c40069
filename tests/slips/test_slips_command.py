"""`stojnica slips import`: sums that add up, plain words, and 0, 1 or 2 at the end."""

import builtins
import json
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from stojnica.cli.main import main
from stojnica.services.sample import sample_slips

MESS = (
    "št.;ime;priimek;e-pošta;telefon;starost;novice;klic\n"
    "1;Ana;Črnč;ana@example.org;;18–30;x;\n"
    "2;Bor;;bor@gmial.com;;31+;x;\n"
    "3;Mala;Skrita;mala@example.org;;12;x;\n"
    "4;Prazna;;prazna@example.org;;31+;;\n"
    "1;Ana;Črnč;ana@example.org;;18–30;x;\n"
)


@pytest.fixture
def run(
    place: Any, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Callable[..., tuple[int, str, str]]:
    """Give a call that runs `stojnica slips import` on the store; gives exit code, output, errors."""
    monkeypatch.setenv("LANG", "en_US.UTF-8")
    monkeypatch.delenv("LC_ALL", raising=False)
    monkeypatch.delenv("LC_MESSAGES", raising=False)
    shared = ("--home", str(place.folder), "--passphrase-file", str(place.passphrase_file))

    def call(*arguments: object) -> tuple[int, str, str]:
        try:
            code = main(["slips", "import", *map(str, arguments), *shared])
        except SystemExit as error:
            code = int(error.code or 0)
        said = capsys.readouterr()
        return code, said.out, said.err

    return call


@pytest.fixture
def mess(tmp_path: Path) -> Path:
    file = tmp_path / "mess.csv"
    file.write_text(MESS, encoding="cp1250")
    return file


@pytest.fixture
def at_a_terminal(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """Give the answers that somebody at the terminal will type; questions are taken off one by one."""
    answers: list[str] = []
    monkeypatch.setattr(sys.stdin, "isatty", lambda: True, raising=False)
    monkeypatch.setattr(builtins, "input", lambda _question="": answers.pop(0))
    yield answers
    assert answers == []


def test_with_json_the_four_numbers_add_up_to_the_rows(run: Any, place: Any, mess: Path) -> None:
    answers = ("--event", place.event.event_id, "--collected", "2024-09-20", "--wording", "1", "--json")

    first = run(mess, *answers)
    again = run(mess, *answers)

    for code, out, _err in (first, again):
        told = json.loads(out)
        sums = told["taken"] + len(told["warned"]) + len(told["attention"]) + told["already"]
        assert (code, sums, told["rows"]) == (0, 5, 5)
    assert json.loads(first[1])["already"] == 1
    assert json.loads(first[1])["unproven"] == 0
    told = json.loads(again[1])
    assert (told["taken"], told["warned"], told["already"]) == (0, [], 3)
    assert [(row["row"], row["number"], row["codes"]) for row in told["attention"]] == [
        (4, "3", ["guardian"]),
        (5, "4", ["purpose"]),
    ]


def test_in_words_counts_come_first_then_the_rows_to_look_at_and_no_name(
    run: Any, place: Any, mess: Path
) -> None:
    code, out, _err = run(mess, "--event", place.event.event_id)

    lines = out.splitlines()
    assert code == 0
    assert lines[0] == (
        "5 rows: 1 was taken, 1 was taken with a warning, 2 need attention, 1 was there already."
    )
    assert lines[2].startswith("  row 4, slip 3: Under the age of consent")
    assert "The consents of 2 contacts have no proof" in out
    assert not [name for name in ("Ana", "Bor", "Mala", "Skrita", "example.org") if name in out]


def test_at_most_twenty_rows_are_named(run: Any, place: Any, tmp_path: Path) -> None:
    file = tmp_path / "empty.csv"
    rows = (f"{n};Ime{n};p{n}@example.org;" for n in range(25))
    file.write_text("\n".join(("št.;ime;e-pošta;novice", *rows)), encoding="utf-8")

    _code, out, _err = run(file, "--event", place.event.event_id)

    assert len([line for line in out.splitlines() if line.startswith("  row ")]) == 20
    assert "  and 5 more rows" in out


def test_the_shipped_sheet_of_the_sample_is_taken_in(run: Any, place: Any) -> None:
    code, out, _err = run(sample_slips(), "--event", place.event.event_id, "--json")

    told = json.loads(out)
    assert code == 0
    assert told["taken"] > 10
    assert told["attention"]


def test_at_a_terminal_day_and_wording_are_asked_once_and_asked_again_when_they_cannot_be(
    run: Any, place: Any, mess: Path, at_a_terminal: list[str]
) -> None:
    at_a_terminal += ["jutri", "20. 9. 2024", "77", "1"]

    code, out, err = run(mess, "--event", place.event.event_id)

    assert code == 0
    assert "wording 1, in force since" in out
    assert "have no proof" not in out
    assert "The day of collection can't be read" in err
    assert "There is no such wording" in err


def test_at_a_terminal_nobody_is_asked_what_was_told(
    run: Any, place: Any, mess: Path, at_a_terminal: list[str]
) -> None:
    told = ("--collected", "2024-09-20", "--wording", "newsletter=1,contact=1")

    code, _out, _err = run(mess, "--event", place.event.event_id, *told)

    assert code == 0
    assert at_a_terminal == []


@pytest.fixture
def printed(place: Any, run: Any, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    """Print the slips A-001 to A-010 of the event."""
    shared = ("--home", str(place.folder), "--passphrase-file", str(place.passphrase_file))
    paper = ("--count", "10", "--out", str(tmp_path / "slips.pdf"))
    assert main(["slips", "print", "--event", str(place.event.event_id), *paper, *shared]) == 0
    capsys.readouterr()


def missing(place: Any, capsys: pytest.CaptureFixture[str]) -> str:
    shared = ("--home", str(place.folder), "--passphrase-file", str(place.passphrase_file))
    assert main(["slips", "missing", "--event", str(place.event.event_id), *shared]) == 0
    return capsys.readouterr().out


@pytest.mark.usefixtures("printed")
def test_a_sheet_with_1_for_a_001_is_asked_about_and_not_guessed_at(
    run: Any, place: Any, mess: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, out, err = run(mess, "--event", place.event.event_id)

    assert (code, out) == (1, "")
    assert "In 5 rows the number has no letter, like “1”. Is that the slip A-001?" in err
    assert "Say --letter A if they are numbers of slips" in err
    assert "missing 001–010" in missing(place, capsys)


@pytest.mark.usefixtures("printed")
def test_1_is_the_slip_a_001_once_somebody_said_its_letter(
    run: Any, place: Any, mess: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, out, _err = run(mess, "--event", place.event.event_id, "--letter", "a")

    assert code == 0
    assert "row 4, slip A-003" in out
    assert "is of no slip" not in out
    assert "2 typed in, missing 003–010" in missing(place, capsys)


@pytest.mark.usefixtures("printed")
def test_numbers_of_the_sheets_own_count_for_no_slip_and_that_is_said(
    run: Any, place: Any, mess: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, out, _err = run(mess, "--event", place.event.event_id, "--letter", "-")

    assert code == 0
    assert "The numbers of 5 rows are of no slip that this laptop printed for the event, like “1”" in out
    assert "on paper they look like A-001" in out
    assert "missing 001–010" in missing(place, capsys)


@pytest.mark.usefixtures("printed")
def test_at_a_terminal_the_letter_is_asked_for(
    run: Any, place: Any, mess: Path, at_a_terminal: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    at_a_terminal += ["", "", "Q", "A"]

    code, _out, err = run(mess, "--event", place.event.event_id)

    assert code == 0
    assert "Is that the slip A-001?" in err
    assert "2 typed in" in missing(place, capsys)


@pytest.mark.usefixtures("printed")
def test_a_number_that_was_never_printed_is_told_with_how_one_looks(
    run: Any, place: Any, tmp_path: Path
) -> None:
    file = tmp_path / "sheet.csv"
    file.write_text(
        "št.;ime;e-pošta;starost;novice\nA-77;Ana;ana@example.org;31+;x\nA-001;Bor;bor@example.org;31+;x\n",
        encoding="utf-8",
    )

    code, out, _err = run(file, "--event", place.event.event_id)

    assert code == 0
    assert "The number of 1 row is of no slip that this laptop printed for the event, like “A-77”" in out
    assert "on paper it looks like A-001" in out


def test_columns_can_be_named(run: Any, place: Any, tmp_path: Path) -> None:
    file = tmp_path / "form.csv"
    file.write_text("Who,Where to,May we\nAna,ana@example.org,yes\n", encoding="utf-8")
    names = ("--map", "Who=first_name", "--map", "Where to=email", "--map", "May we=newsletter")

    code, out, _err = run(file, "--event", place.event.event_id, "--channel", "web", *names, "--json")

    assert code == 0
    assert json.loads(out)["rows"] == 1


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("photo.csv", b"\x89PNG\r\n\x1a\n", "This is a picture"),
        ("table.csv", b"PK\x03\x04xl/workbook.xml", "spreadsheet's own file"),
        ("empty.csv", b"", "The file is empty"),
        ("other.csv", b"a;b;c\n1;2;3\n", "no headings that we know"),
    ],
)
def test_what_is_no_sheet_ends_with_1_and_plain_words(
    run: Any, place: Any, tmp_path: Path, name: str, data: bytes, said: str
) -> None:
    file = tmp_path / name
    file.write_bytes(data)

    code, out, err = run(file, "--event", place.event.event_id)

    assert (code, out) == (1, "")
    assert said in err
    assert "Traceback" not in err


def test_an_unknown_event_and_a_missing_file_end_with_1(run: Any, mess: Path, tmp_path: Path) -> None:
    unknown = run(mess, "--event", uuid4(), "--json")
    missing = run(tmp_path / "nowhere.csv", "--event", uuid4())

    assert unknown[0] == 1
    assert json.loads(unknown[1])["error"] == "event_unknown"
    assert missing[0] == 1
    assert "can't be read" in missing[2]


@pytest.mark.parametrize("wrong", [(), ("--event", "7"), ("--event", str(uuid4()), "--channel", "telepathy")])
def test_a_wrong_call_ends_with_2(run: Any, mess: Path, wrong: tuple[str, ...]) -> None:
    assert run(mess, *wrong)[0] == 2


def test_slips_in_a_language_without_wordings_are_not_taken_in_and_those_there_are_named(
    run: Callable[..., tuple[int, str, str]], place: Any, mess: Path
) -> None:
    code, said, complaint = run(mess, "--event", place.event.event_id, "--language", "fr")

    assert (code, said) == (1, "")
    assert "There are no wordings in this language." in complaint
    assert "Slovenščina (sl), English (en)" in complaint
