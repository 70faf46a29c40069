"""Handing a stand over: what the next team has to know, kept as it is written, and then as a fact."""

from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING
from uuid import UUID

from stojnica.domain import kinds
from stojnica.domain.errors import UserFacingError
from stojnica.domain.handover import (
    FIGURES,
    LINE_LIMIT,
    MAX_FIGURE,
    MAX_LINES,
    Handover,
    Matter,
    handover_from,
)
from stojnica.domain.ids import new_id
from stojnica.domain.text import clean_text
from stojnica.i18n import gettext as _
from stojnica.records.group_visits import visit_totals
from stojnica.records.reach_queries import reach_of
from stojnica.records.team_queries import open_shifts
from stojnica.services.laptop import laptop_place
from stojnica.services.stand import OPERATOR
from stojnica.storage.memory import forget, recall, recalled_names, remember
from stojnica.storage.store import Store
from stojnica.storage.unit import UnitOfWork

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

DRAFT = "handover_draft"
MATTERS, TO_ORDER, UNANSWERED = "matters", "to_order", "unanswered"
LISTS = (MATTERS, TO_ORDER, UNANSWERED)
Change = Callable[[Handover], Handover]


@dataclass(frozen=True, slots=True)
class Kept:
    """Say what was kept by a handover, and when (µs UTC)."""

    handover: Handover
    captured_at: int


def draft_of(connection: "Connection", branch_id: UUID, event_id: UUID) -> Handover:
    """Give the handover as it stands now, with the figures of this moment and who is here."""
    written = handover_from(recall(connection, _name(event_id), {}))
    totals = reach_of(connection, branch_id, [event_id])
    groups = visit_totals(connection, branch_id, event_id)
    reach = (totals.reached, totals.conversations, totals.flyers, totals.contacts)
    numbers = (*reach, groups.visits, groups.pupils)
    place = laptop_place(connection)
    here = [item.name for item in open_shifts(connection, branch_id) if item.event_id == event_id]
    return replace(
        written,
        figures=dict(zip(FIGURES, numbers, strict=True)),
        here=tuple(here),
        laptop=place.letter,
        role=place.role,
    )


def drafted_events(connection: "Connection") -> list[UUID]:
    """Give the events that have a draft."""
    return [UUID(name.partition(":")[2]) for name in recalled_names(connection, f"{DRAFT}:")]


def drop_draft(connection: "Connection", event_id: UUID) -> None:
    """Drop what was written down for the next team of an event; the caller commits."""
    forget(connection, _name(event_id))


def add_line(store: Store, event_id: UUID, name: str, text: str) -> "Future[None]":
    """Put a line on one of the lists; the same again, or nothing, changes nothing.

    Raises (in the future):
        UserFacingError: it is too long, or there are too many; `code` names the list.
    """
    if name not in LISTS:
        raise KeyError(name)

    def add(draft: Handover) -> Handover:
        words = clean_text(text, LINE_LIMIT)
        if words.problem is not None:
            raise _refused(words.problem.message, name)
        lines = texts_of(draft, name)
        if not words.value or words.value in lines:
            return draft
        if len(lines) >= MAX_LINES:
            raise _refused(_("The list is full."), name)
        if name == MATTERS:
            return replace(draft, matters=(*draft.matters, Matter(words.value)))
        return _with_lines(draft, name, (*lines, words.value))

    return _change(store, event_id, add)


def remove_line(store: Store, event_id: UUID, name: str, text: str) -> "Future[None]":
    """Take a line off one of the lists."""

    def remove(draft: Handover) -> Handover:
        if name == MATTERS:
            return replace(draft, matters=tuple(item for item in draft.matters if item.text != text))
        return _with_lines(draft, name, tuple(line for line in texts_of(draft, name) if line != text))

    return _change(store, event_id, remove)


def mark_matter(store: Store, event_id: UUID, text: str, is_done: bool) -> "Future[None]":
    """Say that a matter is done, or open again."""

    def mark(draft: Handover) -> Handover:
        marked = (Matter(item.text, is_done) if item.text == text else item for item in draft.matters)
        return replace(draft, matters=tuple(marked))

    return _change(store, event_id, mark)


def note_other(store: Store, event_id: UUID, name: str, typed: str) -> "Future[None]":
    """Keep a figure of the other laptop; empty for none.

    Raises (in the future):
        UserFacingError: it is no whole number of people; `code` names the figure.
    """
    if name not in FIGURES:
        raise KeyError(name)

    def note(draft: Handover) -> Handover:
        other = {key: number for key, number in draft.other.items() if key != name}
        if typed.strip():
            other[name] = read_number(typed, name)
        return replace(draft, other=other)

    return _change(store, event_id, note)


def hand_over(store: Store, event_id: UUID) -> "Future[Kept]":
    """Keep the handover as a fact. What is done is dropped from the draft, all else goes on with it."""

    def keep(unit: UnitOfWork) -> Kept:
        handover = draft_of(unit.connection, unit.branch_id, event_id)
        item = unit.record(
            kinds.HANDED_OVER,
            new_id(),
            handover.data(),
            event_id=event_id,
            operator=str(recall(unit.connection, OPERATOR, "")),
        )
        left = replace(
            handover, matters=tuple(matter for matter in handover.matters if not matter.is_done), other={}
        )
        remember(unit.connection, _name(event_id), _written(left))
        unit.commit()
        return Kept(handover, item.fact.captured_at)

    return store.write(keep)


def read_number(typed: str, code: str) -> int:
    """Read a number of people or things as people write it: "1.482", "1 482".

    Raises:
        UserFacingError: it is none, or too large; its code is `code`.
    """
    digits = "".join(typed.split()).replace(".", "").replace(",", "")
    if not (digits.isascii() and digits.isdigit()) or len(digits) > 9 or int(digits) > MAX_FIGURE:
        raise _refused(_("This is a whole number, or empty."), code)
    return int(digits)


def texts_of(handover: Handover, name: str) -> tuple[str, ...]:
    """Give the lines of one of the lists."""
    lists = {
        MATTERS: tuple(item.text for item in handover.matters),
        TO_ORDER: handover.to_order,
        UNANSWERED: handover.unanswered,
    }
    return lists[name]


def _with_lines(draft: Handover, name: str, lines: tuple[str, ...]) -> Handover:
    return replace(draft, to_order=lines) if name == TO_ORDER else replace(draft, unanswered=lines)


def _change(store: Store, event_id: UUID, change: Change) -> "Future[None]":
    def write(unit: UnitOfWork) -> None:
        before = handover_from(recall(unit.connection, _name(event_id), {}))
        after = change(before)
        if after != before:
            remember(unit.connection, _name(event_id), _written(after))
            unit.commit()

    return store.write(write)


def _written(draft: Handover) -> dict[str, object]:
    """Give what the laptop keeps of a draft: figures and people are looked up afresh each time."""
    return replace(draft, figures={}, here=()).data()


def _name(event_id: UUID) -> str:
    return f"{DRAFT}:{event_id}"


def _refused(what: str, code: str) -> UserFacingError:
    return UserFacingError(what, safe=_("Nothing was changed."), code=code)
