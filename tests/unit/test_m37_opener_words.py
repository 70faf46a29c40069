"""M37: what the page says of those who can open a laptop, in whole sentences."""

from stojnica.services.openers import Opener, Openers
from stojnica.services.openers_page import OpenersState, name_text, removal_name, removal_title


def test_words_without_a_name_are_asked_about_in_a_whole_sentence() -> None:
    nameless, named = Opener("1", "", 0), Opener("2", "Luka", 1)

    titles = [removal_title(one) for one in (nameless, named)]

    assert titles == ["Take out the words without a name?", "Take out the words of Luka?"]
    assert name_text(nameless) == "without a name"
    assert removal_name(nameless) == "take out the words without a name"


def test_m37_a_code_is_promised_from_the_first_sending_on() -> None:
    known = Openers((), has_office=True, has_code=True)

    said = OpenersState(known).others

    assert "From the first sending on" in said
