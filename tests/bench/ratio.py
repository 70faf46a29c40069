"""One measured ratio against the bare means, and the two ways of reading it."""

from typing import NamedTuple


class Ratio(NamedTuple):
    """Hold what was measured: both times in seconds, their ratio, and the aim in words."""

    name: str
    ours_s: float
    base_s: float
    ratio: float
    aim: str


class Note(NamedTuple):
    """Hold one line that is told beside the ratios, and has no aim."""

    text: str


def rate_of(name: str, ours_s: float, base_s: float, at_least: float) -> Ratio:
    """Compare rates: 1 is as fast as the base, 0.5 half as fast."""
    return Ratio(name, ours_s, base_s, base_s / ours_s, f"at least {at_least}")


def time_of(name: str, ours_s: float, base_s: float, at_most: float) -> Ratio:
    """Compare times: 1 is as fast as the base, 2 takes twice as long."""
    return Ratio(name, ours_s, base_s, ours_s / base_s, f"at most {at_most}")


def is_met(ratio: Ratio) -> bool:
    """Tell whether a ratio is where its aim wants it."""
    kind, _space, limit = ratio.aim.rpartition(" ")
    return ratio.ratio >= float(limit) if kind == "at least" else ratio.ratio <= float(limit)
