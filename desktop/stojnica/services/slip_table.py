"""From a sheet's text to rows of slips: delimiter, headings, and cells that can be relied on."""

import csv
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NoReturn

from stojnica.domain.errors import UserFacingError
from stojnica.domain.slip import SlipRow
from stojnica.domain.slip_words import PURPOSE_PREFIX, SlipWords, fold, slip_words
from stojnica.i18n import gettext as _
from stojnica.i18n import ngettext
from stojnica.services.slip_text import sheet_error, sheet_text

MAX_ROWS = 20_000
MAX_COLUMNS = 200
MAX_CELL = 10_000
MAX_HEADING = 200
DELIMITERS = ";,\t"
IGNORED = "-"
_TITLE_LINES = 10  # An attendance list may begin with the event's name and the like.
_MAX_LINES_IN_A_CELL = 200
_CONTACT_FIELDS = ("email", "phone")


@dataclass(frozen=True, slots=True)
class SlipTable:
    """Hold the rows of a sheet, its headings with the fields they mean, and the headings left out."""

    rows: tuple[SlipRow, ...]
    fields: Mapping[str, str]
    ignored: tuple[str, ...]
    encoding: str
    delimiter: str


@dataclass(frozen=True, slots=True)
class _Record:
    line: int
    cells: tuple[str, ...]
    is_broken: bool = False


@dataclass(frozen=True, slots=True)
class _Headings:
    at: int
    cells: tuple[str, ...]
    fields: Mapping[int, str]


def parse_mapping(pairs: Iterable[str], words: SlipWords | None = None) -> dict[str, str]:
    """Read pairs like "Moje ime=first_name", "Obveščajte me=newsletter" or, to leave out, "Opis=-".

    Gives fields by folded heading.

    Raises:
        UserFacingError: a pair has no "=", or names a field that there is not.
    """
    known = set((words or slip_words()).headings.values())
    found: dict[str, str] = {}
    for pair in pairs:
        heading, equals, target = pair.rpartition("=")
        target = target.strip()
        if PURPOSE_PREFIX + target in known:
            target = PURPOSE_PREFIX + target
        if (
            not equals
            or not heading.strip()
            or not (target in known or target == IGNORED or _is_purpose(target))
        ):
            names = ", ".join(sorted(name.removeprefix(PURPOSE_PREFIX) for name in known))
            raise UserFacingError(
                _("“{pair}” doesn't say which column is which field.").format(pair=pair[:MAX_HEADING]),
                safe=_("Nothing was taken in, and the file is as it was."),
                next_step=_("Write it like “My name=first_name”. Fields are: {names}.").format(names=names),
                code="mapping",
            )
        found[fold(heading)] = target
    return found


def sheet_headings(
    data: bytes, mapping: Mapping[str, str] | None = None, words: SlipWords | None = None
) -> tuple[tuple[str, str], ...]:
    """Give the headings of a sheet and what each is taken for, "" for none; also of one that we don't know.

    Raises:
        UserFacingError: it is no sheet, or too large.
    """
    lines, _first, announced = _without_announcement(list(io.StringIO(sheet_text(data).text, newline="")))
    _delimiter, headings = _likely_headings(lines, announced, mapping or {}, words or slip_words())
    return tuple((cell, headings.fields.get(at, "")) for at, cell in enumerate(headings.cells) if cell)


