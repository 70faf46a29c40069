"""The key that is locked away, on paper: its code is scanned from the page, its letters are read."""

import stat
from pathlib import Path

import pytest

from stojnica.central.keys import IDENTITY_FILES, identity_text, make_keys
from stojnica.cli.main import main
from stojnica.i18n import use_language
from stojnica.printing.render import opened_pdf, page_image
from stojnica.printing.scan import codes_in


@pytest.mark.parametrize("language", ["sl", "en"])
def test_m32_the_locked_away_key_is_read_back_from_its_sheet(tmp_path: Path, language: str) -> None:
    make_keys(tmp_path / "keys")
    use_language(language)
    sheet = tmp_path / "sheet.pdf"

    assert main(["central", "key-sheet", "--keys", str(tmp_path / "keys"), "--out", str(sheet)]) == 0

    secret = identity_text(tmp_path / "keys" / IDENTITY_FILES[1])
    with opened_pdf(sheet.read_bytes()) as document:
        assert len(document) == 1
        words = "".join(document[0].get_textpage().get_text_range().split())
    assert secret in words
    assert codes_in(page_image(sheet.read_bytes())) == [secret]
    assert stat.S_IMODE(sheet.stat().st_mode) == 0o600


def test_the_sheet_takes_no_other_files_place(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    make_keys(tmp_path / "keys")
    sheet = tmp_path / "sheet.pdf"
    sheet.write_text("mine")

    assert main(["central", "key-sheet", "--keys", str(tmp_path / "keys"), "--out", str(sheet)]) == 1

    assert sheet.read_text() == "mine"
    assert "can't be written" in capsys.readouterr().err
