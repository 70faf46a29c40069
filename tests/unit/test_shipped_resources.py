"""What is shipped is found the same way in a checkout, an installed wheel and a frozen program."""

import sys
import zipfile
from pathlib import Path

import pytest
from hatchling.builders.wheel import WheelBuilder

from stojnica import resources

ROOT = Path(__file__).parents[2]
NEEDED = (
    "fonts/NotoSans-Regular.ttf",
    "locales/sl/LC_MESSAGES/stojnica.mo",
    "sample/organisation.json",
    "flyers/promise/template.json",
    "theme/stojnica.qss",
)


def test_a_checkout_finds_its_resources() -> None:
    assert [name for name in NEEDED if not resources.resource(*name.split("/")).is_file()] == []


def test_a_wheel_carries_resources_and_migrations(tmp_path: Path) -> None:
    builder = WheelBuilder(str(ROOT))

    made = next(iter(builder.build(directory=str(tmp_path), versions=["standard"])))

    with zipfile.ZipFile(made) as wheel:
        names = set(wheel.namelist())
    assert {f"stojnica/_resources/{name}" for name in NEEDED} <= names
    assert "stojnica/storage/migrations/versions/s0001_first_tables.py" in names
    assert "stojnica/central/migrations/sql/0001_api.sql" in names


def test_an_installed_wheel_looks_beside_the_package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    package = tmp_path / "site" / "stojnica"
    (package / "_resources" / "locales").mkdir(parents=True)
    monkeypatch.setattr(resources, "__file__", str(package / "resources.py"))

    assert resources.resources_dir() == package / "_resources"


def test_a_frozen_program_looks_into_its_bundle(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "resources" / "locales").mkdir(parents=True)
    monkeypatch.setattr(sys, "_MEIPASS", str(tmp_path), raising=False)

    assert resources.resources_dir() == tmp_path / "resources"


def test_an_incomplete_installation_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(resources, "__file__", str(tmp_path / "a" / "b" / "resources.py"))

    with pytest.raises(FileNotFoundError):
        resources.resources_dir()
