"""A print run of slips: which numbers it gave out, and what is printed on them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from stojnica.domain.slip_number import LARGEST, LETTERS, SlipNumber

MOST_IN_A_RUN = 500
_MOST_PURPOSES = 64


@dataclass(frozen=True, slots=True)
class SlipRun:
    """Hold one print run: `first` and `last` are both of it, `wordings` are versions by purpose."""

    run_id: UUID
    letter: str
    first: int
    last: int
    language: str
    form: str
    form_version: int
    wordings: Mapping[str, int] = field(default_factory=dict)
    event_id: UUID | None = None
    printed_at: int = 0

    @property
    def numbers(self) -> tuple[SlipNumber, ...]:
        """Give all its numbers in order."""
        return tuple(SlipNumber(self.letter, count) for count in range(self.first, self.last + 1))

    @property
    def span(self) -> str:
        """Give its numbers as people write them: "A-001–050"."""
        return span_text(self.letter, self.first, self.last)

    def has(self, number: SlipNumber) -> bool:
        """Tell whether a number was given out by this run."""
        return number.letter == self.letter and self.first <= number.count <= self.last

    def data(self) -> dict[str, Any]:
        """Give what a fact keeps of it."""
        return {
            "letter": self.letter,
            "first": self.first,
            "last": self.last,
            "language": self.language,
            "form": self.form,
            "form_version": self.form_version,
            "wordings": dict(self.wordings),
        }


@dataclass(frozen=True, slots=True)
class RunCount:
    """Hold how far a run, or several that follow each other, are typed in."""

    letter: str
    first: int
    last: int
    missing: tuple[SlipNumber, ...]

    @property
    def span(self) -> str:
        """Give the numbers as people write them."""
        return span_text(self.letter, self.first, self.last)

    @property
    def printed(self) -> int:
        """Give how many numbers there are."""
        return self.last - self.first + 1

    @property
    def typed_in(self) -> int:
        """Give how many of them are typed in."""
        return self.printed - len(self.missing)


@dataclass(frozen=True, slots=True)
class OtherSlips:
    """Hold typed-in numbers of one letter that no run here gave out."""

    letter: str
    numbers: tuple[SlipNumber, ...]


def run_data_is_good(data: Mapping[str, Any]) -> bool:
    """Tell whether a fact's data is a run that can have been printed."""
    letter, first, last = (data.get(name) for name in ("letter", "first", "last"))
    if not (isinstance(letter, str) and len(letter) == 1 and letter in LETTERS):
        return False
    if not (_is_count(first) and _is_count(last)):
        return False
    return isinstance(first, int) and isinstance(last, int) and 0 <= last - first < MOST_IN_A_RUN


def read_wordings(value: object) -> dict[str, int]:
    """Read versions by purpose; what is neither is left out."""
    items = list(value.items())[:_MOST_PURPOSES] if isinstance(value, Mapping) else []
    return {
        purpose[:64]: version
        for purpose, version in items
        if isinstance(purpose, str) and _is_count(version) and isinstance(version, int)
    }


def span_text(letter: str, first: int, last: int) -> str:
    """Write a span of numbers: "A-001–050", and one alone "A-001"."""
    begin = SlipNumber(letter, first)
    return str(begin) if first == last else f"{begin}–{SlipNumber(letter, last).digits}"


def counted_runs(runs: Iterable[SlipRun], typed: Iterable[SlipNumber]) -> tuple[RunCount, ...]:
    """Tell for each stretch of numbers without a gap which ones nobody has typed in yet."""
    there = frozenset(typed)
    found: list[RunCount] = []
    for run in sorted(runs, key=lambda item: (item.letter, item.first)):
        missing = tuple(number for number in run.numbers if number not in there)
        before = found[-1] if found else None
        if before is not None and before.letter == run.letter and run.first == before.last + 1:
            found[-1] = RunCount(run.letter, before.first, run.last, before.missing + missing)
        else:
            found.append(RunCount(run.letter, run.first, run.last, missing))
    return tuple(found)


def slips_of_no_run(runs: Iterable[SlipRun], typed: Iterable[SlipNumber]) -> tuple[OtherSlips, ...]:
    """Give what is typed in beside the runs, by letter."""
    known = tuple(runs)
    found: dict[str, list[SlipNumber]] = {}
    for number in sorted(typed):
        if not any(run.has(number) for run in known):
            found.setdefault(number.letter, []).append(number)
    return tuple(OtherSlips(letter, tuple(numbers)) for letter, numbers in found.items())


def short_list(numbers: Sequence[SlipNumber], most: int = 0) -> str:
    """Write numbers of one letter shortly: "012, 031–034"; at most so many pieces, and then "…"."""
    pieces: list[list[SlipNumber]] = []
    for number in sorted(numbers):
        if pieces and number.count == pieces[-1][-1].count + 1:
            pieces[-1].append(number)
        else:
            pieces.append([number])
    written = [
        "–".join(dict.fromkeys((piece[0].digits, piece[-1].digits)))
        if len(piece) != 2
        else f"{piece[0].digits}, {piece[1].digits}"
        for piece in pieces
    ]
    if most and len(written) > most:
        written = [*written[:most], "…"]
    return ", ".join(written)


def _is_count(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 1 <= value <= LARGEST
