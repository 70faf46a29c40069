"""What pre-flight asks about this laptop: its folder, printers and battery, and when the program was made."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from stojnica.services.battery import system_battery
from stojnica.services.preflight import Machine
from stojnica.services.printers import CupsPrinters

if TYPE_CHECKING:
    from stojnica.services.printers import PrinterProbe


def this_machine(home: Path, printers: "PrinterProbe | None" = None) -> Machine:
    """Give it; on Windows `printers` knows the printers, elsewhere CUPS does."""
    probe = CupsPrinters() if printers is None or sys.platform != "win32" else printers
    return Machine(home=home, printers=probe, battery=system_battery, program_at=program_at_us())


def program_at_us() -> int:
    """Give when this program was built or installed, in µs UTC, by the time of its files."""
    file = Path(sys.executable) if getattr(sys, "frozen", False) else Path(__file__)
    try:
        return file.stat().st_mtime_ns // 1000
    except OSError:
        return 0
