"""The three themes have the same names and enough contrast; the shipped typefaces carry our letters."""

import re

import pytest
from PySide6.QtGui import QColor, QFontMetrics, QRawFont
from PySide6.QtWidgets import QApplication

from stojnica.resources import resource, resources_dir
from stojnica.ui.theme import LIGHT, THEMES, Look, Theme, icon_pixmap, install_look, look

INKS_ON = [
    ("ink", "paper"),
    ("ink", "card"),
    ("ink_mid", "paper"),
    ("ink_mid", "card"),
    ("ink_mid", "accent_soft"),
    ("ink_mid", "sunk"),
    ("ink_soft", "paper"),
    ("ink_soft", "card"),
    ("on_accent", "accent"),
    ("accent", "card"),
    ("accent", "paper"),
    ("accent", "accent_soft"),
    ("rail_ink", "rail"),
    ("rail_ink_on", "rail_on"),
    ("on_marker", "marker"),
    ("good", "paper"),
    ("wait", "paper"),
    ("bad", "paper"),
    ("ink_mid", "good_soft"),
    ("ink_mid", "wait_soft"),
    ("ink_mid", "bad_soft"),
    ("ink", "accent_soft"),
    ("ink", "sunk"),
    ("ink", "good_soft"),
    ("ink", "wait_soft"),
    ("ink", "bad_soft"),
    ("ink_soft", "sunk"),
    ("ink_soft", "accent_soft"),
    ("ink_soft", "good_soft"),
    ("ink_soft", "wait_soft"),
    ("ink_soft", "bad_soft"),
    ("on_accent", "accent_mid"),
    ("rail_ink", "rail_on"),
    ("rail_ink_on", "rail"),
    ("good", "card"),
    ("wait", "card"),
    ("bad", "card"),
    ("bad", "sunk"),
    ("code", "code_ground"),
]
EDGES_ON = [
    ("edge", "paper"),
    ("edge", "card"),
    ("edge", "sunk"),
    ("box", "card"),
    ("accent", "card"),
    ("accent", "paper"),
    ("accent", "sunk"),
    ("marker", "rail"),
    ("marker", "rail_on"),
    ("bad", "card"),
    ("wait_dot", "sunk"),
    ("good", "sunk"),
    ("on_sign", "good"),
    ("on_sign", "wait"),
    ("on_sign", "bad"),
]
# Nothing is to be read from them: a card is known by its ground and head, a bar by its number, which is
# written beside it or told by the chart, and a tinted card by its words.
DECORATION = {"line", "rule", "track", "bar", "bar_now", "good_edge", "wait_edge", "bad_edge"}


def luminance(colour: str) -> float:
    """Relative luminance after WCAG 2.2."""

    def linear(channel: float) -> float:
        return channel / 12.92 if channel <= 0.04045 else ((channel + 0.055) / 1.055) ** 2.4

    rgb = QColor(colour)
    return 0.2126 * linear(rgb.redF()) + 0.7152 * linear(rgb.greenF()) + 0.0722 * linear(rgb.blueF())


def contrast(theme: Theme, ink: str, ground: str) -> float:
    lighter, darker = sorted(
        (luminance(getattr(theme, ink)), luminance(getattr(theme, ground))), reverse=True
    )
    return (lighter + 0.05) / (darker + 0.05)


def test_each_colour_has_its_contrast_measured_or_decorates() -> None:
    measured = {token for pair in (*INKS_ON, *EDGES_ON) for token in pair}

    colours = {token for token, value in LIGHT._asdict().items() if str(value).startswith("#")}

    assert colours - measured == DECORATION
    assert not measured & DECORATION


@pytest.mark.parametrize("name", sorted(THEMES))
@pytest.mark.parametrize(("ink", "ground"), INKS_ON)
def test_text_reaches_a_contrast_of_four_and_a_half(name: str, ink: str, ground: str) -> None:
    assert contrast(THEMES[name], ink, ground) >= 4.5


@pytest.mark.parametrize("name", sorted(THEMES))
@pytest.mark.parametrize(("edge", "ground"), EDGES_ON)
def test_edges_of_what_can_be_pressed_reach_three(name: str, edge: str, ground: str) -> None:
    assert contrast(THEMES[name], edge, ground) >= 3.0


def test_no_file_outside_the_theme_names_a_colour() -> None:
    folder = resource().parent / "desktop" / "stojnica" / "ui"
    literal = re.compile(r"[\"']#[0-9A-Fa-f]{3,8}[\"']|QColor\(\d|Qt\.GlobalColor\.(?!transparent)")

    named = [
        str(path.relative_to(folder))
        for path in folder.rglob("*.py")
        if "theme" not in path.parts and literal.search(path.read_text(encoding="utf-8"))
    ]

    assert named == []


@pytest.mark.parametrize("semibold", [False, True])
def test_the_shipped_typeface_is_in_force_with_our_letters(qapp: QApplication, semibold: bool) -> None:
    font = look().font(15, semibold=semibold)

    raw = QRawFont.fromFont(font)

    assert raw.familyName().startswith("Noto Sans")
    assert raw.weight() == (600 if semibold else 400)
    assert all(raw.supportsCharacter(ord(letter)) for letter in "čšžđćČŠŽĐĆäöüßőűàé·–…")


def test_every_icon_can_be_drawn_in_a_token(qapp: QApplication) -> None:
    wanted = look().colour("accent")
    for path in sorted((resources_dir() / "icons").glob("*.svg")):
        image = icon_pixmap(path.stem, "accent", 24, ratio=2.0).toImage()

        pixels = [image.pixelColor(x, y) for x in range(48) for y in range(48)]
        inked = [pixel for pixel in pixels if pixel.alpha() > 250]

        assert inked, path.name
        assert all(abs(pixel.green() - wanted.green()) <= 2 for pixel in inked), path.name
        assert all(abs(pixel.red() - wanted.red()) <= 2 for pixel in inked), path.name


def test_a_larger_text_scale_makes_text_larger(qapp: QApplication) -> None:
    before = look()
    try:
        install_look(qapp, Look(before.theme, 2.0))
        doubled = QFontMetrics(look().font(15)).horizontalAdvance("Stojnica")
    finally:
        install_look(qapp, before)

    assert doubled == pytest.approx(2 * QFontMetrics(look().font(15)).horizontalAdvance("Stojnica"), rel=0.05)
