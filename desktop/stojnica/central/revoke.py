"""Shut a laptop out: stolen, lost, or handed back."""

from dataclasses import dataclass
from uuid import UUID

from psycopg import sql

from stojnica.central.branch import branch_of
from stojnica.central.connect import connect, told_plainly
from stojnica.central.laptop_named import laptop_named


@dataclass(frozen=True, slots=True)
class ShutOut:
    """Name the laptop."""

    device_id: UUID
    name: str


def revoke(url: str, device_id: UUID) -> ShutOut:
    """Shut one laptop out by its id; see `revoke_named`."""
    return revoke_named(url, str(device_id))


def revoke_named(url: str, name: str) -> ShutOut:
    """Shut a laptop out: no new connection, and on an open one each call from now on is refused.

    Raises:
        UserFacingError: there is no such laptop, or more than one; not reachable, or not allowed.
    """
    with told_plainly(), connect(url) as connection:
        branch_id = branch_of(connection)
        device_id, real_name, role = laptop_named(connection, branch_id, name)
        connection.execute(
            "UPDATE hub.device SET revoked = true WHERE branch_id = %s AND device_id = %s",
            [branch_id, device_id],
        )
        connection.execute(sql.SQL("ALTER ROLE {} NOLOGIN").format(sql.Identifier(role)))
        return ShutOut(device_id, real_name)
