"""Taking the typed rows of a subject away: what rows are made of is gone."""

from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from stojnica.domain.duplicate import ContactKeys
from stojnica.records.contact_withdrawals import CONTACT_WITHDRAWAL
from stojnica.records.projection import subjects_with
from stojnica.records.typed import SIGNUP, TYPED_TABLES

# Built once: building a statement anew costs three times what running it does.
_CLEAR = [
    sa.delete(table).where(
        table.c.branch_id == sa.bindparam("branch"), table.c.subject_id == sa.bindparam("subject")
    )
    for table in TYPED_TABLES
]


def clear_subject(connection: Connection, branch_id: UUID, subject_id: UUID) -> None:
    """Delete all typed rows of a subject; facts that are left may be projected anew."""
    names = {"branch": branch_id, "subject": subject_id}
    for statement in _CLEAR:
        connection.execute(statement, names)


def withdrawals_shared_by(
    connection: Connection, branch_id: UUID, subject_id: UUID
) -> dict[UUID, frozenset[UUID]]:
    """Give the withdrawals by a sign-up's address or number, and which other sign-ups each is about."""
    query = sa.select(SIGNUP.c.email_key, SIGNUP.c.phone).where(
        SIGNUP.c.branch_id == branch_id, SIGNUP.c.subject_id == subject_id
    )
    row = connection.execute(query).first()
    return {} if row is None else withdrawals_about(connection, branch_id, ContactKeys(*row), {subject_id})


def withdrawals_about(
    connection: Connection, branch_id: UUID, keys: ContactKeys, besides: set[UUID]
) -> dict[UUID, frozenset[UUID]]:
    """Give the withdrawals by an address or a number, and the sign-ups but some that each is about."""
    table = CONTACT_WITHDRAWAL
    same = [
        column == value
        for column, value in ((table.c.email_key, keys.email), (table.c.phone, keys.phone))
        if value
    ]
    if not same:
        return {}
    query = sa.select(table.c.subject_id, table.c.email_key, table.c.phone).where(
        table.c.branch_id == branch_id, sa.or_(*same)
    )
    found: dict[UUID, frozenset[UUID]] = {}
    for subject_id, email, phone in connection.execute(query).all():
        about = frozenset(subjects_with(connection, branch_id, ContactKeys(email, phone))) - besides
        found[subject_id] = found.get(subject_id, frozenset()) | about
    return found
