"""What a person asks about themselves from the command line."""

from pathlib import Path

import pytest

from stojnica.cli.main import main
from stojnica.i18n import speaking
from stojnica.storage.home import StoreHome, create_store
from stojnica.storage.slots import Argon2Cost

WORDS = "jutro voda hiša most reka"


@pytest.mark.parametrize(
    "verb", [["about", "--out", "sheet.pdf"], ["erase", "--yes"]], ids=["about", "erase"]
)
def test_of_whom_nothing_is_here_it_is_said_in_words_for_a_terminal(
    verb: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LANG", "en_GB.UTF-8")
    home = StoreHome(tmp_path / "laptop")
    create_store(home, WORDS, cost=Argon2Cost(8, 1, 1)).close()
    (home.folder / "settings.json").write_text('{"language": "en"}')
    (tmp_path / "words").write_text(WORDS, encoding="utf-8")

    shared = ["--home", str(home.folder), "--passphrase-file", str(tmp_path / "words")]
    with speaking("en"):
        code = main([*verb, "--email", "nobody@example.org", *shared])

    assert code == 1
    assert "This laptop has nothing about this person." in capsys.readouterr().err
