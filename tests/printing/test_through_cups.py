"""Through a real print system: what comes out of the queue is measured, and its codes are scanned again."""

import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import zxingcpp
from tests.printing.cups_server import PrintSystem

from stojnica.printing.check import Behind, checked_flyer
from stojnica.printing.flyer import FlyerContent
from stojnica.printing.render import page_count, page_image, page_size_mm
from stojnica.printing.ruler_page import CODE_TEXT, make_ruler_page
from stojnica.printing.template_file import load_template
from stojnica.services.printer_watch import PrinterWatch
from stojnica.services.printers import STOPPED, CupsPrinters
from stojnica.services.tasks import ImmediateRunner

HERE = Path(__file__).parent


@pytest.fixture
def cups(monkeypatch: pytest.MonkeyPatch) -> Iterator[PrintSystem]:
    system = PrintSystem()
    try:
        system.start()
        monkeypatch.setenv("CUPS_SERVER", system.address)
        yield system
    finally:
        system.stop()


def print_like_the_window(
    cups: PrintSystem,
    file: Path,
    copies: int = 1,
    edge: str = "",
    stop_after: int = 0,
    *,
    vanishes: bool = False,
) -> None:
    child = [sys.executable, str(HERE / "child_printing.py"), str(file), cups.queue]
    subprocess.run(
        [*child, str(copies), edge, str(stop_after), "vanishes" if vanishes else ""],
        env={**cups.environ, "QT_QPA_PLATFORM": "offscreen", "PYTHONPATH": os.pathsep.join(sys.path)},
        check=True,
        timeout=60,
    )


def codes_in(pdf: bytes, page: int = 0) -> list[str]:
    return [found.text for found in zxingcpp.read_barcodes(page_image(pdf, page, 300))]


@pytest.fixture
def sheet(content: FlyerContent, tmp_path: Path) -> Path:
    path = tmp_path / "letaki.pdf"
    path.write_bytes(checked_flyer(content, 4).printable_pdf())
    return path


def test_a_saved_sheet_printed_from_elsewhere_can_be_scanned(
    cups: PrintSystem, sheet: Path, content: FlyerContent
) -> None:
    cups.ask("lp", "-d", cups.queue, "-t", "Letaki", str(sheet))

    ((pdf, (title, *_rest)),) = cups.printed()
    assert title == "Letaki"
    assert codes_in(pdf) == [content.url] * 4
    assert page_size_mm(pdf) == pytest.approx((210, 297), abs=0.5)


def test_a_sheet_printed_from_the_window_can_be_scanned_and_measures_what_it_should(
    cups: PrintSystem, sheet: Path, content: FlyerContent
) -> None:
    print_like_the_window(cups, sheet)

    ((pdf, (title, *_rest)),) = cups.printed()
    assert title == "Letaki"
    assert page_size_mm(pdf) == pytest.approx((210, 297), abs=0.5)
    assert codes_in(pdf) == [content.url] * 4
    # The flags are as high as they were made: nothing was fitted to any margin.
    assert flag_mm(pdf) == pytest.approx(flag_mm(sheet.read_bytes()), abs=0.2)


