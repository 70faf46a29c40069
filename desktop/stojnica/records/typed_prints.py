"""The typed rows of what is printed: runs of slips and flyers, and rules of print that were overruled."""

from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from stojnica.records.base import HUB, Base, Flag, Id, Instant, Text, Whole, table_of

_TYPED = {"schema": HUB, "sqlite_strict": True, "info": {"typed": True}}


class SlipRunRow(Base):
    """Map one print run of slips; `wordings` are versions by purpose, as canonical JSON."""

    __tablename__ = "slip_run"

    branch_id: Mapped[UUID] = mapped_column(Id, primary_key=True)
    subject_id: Mapped[UUID] = mapped_column(Id, primary_key=True)
    event_id: Mapped[UUID | None] = mapped_column(Id)
    letter: Mapped[str] = mapped_column(Text)
    first: Mapped[int] = mapped_column(Whole)
    last: Mapped[int] = mapped_column(Whole)
    language: Mapped[str] = mapped_column(Text)
    form: Mapped[str] = mapped_column(Text)
    form_version: Mapped[int] = mapped_column(Whole)
    wordings: Mapped[str] = mapped_column(Text)
    captured_at: Mapped[int] = mapped_column(Instant)
    is_voided: Mapped[bool] = mapped_column(Flag)
    projection_version: Mapped[int] = mapped_column(Whole)

    __table_args__ = (sa.Index("ix_slip_run_number", "branch_id", "letter", "first"), _TYPED)


class FundingOverruleRow(Base):
    """Map one rule of EU funding that was overruled for one piece, with who decided it and why."""

    __tablename__ = "funding_overrule"

    branch_id: Mapped[UUID] = mapped_column(Id, primary_key=True)
    subject_id: Mapped[UUID] = mapped_column(Id, primary_key=True)
    event_id: Mapped[UUID | None] = mapped_column(Id)
    captured_at: Mapped[int] = mapped_column(Instant)
    operator: Mapped[str] = mapped_column(Text)
    rule: Mapped[str] = mapped_column(Text)
    piece: Mapped[str] = mapped_column(Text)
    item: Mapped[str] = mapped_column(Text)
    template: Mapped[str] = mapped_column(Text)
    size: Mapped[str] = mapped_column(Text)
    language: Mapped[str] = mapped_column(Text)
    measured: Mapped[str] = mapped_column(Text)
    reason: Mapped[str] = mapped_column(Text)
    is_voided: Mapped[bool] = mapped_column(Flag)
    projection_version: Mapped[int] = mapped_column(Whole)

    __table_args__ = (sa.Index("ix_funding_overrule_event", "branch_id", "event_id"), _TYPED)


class PrintRunRow(Base):
    """Map one print run: its short code, where that leads, and how many pieces were printed."""

    __tablename__ = "print_run"

    branch_id: Mapped[UUID] = mapped_column(Id, primary_key=True)
    subject_id: Mapped[UUID] = mapped_column(Id, primary_key=True)
    event_id: Mapped[UUID | None] = mapped_column(Id)
    code: Mapped[str] = mapped_column(Text)
    flyer: Mapped[str] = mapped_column(Text)
    template: Mapped[str] = mapped_column(Text)
    size: Mapped[str] = mapped_column(Text)
    language: Mapped[str] = mapped_column(Text)
    target: Mapped[str] = mapped_column(Text)
    leads: Mapped[str] = mapped_column(Text)
    pieces: Mapped[int] = mapped_column(Whole)
    prepared_at: Mapped[int] = mapped_column(Instant)
    printed_at: Mapped[int] = mapped_column(Instant)
    is_voided: Mapped[bool] = mapped_column(Flag)
    projection_version: Mapped[int] = mapped_column(Whole)

    __table_args__ = (sa.Index("ix_print_run_event", "branch_id", "event_id"), _TYPED)


SLIP_RUN = table_of(SlipRunRow)
FUNDING_OVERRULE = table_of(FundingOverruleRow)
PRINT_RUN = table_of(PrintRunRow)
