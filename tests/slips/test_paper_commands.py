"""`stojnica event sheet` and its kin: papers of an event as PDF, from a terminal."""

import json
from pathlib import Path
from typing import Any

import pytest

from stojnica.cli.main import main
from stojnica.domain.ids import new_id
from stojnica.printing.render import page_count


@pytest.fixture(autouse=True)
def _in_english(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LANG", "en_US.UTF-8")
    monkeypatch.delenv("LC_ALL", raising=False)
    monkeypatch.delenv("LC_MESSAGES", raising=False)


def call(place: Any, *arguments: object) -> int:
    shared = ("--home", str(place.folder), "--passphrase-file", str(place.passphrase_file))
    return main(["event", "sheet", *map(str, arguments), *shared])


def test_the_sheet_is_written_to_the_file(
    place: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "list.pdf"

    code = call(place, "--event", place.event.event_id, "--language", "sl", "--out", file)

    assert code == 0
    assert capsys.readouterr().out == f"The paper is in {file}\n"
    assert page_count(file.read_bytes()) == 1


def test_an_event_or_a_folder_that_is_not_there_is_said_in_words(
    place: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    nobody = call(place, "--event", new_id(), "--out", tmp_path / "list.pdf", "--json")
    said = json.loads(capsys.readouterr().out)
    nowhere = call(place, "--event", place.event.event_id, "--out", tmp_path / "no" / "list.pdf")

    assert (nobody, said["error"]) == (1, "event_unknown")
    assert nowhere == 1
    assert "list.pdf" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("paper", "pages"), [(("attendance", "--rows", "200", "--age"), 9), (("packing",), 1), (("badges",), 1)]
)
def test_every_other_paper_is_written_too(
    place: Any, tmp_path: Path, paper: tuple[str, ...], pages: int
) -> None:
    file = tmp_path / "paper.pdf"
    shared = ("--home", str(place.folder), "--passphrase-file", str(place.passphrase_file))

    code = main(["event", *paper, "--event", str(place.event.event_id), "--out", str(file), *shared])

    assert code == 0
    assert page_count(file.read_bytes()) == pages


@pytest.mark.parametrize("rows", ["0", "201", "-1", "many", "9" * 30, "٢٤"])
def test_a_number_of_rows_that_can_t_be_is_a_wrong_call(place: Any, tmp_path: Path, rows: str) -> None:
    arguments = ["event", "attendance", "--event", str(place.event.event_id), "--rows", rows]

    with pytest.raises(SystemExit) as caught:
        main([*arguments, "--out", str(tmp_path / "list.pdf")])

    assert caught.value.code == 2
