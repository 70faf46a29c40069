"""Pages of a PDF as pictures, for previews, for printers and for the check of a flyer."""

import atexit
import io
import math
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from time import monotonic

import pypdfium2
import pypdfium2.raw as pdfium
from PIL import Image

LARGEST_PDF_BYTES = 64 * 1024 * 1024
MOST_PIXELS = 80_000_000  # A4 at 600 dpi is 35 million.
# PDFium keeps state for the whole process: two threads in it at once end the program, and freeing what it
# made counts too. So there is one lock for all, and what is opened is closed by name inside it: what is left
# to Python's collector is freed at any time, on any thread.
_pdfium = threading.Lock()
# At the end of the program all that is open is freed, and then the library is taken down, under the feet of a
# daemon thread that still renders: wait for it, and let no other in. What is registered last runs first, so
# this comes after a first document, with which Python has registered what frees the open ones.
pypdfium2.PdfDocument.new().close()
_LONGEST_PAGE_S = 10
atexit.register(_pdfium.acquire, timeout=_LONGEST_PAGE_S)


@dataclass(frozen=True, slots=True)
class Bitmap:
    """Hold a picture: `rgb` has three bytes a pixel, row by row from the top, without padding."""

    width: int
    height: int
    rgb: bytes


class UnreadablePdfError(Exception):
    """Tell that bytes are no PDF, that there is no such page, or that the picture would be too large."""


@contextmanager
def opened_pdf(pdf: bytes) -> Iterator[pypdfium2.PdfDocument]:
    """Open a PDF for this thread alone: the only way to PDFium, and nothing of it is used after.

    Other threads wait; who holds one and asks for a second waits for ever.

    Raises:
        UnreadablePdfError: it is no PDF, or too large.
    """
    if len(pdf) > LARGEST_PDF_BYTES:
        raise UnreadablePdfError("size")
    with _pdfium:
        try:
            document = pypdfium2.PdfDocument(pdf)
        except pypdfium2.PdfiumError as error:
            raise UnreadablePdfError("damaged") from error
        try:
            yield document
        finally:
            document.close()


@contextmanager
def _leaf(document: pypdfium2.PdfDocument, page: int) -> Iterator[pypdfium2.PdfPage]:
    if not 0 <= page < len(document):
        raise UnreadablePdfError("page")
    try:
        leaf = document[page]
    except pypdfium2.PdfiumError as error:
        raise UnreadablePdfError("damaged") from error
    try:
        yield leaf
    finally:
        leaf.close()


def page_count(pdf: bytes) -> int:
    """Count the pages.

    Raises:
        UnreadablePdfError: it is no PDF.
    """
    with opened_pdf(pdf) as document:
        return len(document)


def page_image(
    pdf: bytes, page: int = 0, dpi: float = 150, *, is_grey: bool = False, longest_s: float | None = None
) -> Image.Image:
    """Render one page (0 is the first) on white, as a picture of its own memory.

    `longest_s` is for what others made: a page of few bytes can have more drawn than a day has time for, and
    everything else that is drawn would wait for it. Such a page has its colours.

    Raises:
        UnreadablePdfError: no PDF, no such page, too many pixels, or too slow.
    """
    with opened_pdf(pdf) as document, _leaf(document, page) as leaf:
        width, height = leaf.get_size()
        scale = dpi / 72
        if not 0 < math.ceil(width * scale) * math.ceil(height * scale) <= MOST_PIXELS:
            raise UnreadablePdfError("pixels")
        if longest_s is None:
            bitmap = leaf.render(scale=scale, grayscale=is_grey, rev_byteorder=not is_grey)
        else:
            bitmap = _drawn_in_time(leaf, (math.ceil(width * scale), math.ceil(height * scale)), longest_s)
        try:
            image: Image.Image = bitmap.to_pil()
            # The picture lies in PDFium's memory: it is copied before that is freed.
            return image.copy() if image.mode in ("L", "RGB") else image.convert("RGB")
        finally:
            bitmap.close()


def _drawn_in_time(leaf: pypdfium2.PdfPage, size: tuple[int, int], longest_s: float) -> pypdfium2.PdfBitmap:
    """Draw a page object by object, as long as there is time."""
    end = monotonic() + longest_s
    pause = pdfium.IFSDK_PAUSE(version=1)
    pause.NeedToPauseNow = type(pause.NeedToPauseNow)(lambda _pause: monotonic() > end)
    bitmap = pypdfium2.PdfBitmap.new_native(*size, pdfium.FPDFBitmap_BGR, rev_byteorder=True)
    pdfium.FPDFBitmap_FillRect(bitmap.raw, 0, 0, *size, 0xFFFFFFFF)
    flags = pdfium.FPDF_ANNOT | pdfium.FPDF_REVERSE_BYTE_ORDER
    try:
        state = pdfium.FPDF_RenderPageBitmap_Start(bitmap.raw, leaf.raw, 0, 0, *size, 0, flags, pause)
    finally:
        pdfium.FPDF_RenderPage_Close(leaf.raw)
    if state != pdfium.FPDF_RENDER_DONE:
        bitmap.close()
        raise UnreadablePdfError("slow" if state == pdfium.FPDF_RENDER_TOBECONTINUED else "damaged")
    return bitmap


def render_page(pdf: bytes, page: int = 0, dpi: float = 150) -> Bitmap:
    """Render one page (0 is the first) on white; safe from any thread, one page at a time.

    Raises:
        UnreadablePdfError: no PDF, no such page, or more than 80 million pixels.
    """
    image = page_image(pdf, page, dpi)
    return Bitmap(image.width, image.height, image.tobytes())


def page_png(pdf: bytes, page: int = 0, dpi: float = 110) -> bytes:
    """Render one page (0 is the first) as a PNG.

    Raises:
        UnreadablePdfError: as in `render_page`.
    """
    target = io.BytesIO()
    # Somebody waits for it, and it stays in memory: packing it tightly takes longer than drawing it.
    page_image(pdf, page, dpi).save(target, "PNG", dpi=(dpi, dpi), compress_level=1)
    return target.getvalue()


def page_size_mm(pdf: bytes, page: int = 0) -> tuple[float, float]:
    """Give width and height of one page (0 is the first) in mm.

    Raises:
        UnreadablePdfError: no PDF, or no such page.
    """
    with opened_pdf(pdf) as document:
        if not 0 <= page < len(document):
            raise UnreadablePdfError("page")
        width, height = document.get_page_size(page)
        return width / 72 * 25.4, height / 72 * 25.4
