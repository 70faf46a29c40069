"""QR codes as one vector path, made once for each payload."""

import re
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property, lru_cache

from qrcode.constants import ERROR_CORRECT_H, ERROR_CORRECT_M
from qrcode.exceptions import DataOverflowError
from reportlab.lib.colors import Color
from reportlab.pdfgen.canvas import Canvas

from stojnica.printing.drawn_svg import draw_logo
from stojnica.printing.logo import Logo
from stojnica.printing.qr_matrix import qr_rows

QUIET_MODULES = 4  # ISO/IEC 18004: white on every side.
LEAST_MODULE_MM = 0.4  # What a phone reads from paper at arm's length.
LONGEST_PAYLOAD = 500  # Bytes.
LARGEST_LOGO = 0.2  # Of the side: a twenty-fifth of the modules, of which level H misses seven.
_DARK = re.compile("1+")


@dataclass(frozen=True)
class QrCode:
    """Hold one code: its side in modules, and its dark runs as (column, row from the top, length)."""

    payload: str
    level: str
    modules: int
    runs: tuple[tuple[int, int, int], ...]

    @cached_property
    def operators(self) -> str:
        """Give all runs as one path, in units of a module: one fill leaves no seams between the rows."""
        return " ".join(
            f"{column} {self.modules - row - 1} {length} 1 re" for column, row, length in self.runs
        )

    @property
    def logo_modules(self) -> int:
        """Give the side, in modules, of what a logo may cover in the middle; 0 below level H."""
        if self.level != "H":
            return 0
        most = int(self.modules * LARGEST_LOGO)
        # A code has an odd number of modules: so has what lies in its middle.
        return most if most % 2 else most - 1

    def module_mm(self, side_mm: float) -> float:
        """Give the size of one module when the dark square has this side, quiet zone not counted."""
        return side_mm / self.modules

    def quiet_mm(self, side_mm: float) -> float:
        """Give how much must stay white on every side of the dark square."""
        return QUIET_MODULES * self.module_mm(side_mm)


@lru_cache(maxsize=64)
def encode_qr(payload: str, *, has_logo: bool = False) -> QrCode:
    """Make the code for a payload; level M reads best at equal size, H where a logo covers a part.

    Raises:
        ValueError: the payload is empty or too long to be read from paper.
    """
    if not 0 < len(payload.encode()) <= LONGEST_PAYLOAD:
        raise ValueError("payload")
    try:
        rows = qr_rows(payload, ERROR_CORRECT_H if has_logo else ERROR_CORRECT_M)
    except DataOverflowError as error:
        raise ValueError("payload") from error
    runs = tuple(
        (run.start(), number, run.end() - run.start())
        for number, row in enumerate(rows)
        for run in _DARK.finditer(row)
    )
    return QrCode(payload, "H" if has_logo else "M", len(rows), runs)


def fitting_qr(payload: str, side_mm: float, *, wants_logo: bool = False) -> QrCode:
    """Make the code for a payload at this side: with room for a logo only while its modules are large enough.

    Raises:
        ValueError: as `encode_qr`.
    """
    if wants_logo:
        with suppress(ValueError):
            code = encode_qr(payload, has_logo=True)
            if code.module_mm(side_mm) >= LEAST_MODULE_MM:
                return code
    return encode_qr(payload)


def draw_qr(canvas: Canvas, code: QrCode, x: float, y: float, side: float, colour: Color) -> None:
    """Draw the dark square with its lower left corner at x, y, in points; the quiet zone is the caller's."""
    module = side / code.modules
    canvas.setFillColor(colour)
    # As plain operators: the canvas would format each number anew, and copy its whole state.
    canvas.addLiteral(f"q {module:.6f} 0 0 {module:.6f} {x:.4f} {y:.4f} cm {code.operators} f Q")


def draw_qr_logo(canvas: Canvas, code: QrCode, logo: Logo, x: float, y: float, side: float) -> None:
    """Draw a logo on white in the middle of a drawn code, a quarter of a module inside what it may cover.

    Raises:
        ValueError: the code's level has nothing to spare for it.
    """
    if not code.logo_modules:
        raise ValueError(code.level)
    module = side / code.modules
    covered = code.logo_modules * module
    left, bottom = x + (side - covered) / 2, y + (side - covered) / 2
    canvas.setFillColor(Color(1, 1, 1))
    canvas.rect(left, bottom, covered, covered, stroke=0, fill=1)
    inset = module / 4
    place = (left + inset, bottom + inset, covered - 2 * inset, covered - 2 * inset)
    draw_logo(canvas, logo, *place)
