"""The kinds of error that a user may meet; everything else is a bug."""


class UserFacingError(Exception):
    """Say what happened, what is safe, and what to do next, in the user's language.

    All three are whole sentences, already translated when raised, without personal data.
    `code` is a constant word for logs and for the command line's JSON.
    """

    def __init__(self, what: str, *, safe: str = "", next_step: str = "", code: str = "failed") -> None:
        super().__init__(what)
        self.what = what
        self.safe = safe
        self.next_step = next_step
        self.code = code

    def sentences(self) -> str:
        """Give all that is to be said as one line of plain text."""
        return " ".join(part for part in (self.what, self.safe, self.next_step) if part)


class CancelledError(Exception):
    """Tell that a person stopped the work; nothing is to be shown."""
