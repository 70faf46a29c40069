"""A template is data: what is wrong in its file is named by its place."""

import copy
import json
from pathlib import Path
from typing import Any

import pytest

from stojnica.printing.template import Code, Funding
from stojnica.printing.template_file import BadTemplateError, load_template, read_template
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
        (("format",), 2, "format"),
        (("id",), "other", "id"),
        (("trim_mm",), [105], "trim_mm"),
        (("trim_mm", 0), "wide", "trim_mm[0]"),
        (("trim_mm", 0), True, "trim_mm[0]"),
        (("trim_mm", 0), float("nan"), "trim_mm[0]"),
        (("colours", "ink"), "black", "colours.ink"),
        (("colours",), {"ink": "#000000", "paper": "#FFFFFF"}, "colours.accent"),
        (("styles", "title", "size_pt"), 2000, "styles.title.size_pt"),
        (("styles", "title", "least_pt"), 99, "styles.title.least_pt"),
        (("styles", "title", "font"), "comic", "styles.title.font"),
        (("styles", "title", "colour"), "pink", "styles.title.colour"),
        (("styles", "title", "balanced"), "yes", "styles.title.balanced"),
        (("sheets", "4", "paper_mm"), None, "sheets.4.paper_mm"),
        (("sheets",), {"four": {}}, "sheets.four"),
        (("layouts", "plain"), {}, "layouts.plain"),
        (("layouts", "funded", 0, "kind"), "video", "layouts.funded[0].kind"),
        (("layouts", "funded", 0, "bleed"), ["inside"], "layouts.funded[0].bleed[0]"),
        (("layouts", "funded", 2, "area_mm"), [90, 10, 40, 8], "layouts.funded[2].area_mm"),
        (("layouts", "funded", 2, "foot", 0, "field"), "email", "layouts.funded[2].foot[0].field"),
        (("layouts", "funded", 2, "foot", 0, "style"), "none", "layouts.funded[2].foot[0].style"),
        (("layouts", "funded", 5, "emblem_mm"), 9.9, "layouts.funded[5].emblem_mm"),
        (("layouts", "funded", 4, "side_mm"), 5, "layouts.funded[4].side_mm"),
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
        read_template(written(tmp_path, changed), "promise")

    assert refused.value.where == where
    assert where in refused.value.what


@pytest.mark.parametrize("content", [b"{", b"\xff\xfe", b"[" * 100_000, b" " * 300_000, b"[]", b"null"])
def test_a_file_that_is_no_template_is_refused(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "template.json"
    file.write_bytes(content)

    with pytest.raises(BadTemplateError):
        read_template(file, "promise")


@pytest.mark.parametrize("name", ["none-such", "../fonts", "", "a/b"])
def test_an_unknown_template_is_refused(name: str) -> None:
    with pytest.raises(BadTemplateError):
        load_template(name)
