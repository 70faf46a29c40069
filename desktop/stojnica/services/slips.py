"""People from a sheet: paper slips and web forms, recorded in units that a crash can't tear."""

import logging
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from uuid import UUID

from stojnica.domain import kinds
from stojnica.domain.ids import new_id
from stojnica.domain.pile import PAPER
from stojnica.domain.sheet_numbers import StrayNumbers, numbers_as_printed, stray_numbers
from stojnica.domain.signup import consent_data
from stojnica.domain.slip import Outcome, SeenSlips, SlipRow, SlipRules, SlipVerdict, judge_row
from stojnica.domain.slip_report import ImportReport, report_of
from stojnica.domain.slip_words import PURPOSE_PREFIX
from stojnica.records.contact_queries import keys_in_event
from stojnica.services.capture import record_signup
from stojnica.services.slip_pile import Pile, pile_ground
from stojnica.services.slip_table import SlipTable, parse_mapping, read_slips
from stojnica.services.slip_text import read_sheet_file
from stojnica.services.tasks import Progress, WorkContext
from stojnica.storage.memory import recall, remember
from stojnica.storage.sheet_rows import (
    KeptRow,
    Unproven,
    keep_rows,
    marks_among,
    taken_marks,
    unproven_rows,
)
from stojnica.storage.store import Store
from stojnica.storage.unit import UnitOfWork
from stojnica.storage.worker import Priority

UNIT_ROWS = 50
IMPORTING = "slips"
SECRET = "slip_secret"
SECRET_BYTES = 32
log = logging.getLogger(__name__)


def import_sheet(
    store: Store,
    event_id: UUID,
    sheet: Path | bytes,
    *,
    channel: str = PAPER,
    collected_on: str = "",
    versions: str = "",
    language: str = "",
    mapping: Iterable[str] = (),
    context: WorkContext | None = None,
) -> ImportReport:
    """Read a sheet and record its rows; see `import_rows`. `mapping` has pairs like "My name=first_name".

    Raises:
        UserFacingError: it can't be read, or one of the answers about the pile can't be right.
        CancelledError: a stop was asked for.
    """
    table = read_table(sheet, mapping)
    return import_rows(store, event_id, table, Pile(channel, collected_on, versions, language), context)


def read_table(sheet: Path | bytes, mapping: Iterable[str] = ()) -> SlipTable:
    """Read the rows of a sheet.

    Raises:
        UserFacingError: it is no sheet, is too large, or a column that is needed isn't there.
    """
    data = sheet if isinstance(sheet, bytes) else read_sheet_file(sheet)
    return read_slips(data, parse_mapping(mapping))


def import_rows(
    store: Store, event_id: UUID, table: SlipTable, pile: Pile, context: WorkContext | None = None
) -> ImportReport:
    """Judge and record the rows of a sheet, `UNIT_ROWS` to a transaction; blocks the caller.

    Visitors go first: units are background work. After a stop or a crash the same sheet goes on where it
    ended, because rows that are in are already there; one whose consent lacked its proof gets it now, when
    the pile has one.

    Raises:
        UserFacingError: no such event, an answer about the pile can't be right, or the disk is full.
        CancelledError: a stop was asked for; what was recorded stays.
    """
    prepare = partial(_prepare, event_id=event_id, table=table, pile=pile)
    ready = store.write(prepare, Priority.BACKGROUND).result()
    verdicts: list[SlipVerdict] = []
    proven = 0
    for start in range(0, len(table.rows), UNIT_ROWS):
        if context is not None:
            context.report(Progress(IMPORTING, start, len(table.rows)))
        judged = [_judge(row, ready) for row in table.rows[start : start + UNIT_ROWS]]
        unit = _Unit(event_id, pile, tuple(judged))
        kept = store.write(unit.keep, Priority.BACKGROUND).result() if unit.has_work else unit.nothing()
        verdicts += kept.verdicts
        proven += kept.proven
    log.info("a sheet of %d rows was taken in", len(verdicts))
    return replace(report_of(verdicts, table.ignored), proven=proven, stray=ready.stray)


def purposes_of(table: SlipTable) -> frozenset[str]:
    """Give the purposes that the sheet has a column for."""
    return frozenset(
        name.removeprefix(PURPOSE_PREFIX) for name in table.fields.values() if name.startswith(PURPOSE_PREFIX)
    )


def numbers_of(table: SlipTable) -> tuple[str, ...]:
    """Give the slips' numbers of a sheet as they stand in it, of each row that has one."""
    return tuple(row.number for row in table.rows if row.number)


@dataclass(frozen=True, slots=True)
class _Ready:
    """Hold what rows are judged by; `unproven` are rows of before that a better pile can prove."""

    rules: SlipRules
    seen: SeenSlips
    unproven: Mapping[bytes, Unproven]
    stray: StrayNumbers | None


@dataclass(frozen=True, slots=True)
class _Judged:
    """Hold a verdict, and for a row that is in already what proves the consents that lacked it."""

    verdict: SlipVerdict
    subject_id: UUID | None = None
    proofs: tuple[Mapping[str, object], ...] = ()


