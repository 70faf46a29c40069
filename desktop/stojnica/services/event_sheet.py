"""The event sheet in words: what an event came to, in the language of the moment."""

from collections.abc import Mapping
from datetime import timedelta

from stojnica.domain.age import bands_for
from stojnica.domain.event import ONLINE, Event
from stojnica.domain.handover import Estimate
from stojnica.domain.organisation import text_in
from stojnica.domain.tally import HALF_HOUR_US, half_hour_of
from stojnica.i18n import current_language, ngettext
from stojnica.i18n import gettext as _
from stojnica.printing.event_sheet import EventSheet, SheetFigure, SheetTable, make_event_sheet
from stojnica.printing.half_hour_bars import DayOfBars, PaperBar
from stojnica.printing.paper import PaperHead
from stojnica.records.reach_queries import HalfHour
from stojnica.services.country_names import country_name
from stojnica.services.event_report import EventReport
from stojnica.services.flyer_content import funding_of
from stojnica.services.kiosk_counts import genders
from stojnica.services.laptop import written_place
from stojnica.services.paper_words import page_words
from stojnica.services.printed_pieces import piece_name
from stojnica.services.team_page import work_name
from stojnica.services.today_figures import MAX_BARS
from stojnica.services.written_time import (
    instant_of,
    local_text,
    local_time,
    written_clock,
    written_day,
    written_duration,
    written_number,
    written_short_day,
    written_span,
)


def event_sheet_pdf(report: EventReport) -> bytes:
    """Make the PDF; call it off the UI thread.

    Raises:
        UserFacingError: the project's funding profile can't be printed.
    """
    return make_event_sheet(sheet_of(report))


def sheet_of(report: EventReport) -> EventSheet:
    """Put the sheet together."""
    event, organisation = report.event, report.document.organisation
    return EventSheet(
        head=PaperHead(
            title=event.name,
            subtitle=" · ".join(part for part in (_("Event sheet"), when_of(event), where_of(event)) if part),
            organisation=organisation.name,
            foot=_("Event sheet") + f" · {event.code}",
            accent=organisation.accent,
            language=current_language(),
            page_words=page_words(),
            funding=funding_of(report.document, event, current_language()),
            logo=report.document.picture(organisation.logo),
        ),
        about=_about(report),
        figures=_figures(report),
        chart_title=_("When people came"),
        legend=(_("people reached in half an hour"), _("of these, conversations and contacts")),
        days=_days(report),
        no_bars=_("Nobody was counted by half-hours."),
        chart_note=_late(report.late_contacts),
        tables=_tables(report),
        notes_title=_("How this was counted"),
        notes=_notes(report),
        signatures=(_("Place and date"), _("Name"), _("Signature")),
    )


def when_of(event: Event) -> str:
    """Write the day and the hours of an event, or its days."""
    starts, ends = local_text(event.starts), local_text(event.ends)
    if starts is None or ends is None:
        return ""
    if starts.date() == ends.date():
        return f"{written_day(starts.date())}, {written_span(event.starts, event.ends)}"
    return f"{written_short_day(starts.date())} – {written_short_day(ends.date())}"


def _short_when(event: Event) -> str:
    starts, ends = local_text(event.starts), local_text(event.ends)
    if starts is None or ends is None or starts.date() != ends.date():
        return when_of(event)
    return f"{written_short_day(starts.date())}, {written_span(event.starts, event.ends)}"


def where_of(event: Event) -> str:
    """Write where an event is."""
    if event.mode == ONLINE:
        return _("online")
    return ", ".join(part for part in (event.place, event.city) if part)


def _about(report: EventReport) -> tuple[tuple[str, str], ...]:
    event, project = report.event, report.project
    language = current_language()
    online, in_person = _("Online event"), _("Stand, in person")
    partners = [item.name for item in project.partners if item.is_at(event.code)] if project else []
    funding = project.funding if project else None
    programme, number = (funding.programme, funding.number) if funding is not None else ("", "")
    lines = (
        (_("Kind"), online if event.mode == ONLINE else in_person),
        (_("Date"), _short_when(event)),
        (_("Place"), ", ".join(part for part in (event.place, event.city) if part)),
        (_("Country"), country_name(event.country, language)),
        (_("Project"), text_in(project.name, language) if project else ""),
        (_("Programme"), " · ".join(part for part in (programme, number) if part)),
        (_("Organised by"), report.document.organisation.legal_line or report.document.organisation.name),
        (_("Partners"), ", ".join(partners)),
    )
    return tuple(line for line in lines if line[1])


