"""Withdrawals by address or number at the centre, weighed with sign-ups that come before, with or after."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from stojnica.domain import kinds
from stojnica.domain.duplicate import ContactKeys
from stojnica.domain.order import SubjectHistory
from stojnica.records.contact_withdrawals import (
    CONTACT_WITHDRAWAL,
    Rows,
    consent_rows,
    withdrawals_at_centre,
)
from stojnica.records.projection import contact_keys, subjects_with
from stojnica.records.typed import CONSENT

Made = Mapping[sa.Table, Rows]
# One row for each branch that never goes: its subject is the branch itself. Who weighs consents shares it,
# who brings a withdrawal has it alone. Taken after the subjects, with nothing after it, it can't deadlock.
_MAKE_GATE = sa.text(
    "INSERT INTO hub.projecting (branch_id, subject_id) VALUES (:branch, :branch)"
    " ON CONFLICT (branch_id, subject_id) DO NOTHING"
)
_GATE = "SELECT 1 FROM hub.projecting WHERE branch_id = :branch AND subject_id = :branch FOR "
_SHARE, _ALONE = sa.text(_GATE + "SHARE"), sa.text(_GATE + "UPDATE")
_WAKE = sa.text(
    "INSERT INTO hub.inbox (branch_id, inbox_id, fact_ids, hashes, subject_ids, received_at)"
    " SELECT CAST(:branch AS uuid), gen_random_uuid(), array_agg(f.fact_id), array_agg(f.content_hash),"
    " array_agg(f.subject_id), CAST(:at AS bigint) FROM hub.fact f"
    " WHERE f.branch_id = :branch AND f.subject_id = ANY (:subjects) AND f.kind = :kind HAVING count(*) > 0"
)
_AT_ONCE = 500


def hold_withdrawals(connection: Connection, branch_id: UUID, made: Iterable[Made]) -> None:
    """Wait for whoever writes what these rows are weighed with; until the end of the transaction.

    Otherwise a projector with a sign-up and one with its withdrawal could each miss the other's rows.
    """
    brings = weighs = False
    for rows in made:
        brings = brings or bool(rows.get(CONTACT_WITHDRAWAL))
        weighs = weighs or bool(rows.get(CONSENT))
    if not (brings or weighs):
        return
    gate = _ALONE if brings else _SHARE
    if connection.execute(gate, {"branch": branch_id}).first() is None:
        connection.execute(_MAKE_GATE, {"branch": branch_id})
        connection.execute(gate, {"branch": branch_id})


def weighed(
    connection: Connection,
    branch_id: UUID,
    histories: Mapping[UUID, SubjectHistory],
    made: Mapping[UUID, dict[sa.Table, Rows]],
) -> Iterator[tuple[UUID, Made]]:
    """Give the rows of each subject, with consents weighed against all withdrawals that are in."""
    keys = {
        subject_id: told
        for subject_id, rows in made.items()
        if rows.get(CONSENT) and (told := contact_keys(rows)) is not None
    }
    withdrawn = withdrawals_at_centre(connection, branch_id, keys.values()) if keys else {}
    for subject_id, rows in made.items():
        against = withdrawn.get(keys[subject_id]) if subject_id in keys else None
        if against:
            yield subject_id, rows | {CONSENT: consent_rows(histories[subject_id], against)}
        else:
            yield subject_id, rows


def wake_taken_back(connection: Connection, branch_id: UUID, came: Sequence[Mapping[str, Any]]) -> None:
    """Have the projector look again at all sign-ups that such a withdrawal is about."""
    found: set[UUID] = set()
    for row in came:
        keys = ContactKeys(row["email_key"], row["phone"])
        found |= set(subjects_with(connection, branch_id, keys))
    subjects = sorted(found)
    at = max((row["captured_at"] for row in came), default=0)
    for begin in range(0, len(subjects), _AT_ONCE):
        names = {"branch": branch_id, "subjects": subjects[begin : begin + _AT_ONCE], "at": at}
        connection.execute(_WAKE, names | {"kind": kinds.SIGNED_UP})
