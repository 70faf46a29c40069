"""What we have about a person, as a file for machines: to be taken along elsewhere (GDPR Art. 20)."""

import json
from collections.abc import Sequence
from dataclasses import fields
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

from stojnica.domain.organisation import OrganisationDocument
from stojnica.records.attachments import KnownAttachment, attachments_of
from stojnica.records.contact_queries import Contact, KnownConsent, contact
from stojnica.records.event_queries import known_event
from stojnica.services.stand import stand_now

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

FORMAT = "stojnica-about-1"
_APART = frozenset({"subject_id", "event_id", "captured_at", "consents", "answers"})


def about_document(connection: "Connection", subject_id: UUID) -> dict[str, Any] | None:
    """Give all that this laptop keeps about a person; None when the contact isn't on it.

    Nothing is left out, and what is empty isn't named. Runs in a thread of the store.
    """
    now = stand_now(connection)
    known = contact(connection, now.branch_id, subject_id)
    if known is None:
        return None
    event = known_event(connection, now.branch_id, known.event_id) if known.event_id else None
    scans = attachments_of(connection, now.branch_id, subject_id)
    return contact_document(known, now.shown.document, event.event.name if event else "", scans)


def contact_document(
    known: Contact, document: OrganisationDocument, at: str, scans: Sequence[KnownAttachment]
) -> dict[str, Any]:
    """Give all that is kept about a contact; `at` is the name of the event."""
    return {
        "format": FORMAT,
        "organisation": document.organisation.name,
        "contact": _said(known) | {"event": at},
        "consents": [_consent(item, document) for item in known.consents],
        "scans": [_scan(item) for item in scans],
    }


def about_json(document: dict[str, Any]) -> bytes:
    """Write it down, to be read by people too."""
    return (json.dumps(document, ensure_ascii=False, indent=2) + "\n").encode()


def _said(known: Contact) -> dict[str, Any]:
    said = {item.name: getattr(known, item.name) for item in fields(known) if item.name not in _APART}
    kept = {name: list(value) if isinstance(value, tuple) else value for name, value in said.items() if value}
    answers = {
        name: list(value) if isinstance(value, tuple) else value for name, value in known.answers.items()
    }
    begun = {"id": str(known.subject_id), "signed_up_at": told_moment(known.captured_at)}
    return begun | kept | ({"answers": answers} if answers else {})


def _scan(item: KnownAttachment) -> dict[str, Any]:
    return {
        "kept_at": told_moment(item.captured_at),
        "media_type": item.attachment.media_type,
        "size_bytes": item.attachment.size_bytes,
        "sha256": item.attachment.digest.hex(),
    }


def _consent(item: KnownConsent, document: OrganisationDocument) -> dict[str, Any]:
    key = (item.wording_id, item.wording_version, item.language)
    texts = (one.text for one in document.wordings if (one.id, one.version, one.language) == key)
    return {
        "purpose": item.purpose,
        "is_granted": item.is_granted,
        "said_at": told_moment(item.captured_at),
        "on_paper_since": item.collected_on,
        "evidence": item.evidence,
        "wording": item.wording_id,
        "wording_version": item.wording_version,
        "language": item.language,
        "text": next(texts, ""),
    }


def told_moment(instant_us: int) -> str:
    """Write an instant as ISO 8601, in UTC."""
    moment = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=instant_us)
    return moment.isoformat(timespec="seconds")
