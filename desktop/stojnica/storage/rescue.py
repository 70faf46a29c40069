"""Saving what is left of a damaged store into a new one: each fact proves itself by its hash."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import NamedTuple
from uuid import UUID

import sqlalchemy as sa

from stojnica.domain.clock import Clock
from stojnica.domain.erasure import ERASED
from stojnica.domain.errors import UserFacingError
from stojnica.domain.fact import BadFactError, StoredFact, content_hash, decode
from stojnica.i18n import gettext as _
from stojnica.records.facts import insert_facts
from stojnica.records.projection import clear
from stojnica.records.rows import insert_rows
from stojnica.storage.copy_faults import source_gone
from stojnica.storage.home import StoreHome
from stojnica.storage.made_copies import BEGUN, COPIES, SAID_GONE
from stojnica.storage.pages import Pages, read_pages
from stojnica.storage.records_in_pages import Row, rows_in
from stojnica.storage.restore import Opened, Pair, find_copies, place_for_store
from stojnica.storage.schema import PROJECTION, branches, project_anew
from stojnica.storage.slots import SlotFile, load_slots, save_slots
from stojnica.storage.store import Store
from stojnica.storage.tables import ANSWERED, DELIVERY, LIFE, PURGED, SETTING, SETTLED, STUB, WAITING
from stojnica.storage.unit import UnitOfWork

FACT_COLUMNS, LIFE_COLUMNS, STUB_COLUMNS = 10, 6, 6
AT_ONCE = 500
# Not from the damaged file: what the new one knows by itself.
_OWN_NAMES = frozenset({PROJECTION, COPIES, BEGUN, SAID_GONE})


class Gap(NamedTuple):
    """Say how many facts of one life are known to be missing."""

    incarnation: UUID
    missing: int


@dataclass(frozen=True, slots=True)
class Rescued:
    """Tell what was saved and what wasn't: pages that can't be read, and numbers that nobody has.

    `has_lives` is False when the table that tells the last number of each life was lost with them: then
    facts at the very end may be missing, and it can't be known.
    """

    pages: int
    damaged_pages: int
    facts: int
    contacts: int
    gaps: tuple[Gap, ...]
    has_lives: bool

    @property
    def missing(self) -> int:
        """Give the number of facts that are known to be missing."""
        return sum(gap.missing for gap in self.gaps)


@dataclass(slots=True)
class _Found:
    facts: dict[tuple[UUID, bytes], StoredFact]
    heads: dict[UUID, int]
    settings: dict[str, bytes]
    stubs: dict[tuple[UUID, bytes], dict[str, object]]


def rescue_store(
    source: Path, home: StoreHome, open_slots: Callable[[SlotFile], Opened], clock: Clock
) -> Rescued:
    """Make a new store, in an empty home, of the facts that a damaged file still holds; that is only read.

    The facts keep life and number, and wait for the centre, which knows those that it has. Takes seconds.

    Raises:
        UserFacingError: there is a store already; the first page is gone; there is no fact that can be read.
    """
    pair: Pair = next(iter(find_copies(source)))
    with place_for_store(home):
        opened = open_slots(load_slots(pair.slots))
        try:
            pages = read_pages(pair.database, opened.key)
        except OSError as error:
            raise source_gone(pair.database) from error
        if not pages.has_first:
            raise _no_first_page()
        found = _look_through(pages)
        if not found.facts:
            raise _nothing_found()
        contacts = _build(home, opened, found, clock)
        save_slots(home.slots, opened.slots)
        home.unborn.replace(home.database)
    return Rescued(
        pages=pages.number,
        damaged_pages=len(pages.damaged),
        facts=len(found.facts),
        contacts=contacts,
        gaps=tuple(_gaps(found)),
        has_lives=bool(found.heads),
    )


def _look_through(pages: Pages) -> _Found:
    found = _Found({}, {}, {}, {})
    for row in rows_in(pages):
        if row.is_table and len(row.values) == FACT_COLUMNS:
            fact = _fact_of(row)
            if fact is not None:
                found.facts[fact.fact.fact_id, fact.content_hash] = fact
        elif row.is_table and len(row.values) == LIFE_COLUMNS:
            _keep_life(row, found)
        elif not row.is_table and len(row.values) == 2:
            _keep_setting(row, found)
        elif not row.is_table and len(row.values) == STUB_COLUMNS:
            _keep_stub(row, found)
    for key in found.stubs:
        # A page that nobody uses any more may still hold what was erased or purged: it stays gone.
        found.facts.pop(key, None)
    return found


def _fact_of(row: Row) -> StoredFact | None:
    """Read a row of the fact table; None when it is another table's, or not what was written."""
    branch, _id, hashed, _kind, _subject, _event, life, seq, _at, body = row.values
    if not (isinstance(branch, bytes) and isinstance(life, bytes) and isinstance(body, bytes)):
        return None
    if not isinstance(seq, int) or len(branch) != 16 or len(life) != 16 or content_hash(body) != hashed:
        return None
    try:
        fact = decode(body)
    except BadFactError:
        return None
    return StoredFact(UUID(bytes=branch), UUID(bytes=life), seq, content_hash(body), body, fact)


