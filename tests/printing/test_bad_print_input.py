"""What an office may put on paper by mistake or malice: refused in words, or printed as it should look."""

import io
import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from time import process_time
from typing import Any

import pytest
from PIL import Image, ImageDraw

from stojnica.domain.document_node import DocumentError
from stojnica.domain.errors import UserFacingError
from stojnica.domain.event import Event
from stojnica.domain.ids import new_id
from stojnica.domain.organisation_document import parse_document
from stojnica.printing.check import checked_flyer
from stojnica.printing.flyer import FlyerContent
from stojnica.printing.render import page_image
from stojnica.printing.template import Texts
from stojnica.printing.template_file import load_template
from stojnica.services.flyer_paper import FlyerWish, offered_designs
from stojnica.services.made_flyer import FlyerScene, make_flyer_of, settled
from stojnica.services.office_pictures import document_for_stands
from stojnica.services.own_templates import own_templates
from stojnica.services.sample import SAMPLE_DAY, sample_document

RED = (200, 30, 30)
EVENT = Event(
    event_id=new_id(),
    name="Festival LUPA",
    code="lupa",
    place="Breg",
    city="Ljubljana",
    starts="2024-09-20T10:00",
    ends="2024-09-20T18:00",
    project="cerv",
)
LONG = {
    "words": "beseda " * 714,
    "one word": "x" * 5_000,
    "lines": "a\n" * 2_500,
    "no spaces to break at": "a\u00a0" * 2_500,
    "two bytes each": "č " * 2_500,
}
FIELDS = ("title", "promise", "heading", "body", "call", "organisation", "address")
# A whole flyer takes a tenth of a second; a page pasted into each field at once must not take a minute.
MOST_SECONDS = 15.0
SHAPE = '<rect width="9" height="9"/>'
HOSTILE = {
    "script": f"<script>fetch('https://example.org')</script>{SHAPE}",
    "onload": f'{SHAPE}<rect width="9" height="9" onload="alert(1)"/>',
    "href": f'<image href="https://example.org/spy.png" width="9" height="9"/>{SHAPE}',
    "style": f'<style>@import "https://example.org/a.css";</style>{SHAPE}',
    "fill": '<rect width="9" height="9" fill="url(https://example.org/a.svg#b)"/>',
    "foreignObject": f"<foreignObject><p/></foreignObject>{SHAPE}",
}


def saved(picture: Image.Image, kind: str, **options: Any) -> bytes:
    target = io.BytesIO()
    picture.save(target, kind, **options)
    return target.getvalue()


def is_near(found: object, wanted: tuple[int, int, int], by: int = 12) -> bool:
    assert isinstance(found, tuple)
    return all(abs(one - other) <= by for one, other in zip(found, wanted, strict=True))


@pytest.fixture
def office() -> dict[str, Any]:
    """Give the office's document with a picture of its own as its logo."""
    document = sample_document(SAMPLE_DAY)
    document["organisation"] = {**document["organisation"], "logo": "logo"}
    document["pictures"] = [{"id": "logo", "file": "logo.svg"}]
    return document


@pytest.mark.parametrize("text", LONG.values(), ids=LONG)
@pytest.mark.parametrize("field", FIELDS)
def test_a_text_of_5000_characters_is_named_and_not_printed(
    content: FlyerContent, field: str, text: str
) -> None:
    flyer = replace(content, **{field: text, "kicker": ""})

    checked = checked_flyer(flyer)

    assert not checked.is_printable
    assert field in {problem.field for problem in checked.problems if problem.kind == "does_not_fit"}
    with pytest.raises(UserFacingError) as refused:
        checked.printable_pdf()
    assert "Make it shorter" in refused.value.what


@pytest.mark.parametrize("text", [LONG["words"], LONG["lines"]], ids=["words", "lines"])
@pytest.mark.parametrize("design_id", [design.id for design in offered_designs()])
def test_a_page_pasted_into_every_field_keeps_nobody_waiting(
    content: FlyerContent, design_id: str, text: str
) -> None:
    template = load_template(design_id)
    flyer = replace(content, **dict.fromkeys(FIELDS, text))
    begun = process_time()

    checked = checked_flyer(replace(flyer, second=flyer), next(iter(template.sheets)), template)

    assert not checked.is_printable
    assert process_time() - begun < MOST_SECONDS
    # All texts that it shows are named at once, not one after the other.
    shown = {
        item.field.removesuffix("_2")
        for box in template.boxes(is_funded=True)
        if isinstance(box, Texts)
        for item in (*box.items, *box.foot)
    }
    named = {problem.field for problem in checked.problems if problem.kind == "does_not_fit"}
    assert shown & set(FIELDS) <= {field.removesuffix("_2") for field in named}


def test_a_text_of_5000_characters_gets_into_no_document(office: dict[str, Any]) -> None:
    texts = office["flyers"][0]["texts"]
    texts = {**texts, "sl": {**texts["sl"], "title": "x" * 5_000}}
    office["flyers"] = [{**office["flyers"][0], "texts": texts}]

    with pytest.raises(DocumentError) as refused:
        parse_document(office)

    assert refused.value.place == "flyers[0].texts.sl.title"


