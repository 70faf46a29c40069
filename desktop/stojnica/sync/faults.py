"""Why a sync could not go on, by fate: try later, ask somebody, or set one record aside."""

from enum import StrEnum

from stojnica.domain.errors import UserFacingError
from stojnica.i18n import gettext as _

NO_SUCH_FUNCTION = "42883"
"""The `detail` of a centre that doesn't know a call: it is older (PostgreSQL's own code)."""


class Fate(StrEnum):
    """Say what becomes of the records: kept for later, kept until somebody acts, or one set aside."""

    NETWORK = "network"
    NOT_ALLOWED = "not_allowed"
    CONTENT = "content"


class SyncError(UserFacingError):
    """Tell why; `step` is where (connect, hello, push, prove, brief), `detail` a constant word for help."""

    def __init__(self, fate: Fate, code: str, what: str, next_step: str, detail: str = "") -> None:
        super().__init__(
            what,
            safe=_("Nothing is lost: everything is still on this laptop."),
            next_step=next_step,
            code=code,
        )
        self.fate = fate
        self.detail = detail
        self.step = ""


def _try_later() -> str:
    return _(
        "Check whether any web page opens in the browser, then try again. What is confirmed isn't sent twice."
    )


def _ask_office() -> str:
    return _("Ask the person at the office who looks after the database.")


def unreachable(detail: str = "") -> SyncError:
    """Tell that there is no way to the server."""
    return SyncError(
        Fate.NETWORK, "unreachable", _("The office can't be reached from here."), _try_later(), detail
    )


def interrupted(detail: str = "") -> SyncError:
    """Tell that the connection broke."""
    return SyncError(Fate.NETWORK, "interrupted", _("The connection broke half-way."), _try_later(), detail)


def timed_out(seconds: int) -> SyncError:
    """Tell that the server was silent."""
    return SyncError(
        Fate.NETWORK,
        "timed_out",
        _("The server did not answer within {seconds} seconds.").format(seconds=seconds),
        _try_later(),
    )


def busy(detail: str = "") -> SyncError:
    """Tell that the server has too much to do, or asks us to come later."""
    return SyncError(
        Fate.NETWORK,
        "busy",
        _("The office's server has too much to do right now."),
        _("Try again in a few minutes."),
        detail,
    )


def refused(detail: str = "") -> SyncError:
    """Tell that the server doesn't let this laptop in."""
    return SyncError(
        Fate.NOT_ALLOWED,
        "refused",
        _("The office's server does not let this laptop in: its access was used up, ran out or was revoked."),
        _("Ask the office for a new enrolment file."),
        detail,
    )


def not_genuine(detail: str = "") -> SyncError:
    """Tell that the server could not prove to be the office's."""
    return SyncError(
        Fate.NOT_ALLOWED,
        "certificate",
        _("Whoever answered could not prove to be the office's server. Nothing was sent."),
        _("Try another network, without a log-in page. If it stays like this, ask the office."),
        detail,
    )


def not_encrypted(detail: str = "") -> SyncError:
    """Tell that the way there isn't protected."""
    return SyncError(
        Fate.NOT_ALLOWED,
        "unprotected",
        _("The way to the server is not protected. Nothing was sent."),
        _ask_office(),
        detail,
    )


def wrong_database(detail: str = "") -> SyncError:
    """Tell that another database answers at this address."""
    return SyncError(
        Fate.NOT_ALLOWED,
        "wrong_database",
        _("The server answered, but it is not this organisation's database."),
        _ask_office(),
        detail,
    )


def nonsense(detail: str = "") -> SyncError:
    """Tell that an answer made no sense; nothing is believed of it."""
    return SyncError(
        Fate.NOT_ALLOWED,
        "nonsense",
        _("The server's answer made no sense. Nothing was marked as delivered."),
        _("Install the newest version of the program; if it stays like this, ask the office."),
        detail,
    )


def bad_content(detail: str = "") -> SyncError:
    """Tell that the centre could not take what was sent."""
    return SyncError(
        Fate.CONTENT,
        "content",
        _("The server could not take a record."),
        _("It stays on this laptop and is offered again next time. Tell the office."),
        detail,
    )


def forged_briefing(detail: str = "") -> SyncError:
    """Tell that what came from the office isn't signed by it."""
    return SyncError(
        Fate.NOT_ALLOWED,
        "forged_briefing",
        _("What came from the office does not carry the organisation's signature. It was not used."),
        _ask_office(),
        detail,
    )


def not_enrolled() -> SyncError:
    """Tell that this laptop has no office yet."""
    return SyncError(
        Fate.NOT_ALLOWED,
        "not_enrolled",
        _("This laptop doesn't know its office yet."),
        _("Ask the office for an enrolment file and open it here. What you collect now is delivered later."),
    )
