"""Overruling a rule of EU funding for one piece: with the team's PIN, a name and a reason."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from uuid import UUID

from stojnica.domain import kinds
from stojnica.domain.errors import UserFacingError
from stojnica.domain.funding_overrule import FundingOverrule, checked_reason
from stojnica.domain.ids import new_id
from stojnica.domain.print_run import Piece
from stojnica.domain.text import NAME_LIMIT
from stojnica.i18n import gettext as _
from stojnica.printing.funding_check import rule_name
from stojnica.printing.problem import FlyerProblem
from stojnica.records.funding_overrules import KnownOverrule
from stojnica.services.names_shown import wrong_pin
from stojnica.services.pin import PinLock
from stojnica.services.tasks import TaskRunner, known_error
from stojnica.services.tidy_text import tidy_text
from stojnica.services.view_model import ViewModel
from stojnica.services.written_time import local_time, written_clock, written_short_day
from stojnica.storage.store import Store
from stojnica.storage.unit import UnitOfWork


@dataclass(frozen=True, slots=True)
class BrokenRule:
    """Hold one rule that stops a piece: its id, its name, and what was measured."""

    id: str
    name: str
    measured: str


@dataclass(frozen=True, slots=True)
class FundingCase:
    """Say which piece it is about, and which rules stop it."""

    event_id: UUID
    piece: str
    item: str
    template: str
    size: str
    language: str
    rules: tuple[BrokenRule, ...]


def funding_case(
    event_id: UUID, piece: Piece, fingerprint: str, broken: tuple[FlyerProblem, ...]
) -> FundingCase | None:
    """Give the case of the rules of the EU that stop a piece; None when none does.

    `fingerprint` is the SHA-256 of its marks, so that the decision holds for nothing else.
    """
    if not broken:
        return None
    rules = tuple(BrokenRule(item.kind, rule_name(item.kind), item.message) for item in broken)
    return FundingCase(event_id, fingerprint, piece.flyer, piece.template, piece.size, piece.language, rules)


def held_for(known: tuple[KnownOverrule, ...], fingerprint: str) -> tuple[KnownOverrule, ...]:
    """Give the decisions that hold for a piece."""
    return tuple(item for item in known if fingerprint and item.overrule.piece == fingerprint)


@dataclass(frozen=True, slots=True, repr=False)
class OverruleWish:
    """Hold what a person decided: the rule, why, their name, and the PIN that lets them."""

    rule: str
    reason: str
    name: str
    pin: str


def overrule(store: Store, lock: PinLock, case: FundingCase, wish: OverruleWish) -> FundingOverrule:
    """Record the decision as a fact that the office gets. Blocks.

    Raises:
        UserFacingError: the reason says nothing, no name is given, or the PIN is wrong; nothing was recorded.
    """
    reason, problem = checked_reason(wish.reason)
    name = tidy_text(wish.name, NAME_LIMIT, code="overrule_name")
    broken = next((rule for rule in case.rules if rule.id == wish.rule), None)
    if broken is None:
        raise _refused(_("This rule no longer stops the piece."), "overrule_rule")
    if problem:
        raise _refused(problem, "overrule_reason")
    if not name:
        raise _refused(_("Say who decides this."), "overrule_name")
    answer = lock.try_pin(wish.pin).result()
    if not answer.is_right:
        raise wrong_pin(answer)
    decided = FundingOverrule(
        rule=broken.id,
        piece=case.piece,
        item=case.item,
        template=case.template,
        size=case.size,
        language=case.language,
        measured=broken.measured,
        reason=reason,
    )

    def keep(unit: UnitOfWork) -> None:
        unit.record(kinds.FUNDING_OVERRULED, new_id(), decided.data(), event_id=case.event_id, operator=name)
        unit.commit()

    store.write(keep).result()
    return decided


def take_back(store: Store, known: KnownOverrule, name: str = "") -> None:
    """Say that a rule holds again. Blocks; that it was overruled stays on record."""

    def void(unit: UnitOfWork) -> None:
        unit.record(
            kinds.VOIDED, known.subject_id, {"reason": "undone"}, event_id=known.event_id, operator=name
        )
        unit.commit()

    store.write(void).result()


def overruled_line(known: KnownOverrule, zone_name: str) -> str:
    """Write a decision for the page: rule, who, when and why."""
    when = local_time(known.captured_at, zone_name)
    return _("{rule}: {reason} ({name}, {day} {time})").format(
        rule=rule_name(known.overrule.rule),
        name=known.operator or _("the team"),
        day=written_short_day(when.date()),
        time=written_clock(when),
        reason=" ".join(known.overrule.reason.split()),
    )


@dataclass(frozen=True, slots=True)
class OverruleState:
    """Hold how the last decision went; `done` counts those that were recorded."""

    is_working: bool = False
    error: UserFacingError | None = None
    done: int = 0


class OverruleDesk(ViewModel[OverruleState]):
    """Take decisions, one at a time, and tell `decided` of each; UI thread alone."""

    def __init__(self, store: Store, runner: TaskRunner, decided: Callable[[], None]) -> None:
        super().__init__(OverruleState())
        self._store = store
        self._runner = runner
        self._lock = PinLock(store)
        self._decided = decided

    def begin(self) -> None:
        """Forget how the last decision went."""
        self._set(replace(self.state, error=None))

    def decide(self, case: FundingCase, wish: OverruleWish) -> None:
        """Record it when the PIN is right."""
        if self.state.is_working:
            return
        self._set(replace(self.state, is_working=True, error=None))
        self._runner.submit(
            lambda _context: overrule(self._store, self._lock, case, wish), self._recorded, self._failed
        )

    def take_back(self, known: tuple[KnownOverrule, ...]) -> None:
        """Let the rules hold again."""
        if self.state.is_working or not known:
            return
        self._set(replace(self.state, is_working=True, error=None))

        def void() -> None:
            for item in known:
                take_back(self._store, item)

        self._runner.submit(lambda _context: void(), self._recorded, self._failed)

    def _recorded(self, _decided: object) -> None:
        self._set(replace(self.state, is_working=False, done=self.state.done + 1))
        self._decided()

    def _failed(self, error: Exception) -> None:
        self._set(replace(self.state, is_working=False, error=known_error(error)))


def _refused(what: str, code: str) -> UserFacingError:
    return UserFacingError(what, safe=_("Nothing was recorded, and nothing was printed."), code=code)
