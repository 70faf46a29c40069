"""What was agreed to and taken back: a sign-up's own decisions, and withdrawals of its address or number."""

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.engine import Connection
from sqlalchemy.orm import Mapped, mapped_column

from stojnica.domain import kinds
from stojnica.domain.consent import consent_states
from stojnica.domain.duplicate import ContactKeys
from stojnica.domain.order import SubjectHistory
from stojnica.domain.withdrawal import Withdrawal, withdrawal_from
from stojnica.records.base import HUB, Base, Bytes, Id, Instant, Text, Whole, table_of
from stojnica.records.said import small_number_of, text_of

Rows = list[dict[str, Any]]


class ContactWithdrawalRow(Base):
    """Map one withdrawal by address or number, whoever signed up with it; "" where it names none."""

    __tablename__ = "contact_withdrawal"

    branch_id: Mapped[UUID] = mapped_column(Id, primary_key=True)
    subject_id: Mapped[UUID] = mapped_column(Id, primary_key=True)
    content_hash: Mapped[bytes] = mapped_column(Bytes, primary_key=True)
    email_key: Mapped[str] = mapped_column(Text)
    phone: Mapped[str] = mapped_column(Text)
    purpose: Mapped[str] = mapped_column(Text)
    captured_at: Mapped[int] = mapped_column(Instant)
    projection_version: Mapped[int] = mapped_column(Whole)

    __table_args__ = (
        sa.Index("ix_contact_withdrawal_email", "branch_id", "email_key"),
        sa.Index("ix_contact_withdrawal_phone", "branch_id", "phone"),
        {"schema": HUB, "sqlite_strict": True, "info": {"typed": True}},
    )


CONTACT_WITHDRAWAL = table_of(ContactWithdrawalRow)
# A visitor waits for this one: as plain text it takes a third of the time of a built statement.
_OF_ONE = (
    "SELECT content_hash, purpose, captured_at FROM contact_withdrawal"
    " WHERE branch_id = ? AND ((email_key = ? AND ? <> '') OR (phone = ? AND ? <> ''))"
)


def contact_withdrawal_rows(history: SubjectHistory) -> Rows:
    """Give each withdrawal of a subject; one that names nobody is none."""
    found: Rows = []
    for item in history.facts:
        if item.fact.kind != kinds.CONTACT_WITHDREW:
            continue
        read = withdrawal_from(item.fact.data)
        if read is not None:
            keys, purpose = read
            found.append(
                {
                    "content_hash": item.content_hash,
                    "email_key": keys.email,
                    "phone": keys.phone,
                    "purpose": purpose,
                    "captured_at": item.fact.captured_at,
                }
            )
    return found


def withdrawals_of(connection: Connection, branch_id: UUID, keys: ContactKeys) -> tuple[Withdrawal, ...]:
    """Give the withdrawals that are known of one address and number."""
    if not (keys.email or keys.phone):
        return ()
    if connection.dialect.name != "sqlite":
        return withdrawals_at_centre(connection, branch_id, [keys]).get(keys, ())
    names = (branch_id.bytes, keys.email, keys.email, keys.phone, keys.phone)
    return tuple(
        Withdrawal(bytes(digest), purpose, captured_at)
        for digest, purpose, captured_at in connection.exec_driver_sql(_OF_ONE, names)
    )


def withdrawals_at_centre(
    connection: Connection, branch_id: UUID, keys: Iterable[ContactKeys]
) -> dict[ContactKeys, tuple[Withdrawal, ...]]:
    """Give the withdrawals of many addresses and numbers; whoever has none isn't named."""
    asked = set(keys)
    table = CONTACT_WITHDRAWAL
    emails, phones = ({getattr(one, name) for one in asked} - {""} for name in ("email", "phone"))
    query = sa.select(table).where(
        table.c.branch_id == branch_id, sa.or_(table.c.email_key.in_(emails), table.c.phone.in_(phones))
    )
    rows = connection.execute(query).all()
    found: dict[ContactKeys, tuple[Withdrawal, ...]] = {}
    for one in asked if rows else ():
        matching = tuple(
            Withdrawal(row.content_hash, row.purpose, row.captured_at)
            for row in rows
            if (row.email_key and row.email_key == one.email) or (row.phone and row.phone == one.phone)
        )
        if matching:
            found[one] = matching
    return found


def consent_rows(history: SubjectHistory, withdrawals: Sequence[Withdrawal] = ()) -> Rows:
    """Give where each purpose stands; what was taken back by address keeps the words that were agreed to."""
    rows: Rows = []
    for state in consent_states(history, withdrawals):
        data = state.basis.fact.data
        rows.append(
            {
                "purpose": state.purpose,
                "is_granted": state.is_granted,
                "is_unproven": state.is_unproven,
                "is_disputed": state.is_disputed,
                "wording_id": text_of(data, "wording_id"),
                "wording_version": small_number_of(data, "wording_version"),
                "wording_hash": text_of(data, "wording_hash"),
                "language": text_of(data, "language"),
                "evidence": text_of(data, "evidence"),
                "collected_on": "" if state.withdrawn_at else text_of(data, "collected_on"),
                "captured_at": state.withdrawn_at or state.basis.fact.captured_at,
            }
        )
    return rows
