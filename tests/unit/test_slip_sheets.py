"""Any bytes become rows, or a clear sentence; no row is swallowed."""

import csv
import io
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stojnica.domain.errors import UserFacingError
from stojnica.services.slip_table import MAX_ROWS, SlipTable, parse_mapping, read_slips
from stojnica.services.slip_text import MAX_SHEET_BYTES, read_sheet_file, sheet_text

_HEAD = "št.;ime;priimek;e-pošta;telefon;starost;novice;klic;opomba"
_ROW = "001;Živa;Čuček;ziva@example.org;031 345 095;18–30;x;;Zdravo, svet"
_SHEET = f"{_HEAD}\r\n{_ROW}\r\n"


def _refused(data: bytes, mapping: dict[str, str] | None = None) -> UserFacingError:
    with pytest.raises(UserFacingError) as caught:
        read_slips(data, mapping)
    error = caught.value
    assert error.what
    assert error.safe
    assert error.next_step
    return error


def _values(table: SlipTable) -> list[dict[str, str]]:
    return [dict(row.values) for row in table.rows]


@pytest.mark.parametrize(
    ("data", "encoding"),
    [
        (_SHEET.encode("utf-8"), "utf-8"),
        (_SHEET.encode("utf-8-sig"), "utf-8"),
        (_SHEET.encode("cp1250"), "cp1250"),
        (b"\xff\xfe" + _SHEET.encode("utf-16-le"), "utf-16-le"),
        (b"\xfe\xff" + _SHEET.encode("utf-16-be"), "utf-16-be"),
        (_SHEET.encode("utf-16-le"), "utf-16"),
        (_SHEET.encode("utf-16-be"), "utf-16"),
        (_SHEET.replace("\r\n", "\n").encode(), "utf-8"),
        (_SHEET.replace("\r\n", "\r").encode(), "utf-8"),
    ],
)
def test_every_encoding_gives_the_same_row(data: bytes, encoding: str) -> None:
    table = read_slips(data)

    assert table.encoding == encoding
    assert table.rows[0].number == "001"
    assert table.rows[0].values["last_name"] == "Čuček"
    assert table.rows[0].values["purpose:newsletter"] == "x"
    assert "purpose:contact" not in table.rows[0].values
    assert table.rows[0].line == 2


@pytest.mark.parametrize("delimiter", [";", ",", "\t"])
@pytest.mark.parametrize("announced", [True, False])
def test_every_delimiter_is_found_by_the_headings(delimiter: str, announced: bool) -> None:
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=delimiter)
    writer.writerow(_HEAD.split(";"))
    writer.writerow(_ROW.split(";"))
    start = f"sep={delimiter}\r\n" if announced else ""

    table = read_slips((start + text.getvalue()).encode())

    assert table.delimiter == delimiter
    assert table.rows[0].values["remark"] == "Zdravo, svet"
    assert table.rows[0].line == 2 + announced


@pytest.mark.parametrize(
    "heading",
    [
        "No.;First name;Surname;E-mail;Phone;Age;Newsletter;Call;Remark",
        " ŠT. ; IME ;Priimek;E-Pošta;TELEFON;starost;Novice;klic;opomba",
        "stevilka;ime;priimek;eposta;gsm;starostna skupina;novice;klic;opombe",
    ],
)
def test_headings_are_known_in_two_languages_with_and_without_marks(heading: str) -> None:
    table = read_slips(f"{heading}\n{_ROW}\n".encode())

    assert set(table.fields.values()) == {
        *("number", "first_name", "last_name", "email", "phone", "age"),
        *("purpose:newsletter", "purpose:contact", "remark"),
    }


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"\x89PNG\r\n\x1a\n" + b"\0" * 50, "picture"),
        (b"\xff\xd8\xff\xe0\x00\x10JFIF", "picture"),
        (b"GIF89a....", "picture"),
        (b"BM\x36\x00\x00\x00\x00\x00", "picture"),
        (b"RIFF\x10\x00\x00\x00WEBPVP8 ", "picture"),
        (b"\x00\x00\x00\x18ftypheic\x00\x00", "picture"),
        (b"II*\x00\x08\x00", "picture"),
        (b"%PDF-1.7\n%\xe2\xe3", "pdf"),
        (b"PK\x03\x04....xl/workbook.xml", "spreadsheet"),
        (b"PK\x03\x04mimetypeapplication/vnd.oasis.opendocument.spreadsheet", "spreadsheet"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1", "spreadsheet"),
        (b"PK\x03\x04....photo.txt", "archive"),
        (b"\x1f\x8b\x08", "archive"),
        (b"<!DOCTYPE html><html>", "document"),
        (b"{\\rtf1\\ansi", "document"),
        (b"", "empty"),
        (b"\xef\xbb\xbf", "empty"),
        (b" \r\n ", "empty"),
        (b"\xff\xfea", "binary"),
        (bytes(range(256)) * 4, "binary"),
        (b"ime;novice\x00\x01\x02", "binary"),
        (b"\x81\x83\x90 garbage", "binary"),
        (b"x" * (MAX_SHEET_BYTES + 1), "too_large"),
        ("ime;e-pošta;novice\nŽiva Čuček Šušteršič;z@x.si;x\n".encode() + b"\xc5;;\n", "encoding"),
    ],
)
def test_what_is_no_sheet_is_named_for_what_it_is(data: bytes, code: str) -> None:
    assert _refused(data).code == code


