"""A code is one path of runs, at the level that reads best, and never smaller than a phone reads."""

import pytest
import zxingcpp
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from stojnica.printing.qr import LONGEST_PAYLOAD, QrCode, encode_qr


def painted(code: QrCode, scale: int = 4) -> Image.Image:
    side = (code.modules + 8) * scale
    image = Image.new("L", (side, side), 255)
    for column, row, length in code.runs:
        left, top = (column + 4) * scale, (row + 4) * scale
        image.paste(0, (left, top, left + length * scale, top + scale))
    return image


@settings(max_examples=25, deadline=None)
@given(st.text(st.characters(min_codepoint=33, max_codepoint=126), min_size=1, max_size=120))
def test_the_runs_are_the_code(payload: str) -> None:
    code = encode_qr(payload)

    found = zxingcpp.read_barcodes(painted(code))

    assert [barcode.text for barcode in found] == [payload]


def test_level_m_without_a_logo_and_h_with_one() -> None:
    payload = "https://example.org/tabori?utm_source=lupa"

    plain, with_logo = encode_qr(payload), encode_qr(payload, has_logo=True)

    assert (plain.level, with_logo.level) == ("M", "H")
    assert zxingcpp.read_barcodes(painted(plain))[0].ec_level == "M"
    assert zxingcpp.read_barcodes(painted(with_logo))[0].ec_level == "H"
    assert with_logo.modules > plain.modules


def test_the_same_payload_is_made_once() -> None:
    assert encode_qr("https://example.org/a") is encode_qr("https://example.org/a")


def test_the_known_sizes_at_the_smallest_module() -> None:
    # From the facts of the field: with quiet zone at 0.4 mm, 29 characters take 14.8 mm, 121 take 21.2 mm.
    for length, width_mm in ((29, 14.8), (121, 21.2)):
        code = encode_qr("https://example.org/".ljust(length, "a"))
        assert (code.modules + 8) * 0.4 == pytest.approx(width_mm)


@pytest.mark.parametrize("payload", ["", "a" * (LONGEST_PAYLOAD + 1)])
def test_an_empty_or_endless_payload_is_refused(payload: str) -> None:
    with pytest.raises(ValueError, match="payload"):
        encode_qr(payload)
