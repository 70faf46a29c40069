"""The typed rows that facts add up to; rebuilt from facts when their version changes, never migrated."""

from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.engine import Connection
from sqlalchemy.orm import Mapped, mapped_column

from stojnica.records.attachments import ATTACHMENT
from stojnica.records.base import HUB, Base, Bytes, Flag, Id, Instant, Text, Whole, table_of
from stojnica.records.gone_contacts import GONE_CONTACT
from stojnica.records.typed_prints import FUNDING_OVERRULE, PRINT_RUN, SLIP_RUN

PROJECTION_VERSION = 5
_TYPED = {"schema": HUB, "sqlite_strict": True, "info": {"typed": True}}


class SignupRow(Base):
    """Map one visitor's sign-up as it stands after corrections."""

    __tablename__ = "signup"

    branch_id: Mapped[UUID] = mapped_column(Id, primary_key=True)
    subject_id: Mapped[UUID] = mapped_column(Id, primary_key=True)
    event_id: Mapped[UUID | None] = mapped_column(Id)
    captured_at: Mapped[int] = mapped_column(Instant)
    channel: Mapped[str] = mapped_column(Text)
    operator: Mapped[str] = mapped_column(Text)
    language: Mapped[str] = mapped_column(Text)
    first_name: Mapped[str] = mapped_column(Text)
    last_name: Mapped[str] = mapped_column(Text)
    email: Mapped[str] = mapped_column(Text)
    email_key: Mapped[str] = mapped_column(Text)
    phone: Mapped[str] = mapped_column(Text)
    age_band: Mapped[str] = mapped_column(Text)
    country: Mapped[str] = mapped_column(Text)
    town: Mapped[str] = mapped_column(Text)
    status: Mapped[str] = mapped_column(Text)
    heard: Mapped[str] = mapped_column(Text)
    remark: Mapped[str] = mapped_column(Text)
    interests: Mapped[str] = mapped_column(Text)
    themes: Mapped[str] = mapped_column(Text)
    slip_number: Mapped[str] = mapped_column(Text)
    collected_on: Mapped[str] = mapped_column(Text)
    guardian: Mapped[str] = mapped_column(Text)
    guardian_relation: Mapped[str] = mapped_column(Text)
    organisation: Mapped[str] = mapped_column(Text)
    post_code: Mapped[str] = mapped_column(Text)
    audience: Mapped[str] = mapped_column(Text)
    form: Mapped[str] = mapped_column(Text)
    form_version: Mapped[int] = mapped_column(Whole)
    answers: Mapped[str] = mapped_column(Text)
    is_voided: Mapped[bool] = mapped_column(Flag)
    is_disputed: Mapped[bool] = mapped_column(Flag)
    projection_version: Mapped[int] = mapped_column(Whole)

    __table_args__ = (
        # Wide enough that counting reads the index alone: the rows themselves are ten times as long.
        sa.Index("ix_signup_event", "branch_id", "event_id", "is_voided", "captured_at", "channel"),
        sa.Index("ix_signup_email", "branch_id", "email_key"),
        sa.Index("ix_signup_phone", "branch_id", "phone"),
        sa.Index("ix_signup_slip", "branch_id", "event_id", "slip_number"),
        _TYPED,
    )


class SignupWordRow(Base):
    """Map one folded word by which a sign-up is found; voided ones have none."""

    __tablename__ = "signup_word"

    branch_id: Mapped[UUID] = mapped_column(Id, primary_key=True)
    subject_id: Mapped[UUID] = mapped_column(Id, primary_key=True)
    word: Mapped[str] = mapped_column(Text, primary_key=True)
    captured_at: Mapped[int] = mapped_column(Instant)
    projection_version: Mapped[int] = mapped_column(Whole)

    __table_args__ = (
        sa.Index("ix_signup_word", "branch_id", "word", "captured_at", "subject_id"),
        _TYPED,
    )


