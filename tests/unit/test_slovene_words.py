"""One thing has one name: words of the Slovene texts that had two."""

import gettext
import re

import pytest
from reportlab.pdfbase.ttfonts import TTFontFile

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


def test_a_usb_stick_is_never_torn_apart_at_the_end_of_a_line() -> None:
    texts = slovene_texts()

    assert not [text for text in texts if "USB-ključ" in text]
    assert len([text for text in texts if "USB\N{NON-BREAKING HYPHEN}ključ" in text]) > 10


def test_no_line_of_the_screen_ends_with_a_word_of_one_letter() -> None:
    texts = slovene_texts()

    loose = re.compile(r"(?<!\S)[vzskhoua] (?=\S)")
    assert [text for text in texts if loose.search(text)] == []
    assert len([text for text in texts if "v\N{NO-BREAK SPACE}pisarn" in text]) > 10


@pytest.mark.parametrize("name", ["NotoSans-Regular.ttf", "NotoSans-SemiBold.ttf"])
def test_the_fonts_of_screen_and_paper_have_the_hyphen_that_holds(name: str) -> None:
    with resource("fonts", name).open("rb") as file:
        font = TTFontFile(file)

    assert ord("\N{NON-BREAKING HYPHEN}") in font.charToGlyph
