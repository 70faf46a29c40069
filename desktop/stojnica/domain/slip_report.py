"""What an import of slips comes to: every row is counted once, and no name is in it."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any

from stojnica.domain.sheet_numbers import StrayNumbers
from stojnica.domain.signup import consent_data
from stojnica.domain.slip import Outcome, SlipVerdict


@dataclass(frozen=True, slots=True)
class RowReport:
    """Hold what is said about one row: its line in the sheet, the slip's number, and reasons in words."""

    row: int
    number: str
    reasons: tuple[str, ...]
    codes: tuple[str, ...]

    def to_json(self) -> dict[str, Any]:
        """Give it for a program to read."""
        return {
            "row": self.row,
            "number": self.number,
            "reasons": list(self.reasons),
            "codes": list(self.codes),
        }


@dataclass(frozen=True, slots=True)
class ImportReport:
    """Count an import; taken + warned + attention + already = rows, always.

    `unproven` counts rows, taken or warned, with a consent that can't be used; `proven` those already there
    whose consent got its proof now. `stray` are numbers that no printed slip has.
    """

    rows: int
    taken: int
    warned: tuple[RowReport, ...]
    attention: tuple[RowReport, ...]
    already: int
    unproven: int = 0
    ignored_columns: tuple[str, ...] = ()
    proven: int = 0
    stray: StrayNumbers | None = None

    def to_json(self) -> dict[str, Any]:
        """Give it for a program to read."""
        return {
            "rows": self.rows,
            "taken": self.taken,
            "warned": [item.to_json() for item in self.warned],
            "attention": [item.to_json() for item in self.attention],
            "already": self.already,
            "unproven": self.unproven,
            "proven": self.proven,
            "ignored_columns": list(self.ignored_columns),
            "stray_numbers": asdict(self.stray) if self.stray else None,
        }


def report_of(verdicts: Iterable[SlipVerdict], ignored_columns: Iterable[str] = ()) -> ImportReport:
    """Count the verdicts of one sheet."""
    items = list(verdicts)

    def rows(outcome: Outcome) -> tuple[RowReport, ...]:
        return tuple(_row(item) for item in items if item.outcome is outcome)

    return ImportReport(
        rows=len(items),
        taken=len(rows(Outcome.TAKEN)),
        warned=rows(Outcome.WARNED),
        attention=rows(Outcome.ATTENTION),
        already=len(rows(Outcome.ALREADY)),
        unproven=sum(map(_is_unproven, items)),
        ignored_columns=tuple(ignored_columns),
    )


def _row(verdict: SlipVerdict) -> RowReport:
    return RowReport(
        row=verdict.line,
        number=verdict.number,
        reasons=tuple(item.message for item in verdict.reasons),
        codes=tuple(item.code for item in verdict.reasons),
    )


def _is_unproven(verdict: SlipVerdict) -> bool:
    signup, evidence = verdict.signup, verdict.evidence
    if signup is None or evidence is None:
        return False
    return any(consent_data(purpose, evidence)["unproven"] for purpose in signup.purposes)
