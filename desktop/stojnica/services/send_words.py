"""What the page *Send to the office* says: of what waits, how far it is, and what came of it."""

from dataclasses import dataclass

from stojnica.domain.errors import UserFacingError
from stojnica.i18n import gettext as _
from stojnica.i18n import ngettext
from stojnica.services.delivery_state import DeliveryState
from stojnica.services.tasks import Progress
from stojnica.services.written_time import written_number
from stojnica.sync.engine import SyncResult
from stojnica.sync.faults import SyncError


@dataclass(frozen=True, slots=True)
class SendLine:
    """Hold one line of what happened; `tone` is good or wait."""

    label: str
    value: str
    tone: str = "good"


def stage_text(progress: Progress) -> str:
    """Say what is being done, with counts where there are any."""
    total = progress.total or progress.done
    texts = {
        "connect": _("Looking for the office …"),
        "hello": _("The office answers …"),
        "push": ngettext("Sending: {done} of {total} record", "Sending: {done} of {total} records", total),
        "prove": _("Comparing both sides …"),
        "brief": _("Fetching news from the office …"),
    }
    text = texts.get(progress.stage, "…")
    return text.format(done=written_number(progress.done), total=written_number(total))


def headline_of(delivery: DeliveryState) -> str:
    """Say it in people: all are at the office, or so many aren't yet."""
    waiting, contacts = delivery.waiting.contacts, delivery.held.contacts
    if waiting:
        text = ngettext(
            "{count} contact is not at the office yet", "{count} contacts are not at the office yet", waiting
        )
        return text.format(count=written_number(waiting))
    if delivery.waiting.facts:
        records = delivery.waiting.facts
        text = ngettext(
            "{count} record is not at the office yet", "{count} records are not at the office yet", records
        )
        return text.format(count=written_number(records))
    if not delivery.held.facts:
        return _("There is nothing to send yet")
    if not contacts:
        return _("All records are at the office")
    text = ngettext(
        "Your {count} contact is at the office", "All {count} contacts are at the office", contacts
    )
    return text.format(count=written_number(contacts))


def detail_of(delivery: DeliveryState) -> str:
    """Say it in records, the small print."""
    if not delivery.waiting.facts and delivery.held.facts and delivery.proof is None:
        return _in_pieces(delivery.held.facts)
    if not delivery.waiting.facts and delivery.proof is not None:
        text = ngettext(
            "Confirmed: {done} of {total} record. The office has all that is on this laptop,"
            " and sees the same code.",
            "Confirmed: {done} of {total} records. The office has all that is on this laptop,"
            " and sees the same code.",
            delivery.held.facts,
        )
        return text.format(
            done=written_number(delivery.proof.facts), total=written_number(delivery.held.facts)
        )
    if not delivery.held.facts:
        return _("What you collect at the stand waits here until you send it.")
    confirmed = delivery.held.facts - delivery.waiting.facts
    text = ngettext(
        "Confirmed: {done} of {total} record. The rest is safe on this laptop.",
        "Confirmed: {done} of {total} records. The rest is safe on this laptop.",
        delivery.held.facts,
    )
    if delivery.waiting.missed:
        text = missed_text(delivery.waiting.missed)
    return text.format(done=written_number(confirmed), total=written_number(delivery.held.facts))


def _in_pieces(records: int) -> str:
    text = ngettext(
        "Confirmed: {done} of {total} record, piece by piece. The next sending compares all of it; so does"
        " the next file on a stick.",
        "Confirmed: {done} of {total} records, piece by piece. The next sending compares all of it; so does"
        " the next file on a stick.",
        records,
    )
    return text.format(done=written_number(records), total=written_number(records))


def missed_text(count: int) -> str:
    """Say that the office has lost what had left this laptop, and who can bring it back."""
    text = ngettext(
        "{count} record that had left this laptop is missing at the office."
        " A backup of the office has it: tell the office.",
        "{count} records that had left this laptop are missing at the office."
        " A backup of the office has them: tell the office.",
        count,
    )
    return text.format(count=written_number(count))


def lines_of(result: SyncResult) -> tuple[SendLine, ...]:
    sent = ngettext("{count} record", "{count} records", result.pushed).format(
        count=written_number(result.pushed)
    )
    lines = [
        SendLine(_("Sent to the office"), sent if result.pushed else _("nothing new")),
        SendLine(_("Checked"), _("the content matches")),
        SendLine(
            _("Received from the office"),
            _("nothing new") if result.briefing_version is None else _("news, events and wordings"),
        ),
    ]
    if result.erased:
        text = ngettext("{count} record", "{count} records", result.erased)
        lines.append(
            SendLine(_("Erased by order of the office"), text.format(count=written_number(result.erased)))
        )
    if result.erased_alike:
        text = ngettext("{count} record", "{count} records", result.erased_alike)
        count_text = text.format(count=written_number(result.erased_alike))
        lines.append(SendLine(_("Erased on a copy of this laptop, and so here"), count_text))
    if result.is_centre_changed:
        lines.append(SendLine(_("The office had lost records"), _("they are back"), "wait"))
    if result.is_copy_noticed:
        lines.append(SendLine(_("A copy of this laptop is about"), _("reported to the office"), "wait"))
    if result.missed:
        text = ngettext("{count} record", "{count} records", result.missed)
        count_text = text.format(count=written_number(result.missed))
        lines.append(SendLine(_("Missing at the office, and no longer here"), count_text, "wait"))
    if result.aside:
        count = len(result.aside)
        text = ngettext("{count} record waits for the office", "{count} records wait for the office", count)
        lines.append(SendLine(_("Set aside"), text.format(count=written_number(count)), "wait"))
    return tuple(lines)


def next_steps(error: UserFacingError) -> tuple[str, ...]:
    if isinstance(error, SyncError) and error.fate.value == "network":
        return (
            _("Check whether any web page opens in the browser."),
            _("Press “Try again”. What is confirmed isn't sent twice."),
            _("If it doesn't work: close the laptop and send later. Nothing gets lost by waiting."),
        )
    return (error.next_step,) if error.next_step else ()
