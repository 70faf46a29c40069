"""The handover on paper: A4, in the language of the screen."""

from stojnica.domain.handover import Handover
from stojnica.i18n import gettext as _
from stojnica.i18n import ngettext
from stojnica.printing.fonts import UNPRINTABLE
from stojnica.printing.team_sheet import SheetLine, SheetList, TeamSheet, make_team_sheet
from stojnica.services.handover import MATTERS, TO_ORDER, UNANSWERED
from stojnica.services.laptop import LaptopPlace, written_place
from stojnica.services.paper_words import page_words
from stojnica.services.stand import StandNow
from stojnica.services.written_time import local_time, written_clock, written_day, written_number


def sheet_of(handover: Handover, now: StandNow, at: int, language: str) -> TeamSheet:
    """Put the page together; the moment is µs UTC."""
    moment = local_time(at, now.zone_name)
    organisation = now.shown.document.organisation
    when = f"{written_day(moment.date())}, {written_clock(moment)}"
    event = now.event.name if now.event else ""
    place = written_place(LaptopPlace(handover.laptop, handover.role))
    return TeamSheet(
        title=_("Handover"),
        subtitle=" · ".join(part for part in (event, when, place) if part),
        organisation=organisation.name,
        columns=("", _("This computer"), _("Other computer"), _("Together")),
        rows=tuple(_row(handover, name) for name in handover.shown),
        lists=(
            SheetList(list_title(MATTERS), _matters(handover)),
            SheetList(list_title(TO_ORDER), tuple(SheetLine(text, False) for text in handover.to_order)),
            SheetList(list_title(UNANSWERED), tuple(SheetLine(text) for text in handover.unanswered)),
            SheetList(_("Here now"), (SheetLine(", ".join(handover.here)),) if handover.here else ()),
        ),
        foot=event,
        accent=organisation.accent,
        language=language,
        page_words=page_words(),
        logo=now.shown.document.picture(organisation.logo),
        note_if_unprintable=_("A letter that this program can't print stands here as {sign}.").format(
            sign=UNPRINTABLE
        ),
    )


def handover_pdf(sheet: TeamSheet) -> bytes:
    """Make the PDF."""
    return make_team_sheet(sheet)


def figure_title(name: str, groups: int = 0) -> str:
    """Name a figure; that of pupils says in how many groups of this laptop they came."""
    if name == "pupils":
        text = ngettext("Pupils in {count} group", "Pupils in {count} groups", groups)
        return text.format(count=groups)
    names = {
        "reached": _("People reached"),
        "conversations": _("Conversations"),
        "flyers": _("Flyers handed out"),
        "contacts": _("Contacts"),
    }
    return names[name]


def list_title(name: str) -> str:
    """Name one of the lists."""
    names = {
        MATTERS: _("Open matters"),
        TO_ORDER: _("To order"),
        UNANSWERED: _("Questions nobody could answer"),
    }
    return names[name]


def _matters(handover: Handover) -> tuple[SheetLine, ...]:
    return tuple(SheetLine(item.text, item.is_done) for item in handover.matters)


def _row(handover: Handover, name: str) -> tuple[str, str, str, str]:
    here, other = handover.figures.get(name, 0), handover.other.get(name)
    return (
        figure_title(name, handover.figures.get("groups", 0)),
        written_number(here),
        "–" if other is None else written_number(other),
        written_number(here + (other or 0)),
    )
