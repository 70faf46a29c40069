"""The first start: language, a passphrase on paper, a PIN, and the office, or a try without it."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path
from typing import Protocol, TypeVar

from stojnica.domain.errors import UserFacingError
from stojnica.i18n import gettext as _
from stojnica.i18n import use_language
from stojnica.services.enrolment import enrol_laptop, read_enrolment_file
from stojnica.services.message import Message, Tone, failure_message, message_of
from stojnica.services.pin import PinLock, checked_pin
from stojnica.services.restore import CopyWish, identity_for, is_protected_key
from stojnica.services.sample import starter_document
from stojnica.services.shown_organisation import keep_document
from stojnica.services.tasks import TaskRunner
from stojnica.services.tidy_text import tidy_text
from stojnica.services.view_model import ViewModel
from stojnica.storage.home import OpenStore
from stojnica.storage.passphrase import check_repeated, generate_passphrase
from stojnica.storage.store import Store
from stojnica.storage.unit import UnitOfWork

T = TypeVar("T")
MAX_NAME = 120


class Step(StrEnum):
    """Name the pages of the first start, in their order."""

    LANGUAGE = "language"
    PASSPHRASE = "passphrase"
    REPEAT = "repeat"
    PIN = "pin"
    OFFICE = "office"
    COPY = "copy"
    COPY_WORDS = "copy_words"


ORDER = tuple(step for step in Step if step not in (Step.COPY, Step.COPY_WORDS))
"""The pages of a new store; a copy is opened beside them, from the first one."""


class OpenedStand(Protocol):
    """What the first start needs of a store that was made."""

    @property
    def opened(self) -> OpenStore:
        """Give the open store."""

    @property
    def store(self) -> Store:
        """Give the store."""


@dataclass(frozen=True, slots=True, repr=False)
class FirstStartState:
    """Hold what the pages show; `is_by_key` is a copy opened with the office's key instead of its words."""

    step: Step = Step.LANGUAGE
    language: str = "sl"
    passphrase: str = ""
    is_working: bool = False
    message: Message | None = None
    enrolment_name: str = ""
    copy_name: str = ""
    is_by_key: bool = False
    key_name: str = ""
    is_key_protected: bool = False
    restored: str = ""

    @property
    def number(self) -> int:
        """Give the place of the page, from 1."""
        return 1 if self.step not in ORDER else ORDER.index(self.step) + 1


