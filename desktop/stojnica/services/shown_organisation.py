"""What the office decided, as the screens work with it: the briefing, or a document kept before enrolment."""

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from stojnica.domain.canonical import parse_canonical
from stojnica.domain.document_node import DocumentError
from stojnica.domain.organisation import Organisation, OrganisationDocument
from stojnica.domain.organisation_document import parse_document
from stojnica.storage.memory import recall_body, remember, value_of
from stojnica.storage.newest_briefing import newest_briefing

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

    from stojnica.storage.unit import UnitOfWork

log = logging.getLogger(__name__)

KEPT_DOCUMENT = "organisation_document"
NOTHING_DECIDED = OrganisationDocument(Organisation(name="", short_name=""))


@dataclass(frozen=True, slots=True)
class OfficeTotals:
    """Hold what all other laptops have reached together; `as_of` is µs UTC. Our own share isn't in it."""

    reached: int
    contacts: int
    as_of: int


@dataclass(frozen=True, slots=True)
class ShownOrganisation:
    """Hold the document in force; `is_from_office` is false for one that practice or the start brought."""

    document: OrganisationDocument
    totals: OfficeTotals | None = None
    is_from_office: bool = False


def shown_organisation(connection: "Connection") -> ShownOrganisation:
    """Give what is in force; an empty document when nothing was decided yet."""
    body = newest_briefing(connection)
    if body is not None:
        try:
            return _from_briefing(body)
        except DocumentError as error:
            # A newer office may write what this version can't read: what was kept before still serves.
            log.warning("the briefing can't be used: %s", error.code)
    kept = recall_body(connection, KEPT_DOCUMENT)
    return ShownOrganisation(NOTHING_DECIDED) if kept is None else _from_kept(kept)


def keep_document(unit: "UnitOfWork", value: Mapping[str, Any]) -> OrganisationDocument:
    """Keep a document for the time before the first briefing; the caller commits.

    Raises:
        DocumentError: it can't be used.
    """
    document = parse_document(value)
    remember(unit.connection, KEPT_DOCUMENT, dict(value))
    return document


@lru_cache(maxsize=2)
def _from_briefing(body: bytes) -> ShownOrganisation:
    value = parse_canonical(body)
    document = parse_document(value)
    return ShownOrganisation(document, _totals(value), is_from_office=True)


@lru_cache(maxsize=2)
def _from_kept(body: bytes) -> ShownOrganisation:
    return ShownOrganisation(parse_document(value_of(body)))


def _totals(value: Mapping[str, Any]) -> OfficeTotals | None:
    head = value.get("briefing")
    told = head.get("totals") if isinstance(head, Mapping) else None
    if not isinstance(told, Mapping):
        return None
    reached, contacts, as_of = (told.get(name) for name in ("reached", "contacts", "as_of"))
    if not (isinstance(reached, int) and isinstance(contacts, int) and isinstance(as_of, int)):
        return None
    return OfficeTotals(max(0, reached), max(0, contacts), as_of)
