"""Every shipped template, in each size, language and layout: nothing is wrong, and each code is read."""

from dataclasses import replace
from itertools import permutations

import pypdfium2
import pytest
import zxingcpp
from tests.printing.shipped_pieces import EVENT, OFFICE, WITHOUT_FUNDING, offered_sizes, said

from stojnica.domain.errors import UserFacingError
from stojnica.domain.event import Event
from stojnica.domain.organisation import Flyer
from stojnica.i18n import VISITOR_LANGUAGES
from stojnica.printing.check import CheckedFlyer, checked_flyer
from stojnica.printing.emblem import LEAST_HEIGHT_MM
from stojnica.printing.funding_check import funding_problems, separated_pieces
from stojnica.printing.layout import lay_out
from stojnica.printing.marks import CodeMark, EmblemMark, Layout, LineMark, TurnedMark
from stojnica.printing.render import page_image, page_size_mm
from stojnica.printing.template_file import load_design, load_template, shipped_designs
from stojnica.printing.typesetting import POINTS_PER_MM
from stojnica.services.flyer_content import flyer_content
from stojnica.services.flyer_paper import FlyerWish, offered_designs, paper_choices
from stojnica.services.made_flyer import FlyerScene, make_flyer_of, settled
from stojnica.services.own_words import own_words

LEAST_TITLE_PT = {"flyer": 24, "poster": 44, "strips": 36, "sign": 28, "camp": 24, "thanks": 34}


def made(design_id: str, size: str, language: str, event: Event, flyer_id: str = "") -> CheckedFlyer:
    design = load_design(design_id)
    template = design.size(size)
    return checked_flyer(said(design, language, event, flyer_id), next(iter(template.sheets)), template)


def test_there_is_a_flyer_a_poster_strips_a_sign_a_card_of_a_camp_and_one_in_thanks() -> None:
    found = {design.id: tuple(design.sizes) for design in offered_designs()}

    assert found == {
        "promise": ("A6", "A5", "DL"),
        "photo": ("A5", "A4"),
        "pair": ("A5", "A4"),
        "poster": ("A4", "A3"),
        "strips": ("A4",),
        "sign": ("A5", "A4"),
        "camp": ("A6",),
        "thanks": ("A6",),
    }


def test_each_is_named_in_each_language_of_visitors_and_says_its_own_words_in_all_or_in_none() -> None:
    for design_id in shipped_designs():
        design = load_design(design_id)
        assert set(design.name) >= set(VISITOR_LANGUAGES)
        assert set(design.words) in (set(), set(VISITOR_LANGUAGES))


@pytest.mark.parametrize("event", [EVENT, WITHOUT_FUNDING], ids=["funded", "plain"])
@pytest.mark.parametrize("language", VISITOR_LANGUAGES)
@pytest.mark.parametrize(("design_id", "size"), list(offered_sizes()))
def test_nothing_is_wrong_with_it_in_any_language_funded_or_not(
    design_id: str, size: str, language: str, event: Event
) -> None:
    flyers = [""] if load_design(design_id).words else [flyer.id for flyer in OFFICE.flyers]

    for flyer_id in flyers:
        found = made(design_id, size, language, event, flyer_id).problems

        assert {problem.kind for problem in found} <= {"check_wording"}


@pytest.mark.parametrize("event", [EVENT, WITHOUT_FUNDING], ids=["funded", "plain"])
@pytest.mark.parametrize("language", VISITOR_LANGUAGES)
@pytest.mark.parametrize(("design_id", "size"), list(offered_sizes()))
def test_its_title_is_large_its_code_fits_the_distance_and_its_small_print_can_be_read(
    design_id: str, size: str, language: str, event: Event
) -> None:
    design = load_design(design_id)
    template = design.size(size)
    layout = lay_out(said(design, language, event), template)

    lines = [mark for mark in layout.flat() if isinstance(mark, LineMark)]
    # Where two titles share the width, each may be a little smaller.
    least = LEAST_TITLE_PT[design.use] - (1 if design.is_bilingual else 0)
    assert min(line.size for line in lines if line.field == "title") >= least
    assert all(line.size >= 6 for line in lines if line.field == "disclaimer")
    sides = [mark.side / POINTS_PER_MM for mark in layout.flat() if isinstance(mark, CodeMark)]
    assert all(side >= max(20, template.reading_cm - 0.001) for side in sides)
    assert len(sides) == (8 if design.use == "strips" else 1)
    flags = [mark.height / POINTS_PER_MM for mark in layout.flat() if isinstance(mark, EmblemMark)]
    assert bool(flags) is bool(event.project)
    assert all(height >= LEAST_HEIGHT_MM - 0.001 for height in flags)


