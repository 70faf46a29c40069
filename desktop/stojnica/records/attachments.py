"""The files that belong to subjects, as their facts describe them, and the files themselves."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.engine import Connection
from sqlalchemy.orm import Mapped, mapped_column

from stojnica.domain import kinds
from stojnica.domain.attachment import Attachment, attachment_from, joined
from stojnica.domain.canonical import canonical_bytes, parse_canonical
from stojnica.domain.fact import decode
from stojnica.domain.order import SubjectHistory
from stojnica.records.base import HUB, Base, Bytes, Id, Instant, Text, Whole, table_of
from stojnica.records.facts import FACT

Rows = list[dict[str, Any]]


class AttachmentRow(Base):
    """Map one file of a subject; `chunks` are the subjects of its chunks, as canonical JSON."""

    __tablename__ = "attachment"

    branch_id: Mapped[UUID] = mapped_column(Id, primary_key=True)
    subject_id: Mapped[UUID] = mapped_column(Id, primary_key=True)
    file_id: Mapped[UUID] = mapped_column(Id, primary_key=True)
    captured_at: Mapped[int] = mapped_column(Instant)
    purpose: Mapped[str] = mapped_column(Text)
    media_type: Mapped[str] = mapped_column(Text)
    size_bytes: Mapped[int] = mapped_column(Whole)
    digest: Mapped[bytes] = mapped_column(Bytes)
    chunks: Mapped[str] = mapped_column(Text)
    projection_version: Mapped[int] = mapped_column(Whole)

    __table_args__ = ({"schema": HUB, "sqlite_strict": True, "info": {"typed": True}},)


ATTACHMENT = table_of(AttachmentRow)


@dataclass(frozen=True, slots=True)
class KnownAttachment:
    """Hold a file's description, whose it is, and how many of its chunks are here."""

    subject_id: UUID
    attachment: Attachment
    captured_at: int
    present: int

    @property
    def is_whole(self) -> bool:
        """Tell whether all of its chunks are here."""
        return self.present >= len(self.attachment.chunks)


def attachment_rows(history: SubjectHistory) -> Rows:
    """Give the files of a subject; the same one described twice is one."""
    found: dict[UUID, dict[str, Any]] = {}
    for item in sorted(history.facts, key=lambda fact: fact.content_hash):
        about = attachment_from(item.fact.data) if item.fact.kind == kinds.FILE_ATTACHED else None
        if about is None:
            continue
        found[about.file_id] = {
            "file_id": about.file_id,
            "captured_at": item.fact.captured_at,
            "purpose": about.purpose,
            "media_type": about.media_type,
            "size_bytes": about.size_bytes,
            "digest": about.digest,
            "chunks": canonical_bytes([str(chunk) for chunk in about.chunks]).decode(),
        }
    return list(found.values())


def attachments_of(connection: Connection, branch_id: UUID, subject_id: UUID) -> list[KnownAttachment]:
    """Give the files of one subject, the oldest first."""
    query = (
        sa.select(ATTACHMENT)
        .where(ATTACHMENT.c.branch_id == branch_id, ATTACHMENT.c.subject_id == subject_id)
        .order_by(ATTACHMENT.c.captured_at, ATTACHMENT.c.file_id)
    )
    return [_known(connection, branch_id, row) for row in connection.execute(query).all()]


def attached_subjects(connection: Connection, branch_id: UUID) -> frozenset[UUID]:
    """Give the subjects that have a file."""
    query = sa.select(ATTACHMENT.c.subject_id).where(ATTACHMENT.c.branch_id == branch_id).distinct()
    return frozenset(connection.execute(query).scalars())


def present_chunks(connection: Connection, branch_id: UUID, attachment: Attachment) -> frozenset[UUID]:
    """Give the subjects of the chunks that are here."""
    query = sa.select(FACT.c.subject_id).where(
        FACT.c.branch_id == branch_id,
        FACT.c.subject_id.in_(attachment.chunks),
        FACT.c.kind == kinds.FILE_CHUNK,
    )
    return frozenset(connection.execute(query).scalars())


def file_content(connection: Connection, branch_id: UUID, attachment: Attachment) -> bytes:
    """Put a file together, chunk by chunk.

    Raises:
        BadAttachmentError: not all of it is here yet, or it isn't what was described.
        BadFactError: a chunk's body is no fact.
    """
    query = sa.select(FACT.c.body).where(
        FACT.c.branch_id == branch_id,
        FACT.c.subject_id.in_(attachment.chunks),
        FACT.c.kind == kinds.FILE_CHUNK,
    )
    bodies = connection.execute(query.limit(2 * len(attachment.chunks))).scalars()
    return joined(attachment, [decode(bytes(body)).data for body in bodies])


def _known(connection: Connection, branch_id: UUID, row: sa.Row[Any]) -> KnownAttachment:
    chunks = tuple(UUID(text) for text in parse_canonical(row.chunks.encode()))
    about = Attachment(row.file_id, row.purpose, row.media_type, row.size_bytes, bytes(row.digest), chunks)
    present = len(present_chunks(connection, branch_id, about))
    return KnownAttachment(row.subject_id, about, row.captured_at, present)
