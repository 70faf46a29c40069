"""The laptop's own state beside facts: lives of the file, delivery, receipts, briefing, settings, imports."""

from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from stojnica.records.base import Base, Bytes, Flag, Id, Instant, Text, Whole, table_of

WAITING = "waiting"
ANSWERED = "answered"
PROVEN = "proven"
ASIDE = "aside"
PURGED = "purged"
"""Why a stub stands where a fact was: the office has it for sure, and its days on this laptop are over."""
SETTLED = "settled"
"""The same, proven while this laptop was another device of the centre: no proof of today's is about it."""


class LifeRow(Base):
    """Map one incarnation of this file: facts are numbered without gaps in it."""

    __tablename__ = "life"

    incarnation: Mapped[UUID] = mapped_column(Id, primary_key=True)
    began_at: Mapped[int] = mapped_column(Instant)
    head: Mapped[int] = mapped_column(Whole)
    head_hash: Mapped[bytes] = mapped_column(Bytes)
    is_current: Mapped[bool] = mapped_column(Flag)
    centre_held: Mapped[int] = mapped_column(Whole)

    __table_args__ = ({"sqlite_strict": True},)


class DeliveryRow(Base):
    """Map how far one fact has come; no state means "at it", so a crash can strand nothing.

    waiting → answered (the centre echoed its hash) → proven (a whole proof covered it); `aside` when the
    centre can't take it for now, with the reason: it is kept, shown, and offered again.
    """

    __tablename__ = "delivery"

    fact_id: Mapped[UUID] = mapped_column(Id, primary_key=True)
    content_hash: Mapped[bytes] = mapped_column(Bytes, primary_key=True)
    state: Mapped[str] = mapped_column(Text)
    failures: Mapped[int] = mapped_column(Whole)
    reason: Mapped[str] = mapped_column(Text)
    proven_in: Mapped[UUID | None] = mapped_column(Id)
    is_covered: Mapped[bool] = mapped_column(Flag)

    __table_args__ = (
        # Few facts wait at any time: the index holds only those.
        sa.Index("ix_delivery_open", "state", "fact_id", sqlite_where=sa.text("state <> 'proven'")),
        sa.Index(
            "ix_delivery_uncovered",
            "fact_id",
            sqlite_where=sa.text("state = 'proven' AND is_covered = 0"),
        ),
        {"sqlite_strict": True, "sqlite_with_rowid": False},
    )


class StubRow(Base):
    """Map what stays of a fact whose body is gone: enough to prove that nothing else is missing.

    Nothing in it tells of a person; its delivery goes on, and says whether the centre knows of it.
    """

    __tablename__ = "stub"

    branch_id: Mapped[UUID] = mapped_column(Id, primary_key=True)
    fact_id: Mapped[UUID] = mapped_column(Id, primary_key=True)
    content_hash: Mapped[bytes] = mapped_column(Bytes, primary_key=True)
    incarnation: Mapped[UUID] = mapped_column(Id)
    seq: Mapped[int] = mapped_column(Whole)
    reason: Mapped[str] = mapped_column(Text)

    __table_args__ = (
        sa.Index("ix_stub_incarnation", "branch_id", "incarnation", "seq"),
        {"sqlite_strict": True, "sqlite_with_rowid": False},
    )


class ReceiptRow(Base):
    """Map one proof that all is at the centre."""

    __tablename__ = "receipt"

    receipt_id: Mapped[UUID] = mapped_column(Id, primary_key=True)
    proven_at: Mapped[int] = mapped_column(Instant)
    facts: Mapped[int] = mapped_column(Whole)
    contacts: Mapped[int] = mapped_column(Whole)
    covered: Mapped[int] = mapped_column(Whole)
    extra: Mapped[int] = mapped_column(Whole)
    code: Mapped[str] = mapped_column(Text)

    __table_args__ = ({"sqlite_strict": True},)


class BriefingRow(Base):
    """Map the current briefing: what the office decided, signed."""

    __tablename__ = "briefing"

    version: Mapped[int] = mapped_column(Whole, primary_key=True)
    body: Mapped[bytes] = mapped_column(Bytes)
    signature: Mapped[bytes] = mapped_column(Bytes)
    received_at: Mapped[int] = mapped_column(Instant)

    __table_args__ = ({"sqlite_strict": True},)


class SettingRow(Base):
    """Map one thing that the store remembers by name; values are canonical JSON."""

    __tablename__ = "setting"

    name: Mapped[str] = mapped_column(Text, primary_key=True)
    value: Mapped[bytes] = mapped_column(Bytes)

    __table_args__ = ({"sqlite_strict": True, "sqlite_with_rowid": False},)


class SheetRow(Base):
    """Map what became of one row of an imported sheet: a keyed hash, never the row itself."""

    __tablename__ = "sheet_row"

    event_id: Mapped[UUID] = mapped_column(Id, primary_key=True)
    row_mark: Mapped[bytes] = mapped_column(Bytes, primary_key=True)
    imported_at: Mapped[int] = mapped_column(Instant)
    row_number: Mapped[int] = mapped_column(Whole)
    slip_number: Mapped[str] = mapped_column(Text)
    outcome: Mapped[str] = mapped_column(Text)
    reason: Mapped[str] = mapped_column(Text)
    subject_id: Mapped[UUID | None] = mapped_column(Id)

    __table_args__ = (
        sa.Index("ix_sheet_row_outcome", "event_id", "outcome", "row_number"),
        {"sqlite_strict": True},
    )


LIFE = table_of(LifeRow)
DELIVERY = table_of(DeliveryRow)
STUB = table_of(StubRow)
RECEIPT = table_of(ReceiptRow)
BRIEFING = table_of(BriefingRow)
SETTING = table_of(SettingRow)
SHEET_ROW = table_of(SheetRow)
LAPTOP_TABLES = (LIFE, DELIVERY, STUB, RECEIPT, BRIEFING, SETTING, SHEET_ROW)
