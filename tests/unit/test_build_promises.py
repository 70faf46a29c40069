"""The table of promises for developers says which tests carry the number of each."""

from importlib import import_module
from pathlib import Path
from types import ModuleType

import pytest

BUILD = Path(__file__).resolve().parents[2] / "build"
PAGE = "# Page\n\n| promise | tests |\n|---|---|\n| I1 | `old` |\n\nNot tested here: power.\n"


@pytest.fixture
def promises(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """Give the program that writes the table."""
    monkeypatch.syspath_prepend(BUILD)
    return import_module("promises")


def test_each_number_names_the_files_whose_tests_carry_it(promises: ModuleType, tmp_path: Path) -> None:
    (tmp_path / "sync").mkdir()
    (tmp_path / "sync" / "test_cut.py").write_text("def test_m09_i05_cut_anywhere() -> None: ...\n")
    (tmp_path / "test_saved.py").write_text(
        "def test_i01_saved() -> None: ...\n\n\ndef test_m1_no() -> None: ...\n"
    )

    table = promises.table_of(promises.tests_of(tmp_path))

    assert table == "| I1 | `test_saved` |\n| I5 | `sync/test_cut` |\n| M9 | `sync/test_cut` |\n"


def test_the_rest_of_the_page_stays(promises: ModuleType) -> None:
    page = promises.with_table(PAGE, "| I1 | `new` |\n")

    assert page == PAGE.replace("`old`", "`new`")


def test_a_test_that_is_missing_in_the_table_is_told(
    promises: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    # Given a project of its own, whose only promise is kept by a test that the page doesn't name
    (tmp_path / "desktop").mkdir()
    (tmp_path / "tests").mkdir()
    page = tmp_path / "desktop" / "README.md"
    page.write_text(PAGE)
    (tmp_path / "tests" / "test_new.py").write_text("def test_i01_saved() -> None: ...\n")
    monkeypatch.setattr(promises, "ROOT", tmp_path)
    monkeypatch.setattr(promises, "NUMBERED", [("I", 1)])

    told = promises.main(["--check"])
    said = capsys.readouterr().out
    written = promises.main([])

    assert (told, written, promises.main(["--check"])) == (1, 0, 0)
    assert "build/promises.py" in said
    assert "| I1 | `test_new` |" in page.read_text()


def test_a_promise_without_any_test_is_told(
    promises: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(promises, "NUMBERED", [("I", 1), ("I", 99)])

    assert promises.main(["--check"]) == 1
    assert "I99" in capsys.readouterr().out
