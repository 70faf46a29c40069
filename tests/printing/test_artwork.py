"""Artwork of a template: in the piece's own colours, out of the template's folder alone, or not at all."""

import base64
import copy
import io
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from PIL import Image, ImageDraw

from stojnica.domain.look_document import MAX_PICTURE_LETTERS
from stojnica.domain.organisation_document import parse_document
from stojnica.printing.check import checked_flyer
from stojnica.printing.flyer import FlyerContent
from stojnica.printing.layout import lay_out
from stojnica.printing.marks import ArtworkMark
from stojnica.printing.photo import stored_artwork
from stojnica.printing.render import page_image
from stojnica.printing.shop import draw_for_shop
from stojnica.printing.template import Design
from stojnica.printing.template_file import load_design, read_design, shipped_designs
from stojnica.printing.template_node import BadTemplateError
from stojnica.resources import resource
from stojnica.services.office_pictures import document_for_stands
from stojnica.services.own_templates import own_templates
from stojnica.services.sample import SAMPLE_DAY, sample_document

ACCENT, PAPER = (11, 110, 99), (255, 255, 255)
DRAWN = (
    b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 85 8">'
    b'<rect width="42.5" height="8" fill="#C81E1E"/>'
    b'<rect x="42.5" width="42.5" height="8" fill="#000000" opacity="0.5"/></svg>'
)


def document() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(resource("flyers", "promise", "template.json").read_text("utf-8"))
    return found


def shows(**box: Any) -> dict[str, Any]:
    """Give the shipped flyer with artwork at the place of its brand, above the colour of its head."""
    changed = copy.deepcopy(document())
    place = {"kind": "artwork", "area_mm": [10, 10, 85, 8], "ground": "accent", **box}
    for boxes in changed["sizes"]["A6"]["layouts"].values():
        boxes[1] = place
    return changed


def read(folder: Path, **box: Any) -> Design:
    (folder / "template.json").write_text(json.dumps(shows(**box)), encoding="utf-8")
    return read_design(folder / "template.json", "promise")


def pixel(content: FlyerContent, design: Design, x_mm: float, y_mm: float) -> tuple[int, ...]:
    page = page_image(checked_flyer(content, 1, design.size("A6")).pdf, 0, 254)
    found = page.getpixel((round(x_mm * 10), round(y_mm * 10)))
    assert isinstance(found, tuple)
    return found


def is_near(found: tuple[int, ...], wanted: tuple[int, ...]) -> bool:
    return all(abs(one - other) < 4 for one, other in zip(found, wanted, strict=True))


