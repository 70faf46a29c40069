"""Who can open this laptop: the card on the page *Settings*."""

from functools import partial

from stojnica.domain.errors import UserFacingError
from stojnica.i18n import gettext as _
from stojnica.services.openers import GoneOpener, NewOpener, Opener
from stojnica.services.openers_page import OpenersState, OpenersViewModel
from stojnica.ui.controls.button import ActionButton
from stojnica.ui.controls.card import Card
from stojnica.ui.controls.flow import FlowLayout
from stojnica.ui.controls.labels import Label
from stojnica.ui.controls.said import Said
from stojnica.ui.dialogs import AppDialog
from stojnica.ui.pages.opener_dialogs import NameOpenerDialog, NewOpenerDialog, RemoveOpenerDialog
from stojnica.ui.pages.opener_rows import OpenerLine, OpenerRows


class OpenersCard(Card):
    """List whose words open the store; add some, or take some out."""

    def __init__(self, model: OpenersViewModel) -> None:
        super().__init__(_("Who can open this laptop"))
        self._model = model
        self._others = Label("", "soft", wrap=True)
        self._notice = Said()
        self._said = Said()
        self._add = ActionButton(_("Add a person …"))
        self._rows = OpenerRows(rest=self._add)
        self.body.addWidget(self._notice)
        self.body.addWidget(self._said)
        self.body.addWidget(self._rows)
        self.body.addWidget(self._others)
        foot = FlowLayout()
        foot.addWidget(self._add)
        self.body.addLayout(foot)
        self._add.clicked.connect(self._on_add)
        self._rows.named.connect(self._on_naming)
        self._rows.removed.connect(self._on_removing)

    def render_state(self, state: OpenersState) -> None:
        """Draw who can open it."""
        people = state.known.people if state.known is not None else ()
        self._rows.set_lines([OpenerLine(one, state.can_remove) for one in people])
        self._others.setText(state.others)
        self._notice.say(state.notice, "wait")
        message = state.message
        self._said.say(*(message.text, message.tone) if message else ("", ""))
        self._add.setEnabled(state.known is not None)

    def _on_add(self) -> None:
        dialog = NewOpenerDialog(self, self._model.propose())
        dialog.submitted.connect(partial(self._on_new, dialog))
        dialog.open()

    def _on_new(self, dialog: AppDialog, wish: object) -> None:
        if isinstance(wish, NewOpener):
            self._model.add(wish, dialog.accept, partial(_refuse, dialog))

    def _on_naming(self, one: object) -> None:
        if isinstance(one, Opener):
            dialog = NameOpenerDialog(self, one.name)
            dialog.submitted.connect(partial(self._on_named, dialog, one))
            dialog.open()

    def _on_removing(self, one: object) -> None:
        if isinstance(one, Opener):
            dialog = RemoveOpenerDialog(self, one)
            dialog.submitted.connect(partial(self._on_gone, dialog))
            dialog.open()

    def _on_named(self, dialog: AppDialog, one: Opener, name: object) -> None:
        if isinstance(name, str):
            self._model.name(one, name, dialog.accept, partial(_refuse, dialog))

    def _on_gone(self, dialog: AppDialog, wish: object) -> None:
        if isinstance(wish, GoneOpener):
            self._model.remove(wish, dialog.accept, partial(_refuse, dialog))


def _refuse(dialog: AppDialog, error: UserFacingError) -> None:
    dialog.show_error(error)
