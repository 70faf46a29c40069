"""The bare means beside the pieces of Stojnica: reportlab as it comes, with one form, and qrcode.

What is seen is the same: each fill, line of text, code, emblem, box and rule at its place, cut lines, and
compressed streams. What isn't there is what Stojnica adds: kerning, links, metadata, the check of anything.
"""

import io
from collections.abc import Iterable, Sequence

import qrcode
from reportlab import rl_config
from reportlab.lib.colors import Color
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

from stojnica.printing.colour import Colour
from stojnica.printing.emblem import draw_emblem
from stojnica.printing.fonts import FACES, SEMIBOLD
from stojnica.printing.marks import CodeMark, DiscMark, EmblemMark, FillMark, Layout, LineMark
from stojnica.printing.slip_paper import CODE_MM, BoxMark, RuleMark, SlipLayout
from stojnica.printing.slip_sheet import NUMBER_PT
from stojnica.resources import resource

MM = 72 / 25.4
A4 = (210 * MM, 297 * MM)
MASK = 3


def register() -> None:
    """Make the faces known under names of their own, before anything is measured."""
    rl_config.useA85 = 0
    for face in FACES:
        pdfmetrics.registerFont(TTFont(f"Bare-{face}", str(resource("fonts", f"{face}.ttf"))))


def same_code(layout: Layout, piece_mm: tuple[float, float], pieces: int) -> bytes:
    """Repeat one form, four on each page of A4."""
    target = io.BytesIO()
    canvas = Canvas(target, pagesize=A4, pageCompression=1)
    canvas.beginForm("piece")
    _draw(canvas, layout.marks, piece_mm)
    canvas.endForm()
    for _sheet in range(pieces // 4):
        for left, bottom in _places():
            canvas.saveState()
            canvas.translate(left, bottom)
            canvas.doForm("piece")
            canvas.restoreState()
        _cut(canvas)
    canvas.save()
    return target.getvalue()


def own_codes(layout: SlipLayout, texts: Sequence[tuple[str, str]]) -> bytes:
    """Repeat one form, four on each page of A4, and put on each piece its number and its own code."""
    target = io.BytesIO()
    canvas = Canvas(target, pagesize=A4, pageCompression=1)
    canvas.beginForm("piece")
    _draw(canvas, layout.marks, layout.paper.piece_mm)
    canvas.endForm()
    for begin in range(0, len(texts), 4):
        for (left, bottom), (number, payload) in zip(_places(), texts[begin : begin + 4], strict=False):
            canvas.saveState()
            canvas.translate(left, bottom)
            canvas.doForm("piece")
            canvas.setFont(f"Bare-{SEMIBOLD}", NUMBER_PT)
            canvas.drawRightString(layout.number_right, layout.number_baseline, number)
            _draw_code(canvas, payload, layout.code_x, layout.code_y, CODE_MM * MM)
            canvas.restoreState()
        _cut(canvas)
    canvas.save()
    return target.getvalue()


def _places() -> tuple[tuple[float, float], ...]:
    across, up = A4[0] / 2, A4[1] / 2
    return ((0, up), (across, up), (0, 0), (across, 0))


def _cut(canvas: Canvas) -> None:
    canvas.setDash(3, 3)
    canvas.setLineWidth(0.3)
    canvas.line(A4[0] / 2, 0, A4[0] / 2, A4[1])
    canvas.line(0, A4[1] / 2, A4[0], A4[1] / 2)
    canvas.showPage()


def _draw_code(canvas: Canvas, payload: str, x: float, y: float, side: float) -> None:
    """Draw each row's dark runs into one path; the mask is fixed, so that none is searched for."""
    maker = qrcode.QRCode(error_correction=qrcode.ERROR_CORRECT_M, border=0, mask_pattern=MASK)
    maker.add_data(payload)
    maker.make(fit=True)
    rows = maker.get_matrix()
    module = side / len(rows)
    path = canvas.beginPath()
    for down, row in enumerate(rows):
        column = 0
        while column < len(row):
            first = column
            while column < len(row) and row[column]:
                column += 1
            if column > first:
                path.rect(
                    x + first * module, y + side - (down + 1) * module, (column - first) * module, module
                )
            column += 1
    canvas.setFillColorRGB(0, 0, 0)
    canvas.drawPath(path, stroke=0, fill=1)


def _draw(canvas: Canvas, marks: Iterable[object], piece_mm: tuple[float, float]) -> None:
    for mark in marks:
        match mark:
            case FillMark():
                area = mark.area
                canvas.setFillColor(_ink(mark.colour))
                bottom = piece_mm[1] - area.top - area.height
                place = (value * MM for value in (area.left, bottom, area.width, area.height))
                canvas.rect(*place, stroke=0, fill=1)
            case LineMark():
                canvas.setFillColor(_ink(mark.colour))
                canvas.setFont(f"Bare-{mark.face}", mark.size)
                canvas.drawString(mark.x, mark.y, mark.text)
            case DiscMark():
                canvas.setFillColor(_ink(mark.colour))
                canvas.circle(mark.x, mark.y, mark.radius, stroke=0, fill=1)
            case CodeMark():
                _draw_code(canvas, mark.code.payload, mark.x, mark.y, mark.side)
            case EmblemMark():
                draw_emblem(canvas, mark.x, mark.y, mark.height, mono=mark.is_mono, on_colour=mark.on_colour)
            case BoxMark():
                canvas.roundRect(mark.x, mark.y, mark.side, mark.side, 0.8, stroke=1, fill=0)
            case RuleMark():
                canvas.line(mark.x, mark.y, mark.x + mark.length, mark.y)
            case _:
                raise TypeError(type(mark))


def _ink(colour: Colour) -> Color:
    return Color(colour.red, colour.green, colour.blue)
