"""The page that takes a pile of slips in, or the export of a web form: file, columns, day, wording."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path
from uuid import UUID

from stojnica.domain.errors import CancelledError, UserFacingError
from stojnica.domain.pile import PAPER, WEB
from stojnica.domain.sheet_numbers import bare_numbers
from stojnica.domain.slip_report import ImportReport
from stojnica.domain.slip_words import fold
from stojnica.domain.text import Problem
from stojnica.i18n import current_language, ngettext
from stojnica.i18n import gettext as _
from stojnica.services.changes import Change
from stojnica.services.message import Message, Tone, failure_message, message_of
from stojnica.services.sheet_numbers_question import number_choices, numbers_question
from stojnica.services.signup_choices import Choice
from stojnica.services.slip_columns import field_choices
from stojnica.services.slip_pile import Pile, PileGround, pile_ground
from stojnica.services.slip_table import IGNORED, SlipTable, read_slips, sheet_headings
from stojnica.services.slip_text import read_sheet_file
from stojnica.services.slips import import_rows, numbers_of
from stojnica.services.stand import StandContext, stand_now
from stojnica.services.tasks import Progress, Task
from stojnica.services.typed_time import read_day_typed, shown_day
from stojnica.services.view_model import LatestOnly, ViewModel
from stojnica.services.written_time import written_day, written_number

UNKNOWN = "unknown"
"""What is chosen when nobody knows which wording is on the slips."""


class Phase(StrEnum):
    """Name what the page is busy with."""

    ASKING = "asking"
    READING = "reading"
    IMPORTING = "importing"
    DONE = "done"


@dataclass(frozen=True, slots=True)
class Column:
    """Hold one heading of the sheet, and the field that it is taken for; `IGNORED` is left out."""

    heading: str
    field: str


@dataclass(frozen=True, slots=True)
class SlipsState:
    """Hold what the page shows; `wording` is None until one was chosen, `day_hint` names the weekday.

    `letters` are there only where the sheet's numbers lack the letter of printed slips.
    """

    is_loaded: bool = False
    event_name: str = ""
    phase: Phase = Phase.ASKING
    file_name: str = ""
    rows: int = 0
    file_note: str = ""
    columns: tuple[Column, ...] = ()
    columns_note: str = ""
    fields: tuple[Choice, ...] = ()
    channel: str = PAPER
    collected_on: str = ""
    day_hint: str = ""
    wording: str | None = None
    wordings: tuple[Choice, ...] = ()
    wording_note: str = ""
    letter: str | None = None
    letters: tuple[Choice, ...] = ()
    letter_note: str = ""
    problems: tuple[Problem, ...] = ()
    report: ImportReport | None = None
    message: Message | None = None

    @property
    def is_busy(self) -> bool:
        """Tell whether something is being read or taken in."""
        return self.phase in (Phase.READING, Phase.IMPORTING)

    def problem_at(self, name: str) -> Problem | None:
        """Give the problem at file, columns, day, wording or letter."""
        return next((item for item in self.problems if item.field == name), None)


@dataclass(frozen=True, slots=True)
class _Sheet:
    """Hold a sheet that was read: its rows, or why there are none yet."""

    name: str
    data: bytes
    headings: tuple[tuple[str, str], ...]
    table: SlipTable | None
    error: UserFacingError | None


class SlipsViewModel(ViewModel[SlipsState]):
    """Lead from a file to contacts; UI thread alone. Of the sheet nothing is kept once it is taken in."""

    def __init__(self, context: StandContext) -> None:
        super().__init__(SlipsState())
        self._context = context
        self._latest = LatestOnly()
        self._event_id: UUID | None = None
        self._ground: PileGround | None = None
        self._operator = ""
        self._sheet: _Sheet | None = None
        self._mapping: dict[str, str] = {}
        self._task: Task | None = None

    @property
    def progress(self) -> Progress | None:
        """Give how far the import is."""
        return self._task.progress if self._task else None

    def begin(self, event_id: UUID) -> None:
        """Start anew for an event; an import that is running is let alone."""
        if self.state.is_busy:
            return
        self._event_id, self._ground, self._sheet, self._mapping = event_id, None, None, {}
        self._set(SlipsState())
        now = self._context.clock.now_us()
        self._context.runner.when(
            self._context.store.read(lambda c: (pile_ground(c, event_id, now), stand_now(c).operator)),
            self._latest.ask().only(self._show_ground),
            self._failed,
        )

    def again(self) -> None:
        """Ask for another file of the same event, with the same answers."""
        if not self.state.is_busy:
            self._sheet, self._mapping = None, {}
            self._set(_without_sheet(replace(self.state, phase=Phase.ASKING, report=None, message=None)))

    def choose_file(self, path: Path) -> None:
        """Read a file; its columns are guessed by their headings."""
        if self.state.is_busy:
            return
        self._sheet, self._mapping = None, {}
        self._set(replace(_without_sheet(self.state), phase=Phase.READING, message=None))
        self._task = self._context.runner.submit(
            lambda _context: _read(path.name, read_sheet_file(path), {}), self._show_sheet, self._not_read
        )

    def take_columns(self, fields: Mapping[str, str]) -> None:
        """Say what some columns are, field by heading, and read the sheet again; `IGNORED` leaves one out."""
        sheet = self._sheet
        if sheet is None or self.state.is_busy:
            return
        self._mapping |= {fold(heading): field for heading, field in fields.items()}
        mapping = dict(self._mapping)
        self._set(replace(self.state, phase=Phase.READING, message=None))
        self._task = self._context.runner.submit(
            lambda _context: _read(sheet.name, sheet.data, mapping), self._show_sheet, self._not_read
        )

    def choose_channel(self, channel: str) -> None:
        """Say whether people filled in paper, or a form on the web or a list."""
        self._set(replace(self.state, channel=WEB if channel == WEB else PAPER))
        self._ask_letter()

    def type_day(self, text: str) -> None:
        """Put the day of collection as it is typed; empty when nobody knows it."""
        day = read_day_typed(text, self._ground.today) if self._ground else None
        hint = written_day(day) if day else ""
        problems = tuple(item for item in self.state.problems if item.field != "day")
        self._set(replace(self.state, collected_on=text, day_hint=hint, problems=problems))

    def choose_wording(self, wording: str) -> None:
        """Say which wordings are on the slips: one of the choices, `UNKNOWN` among them."""
        problems = tuple(item for item in self.state.problems if item.field != "wording")
        note = self._wording_note(wording)
        self._set(replace(self.state, wording=wording, wording_note=note, problems=problems))

    def choose_letter(self, letter: str) -> None:
        """Say which slips' numbers stand without a letter in the sheet, or that they are its own."""
        problems = tuple(item for item in self.state.problems if item.field != "letter")
        self._set(replace(self.state, letter=letter, problems=problems))

    def start(self) -> None:
        """Take the sheet in, or say at its place what is missing."""
        sheet, event_id, state = self._sheet, self._event_id, self.state
        if state.is_busy or event_id is None:
            return
        problems = self._problems()
        if problems or sheet is None or sheet.table is None:
            self._set(replace(state, problems=problems, message=None))
            return
        table = sheet.table
        pile = Pile(
            channel=state.channel,
            collected_on=self._day(),
            versions="" if state.wording in (None, UNKNOWN) else str(state.wording),
            operator=self._operator,
            letter=state.letter or "",
        )
        store = self._context.store
        self._set(replace(state, phase=Phase.IMPORTING, problems=(), message=None))
        self._task = self._context.runner.submit(
            lambda context: import_rows(store, event_id, table, pile, context), self._imported, self._stopped
        )

    def cancel(self) -> None:
        """Stop after the rows that are just being recorded; what is recorded stays."""
        if self._task is not None:
            self._task.cancel()

    def forget_message(self) -> None:
        """Take the message off."""
        self._set(replace(self.state, message=None))

    def _show_ground(self, looked: tuple[PileGround, str]) -> None:
        ground, self._operator = looked
        self._ground = ground
        choices = [Choice(item.versions, item.label) for item in ground.sets]
        self._set(
            replace(
                self.state,
                is_loaded=True,
                event_name=ground.event.name,
                fields=field_choices(ground.document, current_language()),
                wordings=(*choices, Choice(UNKNOWN, _("nobody knows, or another one"))),
                collected_on=_day_of_event(ground),
            )
        )
        self.type_day(self.state.collected_on)
        self._ask_letter()

    def _ask_letter(self) -> None:
        table = self._sheet.table if self._sheet else None
        runs = self._ground.runs if self._ground else ()
        is_paper = self.state.channel == PAPER
        found = bare_numbers(numbers_of(table), runs) if table is not None and is_paper else None
        letters = number_choices(found, runs) if found else ()
        note = numbers_question(found) if found else ""
        kept = self.state.letter if letters == self.state.letters else None
        problems = tuple(item for item in self.state.problems if item.field != "letter" or letters)
        self._set(replace(self.state, letter=kept, letters=letters, letter_note=note, problems=problems))

    def _show_sheet(self, sheet: _Sheet) -> None:
        self._sheet, self._task = sheet, None
        columns = tuple(
            Column(heading, self._mapping.get(fold(heading), field or IGNORED))
            for heading, field in sheet.headings
        )
        problems: tuple[Problem, ...] = ()
        if sheet.error is not None:
            at = "columns" if sheet.error.code in ("headings", "mapping") else "file"
            problems = (Problem(at, sheet.error.code, sheet.error.sentences()),)
        rows = len(sheet.table.rows) if sheet.table else 0
        self._set(
            replace(
                self.state,
                phase=Phase.ASKING,
                file_name=sheet.name,
                rows=rows,
                file_note=_rows_note(rows) if sheet.table else "",
                columns=columns,
                columns_note=_columns_note(columns),
                problems=problems,
            )
        )
        self._ask_letter()

    def _not_read(self, error: Exception) -> None:
        self._task = None
        message = failure_message(error)
        text = message.text if message else ""
        problems = (Problem("file", "file", text),) if text else ()
        self._set(replace(_without_sheet(self.state), phase=Phase.ASKING, problems=problems))

    def _problems(self) -> tuple[Problem, ...]:
        found = [item for item in self.state.problems if item.field in ("file", "columns")]
        if self._sheet is None and not found:
            found.append(Problem("file", "missing", _("Choose the file first.")))
        if self.state.collected_on.strip() and not self._day():
            message = _("This day can't be read, or is to come. Leave it empty when nobody knows it.")
            found.append(Problem("day", "day", message))
        if self.state.wording is None:
            message = _("Choose the wording on the slips: a consent is only used when it is known.")
            found.append(Problem("wording", "missing", message))
        if self.state.letters and self.state.letter is None:
            # The question itself, as it names a number that somebody can look for on paper.
            found.append(Problem("letter", "missing", self.state.letter_note))
        return tuple(found)

    def _day(self) -> str:
        if self._ground is None:
            return ""
        day = read_day_typed(self.state.collected_on, self._ground.today)
        return day.isoformat() if day is not None and day <= self._ground.today else ""

    def _wording_note(self, wording: str) -> str:
        sets = self._ground.sets if self._ground else ()
        chosen = next((item for item in sets if item.versions == wording), None)
        if chosen is None:
            return _("Consents are kept, and never used until the same file is imported with the wording.")
        return " · ".join(f"{item.title} ({item.version})" for item in chosen.wordings)

    def _imported(self, report: ImportReport) -> None:
        self._sheet, self._task = None, None
        self._set(replace(self.state, phase=Phase.DONE, report=report))
        self._context.changes.tell(Change.CONTACTS)

    def _stopped(self, error: Exception) -> None:
        self._task = None
        self._set(replace(self.state, phase=Phase.ASKING))
        self._context.changes.tell(Change.CONTACTS)
        if isinstance(error, CancelledError):
            text = _("Stopped. The rows that were taken until then are safe.")
            ask = _("Take the same file in again to go on: no row comes twice.")
            self._set(replace(self.state, message=Message(Tone.WAIT, text, next_step=ask)))
            return
        self._failed(error)

    def _failed(self, error: Exception) -> None:
        if isinstance(error, UserFacingError) and self._ground is None:
            self._set(replace(self.state, is_loaded=True, message=message_of(error)))
            return
        message = failure_message(error)
        if message is not None:
            self._set(replace(self.state, message=message))


def _read(name: str, data: bytes, mapping: Mapping[str, str]) -> _Sheet:
    headings = sheet_headings(data, mapping)
    try:
        return _Sheet(name, data, headings, read_slips(data, mapping), None)
    except UserFacingError as error:
        return _Sheet(name, data, headings, None, error)


def _without_sheet(state: SlipsState) -> SlipsState:
    return replace(
        state,
        file_name="",
        rows=0,
        file_note="",
        columns=(),
        columns_note="",
        letter=None,
        letters=(),
        problems=(),
    )


def _rows_note(rows: int) -> str:
    text = ngettext("{count} row with something in it", "{count} rows with something in them", rows)
    return text.format(count=written_number(rows))


def _columns_note(columns: tuple[Column, ...]) -> str:
    known = sum(item.field != IGNORED for item in columns)
    text = ngettext("{known} of {count} column is used", "{known} of {count} columns are used", len(columns))
    return text.format(known=known, count=len(columns))


def _day_of_event(ground: PileGround) -> str:
    """Propose the day of an event that took one day and isn't to come; else nobody knows better."""
    first, last = ground.event.starts[:10], ground.event.ends[:10]
    if first and first == last and first <= ground.today.isoformat():
        return shown_day(first)
    return ""