@pytest.mark.parametrize(("what", "inside"), HOSTILE.items(), ids=HOSTILE)
def test_a_drawing_with_a_script_or_an_outside_link_is_refused_by_name(
    tmp_path: Path, office: dict[str, Any], what: str, inside: str
) -> None:
    drawn = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9">{inside}</svg>'
    (tmp_path / "logo.svg").write_text(drawn, encoding="utf-8")

    with pytest.raises(UserFacingError) as refused:
        document_for_stands(office, tmp_path)

    assert "logo.svg" in refused.value.what
    assert what in refused.value.what
    assert refused.value.safe == "Nothing was changed."


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="how much memory is told on Linux alone")
@pytest.mark.parametrize(
    ("name", "options", "told"),
    [
        ("photo.jpg", {"quality": 30}, ""),
        ("turned.jpg", {"progressive": True}, "pixels"),
        ("a.png", {}, "pixels"),
    ],
)
def test_a_photo_of_200_megapixels_takes_little_memory_or_is_refused(
    tmp_path: Path, name: str, options: dict[str, Any], told: str
) -> None:
    # Given a photo that would take 200 MB in grey and 600 MB in colour.
    Image.new("L", (16_400, 12_300), 120).save(tmp_path / name, **options)
    Image.new("L", (1_800, 1_200), 120).save(tmp_path / "small.jpg")

    done = subprocess.run(
        [
            sys.executable,
            str(Path(__file__).with_name("child_photo.py")),
            str(tmp_path / "small.jpg"),
            str(tmp_path / name),
        ],
        capture_output=True,
        check=True,
        timeout=120,
    )

    measured = json.loads(done.stdout)
    assert measured["told"] == told
    assert measured["kb"] < 100 * 1024


@pytest.mark.parametrize("quality", [60, 95])
def test_a_jpeg_in_four_inks_is_printed_in_its_colours(content: FlyerContent, quality: int) -> None:
    inks = Image.new("RGB", (1_800, 1_200), RED).convert("CMYK")
    four = saved(inks, "JPEG", quality=quality)

    as_photo = checked_flyer(replace(content, photo=four), 1, load_template("photo"))
    as_logo = checked_flyer(replace(content, logo=four))

    assert as_photo.is_printable
    assert is_near(page_image(as_photo.pdf, 0, 50).getpixel((20, 20)), RED)
    page = page_image(as_logo.pdf, 0, 254)
    assert is_near(page.getpixel((130, 140)), RED)


@pytest.mark.parametrize("mode", ["RGBA", "LA", "P"])
def test_where_a_logo_is_clear_there_is_white_paper_never_black(content: FlyerContent, mode: str) -> None:
    clear = Image.new("RGBA", (600, 600), (0, 0, 0, 0))
    ImageDraw.Draw(clear).ellipse((200, 200, 400, 400), fill=(*RED, 255))
    logo = saved(clear.quantize(16) if mode == "P" else clear.convert(mode), "PNG")

    for is_black in (False, True):
        checked = checked_flyer(replace(content, logo=logo, is_black=is_black))

        assert checked.is_printable
        page = page_image(checked.pdf, 0, 254)
        # The picture is eight millimetres high, with its edge at 1 cm.
        assert is_near(page.getpixel((115, 115)), (255, 255, 255))
        middle = page.getpixel((140, 140))
        assert isinstance(middle, tuple)
        assert middle[1] < 150


@pytest.mark.parametrize(
    ("changes", "place"),
    [
        ({"colours": {"ink": "black"}}, "colours.ink"),
        ({"sizes": {"A6": {"layouts": {"plain": [{"kind": "video"}]}}}}, "sizes.A6.layouts.plain[0].kind"),
        (
            {
                "sizes": {
                    "A6": {
                        "layouts": {
                            "plain": [{"kind": "artwork", "file": "../../a.svg", "area_mm": [0, 0, 9, 9]}]
                        }
                    }
                }
            },
            "sizes.A6.layouts.plain[0].file",
        ),
    ],
)
def test_a_wrong_template_says_where_and_why_and_the_last_good_one_is_printed(
    tmp_path: Path, changes: dict[str, Any], place: str
) -> None:
    ours = {"id": "ours", "like": "promise", "name": {"sl": "Naš"}, "changes": changes}
    document = sample_document(SAMPLE_DAY) | {"templates": [ours]}

    # The office can't publish it, so that stands keep what they have.
    with pytest.raises(UserFacingError) as refused:
        document_for_stands(document, tmp_path)
    # And if it got there all the same, the shipped one is printed.
    parsed = parse_document(document)
    scene = FlyerScene(parsed, EVENT, own_templates(parsed))
    wish = settled(scene, FlyerWish("sl", "camps", "ours"))

    assert place in refused.value.what
    assert "ours" in refused.value.what
    assert wish.template_id == "promise"
    assert make_flyer_of(scene, wish).checked.is_printable
    assert place in scene.templates.wrong[0]


@pytest.mark.parametrize(
    "target",
    ["ftp://example.org/", "javascript:alert(1)", "file:///etc/passwd", "example.org", "data:text/html,x"],
)
def test_a_target_that_is_no_web_page_is_refused_at_its_place(office: dict[str, Any], target: str) -> None:
    office["flyers"] = [{**office["flyers"][0], "url": target}]

    with pytest.raises(DocumentError) as refused:
        parse_document(office)

    assert refused.value.place == "flyers[0].url"
