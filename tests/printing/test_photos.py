"""Photos and logos: bounded, upright, and with nothing of what a camera wrote in."""

import base64
import contextlib
import io
import zlib
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from PIL import ExifTags, Image, ImageCms, ImageDraw

from stojnica.domain.document_node import DocumentError
from stojnica.domain.errors import UserFacingError
from stojnica.domain.event import Event
from stojnica.domain.ids import new_id
from stojnica.domain.organisation_document import parse_document
from stojnica.printing.check import checked_flyer
from stojnica.printing.flyer import FlyerContent
from stojnica.printing.photo import (
    STORED_BYTES,
    STORED_SIDE,
    BadPhotoError,
    photo_for,
    stored_logo,
    stored_photo,
)
from stojnica.printing.render import page_image
from stojnica.printing.template_file import load_template
from stojnica.printing.template_node import BadTemplateError
from stojnica.services.flyer_paper import FlyerWish, paper_choices
from stojnica.services.made_flyer import FlyerScene, make_flyer_of, settled
from stojnica.services.office_pictures import document_for_stands
from stojnica.services.sample import SAMPLE_DAY, sample_document

ORIENTATION, CAMERA, PLACE = 0x0112, 0x0110, 0x8825
RED, BLUE = (200, 30, 30), (30, 30, 200)
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


def saved(picture: Image.Image, kind: str = "JPEG", **options: Any) -> bytes:
    target = io.BytesIO()
    picture.save(target, kind, **options)
    return target.getvalue()


