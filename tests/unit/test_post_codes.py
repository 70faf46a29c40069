"""A post code finds its town, and a few letters find the code."""

import json
import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stojnica.domain.answers import check_post_code
from stojnica.resources import resource
from stojnica.services.post_codes import MOST_PROPOSALS, proposals, town_of


def labels(typed: str, country: str = "SI") -> list[str]:
    return [each.label for each in proposals(typed, country)]


def all_codes() -> dict[str, str]:
    raw = json.loads(resource("places", "post-codes-si.json").read_text("utf-8"))
    return {**raw["codes"], **raw["boxes"]}


def test_the_list_is_whole_and_comes_with_its_licence() -> None:
    codes = all_codes()

    assert len(codes) == 478
    assert all(check_post_code(code, "SI").value == code for code in codes)
    assert all(set("abcčdefghijklmnoprsštuvzž -–.") >= set(town.casefold()) for town in codes.values())
    assert "Redistribution" in resource("places", "LICENSE.django-localflavor.txt").read_text("utf-8")


@pytest.mark.parametrize(
    ("code", "town"),
    [
        ("1000", "Ljubljana"),
        ("1001", "Ljubljana"),
        ("1230", "Domžale"),
        ("2000", "Maribor"),
        ("4270", "Jesenice"),
        ("6320", "Portorož – Portorose"),
        ("8340", "Črnomelj"),
        ("9240", "Ljutomer"),
        ("9999", ""),
        ("", ""),
        ("100", ""),
    ],
)
def test_a_code_has_its_town(code: str, town: str) -> None:
    assert town_of(code) == town


def test_another_countrys_code_is_never_mistaken_for_ours() -> None:
    assert town_of("1000", "HU") == ""
    assert proposals("10", "AT") == ()


def test_a_few_letters_propose_towns_that_begin_so_then_those_with_such_a_word() -> None:
    assert labels("bis") == [
        "2345 Bistrica ob Dravi",
        "3256 Bistrica ob Sotli",
        "2310 Slovenska Bistrica",
        "4264 Bohinjska Bistrica",
        "6250 Ilirska Bistrica",
        "6251 Ilirska Bistrica – Trnovo",
    ]
    assert labels("lju")[0] == "1000 Ljubljana"


@pytest.mark.parametrize("typed", ["crnom", "ČRNOM", "črnom", " Črnom", "c\u030crnom"])
def test_marks_and_capitals_make_no_difference(typed: str) -> None:
    assert labels(typed) == ["8340 Črnomelj"]


@pytest.mark.parametrize("typed", ["1000", "1000 lj", "1000 Ljubljana", "SI-1000", "1000, Ljubljana"])
def test_a_code_may_have_its_town_behind_it(typed: str) -> None:
    assert labels(typed) == ["1000 Ljubljana"]


def test_digits_propose_codes_in_their_order_and_boxes_of_the_post_never() -> None:
    assert labels("100") == ["1000 Ljubljana"]
    assert [each.code for each in proposals("129")] == [
        "1290",
        "1291",
        "1292",
        "1293",
        "1294",
        "1295",
        "1296",
    ]


@pytest.mark.parametrize("typed", ["", "   ", "-", "xyz", "10000", "1000 Maribor"])
def test_where_nothing_fits_nothing_is_proposed(typed: str) -> None:
    assert labels(typed) == []


@given(st.text(max_size=200))
def test_whatever_is_typed_gives_a_short_list(typed: str) -> None:
    found = proposals(typed)

    assert len(found) <= MOST_PROPOSALS
    assert len(set(found)) == len(found)


@given(st.sampled_from(sorted(all_codes())))
def test_a_whole_code_proposes_itself_alone(code: str) -> None:
    is_box = code.endswith(("001", "002"))

    assert labels(code) == ([] if is_box else [f"{code} {town_of(code)}"])


def test_the_list_is_not_read_before_it_is_needed() -> None:
    asked = (
        "from stojnica.services import post_codes as p;"
        "assert p._lists.cache_info().currsize == 0; p.town_of('1000');"
        "assert p._lists.cache_info().currsize == 1"
    )

    done = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=False)

    assert (done.returncode, done.stderr) == (0, "")
