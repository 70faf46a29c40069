"""The sample's flyers fit and can be scanned in each language that visitors read."""

import pytest

from stojnica.domain.event import Event
from stojnica.domain.ids import new_id
from stojnica.domain.organisation_document import parse_document
from stojnica.i18n import VISITOR_LANGUAGES
from stojnica.printing.check import checked_flyer
from stojnica.services.flyer_content import flyer_content
from stojnica.services.sample import SAMPLE_DAY, sample_document

_DOCUMENT = parse_document(sample_document(SAMPLE_DAY))
_EVENT = Event(
    event_id=new_id(),
    name="Festival LUPA",
    code="lupa",
    place="Breg",
    city="Ljubljana",
    starts="2024-09-20T10:00",
    ends="2024-09-20T18:00",
    project="cerv",
)


@pytest.mark.parametrize("language", VISITOR_LANGUAGES)
@pytest.mark.parametrize("flyer", [flyer.id for flyer in _DOCUMENT.flyers])
def test_a_flyer_is_printable_with_the_words_and_the_funding_of_its_language(
    flyer: str, language: str
) -> None:
    content = flyer_content(_DOCUMENT, _EVENT, language, flyer)

    checked = checked_flyer(content)

    # The EU's wording is not confirmed in each language: that is said, and nothing else.
    assert {problem.kind for problem in checked.problems} <= {"check_wording"}
    assert checked.is_printable
    assert content.funding is not None
