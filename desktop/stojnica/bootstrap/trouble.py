"""Practice with trouble: the program dies, the line breaks, the centre is set back, copies appear."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

from stojnica.bootstrap.cutting_line import CuttingLine
from stojnica.bootstrap.stand import Stand, create_stand, unlock_stand
from stojnica.central.backup import back_up
from stojnica.central.projector import project_all
from stojnica.central.restore import restore
from stojnica.central.status import CentralStatus, central_status
from stojnica.domain.errors import UserFacingError
from stojnica.domain.ids import new_id
from stojnica.domain.signup import ConsentEvidence, SignUp
from stojnica.failpoint import ENVIRONMENT_NAME
from stojnica.i18n import current_language, ngettext
from stojnica.i18n import gettext as _
from stojnica.services.capture import save_signup
from stojnica.services.delivery_state import delivery_state
from stojnica.services.enrolment import enrol_laptop
from stojnica.services.events import add_event
from stojnica.services.practice import (
    PracticeOffice,
    enrolment_for,
    practice_event,
    server_of,
    set_up_office,
)
from stojnica.services.sample import sample_document
from stojnica.services.written_time import written_number
from stojnica.storage.passphrase import generate_passphrase
from stojnica.sync.credentials import Credentials, Host
from stojnica.sync.engine import SyncEngine, SyncResult
from stojnica.sync.faults import Fate, SyncError
from stojnica.sync.postgres import PostgresTransport, connect_postgres

VISITORS = 40
FIRST_BUDGET = 1_500
NEXT_BUDGET = 1.5
DIES_AT = "sync.before_mark"
KILL_S = 120


class TroubledStand:
    """Play what can go wrong on this machine; `tell` hears what happened and what was safe."""

    def __init__(self, home: Path, today: date, *, tell: Callable[[str], None]) -> None:
        self._home = home
        self._today = today
        self._tell = tell
        self._server = server_of(home)
        self._passphrase = generate_passphrase(current_language())
        self._stands: list[Stand] = []
        self._visitors = 0
        self._office: PracticeOffice | None = None

    def play(self) -> None:
        """Do all of it; the last line that is told is the proof.

        Raises:
            UserFacingError: a part could not be done, or something was lost.
        """
        self._tell(_("Practice with trouble in {folder}").format(folder=self._home))
        self._server.start()
        self._office = set_up_office(self._home, self._server.url, self._today)
        laptop = self._make_laptop(self._office)
        event = practice_event(self._today, str(sample_document(self._today)["projects"][0]["id"]))
        add_event(laptop.store, event).result()
        self._sign_up(laptop)
        laptop = self._die_while_sending(laptop)
        self._cut_the_line(laptop)
        dump = back_up(self._server.url, self._home / "backups").file
        old_laptop = self._copy_of(laptop, "old")
        laptop = self._stands[-1]
        self._set_the_centre_back(laptop, dump)
        laptop, copy = self._meet_a_copy(laptop)
        copy = self._set_the_copy_back(copy, old_laptop)
        self._prove_all([laptop, copy])

    def close(self) -> None:
        """Close the stores and stop the server."""
        try:
            while self._stands:
                self._stands.pop().close()
        finally:
            self._server.stop()

    def _make_laptop(self, office: PracticeOffice) -> Stand:
        data, code = enrolment_for(office)
        stand = create_stand(
            self._home / "laptop", self._passphrase, language=current_language(), is_practice=True
        )
        self._stands.append(stand)
        enrol_laptop(stand.opened, data, code)
        return stand

    def _sign_up(self, stand: Stand, number: int = VISITORS) -> None:
        for _number in range(number):
            self._visitors += 1
            name = _("Visitor {number}").format(number=self._visitors)
            save_signup(
                stand.store,
                SignUp(name, email=f"visitor-{self._visitors}@example.org", purposes=("newsletter",)),
                subject_id=new_id(),
                event_id=None,
                channel="manual",
                evidence=ConsentEvidence("screen", current_language(), {}, is_unproven=True),
            ).result()

    def _die_while_sending(self, stand: Stand) -> Stand:
        """End a real process by kill -9 after the centre has taken records and before it notes so."""
        self._close(stand)
        secret = self._home / "passphrase.txt"
        secret.touch(mode=0o600)
        secret.write_text(self._passphrase, encoding="utf-8")
        program = [sys.executable] if getattr(sys, "frozen", False) else [sys.executable, "-m", "stojnica"]
        try:
            done = subprocess.run(
                [*program, "sync", "--home", str(stand.folder), "--passphrase-file", str(secret)],
                env={**os.environ, ENVIRONMENT_NAME: DIES_AT},
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                timeout=KILL_S,
                check=False,
            )
        finally:
            secret.unlink()
        if done.returncode == 0:
            raise _went_wrong("kill")
        stand = self._open(stand.folder)
        self._tell(_("1. The program is killed in the middle of sending, as by a power cut"))
        self._tell_between(stand)
        self._tell_outcome(stand.engine.run())
        return stand

    def _cut_the_line(self, stand: Stand) -> None:
        self._sign_up(stand)
        line = CuttingLine(self._server.port)
        ca_file = stand.folder / "office-ca.pem"

        def through_the_line(credentials: Credentials) -> PostgresTransport:
            there = replace(credentials, hosts=(Host("127.0.0.1", line.port),))
            return connect_postgres(there, ca_file=ca_file, is_practice=True)

        engine = SyncEngine(stand.store, through_the_line, attempts=1)
        cuts, budget = 0, float(FIRST_BUDGET)
        try:
            while True:
                line.budget = int(budget)
                try:
                    result = engine.run()
                except SyncError as fault:
                    if fault.fate is not Fate.NETWORK:
                        raise
                    cuts, budget = cuts + 1, budget * NEXT_BUDGET
                else:
                    break
        finally:
            line.close()
        text = ngettext(
            "2. The connection is cut {count} time, each time a little later",
            "2. The connection is cut {count} times, each time a little later",
            cuts,
        )
        self._tell(text.format(count=cuts))
        self._tell_outcome(result)

    def _set_the_centre_back(self, stand: Stand, dump: Path) -> None:
        self._sign_up(stand)
        stand.engine.run()
        before = self._status().laptops[0].delivered
        self._server.lose_database()
        restore(self._server.url, dump)
        lost = before - self._status().laptops[0].delivered
        text = ngettext(
            "3. The office's database comes back from an older backup: {count} record is missing",
            "3. The office's database comes back from an older backup: {count} records are missing",
            lost,
        )
        self._tell(text.format(count=written_number(lost)))
        result = stand.engine.run()
        if not result.is_centre_changed:
            raise _went_wrong("restore")
        text = ngettext(
            "   The laptop noticed by itself and brought back {count} record",
            "   The laptop noticed by itself and brought back {count} records",
            result.pushed + result.repaired,
        )
        self._tell(text.format(count=written_number(max(result.pushed, result.repaired))))
        self._tell_outcome(result)

    def _meet_a_copy(self, stand: Stand) -> tuple[Stand, Stand]:
        folder = self._copy_of(stand, "copy")
        stand, copy = self._stands[-1], self._open(folder)
        self._sign_up(stand)
        self._sign_up(copy)
        results = [one.engine.run() for one in (stand, copy)]
        self._tell(_("4. A copy of the laptop appears, and people sign up at both"))
        if not any(result.is_copy_noticed for result in results) or not self._status().laptops[0].copies:
            raise _went_wrong("copy")
        self._tell(_("   Noticed here and at the office; both go on, and nothing hides anything"))
        for result in results:
            self._tell_outcome(result)
        return stand, copy

    def _set_the_copy_back(self, copy: Stand, old: Path) -> Stand:
        folder = copy.folder
        self._close(copy)
        shutil.rmtree(folder)
        shutil.copytree(old, folder)
        copy = self._open(folder)
        self._sign_up(copy)
        result = copy.engine.run()
        self._tell(_("5. The copy is put back to its file of last week, and goes on"))
        if not result.is_copy_noticed:
            raise _went_wrong("set back")
        self._tell_outcome(result)
        return copy

    def _prove_all(self, stands: list[Stand]) -> None:
        """Compare what all wrote with what the centre has, and tell the last proof."""
        result = stands[0].engine.run()
        status = self._status()
        projected = project_all(self._server.url)
        shown = status.laptops[0]
        if projected.quarantined or shown.owed or shown.receipt_code != result.receipt.code:
            raise _went_wrong("end")
        people, there = self._visitors, self._status().contacts
        text = ngettext(
            "Office: {count} person signed up anywhere, {there} are there, each once",
            "Office: {count} people signed up anywhere, {there} are there, each once",
            people,
        )
        self._tell(text.format(count=written_number(people), there=written_number(there)))
        if there != people:
            raise _went_wrong("people")
        self._tell(_("Both sides show the same code: {code}").format(code=shown.receipt_code))
        self._tell_proof(result)

    def _status(self) -> CentralStatus:
        return central_status(self._server.url)

    def _tell_between(self, stand: Stand) -> None:
        delivery = stand.store.read(delivery_state).result()
        there = self._status().laptops[0].delivered
        text = _("   On the laptop: all {held} records. At the office already: {there}. None is lost")
        self._tell(text.format(held=written_number(delivery.held.facts), there=written_number(there)))

    def _tell_outcome(self, result: SyncResult) -> None:
        from stojnica.cli.stand import records_line

        if not result.is_complete:
            raise _went_wrong("proof")
        self._tell("   " + records_line(result.receipt.facts, result.facts, result.receipt.code))

    def _tell_proof(self, result: SyncResult) -> None:
        from stojnica.cli.stand import contacts_line, records_line

        self._tell(contacts_line(result.receipt.contacts, result.contacts))
        self._tell(records_line(result.receipt.facts, result.facts, result.receipt.code))

    def _copy_of(self, stand: Stand, name: str) -> Path:
        """Copy the closed files, as an image of the disk would; the laptop is open again afterwards."""
        folder = self._home / name
        self._close(stand)
        shutil.copytree(stand.folder, folder)
        self._open(stand.folder)
        return folder

    def _open(self, folder: Path) -> Stand:
        self._stands.append(unlock_stand(folder, self._passphrase))
        return self._stands[-1]

    def _close(self, stand: Stand) -> None:
        self._stands.remove(stand)
        stand.close()


def _went_wrong(where: str) -> UserFacingError:
    return UserFacingError(
        _("The practice with trouble did not end as it should ({where}).").format(where=where),
        safe=_("Only practice data was touched."),
        next_step=_("Please tell those who look after the program."),
        code="trouble",
    )
