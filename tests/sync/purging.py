"""An office that decides how long contacts stay on laptops, and whose clock the test sets."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from tests.sync.laptops import Key, Laptop
from tests.sync.offices import Way
from tests.unit.conftest import office_document

from stojnica.services.retention import RetentionLook, clear_up, look_at_retention
from stojnica.services.shown_organisation import keep_document
from stojnica.storage.tables import DELIVERY, PROVEN, STUB
from stojnica.storage.unit import UnitOfWork

DAY_US = 24 * 3_600 * 1_000_000
FIRST_DAY = 1_726_835_520_000_000
DAYS = 30


@dataclass
class OfficeClock:
    """Let each receipt carry this time."""

    now: int = FIRST_DAY

    def rule(self, way: Way) -> "OfficeClock":
        way.alter = self._stamp
        return self

    def pass_days(self, days: float) -> None:
        self.now += int(days * DAY_US)

    def _stamp(self, name: str, answer: Any) -> Any:
        return replace(answer, proven_at=self.now) if name == "prove" and answer.code else answer


def decide(laptop: Laptop, days: int | None = DAYS, names: int | None = None) -> None:
    """Let the office's document say how long contacts stay, and names of the team."""

    def keep(unit: UnitOfWork) -> None:
        retention = {"contacts_days": days, "names_days": names}
        keep_document(unit, office_document() | {"retention": retention})
        unit.commit()

    laptop.store.write(keep).result()


def purge(laptop: Laptop) -> int:
    return clear_up(laptop.store).contacts


def look(laptop: Laptop) -> RetentionLook:
    return laptop.store.read(look_at_retention).result()


def stubs(laptop: Laptop) -> list[Key]:
    """Give id and hash of what is gone, sorted."""
    query = sa.select(STUB.c.fact_id, STUB.c.content_hash)
    rows = laptop.store.read(lambda connection: connection.execute(query).all()).result()
    return sorted((row[0], row[1]) for row in rows)


def safe_here(laptop: Laptop) -> Iterator[tuple[Key, bool, bool]]:
    """Give each fact that was ever captured: whether its body is here, and whether it is called proven."""
    proven = set(laptop.in_state(PROVEN))
    bodies = set(laptop.facts())
    query = sa.select(DELIVERY.c.fact_id, DELIVERY.c.content_hash)
    rows = laptop.store.read(lambda connection: connection.execute(query).all()).result()
    for fact_id, content_hash in rows:
        key: tuple[UUID, bytes] = fact_id, content_hash
        yield key, key in bodies, key in proven


def delivered_and_covered(laptop: Laptop, way: Way, clock: OfficeClock) -> None:
    """Send, back up, and send once more: what was there is proven in an earlier session, and covered."""
    laptop.sync()
    way.office.back_up()
    clock.pass_days(0.01)
    laptop.sync()


def delivered_and_old(laptop: Laptop, way: Way, clock: OfficeClock) -> None:
    """Let all that is here be proven and covered, and its days be over."""
    delivered_and_covered(laptop, way, clock)
    clock.pass_days(DAYS)
    laptop.sync()