class ConsentRow(Base):
    """Map the state of one purpose of one sign-up, with the wording it rests on."""

    __tablename__ = "consent"

    branch_id: Mapped[UUID] = mapped_column(Id, primary_key=True)
    subject_id: Mapped[UUID] = mapped_column(Id, primary_key=True)
    purpose: Mapped[str] = mapped_column(Text, primary_key=True)
    is_granted: Mapped[bool] = mapped_column(Flag)
    is_unproven: Mapped[bool] = mapped_column(Flag)
    is_disputed: Mapped[bool] = mapped_column(Flag)
    wording_id: Mapped[str] = mapped_column(Text)
    wording_version: Mapped[int] = mapped_column(Whole)
    wording_hash: Mapped[str] = mapped_column(Text)
    language: Mapped[str] = mapped_column(Text)
    evidence: Mapped[str] = mapped_column(Text)
    collected_on: Mapped[str] = mapped_column(Text)
    captured_at: Mapped[int] = mapped_column(Instant)
    projection_version: Mapped[int] = mapped_column(Whole)

    __table_args__ = (_TYPED,)


class QuestionRow(Base):
    """Map a question that a visitor wants answered."""

    __tablename__ = "question"

    branch_id: Mapped[UUID] = mapped_column(Id, primary_key=True)
    subject_id: Mapped[UUID] = mapped_column(Id, primary_key=True)
    text: Mapped[str] = mapped_column(Text)
    captured_at: Mapped[int] = mapped_column(Instant)
    projection_version: Mapped[int] = mapped_column(Whole)

    __table_args__ = (_TYPED,)


class MissedQuestionRow(Base):
    """Map a question that nobody at the stand could answer; it holds no person."""

    __tablename__ = "missed_question"

    branch_id: Mapped[UUID] = mapped_column(Id, primary_key=True)
    subject_id: Mapped[UUID] = mapped_column(Id, primary_key=True)
    event_id: Mapped[UUID | None] = mapped_column(Id)
    captured_at: Mapped[int] = mapped_column(Instant)
    language: Mapped[str] = mapped_column(Text)
    text: Mapped[str] = mapped_column(Text)
    projection_version: Mapped[int] = mapped_column(Whole)

    __table_args__ = (sa.Index("ix_missed_question_day", "branch_id", "captured_at"), _TYPED)


class LikenessRow(Base):
    """Map what a volunteer said of two contacts that share an address or a number, by their ids.

    `same` names the equal fields, with spaces between.
    """

    __tablename__ = "likeness"

    branch_id: Mapped[UUID] = mapped_column(Id, primary_key=True)
    subject_id: Mapped[UUID] = mapped_column(Id, primary_key=True)
    other_id: Mapped[UUID] = mapped_column(Id)
    event_id: Mapped[UUID | None] = mapped_column(Id)
    answer: Mapped[str] = mapped_column(Text)
    same: Mapped[str] = mapped_column(Text)
    captured_at: Mapped[int] = mapped_column(Instant)
    projection_version: Mapped[int] = mapped_column(Whole)

    __table_args__ = (sa.Index("ix_likeness_day", "branch_id", "captured_at"), _TYPED)


class TallyRow(Base):
    """Map the share of one press in one half-hour; it holds no person."""

    __tablename__ = "tally"

    branch_id: Mapped[UUID] = mapped_column(Id, primary_key=True)
    subject_id: Mapped[UUID] = mapped_column(Id, primary_key=True)
    half_hour: Mapped[int] = mapped_column(Instant, primary_key=True)
    event_id: Mapped[UUID | None] = mapped_column(Id)
    counter: Mapped[str] = mapped_column(Text)
    counts_as: Mapped[str] = mapped_column(Text)
    amount: Mapped[int] = mapped_column(Whole)
    captured_at: Mapped[int] = mapped_column(Instant)
    projection_version: Mapped[int] = mapped_column(Whole)

    __table_args__ = (
        sa.Index("ix_tally_event", "branch_id", "event_id", "counter", "half_hour", "counts_as", "amount"),
        _TYPED,
    )


