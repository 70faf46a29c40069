"""Each rule of the EU stops a print that breaks it and says what was measured; what keeps it passes."""

import io
from collections.abc import Callable
from dataclasses import replace

import pytest
from PIL import Image

from stojnica.i18n import VISITOR_LANGUAGES, speaking
from stojnica.printing.check import checked_flyer
from stojnica.printing.colour import parse_colour
from stojnica.printing.flyer import FlyerContent
from stojnica.printing.fonts import REGULAR
from stojnica.printing.funding import KINDS, FundingBand, funding_band
from stojnica.printing.funding_check import (
    RULES,
    FundedPiece,
    funding_problems,
    is_funding_rule,
    rule_name,
    separated_pieces,
)
from stojnica.printing.layout import lay_out
from stojnica.printing.logo import read_logo
from stojnica.printing.marks import DiscMark, EmblemMark, FillMark, LineMark, LogoMark, Mark
from stojnica.printing.template import Area, Funding, Template
from stojnica.printing.template_file import load_design, load_template, shipped_designs
from stojnica.printing.typesetting import POINTS_PER_MM as MM

RED = parse_colour("#B3261E")


@pytest.fixture
def piece(content: FlyerContent) -> FundedPiece:
    """Give a piece that keeps every rule: an A6 flyer."""
    template = load_template("promise", "A6")
    return FundedPiece(lay_out(content, template).marks, template.trim_mm, False, content.funding)


def flag_of(piece: FundedPiece) -> EmblemMark:
    return piece.emblems[0]


def changed(piece: FundedPiece, change: Callable[[Mark], Mark | None]) -> FundedPiece:
    """Give the piece with each mark changed, or left out for None."""
    marks = [change(mark) for mark in piece.marks]
    return replace(piece, marks=[mark for mark in marks if mark is not None])


def with_flag(piece: FundedPiece, *, height: float) -> FundedPiece:
    return changed(piece, lambda mark: replace(mark, height=height) if isinstance(mark, EmblemMark) else mark)


def with_lines(piece: FundedPiece, field: str, change: Callable[[LineMark], LineMark | None]) -> FundedPiece:
    return changed(
        piece, lambda mark: change(mark) if isinstance(mark, LineMark) and mark.field == field else mark
    )


def with_more(piece: FundedPiece, *marks: Mark) -> FundedPiece:
    return replace(piece, marks=[*piece.marks, *marks])


def broken(piece: FundedPiece) -> dict[str, str]:
    with speaking("en"):
        return {problem.kind: problem.message for problem in funding_problems(piece)}


def test_a_piece_that_keeps_every_rule_has_no_problem(piece: FundedPiece) -> None:
    assert broken(piece) == {}


def test_without_eu_money_a_piece_without_emblem_is_right_and_one_with_it_is_a_false_claim(
    piece: FundedPiece,
) -> None:
    plain = replace(piece, marks=[], band=None)

    assert broken(plain) == {}
    assert "no EU money" in broken(replace(piece, band=None))["eu_emblem"]


def test_there_is_one_emblem_not_none_and_not_two(piece: FundedPiece) -> None:
    flag = flag_of(piece)

    none = changed(piece, lambda mark: None if isinstance(mark, EmblemMark) else mark)
    two = with_more(piece, replace(flag, x=flag.x, y=flag.y + 60 * MM))

    assert "0 EU emblems" in broken(none)["eu_emblem"]
    assert "2 EU emblems" in broken(two)["eu_emblem"]


def test_the_flag_is_ten_millimetres_high_and_smaller_only_on_cards(piece: FundedPiece) -> None:
    assert "9.8 mm high; at least 10 mm" in broken(with_flag(piece, height=9.8 * MM))["eu_height"]
    assert "eu_height" not in broken(with_flag(piece, height=10 * MM))
    card = replace(piece, is_card=True)
    assert "eu_height" not in broken(with_flag(card, height=5 * MM))
    assert "at least 5 mm" in broken(with_flag(card, height=4.9 * MM))["eu_height"]


