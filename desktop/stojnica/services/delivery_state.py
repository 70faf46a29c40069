"""How much of what this laptop holds is proven at the office."""

from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from stojnica.storage.memory import recall
from stojnica.storage.outbox import Held, Unconfirmed, held, is_anything_held, unconfirmed
from stojnica.storage.tables import RECEIPT
from stojnica.storage.unit import branch_of
from stojnica.sync.brief import OFFICE_NAME
from stojnica.sync.credentials import credentials_of


@dataclass(frozen=True, slots=True)
class LastReceipt:
    """Hold the newest proof; `proven_at` is the centre's µs UTC."""

    code: str
    facts: int
    contacts: int
    proven_at: int


@dataclass(frozen=True, slots=True)
class DeliveryState:
    """Hold what every screen needs to say about delivery."""

    is_enrolled: bool
    office_name: str
    laptop_name: str
    waiting: Unconfirmed
    held: Held
    receipt: LastReceipt | None

    @property
    def proof(self) -> LastReceipt | None:
        """Give the newest receipt if it is of all that is held.

        A stick's can be of its own file alone, and after a new enrolment the last whole one is of before.
        """
        return self.receipt if self.receipt is not None and self.receipt.facts >= self.held.facts else None

    @property
    def in_short(self) -> "DeliveryInShort":
        """Give what of it stands on every page."""
        return DeliveryInShort(self.is_enrolled, self.office_name, self.waiting, self.held.facts > 0)


@dataclass(frozen=True, slots=True)
class DeliveryInShort:
    """Hold what stands on every page; `is_anything_held` is false on a laptop that collected nothing yet."""

    is_enrolled: bool
    office_name: str
    waiting: Unconfirmed
    is_anything_held: bool


def delivery_in_short(connection: Connection) -> DeliveryInShort:
    """Look at what waits alone: after each save, so what is held isn't counted. In the reader thread."""
    return DeliveryInShort(
        is_enrolled=credentials_of(connection) is not None,
        office_name=str(recall(connection, OFFICE_NAME, "")),
        waiting=unconfirmed(connection),
        is_anything_held=is_anything_held(connection, branch_of(connection)),
    )


def is_compared_by_all(connection: Connection) -> bool:
    """Tell whether only a file with everything brings a proof: all is confirmed, and piece by piece."""
    delivery = delivery_state(connection)
    return delivery.held.facts > 0 and not delivery.waiting.facts and delivery.proof is None


def delivery_state(connection: Connection) -> DeliveryState:
    """Look at all of it; counting what is held grows with it. Runs in the reader thread."""
    credentials = credentials_of(connection)
    # The one that came last, not the one with the latest time: the centre's clock may have been wrong, too.
    newest = sa.literal_column("receipt.rowid", sa.Integer).desc()
    row = connection.execute(sa.select(RECEIPT).order_by(newest).limit(1)).first()
    return DeliveryState(
        is_enrolled=credentials is not None,
        office_name=str(recall(connection, OFFICE_NAME, "")),
        laptop_name=credentials.name if credentials else "",
        waiting=unconfirmed(connection),
        held=held(connection, branch_of(connection)),
        receipt=None if row is None else LastReceipt(row.code, row.facts, row.contacts, row.proven_at),
    )