def _keep_life(row: Row, found: _Found) -> None:
    life, _began, head, head_hash, _is_current, _held = row.values
    if isinstance(life, bytes) and len(life) == 16 and isinstance(head, int) and isinstance(head_hash, bytes):
        found.heads[UUID(bytes=life)] = head


def _keep_stub(row: Row, found: _Found) -> None:
    branch, fact_id, hashed, life, seq, reason = row.values
    ids = [one for one in (branch, fact_id, life) if isinstance(one, bytes) and len(one) == 16]
    if len(ids) != 3 or not isinstance(hashed, bytes) or len(hashed) != 32 or not isinstance(seq, int):
        return
    if reason in (ERASED, PURGED, SETTLED):
        names = ("branch_id", "fact_id", "incarnation")
        stub: dict[str, object] = dict(zip(names, (UUID(bytes=one) for one in ids), strict=True))
        found.stubs[UUID(bytes=ids[1]), hashed] = stub | {
            "content_hash": hashed,
            "seq": seq,
            "reason": reason,
        }


def _keep_setting(row: Row, found: _Found) -> None:
    name, value = row.values
    if not isinstance(name, str) or not isinstance(value, bytes) or name in _OWN_NAMES:
        return
    try:
        if set(json.loads(value)) == {"value"}:
            found.settings[name] = value
    except (ValueError, TypeError, RecursionError):
        return


def _build(home: StoreHome, opened: Opened, found: _Found, clock: Clock) -> int:
    store = Store(home.unborn, opened.key, clock)
    try:
        store.prepare()

        def fill(unit: UnitOfWork) -> int:
            connection = unit.connection
            for name, value in found.settings.items():
                connection.execute(
                    sa.insert(SETTING).prefix_with("OR REPLACE").values(name=name, value=value)
                )
            _keep_lives(unit, found)
            facts = iter(_branched(found))
            while some := list(islice(facts, AT_ONCE)):
                insert_facts(connection, some)
                insert_rows(connection, DELIVERY, [_waiting(item) for item in some])
            _keep_stubs(unit, found)
            for branch_id in branches(connection):
                clear(connection, branch_id)
                project_anew(connection, branch_id)
            query = "SELECT count(*) FROM signup WHERE is_voided = 0"
            contacts: int = connection.exec_driver_sql(query).scalar_one()
            unit.commit()
            return contacts

        return store.write(fill).result()
    finally:
        store.close()


def _keep_lives(unit: UnitOfWork, found: _Found) -> None:
    """Note the lives that are over; the new store has begun one of its own."""
    last: dict[UUID, StoredFact] = {}
    for item in found.facts.values():
        if item.incarnation not in last or item.seq > last[item.incarnation].seq:
            last[item.incarnation] = item
    for incarnation, item in last.items():
        unit.connection.execute(
            sa.insert(LIFE).values(
                incarnation=incarnation,
                began_at=item.fact.captured_at,
                head=item.seq,
                head_hash=item.content_hash,
                is_current=False,
                centre_held=0,
            )
        )


def _keep_stubs(unit: UnitOfWork, found: _Found) -> None:
    """Note what is gone: erased, it is told once more; purged, the next proof says whether it is there."""
    stubs = list(found.stubs.values())
    insert_rows(unit.connection, STUB, stubs)
    states = {ERASED: (WAITING, ERASED), PURGED: (ANSWERED, "")}
    rows = []
    for stub in stubs:
        state, reason = states.get(str(stub["reason"]), ("", ""))
        kept: dict[str, object] = {"state": state, "failures": 0, "reason": reason, "proven_in": None}
        kept |= {name: stub[name] for name in ("fact_id", "content_hash")}
        rows += [kept | {"is_covered": False}] if state else []
    insert_rows(unit.connection, DELIVERY, rows)


def _branched(found: _Found) -> Iterator[StoredFact]:
    """Give the facts in the order of their numbers."""
    return iter(sorted(found.facts.values(), key=lambda item: (item.incarnation, item.seq)))


def _waiting(item: StoredFact) -> dict[str, object]:
    return {
        "content_hash": item.content_hash,
        "fact_id": item.fact.fact_id,
        "state": WAITING,
        "failures": 0,
        "reason": "",
        "proven_in": None,
        "is_covered": False,
    }


def _gaps(found: _Found) -> Iterator[Gap]:
    numbers: dict[UUID, set[int]] = {life: set() for life in found.heads}
    for item in found.facts.values():
        numbers.setdefault(item.incarnation, set()).add(item.seq)
    for stub in found.stubs.values():
        numbers.setdefault(UUID(str(stub["incarnation"])), set()).add(int(str(stub["seq"])))
    for incarnation, known in numbers.items():
        last = max(found.heads.get(incarnation, 0), max(known, default=0))
        if last > len(known):
            yield Gap(incarnation, last - len(known))


def _no_first_page() -> UserFacingError:
    return UserFacingError(
        _("The beginning of this file is damaged, or the key is another’s: nothing in it can be read."),
        safe=_("It was not changed."),
        next_step=_("Open the last copy instead: stojnica restore COPY."),
        code="first_page_damaged",
    )


def _nothing_found() -> UserFacingError:
    return UserFacingError(
        _("Nothing that was collected can be read in this file."),
        safe=_("It was not changed."),
        next_step=_("Open the last copy instead: stojnica restore COPY."),
        code="nothing_to_rescue",
    )
