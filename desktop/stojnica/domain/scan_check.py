"""Does a code scanner, which is a keyboard to the computer, type what is printed?"""

from collections.abc import Iterable
from enum import StrEnum

MAX_SCAN = 2_000
_SWAPPED = str.maketrans("yzYZ", "zyZY")
_ADDRESSES = ("http://", "https://")


class ScanVerdict(StrEnum):
    """Name what a scanned text says about the scanner."""

    NOTHING = "nothing"
    FINE = "fine"
    LAYOUT = "layout"
    CAPITALS = "capitals"
    COMPARE = "compare"


def judge_scan(text: str, known: Iterable[str] = ()) -> ScanVerdict:
    """Judge a text that a scanner typed as for a US keyboard; `known` are addresses that our codes lead to.

    A web address shows all that can go wrong: `:` and `/` lie elsewhere on most keyboards, and y and z change
    places on Slovene, German and Croatian ones. Of another code only its own print tells.
    """
    scanned = text.strip()[:MAX_SCAN]
    if not scanned:
        return ScanVerdict.NOTHING
    if not scanned.isascii() or not scanned.isprintable():
        return ScanVerdict.LAYOUT
    addresses = [address for address in known if address]
    for address in addresses:
        if not scanned.startswith(address) and scanned.translate(_SWAPPED).startswith(address):
            return ScanVerdict.LAYOUT
    if scanned.startswith(_ADDRESSES):
        return ScanVerdict.FINE
    if scanned.lower().startswith(_ADDRESSES):
        return ScanVerdict.CAPITALS
    if scanned.lower().startswith("http"):
        return ScanVerdict.LAYOUT
    return ScanVerdict.COMPARE