def test_what_misses_the_rule_by_a_hair_is_not_written_as_what_the_rule_asks_for(piece: FundedPiece) -> None:
    assert "9.97 mm high" in broken(with_flag(piece, height=9.979 * MM))["eu_height"]


@pytest.mark.parametrize("side", ["left", "right", "above", "below"])
def test_half_the_flags_height_is_free_on_every_side(piece: FundedPiece, side: str) -> None:
    # Given a dot of a millimetre beside the flag alone on its piece, once near, once far enough.
    flag = EmblemMark(40 * MM, 60 * MM, 12 * MM)
    alone = replace(piece, marks=[flag])

    def dot(gap_mm: float) -> DiscMark:
        away = gap_mm + 1
        x, y = {
            "left": (40 - away, 66),
            "right": (58 + away, 66),
            "above": (49, 72 + away),
            "below": (49, 60 - away),
        }[side]
        return DiscMark(x * MM, y * MM, 1 * MM, RED)

    near, far = broken(with_more(alone, dot(5.9))), broken(with_more(alone, dot(6.05)))

    assert "Only 5.9 mm are free" in near["eu_clear_space"]
    assert "half its height is needed, 6 mm" in near["eu_clear_space"]
    assert "eu_clear_space" not in far


def test_the_edge_of_the_piece_and_of_a_coloured_ground_count_as_well(piece: FundedPiece) -> None:
    flag = EmblemMark(4 * MM, 60 * MM, 10 * MM)
    on_ground = EmblemMark(40 * MM, 60 * MM, 10 * MM, on_colour=True)
    # The ground reaches 3 mm beyond the flag at its left.
    ground = FillMark(Area(37, 50, 60, 60), RED, frozenset())

    assert "Only 4 mm" in broken(replace(piece, marks=[flag]))["eu_clear_space"]
    assert "Only 3 mm" in broken(replace(piece, marks=[ground, on_ground]))["eu_clear_space"]


def png(width: int, height: int) -> bytes:
    target = io.BytesIO()
    Image.new("RGB", (width, height), (20, 90, 80)).save(target, "PNG")
    return target.getvalue()


def logo_mark(width_mm: float, height_mm: float) -> LogoMark:
    picture = read_logo(png(round(width_mm * 10), round(height_mm * 10)))
    return LogoMark(picture, 10 * MM, 100 * MM, width_mm * MM, height_mm * MM, 0)


@pytest.mark.parametrize(
    ("width", "height", "is_larger"), [(15.7, 10.4, False), (16, 4, True), (6, 11, True)]
)
def test_no_other_logo_is_taller_or_wider(
    piece: FundedPiece, width: float, height: float, is_larger: bool
) -> None:
    found = broken(with_more(piece, logo_mark(width, height)))

    assert ("eu_other_logo" in found) is is_larger
    if is_larger:
        assert f"{width:g} × {height:g} mm" in found["eu_other_logo"]


def test_a_monogram_is_a_logo_too(piece: FundedPiece) -> None:
    assert "eu_other_logo" in broken(with_more(piece, DiscMark(80 * MM, 120 * MM, 6 * MM, RED)))


def test_a_coloured_ground_needs_the_white_border_and_goes_all_around(piece: FundedPiece) -> None:
    flag = EmblemMark(40 * MM, 60 * MM, 10 * MM)
    whole = FillMark(Area(0, 40, 105, 90), RED, frozenset())
    half = FillMark(Area(0, 40, 45, 90), RED, frozenset())

    assert "without its white border" in broken(replace(piece, marks=[whole, flag]))["eu_ground"]
    assert "eu_ground" not in broken(replace(piece, marks=[whole, replace(flag, on_colour=True)]))
    assert "several colours" in broken(replace(piece, marks=[half, flag]))["eu_ground"]


