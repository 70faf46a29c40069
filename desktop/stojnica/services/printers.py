"""The system's printers: a port, a twin in memory, and what CUPS says at the command line."""

import os
import re
from dataclasses import dataclass
from typing import Protocol

PATIENCE_S = 4.0
_DEFAULT = re.compile(r"system default destination: (\S+)")


@dataclass(frozen=True, slots=True)
class PrinterState:
    """Hold one printer; `is_ready` is what the system believes, which has not seen the paper."""

    name: str
    is_ready: bool


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
                [self._program, "-d", "-p"],
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
    """Read the answer of ``lpstat -d -p`` in the locale C."""
    known: list[PrinterState] = []
    default = ""
    for line in text.splitlines()[:2_000]:
        words = line.split()
        if found := _DEFAULT.match(line):
            default = found[1]
        elif len(words) > 2 and words[0] == "printer":
            known.append(PrinterState(words[1], words[2] != "disabled"))
        elif known and line[:1].isspace() and _has_trouble(line):
            known[-1] = PrinterState(known[-1].name, is_ready=False)
    return Printers(tuple(known), default)


def _has_trouble(line: str) -> bool:
    return any(word in line.lower() for word in ("not connected", "offline", "unplugged", "may not exist"))
