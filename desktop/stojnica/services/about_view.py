"""The sheet "what we have about you": asked for at the stand, after the PIN of the team."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any
from uuid import UUID

from stojnica.i18n import gettext as _
from stojnica.services.about_file import about_document, about_json
from stojnica.services.about_person import AboutPerson, about_person, save_sheet
from stojnica.services.about_sheet import sheet_of
from stojnica.services.capture import unknown_contact, withdraw_consent
from stojnica.services.changes import Change
from stojnica.services.erasing import erase_contact
from stojnica.services.message import Message, Tone, failure_message, message_of
from stojnica.services.names_shown import wrong_pin
from stojnica.services.on_paper import PrintablePages, printable_pages
from stojnica.services.pin import PinAnswer
from stojnica.services.printer_watch import sent_to
from stojnica.services.stand import StandContext
from stojnica.services.view_model import LatestOnly, ViewModel


@dataclass(frozen=True, slots=True)
class AboutState:
    """Hold what is shown about a person, or nothing; `is_working` while something is written."""

    about: AboutPerson | None = None
    is_working: bool = False
    message: Message | None = None


class AboutViewModel(ViewModel[AboutState]):
    """Show a person what is kept, take consents back, erase all, hand the sheet over; UI thread alone.

    `say` tells the page beside it, as long as nothing is shown here; `gone` hears who was erased.
    """

    def __init__(
        self,
        context: StandContext,
        say: Callable[[Message | None], None],
        gone: Callable[[UUID], None],
    ) -> None:
        super().__init__(AboutState())
        self._context = context
        self._say = say
        self._gone = gone
        self._questions = LatestOnly()

    def ask(self, subject_id: UUID, pin: str) -> None:
        """Show it when the PIN is right."""

        def answered(answer: PinAnswer) -> None:
            if answer.is_right:
                self._say(None)
                self.show(subject_id)
            else:
                self._say(message_of(wrong_pin(answer)))

        self._context.runner.when(self._context.pin.try_pin(pin), answered, self._failed)

    def show(self, subject_id: UUID) -> None:
        """Show it at once, because names are shown already."""
        question = self._questions.ask()
        future = self._context.store.read(lambda connection: about_person(connection, subject_id))
        self._context.runner.when(future, question.only(self._show), question.only(self._failed))

    def close(self) -> None:
        """Take it off the screen; an answer that is still out is not shown."""
        self._questions.forget()
        self._set(AboutState())

    def withdraw(self, purposes: Iterable[str] = (), *, operator: str = "") -> None:
        """Take one consent back, or several; none named is all of them."""
        about = self.state.about
        if about is None or self.state.is_working:
            return
        wanted = tuple(purposes) or about.granted
        self._set(replace(self.state, is_working=True, message=None))
        future = withdraw_consent(self._context.store, about.subject_id, wanted, operator=operator)
        self._context.runner.when(future, self._withdrawn, self._failed)

    def erase(self) -> None:
        """Erase all that is kept about this person; the sheet closes when it is done."""
        about = self.state.about
        if about is None or self.state.is_working:
            return
        self._set(replace(self.state, is_working=True, message=None))
        future = erase_contact(self._context.store, about.subject_id)
        self._context.runner.when(future, partial(self._erased, about.subject_id), self._failed)

    def save(self, path: Path) -> None:
        """Write the sheet where the person chose: as PDF, or as JSON when the name ends so."""
        about = self.state.about
        if about is None:
            return
        if path.suffix.lower() == ".json":
            subject_id = about.subject_id
            future = self._context.store.read(lambda connection: about_document(connection, subject_id))
            self._context.runner.when(future, partial(self._save_document, path), self._failed)
            return
        self._context.runner.submit(
            lambda _context: save_sheet(sheet_of(about), path), self._saved, self._failed
        )

    def _save_document(self, path: Path, document: dict[str, Any] | None) -> None:
        if document is None:
            self._failed(unknown_contact())
            return
        self._context.runner.submit(
            lambda _context: save_sheet(about_json(document), path), self._saved, self._failed
        )

    def render_for_printer(self, ready: Callable[[PrintablePages], None]) -> None:
        """Render the sheet off the UI thread and hand it over."""
        about = self.state.about
        if about is not None:
            self._context.runner.submit(
                lambda _context: printable_pages(sheet_of(about)), ready, self._failed
            )

    def printed(self, printer_name: str) -> None:
        """Say that the printer has it."""
        self._tell(sent_to(printer_name))
        self._context.printer_watch.watch(printer_name, self._tell)

    def failed(self, error: Exception) -> None:
        """Say why it could not be done."""
        self._failed(error)

    def _show(self, about: AboutPerson | None) -> None:
        if about is None:
            self._say(message_of(unknown_contact()))
            self.close()
            return
        self._set(replace(self.state, about=about, is_working=False))

    def _withdrawn(self, _nothing: None) -> None:
        message = Message(Tone.GOOD, _("Taken back. It counts from this moment on."))
        self._set(replace(self.state, message=message))
        self._context.changes.tell(Change.CONTACTS)
        if self.state.about is not None:
            self.show(self.state.about.subject_id)

    def _erased(self, subject_id: UUID, _records: int) -> None:
        self._questions.forget()
        self._gone(subject_id)
        self._set(AboutState())
        text = _("Everything about this person is erased here. The office erases it with the next sending.")
        self._say(Message(Tone.GOOD, text))
        self._context.changes.tell(Change.ERASED, Change.CONTACTS, Change.COUNTS, Change.DELIVERY)

    def _saved(self, path: Path) -> None:
        text = _("Saved: {file}. It can be read by everybody who has it.").format(file=path.name)
        self._set(replace(self.state, message=Message(Tone.GOOD, text)))

    def _failed(self, error: Exception) -> None:
        message = failure_message(error)
        if message is None:
            return
        self._set(replace(self.state, is_working=False))
        self._tell(message)

    def _tell(self, message: Message) -> None:
        """Say it on the sheet, and beside the page when the sheet is closed by then."""
        if self.state.about is None:
            self._say(message)
        else:
            self._set(replace(self.state, message=message))