class GroupVisitRow(Base):
    """Map one group at the stand; it holds no person, only the ids of a sign-up and of a press."""

    __tablename__ = "group_visit"

    branch_id: Mapped[UUID] = mapped_column(Id, primary_key=True)
    subject_id: Mapped[UUID] = mapped_column(Id, primary_key=True)
    event_id: Mapped[UUID | None] = mapped_column(Id)
    captured_at: Mapped[int] = mapped_column(Instant)
    operator: Mapped[str] = mapped_column(Text)
    school: Mapped[str] = mapped_column(Text)
    town: Mapped[str] = mapped_column(Text)
    pupils: Mapped[int] = mapped_column(Whole)
    age_band: Mapped[str] = mapped_column(Text)
    teacher: Mapped[UUID | None] = mapped_column(Id)
    press: Mapped[UUID | None] = mapped_column(Id)
    is_voided: Mapped[bool] = mapped_column(Flag)
    projection_version: Mapped[int] = mapped_column(Whole)

    __table_args__ = (sa.Index("ix_group_visit_event", "branch_id", "event_id", "captured_at"), _TYPED)


class EventRow(Base):
    """Map one event; `origin` is "own" or "briefing"."""

    __tablename__ = "event"

    branch_id: Mapped[UUID] = mapped_column(Id, primary_key=True)
    subject_id: Mapped[UUID] = mapped_column(Id, primary_key=True)
    origin: Mapped[str] = mapped_column(Text)
    name: Mapped[str] = mapped_column(Text)
    code: Mapped[str] = mapped_column(Text)
    place: Mapped[str] = mapped_column(Text)
    city: Mapped[str] = mapped_column(Text)
    country: Mapped[str] = mapped_column(Text)
    mode: Mapped[str] = mapped_column(Text)
    starts: Mapped[str] = mapped_column(Text)
    ends: Mapped[str] = mapped_column(Text)
    time_zone: Mapped[str] = mapped_column(Text)
    goal_reached: Mapped[int] = mapped_column(Whole)
    project: Mapped[str] = mapped_column(Text)
    description: Mapped[str] = mapped_column(Text)
    is_closed: Mapped[bool] = mapped_column(Flag)
    is_voided: Mapped[bool] = mapped_column(Flag)
    projection_version: Mapped[int] = mapped_column(Whole)

    __table_args__ = (sa.Index("ix_event_starts", "branch_id", "starts"), _TYPED)


class OfficeItemRow(Base):
    """Map one thing that the office described: a wording, a project, a flyer; `data` is canonical JSON."""

    __tablename__ = "office_item"

    branch_id: Mapped[UUID] = mapped_column(Id, primary_key=True)
    subject_id: Mapped[UUID] = mapped_column(Id, primary_key=True)
    kind: Mapped[str] = mapped_column(Text)
    position: Mapped[int] = mapped_column(Whole)
    data: Mapped[bytes] = mapped_column(Bytes)
    is_voided: Mapped[bool] = mapped_column(Flag)
    projection_version: Mapped[int] = mapped_column(Whole)

    __table_args__ = (sa.Index("ix_office_item_kind", "branch_id", "kind", "position"), _TYPED)


class ShiftRow(Base):
    """Map one shift of one volunteer; `ended_at` is None while it goes on."""

    __tablename__ = "shift"

    branch_id: Mapped[UUID] = mapped_column(Id, primary_key=True)
    subject_id: Mapped[UUID] = mapped_column(Id, primary_key=True)
    event_id: Mapped[UUID | None] = mapped_column(Id)
    member_id: Mapped[str] = mapped_column(Text)
    name: Mapped[str] = mapped_column(Text)
    is_experienced: Mapped[bool] = mapped_column(Flag)
    work: Mapped[str] = mapped_column(Text)
    started_at: Mapped[int] = mapped_column(Instant)
    ended_at: Mapped[int | None] = mapped_column(Instant)
    is_voided: Mapped[bool] = mapped_column(Flag)
    projection_version: Mapped[int] = mapped_column(Whole)

    __table_args__ = (sa.Index("ix_shift_event", "branch_id", "event_id", "started_at"), _TYPED)


