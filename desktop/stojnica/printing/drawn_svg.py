"""A logo on a page: a picture, or a drawing as paths."""

from reportlab.lib.colors import Color
from reportlab.pdfgen.canvas import Canvas
from reportlab.pdfgen.pathobject import PDFPathObject

from stojnica.printing.logo import Logo
from stojnica.printing.svg import Drawing, Shape

_EVEN_ODD, _NON_ZERO = 0, 1


def draw_logo(canvas: Canvas, logo: Logo, x: float, y: float, width: float, height: float) -> None:
    """Draw a logo as large as it fits into a place, in its middle; in points."""
    if logo.drawing is None:
        canvas.drawImage(logo.image, x, y, width, height, preserveAspectRatio=True)
    else:
        draw_svg(canvas, logo.drawing, x, y, width, height)


def draw_svg(canvas: Canvas, drawing: Drawing, x: float, y: float, width: float, height: float) -> None:
    """Draw it as large as it fits into a place, in its middle; in points."""
    scale = min(width / drawing.width, height / drawing.height)
    canvas.saveState()
    left, upper = x + (width - drawing.width * scale) / 2, y + (height + drawing.height * scale) / 2
    canvas.translate(left, upper)
    canvas.scale(scale, -scale)
    for shape in drawing.shapes:
        _draw_shape(canvas, shape)
    canvas.restoreState()


def _draw_shape(canvas: Canvas, shape: Shape) -> None:
    if shape.fill is not None:
        canvas.setFillColor(Color(shape.fill.red, shape.fill.green, shape.fill.blue))
    if shape.stroke is not None:
        canvas.setStrokeColor(Color(shape.stroke.red, shape.stroke.green, shape.stroke.blue))
        canvas.setLineWidth(shape.stroke_width)
    canvas.drawPath(
        _path(shape),
        stroke=int(shape.stroke is not None),
        fill=int(shape.fill is not None),
        fillMode=_EVEN_ODD if shape.is_even_odd else _NON_ZERO,
    )


def _path(shape: Shape) -> PDFPathObject:
    path = PDFPathObject()
    for step in shape.steps:
        if step.kind == "M":
            path.moveTo(*step.points[0])
        elif step.kind == "L":
            path.lineTo(*step.points[0])
        elif step.kind == "C":
            path.curveTo(*(value for point in step.points for value in point))
        else:
            path.close()
    return path
