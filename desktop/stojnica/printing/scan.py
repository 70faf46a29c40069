"""Codes in a rendered page, as phones meet them: sharp, out of focus, held askew, and in poor light."""

from collections.abc import Iterator

import zxingcpp
from PIL import Image, ImageFilter

BLUR_MM = 0.15  # A third of the smallest module: a phone that hasn't found its focus yet.
ASKEW_DEGREES = 7
BLURRED, ASKEW, PALE = "blurred", "askew", "pale"
# More than the quiet zone of the smallest module, so that what stands beside a code is in the trial too.
_AROUND_MM = 3.0
_MM_PER_INCH = 25.4
_WHITE = 255
# Black to a quarter, white to three quarters: half the contrast.
_HALF_CONTRAST = [64 + value // 2 for value in range(256)]


def codes_in(picture: Image.Image) -> list[str]:
    """Read all QR codes of a picture, in the order of the page."""
    return [code.text for code in _found(picture)]


def failed_trials(picture: Image.Image, dpi: float, most: int | None = None) -> tuple[str, ...]:
    """Name the trials in which a code that is read from the sharp page is read no more; grey pictures alone.

    Each code, or the first so many, is tried with what stands around it: blurred, turned by 7° and at half
    contrast.
    """
    failed: dict[str, None] = {}
    for code in _found(picture)[:most]:
        around = _around(picture, code, dpi)
        for name, tried in _trials(around, dpi):
            if code.text not in codes_in(tried):
                failed[name] = None
    return tuple(failed)


def _trials(picture: Image.Image, dpi: float) -> Iterator[tuple[str, Image.Image]]:
    yield BLURRED, picture.filter(ImageFilter.GaussianBlur(BLUR_MM * dpi / _MM_PER_INCH))
    yield ASKEW, picture.rotate(ASKEW_DEGREES, Image.Resampling.BILINEAR, expand=True, fillcolor=_WHITE)
    yield PALE, picture.point(_HALF_CONTRAST)


def _around(picture: Image.Image, code: zxingcpp.Barcode, dpi: float) -> Image.Image:
    place = code.position
    corners = (place.top_left, place.top_right, place.bottom_left, place.bottom_right)
    margin = round(_AROUND_MM * dpi / _MM_PER_INCH)
    across, down = [point.x for point in corners], [point.y for point in corners]
    return picture.crop(
        (
            max(0, min(across) - margin),
            max(0, min(down) - margin),
            min(picture.width, max(across) + margin),
            min(picture.height, max(down) + margin),
        )
    )


def _found(picture: Image.Image) -> list[zxingcpp.Barcode]:
    # Made anew each time: one that outlives the interpreter makes the library complain on stderr.
    formats = zxingcpp.BarcodeFormats([zxingcpp.BarcodeFormat.QRCode])
    return list(zxingcpp.read_barcodes(picture, formats=formats))
