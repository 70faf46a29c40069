"""A template is data: what is wrong in its file is named by its place."""

import copy
import json
from pathlib import Path
from typing import Any

import pytest

from stojnica.printing.template import Code, Funding
from stojnica.printing.template_file import load_design, load_template, read_design
from stojnica.printing.template_node import BadTemplateError
from stojnica.resources import resource


@pytest.fixture
def document() -> dict[str, Any]:
    text = resource("flyers", "promise", "template.json").read_text(encoding="utf-8")
    found: dict[str, Any] = json.loads(text)
    return found


def written(path: Path, document: object) -> Path:
    file = path / "template.json"
    file.write_text(json.dumps(document), encoding="utf-8")
    return file


def test_the_shipped_template_is_an_a6_alone_and_four_on_a4() -> None:
    template = load_template("promise")

    assert template.trim_mm == (105, 148)
    assert template.sheets[1].paper_mm == (105, 148)
    assert template.sheets[4].paper_mm == (210, 297)
    assert (template.sheets[4].columns, template.sheets[4].rows) == (2, 2)


def test_only_the_funded_layout_has_a_place_for_the_emblem_and_it_is_high_enough() -> None:
    template = load_template("promise")

    bands = [box for box in template.funded if isinstance(box, Funding)]
    assert [box.emblem_mm >= 10 for box in bands] == [True]
    assert not [box for box in template.plain if isinstance(box, Funding)]


def test_the_code_is_at_least_twenty_millimetres_wide() -> None:
    template = load_template("promise")

    for layout in (template.funded, template.plain):
        assert [box.side_mm >= 20 for box in layout if isinstance(box, Code)] == [True]


@pytest.mark.parametrize(
    ("path", "value", "where"),
    [
        (("format",), 1, "format"),
        (("use",), "hat", "use"),
        (("id",), "other", "id"),
        (
            (
                "sizes",
                "A6",
                "trim_mm",
            ),
            [105],
            "sizes.A6.trim_mm",
        ),
        (("sizes", "A6", "trim_mm", 0), "wide", "sizes.A6.trim_mm[0]"),
        (("sizes", "A6", "trim_mm", 0), True, "sizes.A6.trim_mm[0]"),
        (("sizes", "A6", "trim_mm", 0), float("nan"), "sizes.A6.trim_mm[0]"),
        (("colours", "ink"), "black", "colours.ink"),
        (("colours",), {"ink": "#000000", "paper": "#FFFFFF"}, "colours.accent"),
        (("styles", "title", "size_pt"), 2000, "styles.title.size_pt"),
        (("styles", "title", "least_pt"), 99, "styles.title.least_pt"),
        (("styles", "title", "font"), "comic", "styles.title.font"),
        (("styles", "title", "colour"), "pink", "styles.title.colour"),
        (("styles", "title", "balanced"), "yes", "styles.title.balanced"),
        (("sizes", "A6", "sheets", "4", "paper_mm"), None, "sizes.A6.sheets.4.paper_mm"),
        (
            (
                "sizes",
                "A6",
                "sheets",
            ),
            {"four": {}},
            "sizes.A6.sheets.four",
        ),
        (("sizes", "A6", "layouts", "plain"), {}, "sizes.A6.layouts.plain"),
        (("sizes", "A6", "layouts", "funded", 0, "kind"), "video", "sizes.A6.layouts.funded[0].kind"),
        (("sizes", "A6", "layouts", "funded", 0, "bleed"), ["inside"], "sizes.A6.layouts.funded[0].bleed[0]"),
        (
            ("sizes", "A6", "layouts", "funded", 2, "area_mm"),
            [90, 10, 40, 8],
            "sizes.A6.layouts.funded[2].area_mm",
        ),
        (
            ("sizes", "A6", "layouts", "funded", 2, "foot", 0, "field"),
            "email",
            "sizes.A6.layouts.funded[2].foot[0].field",
        ),
        (
            ("sizes", "A6", "layouts", "funded", 2, "foot", 0, "style"),
            "none",
            "sizes.A6.layouts.funded[2].foot[0].style",
        ),
        (("sizes", "A6", "layouts", "funded", 5, "emblem_mm"), 9.9, "sizes.A6.layouts.funded[5].emblem_mm"),
        (("sizes", "A6", "layouts", "funded", 4, "side_mm"), 5, "sizes.A6.layouts.funded[4].side_mm"),
    ],
)
def test_what_is_wrong_is_named_by_its_place(
    tmp_path: Path, document: dict[str, Any], path: tuple[Any, ...], value: object, where: str
) -> None:
    changed: Any = copy.deepcopy(document)
    place = changed
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = value

    with pytest.raises(BadTemplateError) as refused:
        read_design(written(tmp_path, changed), "promise")

    assert refused.value.where == where
    assert where in refused.value.what


@pytest.mark.parametrize(
    ("sizes", "where"),
    [
        ({}, "sizes"),
        ({"A5": {"like": "A6", "trim_mm": [148, 210], "sheets": {}}}, "sizes.A5.like"),
        ({"A5": {"like": "A5", "trim_mm": [148, 210], "sheets": {}}}, "sizes.A5.like"),
        ({"A5": {"like": ["A6"], "trim_mm": [148, 210], "sheets": {}}}, "sizes.A5.like"),
    ],
)
def test_a_size_can_only_be_like_one_that_was_there_before(
    tmp_path: Path, document: dict[str, Any], sizes: object, where: str
) -> None:
    with pytest.raises(BadTemplateError) as refused:
        read_design(written(tmp_path, document | {"sizes": sizes}), "promise")

    assert refused.value.where == where


def test_an_a5_is_the_a6_grown_with_its_emblem_and_code_and_no_place_leaves_the_page() -> None:
    design = load_design("promise")
    small, large = design.size("A6"), design.size("A5")

    assert (design.use, design.size().size, large.trim_mm) == ("flyer", "A6", (148, 210))
    for before, after in ((small.funded, large.funded), (small.plain, large.plain)):
        assert [type(box) for box in before] == [type(box) for box in after]
        for box in after:
            assert box.area.left + box.area.width <= 148.001
            assert box.area.top + box.area.height <= 210.001
    codes = [box.side_mm for box in large.funded if isinstance(box, Code)]
    assert codes == [pytest.approx(26 * 148 / 105)]
    assert large.styles["title"].size_pt == pytest.approx(28 * 148 / 105)


def test_a_size_that_is_not_there_is_refused() -> None:
    with pytest.raises(BadTemplateError):
        load_template("promise", "A2")


@pytest.mark.parametrize("content", [b"{", b"\xff\xfe", b"[" * 100_000, b" " * 300_000, b"[]", b"null"])
def test_a_file_that_is_no_template_is_refused(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "template.json"
    file.write_bytes(content)

    with pytest.raises(BadTemplateError):
        read_design(file, "promise")


@pytest.mark.parametrize("name", ["none-such", "../fonts", "", "a/b"])
def test_an_unknown_template_is_refused(name: str) -> None:
    with pytest.raises(BadTemplateError):
        load_template(name)