def test_a_file_that_is_not_there_is_told_without_a_traceback(tmp_path: Path) -> None:
    with pytest.raises(UserFacingError) as caught:
        read_sheet_file(tmp_path / "none.csv")

    assert caught.value.code == "unreadable"


def test_a_file_is_read_up_to_its_bound_only(tmp_path: Path) -> None:
    path = tmp_path / "large.csv"
    with path.open("wb") as file:
        file.truncate(MAX_SHEET_BYTES + 1)

    with pytest.raises(UserFacingError) as caught:
        read_sheet_file(path)

    assert caught.value.code == "too_large"


@pytest.mark.parametrize(
    "heading",
    ["priimek;e-pošta;novice", "ime;priimek;novice", "ime;e-pošta", "a;b;c", "Ana;ana@example.org;x"],
)
def test_a_missing_heading_is_named(heading: str) -> None:
    assert _refused(f"{heading}\nAna;a@example.org;x\n".encode()).code == "headings"


def test_two_columns_of_the_same_meaning_are_refused_and_a_mapping_decides() -> None:
    data = b"ime;first name;e-mail;novice\nAna;Anna;a@example.org;x\n"

    error = _refused(data)
    table = read_slips(data, parse_mapping(["first name=first_name"]))

    assert "first name" in error.what
    assert _values(table) == [{"first_name": "Anna", "email": "a@example.org", "purpose:newsletter": "x"}]
    assert table.ignored == ("ime",)


def test_a_mapping_reads_a_web_forms_export() -> None:
    data = (
        "Timestamp,Kako ti je ime?,Tvoj naslov,Pošljite mi novice o taborih,IP\n"
        "2024-09-20 14:32:10,Ana,a@example.org,da,10.0.0.1\n"
    ).encode()
    mapping = parse_mapping(
        ["Kako ti je ime?=first_name", "tvoj naslov=email", "Pošljite mi novice o taborih=newsletter"]
    )

    table = read_slips(data, mapping)

    assert _values(table) == [
        {
            "collected_on": "2024-09-20 14:32:10",
            "first_name": "Ana",
            "email": "a@example.org",
            "purpose:newsletter": "da",
        }
    ]
    assert table.ignored == ("IP",)


@pytest.mark.parametrize("pair", ["ime", "=first_name", "ime=nothing", "ime=purpose:", "x=;"])
def test_a_mapping_that_says_nothing_is_refused(pair: str) -> None:
    with pytest.raises(UserFacingError) as caught:
        parse_mapping([pair])

    assert caught.value.code == "mapping"


def test_a_mapping_of_a_column_that_is_not_there_is_refused() -> None:
    assert _refused(_SHEET.encode(), parse_mapping(["Moje ime=first_name"])).code == "mapping"


def test_title_lines_and_empty_lines_are_passed_over_and_rows_keep_their_place() -> None:
    table = read_slips(f"Stojnica LUPA;;;;;;;;\n\n{_HEAD}\n;;;;;;;;\n{_ROW}\n\n".encode())

    assert [row.line for row in table.rows] == [5]


