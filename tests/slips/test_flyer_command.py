"""`stojnica flyer`: on both sides, for a print shop, as a picture."""

import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import zxingcpp
from PIL import Image

from stojnica.cli.main import main
from stojnica.printing.render import page_count, page_image, page_size_mm


@pytest.fixture
def flyer(
    place: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Callable[..., tuple[bytes, dict[str, Any]]]:
    """Give a call that makes a flyer; gives the file and what was said about it."""
    monkeypatch.setenv("LANG", "en_US.UTF-8")
    shared = ("--home", str(place.folder), "--passphrase-file", str(place.passphrase_file), "--json")

    def call(*options: str) -> tuple[bytes, dict[str, Any]]:
        out = tmp_path / "out"
        event = str(place.event.event_id)
        assert main(["flyer", "--event", event, "--out", str(out), *options, *shared]) == 0
        return out.read_bytes(), json.loads(capsys.readouterr().out)

    return call


def codes(picture: Image.Image) -> set[str]:
    return {code.text for code in zxingcpp.read_barcodes(picture)}


def test_both_sides_come_as_two_pages(flyer: Callable[..., Any]) -> None:
    pdf, said = flyer("--back", "en", "--up", "4", "--edge", "short")

    assert said["pages"] == page_count(pdf) == 2
    assert codes(page_image(pdf, 0, 200)) == {said["link"]}
    assert len(codes(page_image(pdf, 1, 200))) == 1


def test_a_print_shop_gets_bleed_and_marks_where_wanted(flyer: Callable[..., Any]) -> None:
    plain, _said = flyer("--shop")
    marked, _said = flyer("--marks")

    assert page_size_mm(plain) == pytest.approx((111, 154), abs=0.1)
    assert page_size_mm(marked) == pytest.approx((127, 170), abs=0.1)


def test_social_media_get_a_picture(flyer: Callable[..., Any]) -> None:
    png, said = flyer("--png")

    picture = Image.open(io.BytesIO(png))
    assert picture.size == (1080, 1350)
    assert codes(picture) == {said["link"]}


def test_for_print_in_black_alone_nothing_has_a_colour(flyer: Callable[..., Any]) -> None:
    coloured, _said = flyer()
    black, said = flyer("--black")

    page = page_image(black, 0, 100)
    assert codes(page) == {said["link"]}
    assert all(len(set(colour)) == 1 for _count, colour in page.getcolors(1 << 20))
    assert coloured != black


def test_two_kinds_of_file_at_once_are_a_wrong_call(place: Any, tmp_path: Path) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["flyer", "--event", str(place.event.event_id), "--out", "x", "--shop", "--png"])

    assert ended.value.code == 2
