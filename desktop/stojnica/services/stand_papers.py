"""The papers around an event: a list to sign, a list to pack by, and badges for the team."""

from collections import Counter
from collections.abc import Sequence

from stojnica.domain.age import bands_for
from stojnica.domain.event import Event
from stojnica.domain.organisation import OrganisationDocument
from stojnica.i18n import current_language
from stojnica.i18n import gettext as _
from stojnica.printing.attendance_list import AttendanceList, make_attendance_list
from stojnica.printing.fonts import UNPRINTABLE
from stojnica.printing.name_badges import Badges, make_badges
from stojnica.printing.paper import PaperHead
from stojnica.printing.team_sheet import SheetLine, SheetList, TeamSheet, make_team_sheet
from stojnica.services.checklists import TickList
from stojnica.services.event_sheet import when_of, where_of
from stojnica.services.flyer_content import funding_of
from stojnica.services.paper_words import page_words, printed_words
from stojnica.services.team import Member


def attendance_pdf(document: OrganisationDocument, event: Event, rows: int, *, with_age: bool) -> bytes:
    """Make the list to sign, in the language of the moment.

    Raises:
        UserFacingError: the project's funding profile can't be printed.
    """
    words, language = printed_words(current_language()), current_language()
    organisation = document.organisation
    bands = bands_for(event.country, document.consent_age) if with_age else ()
    return make_attendance_list(
        AttendanceList(
            head=PaperHead(
                title=event.name,
                subtitle=" · ".join(
                    part for part in (words["attendance"], when_of(event), where_of(event)) if part
                ),
                organisation=organisation.name,
                foot=f"{words['attendance']} · {event.code}",
                accent=organisation.accent,
                language=language,
                page_words=words["page"],
                funding=funding_of(document, event, language),
                logo=document.picture(organisation.logo),
            ),
            notice=words["notice"].format(organisation=organisation.name),
            number=words["number"],
            name=words["name"],
            signature=words["signature"],
            rows=rows,
            age=words["age"],
            bands=tuple(band.label for band in bands),
        )
    )


def packing_pdf(document: OrganisationDocument, event: Event, lists: Sequence[TickList]) -> bytes:
    """Make the lists to tick on paper, as they are ticked now, in the language of the moment.

    Raises:
        UserFacingError: the project's funding profile can't be printed.
    """
    organisation, language = document.organisation, current_language()
    return make_team_sheet(
        TeamSheet(
            title=_("Lists to tick"),
            subtitle=" · ".join(part for part in (event.name, when_of(event), where_of(event)) if part),
            organisation=organisation.name,
            lists=tuple(
                SheetList(item.title, tuple(SheetLine(line.title, line.is_ticked) for line in item.lines))
                for item in lists
            ),
            foot=event.name,
            accent=organisation.accent,
            language=language,
            note_if_unprintable=_("A letter that this program can't print stands here as {sign}.").format(
                sign=UNPRINTABLE
            ),
            page_words=page_words(),
            funding=funding_of(document, event, language),
            logo=document.picture(organisation.logo),
        )
    )


def badges_pdf(document: OrganisationDocument, event: Event, team: Sequence[Member]) -> bytes:
    """Make a badge for each of the team, in the language of the moment.

    Raises:
        UserFacingError: the project's funding profile can't be printed.
    """
    organisation, language = document.organisation, current_language()
    words = printed_words(language)
    return make_badges(
        Badges(
            names=names_on_badges([member.name for member in team]),
            role=words["team"],
            organisation=organisation.short_name or organisation.name,
            event=event.name,
            title=words["team"],
            accent=organisation.accent,
            language=language,
            funding=funding_of(document, event, language),
            logo=document.picture(organisation.logo),
        )
    )


def names_on_badges(names: Sequence[str]) -> tuple[str, ...]:
    """Give first names; the initial stays where two have the same one."""
    first = [_without_initial(name) for name in names]
    often = Counter(name.casefold() for name in first)
    return tuple(
        whole if often[short.casefold()] > 1 else short for whole, short in zip(names, first, strict=True)
    )


def _without_initial(name: str) -> str:
    begun, _space, last = name.rpartition(" ")
    return begun if begun and last.endswith(".") else name
