"""Which server and branch a database is, and the key that the branch is held to."""

from typing import Any
from uuid import UUID

import psycopg

from stojnica.central.connect import not_a_hub
from stojnica.central.keys import PublicKeys
from stojnica.domain.errors import UserFacingError
from stojnica.i18n import gettext as _

_FIRST_BRANCH = "SELECT branch_id FROM hub.branch ORDER BY created_at, branch_id LIMIT 1"


def server_of(connection: psycopg.Connection[Any]) -> UUID:
    """Give the id that this database goes by, whatever its address.

    Raises:
        UserFacingError: it was never set up.
    """
    return _one_id(connection, "SELECT server_id FROM hub.server")


def branch_of(connection: psycopg.Connection[Any]) -> UUID:
    """Give the branch of this database.

    Raises:
        UserFacingError: it was never set up.
    """
    return _one_id(connection, _FIRST_BRANCH)


def pin_signing_key(connection: psycopg.Connection[Any], branch_id: UUID, keys: PublicKeys) -> None:
    """Hold the branch to one signing key, because its laptops trust the one that their file brought.

    Locks the branch until the transaction ends, so that two publications follow each other.

    Raises:
        UserFacingError: the branch has another key.
    """
    row = connection.execute(
        "SELECT signing_key FROM hub.branch WHERE branch_id = %s FOR UPDATE", [branch_id]
    ).fetchone()
    if row is not None and row[0] is not None and bytes(row[0]) != keys.signing_key:
        raise UserFacingError(
            _("These aren't the keys that this branch was set up with."),
            safe=_("Nothing was changed."),
            next_step=_("Use the branch's own keys: its laptops trust no others."),
            code="other_keys",
        )
    connection.execute(
        "UPDATE hub.branch SET signing_key = %s WHERE branch_id = %s", [keys.signing_key, branch_id]
    )


def _one_id(connection: psycopg.Connection[Any], question: str) -> UUID:
    row = connection.execute(question.encode()).fetchone()
    if row is None:
        raise not_a_hub()
    found: UUID = row[0]
    return found
