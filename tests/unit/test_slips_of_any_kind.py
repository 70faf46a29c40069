"""Whatever stands in the rows of a pile, each row is counted once, and a second time takes nothing."""

from collections.abc import Iterable
from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from stojnica.domain.age import bands_for
from stojnica.domain.canonical import canonical_bytes
from stojnica.domain.errors import UserFacingError
from stojnica.domain.organisation_document import parse_document
from stojnica.domain.pile import pile_evidence, read_versions
from stojnica.domain.signup import SignUpRules, facts_data
from stojnica.domain.slip import Outcome, SeenSlips, SlipRow, SlipRules, SlipVerdict, judge_row
from stojnica.domain.slip_report import report_of
from stojnica.services.sample import SAMPLE_DAY, sample_document
from stojnica.services.slip_table import read_slips

_TODAY = date(2024, 9, 23)
_DOCUMENT = parse_document(sample_document(SAMPLE_DAY))
_RULES = SlipRules(
    signup=SignUpRules(_DOCUMENT.purposes, bands_for("SI", _DOCUMENT.consent_age), is_present=False),
    document=_DOCUMENT,
    evidence=pile_evidence(
        _DOCUMENT, language="sl", versions=read_versions("1", _DOCUMENT), collected_on="2024-09-20"
    ),
    event="event-one",
    secret=b"s" * 32,
    today=_TODAY,
)


def _outcomes(rows: Iterable[dict[str, str]]) -> list[SlipVerdict]:
    seen = SeenSlips()
    return [judge_row(SlipRow(line, cells), _RULES, seen) for line, cells in enumerate(rows, 2)]


_CELLS = st.fixed_dictionaries(
    {},
    optional={
        "number": st.sampled_from(["1", "2", "3"]) | st.text(max_size=4),
        "first_name": st.sampled_from(["Ana", "", "???", "=1"]) | st.text(max_size=6),
        "last_name": st.text(max_size=6),
        "email": st.sampled_from(["a@example.org", "b@example.org", "x", ""]) | st.text(max_size=10),
        "phone": st.sampled_from(["031 345 095", "031", ""]) | st.text(max_size=10),
        "age": st.sampled_from(["18-30", "pod 15", "", "31+", "x"]) | st.text(max_size=6),
        "purpose:newsletter": st.sampled_from(["x", "", "ne", "?"]),
        "purpose:contact": st.sampled_from(["x", ""]),
        "purpose:answer": st.text(max_size=3),
        "remark": st.text(max_size=20),
        "question": st.text(max_size=20),
        "themes": st.text(max_size=20),
        "country": st.text(max_size=5),
        "language": st.sampled_from(["sl", "en", "xx", ""]),
        "collected_on": st.text(max_size=10),
        "guardian": st.sampled_from(["", "Vzorka Primer"]),
    },
)


@given(st.lists(_CELLS, max_size=8))
def test_whatever_is_in_the_rows_every_one_is_counted_once(rows: list[dict[str, str]]) -> None:
    verdicts = _outcomes(rows)

    report = report_of(verdicts)

    assert (
        report.taken + len(report.warned) + len(report.attention) + report.already == report.rows == len(rows)
    )
    for verdict in verdicts:
        assert (verdict.signup is not None) is (verdict.outcome in (Outcome.TAKEN, Outcome.WARNED))
        assert bool(verdict.reasons) is (verdict.outcome in (Outcome.WARNED, Outcome.ATTENTION))
        if verdict.signup and verdict.evidence:
            assert verdict.signup.first_name
            assert verdict.signup.email or verdict.signup.phone
            assert verdict.signup.purposes
            for _kind, data in facts_data(verdict.signup, verdict.evidence):
                canonical_bytes(data)


@given(st.lists(_CELLS, max_size=8))
def test_taking_the_same_sheet_in_again_takes_nothing(rows: list[dict[str, str]]) -> None:
    first = _outcomes(rows)
    taken = [item for item in first if item.signup]
    seen = SeenSlips.of(
        [item.keyed_hash for item in taken], [item.signup.keys for item in taken if item.signup]
    )

    again = [judge_row(SlipRow(line, cells), _RULES, seen) for line, cells in enumerate(rows, 2)]

    assert not [item for item in again if item.signup]


@given(st.binary(max_size=300))
def test_any_bytes_below_headings_end_in_a_report_that_adds_up(data: bytes) -> None:
    head = "št.;ime;e-pošta;telefon;starost;novice;klic;opomba\n".encode()
    try:
        table = read_slips(head + data + b"\n1;Ana;a@example.org;;18-30;x;;\n")
    except UserFacingError:
        return

    report = report_of(_outcomes(dict(row.values) for row in table.rows))

    assert report.taken + len(report.warned) + len(report.attention) + report.already == len(table.rows)
