"""A laptop by the name that a person gives it, or by its id."""

from typing import Any, NamedTuple
from uuid import UUID

import psycopg

from stojnica.domain.errors import UserFacingError
from stojnica.i18n import gettext as _

_NAMED = (
    "SELECT device_id, name, role_name FROM hub.device"
    " WHERE branch_id = %s AND kind = 'laptop' AND (name = %s OR device_id::text = lower(%s))"
    " ORDER BY device_id LIMIT 2"
)


class NamedLaptop(NamedTuple):
    """Hold a laptop's id, its name as it is kept, and its login."""

    device_id: UUID
    name: str
    role: str


def laptop_named(connection: psycopg.Connection[Any], branch_id: UUID, name: str) -> NamedLaptop:
    """Find the one laptop that is meant.

    Raises:
        UserFacingError: there is no such laptop, or more than one.
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
