"""A language of visitors is added with files only: a catalogue, and wordings in the office's document."""

import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

from stojnica import i18n
from stojnica.domain.organisation_document import parse_document
from stojnica.i18n import VISITOR_LANGUAGES, in_usual_order, speaking, visitor_languages
from stojnica.services.kiosk_texts import kiosk_texts
from stojnica.services.sample import SAMPLE_DAY, sample_document
from stojnica.services.shown_organisation import ShownOrganisation
from stojnica.services.signup_choices import language_choices, offered_languages, own_name

ROOT = Path(__file__).resolve().parents[2]
FEW_WORDS = """
msgid "Thank you!"
msgstr "Дякуємо!"
"""


@pytest.fixture
def texts(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    monkeypatch.syspath_prepend(ROOT / "build")
    import gettext_catalogues

    return gettext_catalogues


@pytest.fixture
def ukrainian(texts: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Put a folder with Ukrainian texts beside the shipped ones."""
    locales = tmp_path / "resources" / "locales"
    shutil.copytree(ROOT / "resources" / "locales", locales)
    folder = locales / "uk" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    (folder / "stojnica.po").write_text(FEW_WORDS, "utf-8")
    catalogue = texts.read(folder / "stojnica.po", "uk")
    (folder / "stojnica.mo").write_bytes(texts.mo_bytes(catalogue))
    monkeypatch.setattr(sys, "_MEIPASS", str(tmp_path), raising=False)
    caches = (i18n._text, i18n._singulars, i18n._catalogue)
    for cache in caches:
        cache.cache_clear()
    yield locales
    for cache in caches:
        cache.cache_clear()


def with_ukrainian() -> ShownOrganisation:
    value = sample_document(SAMPLE_DAY)
    english = [item for item in value["wordings"] if item["language"] == "en"]
    notice = next(item for item in value["notices"] if item["language"] == "en")
    value["wordings"] += [{**item, "language": "uk"} for item in english]
    value["notices"].append({**notice, "language": "uk"})
    return ShownOrganisation(parse_document(value), is_from_office=True)


def test_a_folder_of_texts_and_the_offices_wordings_put_a_language_on_the_screen(
    request: pytest.FixtureRequest,
) -> None:
    shown = with_ukrainian()
    before = offered_languages(shown, SAMPLE_DAY)

    request.getfixturevalue("ukrainian")

    offered = offered_languages(shown, SAMPLE_DAY)
    with speaking("uk"):
        words = kiosk_texts()
    assert (before, offered) == (("sl", "en"), ("sl", "en", "uk"))
    assert language_choices(offered)[-1] == ("uk", "Українська")
    assert (words.thanks_title, words.next) == ("Дякуємо!", "Next")


def test_the_build_asks_for_all_that_a_visitor_reads_in_it(texts: ModuleType, ukrainian: Path) -> None:
    import catalogues

    source = texts.texts_for(texts.extract(ROOT / "desktop" / "stojnica", ROOT), "uk")
    begun = texts.read(ukrainian / "uk" / "LC_MESSAGES" / "stojnica.po", "uk")

    missing = texts.problems(texts.updated(source, begun, "uk"), "uk")

    assert "uk" in catalogues.languages(ukrainian)
    assert len(missing) == len(source) - 1


def test_the_shipped_languages_come_first_and_in_their_order(ukrainian: Path) -> None:
    assert visitor_languages() == (*VISITOR_LANGUAGES, "uk")


def test_each_language_is_called_by_its_own_name() -> None:
    assert [own_name(code) for code in ("sl", "hu", "uk", "sr", "xx", "?")] == [
        "Slovenščina",
        "Magyar",
        "Українська",
        "Српски",
        "xx",
        "?",
    ]


def test_languages_stand_in_the_same_order_everywhere_and_each_once() -> None:
    assert in_usual_order(["uk", "hu", "de", "sl", "de", "bs"]) == ("sl", "de", "hu", "bs", "uk")
    assert in_usual_order([]) == ()
