"""The modules of a QR code with the mask that reads best, found on whole numbers, not module by module.

ISO/IEC 18004 defines eight masks, and a code names its own in the format information: readers take any, so
that one fixed mask would be valid too. But large areas of one colour, and what looks like the squares in the
corners, read worse from poor paper; so the standard has an encoder try all eight and keep the one with the
fewest penalty points (its clause on data masking). That is done here; it chooses as the package qrcode does.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from qrcode import QRCode
from qrcode.util import create_data, mask_func

MASKS = 8
_RUN_PENALTY, _BLOCK_PENALTY, _CORNER_PENALTY, _SHARE_PENALTY = 2, 3, 40, 10
_WITH_VERSION = 7  # From there on the version itself is written into the code.


def qr_rows(payload: str, level: int) -> list[str]:
    """Give the rows from the top, each as "1" for a dark module and "0" for a light one.

    Raises:
        qrcode.exceptions.DataOverflowError: no code is large enough.
    """
    maker = QRCode(error_correction=level, border=0)
    maker.add_data(payload)
    frame = _frame(maker.best_fit(), level)
    placed = frame.placed(create_data(maker.version, level, maker.data_list))
    down = frame.turned(placed)
    # At equal points the first one is kept.
    best = min(
        range(MASKS),
        key=lambda mask: frame.penalty(placed ^ frame.masks[mask], down ^ frame.masks_down[mask]),
    )
    return frame.rows(placed ^ frame.masks[best] | _format(maker.version, level, best))


@dataclass(frozen=True, slots=True)
class _Frame:
    """Hold what all codes of a version and level share.

    A matrix is one number: its highest bit is the first module of the first row.
    `blank` has the fixed patterns and room for the rest, `order` the place of each bit of the data.
    For each mask, `masks` has what it changes; `masks_down` has the same read by columns.
    """

    side: int
    blank: str
    order: tuple[int, ...]
    masks: tuple[int, ...]
    masks_down: tuple[int, ...]

    def placed(self, codewords: list[int]) -> int:
        """Give the matrix with its data, unmasked, and without its format."""
        bits = "".join(f"{codeword:08b}" for codeword in codewords)
        modules = list(self.blank)
        # Where the data ends before the modules do, these stay light.
        for place, bit in zip(self.order, bits, strict=False):
            modules[place] = bit
        return int("".join(modules), 2)

    def rows(self, matrix: int) -> list[str]:
        """Give a matrix as texts."""
        text = f"{matrix:0{self.side**2}b}"
        return [text[begin : begin + self.side] for begin in range(0, len(text), self.side)]

    def turned(self, matrix: int) -> int:
        """Give a matrix read by columns."""
        return _turned(matrix, self.side)

    def penalty(self, matrix: int, down: int) -> int:
        """Count the points of a masked matrix, which comes by rows and by columns."""
        dark = matrix.bit_count()
        share = int(abs(dark / self.side**2 * 100 - 50) / 5)
        by_lines = _line_penalty(matrix, self.side) + _line_penalty(down, self.side)
        return by_lines + _block_penalty(matrix, self.side) + _SHARE_PENALTY * share


def _line_penalty(matrix: int, side: int) -> int:
    """Count runs of five and more of one colour, and what looks like the square in a corner."""
    alike = ~(matrix ^ matrix >> 1) & _columns(side, 1)
    fives = alike & alike >> 1 & alike >> 2 & alike >> 3
    points = fives.bit_count() + _RUN_PENALTY * (fives & ~(fives << 1)).bit_count()
    light = matrix ^ (1 << side * side) - 1
    four = light & light >> 1 & light >> 2 & light >> 3
    corner = matrix & light >> 1 & matrix >> 2 & matrix >> 3 & matrix >> 4 & light >> 5 & matrix >> 6
    corners = (corner >> 4 & four | four >> 7 & corner) & _columns(side, 10)
    return points + _CORNER_PENALTY * corners.bit_count()


def _block_penalty(matrix: int, side: int) -> int:
    """Count squares of two by two modules of one colour; they may overlap."""
    alike = ~(matrix ^ matrix >> 1) & _columns(side, 1)
    return _BLOCK_PENALTY * (alike & alike >> side & ~(matrix ^ matrix >> side)).bit_count()


@lru_cache(maxsize=64)
def _columns(side: int, fewer: int) -> int:
    """Mark the modules that have at least so many to their left in the same row."""
    return int(("0" * fewer + "1" * (side - fewer)) * side, 2)


def _turned(matrix: int, side: int) -> int:
    text = f"{matrix:0{side**2}b}"
    return int("".join(text[column::side] for column in range(side)), 2)


@lru_cache(maxsize=32)
def _frame(version: int, level: int) -> _Frame:
    side = version * 4 + 17
    maker = _empty(version, level)
    for row, column in ((0, 0), (side - 7, 0), (0, side - 7)):
        maker.setup_position_probe_pattern(row, column)
    maker.setup_position_adjust_pattern()
    maker.setup_timing_pattern()
    _write_format(maker, 0, is_blank=True)
    order = tuple(_order(maker.modules))
    blank = "".join("1" if module else "0" for row in maker.modules for module in row)
    free = int("".join("1" if module is None else "0" for row in maker.modules for module in row), 2)
    masks = tuple(_mask(mask, free, side) for mask in range(MASKS))
    return _Frame(side, blank, order, masks, tuple(_turned(mask, side) for mask in masks))


def _empty(version: int, level: int) -> QRCode:
    maker = QRCode(version=version, error_correction=level, border=0)
    side = maker.modules_count = version * 4 + 17
    maker.modules = [[None] * side for _row in range(side)]
    return maker


def _write_format(maker: QRCode, mask: int, *, is_blank: bool) -> None:
    maker.setup_type_info(is_blank, mask)
    if maker.version >= _WITH_VERSION:
        maker.setup_type_number(is_blank)


@lru_cache(maxsize=64)
def _format(version: int, level: int, mask: int) -> int:
    """Mark the dark modules that name version, level and mask."""
    maker = _empty(version, level)
    _write_format(maker, mask, is_blank=False)
    return int("".join("1" if module else "0" for row in maker.modules for module in row), 2)


def _mask(mask: int, free: int, side: int) -> int:
    """Mark the modules that a mask changes: all masks repeat after twelve rows and six columns."""
    is_changed = mask_func(mask)
    tile = ["".join("1" if is_changed(row, column) else "0" for column in range(6)) for row in range(12)]
    rows = [(line * (side // 6 + 1))[:side] for line in tile]
    return int("".join(rows[row % 12] for row in range(side)), 2) & free


def _order(modules: list[list[bool | None]]) -> Iterator[int]:
    """Give the free places as data is laid: two columns at a time from the right, up and down by turns."""
    side = len(modules)
    is_up = True
    for right in (*range(side - 1, 6, -2), 5, 3, 1):
        for step in range(side):
            row = side - 1 - step if is_up else step
            for column in (right, right - 1):
                if modules[row][column] is None:
                    yield row * side + column
        is_up = not is_up
