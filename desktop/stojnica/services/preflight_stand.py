"""Pre-flight checks of what the stand will do: event, form, wordings, PIN, paper, web form, delivery."""

from datetime import datetime

from stojnica.domain.form import BARE_FORM
from stojnica.domain.organisation import text_in
from stojnica.i18n import VISITOR_LANGUAGES, current_language, ngettext
from stojnica.i18n import gettext as _
from stojnica.resources import resource
from stojnica.services.preflight import Check, Grounds, Line, State
from stojnica.services.preflight_copies import check_copies
from stojnica.services.preflight_laptop import (
    check_battery,
    check_clock,
    check_disk,
    check_offline,
    check_passphrase,
    check_printer,
    check_scanner,
)
from stojnica.services.wording_sets import wording_sets
from stojnica.services.written_time import local_text, local_time, written_number, written_short_day

MOST_NAMED = 6


def check_event(grounds: Grounds) -> Line:
    """Look whether the right event is chosen."""
    event = grounds.stand.now.event
    if event is None:
        todo = _("Choose or add one on the page Events.")
        return Line("event", State.BAD, _("No event is chosen yet."), todo)
    starts, ends = local_text(event.starts), local_text(event.ends)
    day = written_short_day(starts.date()) if starts else ""
    what = _("Event: {name}, {day}.").format(name=event.name, day=day)
    if event.is_closed:
        return Line("event", State.BAD, what, _("It is closed. Choose another one on the page Events."))
    if ends is not None and ends < _wall_clock(grounds):
        return Line("event", State.LOOK, what, _("It is over. Choose the one you are going to."))
    return Line("event", State.FINE, what)


def _wall_clock(grounds: Grounds) -> datetime:
    now = grounds.stand.now
    return local_time(grounds.clock.now_us(), now.zone_name).replace(tzinfo=None)


def check_form(grounds: Grounds) -> Line:
    """Look whether there is a form that visitors fill in."""
    form = grounds.stand.now.form()
    if form is BARE_FORM or not form.pages:
        return Line(
            "form",
            State.BAD,
            _("There is no form for visitors."),
            _("Send to the office to fetch it, or install the program again."),
        )
    title = text_in(form.title, current_language()) or form.id
    return Line("form", State.FINE, _("Form: {title}.").format(title=title))


def check_wordings(grounds: Grounds) -> Line:
    """Look whether a person has confirmed all that visitors agree to, in each language offered."""
    shown, today = grounds.stand.now.shown, grounds.today
    whole = shown.document.languages(today)
    offered = [
        language
        for language in VISITOR_LANGUAGES
        if language in whole and resource("locales", language).is_dir()
    ]
    if not offered:
        return Line(
            "wordings",
            State.BAD,
            _("In no language are all wordings there."),
            _("Send to the office to fetch them, or ask there."),
        )
    unconfirmed = [
        f"{wording.title} ({language})"
        for language in offered
        for wording in shown.document.wordings_for(language, today)
        if wording.verify
    ]
    if not unconfirmed:
        languages = ", ".join(offered)
        return Line(
            "wordings", State.FINE, _("Wordings are confirmed: {languages}.").format(languages=languages)
        )
    named = ", ".join(unconfirmed[:MOST_NAMED]) + (" …" if len(unconfirmed) > MOST_NAMED else "")
    what = _("Wordings that nobody has confirmed: {names}.").format(names=named)
    confirmed = shown.document.languages(today, with_unconfirmed=False)
    if shown.is_from_office and set(confirmed) & set(offered):
        return Line("wordings", State.LOOK, what, _("These languages stay off until the office confirms."))
    return Line("wordings", State.BAD, what, _("Have the office read and confirm them before you go."))


def check_pin(grounds: Grounds) -> Line:
    """Look whether there is a PIN, which alone leaves the kiosk."""
    if grounds.stand.has_pin:
        return Line("pin", State.FINE, _("A PIN is set. Does everybody at the stand know it?"))
    return Line(
        "pin",
        State.BAD,
        _("No PIN is set, and only a PIN leaves the kiosk."),
        _("Set one on the page Team, and tell it to everybody at the stand."),
    )


def check_paper(grounds: Grounds) -> Line:
    """Look whether slips can be typed in later with a proof of what was read."""
    document = grounds.stand.now.shown.document
    language = current_language()
    known = wording_sets(document, language)
    if not known:
        return Line(
            "paper",
            State.BAD,
            _("There are no wordings for paper slips."),
            _("Send to the office to fetch them, or ask there."),
        )
    what = _("Paper slips: take those with {wording}.").format(wording=known[0].label)
    return Line("paper", State.FINE, what)


def check_web(grounds: Grounds) -> Line:
    """Look whether a flyer leads to the web form."""
    flyers = [flyer for flyer in grounds.stand.now.shown.document.flyers if flyer.url]
    if flyers:
        return Line("web", State.FINE, _("Web form: flyers with a code that leads there are ready."))
    return Line(
        "web",
        State.BAD,
        _("No flyer has a code that leads to the web form."),
        _("Ask the office for one, and send to the office to fetch it."),
    )


def check_delivery(grounds: Grounds) -> Line:
    """Look how many people are not at the office yet; people first, records when nobody waits."""
    delivery = grounds.stand.delivery
    waiting = delivery.waiting
    if not delivery.is_enrolled:
        return Line(
            "delivery",
            State.LOOK,
            _("This laptop belongs to no office yet."),
            _("Open the office’s enrolment file on the page To the office."),
        )
    if waiting.contacts:
        text = ngettext(
            "{count} contact is not at the office yet",
            "{count} contacts are not at the office yet",
            waiting.contacts,
        )
    elif waiting.facts:
        text = ngettext(
            "{count} record is not at the office yet",
            "{count} records are not at the office yet",
            waiting.facts,
        )
    else:
        return Line("delivery", State.FINE, _("Everything that was collected is at the office."))
    what = text.format(count=written_number(waiting.contacts or waiting.facts)) + "."
    return Line("delivery", State.LOOK, what, _("Send to the office before you go, while there is internet."))


CHECKS = (
    Check("event", check_event),
    Check("form", check_form),
    Check("wordings", check_wordings),
    Check("pin", check_pin, "kiosk"),
    Check("paper", check_paper, "paper"),
    Check("web", check_web, "web"),
    Check("printer", check_printer, "printer"),
    Check("scanner", check_scanner, "scanner"),
    Check("passphrase", check_passphrase),
    Check("clock", check_clock),
    Check("battery", check_battery),
    Check("disk", check_disk),
    Check("copies", check_copies),
    Check("offline", check_offline),
    Check("delivery", check_delivery),
)
"""All checks in the order of the page; a new line is a function, and a line here."""