def test_the_statement_is_there_as_a_whole(piece: FundedPiece) -> None:
    left_out = with_lines(piece, "statement", lambda line: None)
    shortened = with_lines(piece, "statement", lambda line: replace(line, text="Financira"))
    cut_off = with_lines(piece, "statement", lambda line: replace(line, x=90 * MM))

    for spoilt in (left_out, shortened, cut_off):
        assert "“Financira Evropska unija”" in broken(spoilt)["eu_statement"]


@pytest.mark.parametrize("words", ["Financira EU", "FINANCIRA EVROPSKA UNIJA", "Plačala Evropska unija"])
def test_the_statement_says_what_the_rules_say_never_eu_and_never_in_capitals(
    content: FlyerContent, band: FundingBand, words: str
) -> None:
    spoilt = replace(content, funding=replace(band, statement=words))

    checked = checked_flyer(spoilt, 1)

    assert "eu_statement_words" in [problem.kind for problem in checked.problems if problem.is_blocking]


@pytest.mark.parametrize("face", [REGULAR, "Ubuntu-Italic", "Arial-BoldOblique", "Comic Sans MS"])
def test_the_statement_is_set_in_an_allowed_typeface_and_upright(piece: FundedPiece, face: str) -> None:
    rule = next(rule for rule in RULES if rule.id == "eu_statement_face")
    spoilt = with_lines(piece, "statement", lambda line: replace(line, face=face))

    with speaking("en"):
        [message] = rule.broken(spoilt)

    assert face in message
    assert "Ubuntu, Verdana" in message


@pytest.mark.parametrize("face", ["Ubuntu-Regular", "Ubuntu-Bold", "Arial", "Verdana-Regular", "Trebuchet"])
def test_an_allowed_typeface_passes(piece: FundedPiece, face: str) -> None:
    rule = next(rule for rule in RULES if rule.id == "eu_statement_face")

    assert list(rule.broken(with_lines(piece, "statement", lambda line: replace(line, face=face)))) == []


def test_the_statement_is_blue_black_or_white_and_can_be_read(piece: FundedPiece) -> None:
    def coloured(text: str) -> dict[str, str]:
        colour = parse_colour(text)
        return broken(with_lines(piece, "statement", lambda line: replace(line, colour=colour)))

    assert "eu_statement_colour" not in coloured("#003399")
    assert "eu_statement_colour" not in coloured("#000000")
    assert "only be blue (#003399), black or white" in coloured("#0B6E63")["eu_statement_colour"]
    assert "doesn't stand out" in coloured("#FFFFFF")["eu_statement_colour"]  # White on white.


def test_the_disclaimer_is_there_as_a_whole(piece: FundedPiece) -> None:
    last = piece.lines("disclaimer")[-1]

    shortened = with_lines(piece, "disclaimer", lambda line: None if line is last else line)

    assert "may not be shortened" in broken(shortened)["eu_disclaimer"]


def test_the_disclaimer_is_six_points_as_it_was_really_set(content: FlyerContent) -> None:
    # Given a template whose disclaimer may shrink, and an authority with a long name.
    template = load_template("promise", "A6")
    styles = dict(template.styles)
    styles["disclaimer"] = replace(styles["disclaimer"], size_pt=6.0, least_pt=4.5)
    shrinking = replace(template, styles=styles)
    authority = "Izvajalska agencija za izobraževanje, kulturo in vse drugo, kar sodi zraven " * 3
    long = replace(content, funding=funding_band({"kind": "funded", "authority": authority}, "sl"))

    with speaking("en"):
        checked = checked_flyer(long, 1, shrinking)

    [message] = [problem.message for problem in checked.problems if problem.kind == "eu_disclaimer_size"]
    assert "at least 6 are needed" in message
    assert not checked.is_printable


def smaller_flags(template: Template) -> Template:
    funded = tuple(
        replace(box, emblem_mm=9.0) if isinstance(box, Funding) else box for box in template.funded
    )
    return replace(template, funded=funded)


def test_what_breaks_a_rule_is_not_printed_and_says_which(content: FlyerContent) -> None:
    checked = checked_flyer(content, 4, smaller_flags(load_template("promise", "A6")))

    assert not checked.is_printable
    assert [problem.kind for problem in checked.problems if problem.is_blocking] == ["eu_height"]


