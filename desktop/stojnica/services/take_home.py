"""Take-home cards: for a child of whom nothing is stored, and for the pupils of a class that was here."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from stojnica.domain.age import ADULT, AgeBand, band_of, bands_for
from stojnica.domain.errors import UserFacingError
from stojnica.domain.event import Event
from stojnica.domain.form import is_offered
from stojnica.domain.organisation import OrganisationDocument, text_in
from stojnica.domain.print_run import CARD, MOST_PIECES, TO_FILE, Piece, Printed
from stojnica.i18n import gettext as _
from stojnica.i18n import speaking
from stojnica.printing.check import CheckedFlyer, checked_flyer
from stojnica.printing.flyer import FlyerContent
from stojnica.printing.render import page_count, page_png, page_size_mm
from stojnica.printing.template_file import load_template
from stojnica.records.event_queries import known_event
from stojnica.records.funding_overrules import KnownOverrule, overrules_of
from stojnica.services.flyer_content import funding_of
from stojnica.services.funding_overrule import FundingCase, funding_case, held_for
from stojnica.services.home_address import ITEM, home_address
from stojnica.services.on_paper import PRINT_DPI, PrintablePages
from stojnica.services.print_runs import KnownRuns, RunWish, content_of_run, known_runs
from stojnica.services.shown_organisation import NOTHING_DECIDED, shown_organisation
from stojnica.services.slip_content import printed_words
from stojnica.services.stand import current_event_id
from stojnica.services.written_time import local_text, written_day
from stojnica.storage.durable import write_durably
from stojnica.storage.unit import branch_of

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

TEMPLATE = CARD
ON_A_SHEET = 8
MOST_CARDS = 500
MOST_OFFERED = 4
OFFERED_LETTERS, ADDRESS_LETTERS, NAME_LETTERS = 110, 30, 36
"""How many letters a card of A7 has room for, in a readable size."""


@dataclass(frozen=True, slots=True)
class CardScene:
    """Hold what cards are made from: the office's document, the chosen event, and its print runs."""

    document: OrganisationDocument = NOTHING_DECIDED
    event: Event | None = None
    known: KnownRuns = field(default_factory=KnownRuns)
    overrules: tuple[KnownOverrule, ...] = ()

    @property
    def languages(self) -> tuple[str, ...]:
        """Give the languages in which there are words for a card."""
        return tuple(language for language, words in printed_words().items() if "card" in words)

    @property
    def bands(self) -> tuple[AgeBand, ...]:
        """Give the age bands of the event's country."""
        country = (self.event.country if self.event else "") or self.document.organisation.country
        return bands_for(country, self.document.consent_age)


@dataclass(frozen=True, slots=True)
class CardWish:
    """Say which cards are wanted; `band` is the id of an age band, or "" when the age isn't known."""

    language: str
    count: int = 1
    band: str = ""


def read_card_scene(connection: "Connection") -> CardScene:
    """Read the document in force and the chosen event; runs in the reader thread."""
    event_id = current_event_id(connection)
    branch_id = branch_of(connection)
    known = None if event_id is None else known_event(connection, branch_id, event_id)
    return CardScene(
        shown_organisation(connection).document,
        known.event if known else None,
        known_runs(connection, event_id),
        overrules_of(connection, branch_id, event_id) if event_id else (),
    )


def card_content(scene: CardScene, wish: CardWish, run: str = "") -> FlyerContent:
    """Put a card together: what was not stored, where to write from home, and what fits the age.

    `run` is the short code of its print run, which the link carries.

    Raises:
        UserFacingError: there is no event, no web address to lead to, or no words in this language.
    """
    document, event = scene.document, scene.event
    organisation = document.organisation
    if event is None:
        raise _no_event()
    home = home_address(document, event, wish.language, run=run)
    if home is None:
        raise _refused(
            _("The office has not said where the code should lead."),
            _("Ask the office for the address of its web form or website."),
        )
    card = printed_words().get(wish.language, {}).get("card")
    if card is None:
        raise _refused(_("There are no words for the card in this language."), _("Choose another language."))
    band = band_of(wish.band, scene.bands)
    # Who is of age needs nobody to write along.
    words = card["grown" if band is not None and (band.low or 0) >= ADULT else "parents"]
    offered = offered_to(document, band, wish.language)
    things = ", ".join(offered[: _how_many_fit(offered)])
    return FlyerContent(
        organisation=organisation.name,
        monogram=organisation.monogram or organisation.name[:1],
        title=words["title"],
        promise="",
        heading=card["offered"].format(things=things) if things else "",
        body=words["body"],
        call=words["call"],
        url=home.link,
        address=_in_lines(home.shown),
        event_name=event.name,
        language=wish.language,
        accent=organisation.accent,
        logo=document.picture(organisation.logo),
        kicker=f"{organisation.legal_line or organisation.name}\n{_event_line(event, wish.language)}",
        funding=funding_of(document, event, wish.language),
    )


