"""Photos: bounded before anything is decoded, cropped to fill, and without what a camera writes in.

A JPEG can be decoded at an eighth of its size, so a very large one costs little memory; other files are
refused by what their header says.
"""

import io
import warnings
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import lru_cache

from PIL import ExifTags, Image, ImageOps
from PIL.JpegImagePlugin import JpegImageFile
from reportlab.lib.utils import ImageReader

from stojnica.printing.svg import BadSvgError, Drawing, is_svg, read_layers, read_svg, write_svg

LARGEST_BYTES = 64 * 1024 * 1024
MOST_PIXELS = 40_000_000
"""What is decoded at most; a photo of a phone has 12 to 50 million, and a JPEG of these is halved first."""
LEAST_DPI = 200
BEST_DPI = 300
STORED_SIDE, STORED_BYTES = 1_800, 450_000
"""How a photo travels in the office's document: enough for A4 across."""
LOGO_SIDE, ARTWORK_SIDE = 900, 1_400
_LEAST_SIDE = 8
_JPEG = b"\xff\xd8"
_MM = 25.4
# EXIF 2.32, 4.6.4: which edge of the picture is its top.
_TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}


class BadPhotoError(Exception):
    """Tell that bytes are no picture that can be printed; `reason` is "size", "pixels" or "damaged"."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Photo:
    """Hold a photo cropped for its place, and how many dots an inch it has there."""

    dpi: float
    image: ImageReader = field(repr=False, compare=False)


@lru_cache(maxsize=8)
def photo_for(data: bytes, width_mm: float, height_mm: float, *, is_grey: bool = False) -> Photo:
    """Crop a photo from its middle to fill a place, as sharp as paper can show.

    Raises:
        BadPhotoError: it is too large, of another format than JPEG and PNG, or damaged.
    """
    wanted = (round(width_mm / _MM * BEST_DPI), round(height_mm / _MM * BEST_DPI))
    picture = open_picture(data, max(wanted))
    ratio = width_mm / height_mm
    across = min(picture.width, picture.height * ratio)
    dpi = across / width_mm * _MM
    size = wanted if dpi > BEST_DPI else (max(1, round(across)), max(1, round(across / ratio)))
    filled = ImageOps.fit(picture, size, Image.Resampling.LANCZOS)
    if is_grey:
        filled = filled.convert("L")
    return Photo(min(dpi, BEST_DPI), ImageReader(io.BytesIO(_jpeg(filled, 88))))


def stored_photo(data: bytes) -> bytes:
    """Give a photo as it travels in the office's document: a JPEG without place, camera or name in it.

    Raises:
        BadPhotoError: as in `photo_for`.
    """
    picture = open_picture(data, STORED_SIDE)
    picture.thumbnail((STORED_SIDE, STORED_SIDE), Image.Resampling.LANCZOS)
    for quality in (84, 76, 66):
        stored = _jpeg(picture, quality)
        if len(stored) <= STORED_BYTES:
            return stored
    picture.thumbnail((STORED_SIDE * 2 // 3, STORED_SIDE * 2 // 3), Image.Resampling.LANCZOS)
    return _jpeg(picture, 66)


def stored_logo(data: bytes) -> bytes:
    """Give a logo as it travels in the office's document: shapes alone, or a PNG that keeps what is clear.

    Raises:
        BadPhotoError: as in `photo_for`; of an SVG, `reason` is what it holds besides shapes.
    """
    return _stored(data, read_svg, LOGO_SIDE)


def stored_artwork(data: bytes) -> bytes:
    """Give artwork as it travels in the office's document; what is half clear in a drawing stays so.

    Raises:
        BadPhotoError: as in `stored_logo`.
    """
    if data.startswith(_JPEG):
        return stored_photo(data)
    stored = _stored(data, read_layers, ARTWORK_SIDE)
    return stored if len(stored) <= STORED_BYTES else _stored(data, read_layers, ARTWORK_SIDE // 2)


def _stored(data: bytes, read: Callable[[bytes], Drawing], side: int) -> bytes:
    if is_svg(data):
        try:
            return write_svg(read(data))
        except BadSvgError as error:
            raise BadPhotoError(f"svg {error.what}") from error
    picture = open_picture(data, side, keep_transparency=True)
    picture.thumbnail((side, side), Image.Resampling.LANCZOS)
    target = io.BytesIO()
    picture.save(target, "PNG", optimize=True)
    return target.getvalue()


def _jpeg(picture: Image.Image, quality: int) -> bytes:
    target = io.BytesIO()
    picture.save(target, "JPEG", quality=quality, optimize=True)
    return target.getvalue()


def open_picture(data: bytes, wanted_side: int, *, keep_transparency: bool = False) -> Image.Image:
    """Decode within bounds, upright, in RGB or RGBA, and with nothing but the pixels.

    Raises:
        BadPhotoError: it is too large, of another format than JPEG and PNG, or damaged.
    """
    if not 0 < len(data) <= LARGEST_BYTES:
        raise BadPhotoError("size")
    try:
        with warnings.catch_warnings():
            # What a camera wrote about the picture may be damaged: it isn't kept anyway.
            warnings.simplefilter("ignore", UserWarning)
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            if data.startswith(_JPEG):
                # Not Image.open: it refuses by the size on paper what `draft` makes small.
                picture: Image.Image = JpegImageFile(io.BytesIO(data))
                _bounded(picture, MOST_PIXELS if picture.info.get("progressive") else MOST_PIXELS * 16)
                picture.draft("RGB", (wanted_side, wanted_side))
            else:
                picture = Image.open(io.BytesIO(data), formats=("PNG",))
            _bounded(picture, MOST_PIXELS)
            return _plain(_upright(picture), keep_transparency=keep_transparency)
    except BadPhotoError:
        raise
    except (Image.DecompressionBombError, Image.DecompressionBombWarning, MemoryError) as error:
        raise BadPhotoError("pixels") from error
    except Exception as error:  # Its decoders raise what a stranger's bytes make of their calls.
        raise BadPhotoError("damaged") from error


def _bounded(picture: Image.Image, most: int) -> None:
    if picture.width * picture.height > most or min(picture.size) < _LEAST_SIDE:
        raise BadPhotoError("pixels")


def _upright(picture: Image.Image) -> Image.Image:
    """Turn a picture as the camera was held; one whose notes can't be read stays as it is.

    Not `ImageOps.exif_transpose`: it writes all notes anew, and what is wrong in one of them ends it with
    errors of any kind.
    """
    try:
        turn = _TURNS.get(picture.getexif().get(ExifTags.Base.Orientation, 1))
    except Exception:  # noqa: BLE001 - its reader raises what a stranger's bytes make of it
        turn = None
    return picture if turn is None else picture.transpose(turn)


def _plain(picture: Image.Image, *, keep_transparency: bool) -> Image.Image:
    if "A" not in picture.getbands() and "transparency" not in picture.info:
        plain = picture.convert("RGB")
    else:
        plain = picture.convert("RGBA")
        if not keep_transparency:
            on_white = Image.new("RGB", plain.size, "white")
            on_white.paste(plain, mask=plain)
            plain = on_white
    plain.info.clear()
    return plain