def test_a_colour_of_the_template_follows_the_accent_and_what_is_half_clear_darkens_the_ground(
    tmp_path: Path, content: FlyerContent
) -> None:
    (tmp_path / "stall.svg").write_bytes(DRAWN)
    design = read(tmp_path, file="stall.svg", colours={"#C81E1E": "on_accent"})

    for accent, ground in (("", ACCENT), ("#7A1F4D", (122, 31, 77))):
        flyer = replace(content, accent=accent, funding=None)
        assert is_near(pixel(flyer, design, 20, 14), PAPER)
        assert is_near(pixel(flyer, design, 80, 14), tuple(part // 2 for part in ground))


def test_a_picture_lets_its_ground_through(tmp_path: Path, content: FlyerContent) -> None:
    picture = Image.new("RGBA", (850, 80), (0, 0, 0, 0))
    ImageDraw.Draw(picture).rectangle((0, 0, 424, 80), fill=(200, 30, 30, 255))
    picture.save(tmp_path / "stall.png")

    design = read(tmp_path, file="stall.png")

    assert is_near(pixel(replace(content, funding=None), design, 20, 14), (200, 30, 30))
    assert is_near(pixel(replace(content, funding=None), design, 80, 14), ACCENT)


def large_png() -> bytes:
    target = io.BytesIO()
    Image.new("1", (8_000, 8_000)).save(target, "PNG")
    return target.getvalue()


@pytest.mark.parametrize(
    ("inside", "words"),
    [
        (b"<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 9 9'><script>1</script></svg>", "script"),
        (DRAWN.replace(b"<rect w", b"<image href='https://example.org/a.png'/><rect w", 1), "href"),
        (DRAWN.replace(b"<svg ", b"<!DOCTYPE svg [<!ENTITY a 'b'>]><svg ", 1), "DOCTYPE"),
        (b"<svg" + b" " * 5_000_000, "too large"),
        (b"GIF89a" + bytes(90), "not a PNG or JPEG"),
        (large_png(), "pixels"),
    ],
)
def test_artwork_that_is_more_than_a_picture_is_refused_at_its_place_and_with_its_reason(
    tmp_path: Path, inside: bytes, words: str
) -> None:
    (tmp_path / "stall.svg").write_bytes(inside)

    with pytest.raises(BadTemplateError) as refused:
        read(tmp_path, file="stall.svg")

    assert refused.value.where == "sizes.A6.layouts.funded[1].file"
    assert words in refused.value.what


@pytest.mark.parametrize(
    "name",
    [
        "../stall.svg",
        "/etc/passwd",
        "..\\stall.svg",
        "stall.svg/../../stall.svg",
        "outside.svg",
        "missing.svg",
        "folder.svg",
        "stall.pdf",
        "https://example.org/stall.svg",
        "",
        7,
        None,
    ],
)
def test_nothing_outside_the_templates_folder_is_opened(tmp_path: Path, name: object) -> None:
    # Given a good drawing outside the folder, with a link to it inside.
    folder = tmp_path / "own"
    (folder / "folder.svg").mkdir(parents=True)
    (tmp_path / "stall.svg").write_bytes(DRAWN)
    (folder / "outside.svg").symlink_to(tmp_path / "stall.svg")

    with pytest.raises(BadTemplateError) as refused:
        read(folder, file=name)

    assert refused.value.where == "sizes.A6.layouts.funded[1].file"


@pytest.mark.parametrize(
    ("box", "where"),
    [
        ({"colours": {"red": "accent"}}, "colours.red"),
        ({"colours": {"#C81E1E": "pink"}}, "colours.#C81E1E"),
        ({"ground": "pink"}, "ground"),
        ({"bleed": ["inside"]}, "bleed[0]"),
        ({"area_mm": [90, 10, 85, 8]}, "area_mm"),
        ({"picture": "stall"}, "picture"),
    ],
)
def test_a_wrong_place_for_artwork_is_named(tmp_path: Path, box: dict[str, Any], where: str) -> None:
    (tmp_path / "stall.svg").write_bytes(DRAWN)

    with pytest.raises(BadTemplateError) as refused:
        read(tmp_path, **{"file": "stall.svg", **box})

    assert refused.value.where == f"sizes.A6.layouts.funded[1].{where}"


def test_artwork_near_the_flag_breaks_the_rule_of_the_eu(tmp_path: Path, content: FlyerContent) -> None:
    (tmp_path / "stall.svg").write_bytes(DRAWN)

    design = read(tmp_path, file="stall.svg", area_mm=[10, 118, 85, 8])

    kinds = {item.kind for item in checked_flyer(content, 1, design.size("A6")).problems}
    assert "eu_clear_space" in kinds


def offices_own(picture: dict[str, Any]) -> dict[str, Any]:
    """Give the office's document with a flyer of its own that shows one of its pictures."""
    boxes = shows(picture="stall", colours={"#C81E1E": "on_accent"})["sizes"]["A6"]["layouts"]["plain"]
    boxes = json.loads(json.dumps(boxes), parse_float=str)
    changes = {"sizes": {"A6": {"layouts": {"plain": boxes}}, "A5": None, "DL": None}}
    own = {"id": "ours", "like": "promise", "name": {"sl": "Naš"}, "changes": changes}
    return {**sample_document(SAMPLE_DAY), "templates": [own], "pictures": [picture]}


def test_the_office_shows_a_picture_of_its_own_and_what_is_half_clear_stays_so(
    tmp_path: Path, content: FlyerContent
) -> None:
    (tmp_path / "stall.svg").write_bytes(DRAWN)

    published = document_for_stands(offices_own({"id": "stall", "file": "stall.svg"}), tmp_path)

    found = own_templates(parse_document(published))
    assert found.wrong == ()
    (design,) = found.designs
    assert is_near(pixel(replace(content, funding=None), design, 20, 14), PAPER)
    assert is_near(pixel(replace(content, funding=None), design, 80, 14), tuple(part // 2 for part in ACCENT))


@pytest.mark.parametrize("kind", ["JPEG", "PNG"])
def test_even_a_photo_as_artwork_is_small_enough_to_travel(kind: str) -> None:
    noise, target = Image.effect_noise((2_400, 1_600), 40).convert("RGB"), io.BytesIO()
    noise.save(target, kind)

    stored = stored_artwork(target.getvalue())

    assert max(Image.open(io.BytesIO(stored)).size) >= 700
    assert len(base64.b64encode(stored)) <= MAX_PICTURE_LETTERS


def test_a_picture_that_can_not_be_artwork_is_refused_before_publishing_and_the_shipped_one_stays(
    tmp_path: Path,
) -> None:
    # Given a picture that got into the document some other way.
    there = offices_own({"id": "stall", "data": "R0lGODlh"})

    with pytest.raises(BadTemplateError) as refused:
        document_for_stands(there, tmp_path)
    found = own_templates(parse_document(there))

    assert refused.value.where == "sizes.A6.layouts.plain[1].picture"
    assert found.designs == ()
    assert found.instead == {"ours": "promise"}
    assert "sizes.A6.layouts.plain[1].picture" in found.wrong[0]


def drawn_designs() -> list[str]:
    def has_artwork(design_id: str) -> bool:
        sizes = load_design(design_id).sizes.values()
        return any(type(box).__name__ == "Artwork" for size in sizes for box in size.plain)

    return [design_id for design_id in shipped_designs() if has_artwork(design_id)]


def test_the_card_of_a_camp_and_the_one_in_thanks_are_illustrated() -> None:
    assert drawn_designs() == ["camp", "thanks"]


@pytest.mark.parametrize("design_id", drawn_designs())
def test_a_shipped_drawing_stays_inside_the_colour_it_lies_on_down_to_its_round_corners(
    content: FlyerContent, design_id: str
) -> None:
    template = load_design(design_id).size("A6")
    flyer = replace(content, funding=None)
    (mark,) = (item for item in lay_out(flyer, template).marks if isinstance(item, ArtworkMark))
    assert mark.ground is not None
    # In tenths of a millimetre; the cell of a sheet is half a millimetre higher than the piece.
    below = round(mark.ground.area.height * 10 + 2.5)

    page = page_image(checked_flyer(flyer, 4, template).pdf, 0, 254)

    corners = [(51, below - 5, 55, below), (995, below - 5, 999, below)]
    for box in [(0, 0, 49, below), *corners, (0, below + 2, 1040, below + 40)]:
        assert all(darkest > 250 for darkest, _lightest in page.crop(box).getextrema())


@pytest.mark.parametrize("design_id", drawn_designs())
def test_for_a_print_shop_a_drawing_goes_on_into_the_bleed(content: FlyerContent, design_id: str) -> None:
    template = load_design(design_id).size("A6")
    flyer = replace(content, funding=None)
    (mark,) = (item for item in lay_out(flyer, template).marks if isinstance(item, ArtworkMark))

    pdf = draw_for_shop(flyer, (lay_out(flyer, template),), template)

    page = page_image(pdf, 0, 254)
    upper, lower = (mark.area.top + 3) * 10 + 2, (mark.area.top + mark.area.height + 3) * 10 - 2
    for x in (1, page.width - 2):
        colours = page.crop((x, round(upper), x + 1, round(lower))).getcolors()
        assert colours is not None
        assert len(colours) > 2, "more than the plain colour of the head reaches the edge"
        assert (255, 255, 255) not in {colour for _count, colour in colours}
