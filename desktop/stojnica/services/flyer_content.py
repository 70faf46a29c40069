"""From the office's document and an event to what a flyer says."""

from dataclasses import asdict

from babel.languages import get_official_languages

from stojnica.domain.errors import UserFacingError
from stojnica.domain.event import Event
from stojnica.domain.organisation import Flyer, OrganisationDocument, text_in
from stojnica.domain.qr_payload import CalendarCode
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
    document: OrganisationDocument, event: Event, language: str, flyer_id: str = "", run: str = ""
) -> FlyerContent:
    """Put a flyer together; the first one of the document when none is named.

    `run` is the short code of the print run, which the link in the code carries.

    Raises:
        UserFacingError: there is no such flyer, it has no words in this language, or its link is unusable.
    """
    flyer = _chosen(document, flyer_id, language)
    words = flyer.texts[language]
    organisation = document.organisation
    link = campaign_link(
        flyer.code.url if isinstance(flyer.code, CalendarCode) else flyer.url,
        event_code=event.code,
        project=flyer.campaign or event.project,
        item=flyer.id,
        variant=language,
        run=run,
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
        event_about=about_event(event, language),
        language=language,
        accent=organisation.accent,
        kicker=words.kicker,
        logo=document.picture(organisation.logo),
        photo=document.picture(flyer.photo),
        funding=funding_of(document, event, language),
        has_logo_in_code=organisation.logo_in_code,
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
    """Give the band of the event's project; None on no project, or outside the days of its funding.

    The day on which the event begins, by the clock of its place, decides. An event without a day shows none:
    a claim of funding has to be true.
    """
    project, starts = document.project(event.project), local_text(event.starts)
    funding = project.funding_on(starts.date()) if project and starts else None
    if funding is None:
        return None
    spoken = funding.language_for(language)
    profile = asdict(funding) | {"authority": text_in(funding.authority, spoken)}
    return funding_band(profile, spoken)


def about_event(event: Event, language: str) -> str:
    """Give the sentence about an event on pieces in a language of its country; elsewhere it'd be foreign."""
    return event.description if language in get_official_languages(event.country, de_facto=True) else ""


def when_written(event: Event) -> str:
    """Write out day and hours of an event, in the language that is spoken."""
    starts, ends = local_text(event.starts), local_text(event.ends)
    if starts is None or ends is None:
        return ""
    if ends.date() != starts.date():
        return written_span(event.starts, event.ends)
    return f"{written_day(starts.date())}, {written_span(event.starts, event.ends)}"
