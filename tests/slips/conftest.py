"""A store in a folder of its own that `PASSPHRASE` opens cheaply, with one event in it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest

from stojnica.domain.event import Event
from stojnica.domain.ids import new_id
from stojnica.i18n import current_language, use_language
from stojnica.services.events import add_event
from stojnica.services.sample import sample_document
from stojnica.services.shown_organisation import keep_document
from stojnica.storage.home import StoreHome, create_store
from stojnica.storage.slots import Argon2Cost
from stojnica.storage.unit import UnitOfWork

PASSPHRASE = "jutro voda hiša most reka"
DAY = date(2024, 9, 20)
CHEAP = Argon2Cost(memory_kib=8, iterations=1, lanes=1)


@dataclass(frozen=True, slots=True)
class Place:
    """Hold a closed store, how to open it, and its event."""

    folder: Path
    passphrase_file: Path
    event: Event


@pytest.fixture
def place(tmp_path: Path) -> Place:
    """Give a store with the sample organisation and one event of 2024."""
    event = Event(new_id(), "Festival LUPA", "lupa", starts="2024-09-20T10:00", ends="2024-09-20T18:00")
    opened = create_store(StoreHome(tmp_path / "home"), PASSPHRASE, cost=CHEAP)
    document = sample_document(DAY)

    def keep(unit: UnitOfWork) -> None:
        keep_document(unit, document)
        unit.commit()

    opened.store.write(keep).result()
    add_event(opened.store, event).result()
    opened.close()
    file = tmp_path / "passphrase"
    file.write_text(PASSPHRASE + "\n", encoding="utf-8")
    return Place(tmp_path / "home", file, event)


@pytest.fixture
def many_slips(tmp_path: Path) -> Callable[[int], Path]:
    """Write a sheet with so many people, each in order."""

    def write(count: int) -> Path:
        rows = (f"{n};Ime{n};p{n}@example.org;18–30;x" for n in range(1, count + 1))
        file = tmp_path / "slips.csv"
        file.write_text("\n".join(("št.;ime;e-pošta;starost;novice", *rows)), encoding="utf-8")
        return file

    return write


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    """Speak English, and what was spoken before afterwards."""
    before = current_language()
    use_language("en")
    yield
    use_language(before)