@pytest.mark.parametrize("language", VISITOR_LANGUAGES)
@pytest.mark.parametrize(("design_id", "size"), list(offered_sizes()))
def test_around_the_flag_half_its_height_is_free_of_words_and_codes(
    design_id: str, size: str, language: str
) -> None:
    design = load_design(design_id)
    layout = lay_out(said(design, language, EVENT), design.size(size))
    places = [
        [item for item in layout.marks if not isinstance(item, TurnedMark)],
        *[list(item.marks) for item in layout.marks if isinstance(item, TurnedMark)],
    ]

    for marks in places:
        (flag,) = (mark for mark in marks if isinstance(mark, EmblemMark))
        left, right = flag.x - flag.height / 2, flag.x + flag.height * 2
        lower, upper = flag.y - flag.height / 2, flag.y + flag.height * 1.5
        for mark in marks:
            if isinstance(mark, LineMark):
                assert not (left < mark.x < right and lower < mark.y < upper)
            if isinstance(mark, CodeMark):
                beside = mark.x >= right or mark.x + mark.side <= left
                assert beside or mark.y >= upper or mark.y + mark.side <= lower


def test_each_of_eight_strips_has_its_code_its_address_and_the_whole_funding() -> None:
    checked = made("strips", "A4", "de", EVENT)

    picture = page_image(checked.printable_pdf(), 0, 150, is_grey=True)
    formats = zxingcpp.BarcodeFormats([zxingcpp.BarcodeFormat.QRCode])
    read = [code.text for code in zxingcpp.read_barcodes(picture, formats=formats)]
    assert read == [said(load_design("strips"), "de", EVENT).url] * 8
    document = pypdfium2.PdfDocument(checked.pdf)
    words = " ".join(document[0].get_textpage().get_text_range().split())
    document.close()
    assert words.count("workcamps.sci.ngo") >= 8
    # One for each strip, one for the poster that stays on the wall.
    assert words.count("verantwortlich gemacht werden.") == 9


def test_a_strip_whose_code_is_covered_is_not_printed() -> None:
    template = load_template("strips")
    strips = next(box for box in template.plain if hasattr(box, "count"))
    # Given a fill that lies over the first two of eight codes.
    cover = replace(template.plain[0], area=replace(strips.area, width=strips.area.width / 4))
    covered = replace(template, plain=(*template.plain, cover))
    content = said(load_design("strips"), "sl", WITHOUT_FUNDING)

    checked = checked_flyer(content, 1, covered)

    assert [problem.kind for problem in checked.problems if problem.is_blocking] == ["does_not_decode"]


def test_the_sign_leads_to_the_web_form_with_the_event_and_says_when_there_is_none() -> None:
    wish = FlyerWish("sl", template_id="sign")
    with_form = replace(
        OFFICE, organisation=replace(OFFICE.organisation, web_form="https://example.org/obrazec")
    )

    there, not_there = (make_flyer_of(FlyerScene(office, EVENT), wish) for office in (with_form, OFFICE))

    assert there.link.startswith("https://example.org/obrazec?utm_source=lupa")
    assert "leads_to_website" not in {problem.kind for problem in there.checked.problems}
    assert not_there.link.startswith("https://zavod-voluntariat.si/?utm_source=lupa")
    (hint,) = (item for item in not_there.checked.problems if item.kind == "leads_to_website")
    assert not hint.is_blocking
    assert there.checked.is_printable
    assert there.name == "lupa-sign-sl-A5.pdf"


def test_without_any_address_the_sign_says_what_to_ask_the_office() -> None:
    silent = replace(OFFICE, organisation=replace(OFFICE.organisation, website=""))

    with pytest.raises(UserFacingError) as refused:
        own_words(silent, EVENT, "sl", load_design("sign"))
    with pytest.raises(UserFacingError) as wordless:
        own_words(OFFICE, EVENT, "fr", load_design("sign"))

    assert refused.value.next_step
    assert wordless.value.code == "no_words_of_template"


def test_a_sign_names_the_organisation_as_all_its_flyers_in_that_language_do() -> None:
    lines = [
        make_flyer_of(FlyerScene(OFFICE, EVENT), FlyerWish(language, template_id="sign")).contents[0].kicker
        for language in ("hu", "sl")
    ]
    mixed = replace(OFFICE, flyers=(_with_line(OFFICE.flyers[0], "Nekaj drugega"), *OFFICE.flyers[1:]))
    unsure = make_flyer_of(FlyerScene(mixed, EVENT), FlyerWish("sl", template_id="sign")).contents[0]

    assert lines == ["Zavod Voluntariat · SCI Szlovénia", "Zavod Voluntariat · SCI Slovenija"]
    assert unsure.kicker == ""


