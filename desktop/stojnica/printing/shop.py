"""A flyer for a print shop: room to cut, boxes that say where, and the four inks of its press."""

import io
from functools import cache, lru_cache

from PIL import Image, ImageFilter
from reportlab.lib.colors import CMYKColor, Color
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from stojnica.printing.flyer import FlyerContent, describe, draw_piece
from stojnica.printing.fonts import PRESS, REGULAR, register_fonts
from stojnica.printing.inks import inks_of, nearest_inks
from stojnica.printing.marks import Layout
from stojnica.printing.template import Sheet, Template
from stojnica.printing.typesetting import POINTS_PER_MM as MM

BLEED_MM = 3.0
MARKS_MM = 8.0
_GAP_MM = 1.0
_TABLE_STEPS = 7
_ALL_INKS = CMYKColor(1, 1, 1, 1)


def draw_for_shop(
    content: FlyerContent, layouts: tuple[Layout, ...], template: Template, *, has_marks: bool = False
) -> bytes:
    """Draw each side of one piece on a page of its own, with bleed, and marks outside it where wanted.

    The same input gives the same bytes. Nothing can be pressed: shops refuse files with annotations.
    """
    width, height = template.trim_mm[0] * MM, template.trim_mm[1] * MM
    bleed = BLEED_MM * MM
    room = bleed + (MARKS_MM * MM if has_marks else 0.0)
    with PRESS:
        register_fonts()
        target = io.BytesIO()
        size = (width + 2 * room, height + 2 * room)
        canvas = _FourInks(
            target,
            pagesize=size,
            initialFontName=REGULAR,
            pageCompression=1,
            lang=content.language,
            invariant=1,
        )
        describe(canvas, content)
        canvas.setTrimBox((room, room, room + width, room + height))
        canvas.setBleedBox((room - bleed, room - bleed, room + width + bleed, room + height + bleed))
        sheet = Sheet(template.trim_mm, 1, 1, frame_mm=-BLEED_MM, radius_mm=0)
        for layout in layouts:
            canvas.saveState()
            _keep_inside(canvas, room - bleed, width + 2 * bleed, height + 2 * bleed)
            canvas.translate(room, room)
            draw_piece(canvas, layout, template, sheet)
            canvas.restoreState()
            if has_marks:
                _draw_marks(canvas, room, width, height)
            canvas.showPage()
        canvas.save()
        return target.getvalue()


def _keep_inside(canvas: Canvas, corner: float, width: float, height: float) -> None:
    path = canvas.beginPath()
    path.rect(corner, corner, width, height)
    canvas.clipPath(path, stroke=0, fill=0)


def _draw_marks(canvas: Canvas, room: float, width: float, height: float) -> None:
    """Draw where to cut, outside the bleed, so that no mark stays on a piece cut a little off."""
    canvas.setStrokeColor(_ALL_INKS)
    canvas.setLineWidth(0.25)
    near, far = (BLEED_MM + _GAP_MM) * MM, (BLEED_MM + MARKS_MM - _GAP_MM) * MM
    for x in (room, room + width):
        for edge, way in ((room, -1), (room + height, 1)):
            canvas.line(x, edge + way * near, x, edge + way * far)
    for y in (room, room + height):
        for edge, way in ((room, -1), (room + width, 1)):
            canvas.line(edge + way * near, y, edge + way * far, y)


class _FourInks(Canvas):  # type: ignore[misc] # reportlab has no types.
    """A canvas that prints every colour and picture with cyan, magenta, yellow and black."""

    def setFillColor(self, colour: Color, alpha: float | None = None) -> None:
        super().setFillColor(_in_inks(colour), alpha)

    def setStrokeColor(self, colour: Color, alpha: float | None = None) -> None:
        super().setStrokeColor(_in_inks(colour), alpha)

    def setFillGray(self, gray: float, alpha: float | None = None) -> None:
        super().setFillColor(CMYKColor(0, 0, 0, 1 - gray), alpha)

    def setStrokeGray(self, gray: float, alpha: float | None = None) -> None:
        super().setStrokeColor(CMYKColor(0, 0, 0, 1 - gray), alpha)

    def drawImage(self, image: ImageReader, *places: float, **how: object) -> object:
        return super().drawImage(_picture_in_inks(image), *places, **how)


def _in_inks(colour: Color) -> CMYKColor:
    if isinstance(colour, CMYKColor):
        return colour
    return CMYKColor(*inks_of(colour.red, colour.green, colour.blue))


@lru_cache(maxsize=8)
def _picture_in_inks(reader: ImageReader) -> ImageReader:
    picture: Image.Image = reader._image
    if picture.mode == "L":
        # Print in black alone: one ink, as strong as nearest to the grey that is seen.
        none = Image.new("L", picture.size)
        black = picture.point(
            [round(inks_of(grey / 255, grey / 255, grey / 255)[3] * 255) for grey in range(256)]
        )
        return ImageReader(Image.merge("CMYK", (none, none, none, black)))
    picture = picture.convert("RGB")
    inks = picture.filter(_ink_table()).split()
    return ImageReader(Image.merge("CMYK", inks))


@cache
def _ink_table() -> ImageFilter.Color3DLUT:
    """Give the inks of a few hundred colours; what lies between them is mixed of its neighbours."""
    return ImageFilter.Color3DLUT.generate(
        _TABLE_STEPS,
        lambda red, green, blue: nearest_inks((red, green, blue)),
        channels=4,
        target_mode="RGBA",
    )
