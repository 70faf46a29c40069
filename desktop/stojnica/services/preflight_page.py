"""The page before a stand leaves: what it plans to use, and how each of it stands."""

from dataclasses import dataclass, field, replace
from functools import partial

from stojnica.i18n import gettext as _
from stojnica.i18n import ngettext
from stojnica.services.message import Message, failure_message
from stojnica.services.preflight import (
    Grounds,
    Line,
    Machine,
    Plan,
    StandGrounds,
    State,
    check_all,
    look_at_stand,
    remember_plan,
)
from stojnica.services.preflight_laptop import check_scanner
from stojnica.services.preflight_stand import CHECKS
from stojnica.services.stand import StandContext
from stojnica.services.view_model import LatestOnly, ViewModel
from stojnica.storage.unit import UnitOfWork

PARTS = ("kiosk", "paper", "web", "printer", "scanner", "two_know")


@dataclass(frozen=True, slots=True)
class PreflightState:
    """Hold the lines that matter to this event; they are there after the first look."""

    is_loaded: bool = False
    is_checking: bool = False
    event_name: str = ""
    plan: Plan = field(default_factory=Plan)
    headline: str = ""
    lines: tuple[Line, ...] = ()
    scanned: str = ""
    message: Message | None = None


class PreflightViewModel(ViewModel[PreflightState]):
    """Check the stand before it leaves; UI thread alone, the checks run in the pool."""

    def __init__(self, context: StandContext, machine: Machine) -> None:
        super().__init__(PreflightState())
        self._context = context
        self._machine = machine
        self._latest = LatestOnly()
        self._grounds: Grounds | None = None

    def refresh(self) -> None:
        """Check again; the lines of before stay in sight until the new ones are there."""
        question = self._latest.ask()
        self._set(replace(self.state, is_checking=True, message=None))
        self._context.runner.when(
            self._context.store.read(look_at_stand),
            question.only(self._looked),
            question.only(self._failed),
        )

    def plan(self, part: str, is_planned: bool) -> None:
        """Say whether this event plans to use a part; it is kept, and checked at once.

        Raises:
            KeyError: there is no such part.
        """
        if part not in PARTS:
            raise KeyError(part)
        if not self.state.is_loaded or self._grounds is None:
            return
        plan = replace(self.state.plan, **{part: is_planned})
        now = self._grounds.stand.now
        # A look that is out knows the plan of before, and would take the tick off again.
        self._latest.forget()
        self._set(replace(self.state, plan=plan, is_checking=True))

        def keep(unit: UnitOfWork) -> None:
            remember_plan(unit.connection, now, plan)
            unit.commit()

        self._context.runner.when(self._context.store.write(keep), self._kept, self._failed)

    def scan(self, text: str) -> None:
        """Judge what the scanner typed into the field, at once."""
        self._set(replace(self.state, scanned=text))
        if self._grounds is None or not self.state.plan.scanner:
            return
        self._grounds = replace(self._grounds, scanned=text)
        line = check_scanner(self._grounds)
        lines = [line if known.id == line.id else known for known in self.state.lines]
        self._set(with_lines(self.state, tuple(lines)))

    def _kept(self, _none: None) -> None:
        self.refresh()

    def _looked(self, stand: StandGrounds) -> None:
        question = self._latest.ask()
        grounds = Grounds(stand, self._machine, self._context.clock, self.state.scanned)
        self._context.runner.submit(
            lambda _work: check_all(CHECKS, grounds),
            question.only(partial(self._show, grounds)),
            question.only(self._failed),
        )

    def _show(self, grounds: Grounds, lines: tuple[Line, ...]) -> None:
        self._grounds = replace(grounds, scanned=self.state.scanned)
        event = grounds.stand.now.event
        state = replace(
            self.state,
            is_loaded=True,
            is_checking=False,
            event_name=event.name if event else "",
            plan=grounds.plan,
        )
        self._set(with_lines(state, tuple(line for line in lines if line.state is not State.SKIPPED)))

    def _failed(self, error: Exception) -> None:
        self._set(replace(self.state, is_checking=False))
        message = failure_message(error)
        if message is not None:
            self._set(replace(self.state, message=message))


def with_lines(state: PreflightState, lines: tuple[Line, ...]) -> PreflightState:
    """Put lines into a state, and say how many of them want something."""
    todo = sum(1 for line in lines if line.state is not State.FINE)
    if todo:
        headline = ngettext("{count} thing to look at", "{count} things to look at", todo).format(count=todo)
    else:
        headline = _("All is fine. Have a good stand!")
    return replace(state, lines=lines, headline=headline)
