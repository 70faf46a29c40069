"""M35: an order about many takes what one about each would take, and looks through the comparisons once."""

import shutil
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import sqlalchemy as sa

from stojnica.domain import kinds
from stojnica.domain.erase_order import EraseOrder
from stojnica.domain.likeness import SAME, Likeness
from stojnica.records.facts import FACT
from stojnica.records.typed import TYPED_TABLES
from stojnica.storage.erase_orders import allow_order, carry_out
from stojnica.storage.home import OpenStore, StoreHome
from stojnica.storage.tables import STUB
from stojnica.storage.unit import UnitOfWork

Unlock = Callable[[StoreHome], OpenStore]
CONTACTS = 40
GOING = 25


def compared(opened: OpenStore, save_contact: Callable[..., UUID]) -> list[UUID]:
    """Save contacts, each of which was compared with the next one, and with somebody who has left."""
    people = [save_contact(opened, email=f"ana{number}@example.org") for number in range(CONTACTS)]

    def job(unit: UnitOfWork) -> None:
        for one, other in zip(people, [*people[1:], people[0]], strict=True):
            unit.record(kinds.COMPARED, one, Likeness(other, SAME, ("email",)).data())
            unit.record(kinds.COMPARED, one, Likeness(LEFT, SAME, ("phone",)).data())
        unit.commit()

    opened.store.write(job).result()
    return people


LEFT = uuid4()


def carry_out_in_one(opened: OpenStore, orders: Sequence[Sequence[UUID]]) -> tuple[int, list[str]]:
    """Carry out orders about these persons; gives how many records went, and how comparisons were read."""
    statements: list[str] = []

    def note(_c: Any, _cursor: Any, statement: str, parameters: Any, _x: Any, _many: bool) -> None:
        if kinds.COMPARED in str(parameters) and statement.startswith("SELECT"):
            statements.append(statement)

    def job(unit: UnitOfWork) -> int:
        sa.event.listen(unit.connection, "before_cursor_execute", note)
        gone = 0
        for subjects in orders:
            order = EraseOrder(uuid4(), unit.branch_id, 1, tuple(subjects), ())
            allow_order(unit, order.order_id)
            gone += carry_out(unit, order) or 0
        sa.event.remove(unit.connection, "before_cursor_execute", note)
        unit.commit()
        return gone

    return opened.store.write(job).result(), statements


def left_behind(opened: OpenStore) -> list[list[Any]]:
    """Give what is left of facts and typed rows, but not the presses, which have ids of chance."""

    def read(connection: sa.Connection) -> list[list[Any]]:
        facts = connection.execute(sa.select(FACT.c.fact_id).where(FACT.c.kind != kinds.COUNTED))
        stubs = connection.execute(sa.select(STUB.c.fact_id, STUB.c.reason))
        rows = [connection.execute(sa.select(table)) for table in TYPED_TABLES if "fact" not in table.name]
        return [sorted(map(repr, found)) for found in (facts, stubs, *rows)]

    return opened.store.read(read).result()


def test_m35_an_order_about_many_takes_what_orders_about_each_take_in_one_look(
    home: StoreHome, unlock: Unlock, save_contact: Callable[..., UUID], tmp_path: Path
) -> None:
    # Given two laptops with the same contacts, each compared with others
    opened = unlock(home)
    people = compared(opened, save_contact)
    opened.close()
    twin = StoreHome(Path(shutil.copytree(home.folder, tmp_path / "twin")))
    going = [*people[:GOING], LEFT]

    # When many are erased by one order on the first, and by one order each on the second
    at_once, looks = carry_out_in_one(first := unlock(home), [going])
    one_by_one, _looks = carry_out_in_one(second := unlock(twin), [[one] for one in going])

    # Then the same is gone and left, and comparisons were looked through once for all of them
    assert at_once == one_by_one
    assert left_behind(first) == left_behind(second)
    assert len(looks) == 1
