"""Shut a laptop out: stolen, lost, or handed back."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

import psycopg
from psycopg import sql

from stojnica.central.branch import branch_of
from stojnica.central.connect import connect, told_plainly
from stojnica.domain.errors import UserFacingError
from stojnica.i18n import gettext as _

_NAMED = (
    "SELECT device_id, name, role_name FROM hub.device"
    " WHERE branch_id = %s AND kind = 'laptop' AND (name = %s OR device_id::text = lower(%s))"
    " ORDER BY device_id LIMIT 2"
)


@dataclass(frozen=True, slots=True)
class ShutOut:
    """Name the laptop."""

    device_id: UUID
    name: str


@dataclass(frozen=True, slots=True)
class NamedLaptop:
    """Name a laptop and its login."""

    device_id: UUID
    name: str
    role: str


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
        laptop = laptop_named(connection, branch_id, name)
        connection.execute(
            "UPDATE hub.device SET revoked = true WHERE branch_id = %s AND device_id = %s",
            [branch_id, laptop.device_id],
        )
        connection.execute(sql.SQL("ALTER ROLE {} NOLOGIN").format(sql.Identifier(laptop.role)))
        return ShutOut(laptop.device_id, laptop.name)


def laptop_named(connection: psycopg.Connection[Any], branch_id: UUID, name: str) -> NamedLaptop:
    """Find a laptop by its name or its id.

    Raises:
        UserFacingError: there is none, or more than one.
    """
    found = connection.execute(_NAMED, [branch_id, name, name]).fetchall()
    if len(found) != 1:
        raise _not_one(len(found))
    return NamedLaptop(*found[0])


def _not_one(count: int) -> UserFacingError:
    if count:
        return UserFacingError(
            _("More than one laptop has this name."),
            safe=_("Nothing was changed."),
            next_step=_("Give its id instead: stojnica central status URL --json shows it."),
            code="several_laptops",
        )
    return UserFacingError(
        _("There is no such laptop."),
        safe=_("Nothing was changed."),
        next_step=_("Look at the names: stojnica central status URL"),
        code="no_such_laptop",
    )
