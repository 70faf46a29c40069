"""The practice stand: a whole day in a minute, through the real windows, server and printer's check."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from uuid import UUID

from stojnica.bootstrap.stand import Stand, create_stand
from stojnica.bootstrap.window import WindowProgram
from stojnica.central.projector import project_all
from stojnica.domain.event import Event
from stojnica.domain.tally import CONVERSATION, FLYER, REACHED, Press
from stojnica.i18n import current_language, ngettext
from stojnica.i18n import gettext as _
from stojnica.services.capture import count
from stojnica.services.enrolment import enrol_laptop
from stojnica.services.events import add_event
from stojnica.services.flyer_paper import FlyerWish
from stojnica.services.made_flyer import make_event_flyer
from stojnica.services.pin import PinLock
from stojnica.services.practice import (
    PIN,
    PracticeOffice,
    enrolment_for,
    practice_event,
    server_of,
    set_up_office,
)
from stojnica.services.sample import sample_document, sample_slips
from stojnica.services.slips import import_sheet
from stojnica.services.written_time import written_number
from stojnica.storage.passphrase import generate_passphrase
from stojnica.sync.engine import SyncResult

WAITING_VISITORS = 5
PASSERS_BY = ((REACHED, 37), (CONVERSATION, 9), (FLYER, 14))
HALF_HOUR_US = 30 * 60 * 1_000_000


class PracticeStand:
    """Play a stand's day on this machine; `tell` hears one line for each thing that was done."""

    def __init__(self, home: Path, today: date, *, tell: Callable[[str], None]) -> None:
        self._home = home
        self._today = today
        self._tell = tell
        self._server = server_of(home)
        self._stand: Stand | None = None
        self._program: WindowProgram | None = None
        self._passphrase = generate_passphrase(current_language())

    def play(self, *, visitors: int, out: Path | None, is_shown: bool, can_show: bool = True) -> None:
        """Do all of it; the last line that is told is the proof.

        Raises:
            UserFacingError: a part could not be done.
        """
        text = _("Practice stand in {folder}")
        if not can_show:
            text = _("Practice stand in {folder}; there is no display, so its windows are drawn unseen")
        self._tell(text.format(folder=self._home))
        self._server.start()
        office = set_up_office(self._home, self._server.url, self._today)
        self._tell(
            _("Office: a database of its own, with “{name}” published").format(name=office.branch_name)
        )
        stand = self._make_laptop(office)
        event = self._make_event(stand)
        self._import_slips(stand, event.event_id)
        self._receive_visitors(stand, visitors)
        self._count_passers_by(stand, event)
        self._make_flyer(stand, event.event_id, out)
        result = self._send(stand)
        self._project(office)
        if out is not None:
            self._take_pictures(out)
        if is_shown:
            self._receive_more()
        self._tell_proof(result)

    def stay_open(self) -> int:
        """Leave the window to the user until it is closed."""
        assert self._program is not None
        assert self._program.window is not None
        self._program.window.show()
        return self._program.run()

    def close(self) -> None:
        """Close the store and stop the server."""
        try:
            if self._program is not None:
                self._program.close()
            elif self._stand is not None:
                self._stand.close()
        finally:
            self._server.stop()

    def _make_laptop(self, office: PracticeOffice) -> Stand:
        data, code = enrolment_for(office)
        stand = create_stand(
            self._home / "laptop", self._passphrase, language=current_language(), is_practice=True
        )
        self._stand = stand
        PinLock(stand.store).choose(PIN).result()
        enrolled = enrol_laptop(stand.opened, data, code)
        self._tell(
            _("Laptop {name}: encrypted store made, enrolled at the office").format(name=enrolled.name)
        )
        return stand

    def _make_event(self, stand: Stand) -> Event:
        project = str(sample_document(self._today)["projects"][0]["id"])
        event = add_event(stand.store, practice_event(self._today, project)).result()
        self._tell(_("Event: {name}, {city}").format(name=event.name, city=event.city))
        return event

    def _import_slips(self, stand: Stand, event_id: UUID) -> None:
        report = import_sheet(
            stand.store, event_id, sample_slips(), collected_on=self._today.isoformat(), versions="1"
        )
        told = report.to_json()
        text = _("Paper slips: {rows} rows, {taken} taken, {attention} need a look, {already} already there")
        taken = told["taken"] + len(told["warned"])
        self._tell(
            text.format(
                rows=told["rows"], taken=taken, attention=len(told["attention"]), already=told["already"]
            )
        )

    def _receive_visitors(self, stand: Stand, number: int) -> None:
        from stojnica.ui.demo_visitors import receive_visitors

        self._program = WindowProgram(
            stand.folder, practice_words=practice_words(self._passphrase), stand=stand
        )
        self._program.open()
        assert self._program.window is not None
        signed_up = receive_visitors(self._program.window, number, pin=PIN)
        text = ngettext("Kiosk: {count} visitor signed up", "Kiosk: {count} visitors signed up", signed_up)
        self._tell(text.format(count=signed_up))

    def _count_passers_by(self, stand: Stand, event: Event) -> None:
        now = stand.store.clock.now_us()
        for counter, amount in PASSERS_BY:
            press = Press(counter, amount, now - HALF_HOUR_US, now, event.time_zone, "clicker")
            count(stand.store, press, event_id=event.event_id).result()
        text = _("Counted: {reached} reached, {talked} conversations, {flyers} flyers")
        numbers = dict(PASSERS_BY)
        self._tell(text.format(reached=numbers[REACHED], talked=numbers[CONVERSATION], flyers=numbers[FLYER]))

    def _make_flyer(self, stand: Stand, event_id: UUID, out: Path | None) -> None:
        made = make_event_flyer(stand.store, event_id, FlyerWish(current_language(), up=4))
        folder = out or self._home
        folder.mkdir(parents=True, exist_ok=True)
        made.save(folder / "flyer.pdf")
        self._tell(
            _("Flyer: {file}, its code was scanned: {link}").format(file=folder / "flyer.pdf", link=made.link)
        )

    def _send(self, stand: Stand) -> SyncResult:
        result = stand.engine.run()
        text = ngettext(
            "Sent to the office: {count} record", "Sent to the office: {count} records", result.pushed
        )
        self._tell(text.format(count=written_number(result.pushed)))
        return result

    def _project(self, office: PracticeOffice) -> None:
        projected = project_all(office.url)
        text = ngettext(
            "Office: {count} record added up", "Office: {count} records added up", projected.facts
        )
        self._tell(text.format(count=written_number(projected.facts)))

    def _take_pictures(self, out: Path) -> None:
        from stojnica.bootstrap.models import build_models
        from stojnica.ui.screenshots import take_pictures

        assert self._program is not None
        assert self._stand is not None
        program, stand = self._program, self._stand
        number = take_pictures(
            lambda: build_models(stand, program.runner), out, lambda: practice_words(self._passphrase)
        )
        text = ngettext("Pictures: {count} in {folder}", "Pictures: {count} in {folder}", number)
        self._tell(text.format(count=number, folder=out))

    def _receive_more(self) -> None:
        """Leave something to send, so that the user presses the button."""
        from stojnica.ui.demo_visitors import receive_visitors

        assert self._program is not None
        assert self._program.window is not None
        receive_visitors(self._program.window, WAITING_VISITORS, pin=PIN, seed=2)
        text = ngettext(
            "{count} more contact waits in the window: press “Send now” there",
            "{count} more contacts wait in the window: press “Send now” there",
            WAITING_VISITORS,
        )
        self._tell(text.format(count=WAITING_VISITORS))

    def _tell_proof(self, result: SyncResult) -> None:
        from stojnica.cli.stand import contacts_line, records_line

        self._tell(contacts_line(result.receipt.contacts, result.contacts))
        self._tell(records_line(result.receipt.facts, result.facts, result.receipt.code))


def practice_words(passphrase: str) -> str:
    """Say what a stranger needs to try everything: passphrase, PIN, and the way out of the kiosk."""
    text = _(
        "**Practice** · passphrase: **{words}** · PIN: **{pin}**"
        " · out of the kiosk: Ctrl+Shift+K, then the PIN"
    )
    return text.format(words=passphrase, pin=PIN)
