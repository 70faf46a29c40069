"""Print runs of flyers: each with a short code, and with its short link only once that was seen to work."""

from collections.abc import Callable, Mapping
from concurrent.futures import Future
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING
from uuid import UUID

from stojnica.domain import kinds
from stojnica.domain.errors import UserFacingError
from stojnica.domain.ids import new_id
from stojnica.domain.print_run import Piece, Printed, PrintRun, printed_from
from stojnica.domain.redirects import short_link
from stojnica.domain.short_code import new_code
from stojnica.i18n import gettext as _
from stojnica.printing.flyer import FlyerContent
from stojnica.records.event_queries import known_event
from stojnica.records.print_runs import codes_given, runs_of_event
from stojnica.services.stand import OPERATOR
from stojnica.storage.memory import recall, remember
from stojnica.storage.store import Store
from stojnica.storage.unit import UnitOfWork, branch_of

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

SEEN = "short_link_seen"
MOST_SEEN = 500


@dataclass(frozen=True, slots=True)
class KnownRuns:
    """Hold an event's runs, the newest first; `seen` says when a code's short link worked (µs UTC)."""

    runs: tuple[PrintRun, ...] = ()
    taken: frozenset[str] = frozenset()
    seen: Mapping[str, int] = field(default_factory=dict)

    def waiting(self, piece: Piece) -> PrintRun | None:
        """Give the run of a piece that is prepared and not printed yet."""
        return next((run for run in self.runs if run.piece == piece and not run.is_printed), None)


@dataclass(frozen=True, slots=True)
class RunWish:
    """Say which piece is meant, its code, and the whole link that the code stands for."""

    event_id: UUID
    piece: Piece
    code: str = ""
    target: str = ""


def known_runs(connection: "Connection", event_id: UUID | None) -> KnownRuns:
    """Read the runs of an event, all codes that are given out, and which short links were seen to work."""
    runs = () if event_id is None else runs_of_event(connection, branch_of(connection), event_id)
    return KnownRuns(runs, codes_given(connection), _seen(connection))


def fresh_code(known: KnownRuns) -> str:
    """Draw a code for a run that isn't prepared yet."""
    return new_code(known.taken)


def content_of_run(
    make: Callable[[str], FlyerContent], known: KnownRuns, base: str, wish: RunWish, payload: str = ""
) -> tuple[FlyerContent, RunWish]:
    """Give a piece's content with the link of its run, and the run as it would be kept.

    A run that waits for its paper goes on while it leads where the office wants it; else a new one begins,
    with the wish's code unless that is given out. A `payload` that is no link goes into the code as it is.
    """
    waiting = known.waiting(wish.piece)
    if waiting is not None:
        content = make(waiting.code)
        if content.url == waiting.target:
            wish = replace(wish, code=waiting.code, target=content.url)
            return _with_link(content, base, known, wish, payload), wish
    code = fresh_code(known) if not wish.code or wish.code in known.taken else wish.code
    content = make(code)
    wish = replace(wish, code=code, target=content.url)
    return _with_link(content, base, known, wish, payload), wish


def _with_link(
    content: FlyerContent, base: str, known: KnownRuns, wish: RunWish, payload: str
) -> FlyerContent:
    return replace(content, url=payload or link_in_code(base, known, wish.code, wish.target))


def prepare_run(store: Store, wish: RunWish) -> "Future[PrintRun]":
    """Keep a run's code and where it leads, so that the office can set the short link up.

    Raises (in the future):
        UserFacingError: there is no such event.
    """

    def prepare(unit: UnitOfWork) -> PrintRun:
        run = _prepared(unit, wish)
        unit.commit()
        return run

    return store.write(prepare)


def note_printed(store: Store, wish: RunWish, printed: Printed) -> "Future[PrintRun]":
    """Keep that a run was printed or saved; one that wasn't prepared is so now. More of it adds up.

    Raises (in the future):
        UserFacingError: there is no such event.
    """
    if printed_from(printed.data()) is None:
        raise ValueError(printed.pieces)

    def note(unit: UnitOfWork) -> PrintRun:
        run = _prepared(unit, wish)
        unit.record(
            kinds.PRINTED,
            run.run_id,
            printed.data(),
            event_id=wish.event_id,
            operator=str(recall(unit.connection, OPERATOR, "")),
        )
        unit.commit()
        return run

    return store.write(note)


def note_seen(store: Store, code: str) -> "Future[int]":
    """Remember on this laptop that a code's short link worked just now."""

    def note(unit: UnitOfWork) -> int:
        now = unit.clock.now_us()
        newest = sorted({**_seen(unit.connection), code: now}.items(), key=lambda item: item[1])
        remember(unit.connection, SEEN, dict(newest[-MOST_SEEN:]))
        unit.commit()
        return now

    return store.write(note)


def forget_seen(store: Store, code: str) -> "Future[None]":
    """Forget that a code's short link worked: it was looked at, and doesn't."""

    def drop(unit: UnitOfWork) -> None:
        seen = _seen(unit.connection)
        if seen.pop(code, None) is not None:
            remember(unit.connection, SEEN, seen)
            unit.commit()

    return store.write(drop)


def link_in_code(base: str, known: KnownRuns, code: str, target: str) -> str:
    """Give what the code holds: the short link when it was seen to lead there, else the whole link."""
    run = next((item for item in known.runs if item.code == code), None)
    if base and run is not None and run.target == target and code in known.seen:
        return short_link(base, code)
    return target


def _prepared(unit: UnitOfWork, wish: RunWish) -> PrintRun:
    if known_event(unit.connection, unit.branch_id, wish.event_id) is None:
        raise UserFacingError(
            _("There is no such event on this laptop."),
            safe=_("Nothing was changed."),
            next_step=_("Choose an event first."),
            code="no_event",
        )
    runs = runs_of_event(unit.connection, unit.branch_id, wish.event_id)
    known = next((run for run in runs if (run.code, run.piece) == (wish.code, wish.piece)), None)
    if known is not None:
        return known
    run = PrintRun(
        new_id(), wish.event_id, wish.code, wish.piece, wish.target, prepared_at=unit.clock.now_us()
    )
    unit.record(
        kinds.PRINT_PREPARED,
        run.run_id,
        run.data(),
        event_id=wish.event_id,
        operator=str(recall(unit.connection, OPERATOR, "")),
        captured_at=run.prepared_at,
    )
    return run


def _seen(connection: "Connection") -> dict[str, int]:
    kept = recall(connection, SEEN, {})
    items = kept.items() if isinstance(kept, dict) else ()
    return {str(code): at for code, at in items if isinstance(at, int)}