def read_slips(
    data: bytes, mapping: Mapping[str, str] | None = None, words: SlipWords | None = None
) -> SlipTable:
    """Read a sheet's bytes into rows; `mapping` (see `parse_mapping`) goes before the known headings.

    Every line that holds anything below the headings becomes a row. A row whose cells don't match the
    headings has a defect, because a box could be another's.

    Raises:
        UserFacingError: it is no sheet, too large, or a column that is needed isn't there.
    """
    vocabulary = words or slip_words()
    decoded = sheet_text(data)
    lines = list(io.StringIO(decoded.text, newline=""))
    lines, first_line, announced = _without_announcement(lines)
    delimiter, headings = _find_headings(lines, announced, mapping or {}, vocabulary)
    _check_headings(headings, mapping or {})
    blank = [at for at, cell in enumerate(headings.cells) if not cell]
    rows: list[SlipRow] = []
    unnamed: set[int] = set()
    for record in _records(
        lines[headings.at + 1 :], delimiter, len(headings.cells), first_line + headings.at + 1
    ):
        if any(cell.strip() for cell in record.cells):
            if len(rows) >= MAX_ROWS:
                _too_many_rows()
            rows.append(_row(record, headings))
            unnamed.update(at for at in blank if at < len(record.cells) and record.cells[at].strip())
    named = {headings.cells[at]: name for at, name in headings.fields.items()}
    return SlipTable(tuple(rows), named, _ignored(headings, unnamed), decoded.encoding, delimiter)


def _without_announcement(lines: list[str]) -> tuple[list[str], int, str]:
    first = lines[0].strip().strip('"').lower()
    if first.startswith("sep=") and len(lines[0].strip()) <= 7:
        announced = lines[0].strip("\r\n").strip('"')[4:5]
        return lines[1:], 2, announced if announced in DELIMITERS else ""
    return lines, 1, ""


def _find_headings(
    lines: Sequence[str], announced: str, mapping: Mapping[str, str], words: SlipWords
) -> tuple[str, _Headings]:
    delimiter, headings = _likely_headings(lines, announced, mapping, words)
    if not headings.fields:
        needed = _("first name, e-mail or phone, and the boxes, like “ime;e-pošta;telefon;novice”")
        raise sheet_error(
            "headings",
            _("The sheet has no headings that we know."),
            _("Write them above the columns: {needed}.").format(needed=needed),
        )
    return delimiter, headings


def _likely_headings(
    lines: Sequence[str], announced: str, mapping: Mapping[str, str], words: SlipWords
) -> tuple[str, _Headings]:
    """Give the line with the most headings that we know; of a sheet where we know none, the widest."""
    found: list[tuple[tuple[int, int, int], str, _Headings]] = []
    for delimiter in announced or DELIMITERS:
        for at, line in enumerate(lines[:_TITLE_LINES]):
            cells = tuple(" ".join(cell.split())[:MAX_HEADING] for cell in _cells(line, delimiter) or ())
            while cells and not cells[-1]:
                cells = cells[:-1]
            fields = _fields(cells, mapping, words)
            known = len(set(fields.values()))
            width = 0 if known else sum(map(bool, cells))
            found.append(((known, width, -at), delimiter, _Headings(at, cells, fields)))
    nothing = ((0, 0, 0), DELIMITERS[0], _Headings(0, (), {}))
    _score, delimiter, headings = max(found, key=lambda item: item[0], default=nothing)
    return delimiter, headings


def _fields(cells: Sequence[str], mapping: Mapping[str, str], words: SlipWords) -> dict[int, str]:
    chosen = {at: mapping[fold(cell)] for at, cell in enumerate(cells) if fold(cell) in mapping}
    taken = set(chosen.values())
    for at, cell in enumerate(cells):
        name = words.headings.get(fold(cell))
        if at not in chosen and name and name not in taken:
            chosen[at] = name
    return {at: name for at, name in sorted(chosen.items()) if name != IGNORED}


def _ignored(headings: _Headings, unnamed: set[int]) -> tuple[str, ...]:
    named = (cell for at, cell in enumerate(headings.cells) if at not in headings.fields and cell)
    return (*named, *(_("column {number}").format(number=at + 1) for at in sorted(unnamed)))


