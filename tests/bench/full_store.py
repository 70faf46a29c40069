"""A stand's store with as many contacts as many years bring: made up, and written as visitors' are."""

import random
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from uuid import UUID

import sqlalchemy as sa

from stojnica.domain.event import Event
from stojnica.domain.ids import new_id
from stojnica.domain.signup import ConsentEvidence, SignUp
from stojnica.services.capture import TYPED, record_signup
from stojnica.services.events import add_event
from stojnica.services.sample import sample_document
from stojnica.services.shown_organisation import keep_document
from stojnica.storage.store import Store
from stojnica.storage.tables import DELIVERY, PROVEN
from stojnica.storage.unit import UnitOfWork

CONTACTS = 50_000
EVENTS = 20
AT_ONCE = 500
DAY = date(2024, 9, 20)
SEED = 13
FIRST_NAMES = (
    *("Ana", "Žiga", "Čarna", "Luka", "Špela", "Jaš", "Zoja", "Đorđe", "Maja", "Tilen", "Eva", "Nik"),
    *("Andraž", "Anamarija", "Neža", "Nejc", "Blaž", "Tjaša", "Urška", "Rok", "Matjaž", "Živa", "Jurij"),
)
LAST_NAMES = (
    *("Novak", "Horvat", "Kovačič", "Krajnc", "Zupančič", "Potočnik", "Kovač", "Mlakar", "Kos", "Vidmar"),
    *("Golob", "Turk", "Kralj", "Božič", "Korošec", "Bizjak", "Zupan", "Hribar", "Kotnik", "Kavčič"),
    *("Rozman", "Kastelic", "Oblak", "Žagar", "Petek", "Hočevar", "Kolar", "Košir", "Koren", "Jančar"),
    *("Novaković", "Šuštar", "Čeh"),
)
TOWNS = ("Ljubljana", "Maribor", "Celje", "Kranj", "Koper", "Ptuj", "Trbovlje", "Jesenice", "Novo mesto")
PURPOSES = (("newsletter",), ("newsletter", "contact"), ("answer", "newsletter", "contact"))
_PLAIN = str.maketrans("čćšžđ", "ccszd")


def visitors(number: int, seed: int = SEED) -> Iterator[SignUp]:
    """Make visitors up, the same ones for one seed; names return, addresses and numbers hardly."""
    dice = random.Random(seed)
    for place in range(number):
        first, last = dice.choice(FIRST_NAMES), dice.choice(LAST_NAMES)
        purposes = dice.choice(PURPOSES)
        address = f"{first}.{last}{seed}{place}".lower().translate(_PLAIN)
        yield SignUp(
            first_name=first,
            last_name=last,
            email=f"{address}@example.org",
            phone=f"+386{dice.randrange(30_000_000, 70_999_999)}" if dice.random() < 0.6 else "",
            age_band=dice.choice(("18-30", "18-30", "31+")),
            country="SI",
            town=dice.choice(TOWNS),
            status="student",
            question="Kdaj se začne naslednji tabor?" if "answer" in purposes else "",
            interests=("camps", "club"),
            purposes=purposes,
            form="person",
        )


def _furnish(store: Store, events: int, day: date) -> list[UUID]:
    """Keep the sample organisation and its events in a store; the last event is the one that is on."""
    document = sample_document(day)

    def keep(unit: UnitOfWork) -> None:
        keep_document(unit, document)
        unit.commit()

    store.write(keep).result()
    return [
        add_event(store, _event(number, str(document["projects"][0]["id"]), day)).result().event_id
        for number in range(events)
    ]


def _event(number: int, project: str, day: date) -> Event:
    return Event(
        event_id=new_id(),
        name=f"Festival {number + 1}",
        code=f"f{number + 1}",
        place="Breg",
        city="Ljubljana",
        starts=f"{day}T10:00",
        ends=f"{day}T18:00",
        goal_reached=169,
        project=project,
    )


def evidence_of(store: Store, day: date = DAY) -> ConsentEvidence:
    """Give the wordings that the visitors were shown."""
    from stojnica.services.stand import stand_now

    document = store.read(stand_now).result().shown.document
    return ConsentEvidence("screen", "sl", {item.purpose: item for item in document.wordings_for("sl", day)})


def fill(store: Store, contacts: int = CONTACTS, events: int = EVENTS, day: date = DAY) -> list[UUID]:
    """Keep so many contacts the way that a visitor's goes, only more in a transaction.

    Those of the last event wait for the office, all others are there.
    """
    event_ids = _furnish(store, events, day)
    evidence = evidence_of(store, day)
    waiting = list(visitors(contacts))
    share = -(-contacts // events)

    def keep(unit: UnitOfWork, begin: int) -> None:
        for place, signup in enumerate(waiting[begin : begin + AT_ONCE], start=begin):
            record_signup(
                unit,
                signup,
                subject_id=new_id(),
                event_id=event_ids[place // share],
                channel=TYPED,
                evidence=evidence,
                operator="Maja",
            )
        unit.commit()

    for begin in range(0, contacts, AT_ONCE):
        if contacts - share < begin + AT_ONCE <= contacts - share + AT_ONCE:
            _deliver_all(store)
        store.write(lambda unit, begin=begin: keep(unit, begin)).result()  # type: ignore[misc]
    return event_ids


def _deliver_all(store: Store) -> None:
    """Have all of it proven at the office; what comes after it waits."""

    def mark(unit: UnitOfWork) -> None:
        unit.connection.execute(sa.update(DELIVERY).values(state=PROVEN))
        unit.commit()

    store.write(mark).result()


def make(path: Path, key: bytes, contacts: int = CONTACTS) -> list[UUID]:
    """Make a full store in a file, close it, and give its events."""
    store = Store(path, key)
    store.prepare()
    event_ids = fill(store, contacts)
    store.close()
    return event_ids
