"""The command line gets texts that nobody can keep: one sentence, nothing done, and the next call works."""

import io
import sys
from pathlib import Path

import pytest

from stojnica.cli.main import main
from stojnica.cli.options import MAX_PASSPHRASE_BYTES

WORDS = "breza \u010doln je\u017eek mavrica sonce"
GOOD = {"--name": "Sejem", "--starts": "2026-09-20T10:00", "--ends": "2026-09-20T18:00"}


@pytest.fixture(scope="module")
def options(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """Give the options of a store that was made once."""
    folder = tmp_path_factory.mktemp("calls")
    (folder / "words").write_text(WORDS, "utf-8")
    shared = ["--home", str(folder / "home"), "--passphrase-file", str(folder / "words")]
    assert main([*shared, "init", "--language", "en"]) == 0
    return shared


def add(options: list[str], **changed: str) -> int:
    asked = GOOD | {f"--{name.replace('_', '-')}": text for name, text in changed.items()}
    return main([*options, "event", "add", *(part for pair in asked.items() for part in pair)])


@pytest.mark.parametrize(
    ("name", "text", "words"),
    [
        ("name", "Ana\udcff", "can't be read"),
        ("name", "Ana\x1b[31m", "can't be read"),
        ("name", "Ana\u202e", "direction of reading"),
        ("name", "a" * 100_000, "at most 200 characters"),
        ("name", "\u200b", "no name"),
        ("place", "Ana\udcff", "can't be read"),
        ("city", "A" + "\u0301" * 100, "too many marks"),
        ("code", "p\udcff", "don't belong into a link"),
        ("project", "p\udcff", "project is not known"),
        ("country", "Slovenia", "country is not known"),
        ("time_zone", "../../etc/passwd", "time zone is not known"),
        ("goal", "9" * 40, "whole number of people"),
        ("goal", "-5", "whole number of people"),
        ("starts", "9999-99-99T99:99", "not a date"),
        ("starts", "0001-01-01T00:00", "too far from today"),
        ("ends", "9999-12-31T23:59", "too far from today"),
    ],
)
def test_an_event_that_cannot_be_is_refused_in_a_sentence(
    options: list[str], capsys: pytest.CaptureFixture[str], name: str, text: str, words: str
) -> None:
    refused = add(options, **{name: text})

    said = capsys.readouterr()
    assert refused == 1
    assert words in said.err
    assert said.out == ""
    assert "Traceback" not in said.err


def test_a_file_that_is_too_large_for_a_secret_is_not_read_in_part(
    options: list[str], capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    flood = tmp_path / "flood"
    flood.write_text("a" * (MAX_PASSPHRASE_BYTES + 1), "utf-8")

    made = main(["--home", str(tmp_path / "home"), "--passphrase-file", str(flood), "init"])

    assert made == 1
    assert "too large" in capsys.readouterr().err
    assert not (tmp_path / "home").exists()


@pytest.mark.parametrize("encoding", ["ascii", "cp1250", "utf-8"])
def test_a_terminal_that_lacks_a_letter_still_tells_the_passphrase(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, encoding: str
) -> None:
    heard = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(heard, encoding, errors="strict"))

    made = main(["--home", str(tmp_path / "\u017eaba\udcff"), "init", "--language", "sl"])
    sys.stdout.flush()

    assert made == 0
    assert len(heard.getvalue().splitlines()) == 2


def test_a_good_event_is_kept_after_all_of_that(
    options: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert add(options, name="O'Brien \u0160park=1+1") == 0
    assert "O'Brien \u0160park=1+1" in capsys.readouterr().out