def _figures(report: EventReport) -> tuple[SheetFigure, ...]:
    totals, goal = report.totals, report.event.goal_reached
    detail = ""
    if goal:
        text = _("{percent}% of the goal of {goal}")
        percent = written_number(totals.reached * 100 // goal)
        detail = text.format(percent=percent, goal=written_number(goal))
    entries = ""
    if report.contacts != totals.contacts:
        entries = _("people, from {count} entries").format(count=written_number(totals.contacts))
    return (
        SheetFigure(
            written_number(totals.reached),
            _("People reached"),
            detail,
            totals.reached * 1000 // goal if goal else None,
        ),
        SheetFigure(written_number(totals.conversations), _("Conversations")),
        SheetFigure(written_number(report.contacts), _("Contacts"), entries),
        SheetFigure(written_number(totals.flyers), _("Flyers handed out"), _by_stock(report)),
    )


def _days(report: EventReport) -> tuple[DayOfBars, ...]:
    zone_name = report.event.time_zone
    by_day: dict[str, list[HalfHour]] = {}
    for item in report.half_hours:
        if item.reached:
            by_day.setdefault(local_time(item.start, zone_name).date().isoformat(), []).append(item)
    days: list[DayOfBars] = []
    for found in by_day.values():
        title = written_day(local_time(found[0].start, zone_name).date()) if len(by_day) > 1 else ""
        days.append(DayOfBars(_bars(found, report.event), title))
    return tuple(days)


def _bars(found: list[HalfHour], event: Event) -> tuple[PaperBar, ...]:
    """Give the half-hours of a day over the event's hours, and further where somebody was counted."""
    counted = {item.start: item for item in found}
    edges = [*counted, *_opening_hours(found[0].start, event)]
    first, last = min(edges), max(edges)
    bars: list[PaperBar] = []
    for start in range(first, last + 1, HALF_HOUR_US)[:MAX_BARS]:
        moment = local_time(start, event.time_zone)
        item = counted.get(start)
        label = written_clock(moment) if moment.minute == 0 else ""
        reached, talked = (item.reached, item.totals.conversations) if item else (0, 0)
        bars.append(PaperBar(reached, talked, written_number(reached), label))
    return tuple(bars)


def _opening_hours(instant: int, event: Event) -> tuple[int, ...]:
    """Give the first and last half-hour of the event on the day of an instant."""
    starts, ends = local_text(event.starts), local_text(event.ends)
    if starts is None or ends is None or ends.time() <= starts.time():
        return ()
    day = local_time(instant, event.time_zone).date()
    closing = ends.replace(year=day.year, month=day.month, day=day.day) - timedelta(minutes=1)
    opening = starts.replace(year=day.year, month=day.month, day=day.day)
    zone_name = event.time_zone
    return tuple(half_hour_of(instant_of(moment, zone_name), zone_name) for moment in (opening, closing))


def _tables(report: EventReport) -> tuple[SheetTable, ...]:
    not_asked = _("Nobody answered.")
    by_choice = _("Answered freely on the screen, apart from contacts.")
    own = {item.id: text_in(item.title, current_language()) for item in report.document.counters}
    others = tuple((own[name], written_number(count)) for name, count in report.totals.own if name in own)
    tables = (
        SheetTable(
            _("Age of contacts"), _ages(report), _("As they said themselves."), nothing=_("No contacts.")
        ),
        SheetTable(_("Gender"), _genders(report.genders), by_choice, not_asked),
        SheetTable(
            _countries_title(len(report.countries)), _countries(report.countries), by_choice, not_asked
        ),
        SheetTable(
            _("Volunteers' hours"),
            _hours(report),
            _people(report.volunteers),
            nothing=_("No shifts were noted."),
        ),
    )
    where_any = (
        SheetTable(
            _("Printed"), _printed(report), _("On this computer; saved files are not counted."), span=2
        ),
        SheetTable(_("Team's estimate"), _estimate(report.estimate), report.estimate.method),
        SheetTable(_("Groups"), _groups(report)),
        SheetTable(_("Also counted"), others),
    )
    return (*tables, *(table for table in where_any if table.rows))


def _estimate(estimate: Estimate) -> tuple[tuple[str, str], ...]:
    """Write the team's estimate of all people reached; nobody was asked for it."""
    names = {choice.id: choice.label for choice in genders("")}
    numbers = (("female", estimate.female), ("male", estimate.male), ("other", estimate.other))
    return tuple((names[name], written_number(number)) for name, number in numbers if number is not None)


def _ages(report: EventReport) -> tuple[tuple[str, str], ...]:
    ages = dict(report.ages)
    rows = [
        (band.label, ages.pop(band.id, 0))
        for band in bands_for(report.event.country, report.document.consent_age)
    ]
    # Bands of another country stay as they were said.
    rows += [(band, ages[band]) for band in sorted(ages) if band]
    rows.append((_("not said"), ages.get("", 0)))
    return tuple((label, written_number(count)) for label, count in rows if count)


def _genders(counts: Mapping[str, int]) -> tuple[tuple[str, str], ...]:
    names = {choice.id: choice.label for choice in genders("")} | {"not_said": _("not said")}
    return tuple((name, written_number(counts[code])) for code, name in names.items() if counts.get(code))


def _countries(counts: Mapping[str, int]) -> tuple[tuple[str, str], ...]:
    ordered = sorted(counts, key=lambda code: (-counts[code], code))
    return tuple((country_name(code, current_language()), written_number(counts[code])) for code in ordered)


def _countries_title(number: int) -> str:
    if not number:
        return _("Countries")
    return ngettext("{count} country", "{count} countries", number).format(count=number)


def _hours(report: EventReport) -> tuple[tuple[str, str], ...]:
    rows = [(work_name(item.work), written_duration(item.worked_us)) for item in report.hours]
    if len(rows) > 1:
        rows.append((_("Together"), written_duration(sum(item.worked_us for item in report.hours))))
    return tuple(rows)


def _people(volunteers: int) -> str:
    if not volunteers:
        return ""
    text = ngettext("{count} volunteer was here.", "{count} volunteers were here.", volunteers)
    return text.format(count=written_number(volunteers))


def _groups(report: EventReport) -> tuple[tuple[str, str], ...]:
    visits = report.visits
    if not visits.visits:
        return ()
    return (
        (_("Groups"), written_number(visits.visits)),
        (_("Pupils"), written_number(visits.pupils)),
    )


def _printed(report: EventReport) -> tuple[tuple[str, str], ...]:
    rows = [(piece_name(report.document, piece), pieces) for piece, pieces in report.printed]
    flyers = [pieces for piece, pieces in report.printed if piece.flyer]
    if len(flyers) > 1:
        rows.append((_("Flyers together"), sum(flyers)))
    if report.slips:
        rows.append((_("Paper slips"), report.slips))
    return tuple((name, written_number(pieces)) for name, pieces in rows)


def _by_stock(report: EventReport) -> str:
    """Write what the count of the stock says of flyers, beside what was counted by hand."""
    if report.handed_out is None or report.taken is None:
        return ""
    text = _("by stock: {count} of {taken}")
    return text.format(count=written_number(report.handed_out), taken=written_number(report.taken))


def _late(contacts: int) -> str:
    if not contacts:
        return ""
    text = ngettext(
        "{count} contact came on paper or over the web, and is in no half-hour.",
        "{count} contacts came on paper or over the web, and are in no half-hour.",
        contacts,
    )
    return text.format(count=written_number(contacts))


def _notes(report: EventReport) -> tuple[str, ...]:
    rule = _("A contact counts as a conversation too, and each conversation as a person reached.")
    private = _("This sheet holds numbers only, and no names.")
    notes = (f"{rule} {private}", _whose(report), _other(report), _project(report))
    return tuple(note for note in notes if note)


def _whose(report: EventReport) -> str:
    zone_name = report.event.time_zone
    made = _moment(report.made_at, zone_name)
    place = written_place(report.place)
    laptop = _("one computer ({place})").format(place=place) if place else _("one computer")
    if report.closed_at is None:
        text = _("Counted on {laptop} of the stand, as of {made}, while the stand was still open.")
        return text.format(laptop=laptop, made=made)
    text = _("Counted on {laptop} of the stand, as of {made}; the stand was closed on {closed}.")
    return text.format(laptop=laptop, made=made, closed=_moment(report.closed_at, zone_name))


def _other(report: EventReport) -> str:
    other = report.other
    if other is None:
        return ""
    text = _(
        "Not in these numbers: another computer of the stand, which at {time} had reached {reached},"
        " with {conversations} conversations, {contacts} contacts and {flyers} flyers."
    )
    names = ("reached", "conversations", "contacts", "flyers")
    told = {name: written_number(other.figures.get(name, 0)) for name in names}
    return text.format(time=_moment(other.told_at, report.event.time_zone), **told)


def _project(report: EventReport) -> str:
    project = report.project
    if project is None or not project.goal_reached:
        return ""
    goal, name = written_number(project.goal_reached), text_in(project.name, current_language())
    if report.office is None:
        text = _("Whole project “{name}”, as this computer knows it: {count} people reached (goal {goal}).")
        return text.format(name=name, count=written_number(report.project_reached), goal=goal)
    text = _("Whole project “{name}”, all computers as of {day}: {count} people reached (goal {goal}).")
    day = written_short_day(local_time(report.office.as_of, report.event.time_zone).date())
    together = written_number(report.project_reached + report.office.reached)
    return text.format(name=name, day=day, count=together, goal=goal)


def _moment(instant: int, zone_name: str) -> str:
    moment = local_time(instant, zone_name)
    text = _("{day} at {time}")
    return text.format(day=written_short_day(moment.date()), time=written_clock(moment))
