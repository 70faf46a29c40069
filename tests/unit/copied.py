"""What tests of copies do with a store, and look at."""

import sqlalchemy as sa

from stojnica.domain import kinds
from stojnica.domain.ids import new_id
from stojnica.records.typed import SIGNUP
from stojnica.services.copies import CopyKeeper
from stojnica.services.copies_in_short import CopiesInShort, copies_in_short
from stojnica.services.erasing import erase_contact
from stojnica.storage.home import OpenStore
from stojnica.storage.unit import UnitOfWork


def save(opened: OpenStore) -> None:
    """Save a visitor."""

    def job(unit: UnitOfWork) -> None:
        unit.record(kinds.SIGNED_UP, new_id(), {"first_name": "Ana", "language": "sl"}, channel="kiosk")
        unit.commit()

    opened.store.write(job).result()


def erase_one(opened: OpenStore) -> None:
    """Erase one of the visitors."""
    query = sa.select(SIGNUP.c.subject_id).limit(1)
    subject = opened.store.read(lambda connection: connection.execute(query).scalar_one()).result()
    erase_contact(opened.store, subject).result()


def short(opened: OpenStore) -> CopiesInShort:
    """Look at what is noted."""
    return opened.store.read(copies_in_short).result()


def numbers_here(keeper: CopyKeeper) -> list[str]:
    """Give the copies beside the store."""
    return sorted(path.name[-9:-3] for path in keeper.here.glob("*.db"))