def flag_mm(pdf: bytes) -> float:
    """Measure the first flag's height at its left edge, where no stars are; ten pixels a millimetre."""
    picture = page_image(pdf, 0, 254)
    column = [picture.getpixel((106, y)) for y in range(picture.height // 2)]
    blue = [
        y
        for y, pixel in enumerate(column)
        if isinstance(pixel, tuple) and pixel[0] < 12 and abs(pixel[2] - 0x99) < 12
    ]
    return (blue[-1] - blue[0] + 1) / 10


def test_copies_and_both_sides_reach_the_printer(
    cups: PrintSystem, content: FlyerContent, tmp_path: Path
) -> None:
    behind = replace(content, url="https://example.org/back")
    path = tmp_path / "both.pdf"
    both = checked_flyer(content, 4, load_template("promise", "A6"), None, Behind(behind, "short"))
    path.write_bytes(both.pdf)

    print_like_the_window(cups, path, copies=3, edge="short")

    ((pdf, (_title, copies, options)),) = cups.printed()
    assert page_count(pdf) == 2 or page_count(pdf) == 6
    assert codes_in(pdf, 0) == [content.url] * 4
    assert codes_in(pdf, 1) == ["https://example.org/back"] * 4
    assert copies == "3" or page_count(pdf) == 6
    assert "two-sided-short-edge" in options or "DuplexTumble" in options


def test_a_job_that_is_stopped_half_way_leaves_nothing_in_the_queue(
    cups: PrintSystem, content: FlyerContent, tmp_path: Path
) -> None:
    path = tmp_path / "long.pdf"
    path.write_bytes(checked_flyer(content, 4, pieces=12).pdf)

    print_like_the_window(cups, path, stop_after=2)

    assert cups.jobs() == []
    assert cups.ask("lpstat", "-W", "all", "-o") == ""
    assert list(cups.out.iterdir()) == []


def test_an_empty_drawer_is_said_in_words_and_the_job_comes_out_once_it_is_filled(
    cups: PrintSystem, sheet: Path, content: FlyerContent
) -> None:
    told: list[str] = []
    (cups.out / "empty").touch()

    print_like_the_window(cups, sheet)
    PrinterWatch(ImmediateRunner(), CupsPrinters()).watch(
        cups.queue, lambda message: told.append(message.what)
    )

    assert told == ["The printer Pisarna has the pages, and doesn't print: there is no paper in it."]
    assert len(cups.jobs()) == 1
    (cups.out / "empty").unlink()
    ((pdf, _about),) = cups.printed()
    assert codes_in(pdf) == [content.url] * 4


def test_a_stopped_queue_is_said_in_words(cups: PrintSystem, sheet: Path) -> None:
    cups.ask("cupsdisable", cups.queue)
    cups.ask("lp", "-d", cups.queue, str(sheet))
    told: list[str] = []

    PrinterWatch(ImmediateRunner(), CupsPrinters()).watch(
        cups.queue, lambda message: told.append(message.what)
    )

    found = CupsPrinters().printers()
    assert found is not None
    printer = found.named(cups.queue)
    assert printer is not None
    assert printer.trouble == STOPPED
    assert told[0].endswith("it was stopped in the settings of this computer.")


def test_the_test_page_measures_what_its_ruler_says(cups: PrintSystem, tmp_path: Path) -> None:
    path = tmp_path / "ruler.pdf"
    path.write_bytes(make_ruler_page())

    print_like_the_window(cups, path)

    ((pdf, _about),) = cups.printed()
    picture = page_image(pdf, 0, 254, is_grey=True)
    assert codes_in(pdf) == [CODE_TEXT]
    dark = picture.point(lambda value: 255 if value < 128 else 0)
    # Ten pixels a millimetre: the frame's left and upper side, and the ruler's ends.
    left, upper, right, lower = dark.getbbox() or (0, 0, 0, 0)
    assert (left, upper) == pytest.approx((50, 50), abs=3)
    assert (right, lower) == pytest.approx((2050, 2920), abs=3)
    row = picture.height - 1900
    ruler = dark.crop((100, row - 3, 2000, row + 4)).getbbox() or (0, 0, 0, 0)
    assert ruler[2] - ruler[0] == pytest.approx(1800, abs=4)
    upright = dark.crop((147, 1900, 154, 2900)).getbbox() or (0, 0, 0, 0)
    assert upright[3] - upright[1] == pytest.approx(800, abs=4)


def test_a_printer_that_vanishes_in_mid_job_is_said_to_be_gone(cups: PrintSystem, sheet: Path) -> None:
    print_like_the_window(cups, sheet, vanishes=True)
    told: list[str] = []

    PrinterWatch(ImmediateRunner(), CupsPrinters()).watch(
        cups.queue, lambda message: told.append(message.text)
    )

    assert told == [
        "The printer Pisarna is gone, and has not printed the pages. Nothing is lost. "
        "Connect it again or choose another one, and print again."
    ]
    assert list(cups.out.iterdir()) == []
