"""Print runs of slips: numbers given out once for ever, the PDF, and what of it isn't typed in yet."""

import logging
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar
from uuid import UUID

from stojnica.domain import kinds
from stojnica.domain.errors import UserFacingError
from stojnica.domain.form import BARE_FORM, PERSON
from stojnica.domain.ids import new_id
from stojnica.domain.slip_number import LARGEST, LETTERS, read_slip_number
from stojnica.domain.slip_run import MOST_IN_A_RUN, SlipRun
from stojnica.i18n import gettext as _
from stojnica.printing.slip_sheet import PrintedSlips, print_slips
from stojnica.records.event_queries import known_event
from stojnica.records.funding_overrules import overrules_of
from stojnica.records.slip_queries import last_given, runs_of_event, typed_numbers
from stojnica.services.events import unknown_event
from stojnica.services.forms import known_forms
from stojnica.services.shown_organisation import shown_organisation
from stojnica.services.slip_content import PlannedSlip, SlipSource, planned_slip, usual_language
from stojnica.services.slip_letters import LETTER, laptop_letter
from stojnica.services.stand import OPERATOR
from stojnica.services.tasks import Progress, WorkContext
from stojnica.services.written_time import local_time
from stojnica.storage.durable import write_durably
from stojnica.storage.memory import recall, remember
from stojnica.storage.store import Store
from stojnica.storage.unit import UnitOfWork, branch_of

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

    from stojnica.services.on_paper import PrintablePages

log = logging.getLogger(__name__)
LAST_GIVEN = "slips_last_given"
PRINTING = "slips_printing"
Use = TypeVar("Use")


@dataclass(frozen=True, slots=True)
class RunWish:
    """Say what is to be printed: without `letter` it is the laptop's, with `is_full` it asks everything.

    Without `language` it is Slovene, or the first in which all wordings are there.
    """

    event_id: UUID
    language: str
    count: int
    letter: str = ""
    audience: str = PERSON
    is_full: bool = False