def _with_line(flyer: Flyer, line: str) -> Flyer:
    return replace(flyer, texts={key: replace(words, kicker=line) for key, words in flyer.texts.items()})


def test_a_card_of_a_camp_leads_where_the_chosen_flyer_does_and_has_rules_to_write_on() -> None:
    content = own_words(OFFICE, EVENT, "sl", load_design("camp"), "camps")

    layout = lay_out(content, load_template("camp"))

    assert content.url == flyer_content(OFFICE, EVENT, "sl", "camps").url
    labels = [mark.text for mark in layout.flat() if isinstance(mark, LineMark) and mark.field == "blanks"]
    assert labels == ["Tabor", "Kje", "Kdaj", "Koda tabora"]


def test_which_flyer_is_asked_only_where_something_of_it_is_printed() -> None:
    asked = {
        design.use: paper_choices(FlyerWish("sl", template_id=design.id)) for design in offered_designs()
    }

    assert {use for use, choices in asked.items() if choices.needs_flyer} == {
        "flyer",
        "poster",
        "strips",
        "camp",
    }


def test_three_flyers_of_a_third_of_a4_lie_side_by_side() -> None:
    template = load_template("promise", "DL")

    checked = checked_flyer(said(load_design("promise"), "hu", EVENT), 3, template)

    assert page_size_mm(checked.printable_pdf()) == pytest.approx((297, 210), abs=0.01)
    assert not [problem for problem in checked.problems if problem.is_blocking]


@pytest.mark.parametrize("language", VISITOR_LANGUAGES)
def test_two_languages_stand_side_by_side_in_one_size_with_one_flag_and_both_disclaimers(
    language: str,
) -> None:
    design = load_design("pair")
    content = said(design, language, EVENT)

    layout = lay_out(content, design.size())

    sizes = {
        field: {
            round(mark.size, 2)
            for mark in layout.flat()
            if isinstance(mark, LineMark) and mark.field.removesuffix("_2") == field
        }
        for field in ("title", "promise", "heading", "body", "call")
    }
    assert all(len(found) == 1 for found in sizes.values())
    assert sum(isinstance(mark, EmblemMark) for mark in layout.flat()) == 1
    words = " ".join(mark.text for mark in layout.flat() if isinstance(mark, LineMark))
    assert content.funding is not None
    assert content.second is not None
    assert content.second.funding is not None
    for band in (content.funding, content.second.funding):
        assert band.statement in words
        assert band.disclaimer.split()[-1] in words


@pytest.mark.parametrize("event", [EVENT, WITHOUT_FUNDING], ids=["funded", "plain"])
@pytest.mark.parametrize(("first", "second"), list(permutations(VISITOR_LANGUAGES, 2)))
def test_any_two_languages_find_their_place_beside_each_other(first: str, second: str, event: Event) -> None:
    for design in (design for design in offered_designs() if design.is_bilingual):
        for template in design.sizes.values():
            content = said(design, first, event, second=second)
            layout = lay_out(content, template)

            assert layout.problems == ()
            funding = content.second.funding if content.second else None
            pieces = separated_pieces(layout.marks, template, content.funding, funding)
            assert [found for piece in pieces for found in funding_problems(piece)] == []
            words = squeezed(layout)
            for text in (content.title, content.second.title if content.second else ""):
                assert "".join(text.split()) in words


def squeezed(layout: Layout) -> str:
    lines = (mark.text for mark in layout.flat() if isinstance(mark, LineMark))
    return "".join("".join(lines).split())


def test_what_is_wrong_in_the_second_language_is_named_too() -> None:
    content = said(load_design("pair"), "sl", EVENT)
    assert content.second is not None
    second = replace(content.second, heading="Come {date}", body="and " * 26)

    found = checked_flyer(replace(content, second=second), 1, load_template("pair")).problems

    assert {("placeholder", True), ("too_many_words", False)} <= {
        (one.kind, one.is_blocking) for one in found
    }


def test_a_flyer_with_one_language_is_not_offered_in_two() -> None:
    flyer = OFFICE.flyers[0]
    alone = replace(OFFICE, flyers=(replace(flyer, texts={"sl": flyer.texts["sl"]}),))
    wish = FlyerWish("sl", template_id="pair")

    both, one = (settled(FlyerScene(office, EVENT), wish) for office in (OFFICE, alone))

    assert (both.template_id, both.second) == ("pair", "en")
    assert paper_choices(both).seconds == ("en", "de", "it", "hr", "hu")
    assert one.template_id == "promise"
    assert "pair" not in dict(paper_choices(one).templates)
    assert make_flyer_of(FlyerScene(OFFICE, EVENT), wish).name == "lupa-camps-sl-en-A5.pdf"
