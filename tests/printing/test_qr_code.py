"""A code is one path of runs, at the level that reads best, and never smaller than a phone reads."""

import pytest
import qrcode
import zxingcpp
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image
from qrcode.constants import ERROR_CORRECT_H, ERROR_CORRECT_M

from stojnica.printing.qr import LONGEST_PAYLOAD, QrCode, encode_qr
from stojnica.printing.qr_matrix import qr_rows


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


@settings(max_examples=40, deadline=None)
@given(st.text(min_size=1, max_size=110), st.sampled_from([ERROR_CORRECT_M, ERROR_CORRECT_H]))
def test_each_module_is_as_qrcode_sets_it_with_the_best_of_all_masks(payload: str, level: int) -> None:
    slow = qrcode.QRCode(error_correction=level, border=0)
    slow.add_data(payload)
    slow.make(fit=True)

    rows = qr_rows(payload, level)

    assert rows == ["".join("01"[bool(module)] for module in row) for row in slow.get_matrix()]


@pytest.mark.parametrize("length", [1, 14, 62, 90, 122, 213, 430, LONGEST_PAYLOAD])
def test_codes_of_all_sizes_are_read(length: int) -> None:
    payload = "https://example.org/"[:length].ljust(length, "a")

    codes = [encode_qr(payload), encode_qr(payload, has_logo=True)]

    for code in codes:
        assert [found.text for found in zxingcpp.read_barcodes(painted(code))] == [payload]


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