def landscape(width: int = 1800, height: int = 1200) -> Image.Image:
    """Draw a picture whose left half is red and whose right half is blue."""
    picture = Image.new("RGB", (width, height), RED)
    ImageDraw.Draw(picture).rectangle((width // 2, 0, width, height), fill=BLUE)
    return picture


def is_near(found: object, wanted: tuple[int, int, int]) -> bool:
    assert isinstance(found, tuple)
    return all(abs(one - other) < 12 for one, other in zip(found, wanted, strict=True))


def test_a_photo_fills_its_place_from_its_middle_and_keeps_its_shape(content: FlyerContent) -> None:
    # Given a flyer with a photo that is higher than its place.
    flyer = replace(content, photo=saved(landscape(1500, 1500)))

    checked = checked_flyer(flyer, 1, load_template("photo"))

    assert checked.is_printable
    page = page_image(checked.pdf, 0, 50)
    assert is_near(page.getpixel((2, 2)), RED)
    assert is_near(page.getpixel((page.width - 3, 2)), BLUE)
    assert is_near(page.getpixel((page.width // 2 - 6, 100)), RED)
    assert is_near(page.getpixel((page.width // 2 + 6, 100)), BLUE)


def test_on_a_sheet_the_photo_leaves_the_frame_white(content: FlyerContent) -> None:
    flyer = replace(content, photo=saved(landscape()))

    page = page_image(checked_flyer(flyer, 2, load_template("photo")).printable_pdf(), 0, 254)

    assert page.crop((0, 0, 48, 700)).getextrema() == ((255, 255),) * 3
    assert is_near(page.getpixel((60, 60)), RED)


def test_a_coarse_photo_is_a_hint_and_none_or_a_broken_one_is_not_printed(content: FlyerContent) -> None:
    template = load_template("photo")

    found = {
        name: [(item.kind, item.is_blocking) for item in checked_flyer(flyer, 1, template).problems]
        for name, flyer in {
            "coarse": replace(content, photo=saved(landscape(600, 400))),
            "none": content,
            "broken": replace(content, photo=b"\xff\xd8\xff" + bytes(400)),
        }.items()
    }

    assert ("coarse_photo", False) in found["coarse"]
    assert ("no_photo", True) in found["none"]
    assert ("bad_photo", True) in found["broken"]


def test_what_a_camera_wrote_in_is_gone_and_the_photo_stands_upright() -> None:
    exif = Image.Exif()
    exif[ORIENTATION], exif[CAMERA] = 6, "A camera of somebody"
    exif.get_ifd(PLACE)[1] = "N"
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    taken = saved(landscape(), exif=exif, comment=b"at home", icc_profile=profile)

    stored = stored_photo(taken)

    kept = Image.open(io.BytesIO(stored))
    assert kept.size == (1200, 1800)
    assert not kept.getexif()
    assert set(kept.info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}
    assert b"camera" not in stored
    assert b"at home" not in stored


@pytest.mark.parametrize("kind", ["JPEG", "PNG"])
def test_damaged_notes_of_a_camera_keep_no_photo_out(kind: str) -> None:
    # Given a photo with notes of a camera
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = 6
    exif[ExifTags.Base.Make] = "Camera"
    exif[ExifTags.IFD.GPSInfo] = {1: "N", 2: (1.0, 2.0, 3.0)}
    exif[ExifTags.IFD.Exif] = {ExifTags.Base.UserComment: b"x" * 20}
    whole = io.BytesIO()
    Image.new("RGB", (24, 16), "red").save(whole, kind, exif=exif)
    data = whole.getvalue()
    begin = data.index(b"Exif" if kind == "JPEG" else b"eXIf")

    # When any byte of them is another one
    sizes = set()
    for place in range(begin, min(begin + 240, len(data))):
        for value in (0, 1, 2, 5, 7, 255):
            changed = data[:place] + bytes([value]) + data[place + 1 :]
            if kind == "PNG":
                changed = with_right_sums(changed)
            with contextlib.suppress(BadPhotoError):
                sizes.add(Image.open(io.BytesIO(stored_photo(changed))).size)

    # Then it is kept, lying or standing, or told to be damaged
    assert sizes == {(24, 16), (16, 24)}


def with_right_sums(png: bytes) -> bytes:
    """Sum up each chunk again: a reader stops at a wrong sum."""
    done, at = bytearray(png[:8]), 8
    while at + 12 <= len(png):
        end = at + 8 + int.from_bytes(png[at : at + 4], "big")
        if end + 4 > len(png):
            break
        done += png[at:end] + zlib.crc32(png[at + 4 : end]).to_bytes(4, "big")
        at = end + 4
    return bytes(done) + png[at:]


@pytest.mark.parametrize("mode", ["CMYK", "L", "RGB"])
def test_a_jpeg_of_any_colours_is_stored_in_rgb(mode: str) -> None:
    stored = Image.open(io.BytesIO(stored_photo(saved(landscape().convert(mode)))))

    assert stored.mode == "RGB"
    left, right = stored.getpixel((5, 5)), stored.getpixel((stored.width - 5, 5))
    assert left != right


def test_a_jpeg_of_200_megapixels_is_made_small_in_bounded_memory() -> None:
    # Given 16,400 × 12,300 pixels: whole, they would take 600 MB.
    large = saved(Image.new("L", (16_400, 12_300), 120), quality=30)

    stored = stored_photo(large)

    assert max(Image.open(io.BytesIO(stored)).size) == STORED_SIDE
    assert photo_for(stored, 148, 72).dpi > 200


def test_noise_is_stored_within_the_bound() -> None:
    noise = Image.effect_noise((2_400, 1_600), 90).convert("RGB")

    assert len(stored_photo(saved(noise, quality=95))) <= STORED_BYTES * 1.2


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "size"),
        (b"GIF89a" + bytes(50), "damaged"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'><script>1</script></svg>", "damaged"),
        (b"\x89PNG\r\n\x1a\n" + bytes(60), "damaged"),
        (b"\xff\xd8" + bytes(60), "damaged"),
        (saved(landscape())[:2000], "damaged"),
        (saved(Image.new("RGB", (4, 4))), "pixels"),
        (saved(Image.new("1", (8_000, 8_000)), "PNG"), "pixels"),
        (saved(Image.new("L", (8_000, 8_000)), progressive=True), "pixels"),
    ],
)
def test_what_is_no_picture_or_would_burst_memory_is_refused(data: bytes, reason: str) -> None:
    with pytest.raises(BadPhotoError) as refused:
        stored_photo(data)

    assert refused.value.reason == reason


def test_a_logo_keeps_what_is_transparent_and_a_photo_gets_white_paper() -> None:
    clear = Image.new("RGBA", (400, 200), (0, 0, 0, 0))
    ImageDraw.Draw(clear).ellipse((50, 50, 150, 150), fill=(*RED, 255))

    logo = Image.open(io.BytesIO(stored_logo(saved(clear, "PNG"))))
    photo = Image.open(io.BytesIO(stored_photo(saved(clear, "PNG"))))

    assert (logo.format, logo.mode, logo.getpixel((5, 5))) == ("PNG", "RGBA", (0, 0, 0, 0))
    assert is_near(photo.getpixel((5, 5)), (255, 255, 255))


@pytest.fixture
def office(tmp_path: Path) -> dict[str, Any]:
    """Give the office's document, with a logo and a photo beside it."""
    (tmp_path / "logo.png").write_bytes(saved(Image.new("RGBA", (300, 100), (*RED, 255)), "PNG"))
    (tmp_path / "tabor.jpg").write_bytes(saved(landscape()))
    document = sample_document(SAMPLE_DAY)
    document["organisation"] = {**document["organisation"], "logo": "logo"}
    document["flyers"] = [{**document["flyers"][0], "photo": "camp"}, document["flyers"][1]]
    document["pictures"] = [{"id": "logo", "file": "logo.png"}, {"id": "camp", "file": "tabor.jpg"}]
    return document


def test_the_pictures_beside_the_document_travel_in_it_and_are_printed(
    tmp_path: Path, office: dict[str, Any]
) -> None:
    published = document_for_stands(office, tmp_path)

    document = parse_document(published)
    scene = FlyerScene(document, EVENT)
    assert all(base64.b64decode(item["data"]) for item in published["pictures"])
    made = make_flyer_of(scene, FlyerWish("sl", "camps", "photo"))
    assert made.checked.is_printable
    colours = {colour for _count, colour in page_image(made.checked.pdf, 0, 60).getcolors(1 << 20) or []}
    assert any(is_near(colour, RED) for colour in colours)
    # What is published again is as it was.
    assert document_for_stands(published, tmp_path) == published


def test_a_template_with_a_photo_is_offered_for_flyers_that_have_one(
    tmp_path: Path, office: dict[str, Any]
) -> None:
    scene = FlyerScene(parse_document(document_for_stands(office, tmp_path)), EVENT)

    camps, club = (settled(scene, FlyerWish("sl", flyer, "photo")) for flyer in ("camps", "club"))

    assert (camps.template_id, club.template_id) == ("photo", "promise")
    assert "photo" in dict(paper_choices(camps).templates)
    assert "photo" not in dict(paper_choices(club).templates)


def test_a_flyer_without_a_photo_is_shown_in_a_size_of_its_own_after_a_large_one_with_a_photo(
    tmp_path: Path, office: dict[str, Any]
) -> None:
    scene = FlyerScene(parse_document(document_for_stands(office, tmp_path)), EVENT)
    large = settled(scene, FlyerWish("sl", "camps", "photo", "A4"))

    made = make_flyer_of(scene, replace(large, flyer_id="club"))

    assert (made.wish.template_id, made.wish.template().size) == ("promise", "A6")
    assert made.checked.is_printable


@pytest.mark.parametrize("content", [b"", b"<svg/>", None])
def test_a_picture_that_cannot_be_used_is_named_before_it_is_published(
    tmp_path: Path, office: dict[str, Any], content: bytes | None
) -> None:
    (tmp_path / "tabor.jpg").unlink()
    if content is not None:
        (tmp_path / "tabor.jpg").write_bytes(content)

    with pytest.raises(UserFacingError) as refused:
        document_for_stands(office, tmp_path)

    assert "tabor.jpg" in refused.value.what


def test_a_wrong_template_is_named_before_it_is_published(tmp_path: Path, office: dict[str, Any]) -> None:
    wrong = {"id": "ours", "like": "poster", "name": {"sl": "Naš"}, "changes": {"use": "hat"}}

    with pytest.raises(BadTemplateError) as refused:
        document_for_stands(office | {"templates": [wrong]}, tmp_path)

    assert refused.value.where == "use"


@pytest.mark.parametrize(
    ("picture", "place"),
    [
        ({"id": "camp", "file": "../secret.png"}, "pictures[1].file"),
        ({"id": "camp", "file": "tabor.gif"}, "pictures[1].file"),
        ({"id": "camp", "data": "no base64!"}, "pictures[1].data"),
        ({"id": "camp", "data": "A" * 900_000}, "pictures[1].data"),
        ({"id": "camp"}, "pictures[1]"),
        ({"id": "other", "file": "tabor.jpg"}, "flyers[0].photo"),
    ],
)
def test_the_document_says_what_is_wrong_with_a_picture(
    office: dict[str, Any], picture: dict[str, str], place: str
) -> None:
    office["pictures"] = [office["pictures"][0], picture]

    with pytest.raises(DocumentError) as refused:
        parse_document(office)

    assert refused.value.place == place
