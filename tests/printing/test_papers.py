"""Papers of A4: nothing is outside the margins, all can be searched, and the numbers of pages are right."""

import ctypes
import re
from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise

import pypdfium2.raw as pdfium
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stojnica.printing.attendance_list import MAX_ROWS, AttendanceList, make_attendance_list
from stojnica.printing.event_sheet import EventSheet, SheetFigure, SheetTable, make_event_sheet
from stojnica.printing.funding import FundingBand, funding_band
from stojnica.printing.half_hour_bars import DayOfBars, PaperBar
from stojnica.printing.name_badges import MAX_BADGES, Badges, make_badges
from stojnica.printing.paper import PaperHead
from stojnica.printing.render import opened_pdf
from stojnica.printing.typesetting import POINTS_PER_MM

LONG = "Mednarodni festival prostovoljstva, solidarnosti in šaljivih žabjih čarovnij " * 3
WORD = "Prostovoljskoorganizacijskoizobraževalnošaljivo" * 4
EDGE = 5 * POINTS_PER_MM


@pytest.fixture
def band() -> FundingBand:
    found = funding_band({"kind": "cofunded", "authority": {"sl": "EACEA"}}, "sl")
    assert found is not None
    return found


def head(band: FundingBand | None = None, title: str = "Festival LUPA") -> PaperHead:
    return PaperHead(
        title, "petek, 20. september", "Zavod Voluntariat", "lupa", "#0B6E63", "sl", funding=band
    )


def attendance(rows: int, band: FundingBand | None = None, title: str = "Festival LUPA") -> bytes:
    return make_attendance_list(
        AttendanceList(
            head(band, title),
            "S podpisom potrjuješ prisotnost.",
            "Št.",
            "Ime",
            "Podpis",
            rows,
            "Starost",
            ("pod 15", "15–17", "18–30", "31 in več"),
        )
    )


