"""Texts are looked up in the compiled catalogue without reading all of it, and come out as gettext's own."""

import gettext

import pytest

from stojnica.i18n import (
    DOMAIN,
    STAFF_LANGUAGES,
    VISITOR_LANGUAGES,
    SingularTexts,
    _text,
    ngettext,
    pgettext,
    speaking,
)
from stojnica.resources import resource


def compiled(language: str) -> tuple[bytes, dict[object, str]]:
    path = resource("locales", language, "LC_MESSAGES", f"{DOMAIN}.mo")
    with path.open("rb") as file:
        whole = gettext.GNUTranslations(file)
    return path.read_bytes(), vars(whole)["_catalog"]


@pytest.mark.parametrize("language", VISITOR_LANGUAGES)
def test_each_text_is_found_as_gettext_finds_it(language: str) -> None:
    data, catalogue = compiled(language)
    texts = SingularTexts(data)
    singular = {key: text for key, text in catalogue.items() if isinstance(key, str) and key}

    found = {key: texts.find(key) for key in singular}

    assert len(singular) > (500 if language in STAFF_LANGUAGES else 60)
    assert found == singular


@pytest.mark.parametrize("key", ["", "\x00", "zzz not there", "Unl", "žž", "a\x04b"])
def test_what_is_not_there_comes_back_as_it_is(key: str) -> None:
    data, _catalogue = compiled("sl")

    found = SingularTexts(data).find(key)

    assert "Project-Id" in found if key == "" else found == key.rpartition("\x04")[2]


def test_a_language_without_a_catalogue_speaks_english() -> None:
    assert SingularTexts(b"").find("Unlock") == "Unlock"
    assert _text("xx", "Unlock") == "Unlock"


def test_a_word_in_a_context_and_a_number_are_right_beside_each_other() -> None:
    with speaking("xx"):
        assert pgettext("kiosk", "Leave") == "Leave"
        assert ngettext("{count} contact", "{count} contacts", 2) == "{count} contacts"
