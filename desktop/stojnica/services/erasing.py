"""Erasing a person who stands here and asks for it: here at once, at the office with the next sync."""

from concurrent.futures import Future
from typing import TYPE_CHECKING
from uuid import UUID

from stojnica.records.contact_queries import contact
from stojnica.services.capture import unknown_contact
from stojnica.storage.erased_number import keep_number_of
from stojnica.storage.left_in_files import clear_files
from stojnica.storage.store import Store
from stojnica.storage.stubs import erase_persons
from stojnica.storage.unit import UnitOfWork

if TYPE_CHECKING:
    from collections.abc import Sequence


def erase_contact(store: Store, subject_id: UUID) -> "Future[int]":
    """Erase all that this laptop holds about a person; gives how many records went.

    Bodies, typed rows, search words, marks, what was being typed, the log of the last changes, and copies
    that were kept before an upgrade. What stays are stubs without content, and a conversation in the numbers
    of the event: people were there, whoever they were.

    Raises (in the future):
        UserFacingError: this contact isn't on this laptop.
    """
    return erase_contacts(store, (subject_id,))


def erase_contacts(store: Store, subject_ids: "Sequence[UUID]") -> "Future[int]":
    """Erase several contacts of one person together, or none of them."""

    def erase(unit: UnitOfWork) -> int:
        for subject_id in subject_ids:
            if contact(unit.connection, unit.branch_id, subject_id) is None:
                raise unknown_contact()
            keep_number_of(unit, subject_id)
        gone = erase_persons(unit, subject_ids)
        unit.commit()
        clear_files(unit, store.path)
        return gone

    return store.write(erase)