def _check_headings(headings: _Headings, mapping: Mapping[str, str]) -> None:
    present_words = set(map(fold, headings.cells))
    for heading in mapping:
        if heading not in present_words:
            message = _("The sheet has no column “{heading}”.").format(heading=heading[:MAX_HEADING])
            raise sheet_error("mapping", message, _("Write the heading as it stands in the sheet."))
    if len(headings.cells) > MAX_COLUMNS:
        raise sheet_error("columns", _("The sheet has too many columns."))
    present = list(headings.fields.values())
    for name in sorted(set(present)):
        same = [headings.cells[at] for at, field in headings.fields.items() if field == name]
        if len(same) > 1:
            message = _("Two columns mean the same: “{one}” and “{other}”.").format(
                one=same[0], other=same[1]
            )
            raise sheet_error("headings", message, _("Rename one of them, or say which one is which field."))
    missing = [
        label
        for label, is_there in (
            (_("the first name (“ime”)"), "first_name" in present),
            (_("the e-mail address or the phone number (“e-pošta”, “telefon”)"), _has_contact(present)),
            (_("what a person agreed to (“novice”, “klic”)"), any(map(_is_purpose, present))),
        )
        if not is_there
    ]
    if missing:
        raise sheet_error(
            "headings",
            _("The sheet lacks the column for {missing}.").format(missing=missing[0]),
            _("Add the heading, or say which column it is."),
        )


def _has_contact(present: Sequence[str]) -> bool:
    return any(name in present for name in _CONTACT_FIELDS)


def _is_purpose(name: str) -> bool:
    return name.startswith(PURPOSE_PREFIX) and len(name) > len(PURPOSE_PREFIX)


def _records(lines: Sequence[str], delimiter: str, columns: int, first_line: int) -> Iterator[_Record]:
    """Group lines into records; a quotation mark that is never closed swallows no other row."""
    at, line = 0, first_line
    while at < len(lines):
        if not lines[at].strip():
            # Also a million of them: to have each read as a row takes a quarter of a minute.
            at, line = at + 1, line + 1
            continue
        end = _end_of_record(lines, at, delimiter, columns)
        cells = _cells("".join(lines[at:end]), delimiter)
        if cells is None and end > at + 1:
            end = at + 1
            cells = _cells(lines[at], delimiter)
        yield _Record(line, cells or ("".join(lines[at:end])[:MAX_CELL],), is_broken=cells is None)
        at, line = end, line + 1


def _end_of_record(lines: Sequence[str], at: int, delimiter: str, columns: int) -> int:
    quotes = lines[at].count('"')
    if quotes % 2 == 0:
        return at + 1
    for end in range(at + 1, min(len(lines), at + _MAX_LINES_IN_A_CELL)):
        looks_like_a_row = columns > 1 and lines[end].count(delimiter) >= columns - 1
        if looks_like_a_row:
            break
        quotes += lines[end].count('"')
        if quotes % 2 == 0:
            return end + 1
    return at + 1


def _cells(text: str, delimiter: str) -> tuple[str, ...] | None:
    try:
        found = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))
    except csv.Error:
        return None
    if len(found) > 1:
        return None
    return tuple(found[0]) if found else ()


def _row(record: _Record, headings: _Headings) -> SlipRow:
    cells = list(record.cells)
    while len(cells) > len(headings.cells) and not cells[-1].strip():
        cells.pop()
    values = {
        name: cells[at] for at, name in headings.fields.items() if at < len(cells) and cells[at].strip()
    }
    return SlipRow(record.line, values, _defect(record, cells, len(headings.cells)))


def _defect(record: _Record, cells: Sequence[str], columns: int) -> str:
    if record.is_broken:
        return _("The row can't be read: a quotation mark is out of place, or a cell is far too long.")
    if any(len(cell) > MAX_CELL for cell in cells):
        return _("A cell is longer than {limit} characters.").format(limit=MAX_CELL)
    if len(cells) != columns:
        return ngettext(
            "The row has {count} cell, the headings have {columns}: what belongs where can't be told.",
            "The row has {count} cells, the headings have {columns}: what belongs where can't be told.",
            len(cells),
        ).format(count=len(cells), columns=columns)
    return ""


def _too_many_rows() -> NoReturn:
    message = _("The sheet has more than {count} rows.").format(count=MAX_ROWS)
    raise sheet_error("too_many_rows", message, _("Take it in parts."))
