"""Thin straight lines: to write on, or to cut along."""

from dataclasses import dataclass

from stojnica.printing.colour import Colour


@dataclass(frozen=True, slots=True)
class RuleMark:
    """Print a thin straight line; one to cut along is dashed."""

    start: tuple[float, float]
    end: tuple[float, float]
    colour: Colour
    is_cut: bool
