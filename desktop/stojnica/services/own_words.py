"""What a template says itself, without the office's flyer: the sign on the table, the card in thanks."""

from stojnica.domain.errors import UserFacingError
from stojnica.domain.event import Event
from stojnica.domain.organisation import OrganisationDocument
from stojnica.i18n import gettext as _
from stojnica.i18n import speaking
from stojnica.printing.campaign import campaign_link, shown_address
from stojnica.printing.flyer import FlyerContent
from stojnica.printing.problem import LEADS_TO_WEBSITE, FlyerProblem
from stojnica.printing.template import Design
from stojnica.services.flyer_content import flyer_content, funding_of, when_written
from stojnica.services.home_address import HomeAddress, home_address


def own_words(
    document: OrganisationDocument,
    event: Event,
    language: str,
    design: Design,
    flyer_id: str = "",
    run: str = "",
) -> FlyerContent:
    """Put a piece together whose words are the template's own; `run` is the short code of its print run.

    Raises:
        UserFacingError: it has no words in this language, or the office has named no address for its code.
    """
    words = design.words.get(language)
    if words is None:
        raise _refused(
            _("This template has no words in the chosen language."),
            _("Choose another language, or ask the office for the words."),
        )
    organisation = document.organisation
    target = _target(document, event, language, design, flyer_id, run)
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
        url=target.link,
        address=target.shown,
        event_name=event.name,
        event_date=when,
        language=language,
        accent=organisation.accent,
        kicker=_name_in(document, language),
        blanks=words.blanks,
        logo=document.picture(organisation.logo),
        funding=funding_of(document, event, language),
        has_logo_in_code=organisation.logo_in_code,
    )


def target_problems(document: OrganisationDocument, design: Design) -> tuple[FlyerProblem, ...]:
    """Say that a code for the web form leads to the website, as long as the office has named no form."""
    if design.leads_to != "home" or document.organisation.web_form:
        return ()
    message = _("The office has named no web form, so the code leads to the website.")
    return (FlyerProblem(LEADS_TO_WEBSITE, message, "url", is_blocking=False),)


def _name_in(document: OrganisationDocument, language: str) -> str:
    # The office writes its name as readers know it above its flyers: where all agree, that line.
    lines = {flyer.texts[language].kicker for flyer in document.flyers if language in flyer.texts}
    return lines.pop() if len(lines) == 1 else ""


def _target(
    document: OrganisationDocument, event: Event, language: str, design: Design, flyer_id: str, run: str
) -> HomeAddress:
    if design.leads_to == "flyer":
        flyer = flyer_content(document, event, language, flyer_id, run)
        return HomeAddress(flyer.url, flyer.address)
    if design.leads_to == "website" and document.organisation.website:
        url = document.organisation.website
        link = campaign_link(
            url, event_code=event.code, project=event.project, item=design.id, variant=language, run=run
        )
        return HomeAddress(link, shown_address(url))
    home = home_address(document, event, language, design.id, run)
    if home is None:
        raise _refused(
            _("The office has not said where the code should lead."),
            _("Ask the office for the address of its web form or website."),
        )
    return home


def _refused(what: str, next_step: str) -> UserFacingError:
    return UserFacingError(
        what, safe=_("Nothing was printed."), next_step=next_step, code="no_words_of_template"
    )
