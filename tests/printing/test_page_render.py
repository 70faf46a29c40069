"""Pages become pictures for previews and printers, within bounds, from any thread."""

import io
from concurrent.futures import ThreadPoolExecutor

import pytest
from PIL import Image

from stojnica.printing.flyer import FlyerContent, make_flyer
from stojnica.printing.render import UnreadablePdfError, page_count, page_png, page_size_mm, render_page


def test_a_page_is_rows_of_three_bytes_a_pixel(content: FlyerContent) -> None:
    bitmap = render_page(make_flyer(content), 0, 72 * 2)

    assert (bitmap.width, bitmap.height) == (596, 840)
    assert len(bitmap.rgb) == bitmap.width * bitmap.height * 3
    assert bitmap.rgb[:3] == bytes((0x0B, 0x6E, 0x63))
    assert bitmap.rgb[-3:] == b"\xff\xff\xff"


def test_a_png_knows_its_resolution(content: FlyerContent) -> None:
    picture = Image.open(io.BytesIO(page_png(make_flyer(content), 0, 110)))

    assert picture.format == "PNG"
    assert picture.info["dpi"][0] == pytest.approx(110, abs=0.1)


def test_a_page_knows_its_size(content: FlyerContent) -> None:
    assert page_size_mm(make_flyer(content, 4)) == pytest.approx((210, 297), abs=0.01)
    with pytest.raises(UnreadablePdfError):
        page_size_mm(make_flyer(content), 1)


@pytest.mark.parametrize("pdf", [b"", b"%PDF-1.4\n", b"\x00" * 1000])
def test_what_is_no_pdf_is_refused(pdf: bytes) -> None:
    with pytest.raises(UnreadablePdfError):
        page_count(pdf)


def test_pages_and_sizes_out_of_bounds_are_refused(content: FlyerContent) -> None:
    pdf = make_flyer(content)

    for page, dpi in ((1, 72.0), (-1, 72.0), (0, 100_000.0), (0, 0.0)):
        with pytest.raises(UnreadablePdfError):
            render_page(pdf, page, dpi)


def test_many_threads_may_ask_at_once(content: FlyerContent) -> None:
    pdf = make_flyer(content)

    with ThreadPoolExecutor(4) as pool:
        pictures = set(pool.map(lambda _number: page_png(pdf, 0, 50), range(12)))

    assert len(pictures) == 1
