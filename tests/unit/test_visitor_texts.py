"""What a visitor reads is there in six languages, fits, and is written as each language writes."""

import json
import re
from pathlib import Path
from types import ModuleType

import pytest
from babel.messages.catalog import Catalog

from stojnica.domain.age import AgeBand, bands_for, read_age
from stojnica.domain.slip_words import slip_words
from stojnica.domain.text import too_long
from stojnica.i18n import STAFF_LANGUAGES, VISITOR_LANGUAGES, speaking
from stojnica.resources import resource
from stojnica.services.kiosk_texts import kiosk_texts
from stojnica.services.signup_choices import status_choices

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "desktop" / "stojnica"
GUESTS = tuple(language for language in VISITOR_LANGUAGES if language not in STAFF_LANGUAGES)
# A catalogue that holds as much is not one that somebody has begun and left.
VISITOR_TEXTS = 60
# A button has a border of its own: shorter words than this fit whatever they say.
SHORT = 10
BUTTONS = (
    *("next", "back", "stop", "save", "saving", "done", "full_notice", "close", "take_hint"),
    "still_here_yes",
)
QUOTES = {"de": "„“", "it": "«»", "hr": "„”", "hu": "„”"}


@pytest.fixture
def texts(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    monkeypatch.syspath_prepend(ROOT / "build")
    import gettext_catalogues

    return gettext_catalogues


def shipped(texts: ModuleType, language: str) -> Catalog:
    path = resource("locales", language, "LC_MESSAGES", "stojnica.po")
    catalogue: Catalog = texts.read(path, language)
    return catalogue


@pytest.mark.parametrize("language", GUESTS)
def test_every_text_that_a_visitor_can_read_is_translated(texts: ModuleType, language: str) -> None:
    wanted = texts.texts_for(texts.extract(PACKAGE, ROOT), language)

    catalogue = texts.updated(wanted, shipped(texts, language), language)

    assert texts.problems(catalogue, language) == []
    assert len(catalogue) >= VISITOR_TEXTS
    everywhere = {"E-mail", "no"}
    same = {
        message.id
        for message in texts.messages_of(catalogue)
        if message.id in texts.texts_of(message) and message.id not in everywhere
    }
    assert same == set()


@pytest.mark.parametrize("language", GUESTS)
def test_no_text_is_much_longer_than_those_the_pages_are_drawn_for(texts: ModuleType, language: str) -> None:
    ours = {texts.key_of(message): message for message in texts.messages_of(shipped(texts, "sl"))}

    too_wide = []
    for message in texts.messages_of(shipped(texts, language)):
        english = message.id if isinstance(message.id, tuple) else (message.id,)
        slovene = texts.texts_of(ours[texts.key_of(message)])
        limit = max(SHORT, 1.6 * max(map(len, (*english, *slovene))))
        too_wide += [text for text in texts.texts_of(message) if len(text) > limit]

    assert too_wide == []


@pytest.mark.parametrize("language", VISITOR_LANGUAGES)
def test_buttons_are_a_few_words(language: str) -> None:
    with speaking(language):
        words = kiosk_texts()

    assert [text for name in BUTTONS if len(text := getattr(words, name)) > 20] == []


def in_documents(language: str) -> list[str]:
    """Give all that the shipped documents say in a language."""
    files = ("sample/organisation.json", "funding/eu.json", "forms/person.json", "forms/organisation.json")
    found: list[str] = []

    def collect(value: object, is_spoken: bool) -> None:
        if isinstance(value, dict):
            is_spoken = is_spoken or value.get("language") == language
            for key, each in value.items():
                collect(each, is_spoken or key == language)
        elif isinstance(value, list):
            for each in value:
                collect(each, is_spoken)
        elif isinstance(value, str) and is_spoken:
            found.append(value)

    for name in files:
        collect(json.loads(resource(*name.split("/")).read_text("utf-8")), False)
    return found


@pytest.mark.parametrize("language", GUESTS)
def test_quotes_apostrophes_and_dots_are_the_languages_own(texts: ModuleType, language: str) -> None:
    written = [
        text for message in texts.messages_of(shipped(texts, language)) for text in texts.texts_of(message)
    ]
    documents = in_documents(language)
    written += documents

    assert len(documents) > 100
    foreign = set("\"'“”„«»‚‘") - set(QUOTES[language])
    assert [text for text in written if foreign & set(text) or "..." in text] == []
    assert [text for text in written if "’" in text and language != "it"] == []
    assert [text for text in written if re.search(r"\s[.,!?:;](?!\w)|[ \u00a0]{2}|[^\u00a0]…", text)] == []


@pytest.mark.parametrize(
    ("language", "one", "two", "five"),
    [
        ("sl", "1 znak.", "2 znaka.", "5 znakov."),
        ("en", "1 character fits.", "2 characters fit.", "5 characters fit."),
        ("de", "1 Zeichen passt hinein.", "2 Zeichen passen hinein.", "5 Zeichen passen hinein."),
        ("it", "ci sta al massimo 1 carattere.", "al massimo 2 caratteri.", "al massimo 5 caratteri."),
        ("hr", "stane najviše 1 znak.", "stanu najviše 2 znaka.", "stane najviše 5 znakova."),
        ("hu", "1 karakter fér el.", "2 karakter fér el.", "5 karakter fér el."),
    ],
)
def test_numbers_are_spoken_rightly(language: str, one: str, two: str, five: str) -> None:
    with speaking(language):
        said = [too_long(count).message for count in (1, 2, 5)]

    assert said[0].endswith(one)
    assert said[1].endswith(two)
    assert said[2].endswith(five)


@pytest.mark.parametrize("language", VISITOR_LANGUAGES)
@pytest.mark.parametrize("country", ["SI", "AT", "DE", "HR", "HU", "IT"])
def test_the_printed_age_groups_are_read_back(language: str, country: str) -> None:
    bands = bands_for(country, {"SI": 15, "AT": 14, "IT": 14, "DE": 16, "HR": 16, "HU": 16})

    with speaking(language):
        labels = [band.label for band in bands]

    assert [read_age(label, bands).band for label in labels] == list(bands)


def test_under_an_age_is_written_in_each_language() -> None:
    written = {}
    for language in VISITOR_LANGUAGES:
        with speaking(language):
            written[language] = AgeBand("under-15", None, 14).label

    assert written == {
        "sl": "pod 15",
        "en": "under 15",
        "de": "unter 15",
        "it": "meno di 15",
        "hr": "ispod 15",
        "hu": "15 év alatt",
    }


@pytest.mark.parametrize("language", VISITOR_LANGUAGES)
def test_what_a_person_does_is_told_apart_and_read_back_from_paper(language: str) -> None:
    with speaking(language):
        choices = status_choices()

    assert len({choice.label for choice in choices}) == len(choices) == 7
    assert [slip_words().status_id(choice.label) for choice in choices] == [choice.id for choice in choices]


@pytest.mark.parametrize(
    "written", ["mlađi od 15", "15 év alatt", "unter 15 Jahre", "sotto i 15 anni", "manje od 15 godina"]
)
def test_under_an_age_is_read_as_people_write_it(written: str) -> None:
    bands = bands_for("SI", {"SI": 15})

    assert read_age(written, bands).band == bands[0]
