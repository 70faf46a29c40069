"""Which orders to erase the office knows to be carried out here: all of them, for it gives the others anew.

It gives the oldest first, some at once: were old ones forgotten here, they would come before each new one.
"""

from uuid import UUID

from sqlalchemy.engine import Connection

from stojnica.storage.memory import recall, recalled_names, remember

DONE = "erase_orders_done"
PAGE = 500
MOST_KEPT = 10_000
"""As many as a centre lets itself be told; it has no way to give those beyond them to anybody."""
_IS_NOTED = (
    "SELECT 1 FROM setting WHERE (name = ? OR (name > ? AND name < ?)) AND instr(value, ?) > 0 LIMIT 1"
)


def orders_done(connection: Connection) -> list[UUID]:
    """Give the orders that were carried out here, and of which the office has heard so, in this order."""
    return [UUID(one) for page in _pages(connection) for one in recall(connection, page, [])]


def note_done(connection: Connection, order_id: UUID) -> None:
    """Note that the office knows an order to be carried out here; until then it is carried out again."""
    if _is_noted(connection, order_id):
        return
    pages = _pages(connection)
    last = recall(connection, pages[-1], [])
    # In pages: with thousands of them each new one would have all written anew.
    if len(last) >= PAGE:
        if len(pages) * PAGE >= MOST_KEPT:
            return
        pages, last = [*pages, f"{DONE}:{len(pages):04d}"], []
    remember(connection, pages[-1], [*last, str(order_id)])


def _pages(connection: Connection) -> list[str]:
    """Give the names in order; the first one has what earlier versions noted, however much that is."""
    return [DONE, *sorted(recalled_names(connection, DONE + ":"))]


def _is_noted(connection: Connection, order_id: UUID) -> bool:
    names = (DONE, DONE + ":", DONE + ":~")
    found = connection.exec_driver_sql(_IS_NOTED, (*names, str(order_id).encode())).first()
    return found is not None
