"""A shift of a volunteer at the stand: who, what kind of work, from when to when."""

from collections.abc import Mapping
from dataclasses import dataclass

from stojnica.domain.tally import MAX_INSTANT

# Zakon o prostovoljstvu tells organising, content and other work apart, and wants hours by kind.
ORGANISING, CONTENT, OTHER = "organising", "content", "other"
WORK_KINDS = (ORGANISING, CONTENT, OTHER)
NAME_LIMIT = 48
LEAST_PEOPLE = 2
# Whoever presses twice was never here: so short a shift is a slip of the finger.
SLIP_US = 60 * 1_000_000
# A team may pack up for so long; later than that, somebody forgot to say that they go.
GRACE_US = 2 * 3_600 * 1_000_000


@dataclass(frozen=True, slots=True)
class Shift:
    """Hold who is on a shift; never a date of birth, and no more of the surname than its initial."""

    member_id: str
    name: str
    is_experienced: bool
    work: str

    def data(self) -> dict[str, object]:
        """Give what the fact keeps."""
        return {
            "member_id": self.member_id,
            "name": self.name,
            "experienced": self.is_experienced,
            "work": self.work,
        }


def shift_from(data: Mapping[str, object]) -> Shift:
    """Read a shift from a fact's data; what is missing or of the wrong type takes its default."""
    member_id, name, work = (data.get(key) for key in ("member_id", "name", "work"))
    return Shift(
        member_id=member_id[:64] if isinstance(member_id, str) else "",
        name=name[:NAME_LIMIT] if isinstance(name, str) else "",
        is_experienced=data.get("experienced") is True,
        work=work if isinstance(work, str) and work in WORK_KINDS else OTHER,
    )


def end_from(data: Mapping[str, object], said_at: int, started_at: int) -> int:
    """Read when a shift ended (µs UTC): what the fact says, or when it was said; never before the start."""
    told = data.get("ended_at", said_at)
    is_instant = isinstance(told, int) and not isinstance(told, bool) and 0 <= told < MAX_INSTANT
    end = told if is_instant and isinstance(told, int) else said_at
    return max(end, started_at)


def end_of_shift(started_at: int, now: int, event_ends_at: int | None) -> int:
    """Give when a shift ended (µs UTC), if somebody says now that it is over.

    Long after the event it ended with the event: nobody volunteers through the night because nobody said so.
    """
    if event_ends_at is not None and now > event_ends_at + GRACE_US:
        return max(started_at, min(now, event_ends_at))
    return max(started_at, now)


def is_slip(started_at: int, ended_at: int) -> bool:
    """Tell whether a shift was too short to have been one."""
    return ended_at - started_at < SLIP_US


def lacks(people: int, experienced: int) -> str:
    """Say what a team lacks: "people", "experience", or "" for nothing."""
    if people < LEAST_PEOPLE:
        return "people"
    return "" if experienced else "experience"
