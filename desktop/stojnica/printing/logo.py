"""An organisation's picture or drawing: checked and bounded before anything is decoded."""

import io
import warnings
from dataclasses import dataclass, field, replace
from functools import lru_cache

from PIL import Image
from reportlab.lib.utils import ImageReader

from stojnica.printing.svg import BadSvgError, Drawing, is_svg, read_svg

LARGEST_BYTES = 4 * 1024 * 1024
MOST_PIXELS = 16_000_000
_KEPT_PIXELS = 900  # Enough for 8 mm × 40 mm at 600 dpi.


class BadLogoError(Exception):
    """Tell that bytes are no picture that can be printed."""


@dataclass(frozen=True, slots=True)
class Logo:
    """Hold a decoded picture and its size in pixels, or a drawing and its size."""

    width: float
    height: float
    image: ImageReader | None = field(repr=False, compare=False)
    drawing: Drawing | None = field(default=None, repr=False, compare=False)


@lru_cache(maxsize=8)
def read_logo(data: bytes, *, is_grey: bool = False) -> Logo:
    """Decode a PNG, JPEG or SVG; its size is checked from the header first, large ones are made smaller.

    Raises:
        BadLogoError: too large, another format, or damaged.
    """
    if not 0 < len(data) <= LARGEST_BYTES:
        raise BadLogoError("size")
    logo = _drawn(data) if is_svg(data) else _decoded(data)
    return in_grey(logo) if is_grey else logo


def _decoded(data: bytes) -> Logo:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            picture = Image.open(io.BytesIO(data), formats=("PNG", "JPEG"))
            if picture.width * picture.height > MOST_PIXELS or min(picture.size) < 8:
                raise BadLogoError("pixels")
            ready = picture.convert("RGBA")
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError, Warning) as error:
        raise BadLogoError("damaged") from error
    ready.thumbnail((_KEPT_PIXELS, _KEPT_PIXELS))
    on_white = Image.new("RGB", ready.size, "white")
    on_white.paste(ready, mask=ready)
    return Logo(on_white.width, on_white.height, ImageReader(on_white))


def _drawn(data: bytes) -> Logo:
    try:
        drawing = read_svg(data)
    except BadSvgError as error:
        raise BadLogoError("svg") from error
    return Logo(drawing.width, drawing.height, None, drawing)


def readable_logo(data: bytes | None, *, is_grey: bool = False) -> Logo | None:
    """Decode a picture, if there is one that can be."""
    try:
        return None if data is None else read_logo(data, is_grey=is_grey)
    except BadLogoError:
        return None


def in_grey(logo: Logo) -> Logo:
    """Give a picture or drawing for print in black alone: each colour as the grey that is as bright."""
    if logo.drawing is None:
        picture = logo.image._image.convert("L") if logo.image else None
        return replace(logo, image=picture and ImageReader(picture))
    shapes = (
        replace(shape, fill=shape.fill and shape.fill.grey, stroke=shape.stroke and shape.stroke.grey)
        for shape in logo.drawing.shapes
    )
    return replace(logo, drawing=replace(logo.drawing, shapes=tuple(shapes)))
