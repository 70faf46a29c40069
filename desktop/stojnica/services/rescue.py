"""Saving what is left of a damaged store, and saying what isn't."""

from collections.abc import Iterator
from pathlib import Path

from stojnica.domain.clock import Clock, SystemClock
from stojnica.i18n import gettext as _
from stojnica.i18n import ngettext
from stojnica.services.written_time import written_number
from stojnica.storage.home import StoreHome
from stojnica.storage.rescue import Rescued, rescue_store
from stojnica.storage.restore import Opened
from stojnica.storage.slots import SlotFile, unlock_with_passphrase


def rescue(source: Path, folder: Path, passphrase: str, *, clock: Clock | None = None) -> Rescued:
    """Save what a damaged file still holds into a new store, which opens with the same words. Takes seconds.

    Raises:
        UserFacingError: there is a store in the folder; nothing can be read; another passphrase.
    """

    def open_slots(slots: SlotFile) -> Opened:
        return Opened(unlock_with_passphrase(slots, passphrase), slots)

    return rescue_store(source, StoreHome(folder), open_slots, clock or SystemClock())


def rescued_texts(rescued: Rescued) -> Iterator[str]:
    """Say what was saved, what wasn't, and what to do next, a sentence each."""
    text = ngettext("Saved: {count} contact.", "Saved: {count} contacts.", rescued.contacts)
    yield text.format(count=written_number(rescued.contacts))
    text = ngettext(
        "{damaged} of {count} page could not be read.",
        "{damaged} of {count} pages could not be read.",
        rescued.pages,
    )
    yield text.format(damaged=written_number(rescued.damaged_pages), count=written_number(rescued.pages))
    if rescued.missing:
        text = ngettext(
            "{count} record is missing; a copy or the office may have it.",
            "{count} records are missing; a copy or the office may have them.",
            rescued.missing,
        )
        yield text.format(count=written_number(rescued.missing))
    elif rescued.has_lives:
        yield _("No record is missing.")
    if not rescued.has_lives:
        yield _("Whether the last records are all here can’t be known: compare with the last copy.")
    yield _("Send to the office when there is internet; nothing arrives twice.")
