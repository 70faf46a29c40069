"""The band of EU funding has the words that the rules give, and only where there is EU money."""

import pytest

from stojnica.domain.errors import UserFacingError
from stojnica.i18n import VISITOR_LANGUAGES
from stojnica.printing.funding import KINDS, funding_band

AUTHORITY = {"en": "the Agency", "sl": "EACEA"}


def test_without_a_profile_there_is_no_band() -> None:
    assert funding_band(None, "sl") is None
    assert funding_band({}, "sl") is None


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("language", VISITOR_LANGUAGES)
def test_every_language_has_both_statements_and_names_the_authority(language: str, kind: str) -> None:
    band = funding_band({"kind": kind, "authority": "EACEA"}, language)

    assert band is not None
    assert "EACEA" in band.disclaimer
    assert "{" not in band.statement + band.disclaimer
    assert not band.statement.isupper()
    assert "EU" not in band.statement.split()  # The Union's name is never shortened.


def test_the_english_words_are_those_of_the_agreement() -> None:
    band = funding_band({"kind": "cofunded", "authority": AUTHORITY}, "en")

    assert band is not None
    assert band.statement == "Co-funded by the European Union"
    assert band.disclaimer == (
        "Co-funded by the European Union. Views and opinions expressed are however those of the author(s) "
        "only and do not necessarily reflect those of the European Union or the Agency. Neither the European "
        "Union nor the granting authority can be held responsible for them."
    )
    assert not band.must_be_verified


def test_a_wording_without_primary_source_has_to_be_verified() -> None:
    bands = [
        funding_band({"kind": "funded", "authority": AUTHORITY}, language) for language in VISITOR_LANGUAGES
    ]

    assert [band and band.must_be_verified for band in bands] == [True, False, False, True, True, True]


def test_the_authority_is_named_in_the_language_else_in_english() -> None:
    slovene, german = (
        funding_band({"kind": "funded", "authority": AUTHORITY}, lang) for lang in ("sl", "de")
    )

    assert slovene is not None
    assert german is not None
    assert "ali EACEA." in slovene.disclaimer
    assert "the Agency" in german.disclaimer


@pytest.mark.parametrize("authority", [None, {}, {"sl": " "}, "", 7])
def test_a_missing_authority_stays_a_placeholder(authority: object) -> None:
    band = funding_band({"kind": "funded", "authority": authority}, "sl")

    assert band is not None
    assert "{authority}" in band.disclaimer


@pytest.mark.parametrize(("kind", "language"), [("sponsored", "sl"), (None, "sl"), ("funded", "fr")])
def test_an_unknown_kind_or_language_is_refused_in_words(kind: object, language: str) -> None:
    with pytest.raises(UserFacingError) as refused:
        funding_band({"kind": kind, "authority": "EACEA"}, language)

    assert refused.value.code == "bad_funding"
