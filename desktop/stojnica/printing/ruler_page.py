"""A page to try a printer: does it scale, cut, smear or swap letters, and can its code be scanned?"""

import io

from reportlab.lib.colors import Color, HexColor
from reportlab.pdfgen.canvas import Canvas

from stojnica.i18n import current_language
from stojnica.i18n import gettext as _
from stojnica.printing.flyer import PROGRAM
from stojnica.printing.fonts import PRESS, REGULAR, SEMIBOLD, register_fonts
from stojnica.printing.qr import draw_qr, encode_qr
from stojnica.printing.typesetting import POINTS_PER_MM as MM

PAGE_MM = (210.0, 297.0)
FRAME_MM = 5.0
RULER_MM = 180
UPRIGHT_MM = 80
CODE_TEXT = "STOJNICA TEST 20 MM"
LETTERS = "č š ž ć đ ő ű ß ł · Č Š Ž Ć Đ Ő Ű"
_CODE_MM = 20.0
_LEFT_MM = 15.0
_INK = Color(0.106, 0.165, 0.2)
_GREYS = 10
_COLOURS = ("#0B6E63", "#F2B84B", "#B3261E", "#1B2A33", "#003399", "#FFCC00")


def make_ruler_page() -> bytes:
    """Make the PDF of one A4 page; the same bytes each time. Safe from any thread."""
    with PRESS:
        register_fonts()
        target = io.BytesIO()
        size = (PAGE_MM[0] * MM, PAGE_MM[1] * MM)
        canvas = Canvas(target, size, initialFontName=REGULAR, lang=current_language(), invariant=1)
        canvas.setTitle(_("Test page"))
        canvas.setCreator(PROGRAM)
        canvas.setProducer(PROGRAM)
        _draw_frame(canvas)
        _draw_words(canvas)
        _draw_ruler(canvas)
        _draw_greys(canvas)
        _draw_code(canvas)
        _draw_upright_ruler(canvas)
        canvas.showPage()
        canvas.save()
        return target.getvalue()


def _draw_frame(canvas: Canvas) -> None:
    canvas.setStrokeColor(_INK)
    canvas.setLineWidth(0.3)
    side = FRAME_MM * MM
    canvas.rect(side, side, (PAGE_MM[0] - 2 * FRAME_MM) * MM, (PAGE_MM[1] - 2 * FRAME_MM) * MM)


def _draw_words(canvas: Canvas) -> None:
    canvas.setFillColor(_INK)
    _write(canvas, _("Test page"), 268, SEMIBOLD, 24)
    for place, line in enumerate(
        (
            _("The frame is 5 mm from the edge: all four of its sides should be there."),
            _("The rulers are 180 and 80 mm long: if yours says less, switch off “fit to page”."),
            _("The ten greys should differ, and the code should be read by a phone."),
        )
    ):
        _write(canvas, line, 256 - 6.5 * place, REGULAR, 11)
    _write(canvas, LETTERS, 224, SEMIBOLD, 20)
    _write(canvas, LETTERS, 216, REGULAR, 7)


def _write(canvas: Canvas, text: str, bottom_mm: float, face: str, size: float) -> None:
    canvas.setFont(face, size)
    canvas.drawString(_LEFT_MM * MM, bottom_mm * MM, text)


def _draw_ruler(canvas: Canvas) -> None:
    bottom = 190.0
    canvas.setLineWidth(0.3)
    canvas.setFont(REGULAR, 8)
    canvas.line(_LEFT_MM * MM, bottom * MM, (_LEFT_MM + RULER_MM) * MM, bottom * MM)
    for millimetre in range(RULER_MM + 1):
        x = (_LEFT_MM + millimetre) * MM
        canvas.line(x, bottom * MM, x, (bottom + _tick_mm(millimetre)) * MM)
        if millimetre % 10 == 0:
            canvas.drawCentredString(x, (bottom + 7.5) * MM, str(millimetre))


def _draw_greys(canvas: Canvas) -> None:
    width = RULER_MM / _GREYS
    canvas.setFont(REGULAR, 8)
    for step in range(_GREYS):
        share = (step + 1) / _GREYS
        left = _LEFT_MM + step * width
        canvas.setFillGray(1 - share)
        canvas.rect(left * MM, 155 * MM, width * MM, 18 * MM, stroke=0, fill=1)
        canvas.setFillColor(_INK)
        canvas.drawCentredString((left + width / 2) * MM, 149 * MM, f"{share:.0%}".replace("%", "\u00a0%"))


def _draw_code(canvas: Canvas) -> None:
    side = _CODE_MM * MM
    draw_qr(canvas, encode_qr(CODE_TEXT), _LEFT_MM * MM, 112 * MM, side, _INK)
    for place, colour in enumerate(_COLOURS):
        canvas.setFillColor(HexColor(colour))
        canvas.rect((52.5 + place * 24.5) * MM, 112 * MM, side, side, stroke=0, fill=1)


def _draw_upright_ruler(canvas: Canvas) -> None:
    """Draw a second one: a printer may stretch the paper's way and not the other."""
    left, bottom = _LEFT_MM, 20.0
    canvas.setStrokeColor(_INK)
    canvas.setFillColor(_INK)
    canvas.setLineWidth(0.3)
    canvas.setFont(REGULAR, 8)
    canvas.line(left * MM, bottom * MM, left * MM, (bottom + UPRIGHT_MM) * MM)
    for millimetre in range(UPRIGHT_MM + 1):
        y = (bottom + millimetre) * MM
        canvas.line(left * MM, y, (left + _tick_mm(millimetre)) * MM, y)
        if millimetre % 10 == 0:
            canvas.drawString((left + 7.5) * MM, y - 2.8, str(millimetre))


def _tick_mm(millimetre: int) -> float:
    if millimetre % 10 == 0:
        return 6.0
    return 4.0 if millimetre % 5 == 0 else 2.5
