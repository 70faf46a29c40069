"""One thing has one name: words of the Slovene texts that had two."""

import gettext

import pytest

from stojnica.domain.slip_words import fold, slip_words
from stojnica.i18n import DOMAIN
from stojnica.resources import resource


def slovene_texts() -> list[str]:
    with resource("locales", "sl", "LC_MESSAGES", f"{DOMAIN}.mo").open("rb") as file:
        return [str(text) for text in vars(gettext.GNUTranslations(file))["_catalog"].values()]


@pytest.mark.parametrize(
    ("other", "word"), [("listič", "listek"), ("okenc", "polje"), ("Učenci", "Učenke in učenci")]
)
def test_what_is_said_in_one_way_is_never_said_in_another(other: str, word: str) -> None:
    texts = slovene_texts()

    assert not [text for text in texts if other in text or other.capitalize() in text]
    assert [text for text in texts if word in text]


@pytest.mark.parametrize("heading", ["Številka listka", "številka lističa", "Št. listka", "ŠT. LISTIČA"])
def test_a_sheet_that_was_begun_with_the_older_word_is_still_understood(heading: str) -> None:
    assert slip_words().headings[fold(heading)] == "number"