class FirstStartViewModel(ViewModel[FirstStartState]):
    """Lead through the first start; nothing is on disk before the PIN was chosen. UI thread alone."""

    def __init__(
        self,
        runner: TaskRunner,
        create: Callable[[str, str], OpenedStand],
        finished: Callable[[OpenedStand], None],
        language: str = "sl",
        *,
        restore: Callable[[CopyWish, str], tuple[OpenedStand, str]] | None = None,
    ) -> None:
        super().__init__(FirstStartState(language=language))
        self._runner = runner
        self._create = create
        self._restore = restore
        self._finished = finished
        self._stand: OpenedStand | None = None
        self._enrolment = b""
        self._copy: Path | None = None
        self._key: Path | None = None
        self._identity = ""

    @property
    def stand(self) -> OpenedStand | None:
        """Give the store once it was made, so that whoever closes the window can close it."""
        return self._stand

    def choose_language(self, language: str) -> None:
        """Speak another language from now on."""
        use_language(language)
        self._set(replace(self.state, language=language, passphrase="", message=None))

    def back(self) -> None:
        """Go one page back; a store that was made stays."""
        if self.state.is_working or self._stand is not None:
            return
        if self.state.step is Step.COPY_WORDS:
            self._set(replace(self.state, step=Step.COPY, passphrase="", message=None))
        elif self.state.step is Step.COPY:
            self._copy = self._key = None
            self._set(FirstStartState(language=self.state.language))
        elif place := ORDER.index(self.state.step):
            self._set(replace(self.state, step=ORDER[place - 1], message=None))

    @property
    def can_restore(self) -> bool:
        """Tell whether a copy can be opened here."""
        return self._restore is not None

    def open_copy(self) -> None:
        """Go to the page on which a copy of another laptop is opened."""
        self._set(replace(self.state, step=Step.COPY, message=None))

    def choose_copy(self, source: Path) -> None:
        """Take a copy, or the folder it is in; its passphrase is asked for next."""
        self._copy = source
        self._set(replace(self.state, copy_name=source.name or str(source), message=None))

    def open_by_key(self, is_by_key: bool) -> None:
        """Open the copy with the office's key, or again with its own words."""
        self._set(replace(self.state, is_by_key=is_by_key, message=None))

    def choose_key(self, file: Path) -> None:
        """Take the office's key file; a protected one needs a coordinator's words."""
        self._key = file
        is_protected = is_protected_key(file)
        self._set(replace(self.state, key_name=file.name, is_key_protected=is_protected, message=None))

    def try_key(self, words: str) -> None:
        """Find out whether the key opens the copy; new words are shown next. May take a second."""
        source, key = self._copy, self._key
        if source is None or key is None or self.state.is_working:
            return
        self._work(lambda: identity_for(source, key, words), self._key_fits)

    def restore_with_new_words(self, typed: str) -> None:
        """Open the copy once the new words were typed from the paper."""
        if check_repeated(self.state.passphrase, typed):
            self._restore_with(self.state.passphrase, self._identity)
        else:
            text = _("These aren't the words above. Type them from the paper, in their order.")
            self._set(replace(self.state, message=Message(Tone.BAD, text)))

    def restore(self, passphrase: str) -> None:
        """Open the copy with its own passphrase; takes seconds, and says how many contacts there are."""
        self._restore_with(passphrase, "")

    def _restore_with(self, words: str, identity: str) -> None:
        source, restore = self._copy, self._restore
        if source is None or restore is None or self.state.is_working or self._stand is not None:
            return
        wish, language = CopyWish(source, words, identity), self.state.language
        self._work(lambda: restore(wish, language), self._restored)

    def _key_fits(self, identity: str) -> None:
        self._identity = identity
        words = self.state.passphrase or generate_passphrase(self.state.language)
        state = replace(self.state, step=Step.COPY_WORDS, passphrase=words, is_working=False)
        self._set(state)

    def go_on(self) -> None:
        """Go to the stand whose copy was opened."""
        if self._stand is not None:
            self._finished(self._stand)

    def _restored(self, answer: tuple[OpenedStand, str]) -> None:
        self._stand, text = answer
        self._identity = ""
        # From here on the words are on paper alone.
        state = replace(self.state, step=Step.COPY, restored=text, passphrase="")
        self._set(replace(state, is_working=False, message=None))

    def next_page(self) -> None:
        """Go on from the language to the passphrase, or from the passphrase to its repetition."""
        if self.state.step is Step.LANGUAGE:
            passphrase = self.state.passphrase or generate_passphrase(self.state.language)
            self._set(replace(self.state, step=Step.PASSPHRASE, passphrase=passphrase, message=None))
        elif self.state.step is Step.PASSPHRASE:
            self._set(replace(self.state, step=Step.REPEAT, message=None))

    def another_passphrase(self) -> None:
        """Draw other words."""
        self._set(replace(self.state, passphrase=generate_passphrase(self.state.language)))

    def repeat(self, typed: str) -> None:
        """Check that the words are on paper."""
        if check_repeated(self.state.passphrase, typed):
            self._set(replace(self.state, step=Step.PIN, message=None))
            return
        message = Message(
            Tone.BAD,
            _("These aren't the same words."),
            next_step=_(
                "Look at your note: the words, in their order. Go back if you want to see them again."
            ),
        )
        self._set(replace(self.state, message=message))

    def choose_pin(self, pin: str, repeated: str) -> None:
        """Make the store, with this PIN in it."""
        if self.state.is_working:
            return
        try:
            checked_pin(pin)
        except UserFacingError as error:
            self._set(replace(self.state, message=message_of(error)))
            return
        if pin != repeated:
            message = Message(Tone.BAD, _("The two PINs differ."), next_step=_("Type the same one twice."))
            self._set(replace(self.state, message=message))
            return
        self._work(lambda: self._make(pin), self._made)

    def _make(self, pin: str) -> OpenedStand:
        stand = self._stand or self._create(self.state.passphrase, self.state.language)
        self._stand = stand
        PinLock(stand.store).choose(pin).result()
        return stand

    def _made(self, _stand: OpenedStand) -> None:
        # From here on the words are on paper alone.
        self._set(replace(self.state, step=Step.OFFICE, passphrase="", is_working=False, message=None))

    def open_enrolment(self, path: Path) -> None:
        """Read the file from the office; its code is asked for next."""
        try:
            self._enrolment = read_enrolment_file(path)
        except UserFacingError as error:
            self._set(replace(self.state, message=message_of(error)))
            return
        self._set(replace(self.state, enrolment_name=path.name, message=None))

    def enrol(self, code: str) -> None:
        """Open the file with its code; takes a few seconds."""
        stand = self._stand
        if stand is None or not self._enrolment or self.state.is_working:
            return
        data = self._enrolment
        self._work(lambda: enrol_laptop(stand.opened, data, code), lambda _name: self._finished(stand))

    def try_without(self, organisation: str) -> None:
        """Begin without an office: what is collected is delivered after enrolment."""
        stand = self._stand
        if stand is None or self.state.is_working:
            return
        try:
            name = tidy_text(organisation, MAX_NAME)
        except UserFacingError as error:
            self._set(replace(self.state, message=message_of(error)))
            return
        if not name:
            message = Message(
                Tone.BAD,
                _("The name of the organisation is missing."),
                next_step=_("Visitors have to know who asks for their data: type its name."),
            )
            self._set(replace(self.state, message=message))
            return

        def keep(unit: UnitOfWork) -> None:
            keep_document(unit, starter_document(name))
            unit.commit()

        self._work(lambda: stand.store.write(keep).result(), lambda _done: self._finished(stand))

    def _work(self, work: Callable[[], T], done: Callable[[T], None]) -> None:
        self._set(replace(self.state, is_working=True, message=None))
        self._runner.submit(lambda _context: work(), done, self._failed)

    def _failed(self, error: Exception) -> None:
        self._set(replace(self.state, is_working=False, message=failure_message(error)))