class HandoverRow(Base):
    """Map one handover between teams; `data` is canonical JSON of what was told."""

    __tablename__ = "handover"

    branch_id: Mapped[UUID] = mapped_column(Id, primary_key=True)
    subject_id: Mapped[UUID] = mapped_column(Id, primary_key=True)
    event_id: Mapped[UUID | None] = mapped_column(Id)
    captured_at: Mapped[int] = mapped_column(Instant)
    operator: Mapped[str] = mapped_column(Text)
    data: Mapped[bytes] = mapped_column(Bytes)
    is_voided: Mapped[bool] = mapped_column(Flag)
    projection_version: Mapped[int] = mapped_column(Whole)

    __table_args__ = (sa.Index("ix_handover_event", "branch_id", "event_id", "captured_at"), _TYPED)


class StandClosingRow(Base):
    """Map that a laptop's stand was closed, and what was counted and noted afterwards."""

    __tablename__ = "stand_closing"

    branch_id: Mapped[UUID] = mapped_column(Id, primary_key=True)
    subject_id: Mapped[UUID] = mapped_column(Id, primary_key=True)
    event_id: Mapped[UUID | None] = mapped_column(Id)
    closed_at: Mapped[int] = mapped_column(Instant)
    operator: Mapped[str] = mapped_column(Text)
    taken: Mapped[int | None] = mapped_column(Whole)
    brought_back: Mapped[int | None] = mapped_column(Whole)
    worked: Mapped[str] = mapped_column(Text)
    incidents: Mapped[str] = mapped_column(Text)
    questions: Mapped[str] = mapped_column(Text)
    female: Mapped[int | None] = mapped_column(Whole)
    male: Mapped[int | None] = mapped_column(Whole)
    other: Mapped[int | None] = mapped_column(Whole)
    method: Mapped[str] = mapped_column(Text)
    is_voided: Mapped[bool] = mapped_column(Flag)
    projection_version: Mapped[int] = mapped_column(Whole)

    __table_args__ = (sa.Index("ix_stand_closing_event", "branch_id", "event_id"), _TYPED)


SIGNUP = table_of(SignupRow)
SIGNUP_WORD = table_of(SignupWordRow)
CONSENT = table_of(ConsentRow)
QUESTION = table_of(QuestionRow)
MISSED_QUESTION = table_of(MissedQuestionRow)
LIKENESS = table_of(LikenessRow)
TALLY = table_of(TallyRow)
GROUP_VISIT = table_of(GroupVisitRow)
EVENT = table_of(EventRow)
OFFICE_ITEM = table_of(OfficeItemRow)
SHIFT = table_of(ShiftRow)
HANDOVER = table_of(HandoverRow)
STAND_CLOSING = table_of(StandClosingRow)

TYPED_TABLES = (
    *(SIGNUP, SIGNUP_WORD, CONSENT, QUESTION, MISSED_QUESTION, TALLY, EVENT, OFFICE_ITEM),
    *(SHIFT, HANDOVER, STAND_CLOSING, SLIP_RUN, GROUP_VISIT, LIKENESS, FUNDING_OVERRULE, PRINT_RUN),
    *(ATTACHMENT, GONE_CONTACT),
)


def create_typed_tables(connection: Connection) -> None:
    """Make the typed tables where they are missing."""
    Base.metadata.create_all(connection, tables=list(TYPED_TABLES), checkfirst=True)


def drop_typed_tables(connection: Connection) -> None:
    """Drop the typed tables; `rebuild` brings back what facts add up to."""
    Base.metadata.drop_all(connection, tables=list(TYPED_TABLES), checkfirst=True)
