"""The emblem of the European Union, drawn from its geometry.

Source: the Interinstitutional Style Guide, annex A1, "Graphics guide to the European emblem".
"""

import math
from functools import cache

from reportlab.lib.colors import Color, HexColor
from reportlab.pdfgen.canvas import Canvas
from reportlab.pdfgen.pathobject import PDFPathObject

WIDTH_TO_HEIGHT = 1.5
LEAST_HEIGHT_MM = 10.0  # In print, measured on the flag.
LEAST_ON_CARDS_MM = 5.0  # Cards may have it smaller; below this a star is under half a millimetre.
CLEAR_SPACE = 0.5  # Of the height, on every side.
BLUE = "#003399"
YELLOW = "#FFCC00"
BLUE_CMYK = (1.0, 0.8, 0.0, 0.0)  # Reflex Blue in four-colour print.
YELLOW_CMYK = (0.0, 0.2, 1.0, 0.0)
_CIRCLE = 1 / 3
_STAR = 1 / 18
_INNER = 0.381966  # Of the circumradius: where the arms of a pentagram cross.
_BORDER = 1 / 25  # Of the height: the white line around it on a coloured ground.
_OUTLINE = 1 / 60

Point = tuple[float, float]


def star_centres(height: float) -> tuple[Point, ...]:
    """Give the centres of the 12 stars, from twelve o'clock on, seen from the lower left corner."""
    middle = (WIDTH_TO_HEIGHT * height / 2, height / 2)
    hours = [math.radians(90 - 30 * hour) for hour in range(12)]
    return tuple(
        (middle[0] + _CIRCLE * height * math.cos(angle), middle[1] + _CIRCLE * height * math.sin(angle))
        for angle in hours
    )


def star(centre: Point, radius: float) -> tuple[Point, ...]:
    """Give the ten corners of an upright star, its tip first."""
    corners = []
    for corner in range(10):
        angle = math.radians(90 + 36 * corner)
        reach = radius if corner % 2 == 0 else radius * _INNER
        corners.append((centre[0] + reach * math.cos(angle), centre[1] + reach * math.sin(angle)))
    return tuple(corners)


def draw_emblem(
    canvas: Canvas, x: float, y: float, height: float, *, mono: bool = False, on_colour: bool = False
) -> None:
    """Draw the emblem with its lower left corner at x, y; all in points.

    `mono` is the version for print in black: outlined, with black stars on white.
    `on_colour` adds the white border that a coloured ground asks for, outside the flag.
    """
    width = WIDTH_TO_HEIGHT * height
    canvas.saveState()
    canvas.translate(x, y)
    if on_colour:
        border = height * _BORDER
        canvas.setFillColor(Color(1, 1, 1))
        canvas.rect(-border, -border, width + 2 * border, height + 2 * border, stroke=0, fill=1)
    if mono:
        line = height * _OUTLINE
        canvas.setFillColor(Color(1, 1, 1))
        canvas.setStrokeColor(Color(0, 0, 0))
        canvas.setLineWidth(line)
        # The outline lies inside, so that the flag measures what it should.
        canvas.rect(line / 2, line / 2, width - line, height - line, stroke=1, fill=1)
        canvas.setFillColor(Color(0, 0, 0))
    else:
        canvas.setFillColor(HexColor(BLUE))
        canvas.rect(0, 0, width, height, stroke=0, fill=1)
        canvas.setFillColor(HexColor(YELLOW))
    canvas.scale(height, height)
    canvas.drawPath(_stars(), stroke=0, fill=1)
    canvas.restoreState()


@cache
def _stars() -> PDFPathObject:
    """Draw all stars as one path, for a flag that is 1 high."""
    path = PDFPathObject()
    for centre in star_centres(1):
        tip, *corners = star(centre, _STAR)
        path.moveTo(*tip)
        for corner in corners:
            path.lineTo(*corner)
        path.close()
    return path