def test_lines_inside_quotation_marks_stay_one_cell() -> None:
    text = (
        f"{_HEAD}\n{_ROW.replace('Zdravo, svet', chr(34) + 'ena; dve' + chr(10) + 'tri' + chr(34))}\n{_ROW}\n"
    )

    table = read_slips(text.encode())

    assert [row.values["remark"] for row in table.rows] == ["ena; dve\ntri", "Zdravo, svet"]
    assert [row.line for row in table.rows] == [2, 3]


@pytest.mark.parametrize("spoilt", ['"Zdravo', 'Zdra"vo', '5" zaslon', '"'])
def test_a_quotation_mark_that_is_never_closed_swallows_no_other_row(spoilt: str) -> None:
    rows = [_ROW.replace("001", f"{number:03}") for number in range(1, 6)]
    rows[1] = rows[1].replace("Zdravo, svet", spoilt)

    table = read_slips("\n".join([_HEAD, *rows]).encode())

    assert [row.number for row in table.rows] == ["001", "002", "003", "004", "005"]


@pytest.mark.parametrize(
    "row",
    [
        "001;Ana;Novak;a@example.org;031 345 095;18–30;x;",
        "001;Ana;Novak;a@example.org;031 345 095;18–30;x;;ena;dve",
        "Ana",
        "001;Ana;Novak;a@example.org;031 345 095;18–30;x;;" + "x" * 10_001,
        "001;Ana;Novak;a@example.org;031 345 095;18–30;x;;" + "x" * 140_000,
    ],
)
def test_a_row_that_does_not_fit_the_headings_has_a_defect_and_stays_a_row(row: str) -> None:
    table = read_slips(f"{_HEAD}\n{row}\n{_ROW}\n".encode())

    assert [bool(item.defect) for item in table.rows] == [True, False]


def test_empty_cells_after_the_last_heading_are_no_defect() -> None:
    table = read_slips(f"{_HEAD};;\n{_ROW};;;;\n".encode())

    assert [item.defect for item in table.rows] == [""]


def test_a_column_without_a_heading_is_named_when_it_holds_something() -> None:
    table = read_slips(b"ime;;e-mail;novice\nAna;;a@example.org;x\nJan;!;j@example.org;x\n")

    assert len(table.ignored) == 1
    assert "2" in table.ignored[0]


def test_too_many_rows_are_refused_as_a_whole() -> None:
    rows = "Ana;a@example.org;x\n" * (MAX_ROWS + 1)

    assert _refused(f"ime;e-mail;novice\n{rows}".encode()).code == "too_many_rows"


def _told(data: bytes) -> UserFacingError | None:
    try:
        read_slips(data)
    except UserFacingError as error:
        return error
    return None


@given(st.binary(max_size=400), st.sampled_from([b"", f"{_HEAD}\n".encode(), b"\xff\xfe", b"\xef\xbb\xbf"]))
def test_any_bytes_are_rows_or_a_sentence(data: bytes, start: bytes) -> None:
    error = _told(start + data)

    assert error is None or (error.code != "failed" and error.sentences())


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=200), st.sampled_from(["utf-8", "utf-16"]))
def test_any_text_below_good_headings_is_rows_or_a_sentence(text: str, encoding: str) -> None:
    data = f"{_HEAD}\n{text}\n{_ROW}\n".encode(encoding)

    try:
        table = read_slips(data)
    except UserFacingError:
        return

    assert table.rows
    assert len(table.rows) <= text.count("\n") + text.count("\r") + 2


_CELL = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=15)


@given(st.lists(st.lists(_CELL, min_size=9, max_size=9), max_size=8), st.sampled_from(";,\t"))
def test_what_a_spreadsheet_writes_is_read_cell_by_cell(rows: list[list[str]], delimiter: str) -> None:
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=delimiter)
    writer.writerows([_HEAD.split(";"), *rows])

    table = read_slips(text.getvalue().encode("utf-8-sig"))

    names = list(table.fields.values())
    expected = [
        {name: cell for name, cell in zip(names, row, strict=True) if cell.strip()}
        for row in rows
        if any(map(str.strip, row))
    ]
    assert _values(table) == expected
    assert not any(row.defect for row in table.rows)


def test_a_byte_order_mark_is_no_part_of_the_first_heading() -> None:
    assert sheet_text("\ufeffime".encode()).text == "ime"
