"""Keeping a file with a subject: described first, then chunk by chunk, so that nobody waits behind it."""

from collections.abc import Iterable
from functools import partial
from typing import Any
from uuid import UUID

from stojnica.domain import kinds
from stojnica.domain.attachment import Attachment, chunk_facts, describe
from stojnica.records.attachments import KnownAttachment, attachments_of, present_chunks
from stojnica.services.capture import unknown_contact
from stojnica.storage.store import Store
from stojnica.storage.stubs import is_erased
from stojnica.storage.unit import UnitOfWork
from stojnica.storage.worker import Priority


def attach_file(
    store: Store,
    subject_id: UUID,
    content: bytes,
    *,
    purpose: str,
    media_type: str,
    event_id: UUID | None = None,
    operator: str = "",
) -> bool:
    """Keep a file with a subject; False when the very same one is there. Blocks; not on the UI thread.

    A file whose keeping was cut short is completed when it comes again. Each chunk is a transaction of its
    own, behind all captures; of somebody who is erased between two, no more is kept.

    Raises:
        BadAttachmentError: it is empty or too large.
        UserFacingError: whose it is was erased here, the disk is full, or the store is gone.
    """
    offered = describe(content, purpose, media_type)
    about, lacking = store.write(
        partial(_begin, subject_id=subject_id, offered=offered, event_id=event_id, operator=operator),
        Priority.BACKGROUND,
    ).result()
    for chunk, data in chunk_facts(about, content):
        if chunk in lacking:
            store.write(
                partial(_keep_chunk, chunk=chunk, data=data, event_id=event_id),
                Priority.BACKGROUND,
            ).result()
    return bool(lacking)


def _begin(
    unit: UnitOfWork, *, subject_id: UUID, offered: Attachment, event_id: UUID | None, operator: str
) -> tuple[Attachment, frozenset[UUID]]:
    """Describe the file, or find it described; give the chunks that aren't here."""
    if is_erased(unit.connection, unit.branch_id, subject_id):
        raise unknown_contact()
    known = _same(attachments_of(unit.connection, unit.branch_id, subject_id), offered)
    if known is not None:
        here = present_chunks(unit.connection, unit.branch_id, known)
        return known, frozenset(known.chunks) - here
    data = offered.data()
    unit.record(kinds.FILE_ATTACHED, subject_id, data, event_id=event_id, operator=operator)
    unit.commit()
    return offered, frozenset(offered.chunks)


def _same(known: Iterable[KnownAttachment], offered: Attachment) -> Attachment | None:
    return next((item.attachment for item in known if item.attachment.digest == offered.digest), None)


def _keep_chunk(unit: UnitOfWork, *, chunk: UUID, data: dict[str, Any], event_id: UUID | None) -> None:
    # The id of the chunk was given a stub when its person was erased.
    if is_erased(unit.connection, unit.branch_id, chunk):
        raise unknown_contact()
    unit.record(kinds.FILE_CHUNK, chunk, data, event_id=event_id)
    unit.commit()
