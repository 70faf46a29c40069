"""Letting another person open the laptop, and taking a passphrase out; both ask for one's own words."""

from PySide6.QtWidgets import QLineEdit, QWidget

from stojnica.domain.text import NAME_LIMIT
from stojnica.i18n import gettext as _
from stojnica.services.openers import GoneOpener, NewOpener, Opener
from stojnica.services.openers_page import removal_title, strength_text
from stojnica.storage.passphrase import MOST_LETTERS, strength_of
from stojnica.ui.controls.field import FieldMessage, TextField
from stojnica.ui.dialogs import AppDialog


class NewOpenerDialog(AppDialog):
    """Collect whose words they are, the words, and one's own; five drawn words are there already."""

    keeps_half_typed = False

    def __init__(self, parent: QWidget, proposed: str) -> None:
        super().__init__(
            parent,
            title=_("Words for another person"),
            intro=_(
                "Five words that don't belong together. Write them on paper for that person; they are"
                " shown only now. Own words are fine too, if there are five or more."
            ),
            accept=_("Add"),
        )
        self._name = TextField(
            _("Whose they are"), note=_("kept inside the encrypted store"), max_length=NAME_LIMIT
        )
        self._words = TextField(_("The words"), max_length=MOST_LETTERS)
        self._proof = TextField(_("Your own words"), note=_("to show that it's you"), max_length=MOST_LETTERS)
        self._words.set_text(proposed)
        self._proof.line.setEchoMode(QLineEdit.EchoMode.Password)
        for field in (self._name, self._words, self._proof):
            self.body.addWidget(field)
        self.concern(self._proof.editor)
        self._words.line.textChanged.connect(self._weigh)
        self._weigh(proposed)
        self._name.line.setFocus()

    def collect(self) -> object:
        """Give the wish, or None when something is missing."""
        self._proof.set_message(None)
        words = self._words.text()
        if not strength_of(words).is_enough:
            text = strength_text(words) or _("Type at least five words.")
            self._words.set_message(FieldMessage(text, "bad"))
        elif not self._proof.text().strip():
            self._proof.set_message(FieldMessage(_("Type the words with which you unlock."), "bad"))
        else:
            return NewOpener(self._proof.text(), words, self._name.text())
        return None

    def _weigh(self, words: str) -> None:
        text = strength_text(words)
        tone = "" if strength_of(words).is_enough else "wait"
        self._words.set_message(FieldMessage(text, tone) if text else None)


class NameOpenerDialog(AppDialog):
    """Collect whose words they are, or correct what was said about it."""

    def __init__(self, parent: QWidget, name: str = "") -> None:
        super().__init__(
            parent,
            title=_("Correct the name") if name else _("Whose words are they?"),
            intro=_(
                "A name shows later whose words can be taken out. It is kept inside the encrypted store, and"
                " the words stay as they are."
            ),
            accept=_("Keep the name"),
        )
        self._name = TextField(_("Whose they are"), max_length=NAME_LIMIT)
        self._name.set_text(name)
        self.body.addWidget(self._name)
        self.concern(self._name.editor)
        self._name.line.setFocus()
        self._name.line.selectAll()

    def collect(self) -> object:
        """Give the name, or None when nothing was typed."""
        self._name.set_message(None)
        if not self._name.text().strip():
            self._name.set_message(FieldMessage(_("Type a name."), "bad"))
            return None
        return self._name.text()


class RemoveOpenerDialog(AppDialog):
    """Collect one's own words before somebody else's are taken out."""

    def __init__(self, parent: QWidget, one: Opener) -> None:
        super().__init__(
            parent,
            title=removal_title(one),
            intro=_(
                "They no longer open this laptop, and nothing else changes. Copies that were made before"
                " still open with them until they are replaced."
            ),
            accept=_("Take out"),
            destructive=True,
        )
        self._slot_id = one.slot_id
        self._proof = TextField(_("Your own words"), note=_("to show that it's you"), max_length=MOST_LETTERS)
        self._proof.line.setEchoMode(QLineEdit.EchoMode.Password)
        self.body.addWidget(self._proof)
        self.concern(self._proof.editor)
        self._proof.line.setFocus()

    def collect(self) -> object:
        """Give the wish, or None when nothing was typed."""
        self._proof.set_message(None)
        if not self._proof.text().strip():
            self._proof.set_message(FieldMessage(_("Type the words with which you unlock."), "bad"))
            return None
        return GoneOpener(self._proof.text(), self._slot_id)