AUTHORITIES = ("EACEA", "European Education and Culture Executive Agency (EACEA)")
# For a long name, said twice, there is no room at 6 points on these; they say so and aren't printed.
TOO_LOW = (("strips", "de"), ("strips", "hu"), ("card", "de"))
SIZES = [(name, size) for name in shipped_designs() for size in load_design(name).sizes]


@pytest.mark.parametrize("authority", AUTHORITIES)
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("language", VISITOR_LANGUAGES)
@pytest.mark.parametrize(("template_id", "size"), SIZES)
def test_what_is_shipped_keeps_every_rule_in_every_language(
    content: FlyerContent, template_id: str, size: str, language: str, kind: str, authority: str
) -> None:
    template = load_template(template_id, size)
    funding = funding_band({"kind": kind, "authority": authority}, language)
    layout = lay_out(replace(content, funding=funding), template)

    if any(problem.field == "disclaimer" for problem in layout.problems):
        assert (template_id, language, authority) in {(*piece, AUTHORITIES[1]) for piece in TOO_LOW}
    else:
        for part in separated_pieces(layout.marks, template, funding):
            assert broken(part) == {}


def test_each_strip_that_is_torn_off_is_a_piece_of_its_own(content: FlyerContent) -> None:
    template = load_template("strips")
    marks = lay_out(content, template).marks

    poster, strip = separated_pieces(marks, template, content.funding)

    assert (len(poster.emblems), len(strip.emblems)) == (1, 1)
    assert strip.trim_mm == (131, 25)
    # A strip without its band is found, though the sheet that it is torn from has one.
    bare = changed(strip, lambda mark: None if isinstance(mark, EmblemMark) else mark)
    assert "0 EU emblems" in broken(bare)["eu_emblem"]


def test_where_strips_are_torn_off_the_clear_space_ends(content: FlyerContent) -> None:
    template = load_template("strips")
    poster, _strip = separated_pieces(lay_out(content, template).marks, template, content.funding)

    lower = changed(poster, lambda mark: replace(mark, y=140 * MM) if isinstance(mark, EmblemMark) else mark)

    assert broken(poster) == {}
    assert "Only 4 mm" in broken(lower)["eu_clear_space"]


def two_languages(content: FlyerContent) -> FundedPiece:
    english = funding_band({"kind": "funded", "authority": "EACEA"}, "en")
    both = replace(content, second=replace(content, language="en", funding=english))
    template = load_template("promise", "A5")
    [found] = separated_pieces(lay_out(both, template).marks, template, content.funding, english)
    return found


def test_in_two_languages_there_is_one_emblem_and_the_words_of_both(content: FlyerContent) -> None:
    both = two_languages(content)

    assert broken(both) == {}
    assert len(both.emblems) == 1
    assert both.text("statement") == "Financira Evropska unija"
    assert both.text("statement_2") == "Funded by the European Union"


@pytest.mark.parametrize("field", ["disclaimer", "disclaimer_2"])
def test_in_two_languages_neither_disclaimer_may_be_missing(content: FlyerContent, field: str) -> None:
    both = two_languages(content)

    halved = with_lines(both, field, lambda _line: None)

    assert "eu_disclaimer" in broken(halved)


def test_a_wide_logo_becomes_as_small_as_the_emblem(content: FlyerContent) -> None:
    template = load_template("promise", "A6")
    marks = lay_out(replace(content, logo=png(600, 100)), template).marks

    found = broken(FundedPiece(marks, template.trim_mm, False, content.funding))

    assert any(isinstance(mark, LogoMark) for mark in marks)
    assert found == {}


def test_each_rule_has_a_name_for_people(piece: FundedPiece) -> None:
    names = [rule_name(rule.id) for rule in RULES]

    assert len(set(names)) == len(RULES)
    assert not any(name.startswith("eu_") for name in names)
    assert is_funding_rule("eu_height")
    assert not is_funding_rule("does_not_decode")
