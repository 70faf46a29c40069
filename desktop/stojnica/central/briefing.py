"""The briefing: what the office decided, as one signed document for all laptops."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy.engine import Connection

from stojnica.central.signing import sign_briefing
from stojnica.domain.canonical import canonical_bytes
from stojnica.domain.fact import content_hash
from stojnica.domain.tally import added_up
from stojnica.records.briefing_events import event_id_of
from stojnica.records.contact_queries import number_of_contacts
from stojnica.records.typed import TALLY


@dataclass(frozen=True, slots=True)
class Totals:
    """Hold the branch's sums of all laptops, as they were at `as_of` (µs UTC)."""

    reached: int
    contacts: int
    as_of: int


@dataclass(frozen=True, slots=True)
class Briefing:
    """Hold one version, signed."""

    version: int
    hash: bytes
    body: bytes
    signature: bytes
    published_at: int


def totals_of(connection: Connection, branch_id: UUID, now_us: int) -> Totals:
    """Add up what the projector has seen of this branch."""
    query = (
        sa.select(TALLY.c.counter, TALLY.c.counts_as, sa.func.sum(TALLY.c.amount))
        .where(TALLY.c.branch_id == branch_id)
        .group_by(TALLY.c.counter, TALLY.c.counts_as)
    )
    presses = [(counter, counts_as, int(amount)) for counter, counts_as, amount in connection.execute(query)]
    contacts = number_of_contacts(connection, branch_id)
    reach = added_up(presses, contacts)
    return Totals(reach.reached, contacts, now_us)


def with_event_ids(document: Mapping[str, Any], branch_id: UUID) -> dict[str, Any]:
    """Give the document with each event's id as a UUID, and without the head of an older briefing."""
    plain = {name: value for name, value in document.items() if name != "briefing"}
    events = plain.get("events", [])
    plain["events"] = [item | {"id": str(event_id_of(branch_id, item))} for item in events]
    return plain


def make_briefing(
    document: Mapping[str, Any],
    key: Ed25519PrivateKey,
    *,
    version: int,
    branch_id: UUID,
    totals: Totals,
    now_us: int,
) -> Briefing:
    """Assemble and sign one version of the briefing."""
    head = {
        "version": version,
        "branch_id": str(branch_id),
        "published_at": now_us,
        "totals": {"reached": totals.reached, "contacts": totals.contacts, "as_of": totals.as_of},
    }
    body = canonical_bytes({**document, "briefing": head})
    return Briefing(version, content_hash(body), body, sign_briefing(key, body), now_us)
