"""Scans of paper, from whatever device: made small and plain, and searched for the codes on them.

What is kept is a JPEG drawn anew: no metadata, no script, nothing that hides behind what is seen.
"""

import io
from collections.abc import Iterator
from dataclasses import dataclass, field

from PIL import Image

from stojnica.printing.photo import STORED_SIDE, BadPhotoError, stored_photo
from stojnica.printing.render import UnreadablePdfError, page_count, page_image, page_size_mm
from stojnica.printing.scan import codes_in

MOST_PAGES = 200
_PDF = b"%PDF-"
_MM_PER_INCH = 25.4
_MOST_DPI = 200.0
LONGEST_S = 20.0
"""How long one page may take to draw; a scan takes a tenth of a second."""


class BadScanError(Exception):
    """Tell that a file is no scan that can be kept.

    `reason` is "size", "pixels", "pages", "slow" or "damaged".
    """

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class ScannedPage:
    """Hold one page as it is kept (JPEG), and the texts of the codes on it."""

    jpeg: bytes = field(repr=False)
    codes: tuple[str, ...]


def scanned_pages(data: bytes) -> Iterator[ScannedPage | BadScanError]:
    """Give the pages of a JPEG, a PNG or a PDF, one at a time; a page that can't be drawn gives its error.

    Raises:
        BadScanError: the file as a whole is none of these, is damaged, or too large.
    """
    if not data.startswith(_PDF):
        yield _kept(data)
        return
    try:
        count = page_count(data)
    except UnreadablePdfError as error:
        raise BadScanError(str(error)) from error
    if count > MOST_PAGES:
        raise BadScanError("pages")
    for page in range(count):
        yield _of_pdf(data, page)


def _of_pdf(data: bytes, page: int) -> ScannedPage | BadScanError:
    try:
        longest_mm = max(page_size_mm(data, page))
        dpi = min(_MOST_DPI, STORED_SIDE / max(longest_mm, 1.0) * _MM_PER_INCH)
        picture = io.BytesIO()
        page_image(data, page, dpi, longest_s=LONGEST_S).save(picture, "PNG", compress_level=1)
        return _kept(picture.getvalue())
    except UnreadablePdfError as error:
        return BadScanError(str(error))
    except BadScanError as error:
        return error


def _kept(data: bytes) -> ScannedPage:
    try:
        jpeg = stored_photo(data)
    except BadPhotoError as error:
        raise BadScanError(error.reason) from error
    with Image.open(io.BytesIO(jpeg), formats=("JPEG",)) as picture:
        return ScannedPage(jpeg, tuple(codes_in(picture.convert("L"))))
