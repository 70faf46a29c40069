"""How far a pile is: what of each run is typed in, what is missing, and what other laptops printed."""

from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

from stojnica.domain.slip_run import OtherSlips, RunCount, counted_runs, short_list, slips_of_no_run
from stojnica.i18n import ngettext
from stojnica.records.event_queries import known_event
from stojnica.records.slip_queries import runs_of_event, typed_numbers
from stojnica.services.events import unknown_event
from stojnica.services.slip_letters import own_letters
from stojnica.storage.erased_slips import erased_slips
from stojnica.storage.unit import branch_of

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection


@dataclass(frozen=True, slots=True)
class SlipTally:
    """Hold how far the runs of this laptop are, and what else is typed in; `own_letters` are its own."""

    runs: tuple[RunCount, ...]
    others: tuple[OtherSlips, ...]
    own_letters: frozenset[str]

    def lines(self, most: int = 0) -> tuple[str, ...]:
        """Say it, a line each: the runs of this laptop, then what other laptops printed."""
        runs = tuple(count_line(count, most) for count in self.runs)
        return runs + tuple(other_line(item, item.letter in self.own_letters, most) for item in self.others)


def slip_tally(connection: "Connection", event_id: UUID) -> SlipTally:
    """Look at what is typed in of an event's slips.

    Raises:
        UserFacingError: there is no such event.
    """
    branch_id = branch_of(connection)
    if known_event(connection, branch_id, event_id) is None:
        raise unknown_event()
    runs = runs_of_event(connection, branch_id, event_id)
    typed = typed_numbers(connection, branch_id, event_id)
    # Whoever was erased is typed in: nobody is to look for that slip.
    counted = counted_runs(runs, typed | erased_slips(connection, event_id))
    return SlipTally(counted, slips_of_no_run(runs, typed), own_letters(connection))


def run_counts(connection: "Connection", event_id: UUID) -> tuple[RunCount, ...]:
    """Tell for each stretch of an event's slips which numbers nobody has typed in yet.

    Raises:
        UserFacingError: there is no such event.
    """
    return slip_tally(connection, event_id).runs


def count_line(count: RunCount, most: int = 0) -> str:
    """Say it in one line: "A-001–050: 47 typed in, missing 012, 031, 044"."""
    if not count.missing:
        text = ngettext("{span}: the {count} slip is typed in", "{span}: all {count} typed in", count.printed)
        return text.format(span=count.span, count=count.printed)
    typed = ngettext("{count} typed in", "{count} typed in", count.typed_in).format(count=count.typed_in)
    missing = ngettext("missing {numbers}", "missing {numbers}", len(count.missing))
    listed = missing.format(numbers=short_list(count.missing, most))
    return f"{count.span}: {typed}, {listed}"


def other_line(others: OtherSlips, is_own_letter: bool, most: int = 0) -> str:
    """Say what is typed in that no run here gave out: "B-007, B-009: printed by laptop B, …"."""
    if is_own_letter:
        text = ngettext(
            "{letter}-{numbers}: {count} typed in, of no run of this laptop",
            "{letter}-{numbers}: {count} typed in, of no run of this laptop",
            len(others.numbers),
        )
    else:
        text = ngettext(
            "{letter}-{numbers}: {count} typed in, printed by laptop {letter}",
            "{letter}-{numbers}: {count} typed in, printed by laptop {letter}",
            len(others.numbers),
        )
    listed = short_list(others.numbers, most)
    return text.format(letter=others.letter, numbers=listed, count=len(others.numbers))
