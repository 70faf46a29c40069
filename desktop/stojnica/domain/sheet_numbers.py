"""Numbers in a sheet beside those of printed slips: digits alone may be a slip's, or count the rows."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from stojnica.domain.slip_number import SlipNumber, read_slip_number
from stojnica.domain.slip_run import SlipRun


@dataclass(frozen=True, slots=True)
class BareNumbers:
    """Hold how many rows have digits alone where slips of these `letters` could be meant.

    `example` is one as it stands in the sheet, `on_paper` how the slip would have it.
    """

    count: int
    example: str
    on_paper: str
    letters: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class StrayNumbers:
    """Hold how many rows have a number of no printed slip; `on_paper` is what such a number looks like."""

    count: int
    example: str
    on_paper: str


def bare_numbers(written: Iterable[str], runs: Sequence[SlipRun]) -> BareNumbers | None:
    """Tell whether digits alone could be numbers of printed slips; None when they can't.

    Nobody but a person knows: a sheet that counts its own rows looks the same, and a slip linked to the
    wrong row would never be typed in.
    """
    letters: set[str] = set()
    rows = [(text, _could_be(text, runs)) for text in written]
    meant = [(text, numbers) for text, numbers in rows if numbers]
    if not meant:
        return None
    for _text, numbers in meant:
        letters.update(number.letter for number in numbers)
    example, numbers = meant[0]
    return BareNumbers(len(meant), example, str(numbers[0]), tuple(sorted(letters)))


def numbers_as_printed(written: Iterable[str], runs: Sequence[SlipRun], letter: str) -> dict[str, str]:
    """Give the printed number for digits alone, once somebody said which letter they lack."""
    found: dict[str, str] = {}
    for text in written:
        number = next((item for item in _could_be(text, runs) if item.letter == letter), None)
        if number is not None:
            found[text] = str(number)
    return found


def stray_numbers(written: Iterable[str], runs: Sequence[SlipRun]) -> StrayNumbers | None:
    """Give the numbers that no printed slip has; None where all have one, or nothing was printed."""
    if not runs:
        return None
    strays = [text for text in written if not _is_printed(text, runs)]
    if not strays:
        return None
    could_be = _could_be(strays[0], runs)
    looks = could_be[0] if could_be else SlipNumber(runs[0].letter, runs[0].first)
    return StrayNumbers(len(strays), strays[0], str(looks))


def _is_printed(text: str, runs: Sequence[SlipRun]) -> bool:
    number = read_slip_number(text).value
    return number is not None and any(run.has(number) for run in runs)


def _could_be(text: str, runs: Sequence[SlipRun]) -> tuple[SlipNumber, ...]:
    digits = text.rstrip(".")
    if not digits.isascii() or not digits.isdigit():
        return ()
    letters = dict.fromkeys(run.letter for run in runs)
    numbers = (read_slip_number(digits, letter).value for letter in letters)
    return tuple(number for number in numbers if number is not None and any(run.has(number) for run in runs))
