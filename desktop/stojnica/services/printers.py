"""The system's printers: a port, a twin in memory, and what CUPS says at the command line."""

import os
import re
from dataclasses import dataclass
from typing import Protocol

from stojnica.i18n import gettext as _

PATIENCE_S = 4.0
NO_PAPER, JAM, OPEN, NO_INK, AWAY, STOPPED = "paper", "jam", "open", "ink", "away", "stopped"
_DEFAULT = re.compile(r"system default destination: (\S+)")
# What CUPS says of a printer in trouble (its reasons, RFC 8011, and its sentences), the plainest first.
_TROUBLES = (
    (NO_PAPER, ("media-empty", "media-needed", "out of paper")),
    (JAM, ("media-jam",)),
    (OPEN, ("cover-open", "door-open")),
    (NO_INK, ("toner-empty", "marker-supply-empty")),
    (AWAY, ("not connected", "offline", "unplugged", "may not exist", "connecting-to-device")),
)
_FREE_WORDS = ("description:", "location:")


@dataclass(frozen=True, slots=True)
class PrinterState:
    """Hold one printer; `is_ready` is what the system believes, which has not seen the paper.

    `trouble` is why it isn't, as far as that is known.
    """

    name: str
    is_ready: bool
    trouble: str = ""


@dataclass(frozen=True, slots=True)
class Printers:
    """Hold all printers of the system, and the name of the one that is used unless another is chosen."""

    known: tuple[PrinterState, ...] = ()
    default: str = ""

    @property
    def chosen(self) -> PrinterState | None:
        """Give the default printer, else the only one, else the first that is ready."""
        named = [printer for printer in self.known if printer.name == self.default]
        ready = [printer for printer in self.known if printer.is_ready]
        return next(iter((*named, *ready, *self.known)), None)

    def named(self, name: str) -> PrinterState | None:
        """Give the printer of this name."""
        return next((printer for printer in self.known if printer.name == name), None)


class PrinterProbe(Protocol):
    """Ask the system for its printers; may take seconds, so never on the UI thread."""

    def printers(self) -> Printers | None:
        """Give them; None when the system can't be asked."""


class FixedPrinters:
    """Answer what a test says."""

    def __init__(self, printers: Printers | None) -> None:
        self._printers = printers

    def printers(self) -> Printers | None:
        """Give what was said."""
        return self._printers


class CupsPrinters:
    """Ask CUPS through `lpstat`, which is there wherever Linux or macOS can print."""

    def __init__(self, program: str = "lpstat", patience_s: float = PATIENCE_S) -> None:
        self._program = program
        self._patience_s = patience_s

    def printers(self) -> Printers | None:
        """Give what `lpstat` lists; a system without any printer ends it with an error, and lists none."""
        import subprocess  # Only here: the window has no need of it, and comes sooner.

        try:
            said = subprocess.run(
                [self._program, "-l", "-d", "-p"],
                capture_output=True,
                timeout=self._patience_s,
                check=False,
                stdin=subprocess.DEVNULL,
                env={**os.environ, "LC_ALL": "C", "LANGUAGE": "C"},
            )
        except (OSError, subprocess.TimeoutExpired):
            return None
        return read_lpstat(said.stdout.decode("utf-8", "replace"))


def read_lpstat(text: str) -> Printers:
    """Read the answer of ``lpstat -l -d -p`` in the locale C."""
    known: list[PrinterState] = []
    default = ""
    for line in text.splitlines()[:2_000]:
        words = line.split()
        if found := _DEFAULT.match(line):
            default = found[1]
        elif len(words) > 2 and words[0] == "printer":
            is_ready = words[2] != "disabled"
            known.append(PrinterState(words[1], is_ready, "" if is_ready else STOPPED))
        elif known and line[:1].isspace() and (trouble := _trouble_in(line)):
            known[-1] = PrinterState(known[-1].name, is_ready=False, trouble=trouble)
    return Printers(tuple(known), default)


def trouble_words(trouble: str) -> str:
    """Say what is wrong with a printer."""
    words = {
        NO_PAPER: _("there is no paper in it"),
        JAM: _("the paper is stuck"),
        OPEN: _("a cover is open"),
        NO_INK: _("the ink or toner is used up"),
        AWAY: _("it is switched off or not connected"),
        STOPPED: _("it was stopped in the settings of this computer"),
    }
    return words.get(trouble, _("the system does not say why"))


def _trouble_in(line: str) -> str:
    said = line.strip().lower()
    if said.startswith(_FREE_WORDS):
        return ""
    return next((trouble for trouble, words in _TROUBLES if any(word in said for word in words)), "")
