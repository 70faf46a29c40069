"""How far this file was when it carried an order to erase out, and who of it came late to the centre."""

from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from stojnica.domain import kinds
from stojnica.domain.duplicate import email_key
from stojnica.domain.erase_order import EMAIL, PHONE, EraseOrder
from stojnica.domain.fact import BadFactError, decode
from stojnica.records.facts import FACT
from stojnica.storage.memory import recall, remember
from stojnica.storage.tables import LIFE, STUB

HEARD = "erase_orders_heard"
LATE = "erase_late_done"
LATE_BY_RECEIPT = "erase_late_by_receipt"
MOST_KEPT = 5_000
MOST_HEARD = 500
MOST_LIVES = 20


@dataclass(frozen=True, slots=True)
class HeardOrder:
    """Hold what is to be said of an order that was carried out here, by stick if by no other way.

    `lives` are this file's, and how far each was: what was captured after that is no longer old.
    """

    order_id: UUID
    facts: int
    are_copies_new: bool
    lives: tuple[tuple[UUID, int], ...]


def note_heard(connection: Connection, order_id: UUID, gone: int) -> None:
    """Note that an order was carried out; in the same transaction. Done again, it is as old as at first."""
    _note(connection, order_id, gone, _lives(connection))


def note_more_gone(connection: Connection, order_id: UUID, gone: int) -> None:
    """Note that an order took somebody late: what was captured since it was heard of stays new."""
    _note(connection, order_id, gone, [])


def _note(connection: Connection, order_id: UUID, gone: int, lives: list[list[object]]) -> None:
    kept = recall(connection, HEARD, {})
    before = kept.pop(str(order_id), [0, False, lives])
    now = [before[0] + gone, False, before[2]]
    # The oldest first: ids are made of time, and names are kept in the order of the alphabet.
    kept = dict(list(kept.items())[-(MOST_HEARD - 1) :])
    remember(connection, HEARD, kept | {str(order_id): now})


def _lives(connection: Connection) -> list[list[object]]:
    query = sa.select(LIFE.c.incarnation, LIFE.c.head).order_by(LIFE.c.began_at.desc(), LIFE.c.incarnation)
    return [[str(row.incarnation), row.head] for row in connection.execute(query.limit(MOST_LIVES))]


def captured_between(
    connection: Connection, branch_id: UUID, life: UUID, after: int, until: int
) -> list[UUID]:
    """Give the sign-ups with these numbers, and all that left the file since: nobody knows what it was."""
    return [
        fact_id
        for table, more in ((FACT, FACT.c.kind == kinds.SIGNED_UP), (STUB, sa.true()))
        for fact_id in connection.execute(
            sa.select(table.c.fact_id).where(
                table.c.branch_id == branch_id,
                table.c.incarnation == life,
                table.c.seq > after,
                table.c.seq <= until,
                more,
            )
        ).scalars()
    ]


def heard_orders(connection: Connection) -> tuple[HeardOrder, ...]:
    """Give the orders of which the office hasn't heard all yet."""
    return tuple(_heard(name, said) for name, said in recall(connection, HEARD, {}).items())


def note_copies_new(connection: Connection, orders: Iterable[UUID]) -> None:
    """Note that no copy from before these orders is left."""
    wanted = {str(one) for one in orders}
    kept = recall(connection, HEARD, {})
    done = {name: [said[0], True, said[2]] for name, said in kept.items() if name in wanted}
    remember(connection, HEARD, kept | done)


def forget_heard(connection: Connection, orders: Iterable[UUID]) -> None:
    """Note that the office has heard all about these orders."""
    wanted = {str(one) for one in orders}
    kept = recall(connection, HEARD, {})
    if wanted & set(kept):
        remember(connection, HEARD, {name: said for name, said in kept.items() if name not in wanted})


def late_done(connection: Connection) -> list[UUID]:
    """Give the late sign-ups that are gone here, and of which the centre has heard so over a line."""
    return [UUID(one) for one in recall(connection, LATE, [])]


def note_late_done(connection: Connection, subjects: Iterable[UUID]) -> None:
    """Note that the centre has heard: these late sign-ups are gone. Until then it asks again."""
    _add(connection, LATE, subjects)


def late_by_receipt(connection: Connection) -> list[UUID]:
    """Give the late sign-ups that a receipt had erased: each file on a stick says so."""
    return [UUID(one) for one in recall(connection, LATE_BY_RECEIPT, [])]


def note_late_by_receipt(connection: Connection, subjects: Iterable[UUID]) -> None:
    """Note that a receipt had these erased."""
    _add(connection, LATE_BY_RECEIPT, subjects)


def newest_late(connection: Connection, most: int) -> tuple[UUID, ...]:
    """Give who went late last, by a receipt and over a line, half of each at most."""
    lists = (late_done(connection), late_by_receipt(connection))
    return tuple(dict.fromkeys(one for found in lists for one in found[-(most // 2) :]))


def _add(connection: Connection, name: str, subjects: Iterable[UUID]) -> None:
    kept: list[str] = recall(connection, name, [])
    new = [one for subject_id in subjects if (one := str(subject_id)) not in kept]
    remember(connection, name, [*kept, *new][-MOST_KEPT:])


def is_here(connection: Connection, order: EraseOrder, subject_id: UUID) -> bool:
    """Tell whether there is anything about this sign-up itself."""
    query = sa.select(sa.literal(1)).where(
        FACT.c.branch_id == order.branch_id, FACT.c.subject_id == subject_id
    )
    return connection.execute(query.limit(1)).first() is not None


def is_meant(connection: Connection, order: EraseOrder, key: bytes, subject_id: UUID) -> bool:
    """Tell whether the marks of an order stand for this sign-up, or nothing of it is here."""
    said = list(_contacts(connection, order.branch_id, subject_id))
    return not said or order.means(key, [one for pair in said for one in pair])


def _contacts(
    connection: Connection, branch_id: UUID, subject_id: UUID
) -> Iterator[tuple[tuple[str, str], ...]]:
    """Give the addresses and numbers that each fact about somebody names; the form of a mark."""
    query = sa.select(FACT.c.body).where(FACT.c.branch_id == branch_id, FACT.c.subject_id == subject_id)
    for body in connection.execute(query).scalars():
        found: list[tuple[str, str]] = []
        with suppress(BadFactError):
            data = decode(body).data
            if isinstance(email := data.get("email"), str) and email:
                found.append((EMAIL, email_key(email)))
            if isinstance(phone := data.get("phone"), str) and phone:
                found.append((PHONE, phone))
        yield tuple(found)


def _heard(name: str, said: list[object]) -> HeardOrder:
    facts, are_copies_new, lives = said
    assert isinstance(facts, int)
    assert isinstance(lives, list)
    return HeardOrder(
        UUID(name), facts, are_copies_new is True, tuple((UUID(life), head) for life, head in lives)
    )
