"""How far orders to erase somebody have come: done on which laptops, open, or unaccounted for."""

from dataclasses import dataclass

from stojnica.central.branch import branch_of
from stojnica.central.connect import connect, told_plainly

_ORDERS = (
    "SELECT o.order_id, o.number, o.facts, o.at, (SELECT count(DISTINCT l.subject_id) FROM hub.erased_late l"
    " WHERE l.branch_id = o.branch_id AND l.order_id = o.order_id),"
    " EXISTS (SELECT FROM hub.erased_mark m WHERE m.branch_id = o.branch_id AND m.order_id = o.order_id)"
    " FROM hub.erase_order o WHERE o.branch_id = %s ORDER BY o.number DESC, o.order_id LIMIT %s"
)
# A laptop that was enrolled after the order has nothing from before; it says so with its first sync. One that
# brought somebody late has the order open again until it says that they are gone.
_LAPTOPS = (
    "SELECT v.name, v.revoked, e.device_id IS NOT NULL AND NOT EXISTS (SELECT FROM hub.erased_late l"
    " JOIN hub.delivery d ON d.branch_id = l.branch_id AND d.device_id = v.device_id"
    " AND d.fact_id = l.fact_id WHERE l.branch_id = v.branch_id AND l.order_id = %(order)s AND NOT EXISTS ("
    " SELECT FROM hub.erased_late_done x WHERE x.branch_id = l.branch_id AND x.subject_id = l.subject_id"
    " AND x.device_id = v.device_id)), coalesce(e.are_copies_new, false),"
    " coalesce(v.last_seen > %(at)s, false)"
    " FROM hub.device v LEFT JOIN hub.erase_done e ON e.branch_id = v.branch_id AND e.device_id = v.device_id"
    " AND e.order_id = %(order)s WHERE v.branch_id = %(branch)s AND v.kind = 'laptop'"
    " ORDER BY v.name, v.device_id"
)


@dataclass(frozen=True, slots=True)
class Erasure:
    """Hold one order: laptops by name that have done it, still have to, or were shut out before they could.

    `copies_left` are laptops that did it and still have copies from before. `asked` are those of the
    open ones that called since: most likely it waits there for a person's yes. `at` is µs UTC. `late` counts
    sign-ups that came after it and were erased by its mark; `has_mark` when there is one (not for an id).
    """

    number: int
    facts: int
    at: int
    done: tuple[str, ...]
    open: tuple[str, ...]
    unaccounted: tuple[str, ...]
    copies_left: tuple[str, ...]
    late: int = 0
    has_mark: bool = False
    asked: tuple[str, ...] = ()

    @property
    def laptops(self) -> int:
        """Count the laptops that an order is meant for."""
        return len(self.done) + len(self.open) + len(self.unaccounted)


def erasures(url: str, most: int = 1_000) -> tuple[Erasure, ...]:
    """Give the newest orders first.

    Raises:
        UserFacingError: not reachable, not allowed, or not a database of ours.
    """
    with told_plainly(), connect(url) as connection:
        branch_id = branch_of(connection)
        found: list[Erasure] = []
        for order_id, number, facts, at, late, has_mark in connection.execute(
            _ORDERS, [branch_id, most]
        ).fetchall():
            values = {"order": order_id, "branch": branch_id, "at": at}
            rows = connection.execute(_LAPTOPS, values).fetchall()
            waiting = [
                (name, is_seen) for name, revoked, is_done, _new, is_seen in rows if not (is_done or revoked)
            ]
            found.append(
                Erasure(
                    number=number,
                    facts=facts,
                    at=at,
                    done=tuple(name for name, _revoked, is_done, *_rest in rows if is_done),
                    open=tuple(name for name, _seen in waiting),
                    unaccounted=tuple(
                        name for name, revoked, is_done, *_rest in rows if not is_done and revoked
                    ),
                    copies_left=tuple(
                        name for name, _revoked, is_done, is_new, _seen in rows if is_done and not is_new
                    ),
                    late=late,
                    has_mark=has_mark,
                    asked=tuple(name for name, is_seen in waiting if is_seen),
                )
            )
        return tuple(found)
