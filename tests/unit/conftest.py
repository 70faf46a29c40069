"""A real encrypted store in a folder of its own, with a clock that the test sets."""

import secrets
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.ready_stores import open_new_home, place_store

from stojnica.domain.clock import SetClock
from stojnica.domain.event import Event
from stojnica.domain.ids import new_id
from stojnica.i18n import speaking
from stojnica.services.changes import Changes
from stojnica.services.copies import CopyKeeper
from stojnica.services.events import add_event
from stojnica.services.kiosk import KioskViewModel
from stojnica.services.kiosk_state import KioskSettings
from stojnica.services.pin import PinCost, PinLock
from stojnica.services.shown_organisation import keep_document
from stojnica.services.stand import StandContext
from stojnica.services.tasks import DeferredRunner
from stojnica.storage.home import OpenStore, StoreHome
from stojnica.storage.store import Store
from stojnica.storage.unit import UnitOfWork

FRIDAY_AT_14_32 = 1_726_835_520_000_000  # 20 September 2024, in Ljubljana


@pytest.fixture
def clock() -> SetClock:
    """Give a clock that stands at 14.32 of a Friday in Ljubljana, and moves by 1 µs a look."""
    return SetClock(FRIDAY_AT_14_32, offset=120)


@pytest.fixture
def store_key() -> bytes:
    """Give the key of the one store of this test."""
    return secrets.token_bytes(32)


@pytest.fixture
def reopen(tmp_path: Path, clock: SetClock, store_key: bytes) -> Iterator[Callable[[], Store]]:
    """Give a call that opens the one store of this test, anew each time."""
    opened: list[Store] = []

    def open_again() -> Store:
        while opened:
            opened.pop().close()
        path = tmp_path / "stojnica.db"
        if not path.exists():
            place_store(path, store_key)
        store = Store(path, store_key, clock)
        opened.append(store)
        store.prepare()
        return store

    yield open_again
    while opened:
        opened.pop().close()


@pytest.fixture
def store(reopen: Callable[[], Store]) -> Store:
    """Give an open store without anything in it."""
    return reopen()


@pytest.fixture
def runner() -> DeferredRunner:
    """Give a runner that works when the test says so."""
    return DeferredRunner()


@pytest.fixture
def context(store: Store, runner: DeferredRunner, clock: SetClock) -> StandContext:
    """Give what view-models of the stand are built from, with the PIN 4711."""
    pin = PinLock(store, PinCost(n=2, r=1, p=1))
    pin.choose("4711").result()
    return StandContext(store, runner, clock, Changes(), pin)


@pytest.fixture
def lupa(store: Store) -> Event:
    """Give a chosen event of this Friday, from ten to six."""
    event = Event(
        event_id=new_id(),
        name="Festival LUPA",
        code="lupa",
        place="Breg",
        city="Ljubljana",
        starts="2024-09-20T10:00",
        ends="2024-09-20T18:00",
        goal_reached=169,
        project="club",
    )
    return add_event(store, event).result()


@pytest.fixture
def office(store: Store) -> dict[str, Any]:
    """Give the office's document in the store: two languages, three purposes, a project."""
    value = office_document()

    def keep(unit: UnitOfWork) -> None:
        keep_document(unit, value)
        unit.commit()

    store.write(keep).result()
    return value


def office_document() -> dict[str, Any]:
    """Make a document as the office would."""
    purposes = (("answer", True, "any"), ("newsletter", False, "email"), ("contact", False, "phone"))
    languages = ("sl", "en")
    return {
        "format": 1,
        "organisation": {
            "name": "Zavod Voluntariat",
            "short_name": "Voluntariat",
            "monogram": "V",
            "website": "https://example.org",
            "city": "Ljubljana",
            "country": "SI",
        },
        "projects": [
            {
                "id": "club",
                "name": {"sl": "Klub prostovoljcev", "en": "Volunteers' club"},
                "starts": "2024-04-01",
                "ends": "2024-12-31",
                "goal_events": 13,
                "goal_reached": 2200,
                "funding": None,
            }
        ],
        "purposes": [{"id": name, "asks_question": asks, "needs": needs} for name, asks, needs in purposes],
        "wordings": [
            {
                "id": f"{name}-{language}",
                "purpose": name,
                "version": version,
                "language": language,
                "title": f"{name} {language}",
                "text": f"Text of {name}, version {version}, in {language}.",
                "valid_from": f"202{version}-01-01",
                "valid_to": None,
            }
            for name, _asks, _needs in purposes
            for language in languages
            for version in (2, 3)
        ],
        "notices": [
            {"language": language, "short": f"Short {language}.", "full": f"Full {language}.", "url": ""}
            for language in languages
        ],
        "interests": [
            {"id": f"i{number}", "title": {"sl": f"Zanimanje {number}", "en": f"Interest {number}"}}
            for number in range(1, 8)
        ],
        "themes": [{"id": "peace", "title": {"sl": "Mir", "en": "Peace"}}],
        "heard": [{"id": "flyer", "title": {"sl": "letak", "en": "flyer"}}],
        "consent_age": {"SI": 15},
    }


@pytest.fixture
def kiosk(
    context: StandContext, runner: DeferredRunner, lupa: Event, office: dict[str, Any]
) -> Iterator[KioskViewModel]:
    """Give the kiosk on its first page for a visitor who reads English; the program speaks Slovene."""
    with speaking("sl"):
        model = KioskViewModel(context, KioskSettings(language="en"))
        model.open()
        runner.run()
        yield model


@pytest.fixture
def opened(tmp_path: Path, clock: SetClock) -> Iterator[OpenStore]:
    """Give an open store with its key file."""
    item = open_new_home(StoreHome(tmp_path / "home"), "a b c d e", clock=clock)
    yield item
    item.close()


@pytest.fixture
def keeper(opened: OpenStore) -> CopyKeeper:
    """Give what makes its copies."""
    return CopyKeeper(opened)


@pytest.fixture
def at_stand(opened: OpenStore, runner: DeferredRunner, clock: SetClock) -> StandContext:
    """Give the context of this store."""
    return StandContext(opened.store, runner, clock, Changes(), PinLock(opened.store))
