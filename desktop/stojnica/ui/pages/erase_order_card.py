"""What the office wants to have erased, when it is so much that a person has to say yes."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from stojnica.i18n import gettext as _
from stojnica.services.waiting_orders import WaitingOrdersState, WaitingOrdersViewModel
from stojnica.ui.controls.button import ActionButton, Kind
from stojnica.ui.controls.card import Card
from stojnica.ui.controls.labels import Label
from stojnica.ui.controls.page import row
from stojnica.ui.controls.said import Said
from stojnica.ui.dialogs import ConfirmDialog


class EraseOrderCard(Card):
    """Draw the orders that wait; hidden as long as there is none.

    `agreed` when the button under the hand has done its work, and the next step is to send.
    """

    agreed = Signal()

    def __init__(self, model: WaitingOrdersViewModel) -> None:
        super().__init__(_("The office asks for a large erasure"))
        self._model = model
        self._parts: list[QWidget] = []
        self._asked: object = None
        self._note = Said()
        self.body.addWidget(self._note)
        self.hide()
        self.destroyed.connect(model.subscribe(self._render))

    def _render(self, state: WaitingOrdersState) -> None:
        hand = self.window().focusWidget()
        was_here = hand is not None and self.isAncestorOf(hand)
        for old in self._parts:
            self.body.removeWidget(old)
            old.hide()
            old.deleteLater()
        self._parts = []
        for order in state.orders:
            part = QWidget()
            button = ActionButton(_("Agree to erase"), Kind.DESTRUCTIVE, small=True)
            button.setProperty("order", order.order_id)
            button.setVisible(not order.is_allowed)
            button.clicked.connect(self._on_agree)
            beside = row(Label(order.text, wrap=True), button, stretch=(1, 0))
            beside.setContentsMargins(0, 0, 0, 0)
            part.setLayout(beside)
            self._parts.append(part)
            self.body.addWidget(part)
        self._note.say(*(state.message.text, state.message.tone) if state.message else ("", ""))
        self.setVisible(bool(state.orders) or state.message is not None)
        if was_here and not any(not order.is_allowed for order in state.orders):
            self.agreed.emit()

    def _on_agree(self) -> None:
        self._asked = self.sender().property("order")
        dialog = ConfirmDialog(
            self.window(),
            title=_("Erase what the office asks for?"),
            text=_(
                "With the next sending these contacts go from this laptop for good. "
                "The numbers of events stay."
            ),
            accept=_("Erase with the next sending"),
        )
        dialog.submitted.connect(self._on_agreed)
        dialog.open()

    def _on_agreed(self, _yes: object) -> None:
        for order in self._model.state.orders:
            if order.order_id == self._asked:
                self._model.allow(order.order_id)
