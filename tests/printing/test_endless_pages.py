"""A page of a strange PDF that has more drawn than there is time for ends soon, and says so."""

import io
from time import monotonic

import pytest
from PIL import ImageChops
from reportlab.pdfgen.canvas import Canvas

from stojnica.printing import scanned_page
from stojnica.printing.render import page_image
from stojnica.printing.scanned_page import BadScanError, scanned_pages


def pdf_with(content: bytes) -> bytes:
    """Give a PDF of one A4 page with this content."""
    return (
        b"%%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
        b"2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
        b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R>>endobj\n"
        b"4 0 obj<</Length %d>>stream\n%s\nendstream endobj\ntrailer<</Root 1 0 R>>" % (len(content), content)
    )


def test_a_page_that_is_painted_over_without_end_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    # Given a page that fills itself two hundred thousand times, half a minute's work
    monkeypatch.setattr(scanned_page, "LONGEST_S", 0.5)
    endless = pdf_with(b"q 1 0 0 1 0 0 cm 0 0 595 842 re f Q " * 200_000)

    begun = monotonic()
    (found,) = scanned_pages(endless)

    assert isinstance(found, BadScanError)
    assert found.reason == "slow"
    assert monotonic() - begun < 15


def test_a_page_that_is_drawn_in_time_looks_the_same() -> None:
    paper = io.BytesIO()
    canvas = Canvas(paper)
    canvas.setFillColorRGB(0.8, 0.1, 0.1)
    canvas.drawString(100, 700, "Prijavnica B-017")
    canvas.rect(100, 300, 200, 100, fill=1)
    canvas.save()

    hurried = page_image(paper.getvalue(), dpi=80, longest_s=30)

    assert ImageChops.difference(hurried, page_image(paper.getvalue(), dpi=80)).getbbox() is None
