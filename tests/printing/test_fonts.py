"""The shipped faces have the letters of the field, are measured as they are set, and admit what they lack."""

import pytest
from PIL import ImageFont, features
from reportlab.pdfbase.ttfonts import TTFont

from stojnica.printing.fonts import (
    FACES,
    REGULAR,
    SEMIBOLD,
    UNPRINTABLE,
    character_name,
    kerned,
    missing_characters,
    register_fonts,
    text_width,
)
from stojnica.printing.quick_font import QuickFont
from stojnica.resources import resource

LETTERS = "čšžđćČŠŽĐĆőűŐŰßłŁäöüÄÖÜáéíóúàèìòùñ„“”’–—…·€ Ελληνικά ΆΈΉ Кириллица їєґ љњџ"


@pytest.mark.parametrize("face", FACES)
def test_the_letters_of_the_field_are_in_every_face(face: str) -> None:
    assert missing_characters(LETTERS, face) == ()


def test_a_letter_and_its_mark_count_as_the_composed_letter() -> None:
    assert missing_characters("c\u030c s\u030c z\u030c") == ()


@pytest.mark.parametrize(
    "character", ["😀", "م", "א", "क", "中", "\u200b", "\u202e", "\x07", "\ud800", "\ue000", "x\u0338"[1]]
)
def test_what_can_not_be_set_is_missing(character: str) -> None:
    assert missing_characters(f"a{character}b{character}") == (character,)


def test_a_character_is_named_so_that_it_can_be_found() -> None:
    assert character_name("😀") == "😀 (U+1F600 GRINNING FACE)"
    assert character_name("\u202e") == "U+202E RIGHT-TO-LEFT OVERRIDE"
    assert character_name("\ud800") == "U+D800"


def test_registering_again_changes_nothing() -> None:
    register_fonts()
    before = text_width("Šola", REGULAR, 10)

    register_fonts()

    assert text_width("Šola", REGULAR, 10) == before


@pytest.mark.parametrize("face", FACES)
def test_a_face_read_at_once_is_as_reportlab_reads_it(face: str) -> None:
    file = str(resource("fonts", f"{face}.ttf"))

    quick, slow = QuickFont(face, file).face, TTFont(face, file, asciiReadable=False).face

    own = {"_pos", "_pdfScale", "_ttf_data"}
    assert vars(quick).keys() - {"data"} == vars(slow).keys() - {"glyphToChar"}
    for name in vars(slow).keys() - own - {"glyphToChar"}:
        assert getattr(quick, name) == getattr(slow, name), name


def test_pairs_move_together_and_the_parts_are_the_text() -> None:
    parts, width = kerned("Tabor, AVTO", SEMIBOLD)

    assert "".join(text for text, _move in parts) == "Tabor, AVTO"
    assert parts[0] == ("T", pytest.approx(-0.08))
    assert width < sum(kerned(letter, SEMIBOLD)[1] for letter in "Tabor, AVTO")
    assert kerned("", SEMIBOLD) == ((), 0.0)


@pytest.mark.skipif(not features.check("raqm"), reason="Pillow finds no shaping library to compare with")
@pytest.mark.parametrize("face", FACES)
def test_a_kerned_line_is_as_wide_as_a_shaping_engine_sets_it(face: str) -> None:
    path = str(resource("fonts", f"{face}.ttf"))
    engine = ImageFont.truetype(path, 1000, layout_engine=ImageFont.Layout.RAQM)

    for text in (
        "Tvoj tabor, AVTO",
        "Potovanje v Črno goro.",
        "Kövess. Tőled",
        "„Vse“ – Yes. LT",
        "ГАТУ. ΑΥΤΟ",
    ):
        expected = engine.getlength(text, features=["-liga", "-clig", "-calt", "-locl"]) / 1000
        assert text_width(text, face, 1) == pytest.approx(expected, abs=0.004)


@pytest.mark.parametrize("face", [REGULAR, SEMIBOLD])
def test_what_stands_for_a_missing_letter_can_be_printed(face: str) -> None:
    assert missing_characters(UNPRINTABLE, face) == ()
