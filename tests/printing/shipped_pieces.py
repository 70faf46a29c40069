"""Each shipped template with what it really says, in two languages where it can."""

import io
from collections.abc import Iterator
from dataclasses import replace
from uuid import UUID

from PIL import Image

from stojnica.domain.event import Event
from stojnica.domain.organisation_document import parse_document
from stojnica.printing.flyer import FlyerContent
from stojnica.printing.template import Design
from stojnica.services.flyer_content import flyer_content
from stojnica.services.flyer_paper import offered_designs
from stojnica.services.own_words import own_words
from stojnica.services.sample import SAMPLE_DAY, sample_document

OFFICE = parse_document(sample_document(SAMPLE_DAY))
EVENT = Event(
    event_id=UUID(int=1),
    name="Festival LUPA",
    code="lupa",
    place="Breg",
    city="Ljubljana",
    starts="2024-09-20T10:00",
    ends="2024-09-20T18:00",
    project="cerv",
)
WITHOUT_FUNDING = replace(EVENT, project="")


def _photo() -> bytes:
    target = io.BytesIO()
    Image.linear_gradient("L").resize((1800, 1200)).save(target, "JPEG")
    return target.getvalue()


PHOTO = _photo()


def offered_sizes() -> Iterator[tuple[str, str]]:
    """Give each template that is offered, in each of its sizes."""
    for design in offered_designs():
        for size in design.sizes:
            yield design.id, size


def offered_sheets() -> Iterator[tuple[str, str, int]]:
    """Give each template that is offered, in each of its sizes, on each of its sheets."""
    for design in offered_designs():
        for size, template in design.sizes.items():
            for up in template.sheets:
                yield design.id, size, up


def said(
    design: Design, language: str, event: Event = EVENT, flyer_id: str = "", *, second: str = ""
) -> FlyerContent:
    """Give what a template says; beside it, what it says in a second language where it has the room."""
    if design.words:
        return own_words(OFFICE, event, language, design)
    content = replace(flyer_content(OFFICE, event, language, flyer_id), photo=PHOTO)
    if not design.is_bilingual:
        return content
    other = second or ("de" if language == "en" else "en")
    return replace(content, second=flyer_content(OFFICE, event, other, flyer_id))
