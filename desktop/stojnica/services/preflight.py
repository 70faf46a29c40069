"""Pre-flight: what a stand needs before it leaves. Each check is a small function that gives one line."""

import contextvars
import logging
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date
from enum import StrEnum
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, Any, NamedTuple

from stojnica.domain.clock import Clock
from stojnica.domain.errors import UserFacingError
from stojnica.i18n import gettext as _
from stojnica.services.battery import BatteryProbe
from stojnica.services.copies_in_short import NO_COPIES, CopiesInShort, copies_in_short
from stojnica.services.delivery_state import DeliveryState, delivery_state
from stojnica.services.pin import any_pin
from stojnica.services.printers import PrinterProbe
from stojnica.services.stand import StandNow, stand_now
from stojnica.storage.memory import recall, remember

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

log = logging.getLogger(__name__)

DEADLINE_S = 6.0
_PLAN = "preflight_plan"


class State(StrEnum):
    """Name how a line stands; `LOOK` and `BAD` come with what to do, `SKIPPED` isn't planned here."""

    FINE = "fine"
    LOOK = "look"
    BAD = "bad"
    SKIPPED = "skipped"


class Line(NamedTuple):
    """Hold what one check found, in the user's language, and what to do about it."""

    id: str
    state: State
    what: str
    todo: str = ""


@dataclass(frozen=True, slots=True)
class Plan:
    """Hold what an event plans to use; `two_know` says that two people know the passphrase."""

    kiosk: bool = True
    paper: bool = True
    printer: bool = False
    scanner: bool = False
    web: bool = False
    two_know: bool = False


@dataclass(frozen=True, slots=True)
class Machine:
    """Hold what is asked about the laptop itself; `program_at` (µs UTC) is when the program was built."""

    home: Path
    printers: PrinterProbe
    battery: BatteryProbe
    program_at: int = 0


@dataclass(frozen=True, slots=True)
class StandGrounds:
    """Hold what the store knows, taken in one look."""

    now: StandNow
    delivery: DeliveryState
    plan: Plan
    has_pin: bool
    copies: CopiesInShort = NO_COPIES


@dataclass(frozen=True, slots=True)
class Grounds:
    """Hold all that checks look at; `scanned` is what a scanner typed into the page."""

    stand: StandGrounds
    machine: Machine
    clock: Clock
    scanned: str = ""

    @property
    def plan(self) -> Plan:
        """Give what is planned."""
        return self.stand.plan

    @property
    def today(self) -> date:
        """Give the day at the event."""
        return self.stand.now.today(self.clock)


class Check(NamedTuple):
    """Name a check; `part` is what has to be planned for it to matter, "" for always."""

    id: str
    run: Callable[[Grounds], Line]
    part: str = ""


def look_at_stand(connection: "Connection") -> StandGrounds:
    """Look at the store; runs in its reader thread."""
    now = stand_now(connection)
    return StandGrounds(
        now=now,
        delivery=delivery_state(connection),
        plan=recall_plan(connection, now),
        has_pin=any_pin(connection),
        copies=copies_in_short(connection),
    )


def recall_plan(connection: "Connection", now: StandNow) -> Plan:
    """Give what this event plans to use."""
    kept = recall(connection, _plan_name(now), {})
    known = {item.name for item in fields(Plan)}
    good: dict[str, Any] = {
        name: value
        for name, value in (kept.items() if isinstance(kept, Mapping) else ())
        if name in known and isinstance(value, bool)
    }
    return replace(Plan(), **good)


def remember_plan(connection: "Connection", now: StandNow, plan: Plan) -> None:
    """Keep what this event plans to use; the caller commits."""
    remember(connection, _plan_name(now), {item.name: getattr(plan, item.name) for item in fields(Plan)})


def _plan_name(now: StandNow) -> str:
    return f"{_PLAN}:{now.event.event_id if now.event else ''}"


def check_all(checks: Sequence[Check], grounds: Grounds, deadline_s: float = DEADLINE_S) -> tuple[Line, ...]:
    """Run all checks beside each other, and wait for none longer than the deadline. Blocks the caller.

    A check that hangs, on a dead network folder for instance, is left behind and told as a line.
    """
    found: dict[str, Line] = {}
    bugs: list[Exception] = []
    wanted = [check for check in checks if not check.part or getattr(grounds.plan, check.part)]

    def run(check: Check) -> None:
        try:
            found[check.id] = check.run(grounds)
        except UserFacingError as error:
            found[check.id] = Line(check.id, State.BAD, error.what, error.next_step)
        except OSError as error:
            log.warning("a check could not be made: %s, %s", check.id, type(error).__name__)
        except Exception as error:  # noqa: BLE001 - raised again on the thread that waits
            bugs.append(error)

    threads = [
        # Each in a copy of this context: the language is part of it.
        threading.Thread(
            target=contextvars.copy_context().run, args=(run, check), name=f"check-{check.id}", daemon=True
        )
        for check in wanted
    ]
    for thread in threads:
        thread.start()
    until = monotonic() + deadline_s
    for thread in threads:
        thread.join(max(0.0, until - monotonic()))
    if bugs:
        raise bugs[0]
    told = dict(found)
    return tuple(
        told.get(check.id) or (_unanswered(check) if check in wanted else Line(check.id, State.SKIPPED, ""))
        for check in checks
    )


def is_ready(lines: Sequence[Line]) -> bool:
    """Tell whether nothing is bad."""
    return all(line.state is not State.BAD for line in lines)


def _unanswered(check: Check) -> Line:
    names = {
        "printer": _("printer"),
        "disk": _("disk"),
        "battery": _("battery"),
        "clock": _("clock"),
        "passphrase": _("passphrase"),
        "copies": _("second copy"),
    }
    return Line(
        check.id,
        State.LOOK,
        _("One check got no answer: {name}.").format(name=names.get(check.id, check.id)),
        _("Check again. If it stays so, look at that part by hand."),
    )
