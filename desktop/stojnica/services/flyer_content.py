"""From the office's document and an event to what a flyer says."""

from dataclasses import asdict

from stojnica.domain.errors import UserFacingError
from stojnica.domain.event import Event
from stojnica.domain.organisation import Flyer, Funding, OrganisationDocument, text_in
from stojnica.i18n import gettext as _
from stojnica.i18n import in_usual_order, speaking
from stojnica.printing.campaign import campaign_link, shown_address
from stojnica.printing.flyer import FlyerContent
from stojnica.printing.funding import FundingBand, funding_band
from stojnica.services.written_time import local_text, written_day, written_span


def flyer_choices(document: OrganisationDocument, language: str) -> list[tuple[str, str]]:
    """Give id and title of the flyers that have words in a language."""
    return [
        (flyer.id, " ".join(flyer.texts[language].title.split()))
        for flyer in document.flyers
        if language in flyer.texts
    ]


def back_languages(document: OrganisationDocument, flyer_id: str, front: str) -> tuple[str, ...]:
    """Give the languages that may stand on the back of a flyer: its own, without the one in front."""
    words = next((flyer.texts for flyer in document.flyers if flyer.id == flyer_id), {})
    return tuple(language for language in in_usual_order(words) if language != front)


def flyer_content(
    document: OrganisationDocument, event: Event, language: str, flyer_id: str = ""
) -> FlyerContent:
    """Put a flyer together; the first one of the document when none is named.

    Raises:
        UserFacingError: there is no such flyer, it has no words in this language, or its link is unusable.
    """
    flyer = _chosen(document, flyer_id, language)
    words = flyer.texts[language]
    organisation = document.organisation
    link = campaign_link(
        flyer.url,
        event_code=event.code,
        project=flyer.campaign or event.project,
        item=flyer.id,
        variant=language,
    )
    with speaking(language):
        when = when_written(event)
    return FlyerContent(
        organisation=organisation.legal_line or organisation.name,
        monogram=organisation.monogram or organisation.name[:1],
        title=words.title,
        promise=words.promise,
        heading=words.heading,
        body=words.body,
        call=words.call,
        url=link,
        address=words.short_address or shown_address(flyer.url),
        event_name=event.name,
        event_date=when,
        language=language,
        accent=organisation.accent,
        kicker=words.kicker,
        logo=document.picture(organisation.logo),
        photo=document.picture(flyer.photo),
        funding=funding_of(document, event, language),
    )


def _chosen(document: OrganisationDocument, flyer_id: str, language: str) -> Flyer:
    flyers = [flyer for flyer in document.flyers if not flyer_id or flyer.id == flyer_id]
    if not flyers:
        raise UserFacingError(
            _("The office has not prepared this flyer yet."),
            safe=_("Nothing was printed."),
            next_step=_("Send to the office to fetch what is new, or ask there for a flyer."),
            code="no_flyer",
        )
    spoken = [flyer for flyer in flyers if language in flyer.texts]
    if not spoken:
        raise UserFacingError(
            _("This flyer has no words in the chosen language."),
            safe=_("Nothing was printed."),
            next_step=_("Choose another language, or ask the office for the words."),
            code="no_flyer_language",
        )
    return spoken[0]


def funding_of(document: OrganisationDocument, event: Event, language: str) -> FundingBand | None:
    """Give the band of the event's project; an event on no project shows none."""
    project = document.project(event.project)
    if project is None or project.funding is None:
        return None
    return funding_band(_profile(project.funding, language), language)


def _profile(funding: Funding, language: str) -> dict[str, object]:
    return asdict(funding) | {"authority": text_in(funding.authority, language)}


def when_written(event: Event) -> str:
    """Write out day and hours of an event, in the language that is spoken."""
    starts, ends = local_text(event.starts), local_text(event.ends)
    if starts is None or ends is None:
        return ""
    if ends.date() != starts.date():
        return written_span(event.starts, event.ends)
    return f"{written_day(starts.date())}, {written_span(event.starts, event.ends)}"
