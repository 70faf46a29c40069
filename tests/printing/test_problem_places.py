"""Where something is wrong is shown at its place, on strips that are torn off too."""

import io
from dataclasses import replace

import pypdfium2
from PIL import Image

from stojnica.printing.check import checked_flyer
from stojnica.printing.flyer import FlyerContent
from stojnica.printing.problem_places import ProblemPlace, problem_places
from stojnica.printing.sheets import front_places
from stojnica.printing.template import Strips, Template
from stojnica.printing.template_file import load_template
from stojnica.printing.typesetting import POINTS_PER_MM


def found(content: FlyerContent, template: Template) -> tuple[bytes, list[ProblemPlace]]:
    checked = checked_flyer(content, 1, template)
    sheet, side = template.sheets[1], checked.sides[0]
    place = next(front_places(sheet, template.trim_mm, 1))
    return checked.pdf, list(problem_places(side.layout, side.problems, place, sheet.paper_mm))


def boxes_of(pdf: bytes, words: str) -> list[tuple[float, float, float, float]]:
    """Give where words stand in mm: left, top, right and bottom, from the upper left corner."""
    document = pypdfium2.PdfDocument(pdf)
    page = document[0]
    text, height = page.get_textpage(), page.get_height()
    search, places = text.search(words), []
    while (hit := search.get_next()) is not None:
        boxes = [text.get_charbox(number) for number in range(hit[0], hit[0] + hit[1])]
        lefts, bottoms, rights, tops = zip(*boxes, strict=True)
        points = (min(lefts), height - max(tops), max(rights), height - min(bottoms))
        places.append(tuple(value / POINTS_PER_MM for value in points))
    text.close()
    document.close()
    return [(place[0], place[1], place[2], place[3]) for place in places]


def is_around(place: ProblemPlace, box: tuple[float, float, float, float]) -> bool:
    area = place.area
    return (
        area.left <= box[0]
        and area.top <= box[1]
        and box[2] <= area.left + area.width
        and box[3] <= area.top + area.height
    )


def test_what_does_not_fit_a_strip_is_framed_on_the_first_of_them(content: FlyerContent) -> None:
    # Given an address that is longer than a strip is wide.
    long = replace(content, address="example.org/" + "a" * 70)

    pdf, places = found(long, load_template("strips"))

    strips = sorted(box for box in boxes_of(pdf, "example.org/aaa") if box[3] - box[1] > box[2] - box[0])
    assert len(strips) == 8
    framed = [place for place in places if place.is_blocking and is_around(place, strips[0])]
    assert framed
    assert not [place for place in places if is_around(place, strips[1])]
    assert all("address" in place.words for place in framed)


def test_a_code_on_a_strip_with_squares_too_small_is_framed(content: FlyerContent) -> None:
    long = replace(content, url=content.url + "&x=" + "a" * 240)

    _pdf, places = found(long, load_template("strips"))

    (strips,) = (box for box in load_template("strips").funded if isinstance(box, Strips))
    (area,) = {place.area for place in places if "squares" in place.words}
    assert strips.area.left <= area.left
    assert area.left + area.width <= strips.area.left + strips.area.width / strips.count
    assert area.top >= strips.area.top


def test_a_coarse_photo_is_framed(content: FlyerContent) -> None:
    target = io.BytesIO()
    Image.linear_gradient("L").resize((600, 400)).save(target, "JPEG")

    _pdf, places = found(replace(content, photo=target.getvalue()), load_template("photo"))

    (coarse,) = (place for place in places if "coarse" in place.words)
    assert coarse.area.width > 140
    assert not coarse.is_blocking
