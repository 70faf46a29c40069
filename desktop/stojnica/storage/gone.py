"""What stays of contacts that are purged: numbers per event, kept where no rebuild loses them."""

from collections import Counter
from collections.abc import Mapping
from uuid import UUID

from sqlalchemy.engine import Connection

from stojnica.domain.ids import NIL
from stojnica.records.gone_contacts import GoneFigure, write_gone
from stojnica.records.typed import PROJECTION_VERSION
from stojnica.storage.memory import recall, remember, value_of

Figures = Mapping[tuple[str, str], int]
_NAMED = "gone_contacts:"


def add_gone(connection: Connection, branch_id: UUID, event_id: UUID | None, figures: Figures) -> None:
    """Add to the figures of an event, or of none; in the caller's transaction."""
    place = event_id or NIL
    name = _NAMED + place.hex
    kept = Counter({(figure, value): amount for figure, value, amount in recall(connection, name, [])})
    kept.update(figures)
    remember(connection, name, [[*key, amount] for key, amount in sorted(kept.items()) if amount])
    changed = [GoneFigure(*key, kept[key]) for key in figures]
    write_gone(connection, branch_id, place, changed, PROJECTION_VERSION)


def write_all_gone(connection: Connection, branch_id: UUID) -> None:
    """Make the typed rows of all events anew; there are none before."""
    kept = connection.exec_driver_sql(
        "SELECT name, value FROM setting WHERE name >= ? AND name < ?", (_NAMED, _NAMED + "~")
    ).all()
    for name, value in kept:
        rows = [GoneFigure(*row) for row in value_of(value)]
        write_gone(connection, branch_id, UUID(hex=name[len(_NAMED) :]), rows, PROJECTION_VERSION)
