"""All that the centre holds about a person who asks, read in a transaction that can change nothing."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import psycopg
from psycopg import sql
from sqlalchemy.engine import Connection

from stojnica.central.branch import branch_of
from stojnica.central.connect import driver_of, office_engine, told_plainly
from stojnica.central.erase import Who, find_person
from stojnica.central.roles import PROJECTOR
from stojnica.domain.fact import BadFactError, decode
from stojnica.records.attachments import KnownAttachment, attachments_of
from stojnica.records.contact_queries import Contact, contact
from stojnica.records.event_queries import known_event

_RECORDS = (
    "SELECT f.content_hash, f.kind, f.captured_at, f.body FROM hub.fact f"
    " WHERE f.branch_id = %s AND f.subject_id = %s"
    " ORDER BY f.captured_at, f.incarnation, f.seq, f.content_hash"
)
_BROUGHT = (
    "SELECT d.content_hash, coalesce(v.name, ''), d.route, d.received_at FROM hub.fact f"
    " JOIN hub.delivery d ON d.branch_id = f.branch_id AND d.fact_id = f.fact_id"
    " AND d.content_hash = f.content_hash"
    " LEFT JOIN hub.device v ON v.branch_id = d.branch_id AND v.device_id = d.device_id"
    " WHERE f.branch_id = %s AND f.subject_id = %s ORDER BY d.received_at, v.name"
)
_PUBLISHED = "SELECT r.body FROM hub.briefing r WHERE r.branch_id = %s ORDER BY r.version DESC LIMIT 1"


@dataclass(frozen=True, slots=True)
class Brought:
    """Say which device brought a record, how (direct, stick, office), and when (µs UTC, by the server)."""

    device: str
    route: str
    at: int


@dataclass(frozen=True, slots=True)
class Recorded:
    """Hold one record as it was said; `data` is empty when it can't be read."""

    kind: str
    captured_at: int
    data: Mapping[str, Any]
    brought: tuple[Brought, ...]


@dataclass(frozen=True, slots=True)
class HeldAbout:
    """Hold one sign-up with all records about it, or a withdrawal by address, which has no `contact`."""

    subject_id: UUID
    contact: Contact | None
    event: str
    zone_name: str
    scans: tuple[KnownAttachment, ...]
    records: tuple[Recorded, ...]


@dataclass(frozen=True, slots=True)
class PersonAtCentre:
    """Hold all of it, and the office's document as it was published last ("" before)."""

    branch_id: UUID
    document: bytes
    held: tuple[HeldAbout, ...]


def person_at_centre(url: str, who: Who) -> PersonAtCentre:
    """Read all that is held about a person, after all that came in was added up.

    Raises:
        UserFacingError: nobody is found; not reachable, or not allowed.
    """
    subjects = find_person(url, who)
    with told_plainly(), office_engine(url).begin() as connection:
        driver = driver_of(connection)
        driver.execute("SET TRANSACTION READ ONLY")
        driver.execute(sql.SQL("SET LOCAL ROLE {}").format(sql.Identifier(PROJECTOR)))
        branch_id = branch_of(driver)
        row = driver.execute(_PUBLISHED, [branch_id]).fetchone()
        return PersonAtCentre(
            branch_id,
            b"" if row is None else bytes(row[0]),
            tuple(_held(connection, driver, branch_id, subject_id) for subject_id in subjects),
        )


def _held(
    connection: Connection, driver: psycopg.Connection[Any], branch_id: UUID, subject_id: UUID
) -> HeldAbout:
    known = contact(connection, branch_id, subject_id)
    event = None
    if known is not None and known.event_id is not None:
        event = known_event(connection, branch_id, known.event_id)
    brought: dict[bytes, list[Brought]] = {}
    for digest, *rest in driver.execute(_BROUGHT, [branch_id, subject_id]).fetchall():
        brought.setdefault(bytes(digest), []).append(Brought(*rest))
    return HeldAbout(
        subject_id=subject_id,
        contact=known,
        event=event.event.name if event else "",
        zone_name=event.event.time_zone if event else "",
        scans=tuple(attachments_of(connection, branch_id, subject_id)),
        records=tuple(
            Recorded(kind, captured_at, _data(bytes(body)), tuple(brought.get(bytes(digest), ())))
            for digest, kind, captured_at, body in driver.execute(
                _RECORDS, [branch_id, subject_id]
            ).fetchall()
        ),
    )


def _data(body: bytes) -> Mapping[str, Any]:
    try:
        return decode(body).data
    except BadFactError:
        return {}
