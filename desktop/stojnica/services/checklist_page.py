"""The part *Lists* of the page *Team*: what to pack and set up, ticked for this event."""

from concurrent.futures import Future
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from stojnica.domain.errors import UserFacingError
from stojnica.i18n import gettext as _
from stojnica.i18n import ngettext
from stojnica.services.changes import Change
from stojnica.services.checklists import (
    TickList,
    add_item,
    remove_item,
    restore_items,
    tick,
    tick_lists,
)
from stojnica.services.message import Message, failure_message
from stojnica.services.stand import StandContext, StandNow, stand_now
from stojnica.services.view_model import LatestOnly, ViewModel

_CONCERNED = frozenset({Change.EVENTS, Change.ORGANISATION})


@dataclass(frozen=True, slots=True)
class ChecklistState:
    """Hold the lists; `problem` is said at the field for a new thing of the list `problem_at`."""

    is_loaded: bool = False
    event_id: UUID | None = None
    subtitle: str = ""
    lists: tuple[TickList, ...] = ()
    is_editing: bool = False
    problem: str = ""
    problem_at: str = ""
    message: Message | None = None


class ChecklistViewModel(ViewModel[ChecklistState]):
    """Show and tick lists; UI thread alone."""

    def __init__(self, context: StandContext) -> None:
        super().__init__(ChecklistState())
        self._context = context
        self._latest = LatestOnly()
        context.changes.subscribe(self._heard)

    def refresh(self) -> None:
        """Look again."""
        question = self._latest.ask()
        self._context.runner.when(
            self._context.store.read(lambda c: (now := stand_now(c), tick_lists(c, now))),
            question.only(self._show),
            question.only(self._failed),
        )

    def tick(self, list_id: str, item_id: str, is_ticked: bool) -> None:
        """Tick or untick a thing for the chosen event."""
        if self.state.event_id is not None:
            self._do(tick(self._context.store, self.state.event_id, list_id, item_id, is_ticked))

    def edit(self, is_editing: bool) -> None:
        """Begin or end adding and taking off."""
        self._set(replace(self.state, is_editing=is_editing, problem="", problem_at=""))

    def add(self, list_id: str, title: str) -> None:
        """Put a thing on a list, or say at its field why not."""

        def failed(error: Exception) -> None:
            if isinstance(error, UserFacingError) and error.code == "checklist":
                words = f"{error.what} {error.next_step}"
                self._set(replace(self.state, problem=words, problem_at=list_id))
            else:
                self._failed(error)

        self._context.runner.when(add_item(self._context.store, list_id, title), self._done, failed)

    def remove(self, list_id: str, item_id: str) -> None:
        """Take a thing off a list."""
        self._do(remove_item(self._context.store, list_id, item_id))

    def restore(self, list_id: str) -> None:
        """Put back what the office has on a list."""
        self._do(restore_items(self._context.store, list_id))

    def _do(self, future: "Future[Any]") -> None:
        self._context.runner.when(future, self._done, self._failed)

    def _done(self, _nothing: object) -> None:
        self._set(replace(self.state, problem="", problem_at="", message=None))
        self.refresh()

    def _heard(self, changed: frozenset[Change]) -> None:
        if changed & _CONCERNED:
            self.refresh()

    def _failed(self, error: Exception) -> None:
        message = failure_message(error)
        if message is not None:
            self._set(replace(self.state, message=message))

    def _show(self, look: tuple[StandNow, tuple[TickList, ...]]) -> None:
        now, lists = look
        self._set(
            replace(
                self.state,
                is_loaded=True,
                event_id=now.event.event_id if now.event else None,
                subtitle=_subtitle(now, lists),
                lists=lists,
            )
        )


def _subtitle(now: StandNow, lists: tuple[TickList, ...]) -> str:
    if now.event is None:
        return ""
    left = sum(len(item.lines) - item.done for item in lists)
    words = ngettext("{count} thing is left to tick", "{count} things are left to tick", left)
    text = words.format(count=left) if left else _("Everything is ticked")
    return f"{now.event.name} · {text}"
