"""What is written on a slip or typed beside a pile is read when it can mean one thing only."""

from datetime import date

import pytest

from stojnica.domain.errors import UserFacingError
from stojnica.domain.organisation_document import parse_document
from stojnica.domain.pile import pile_evidence, read_versions
from stojnica.domain.signup import consent_data
from stojnica.domain.slip_reading import Titles, looks_like_formula, read_day, shown_number
from stojnica.services.sample import SAMPLE_DAY, sample_document

_TODAY = date(2024, 9, 23)
_DOCUMENT = parse_document(sample_document(SAMPLE_DAY))


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("2024-09-20", "2024-09-20"),
        ("2024-09-20 14:32:10", "2024-09-20"),
        ("2024-09-20T14:32:10Z", "2024-09-20"),
        ("20. 9. 2024", "2024-09-20"),
        ("20.9.2024", "2024-09-20"),
        ("9/20/2024 14:32", "2024-09-20"),
        ("20/09/2024", "2024-09-20"),
        ("9/9/2024", "2024-09-09"),
        ("", ""),
        ("3/4/2024", None),
        ("24. 9. 2024", None),
        ("1999-12-31", None),
        ("31. 2. 2024", None),
        ("20240920", None),
        ("danes", None),
    ],
)
def test_days_are_read_when_they_can_mean_one_day_only(written: str, day: str | None) -> None:
    assert read_day(written, _TODAY) == day


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("=1+1", True),
        ('=HYPERLINK("x")', True),
        ("@SUM(A1)", True),
        ("+cmd|' /C calc'!A0", True),
        ("-2+3(4)", True),
        ("- kličite popoldne", False),
        ("-", False),
        ("@zivacucek", False),
        ("+386 31 345 095", False),
        ("a = b", False),
    ],
)
def test_formulas_are_told_from_what_people_write(text: str, expected: bool) -> None:
    assert looks_like_formula(text) is expected


@pytest.mark.parametrize(
    ("written", "shown"), [("001", "001"), ("A 12", "A 12"), ("Ana", ""), ("Ana Novak 5", "")]
)
def test_a_number_is_shown_only_when_it_is_one(written: str, shown: str) -> None:
    assert shown_number(written) == shown


@pytest.mark.parametrize(
    ("text", "versions"),
    [
        ("1", {"answer": 1, "newsletter": 1, "contact": 1}),
        ("newsletter=3, contact:2", {"newsletter": 3, "contact": 2}),
    ],
)
def test_the_wording_version_of_a_pile_is_one_for_all_or_one_each(
    text: str, versions: dict[str, int]
) -> None:
    assert read_versions(text, _DOCUMENT) == versions


@pytest.mark.parametrize("text", ["", "three", "sell=1", "1,2", "newsletter=", "-1"])
def test_a_wording_version_that_says_nothing_is_refused(text: str) -> None:
    with pytest.raises(UserFacingError):
        read_versions(text, _DOCUMENT)


def test_an_unknown_wording_version_leaves_the_pile_unproven() -> None:
    evidence = pile_evidence(
        _DOCUMENT, language="sl", versions=read_versions("9", _DOCUMENT), collected_on="2024-09-20"
    )

    assert consent_data("newsletter", evidence)["unproven"] is True


def test_themes_with_commas_in_their_titles_are_told_apart() -> None:
    titles = Titles.of(_DOCUMENT.themes)

    ids, unknown = titles.read(
        "Begunci, imigranti, etnične manjšine, SKUPNOST; Umetnost, kultura in lokalna zgodovina, x"
    )

    assert ids == ("refugees", "community", "culture")
    assert unknown == ("x",)
