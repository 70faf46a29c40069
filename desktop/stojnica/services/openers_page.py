"""Who can open this laptop, as the settings show it: a list, and how somebody is added or taken out."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

from stojnica.domain.errors import UserFacingError
from stojnica.i18n import current_language, ngettext
from stojnica.i18n import gettext as _
from stojnica.services.message import Message, Tone
from stojnica.services.openers import (
    GoneOpener,
    NewOpener,
    Opener,
    Openers,
    add_opener,
    remove_opener,
    say_whose,
    who_can_open,
)
from stojnica.services.tasks import TaskRunner, known_error
from stojnica.services.view_model import LatestOnly, ViewModel
from stojnica.services.written_time import written_short_day
from stojnica.storage.home import OpenStore
from stojnica.storage.passphrase import WORDS, generate_passphrase, strength_of


@dataclass(frozen=True, slots=True)
class OpenersState:
    """Hold what is shown; `known` is None until it was read."""

    known: Openers | None = None
    message: Message | None = None

    @property
    def can_remove(self) -> bool:
        """Tell whether somebody is left when one is taken out."""
        return self.known is not None and len(self.known.people) > 1

    @property
    def notice(self) -> str:
        """Give what happened to the key file, or ""."""
        if self.known is None or not self.known.repaired_at:
            return ""
        return _("The key file was damaged, and was put back from its copy on {day}.").format(
            day=_day(self.known.repaired_at)
        )

    @property
    def others(self) -> str:
        """Say who else can help when words are forgotten, and what opens it without words."""
        if self.known is None:
            return ""
        keyring = _("The office allows it: who is logged in at this computer opens it without words.")
        return f"{self._office} {keyring}" if self.known.has_keyring else self._office

    @property
    def _office(self) -> str:
        if self.known is None:
            return ""
        if not self.known.has_office:
            return _("This laptop has no office yet: when all words are forgotten, nobody can open it.")
        if self.known.has_code:
            return _(
                "The office can open it too. From the first sending on it has a code for a day when"
                " somebody forgets the words."
            )
        return _("The office can open it too.")


class OpenersViewModel(ViewModel[OpenersState]):
    """Show and change who can open the store; UI thread alone."""

    def __init__(self, opened: OpenStore, runner: TaskRunner) -> None:
        super().__init__(OpenersState())
        self._opened = opened
        self._runner = runner
        self._latest = LatestOnly()

    def refresh(self) -> None:
        """Read anew who can open it."""
        question = self._latest.ask()
        self._runner.submit(
            lambda _context: who_can_open(self._opened), question.only(self._read), self._failed
        )

    def propose(self) -> str:
        """Draw five words."""
        return generate_passphrase(current_language())

    def add(
        self, wish: NewOpener, done: Callable[[], None], refused: Callable[[UserFacingError], None]
    ) -> None:
        """Let another person open the store."""
        said = _("{name} can open this laptop now.").format(name=wish.name.strip() or _("Another person"))
        self._change(lambda: add_opener(self._opened, wish), said, done, refused)

    def name(
        self, one: Opener, name: str, done: Callable[[], None], refused: Callable[[UserFacingError], None]
    ) -> None:
        """Say whose words they are, for the first time or better than before."""
        self._change(
            lambda: say_whose(self._opened, one.slot_id, name), _("The name is kept."), done, refused
        )

    def remove(
        self, wish: GoneOpener, done: Callable[[], None], refused: Callable[[UserFacingError], None]
    ) -> None:
        """Take a passphrase out."""
        said = _("These words no longer open this laptop. Older copies may still open with them.")
        self._change(lambda: remove_opener(self._opened, wish), said, done, refused)

    def _change(
        self,
        work: Callable[[], None],
        said: str,
        done: Callable[[], None],
        refused: Callable[[UserFacingError], None],
    ) -> None:
        def changed(_nothing: None) -> None:
            self._set(replace(self.state, message=Message(Tone.GOOD, said)))
            done()
            self.refresh()

        def failed(error: Exception) -> None:
            known = known_error(error)
            if known is not None:
                refused(known)

        self._runner.submit(lambda _context: work(), changed, failed)

    def _read(self, found: Openers) -> None:
        self._set(replace(self.state, known=found))

    def _failed(self, error: Exception) -> None:
        known = known_error(error)
        if known is not None:
            self._set(replace(self.state, message=Message(Tone.BAD, known.what, known.safe, known.next_step)))


def strength_text(words: str) -> str:
    """Say how far own words are: "3 of 5 words", "strong enough"; nothing before the first one."""
    found = strength_of(words)
    if not words.strip():
        return ""
    if found.is_too_long:
        return _("Too long.")
    if found.is_enough:
        return _("Strong enough.")
    if found.words >= WORDS:
        return _("Too short: 20 letters together are needed.")
    return ngettext(
        "Too short: {count} word of five counts.", "Too short: {count} words of five count.", found.words
    ).format(count=found.words)


def naming_name(one: Opener) -> str:
    """Say for a voice what the link beside words without a name does."""
    return _("say whose the words are that open this laptop {since}").format(since=since_text(one))


def correction_name(one: Opener) -> str:
    """Say for a voice what the link beside a person's name does."""
    return _("correct the name {name}").format(name=one.name)


def name_text(one: Opener) -> str:
    """Give whose words they are."""
    return one.name or _("without a name")


def removal_title(one: Opener) -> str:
    """Ask whether this person's words should go."""
    if not one.name:
        return _("Take out the words without a name?")
    return _("Take out the words of {name}?").format(name=one.name)


def removal_name(one: Opener) -> str:
    """Say for a voice what the button beside a person does."""
    if not one.name:
        return _("take out the words without a name")
    return _("take out the words of {name}").format(name=one.name)


def since_text(one: Opener) -> str:
    """Give since when, or that it is from the beginning."""
    return _("since {day}").format(day=_day(one.since)) if one.since else _("from the beginning")


def _day(instant_us: int) -> str:
    return written_short_day(datetime.fromtimestamp(instant_us // 1_000_000).astimezone().date())
