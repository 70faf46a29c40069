"""What came of an import, in sentences; no name is in them."""

from collections.abc import Sequence

from stojnica.domain.sheet_numbers import StrayNumbers
from stojnica.domain.slip_report import ImportReport, RowReport
from stojnica.i18n import gettext as _
from stojnica.i18n import ngettext
from stojnica.services.written_time import written_number


def counted(report: ImportReport) -> str:
    """Say how many rows there were, and what became of them; what happened to none isn't said."""
    taken, warned, attention = report.taken, len(report.warned), len(report.attention)
    parts = (
        (taken, ngettext("{count} was taken", "{count} were taken", taken)),
        (
            warned,
            ngettext("{count} was taken with a warning", "{count} were taken with a warning", warned),
        ),
        (attention, ngettext("{count} needs attention", "{count} need attention", attention)),
        (
            report.already,
            ngettext("{count} was there already", "{count} were there already", report.already),
        ),
    )
    rows = ngettext("{count} row", "{count} rows", report.rows).format(count=written_number(report.rows))
    happened = ", ".join(text.format(count=written_number(number)) for number, text in parts if number)
    return f"{rows}: {happened}." if happened else f"{rows}."


def notes(report: ImportReport) -> list[str]:
    """Say what else is to be known: consents without a proof, proofs that came later, columns left out."""
    said: list[str] = []
    if report.unproven:
        text = ngettext(
            "The consent of {count} contact has no proof and isn't used: the day, the wording or the age is"
            " not known. With day and wording, import the same file again.",
            "The consents of {count} contacts have no proof and aren't used: the day, the wording or the age"
            " is not known. With day and wording, import the same file again.",
            report.unproven,
        )
        said.append(text.format(count=written_number(report.unproven)))
    if report.proven:
        text = ngettext(
            "The consent of {count} contact that was there already has its proof now.",
            "The consents of {count} contacts that were there already have their proof now.",
            report.proven,
        )
        said.append(text.format(count=written_number(report.proven)))
    if report.stray:
        said.append(_stray_note(report.stray))
    if report.ignored_columns:
        columns = ", ".join(report.ignored_columns)
        said.append(_("These columns were left out: {columns}").format(columns=columns))
    return said


def _stray_note(stray: StrayNumbers) -> str:
    text = ngettext(
        "The number of {count} row is of no slip that this laptop printed for the event, like “{example}”;"
        " on paper it looks like {on_paper}. It counts for no slip.",
        "The numbers of {count} rows are of no slip that this laptop printed for the event, like"
        " “{example}”; on paper they look like {on_paper}. They count for no slip.",
        stray.count,
    )
    return text.format(count=written_number(stray.count), example=stray.example, on_paper=stray.on_paper)


def where(row: RowReport) -> str:
    """Say which row it is, and which slip."""
    if row.number:
        return _("row {row}, slip {number}").format(row=row.row, number=row.number)
    return _("row {row}").format(row=row.row)


def row_line(row: RowReport) -> str:
    """Say which row it is, and why it is named."""
    return f"{where(row)}: {' '.join(row.reasons)}"


def row_lines(rows: Sequence[RowReport], most: int) -> list[str]:
    """Name at most so many rows, and say how many more there are."""
    lines = [row_line(row) for row in rows[:most]]
    more = len(rows) - most
    if more > 0:
        text = ngettext("and {count} more row", "and {count} more rows", more)
        lines.append(text.format(count=written_number(more)))
    return lines
