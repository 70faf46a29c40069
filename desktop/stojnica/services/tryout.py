"""Three minutes of practice for somebody new, in a store of its own whose key nobody keeps."""

import logging
import secrets
import shutil
import tempfile
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import UUID

from stojnica.domain.clock import Clock
from stojnica.domain.errors import UserFacingError
from stojnica.domain.event import Event
from stojnica.domain.ids import new_id
from stojnica.i18n import gettext as _
from stojnica.i18n import ngettext
from stojnica.records.contact_queries import newest_contacts
from stojnica.services.capture import TYPED
from stojnica.services.changes import Change
from stojnica.services.events import add_event
from stojnica.services.pin import PinLock
from stojnica.services.sample import sample_document
from stojnica.services.shown_organisation import keep_document
from stojnica.services.stand import HOME_ZONE, StandContext, current_event_id
from stojnica.services.tally_keys import DEFAULT_KEYS
from stojnica.services.view_model import ViewModel
from stojnica.services.written_time import local_time
from stojnica.storage.store import Store
from stojnica.storage.unit import UnitOfWork, branch_of

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

log = logging.getLogger(__name__)

TRYOUT_PIN = "2468"
_PREFIX = "practice-"
COUNT, CONTACT, KIOSK = "count", "contact", "kiosk"


@dataclass(frozen=True, slots=True)
class TryoutRoom:
    """Hold a store that has nothing to do with the real one: another folder, another key, invented data."""

    folder: Path
    store: Store
    event_id: UUID

    def close(self) -> None:
        """Close the store and throw it away."""
        self.store.close()
        shutil.rmtree(self.folder, ignore_errors=True)


def open_tryout(home: Path, clock: Clock) -> TryoutRoom:
    """Make a room inside a folder; one that a crash left behind is thrown away first. Any thread.

    Raises:
        UserFacingError: there is no room on the disk, or nothing can be written there.
    """
    for left in home.glob(f"{_PREFIX}*"):
        shutil.rmtree(left, ignore_errors=True)
    try:
        folder = Path(tempfile.mkdtemp(prefix=_PREFIX, dir=home))
    except OSError as error:
        raise UserFacingError(
            _("The practice can't begin: nothing can be written on this disk."),
            safe=_("Everything real is untouched."),
            next_step=_("Make room on the disk, and try again."),
            code="tryout",
        ) from error
    # The key is never kept: after the practice not even this laptop could read what was typed.
    store = Store(folder / "practice.db", secrets.token_bytes(32), clock)
    try:
        store.prepare()
        return TryoutRoom(folder, store, _furnish(store, local_time(clock.now_us(), HOME_ZONE)))
    except BaseException:
        store.close()
        shutil.rmtree(folder, ignore_errors=True)
        raise


def _furnish(store: Store, now: datetime) -> UUID:
    document = sample_document(now.date())

    def keep(unit: UnitOfWork) -> None:
        keep_document(unit, document)
        unit.commit()

    store.write(keep).result()
    PinLock(store).choose(TRYOUT_PIN).result()
    day = now.date().isoformat()
    event = Event(
        event_id=new_id(),
        name=_("Practice"),
        code="vaja",
        city="Ljubljana",
        starts=f"{day}T{max(0, now.hour - 2):02d}:00",
        ends=f"{day}T{min(23, now.hour + 2):02d}:59",
        goal_reached=10,
        project=str(document["projects"][0]["id"]),
    )
    return add_event(store, event).result().event_id


@dataclass(frozen=True, slots=True)
class TryoutStep:
    """Hold one thing to try."""

    key: str
    title: str
    how: str
    is_done: bool = False


@dataclass(frozen=True, slots=True)
class TryoutState:
    """Hold the checklist at the side; `praise` comes when all is done."""

    steps: tuple[TryoutStep, ...]
    praise: str = ""


class TryoutViewModel(ViewModel[TryoutState]):
    """Tick what was tried, by what really happened in the room's store; UI thread alone."""

    def __init__(self, context: StandContext) -> None:
        super().__init__(TryoutState(_steps()))
        self._context = context
        self._began = context.clock.monotonic_us()
        context.changes.subscribe(self._heard)

    def kiosk_was_left(self) -> None:
        """Hear that the kiosk was opened, and left with the PIN."""
        self._tick(KIOSK)

    def _heard(self, changed: frozenset[Change]) -> None:
        if Change.COUNTS in changed:
            self._tick(COUNT)
        if Change.CONTACTS in changed:
            self._context.runner.when(self._context.store.read(_has_typed), self._looked, self._failed)

    def _looked(self, has_typed: bool) -> None:
        if has_typed:
            self._tick(CONTACT)

    def _tick(self, key: str) -> None:
        steps = tuple(replace(step, is_done=True) if step.key == key else step for step in self.state.steps)
        praise = self.state.praise
        if not praise and all(step.is_done for step in steps):
            minutes = max(1, round((self._context.clock.monotonic_us() - self._began) / 60_000_000))
            text = ngettext(
                "Done in {count} minute. You know what a stand needs.",
                "Done in {count} minutes. You know what a stand needs.",
                minutes,
            )
            praise = text.format(count=minutes)
        self._set(TryoutState(steps, praise))

    @staticmethod
    def _failed(error: Exception) -> None:
        # The room may be closed already; nothing in it matters.
        log.info("the practice could not look: %s", type(error).__name__)


def tryout_words() -> str:
    """Say above the pages that nothing is real here."""
    return _("**Practice** · nothing here is real, and nothing of it is kept · PIN: **{pin}**").format(
        pin=TRYOUT_PIN
    )


def _steps() -> tuple[TryoutStep, ...]:
    return (
        TryoutStep(
            COUNT,
            _("Count one person"),
            _("Somebody walks by: press {key} on any page.").format(key=DEFAULT_KEYS.cap(1)),
        ),
        TryoutStep(
            CONTACT,
            _("Type one contact"),
            _("Ctrl+N: a first name, an address such as ana@example.org, the age, one box; Ctrl+Enter."),
        ),
        TryoutStep(
            KIOSK,
            _("Open the kiosk and leave it"),
            _("Page Kiosk, open it. Out again: Ctrl+Shift+K, then the PIN {pin}.").format(pin=TRYOUT_PIN),
        ),
    )


def _has_typed(connection: "Connection") -> bool:
    event_id = current_event_id(connection)
    if event_id is None:
        return False
    lines = newest_contacts(connection, branch_of(connection), event_id, 20)
    return any(line.channel == TYPED for line in lines)