def offered_to(document: OrganisationDocument, band: AgeBand | None, language: str) -> tuple[str, ...]:
    """Name what fits an age and has a page to read, at most four; nothing while the age isn't known."""
    if band is None:
        return ()
    fitting = [item for item in document.interests if item.url and is_offered(item.from_age, band)]
    return tuple(text_in(item.title, language) for item in fitting)[:MOST_OFFERED]


@dataclass(frozen=True, slots=True)
class MadeCards:
    """Hold checked cards, the name that their file gets, and the print run that they are.

    `case` names the rules of the EU that stop them, `overruled` holds those that a person let by.
    """

    checked: CheckedFlyer
    name: str
    run: RunWish
    count: int
    link: str
    case: FundingCase | None = None
    overruled: tuple[KnownOverrule, ...] = ()

    def printing(self, copies: int) -> Printed:
        """Give how many cards a printer made when it made so many copies; none for a file."""
        is_short = self.link != self.run.target
        if not copies:
            return Printed(0, TO_FILE, is_short)
        return Printed(min(self.count * copies, MOST_PIECES), is_short=is_short)

    def pdf(self) -> bytes:
        """Give the PDF.

        Raises:
            UserFacingError: something on it can't be printed or read; it says what.
        """
        wrong = [problem.message for problem in self.checked.problems if problem.is_blocking]
        if wrong:
            raise _refused(" ".join(wrong), _("Ask the office to correct what is named here."))
        return self.checked.pdf

    def save(self, path: Path) -> None:
        """Write the PDF.

        Raises:
            UserFacingError: it can't be printed, or not be written there.
        """
        pdf = self.pdf()
        try:
            write_durably(path, pdf)
        except OSError as error:
            raise UserFacingError(
                _("The cards can't be written to {file}.").format(file=path.name),
                safe=_("Nothing else was changed."),
                next_step=_("Choose another folder, with room in it."),
                code="unwritable_file",
            ) from error

    def sheets(self) -> PrintablePages:
        """Render the sheets for a printer; all but the last are the same and are rendered once.

        Raises:
            UserFacingError: it can't be printed.
        """
        pdf = self.pdf()
        last = page_count(pdf) - 1
        drawn = {page: page_png(pdf, page, PRINT_DPI) for page in {0, last}}
        pictures = tuple(drawn[last if page == last else 0] for page in range(last + 1))
        return PrintablePages(pictures, page_size_mm(pdf))


def make_cards(scene: CardScene, wish: CardWish, code: str = "") -> MadeCards:
    """Make cards and read the codes on the sheet; takes part of a second, call it off the UI thread.

    `code` is the short code that a new print run gets, unless it is given out.

    Raises:
        UserFacingError: as `card_content`.
    """
    event = scene.event
    if event is None:
        raise _no_event()
    template = load_template(TEMPLATE)
    piece = Piece("", TEMPLATE, template.size, wish.language)
    content, run = content_of_run(
        lambda code: card_content(scene, wish, code),
        scene.known,
        scene.document.short_links,
        RunWish(event.event_id, piece, code),
    )
    checked = checked_flyer(content, ON_A_SHEET, template, wish.count)
    held = held_for(scene.overrules, checked.piece)
    checked = checked.overruled([item.overrule.rule for item in held])
    name = "-".join(part for part in (event.code, ITEM, wish.language, str(wish.count)) if part)
    return MadeCards(
        checked,
        f"{name}.pdf",
        run,
        wish.count,
        link=content.url,
        case=funding_case(event.event_id, piece, checked.piece, checked.broken_rules),
        overruled=held,
    )


def _how_many_fit(offered: tuple[str, ...]) -> int:
    """Count how many titles a card has room for: long ones leave less for others, and never stop a print."""
    room = OFFERED_LETTERS
    for place, title in enumerate(offered):
        room -= len(title) + 2
        if room < 0:
            return place
    return len(offered)


def _in_lines(address: str) -> str:
    """Break a long address after a slash, so that it fits below the code; else give the host alone."""
    if len(address) <= ADDRESS_LETTERS:
        return address
    place = address.rfind("/", 0, ADDRESS_LETTERS)
    first, rest = address[: place + 1], address[place + 1 :]
    return f"{first}\n{rest}" if place > 0 and len(rest) <= ADDRESS_LETTERS else address.split("/", 1)[0]


def _event_line(event: Event, language: str) -> str:
    with speaking(language):
        starts = local_text(event.starts)
        day = written_day(starts.date()) if starts and event.starts[:10] == event.ends[:10] else ""
    name = event.name if len(event.name) <= NAME_LETTERS else event.name[: NAME_LETTERS - 1].rstrip() + "…"
    return " · ".join(part for part in (name, day) if part)


def _no_event() -> UserFacingError:
    return _refused(_("No event is chosen."), _("Choose an event first."))


def _refused(what: str, next_step: str) -> UserFacingError:
    return UserFacingError(
        _("The card can't be printed.") + " " + what,
        safe=_("Nothing was printed, and nothing is lost."),
        next_step=next_step,
        code="no_card",
    )
