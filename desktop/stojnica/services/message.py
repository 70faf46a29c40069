"""What a page says at the place where it happened: good news, a warning, or what went wrong."""

from enum import StrEnum
from typing import NamedTuple

from stojnica.domain.errors import UserFacingError
from stojnica.services.tasks import known_error


class Tone(StrEnum):
    """Name how a message is coloured; there is always a word or a sign with it."""

    GOOD = "good"
    WAIT = "wait"
    BAD = "bad"


class Message(NamedTuple):
    """Hold whole sentences in the user's language: what happened, what is safe, what to do next."""

    tone: Tone
    what: str
    safe: str = ""
    next_step: str = ""

    @property
    def text(self) -> str:
        """Give all of it as one line."""
        return " ".join(part for part in (self.what, self.safe, self.next_step) if part)


def message_of(error: UserFacingError) -> Message:
    """Give the message of an error that a person may meet."""
    return Message(Tone.BAD, error.what, error.safe, error.next_step)


def failure_message(error: Exception) -> Message | None:
    """Give the message of what failed; None for a stop that was asked for, and a bug is raised again."""
    known = known_error(error)
    return None if known is None else message_of(known)
