"""Is the laptop's clock plausible? It is compared with what can't have happened later than now."""

from dataclasses import dataclass
from enum import StrEnum

MINUTE_US = 60 * 1_000_000
DAY_US = 24 * 60 * MINUTE_US
TOLERANCE_US = 10 * MINUTE_US
# Files of an installation may carry the wall clock of another time zone.
PROGRAM_TOLERANCE_US = DAY_US
FAR_US = 366 * DAY_US


class ClockVerdict(StrEnum):
    """Name what is found; each but `FINE` has something to do."""

    FINE = "fine"
    BEFORE_OFFICE = "before_office"
    BEFORE_PROGRAM = "before_program"
    BEFORE_FILES = "before_files"
    FAR_AHEAD = "far_ahead"


@dataclass(frozen=True, slots=True)
class ClockEvidence:
    """Hold instants (µs UTC) that lie behind us; 0 where there is none.

    `proven_at` is the centre's own time of the last receipt; the others were taken from files.
    """

    proven_at: int = 0
    program_at: int = 0
    files_at: int = 0


def judge_clock(now_us: int, evidence: ClockEvidence) -> ClockVerdict:
    """Compare the clock with the evidence: not earlier than any of it, not a year later than the newest.

    The centre's time weighs most, because no clock of ours had a part in it.
    """
    if now_us < evidence.proven_at - TOLERANCE_US:
        return ClockVerdict.BEFORE_OFFICE
    if now_us < evidence.program_at - PROGRAM_TOLERANCE_US:
        return ClockVerdict.BEFORE_PROGRAM
    if now_us < evidence.files_at - TOLERANCE_US:
        return ClockVerdict.BEFORE_FILES
    # A file of the store was just written, with this very clock: it says nothing about being ahead.
    newest = max(evidence.proven_at, evidence.program_at)
    if newest and now_us > newest + FAR_US:
        return ClockVerdict.FAR_AHEAD
    return ClockVerdict.FINE
