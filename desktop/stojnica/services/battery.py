"""How full the battery is, as the system says it; no answer is an answer, too."""

import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

_LINUX = Path("/sys/class/power_supply")
_UNKNOWN = 255


@dataclass(frozen=True, slots=True)
class Battery:
    """Hold the charge in per cent, and whether the laptop hangs on the mains."""

    percent: int
    is_plugged_in: bool


BatteryProbe = Callable[[], Battery | None]


def system_battery() -> Battery | None:
    """Ask this system; None where it can't be told, for instance because there is no battery."""
    if sys.platform == "win32":
        return _windows_battery()
    return linux_battery(_LINUX)


def linux_battery(folder: Path) -> Battery | None:
    """Read the kernel's files (its ABI sysfs-class-power); several batteries count as one."""
    charges: list[int] = []
    is_plugged_in = False
    for supply in sorted(folder.glob("*"))[:32]:
        kind = _word(supply / "type")
        if kind == "Mains" and _word(supply / "online") == "1":
            is_plugged_in = True
        # Mice and headsets have batteries as well, and say so.
        if kind == "Battery" and _word(supply / "scope") != "Device":
            charge = _word(supply / "capacity")
            if charge.isascii() and charge.isdigit():
                charges.append(min(int(charge), 100))
            is_plugged_in = is_plugged_in or _word(supply / "status") in ("Charging", "Full")
    return Battery(sum(charges) // len(charges), is_plugged_in) if charges else None


def _word(file: Path) -> str:
    try:
        return file.read_text("ascii", "replace")[:40].strip()
    except OSError:
        return ""


def _windows_battery() -> Battery | None:
    """Ask GetSystemPowerStatus (winbase.h)."""
    if sys.platform == "win32":
        import ctypes

        class Status(ctypes.Structure):
            _fields_ = (
                ("ac_line", ctypes.c_ubyte),
                ("flags", ctypes.c_ubyte),
                ("percent", ctypes.c_ubyte),
                ("saver", ctypes.c_ubyte),
                ("seconds_left", ctypes.c_ulong),
                ("seconds_full", ctypes.c_ulong),
            )

        status = Status()
        is_told = ctypes.windll.kernel32.GetSystemPowerStatus(ctypes.byref(status))
        if is_told and status.percent != _UNKNOWN:
            return Battery(min(status.percent, 100), status.ac_line == 1)
    return None
