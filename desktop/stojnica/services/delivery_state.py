"""How much of what this laptop holds is proven at the office."""

from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from stojnica.storage.memory import recall
from stojnica.storage.outbox import Held, Unconfirmed, held, unconfirmed
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


def delivery_state(connection: Connection) -> DeliveryState:
    """Look at it; runs in the reader thread."""
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