@dataclass(frozen=True, slots=True)
class MadeRun:
    """Hold a run whose numbers are given out, and its PDF."""

    run: SlipRun
    slips: PrintedSlips
    note: str

    @property
    def sheets(self) -> int:
        """Give how many sheets of A4 it takes."""
        return -(-(self.run.last - self.run.first + 1) // self.slips.paper.up)


def print_run(store: Store, wish: RunWish, path: Path, context: WorkContext | None = None) -> MadeRun:
    """Give out numbers, make the PDF and write it. Blocks for seconds; never in the UI thread.

    Raises:
        UserFacingError: it can't be printed or written; a run that nobody can print is taken back.
        CancelledError: a stop was asked for; the run is taken back.
    """

    def write(made: MadeRun) -> MadeRun:
        _write(path, made.slips.pdf)
        return made

    return _make_run(store, wish, context, write)


def pages_of_run(
    store: Store, wish: RunWish, context: WorkContext | None = None
) -> "tuple[MadeRun, PrintablePages]":
    """Give out numbers, and the pages for a printer. Blocks for seconds; never in the UI thread.

    Raises:
        UserFacingError: it can't be printed; the run is taken back.
        CancelledError: a stop was asked for; the run is taken back.
    """
    return _make_run(store, wish, context, lambda made: (made, _pages(made, context)))


def _make_run(store: Store, wish: RunWish, context: WorkContext | None, use: Callable[[MadeRun], Use]) -> Use:
    """Make a run and use it; when either fails, nobody waits for its slips.

    The numbers are on disk before the paper is made: after a crash in between they are skipped, and never
    printed again.
    """

    def report(page: int, pages: int) -> None:
        if context is not None:
            context.report(Progress(PRINTING, page, pages))

    now = store.clock.now_us()
    look = partial(slip_source, event_id=wish.event_id, now_us=now, audience=wish.audience)
    source = store.read(look).result()
    wish = replace(wish, language=wish.language or usual_language(source))
    planned = planned_slip(source, wish.language, is_full=wish.is_full)
    run = give_numbers(store, wish, planned, source).result()
    try:
        slips = print_slips(planned.content, run.numbers, report, source.overruled)
        used = use(MadeRun(run, slips, planned.note))
    except Exception:
        take_back(store, run).result()
        raise
    log.info("a run of %d slips was made", run.last - run.first + 1)
    return used


def _pages(made: MadeRun, context: WorkContext | None) -> "PrintablePages":
    # Here, because the command line writes files alone.
    from stojnica.services.on_paper import printable_pages

    return printable_pages(made.slips.pdf, context=context)


def slip_source(
    connection: "Connection", *, event_id: UUID, now_us: int, audience: str = PERSON
) -> SlipSource:
    """Look at what a slip of an event would say today; a closed event still has slips.

    Raises:
        UserFacingError: there is no such event.
    """
    branch_id = branch_of(connection)
    known = known_event(connection, branch_id, event_id)
    if known is None:
        raise unknown_event()
    forms = [form for form in known_forms(connection) if form.audience == audience]
    today = local_time(now_us, known.event.time_zone).date()
    return SlipSource(
        shown_organisation(connection),
        known.event,
        forms[-1] if forms else BARE_FORM,
        today,
        overrules_of(connection, branch_id, event_id),
    )


def give_numbers(store: Store, wish: RunWish, planned: PlannedSlip, source: SlipSource) -> "Future[SlipRun]":
    """Give out the next numbers, and keep what is printed on them.

    Raises (in the future):
        UserFacingError: that many numbers can't be, or the letter is none.
    """

    def give(unit: UnitOfWork) -> SlipRun:
        letter = wish.letter.upper() or laptop_letter(unit.connection)
        first = next_number(unit.connection, letter)
        _check(letter, first, wish.count)
        run = SlipRun(
            run_id=new_id(),
            letter=letter,
            first=first,
            last=first + wish.count - 1,
            language=wish.language,
            form=source.form.id,
            form_version=source.form.version,
            wordings={item.purpose: item.version for item in planned.wordings},
            event_id=wish.event_id,
            printed_at=unit.clock.now_us(),
        )
        operator = str(recall(unit.connection, OPERATOR, ""))
        unit.record(
            kinds.SLIPS_PRINTED,
            run.run_id,
            run.data(),
            event_id=wish.event_id,
            operator=operator,
            captured_at=run.printed_at,
        )
        remember(unit.connection, f"{LAST_GIVEN}_{letter}", run.last)
        remember(unit.connection, LETTER, letter)
        unit.commit()
        return run

    return store.write(give)


def take_back(store: Store, run: SlipRun) -> "Future[None]":
    """Say that a run was never on paper: nobody waits for its slips, and its numbers stay used up."""

    def void(unit: UnitOfWork) -> None:
        unit.record(kinds.VOIDED, run.run_id, {"reason": "not printed"}, event_id=run.event_id)
        unit.commit()

    return store.write(void)


def never_printed(store: Store, event_id: UUID, typed: str) -> "Future[SlipRun]":
    """Take back the run that a number is of: after a crash, or because the paper is gone.

    Raises (in the future):
        UserFacingError: it is no number of a run of this event, or a slip of the run is typed in.
    """

    def void(unit: UnitOfWork) -> SlipRun:
        read = read_slip_number(typed)
        runs = runs_of_event(unit.connection, unit.branch_id, event_id)
        run = next((item for item in runs if read.value is not None and item.has(read.value)), None)
        if run is None:
            text = read.problem.message if read.problem else _("This number is of no run of this event.")
            code = read.problem.code if read.problem else "no_run"
            raise UserFacingError(text, safe=_("Nothing was changed."), code=code)
        there = sorted(
            number for number in typed_numbers(unit.connection, unit.branch_id, event_id) if run.has(number)
        )
        if there:
            text = _("{number} is typed in, so it was printed.").format(number=there[0])
            raise UserFacingError(text, safe=_("Nothing was changed."), code="typed_in")
        unit.record(kinds.VOIDED, run.run_id, {"reason": "not printed"}, event_id=event_id)
        unit.commit()
        return run

    return store.write(void)


def next_number(connection: "Connection", letter: str) -> int:
    """Give the number that the next slip of a letter gets."""
    # What is remembered survives a rebuild and a purge; the rows know what was restored from the office.
    kept = recall(connection, f"{LAST_GIVEN}_{letter}", 0)
    return max(last_given(connection, letter), kept if isinstance(kept, int) else 0) + 1


def _check(letter: str, first: int, count: int) -> None:
    if len(letter) != 1 or letter not in LETTERS:
        raise _refused(_("Numbers of slips begin with a letter from A to X."), "letter")
    if not 1 <= count <= MOST_IN_A_RUN:
        text = _("Between 1 and {most} slips can be printed at once.").format(most=MOST_IN_A_RUN)
        raise _refused(text, "count")
    if first + count - 1 > LARGEST:
        raise _refused(_("This letter has no numbers left: choose another one."), "letter")


def _refused(what: str, code: str) -> UserFacingError:
    return UserFacingError(what, safe=_("No number was given out."), code=code)


def _write(path: Path, pdf: bytes) -> None:
    try:
        write_durably(path, pdf)
    except OSError as error:
        raise UserFacingError(
            _("The slips can't be written to {file}.").format(file=path.name),
            safe=_("Their numbers are skipped, so that none is ever there twice."),
            next_step=_("Choose another folder, with room in it."),
            code="unwritable_file",
        ) from error
