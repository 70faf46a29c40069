"""Orders of the office that would erase so much here that a person has to say yes."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.engine import Connection

from stojnica.i18n import gettext as _
from stojnica.i18n import ngettext
from stojnica.services.message import Message, failure_message
from stojnica.services.tasks import TaskRunner
from stojnica.services.view_model import ViewModel
from stojnica.services.written_time import written_number
from stojnica.storage.erase_orders import WaitingOrder, allow_order, allowed_orders, waiting_orders
from stojnica.storage.store import Store
from stojnica.storage.unit import UnitOfWork
from stojnica.sync.old_copy import NUMBER as OF_A_COPY


@dataclass(frozen=True, slots=True)
class OrderLine:
    """Hold one order in words; `is_allowed` once somebody said yes: the next sending carries it out."""

    order_id: UUID
    text: str
    is_allowed: bool


@dataclass(frozen=True, slots=True)
class WaitingOrdersState:
    """Hold the orders that wait, none on most days."""

    orders: tuple[OrderLine, ...] = ()
    message: Message | None = None


class WaitingOrdersViewModel(ViewModel[WaitingOrdersState]):
    """Show what the office wants to have erased, and take the yes; UI thread alone."""

    def __init__(self, store: Store, runner: TaskRunner) -> None:
        super().__init__(WaitingOrdersState())
        self._store = store
        self._runner = runner
        self._hear_agreed: list[Callable[[], None]] = []

    def hear_agreed(self, hear: Callable[[], None]) -> None:
        """Call `hear` each time that somebody said yes to an order."""
        self._hear_agreed.append(hear)

    def refresh(self) -> None:
        """Look again at what waits."""
        self._runner.when(self._store.read(_look), self._show, self._failed)

    def allow(self, order_id: UUID) -> None:
        """Say yes: the next sending carries the order out."""

        def job(unit: UnitOfWork) -> None:
            allow_order(unit, order_id)
            unit.commit()

        self._runner.when(self._store.write(job), self._allowed, self._failed)

    def _allowed(self, _nothing: None) -> None:
        self.refresh()
        for hear in self._hear_agreed:
            hear()

    def _show(self, found: tuple[Sequence[WaitingOrder], frozenset[UUID]]) -> None:
        orders, allowed = found
        lines = tuple(_line(one, is_allowed=one.order_id in allowed) for one in orders)
        self._set(WaitingOrdersState(lines))

    def _failed(self, error: Exception) -> None:
        message = failure_message(error)
        if message is not None:
            self._set(WaitingOrdersState(self.state.orders, message))


def _look(connection: Connection) -> tuple[Sequence[WaitingOrder], frozenset[UUID]]:
    return waiting_orders(connection), allowed_orders(connection)


def _line(order: WaitingOrder, *, is_allowed: bool) -> OrderLine:
    if is_allowed:
        text = _("Agreed. It is carried out with the next sending.")
        if order.number != OF_A_COPY:
            text = _("Order {number}: agreed. It is carried out with the next sending.")
        return OrderLine(order.order_id, text.format(number=order.number), is_allowed=True)
    if order.number == OF_A_COPY:
        text = ngettext(
            "Since this copy was made, {count} contact was erased. It would go from here with all its "
            "records: more than one record in twenty. Ask the office whether this is meant.",
            "Since this copy was made, {count} contacts were erased. They would go from here with all their "
            "records: more than one record in twenty. Ask the office whether this is meant.",
            order.persons,
        )
    else:
        text = ngettext(
            "Order {number} takes {count} contact with all its records off this laptop: more than one record "
            "in twenty. Ask the office whether this is meant.",
            "Order {number} takes {count} contacts with all their records off this laptop: more than one "
            "record in twenty. Ask the office whether this is meant.",
            order.persons,
        )
    count = written_number(order.persons)
    return OrderLine(order.order_id, text.format(number=order.number, count=count), is_allowed=False)
