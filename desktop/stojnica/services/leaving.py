"""What leaves this laptop and when, and what keeps the rest: for the page *Send to the office*."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING

from stojnica.i18n import gettext as _
from stojnica.i18n import ngettext
from stojnica.services.message import failure_message
from stojnica.services.retention import Cleared, RetentionLook, clear_up, look_at_retention
from stojnica.services.tasks import Progress, TaskRunner, WorkContext
from stojnica.services.view_model import ViewModel
from stojnica.services.written_time import (
    local_time,
    written_day_and_month,
    written_number,
    written_short_day,
)
from stojnica.storage.purge_plan import PurgePlan
from stojnica.storage.store import Store

if TYPE_CHECKING:
    from stojnica.domain.retention import Retention


@dataclass(frozen=True, slots=True)
class LeavingState:
    """Hold the sentences, the nearest day first; none before the first look. `trouble` is why it failed."""

    lines: tuple[str, ...] = ()
    trouble: str = ""


class LeavingViewModel(ViewModel[LeavingState]):
    """Let what may go go, and say what goes when; UI thread alone."""

    def __init__(self, store: Store, runner: TaskRunner, zone_name: str) -> None:
        super().__init__(LeavingState())
        self._store = store
        self._runner = runner
        self._zone_name = zone_name
        self._is_looking = False
        self._is_clearing = False
        self._again = False
        self._hear_gone: list[Callable[[], None]] = []

    def hear_gone(self, hear: Callable[[], None]) -> None:
        """Call `hear` each time that contacts or names have left."""
        self._hear_gone.append(hear)

    def refresh(self) -> None:
        """Look again; it reads much, so what is asked meanwhile is answered by one look more."""
        if self._is_looking:
            self._again = True
            return
        self._is_looking = True
        self._runner.when(self._store.look_slowly(look_at_retention), self._show, self._failed)

    def clear_up(self) -> None:
        """Let what may go go: when the program begins, and after each delivery."""
        if not self._is_clearing:
            self._is_clearing = True
            self._runner.submit(self._clear_up, self._cleared, self._not_cleared)

    def _clear_up(self, context: WorkContext) -> Cleared:
        return clear_up(self._store, lambda: context.report(Progress("purge")))

    def _cleared(self, gone: Cleared) -> None:
        self._is_clearing = False
        self._set(replace(self.state, trouble=""))
        if gone:
            for hear in self._hear_gone:
                hear()
        self.refresh()

    def _not_cleared(self, error: Exception) -> None:
        self._is_clearing = False
        self._failed(error)

    def _show(self, look: RetentionLook) -> None:
        self._set(replace(self.state, lines=leaving_lines(look, self._zone_name)))
        self._looked()

    def _failed(self, error: Exception) -> None:
        message = failure_message(error)
        if message is not None:
            self._set(replace(self.state, trouble=message.text))
        self._looked()

    def _looked(self) -> None:
        self._is_looking = False
        if self._again:
            self._again = False
            self.refresh()


def leaving_lines(look: RetentionLook, zone_name: str, *, is_now: bool = False) -> tuple[str, ...]:
    """Say what goes when, and what keeps the others; a plan of nobody says the rule alone.

    `is_now`: somebody asks what would go at once, and doesn't send.
    """
    plan = look.plan
    if is_now and plan.due:
        at_once = _at_once(len(plan.due))
        return at_once, *leaving_lines(replace(look, plan=replace(plan, due=())), zone_name)
    left = (have_left(look.gone),) if look.gone else ()
    kept = (*_days_lines(plan, zone_name), *_kept_lines(plan), _rule(look.retention))
    contacts = (*_asked_lines(look), *left, *kept)
    return (*contacts, *_names_lines(look, zone_name), _names_rule(look.retention))


def have_left(count: int) -> str:
    """Say how many contacts are no longer here, wherever somebody may look for them."""
    text = ngettext(
        "{count} contact has left this laptop: the office has it.",
        "{count} contacts have left this laptop: the office has them.",
        count,
    )
    return text.format(count=written_number(count))


def _asked_lines(look: RetentionLook) -> list[str]:
    """Say what an order of the office waits for: neither a proof nor a backup would let these go."""
    lines = []
    if look.asked:
        text = ngettext(
            "{count} contact stays only until somebody agrees to erase it, as the office asks.",
            "{count} contacts stay only until somebody agrees to erase them, as the office asks.",
            look.asked,
        )
        lines.append(text.format(count=written_number(look.asked)))
    if look.agreed:
        text = ngettext(
            "{count} contact is erased with the next sending, as the office asks.",
            "{count} contacts are erased with the next sending, as the office asks.",
            look.agreed,
        )
        lines.append(text.format(count=written_number(look.agreed)))
    return lines


def _rule(retention: "Retention") -> str:
    days = retention.contacts_days
    if days is None:
        return _("The contacts stay here, encrypted, also after the office has them: it named no day.")
    text = ngettext(
        "Once the office has confirmed a contact, it stays here, encrypted, for {count} day.",
        "Once the office has confirmed a contact, it stays here, encrypted, for {count} days.",
        days,
    )
    return text.format(count=written_number(days))


def _names_lines(look: RetentionLook, zone_name: str) -> list[str]:
    """Say when names of the team go next; hours and numbers stay, so that nobody need count what goes."""
    plan = look.names
    if plan.now is None:
        return []
    days = [item.at for item in plan.later if item.at > plan.now]
    if plan.due or len(days) < len(plan.later):
        return [_("Names of the team leave past stands with the next sending; the hours stay.")]
    if not days:
        return []
    today = local_time(plan.now, zone_name).date()
    day = _day(local_time(min(days), zone_name).date(), today)
    return [_("Names of the team leave past stands on {day}; the hours stay.").format(day=day)]


def _names_rule(retention: "Retention") -> str:
    days = retention.names_days
    if days is None:
        return _("Names and PINs of the team stay here, too: the office named no day.")
    text = ngettext(
        "Names of the team stay here for {count} day once the office has confirmed them.",
        "Names of the team stay here for {count} days once the office has confirmed them.",
        days,
    )
    return text.format(count=written_number(days))


def _days_lines(plan: PurgePlan, zone_name: str) -> list[str]:
    """Name the first day and the last one; what could go now goes with the next sending."""
    if plan.now is None:
        return []
    ready = len(plan.due) + sum(item.contacts for item in plan.later if item.at <= plan.now)
    by_day: dict[date, int] = {}
    for item in plan.later:
        if item.at > plan.now:
            day = local_time(item.at, zone_name).date()
            by_day[day] = by_day.get(day, 0) + item.contacts
    lines = [_ready(ready)] if ready else []
    today = local_time(plan.now, zone_name).date()
    days = sorted(by_day)
    if days:
        lines.append(_on_day(by_day[days[0]], _day(days[0], today)))
    rest = sum(by_day[day] for day in days[1:])
    if rest:
        lines.append(_by_day(rest, _day(days[-1], today)))
    return lines


def _at_once(count: int) -> str:
    text = ngettext(
        "{count} contact may leave this laptop now (it stays at the office).",
        "{count} contacts may leave this laptop now (they stay at the office).",
        count,
    )
    return text.format(count=written_number(count))


def _ready(count: int) -> str:
    text = ngettext(
        "{count} contact leaves this laptop with the next sending (it stays at the office).",
        "{count} contacts leave this laptop with the next sending (they stay at the office).",
        count,
    )
    return text.format(count=written_number(count))


def _on_day(count: int, day: str) -> str:
    text = ngettext(
        "{count} contact leaves this laptop on {day} (it stays at the office).",
        "{count} contacts leave this laptop on {day} (they stay at the office).",
        count,
    )
    return text.format(count=written_number(count), day=day)


def _by_day(count: int, day: str) -> str:
    text = ngettext("{count} more leaves by {day}.", "{count} more leave by {day}.", count)
    return text.format(count=written_number(count), day=day)


def _day(day: date, today: date) -> str:
    return written_day_and_month(day) if day.year == today.year else written_short_day(day)


def _kept_lines(plan: PurgePlan) -> list[str]:
    lines = []
    if plan.unproven:
        text = ngettext(
            "{count} contact stays until the office has confirmed it.",
            "{count} contacts stay until the office has confirmed them.",
            plan.unproven,
        )
        lines.append(text.format(count=written_number(plan.unproven)))
    if plan.uncovered:
        text = ngettext(
            "{count} contact stays until the office has it in a backup.",
            "{count} contacts stay until the office has them in a backup.",
            plan.uncovered,
        )
        lines.append(text.format(count=written_number(plan.uncovered)))
    return lines