def sheet(
    *, days: int = 1, text: str = "Čebelarski krožek Žiri", rows: int = 4, count: int = 51,
    band: FundingBand | None = None, bars: tuple[PaperBar, ...] = (),
) -> bytes:  # fmt: skip
    bars = bars or tuple(PaperBar(count, count // 2, str(count), f"{hour}.00") for hour in range(10, 26))
    table = SheetTable(text, tuple((text, str(count)) for _row in range(rows)), text)
    return make_event_sheet(
        EventSheet(
            head=head(band, text),
            about=tuple((text, text) for _line in range(8)),
            figures=tuple(SheetFigure(str(count), text, text, count) for _figure in range(4)),
            chart_title=text,
            legend=("vsi", "pogovori"),
            days=tuple(DayOfBars(bars, text if days > 1 else "") for _day in range(days)),
            no_bars=text,
            chart_note=text,
            tables=(table, table, table, table, table),
            notes_title=text,
            notes=(text, text, text),
            signatures=("Kraj", "Ime", "Podpis"),
        )
    )


def badges(names: tuple[str, ...], band: FundingBand | None = None) -> bytes:
    words = Badges(names, "Prostovoljska ekipa", "Voluntariat", LONG, "Ekipa", "#0B6E63", "sl", band)
    return make_badges(words)


def words(pdf: bytes) -> list[str]:
    with opened_pdf(pdf) as document:
        return [page.get_textpage().get_text_bounded() for page in document]


def bounds_of(pdf: bytes) -> list[list[tuple[float, ...]]]:
    """Give where everything lies, page by page."""
    with opened_pdf(pdf) as document:
        return [[item.get_bounds() for item in page.get_objects()] for page in document]


def outside(pdf: bytes, edge: float = EDGE) -> list[tuple[int, tuple[float, ...]]]:
    """Give what is nearer to the edge of the paper than a printer of an office reaches."""
    found: list[tuple[int, tuple[float, ...]]] = []
    with opened_pdf(pdf) as document:
        sizes = [page.get_size() for page in document]
    for number, bounds in enumerate(bounds_of(pdf)):
        width, height = sizes[number]
        for left, bottom, right, top in bounds:
            if min(left, bottom, width - right, height - top) < edge - 0.6:
                found.append((number, (left, bottom, right, top)))
    return found


MADE: dict[str, Callable[[FundingBand], bytes]] = {
    "attendance": lambda band: attendance(MAX_ROWS, band),
    "attendance, long name": lambda band: attendance(41, band, LONG),
    "attendance, one long word": lambda band: attendance(1, None, WORD),
    "sheet": lambda band: sheet(band=band),
    "sheet of nine days": lambda band: sheet(days=9, band=band),
    "sheet of long names": lambda band: sheet(text=LONG, band=band),
    "sheet of long words": lambda band: sheet(text=WORD, band=band),
    "sheet of 200 countries": lambda band: sheet(rows=200, band=band),
    "sheet of large numbers": lambda band: sheet(count=9_999_999_999, band=band),
    "badges": lambda band: badges(tuple(f"Žaklina {n}" for n in range(23)), band),
    "badges, long names": lambda band: badges((WORD, LONG, "Đ"), band),
}


@pytest.mark.parametrize("name", MADE)
def test_nothing_is_where_a_printer_does_not_reach(name: str, band: FundingBand) -> None:
    pdf = MADE[name](band)

    assert outside(pdf) == []


@pytest.mark.parametrize("name", MADE)
def test_the_same_paper_is_the_same_bytes_with_its_fonts_inside(name: str, band: FundingBand) -> None:
    pdf = MADE[name](band)

    assert MADE[name](band) == pdf
    assert b"/FontFile2" in pdf
    assert b"/Lang" in pdf
    assert b"Helvetica" not in pdf


@pytest.mark.parametrize(
    ("rows", "with_band"), [(1, True), (20, True), (21, True), (200, True), (200, False)]
)
def test_every_row_is_there_once_and_pages_say_how_many(
    rows: int, with_band: bool, band: FundingBand
) -> None:
    found = words(attendance(rows, band if with_band else None))

    numbers = [line.strip() for text in found for line in text.splitlines() if line.strip().isdigit()]
    assert [int(number) for number in numbers] == list(range(1, rows + 1))
    for place, text in enumerate(found, start=1):
        assert f"{place} / {len(found)}" in text
        assert "S podpisom potrjuješ prisotnost." in text
        assert ("Sofinancira Evropska unija" in text) is with_band


def test_every_sheet_of_a_long_paper_carries_statement_and_disclaimer(band: FundingBand) -> None:
    found = words(sheet(days=9, band=band))

    assert len(found) > 2
    for text in found:
        assert band.statement in text
        assert band.disclaimer in " ".join(text.split())


def test_a_line_to_sign_never_stands_on_a_page_alone() -> None:
    for rows in range(1, 30):
        last = words(sheet(rows=rows))[-1]

        assert "Podpis" in last
        assert "Čebelarski krožek Žiri" in last.replace("\r\n", " ").partition("Zavod")[0]


def test_what_was_written_can_be_found_again(band: FundingBand) -> None:
    text = " ".join(" ".join(words(sheet(band=band))).split())

    assert "Čebelarski krožek Žiri" in text
    assert "Sofinancira Evropska unija" in text


def test_each_badge_has_a_name_or_a_line_and_its_own_emblem(band: FundingBand) -> None:
    first, second = words(badges(tuple(f"Žaklina{n}" for n in range(12)), band))

    assert [first.count(f"Žaklina{n}\r") for n in range(10)] == [1] * 10
    assert second.count("Prostovoljska ekipa") == 10
    assert first.count("Sofinancira Evropska unija") == second.count("Sofinancira Evropska unija") == 10


def test_an_unreadable_accent_gets_dark_letters() -> None:
    light = PaperHead("Festival", "", "Zavod", accent="#FFEE88")

    assert attendance(1) != make_attendance_list(AttendanceList(light, "", "", "", "", 1))


@pytest.mark.parametrize("rows", [0, -1, MAX_ROWS + 1])
def test_more_rows_than_anybody_signs_are_refused(rows: int) -> None:
    with pytest.raises(ValueError, match=str(rows)):
        attendance(rows)


def test_more_badges_than_a_team_has_are_refused() -> None:
    with pytest.raises(ValueError, match=str(MAX_BADGES + 1)):
        badges(("Ana",) * (MAX_BADGES + 1))


@settings(max_examples=25, deadline=None)
@given(st.text(max_size=120), st.integers(0, 10**9))
def test_whatever_a_name_holds_a_sheet_comes_out(text: str, count: int) -> None:
    assert outside(sheet(text=text, count=count)) == []


def test_a_long_name_of_an_event_stands_whole_in_the_head() -> None:
    name = "Mednarodni festival prostovoljstva, solidarnosti in šaljivih žabjih čarovnij ob Žižkovem mostu"

    first, second = words(attendance(30, title=name))

    assert name in " ".join(first.split())
    assert "Mednarodni festival" in second


LOGOS = {
    "wide": b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 400 40"><rect width="400" height="40" '
    b'fill="#B3261E"/></svg>',
    "tall": b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 40 400"><rect width="40" height="400" '
    b'fill="#B3261E"/></svg>',
}
RED = (0xB3, 0x26, 0x1E)


def reds_of(pdf: bytes) -> list[list[tuple[tuple[float, ...], bool]]]:
    """Give where everything lies, page by page, and whether it is filled with red."""

    def is_red(item: object) -> bool:
        channels = [ctypes.c_uint() for _channel in range(4)]
        pdfium.FPDFPageObj_GetFillColor(item, *channels)
        return tuple(channel.value for channel in channels[:3]) == RED

    with opened_pdf(pdf) as document:
        return [[(item.get_bounds(), is_red(item)) for item in page.get_objects()] for page in document]


def with_logo(kind: str, logo: bytes | None, band: FundingBand | None) -> bytes:
    if kind == "badges":
        words = Badges(("Ana",), "Ekipa", "Voluntariat", "LUPA", "Ekipa", "#0B6E63", "sl", band, logo)
        return make_badges(words)
    return make_attendance_list(
        AttendanceList(replace(head(band), logo=logo), "Podpiši se.", "Št.", "Ime", "Podpis", 40)
    )


@pytest.mark.parametrize("kind", ["badges", "attendance"])
@pytest.mark.parametrize("shape", LOGOS)
def test_the_logo_is_on_every_piece_and_never_larger_than_the_emblem(
    kind: str, shape: str, band: FundingBand
) -> None:
    for bounds in reds_of(with_logo(kind, LOGOS[shape], band)):
        flags = [item for item, _is_red in bounds if is_flag(item)]
        logos = [item for item, is_red in bounds if is_red]

        assert len(logos) == len(flags) == (10 if kind == "badges" else 1)
        for left, bottom, right, top in logos:
            assert right - left <= flags[0][2] - flags[0][0] + 0.01
            assert top - bottom <= flags[0][3] - flags[0][1] + 0.01
            for flag in flags:
                clear = (flag[3] - flag[1]) / 2 - 0.05
                beside = left >= flag[2] + clear or right <= flag[0] - clear
                assert beside or bottom >= flag[3] + clear or top <= flag[1] - clear
    assert outside(with_logo(kind, LOGOS[shape], band)) == []


@pytest.mark.parametrize("kind", ["badges", "attendance"])
def test_without_a_logo_and_with_one_that_nobody_can_read_the_name_stands_alone(
    kind: str, band: FundingBand
) -> None:
    assert with_logo(kind, b"no picture", band) == with_logo(kind, None, band)


def test_a_signature_has_room_for_a_hand(band: FundingBand) -> None:
    for bounds in bounds_of(attendance(41, band)):
        lines = {round(bottom, 1) for left, bottom, right, top in bounds if right - left > 400 and top < 700}
        rows = sorted(line for line in lines if line > 130)

        gaps = [upper - lower for lower, upper in pairwise(rows)]
        assert len(gaps) > 10
        assert min(gaps) >= 9 * POINTS_PER_MM


def test_the_head_of_the_list_is_repeated_on_every_page(band: FundingBand) -> None:
    found = words(attendance(100, band))

    assert len(found) > 4
    for text in found:
        for word in ("Festival LUPA", "Št.", "Ime", "Podpis", "31 in več"):
            assert word in text


@pytest.mark.parametrize("hours", [8, 22, 24])
def test_hours_below_the_bars_never_touch(hours: int) -> None:
    halves = [(half // 2, half % 2) for half in range(2 * hours)]
    bars = tuple(PaperBar(9, 4, "9", "" if late else f"{hour}.00") for hour, late in halves)

    with opened_pdf(sheet(bars=bars)) as document:
        page = document[0]
        written = page.get_textpage()
        boxes = sorted(item.get_bounds() for item in page.get_objects())
        found = [box for box in boxes if re.fullmatch(r"\d+\.00", written.get_text_bounded(*box).strip())]

    assert len(found) == (hours if hours < 22 else hours // 2)
    assert min(after[0] - before[2] for before, after in pairwise(found)) >= 6


def is_flag(bounds: tuple[float, ...]) -> bool:
    left, bottom, right, top = bounds
    height = top - bottom
    return height > 15 and abs((right - left) / height - 1.5) < 0.01 and height < 30


@pytest.mark.parametrize("name", [name for name in MADE if name != "attendance, one long word"])
def test_every_emblem_is_large_enough_and_nothing_comes_near_it(name: str, band: FundingBand) -> None:
    least = (6 if name.startswith("badges") else 10) * POINTS_PER_MM
    for bounds in bounds_of(MADE[name](band)):
        flags = [item for item in bounds if is_flag(item)]

        assert len(flags) == (10 if name.startswith("badges") else 1)
        for left, bottom, right, top in flags:
            assert top - bottom >= least - 0.01
            clear = (top - bottom) / 2 - 0.05
            near = [
                other
                for other in bounds
                if other[0] < right + clear
                and other[2] > left - clear
                and other[1] < top + clear
                and other[3] > bottom - clear
                and not (left <= other[0] and right >= other[2] and bottom <= other[1] and top >= other[3])
            ]
            assert near == []
