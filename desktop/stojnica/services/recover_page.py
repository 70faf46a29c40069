"""Nobody here knows the words: the code from the office, then new words; nothing is ever wiped."""

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Generic, TypeVar

from stojnica.i18n import current_language, ngettext
from stojnica.i18n import gettext as _
from stojnica.services.message import Message, Tone, failure_message
from stojnica.services.tasks import TaskRunner
from stojnica.services.view_model import ViewModel
from stojnica.storage.passphrase import check_repeated, generate_passphrase

S = TypeVar("S")
LONGEST_WAIT_S = 60


class RecoverStep(StrEnum):
    """Name the pages, in their order."""

    CODE = "code"
    WORDS = "words"


@dataclass(frozen=True, slots=True, repr=False)
class RecoverWish:
    """Hold the code that opens, and the words that will from now on."""

    code: str
    words: str
    name: str


@dataclass(frozen=True, slots=True, repr=False)
class RecoverState:
    """Hold what the pages show; `words` are those to be written down."""

    step: RecoverStep = RecoverStep.CODE
    words: str = ""
    is_working: bool = False
    message: Message | None = None


class RecoverViewModel(ViewModel[RecoverState], Generic[S]):
    """Lead from the office's code to an open store with new words; UI thread alone.

    Wrong codes cost growing time and nothing else. How often it was wrong is forgotten when the program
    ends: 80 bits are not guessed here, and the store is closed, so that nothing can be kept in it.
    """

    def __init__(
        self,
        runner: TaskRunner,
        check: Callable[[str], None],
        recover: Callable[[RecoverWish], S],
        opened: Callable[[S], None],
        seconds: Callable[[], float] = time.monotonic,
    ) -> None:
        super().__init__(RecoverState())
        self._runner = runner
        self._check = check
        self._recover = recover
        self._opened = opened
        self._seconds = seconds
        self._code = ""
        self._wrong = 0
        self._ready_at = 0.0

    def try_code(self, code: str) -> None:
        """Find out whether a code opens; an empty one is not tried, and one during the wait neither."""
        if self.state.is_working or not code.strip():
            return
        left = self._ready_at - self._seconds()
        if left > 0:
            self._set(replace(self.state, message=_too_soon(-int(-left // 1))))
            return
        self._code = code
        self._work()
        self._runner.submit(lambda _context: self._check(code), self._right, self._wrong_code)

    def other_words(self) -> None:
        """Draw other words."""
        self._set(replace(self.state, words=generate_passphrase(current_language()), message=None))

    def keep(self, typed: str, name: str) -> None:
        """Open the store and set the words, once they were typed from the paper."""
        if self.state.is_working:
            return
        if not check_repeated(self.state.words, typed):
            text = _("These aren't the words above. Type them from the paper, in their order.")
            self._set(replace(self.state, message=Message(Tone.BAD, text)))
            return
        wish = RecoverWish(self._code, self.state.words, name.strip())
        self._work()
        self._runner.submit(lambda _context: self._recover(wish), self._done, self._failed)

    def _work(self) -> None:
        self._set(replace(self.state, is_working=True, message=None))

    def _right(self, _nothing: None) -> None:
        self._wrong = 0
        words = generate_passphrase(current_language())
        self._set(RecoverState(step=RecoverStep.WORDS, words=words))

    def _wrong_code(self, error: Exception) -> None:
        self._wrong += 1
        self._ready_at = self._seconds() + min(LONGEST_WAIT_S, 2 ** min(self._wrong - 1, 10))
        self._code = ""
        self._failed(error)

    def _done(self, stand: S) -> None:
        self._code = ""
        self._set(replace(self.state, is_working=False, words=""))
        self._opened(stand)

    def _failed(self, error: Exception) -> None:
        self._set(replace(self.state, is_working=False, message=failure_message(error)))


def _too_soon(left_s: int) -> Message:
    wait = ngettext("Try again in {count} second.", "Try again in {count} seconds.", left_s)
    return Message(
        Tone.WAIT,
        _("After a wrong code it takes a moment."),
        _("Nothing is ever deleted here."),
        wait.format(count=left_s),
    )
