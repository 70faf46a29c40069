"""What only this laptop knows of its team leaves once no shift has the name any more: roll, PINs, drafts."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from stojnica.records.team_queries import event_names, member_names
from stojnica.services.handover import drafted_events, drop_draft
from stojnica.services.stand import OPERATOR
from stojnica.services.team import members, take_off_roll
from stojnica.storage.left_in_files import note_left
from stojnica.storage.memory import forget, recall, remember
from stojnica.storage.proof_times import newest_proof
from stojnica.storage.tables import PURGED

if TYPE_CHECKING:
    from stojnica.storage.unit import UnitOfWork

UNSEEN = "team_unseen"


@dataclass(slots=True)
class _Waits:
    """Give what was never in a shift its days from when that was first seen, by the centre's clock."""

    now: int
    kept_us: int
    before: Mapping[str, int]
    still: dict[str, int] = field(default_factory=dict)

    def is_over(self, key: str, is_named: bool | None) -> bool:
        """Tell whether this goes now; `is_named` is None for what was in no shift."""
        if is_named is not None:
            return not is_named
        since = self.before.get(key, self.now)
        if self.now - since >= self.kept_us:
            return True
        self.still[key] = since
        return False


def clear_roll(unit: "UnitOfWork", kept_us: int) -> int:
    """Take off the roll whose last shift has lost its name, and who never came in all that time.

    Drafts of handovers go in the same way, by the shifts of their event. None of it is at the centre, and
    none need be: whoever comes again is added again. In the caller's transaction; gives how many people left.
    """
    connection, branch_id = unit.connection, unit.branch_id
    newest = newest_proof(connection)
    if newest is None:
        return 0
    before: dict[str, int] = recall(connection, UNSEEN, {})
    waits = _Waits(newest.at, kept_us, before)
    by_member, by_event = member_names(connection, branch_id), event_names(connection, branch_id)
    gone: set[str] = set()
    for member in members(connection):
        key = str(member.member_id)
        if waits.is_over(key, by_member.get(key)):
            take_off_roll(unit, member.member_id)
            gone.add(member.name)
    operator = recall(connection, OPERATOR, "")
    stays = {member.name for member in members(connection)} | {""}
    # Whoever wrote the own name by hand is in no list: the next one at the keyboard says who they are.
    if operator in gone or (operator not in stays and waits.is_over(OPERATOR, None)):
        remember(connection, OPERATOR, "")
        note_left(connection, PURGED)
    for event_id in drafted_events(connection):
        if waits.is_over(str(event_id), by_event.get(event_id)):
            drop_draft(connection, event_id)
            note_left(connection, PURGED)
    if gone:
        note_left(connection, PURGED)
    if waits.still:
        remember(connection, UNSEEN, waits.still)
    elif before:
        forget(connection, UNSEEN)
    return len(gone)