@dataclass(frozen=True, slots=True)
class _Kept:
    verdicts: tuple[SlipVerdict, ...]
    proven: int = 0


def _prepare(unit: UnitOfWork, *, event_id: UUID, table: SlipTable, pile: Pile) -> _Ready:
    ground = pile_ground(unit.connection, event_id, unit.clock.now_us(), pile.language)
    evidence = ground.evidence(pile, purposes_of(table))
    numbers = numbers_of(table)
    printed = numbers_as_printed(numbers, ground.runs, pile.letter.upper())
    is_paper = pile.channel == PAPER
    stray = stray_numbers((printed.get(item, item) for item in numbers), ground.runs) if is_paper else None
    rules = SlipRules(
        signup=ground.signup_rules(),
        document=ground.document,
        evidence=evidence,
        event=str(event_id),
        secret=_secret(unit),
        today=ground.today,
        printed=printed,
    )
    seen = SeenSlips.of(
        taken_marks(unit.connection, event_id), keys_in_event(unit.connection, unit.branch_id, event_id)
    )
    is_proof = bool(evidence.wordings)
    unproven = unproven_rows(unit.connection, unit.branch_id, event_id) if is_proof else {}
    unit.commit()
    return _Ready(rules, seen, unproven, stray)


def _secret(unit: UnitOfWork) -> bytes:
    kept = recall(unit.connection, SECRET)
    if isinstance(kept, str):
        return bytes.fromhex(kept)
    fresh = secrets.token_bytes(SECRET_BYTES)
    remember(unit.connection, SECRET, fresh.hex())
    return fresh


def _judge(row: SlipRow, ready: _Ready) -> _Judged:
    verdict = judge_row(row, ready.rules, ready.seen)
    before = ready.unproven.get(verdict.keyed_hash)
    if verdict.outcome is not Outcome.ALREADY or before is None:
        return _Judged(verdict)
    anew = judge_row(row, ready.rules, SeenSlips())
    if anew.signup is None or anew.evidence is None:
        return _Judged(verdict)
    told = (consent_data(purpose, anew.evidence) for purpose in anew.signup.purposes)
    proofs = tuple(data for data in told if data["purpose"] in before.purposes and not data["unproven"])
    return _Judged(verdict, before.subject_id, proofs)


@dataclass(frozen=True, slots=True)
class _Unit:
    """Keep what became of a few rows in one transaction."""

    event_id: UUID
    pile: Pile
    judged: tuple[_Judged, ...]

    @property
    def has_work(self) -> bool:
        """Tell whether there is anything to write."""
        return any(item.verdict.outcome is not Outcome.ALREADY or item.proofs for item in self.judged)

    def nothing(self) -> _Kept:
        """Give what comes of rows that are all in already."""
        return _Kept(tuple(item.verdict for item in self.judged))

    def keep(self, unit: UnitOfWork) -> _Kept:
        """Record the people, their proofs, and what became of each row; runs in the writer's thread."""
        marks = {item.verdict.keyed_hash for item in self.judged}
        # Somebody may have taken the same sheet in meanwhile.
        there = marks_among(unit.connection, self.event_id, marks)
        verdicts = tuple(self._checked(item.verdict, there) for item in self.judged)
        now = unit.clock.now_us()
        rows: list[KeptRow] = []
        for verdict in verdicts:
            if verdict.outcome is not Outcome.ALREADY:
                rows.append(self._row(verdict, now, self._record(unit, verdict)))
        proven = sum(self._prove(unit, item) for item in self.judged)
        keep_rows(unit.connection, rows)
        unit.commit()
        return _Kept(verdicts, proven)

    @staticmethod
    def _checked(verdict: SlipVerdict, there: set[bytes]) -> SlipVerdict:
        if verdict.keyed_hash not in there or verdict.outcome is Outcome.ALREADY:
            return verdict
        return SlipVerdict(Outcome.ALREADY, verdict.line, verdict.number, verdict.keyed_hash)

    def _record(self, unit: UnitOfWork, verdict: SlipVerdict) -> UUID | None:
        if verdict.signup is None or verdict.evidence is None:
            return None
        subject_id = new_id()
        record_signup(
            unit,
            verdict.signup,
            subject_id=subject_id,
            event_id=self.event_id,
            channel=self.pile.channel,
            evidence=verdict.evidence,
            operator=self.pile.operator,
        )
        return subject_id

    def _row(self, verdict: SlipVerdict, now: int, subject_id: UUID | None) -> KeptRow:
        return KeptRow(
            event_id=self.event_id,
            row_mark=verdict.keyed_hash,
            imported_at=now,
            row_number=verdict.line,
            slip_number=verdict.number,
            outcome=verdict.outcome.value,
            reason=",".join(dict.fromkeys(reason.code for reason in verdict.reasons)),
            subject_id=subject_id,
        )

    def _prove(self, unit: UnitOfWork, item: _Judged) -> int:
        if item.subject_id is None or not item.proofs:
            return 0
        for data in item.proofs:
            unit.record(
                kinds.CONSENTED,
                item.subject_id,
                data,
                event_id=self.event_id,
                channel=self.pile.channel,
                operator=self.pile.operator,
            )
        return 1
