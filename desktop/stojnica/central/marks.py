"""Whoever was erased by address or number, and comes late under another id, goes before anybody looks."""

from collections.abc import Mapping
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from stojnica.central.bury import bury_pieces
from stojnica.domain.order import SubjectHistory
from stojnica.records.contact_withdrawals import Rows
from stojnica.records.projection import contact_keys

_BURY = sa.text("SELECT subject_id FROM office_api.bury_marked(:branch, :subjects, :emails, :phones)")


def bury_marked(
    connection: Connection,
    branch_id: UUID,
    histories: Mapping[UUID, SubjectHistory],
    made: dict[UUID, dict[sa.Table, Rows]],
) -> None:
    """Take facts, pieces of files and rows of such sign-ups away; only the centre knows the marks."""
    asked = {
        subject_id: keys
        for subject_id, rows in made.items()
        if (keys := contact_keys(rows)) is not None and (keys.email or keys.phone)
    }
    if not asked:
        return
    names = {
        "branch": branch_id,
        "subjects": list(asked),
        "emails": [keys.email for keys in asked.values()],
        "phones": [keys.phone for keys in asked.values()],
    }
    for subject_id in list(connection.execute(_BURY, names).scalars()):
        made[subject_id] = {}
        bury_pieces(connection, branch_id, (item.fact for item in histories[subject_id].facts))
