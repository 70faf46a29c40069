"""`stojnica slips print` and `slips missing`: a PDF, numbers that go on, one line a stretch."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from stojnica.cli.main import main
from stojnica.printing.render import page_count


@pytest.fixture
def run(
    place: Any, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Callable[..., tuple[int, str, str]]:
    """Give a call that runs `stojnica slips` on the store; gives exit code, output, errors."""
    monkeypatch.setenv("LANG", "en_US.UTF-8")
    monkeypatch.delenv("LC_ALL", raising=False)
    monkeypatch.delenv("LC_MESSAGES", raising=False)
    shared = ("--home", str(place.folder), "--passphrase-file", str(place.passphrase_file))

    def call(*arguments: object) -> tuple[int, str, str]:
        try:
            code = main(["slips", *map(str, arguments), *shared])
        except SystemExit as error:
            code = int(error.code or 0)
        said = capsys.readouterr()
        return code, said.out, said.err

    return call


def test_the_list_of_events_says_when_in_words(place: Any, capsys: pytest.CaptureFixture[str]) -> None:
    shared = ("--home", str(place.folder), "--passphrase-file", str(place.passphrase_file))

    code = main(["event", "list", *shared])

    assert code == 0
    assert capsys.readouterr().out == f"20 Sept 2024 at 10:00  Festival LUPA  {place.event.event_id}\n"


def test_slips_are_printed_and_all_are_missing_until_they_are_typed_in(
    run: Callable[..., tuple[int, str, str]], place: Any, tmp_path: Path
) -> None:
    event, file = place.event.event_id, tmp_path / "slips.pdf"

    # The slips carry the day of the sample, so that its wordings are in force.
    code, said, _ = run("print", "--event", event, "--count", 6, "--out", file)

    assert code == 0
    assert said.startswith(f"A-001–006 on 2 sheets is in {file}\nFour on a sheet of A4")
    assert page_count(file.read_bytes()) == 2
    assert run("missing", "--event", event) == (0, "A-001–006: 0 typed in, missing 001–006\n", "")
    _code, said, _ = run("missing", "--event", event, "--json")
    (counted,) = json.loads(said)["runs"]
    assert (counted["span"], counted["printed"], counted["typed_in"]) == ("A-001–006", 6, 0)
    assert counted["missing"][0] == "A-001"


def test_the_next_print_goes_on_and_tells_programs_what_is_on_it(
    run: Callable[..., tuple[int, str, str]], place: Any, tmp_path: Path
) -> None:
    event = place.event.event_id
    run("print", "--event", event, "--count", 2, "--out", tmp_path / "1.pdf")

    code, said, _ = run(
        *("print", "--event", event, "--count", 3, "--language", "en", "--full", "--json"),
        *("--out", tmp_path / "2.pdf"),
    )

    made = json.loads(said)
    assert code == 0
    assert (made["letter"], made["first"], made["last"], made["on_a_sheet"], made["sheets"]) == (
        *("A", 3, 5),
        *(2, 2),
    )
    assert made["wordings"] == {"answer": 1, "newsletter": 1, "contact": 1}


def test_a_letter_that_scanners_mix_up_is_refused(
    run: Callable[..., tuple[int, str, str]], place: Any, tmp_path: Path
) -> None:
    file = tmp_path / "slips.pdf"

    code, _, complaint = run("print", "--event", place.event.event_id, "--letter", "Y", "--out", file)

    assert (code, file.exists()) == (1, False)
    assert "A to X" in complaint


def test_a_language_without_all_wordings_is_refused_and_those_there_are_named(
    run: Callable[..., tuple[int, str, str]], place: Any, tmp_path: Path
) -> None:
    file = tmp_path / "slips.pdf"

    code, _, complaint = run("print", "--event", place.event.event_id, "--language", "fr", "--out", file)

    assert (code, file.exists()) == (1, False)
    assert "In this language not all wordings are there and confirmed. No number was given out." in complaint
    assert "There are: Slovenščina (sl), English (en)" in complaint


def test_an_event_without_slips_says_so(run: Callable[..., tuple[int, str, str]], place: Any) -> None:
    code, said, _ = run("missing", "--event", place.event.event_id)

    assert (code, said) == (0, "No slips were printed for this event on this laptop.\n")


def test_a_run_that_never_reached_paper_is_taken_back(
    run: Callable[..., tuple[int, str, str]], place: Any, tmp_path: Path
) -> None:
    event = place.event.event_id
    run("print", "--event", event, "--count", 2, "--out", tmp_path / "1.pdf")

    code, said, _ = run("unprinted", "--event", event, "--number", "a2")

    assert (code, said) == (0, "A-001–002 was taken back; its numbers are not given out again.\n")
    assert run("missing", "--event", event)[1].startswith("No slips were printed")


def test_a_scan_that_is_none_is_told_once(
    run: Callable[..., tuple[int, str, str]], place: Any, tmp_path: Path
) -> None:
    for name in ("one.jpg", "two.jpg"):
        (tmp_path / name).write_bytes(b"a photo of nothing")

    code, said, complained = run(
        "scans", "--event", place.event.event_id, tmp_path / "one.jpg", tmp_path / "two.jpg"
    )

    assert (code, said) == (1, "")
    assert complained.count("one.jpg") == complained.count("two.jpg") == 1
    assert "No scan could be kept. Nothing was changed." in complained
