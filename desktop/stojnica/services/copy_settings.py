"""What was chosen for the second copy on this laptop: where it goes, how often, and kept how long."""

import os
import tempfile
from collections.abc import Mapping
from concurrent.futures import Future
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from stojnica.storage.copies_leaving import KEPT_DAYS
from stojnica.storage.copy_faults import place_fault, place_gone
from stojnica.storage.memory import recall, remember
from stojnica.storage.reachable import is_folder
from stojnica.storage.store import Store
from stojnica.storage.unit import UnitOfWork
from stojnica.storage.worker import Priority

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

SETTINGS = "copies_settings"
TROUBLE = "copies_trouble"
DAMAGED = "store_damaged"
FOLDER = "Stojnica"
MINUTES = (5, 10, 30)
DAYS = (7, 14, 30)
"""What can be chosen: how often one is made, and when all but the newest go."""


@dataclass(frozen=True, slots=True)
class CopySettings:
    """Hold what was chosen for this laptop: a second place ("" for none), how often, and kept how long."""

    place: str = ""
    minutes: int = 10
    days: int = KEPT_DAYS


def copy_settings(connection: "Connection") -> CopySettings:
    """Give what was chosen; what isn't of the right kind takes its default."""
    kept = recall(connection, SETTINGS, {})
    known: dict[str, Any] = {
        name: value
        for name, value in (kept.items() if isinstance(kept, Mapping) else ())
        if name in CopySettings.__slots__ and type(value) is type(getattr(CopySettings(), name))
    }
    return replace(CopySettings(), **known)


def choose_copy_place(store: Store, chosen: Path) -> str:
    """Take a folder or stick as second place for copies: a folder of ours in it. Blocks the caller.

    Raises:
        UserFacingError: nothing can be written there.
    """
    folder = chosen if chosen.name == FOLDER else chosen / FOLDER
    try:
        if not is_folder(chosen):
            raise place_gone(chosen)
        folder.mkdir(exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=folder, prefix=".stojnica-") as file:
            file.write(b"stojnica")
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        raise place_fault(error, chosen) from error
    change_copy_settings(store, place=str(folder.absolute())).result()
    return str(folder)


def change_copy_settings(store: Store, **changed: object) -> "Future[CopySettings]":
    """Keep other settings of copies; those that aren't named stay. Without a place, its trouble is over."""

    def keep(unit: UnitOfWork) -> CopySettings:
        known: dict[str, Any] = dict(changed)
        settings = replace(copy_settings(unit.connection), **known)
        kept = {name: getattr(settings, name) for name in CopySettings.__slots__}
        remember(unit.connection, SETTINGS, kept)
        if "place" in changed and recall(unit.connection, TROUBLE, "") != DAMAGED:
            remember(unit.connection, TROUBLE, "")
        unit.commit()
        return settings

    return store.write(keep, Priority.BACKGROUND)
