"""Options that stand before or after any verb, and what they lead to."""

import argparse
import os
import sys
from pathlib import Path

from stojnica.domain.errors import UserFacingError
from stojnica.i18n import STAFF_LANGUAGES, use_language
from stojnica.i18n import gettext as _
from stojnica.settings import default_home, has_settings, load_settings

MAX_PASSPHRASE_BYTES = 4096


def shared_options() -> argparse.ArgumentParser:
    """Give a parent parser; its options may be given before or after the verb."""
    parent = argparse.ArgumentParser(add_help=False, argument_default=argparse.SUPPRESS)
    group = parent.add_argument_group("shared options")
    group.add_argument(
        "--home", type=Path, metavar="DIR", help="folder of this laptop's data (or STOJNICA_HOME)"
    )
    group.add_argument("--passphrase-file", type=Path, metavar="FILE", help="file with the passphrase in it")
    group.add_argument("--json", action="store_true", help="print one JSON object instead of sentences")
    return parent


def choose_language(home: Path, *, otherwise: str = "en") -> None:
    """Speak the language of this laptop's store; before there is one, the system's, else `otherwise`."""
    if has_settings(home):
        use_language(load_settings(home).language)
        return
    system = (os.environ.get("LC_ALL") or os.environ.get("LC_MESSAGES") or os.environ.get("LANG") or "")[:2]
    use_language(system if system in STAFF_LANGUAGES else otherwise)


def home_of(arguments: argparse.Namespace) -> Path:
    """Give the folder that was asked for."""
    home: Path = getattr(arguments, "home", None) or default_home()
    return home.absolute()


def passphrase_of(arguments: argparse.Namespace) -> str:
    """Give the passphrase: from its file, or asked for at the terminal.

    Raises:
        UserFacingError: there is neither.
    """
    file: Path | None = getattr(arguments, "passphrase_file", None)
    if file is not None:
        return read_secret(file)
    if sys.stdin.isatty():
        from getpass import getpass  # Only here: the window has no need of it, and comes sooner.

        return getpass(_("Passphrase: "))
    raise UserFacingError(
        _("The passphrase is missing."),
        next_step=_("Give --passphrase-file FILE, or run this at a terminal."),
        code="no_passphrase",
    )


def read_secret(file: Path) -> str:
    """Read a small file with one secret in it, without the line's end.

    Raises:
        UserFacingError: it can't be read, or is no text.
    """
    try:
        with file.open("rb") as stream:
            data = stream.read(MAX_PASSPHRASE_BYTES + 1)
        # Its beginning alone would be another secret.
        text = data.decode("utf-8").strip() if len(data) <= MAX_PASSPHRASE_BYTES else None
    except (OSError, UnicodeDecodeError) as error:
        raise UserFacingError(
            _("The file {name} can't be read.").format(name=file.name),
            next_step=_("Check its name, and whether you may read it."),
            code="unreadable_file",
        ) from error
    if text is None:
        raise UserFacingError(
            _("The file {name} is too large for a secret.").format(name=file.name),
            next_step=_("Check its name, and whether you may read it."),
            code="large_file",
        )
    if not text:
        raise UserFacingError(
            _("The file {name} is empty.").format(name=file.name),
            next_step=_("Write the secret into its first line."),
            code="empty_file",
        )
    return text


def wants_json(arguments: argparse.Namespace) -> bool:
    """Tell whether a program reads the answer."""
    return bool(getattr(arguments, "json", False))
