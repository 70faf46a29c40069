"""Ages are bands that decide something; the age of consent comes from a table."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stojnica.domain.age import band_of, bands_for, needs_guardian, read_age

_AGES = {"SI": 15, "AT": 14, "DE": 16, "BE": 13}
_SLOVENIA = bands_for("SI", _AGES)


@pytest.mark.parametrize(
    ("country", "ids"),
    [
        ("SI", ["under-15", "15-17", "18-30", "31+"]),
        ("si", ["under-15", "15-17", "18-30", "31+"]),
        ("AT", ["under-14", "14-17", "18-30", "31+"]),
        ("DE", ["under-16", "16-17", "18-30", "31+"]),
        ("BE", ["under-13", "13-17", "18-30", "31+"]),
        ("ZZ", ["under-16", "16-17", "18-30", "31+"]),
    ],
)
def test_bands_follow_the_country_with_sixteen_where_nothing_is_known(country: str, ids: list[str]) -> None:
    assert [band.id for band in bands_for(country, _AGES)] == ids


def test_only_the_youngest_band_needs_a_guardian() -> None:
    assert [needs_guardian(band) for band in _SLOVENIA] == [True, False, False, False]


@pytest.mark.parametrize(
    ("written", "band"),
    [
        ("18-30", "18-30"),
        ("18–30", "18-30"),
        ("18 — 30 let", "18-30"),
        ("18 do 30", "18-30"),
        ("31+", "31+"),
        ("31 +", "31+"),
        ("31 in več", "31+"),
        ("31 and over", "31+"),
        ("nad 30", "31+"),
        ("over 30", "31+"),
        ("pod 15", "under-15"),
        ("pod 15 let", "under-15"),
        ("Under 15", "under-15"),
        ("under-15", "under-15"),
        ("< 15", "under-15"),
        ("15–17", "15-17"),
        ("23", "18-30"),
        ("17 let", "15-17"),
    ],
)
def test_written_forms_of_the_bands_are_understood(written: str, band: str) -> None:
    reading = read_age(written, _SLOVENIA)

    assert reading.band == band_of(band, _SLOVENIA)
    assert reading.may_need_guardian is (band == "under-15")


@pytest.mark.parametrize("written", ["do 15", "pod 16", "10-20", "15 let in manj", "pod 18"])
def test_an_age_that_could_be_under_the_limit_is_taken_as_such(written: str) -> None:
    reading = read_age(written, _SLOVENIA)

    assert reading.band is None
    assert reading.is_understood
    assert reading.may_need_guardian


@pytest.mark.parametrize("written", ["15-30", "20+", "15-18"])
def test_an_age_over_the_limit_in_no_single_band_needs_no_guardian(written: str) -> None:
    reading = read_age(written, _SLOVENIA)

    assert reading.band is None
    assert not reading.may_need_guardian


@pytest.mark.parametrize(
    "written", ["", "12. 3. 2009", "2009", "odrasel", "-15", "999", "30-18", "od 15 do 18"]
)
def test_dates_of_birth_and_other_words_are_not_read(written: str) -> None:
    reading = read_age(written, _SLOVENIA)

    assert reading.band is None
    assert not reading.is_understood
    assert reading.may_need_guardian


@given(st.integers(10, 18), st.integers(0, 120))
def test_every_age_is_in_exactly_one_band(consent_age: int, age: int) -> None:
    bands = bands_for("XX", {"XX": consent_age})

    containing = [band for band in bands if band.contains(age, age)]

    assert len(containing) == 1
    assert containing[0].needs_guardian is (age < consent_age)
    assert read_age(str(age), bands).band == containing[0]


@given(st.integers(10, 18))
def test_every_band_is_understood_by_its_id_and_by_its_label(consent_age: int) -> None:
    bands = bands_for("XX", {"XX": consent_age})

    for band in bands:
        assert read_age(band.id, bands).band == band
        assert read_age(band.label, bands).band == band


@given(st.text(max_size=30))
def test_any_text_is_read_without_a_crash_and_unknown_counts_as_young(written: str) -> None:
    reading = read_age(written, _SLOVENIA)

    assert reading.is_understood or (reading.band is None and reading.may_need_guardian)
