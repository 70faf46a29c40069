"""Rules of pre-flight: a clock is compared with what lies behind us, a scanner with what is printed."""

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from stojnica.domain.clock_check import (
    DAY_US,
    FAR_US,
    MINUTE_US,
    TOLERANCE_US,
    ClockEvidence,
    ClockVerdict,
    judge_clock,
)
from stojnica.domain.scan_check import ScanVerdict, judge_scan

NOW = 1_726_835_520_000_000
INSTANTS = st.integers(NOW - 5 * FAR_US, NOW + 5 * FAR_US)
EVIDENCE = st.builds(ClockEvidence, *([st.just(0) | INSTANTS] * 3))
SITE = "https://zavod-voluntariat.si/"
# What lies under the keys of a US keyboard when the computer believes that it is a Slovene one.
_ON_SLOVENE = str.maketrans(":/-?=_&.yzYZ", "Č-'_*?/.zyZY")


@pytest.mark.parametrize(
    ("now", "evidence", "verdict"),
    [
        (NOW, ClockEvidence(), ClockVerdict.FINE),
        (NOW, ClockEvidence(NOW - DAY_US, NOW - 90 * DAY_US, NOW), ClockVerdict.FINE),
        (NOW, ClockEvidence(proven_at=NOW + 11 * MINUTE_US), ClockVerdict.BEFORE_OFFICE),
        (NOW, ClockEvidence(proven_at=NOW + 9 * MINUTE_US), ClockVerdict.FINE),
        (NOW, ClockEvidence(program_at=NOW + 2 * DAY_US), ClockVerdict.BEFORE_PROGRAM),
        (NOW, ClockEvidence(files_at=NOW + 11 * MINUTE_US), ClockVerdict.BEFORE_FILES),
        (NOW, ClockEvidence(program_at=NOW - FAR_US - 1), ClockVerdict.FAR_AHEAD),
        (NOW, ClockEvidence(NOW - DAY_US, NOW - 3 * FAR_US), ClockVerdict.FINE),
        (0, ClockEvidence(NOW, NOW, NOW), ClockVerdict.BEFORE_OFFICE),
    ],
)
def test_a_clock_is_plausible_or_it_is_said_why_not(
    now: int, evidence: ClockEvidence, verdict: ClockVerdict
) -> None:
    assert judge_clock(now, evidence) is verdict


@given(INSTANTS, EVIDENCE)
def test_a_clock_earlier_than_anything_that_happened_is_never_fine(now: int, evidence: ClockEvidence) -> None:
    newest = max(evidence.proven_at, evidence.files_at, evidence.program_at - DAY_US)

    verdict = judge_clock(now, evidence)

    is_behind = verdict in (
        ClockVerdict.BEFORE_OFFICE,
        ClockVerdict.BEFORE_PROGRAM,
        ClockVerdict.BEFORE_FILES,
    )
    assert is_behind or now >= newest - TOLERANCE_US


@given(EVIDENCE)
def test_right_after_all_that_is_known_every_clock_is_fine(evidence: ClockEvidence) -> None:
    newest = max(evidence.proven_at, evidence.program_at, evidence.files_at)
    assume(newest < max(evidence.proven_at, evidence.program_at) + FAR_US)

    assert judge_clock(newest, evidence) is ClockVerdict.FINE


@given(INSTANTS, EVIDENCE, st.integers(0, FAR_US))
def test_a_later_clock_is_never_called_too_early_when_an_earlier_one_is_not(
    now: int, evidence: ClockEvidence, later: int
) -> None:
    assume(judge_clock(now, evidence) in (ClockVerdict.FINE, ClockVerdict.FAR_AHEAD))

    assert judge_clock(now + later, evidence) in (ClockVerdict.FINE, ClockVerdict.FAR_AHEAD)


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        ("", ScanVerdict.NOTHING),
        (" \n", ScanVerdict.NOTHING),
        ("https://zavod-voluntariat.si/?utm_source=lupa", ScanVerdict.FINE),
        ("httpsČ--yavod'voluntariat.si-", ScanVerdict.LAYOUT),
        ("https://yavod-voluntariat.si/", ScanVerdict.LAYOUT),
        ("HTTPS://ZAVOD-VOLUNTARIAT.SI/", ScanVerdict.CAPITALS),
        ("https;//example.org", ScanVerdict.LAYOUT),
        ("&é\"'(-è_çà", ScanVerdict.LAYOUT),
        ("3838900123456", ScanVerdict.COMPARE),
        ("SLIP-0012", ScanVerdict.COMPARE),
    ],
)
def test_what_a_scanner_typed_shows_whether_it_is_set_right(text: str, verdict: ScanVerdict) -> None:
    assert judge_scan(text, (SITE,)) is verdict


@given(st.text(st.characters(min_codepoint=33, max_codepoint=126), max_size=80))
def test_an_address_typed_on_a_slovene_layout_is_never_called_fine(rest: str) -> None:
    address = f"https://{rest}"

    assert judge_scan(address) is ScanVerdict.FINE
    assert judge_scan(address.translate(_ON_SLOVENE)) is ScanVerdict.LAYOUT


@given(st.text(max_size=100))
def test_no_scanned_text_breaks_the_judgement(text: str) -> None:
    assert judge_scan(text, (SITE, "")) in ScanVerdict
