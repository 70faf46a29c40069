"""Artwork: drawings and pictures of a template, in the colours of the piece that they are printed on."""

import hashlib
from functools import lru_cache

from PIL import Image
from reportlab.lib.utils import ImageReader

from stojnica.printing.colour import Colour
from stojnica.printing.logo import Logo, in_grey
from stojnica.printing.photo import BadPhotoError, open_picture
from stojnica.printing.svg import BadSvgError, is_svg, on_ground, read_layers

LARGEST_BYTES = 4 * 1024 * 1024
_KEPT_PIXELS = 1_800


def check_artwork(data: bytes) -> None:
    """Refuse what can't be printed, before anything is laid out.

    Raises:
        BadPhotoError: too large, another format, or damaged; of an SVG, what it holds besides shapes.
    """
    if len(data) > LARGEST_BYTES:
        raise BadPhotoError("size")
    if not is_svg(data):
        open_picture(data, _KEPT_PIXELS, keep_transparency=True)
        return
    try:
        read_layers(data)
    except BadSvgError as error:
        raise BadPhotoError(f"svg {error.what}") from error


Colours = tuple[tuple[Colour, Colour], ...]


@lru_cache(maxsize=16)
def artwork_name(data: bytes, ground: Colour, colours: Colours, *, is_grey: bool) -> str:
    """Name artwork in its colours, the same wherever it is printed."""
    return hashlib.sha256(data + repr((ground, colours, is_grey)).encode()).hexdigest()[:16]


@lru_cache(maxsize=16)
def read_artwork(data: bytes, ground: Colour, colours: Colours, *, is_grey: bool) -> Logo:
    """Give checked artwork as it looks on a ground, with these colours changed.

    Raises:
        BadPhotoError: as `check_artwork`.
    """
    if is_svg(data):
        try:
            drawing = on_ground(read_layers(data), ground, dict(colours))
        except BadSvgError as error:
            raise BadPhotoError(f"svg {error.what}") from error
        drawn = Logo(drawing.width, drawing.height, None, drawing)
    else:
        picture = open_picture(data, _KEPT_PIXELS, keep_transparency=True)
        picture.thumbnail((_KEPT_PIXELS, _KEPT_PIXELS), Image.Resampling.LANCZOS)
        below = tuple(round(part * 255) for part in (ground.red, ground.green, ground.blue))
        whole = Image.new("RGB", picture.size, below)
        whole.paste(picture, mask=picture if picture.mode == "RGBA" else None)
        drawn = Logo(whole.width, whole.height, ImageReader(whole))
    return in_grey(drawn) if is_grey else drawn
