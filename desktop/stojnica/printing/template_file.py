"""Reading a template's file: every number and name in it is checked, and what is wrong is named."""

import json
from functools import cache
from pathlib import Path
from typing import Any

from stojnica.i18n import gettext as _
from stojnica.printing.emblem import LEAST_HEIGHT_MM, LEAST_ON_CARDS_MM
from stojnica.printing.fonts import REGULAR, SEMIBOLD, STATEMENT
from stojnica.printing.template import (
    ACCENT,
    ACCENT_TEXT,
    CARDS,
    INK,
    ON_ACCENT,
    PAPER,
    TARGETS,
    USES,
    Design,
    Sheet,
    Template,
    Words,
)
from stojnica.printing.template_artwork import ArtworkFiles
from stojnica.printing.template_boxes import Boxes
from stojnica.printing.template_node import BadTemplateError, Node, read_colour
from stojnica.printing.template_scale import Shape, scaled
from stojnica.printing.typesetting import TextStyle
from stojnica.resources import resource

FORMAT = 2
LARGEST_TEMPLATE_BYTES = 256 * 1024
MOST_BLANKS = 8
_FACES = {"regular": REGULAR, "semibold": SEMIBOLD, "statement": STATEMENT}


def load_template(template_id: str, size: str = "") -> Template:
    """Read a shipped template by its id and size; the first size when none is named.

    Raises:
        BadTemplateError: there is none of that id and size, or its file is wrong.
    """
    try:
        return load_design(template_id).size(size)
    except KeyError as error:
        raise BadTemplateError(template_id, f"sizes.{size[:20]}", _("there is no such template.")) from error


@cache
def shipped_designs() -> tuple[str, ...]:
    """Give the ids of all shipped folders, sorted."""
    return tuple(sorted(path.parent.name for path in resource("flyers").glob("*/template.json")))


@cache
def load_design(template_id: str) -> Design:
    """Read a shipped folder by its id.

    Raises:
        BadTemplateError: there is none of that id, or its file is wrong.
    """
    if not template_id.replace("-", "").isalnum():
        raise BadTemplateError(template_id, "id", _("there is no such template."))
    return read_design(resource("flyers", template_id, "template.json"), template_id)


def read_design(path: Path, name: str) -> Design:
    """Read a template's file, and the artwork beside it; every number and name in it is checked.

    Raises:
        BadTemplateError: naming the place that is wrong.
    """
    return checked_design(_document(path, name), name, ArtworkFiles(path.parent))


def design_document(template_id: str) -> dict[str, Any]:
    """Read a shipped folder's document, for one that is like it.

    Raises:
        BadTemplateError: there is none of that id, or it is no JSON.
    """
    document: dict[str, Any] = _document(resource("flyers", template_id, "template.json"), template_id)
    return document


def checked_design(document: object, name: str, files: ArtworkFiles) -> Design:
    """Check a template's document: every number and name in it, and the artwork that it names.

    Raises:
        BadTemplateError: naming the place that is wrong.
    """
    return _design(Node(name, "", document), files)


def _document(path: Path, name: str) -> Any:
    try:
        with path.open("rb") as file:
            text = file.read(LARGEST_TEMPLATE_BYTES + 1)
    except OSError as error:
        raise BadTemplateError(name, "id", _("there is no such template.")) from error
    if len(text) > LARGEST_TEMPLATE_BYTES:
        raise BadTemplateError(name, "file", _("it is too large."))
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        raise BadTemplateError(name, "file", _("it is not JSON.")) from error


def _design(node: Node, files: ArtworkFiles) -> Design:
    if node.child("format").value != FORMAT:
        raise node.child("format").wrong(_("this version of the program doesn't know it."))
    design_id = node.child("id").one_of((node.name,))
    colours = {key: read_colour(item) for key, item in node.child("colours").children().items()}
    for needed in (ACCENT, INK, PAPER):
        node.child("colours").child(needed)
    names = {*colours, ON_ACCENT, ACCENT_TEXT}
    styles = {key: _style(item, names) for key, item in node.child("styles").children().items()}
    most_words = int(node.child("most_body_words").number(1, 500))
    use = node.child("use").one_of(USES)
    least_emblem = LEAST_ON_CARDS_MM if use in CARDS else LEAST_HEIGHT_MM
    sizes: dict[str, Template] = {}
    for size, item in node.child("sizes").children().items():
        trim = item.child("trim_mm").numbers(2, 40, 420)
        sheets = {int(count.number(1, 64)): _sheet(sheet) for count, sheet in _numbered(item.child("sheets"))}
        reading = item.child("reading_cm", 20).number(10, 500)
        shape = Shape(size, (trim[0], trim[1]), sheets, reading)
        if "like" in item.children():
            sizes[size] = scaled(sizes[item.child("like").one_of(sizes)], shape)
            continue
        reader = Boxes(shape.trim_mm, names, set(styles), least_emblem, files)
        layouts = item.child("layouts")
        funded, plain = reader.all(layouts.child("funded")), reader.all(layouts.child("plain"))
        looks = (sheets, colours, styles, funded, plain)
        sizes[size] = Template(design_id, size, shape.trim_mm, *looks, most_words, reading, use)
    if not sizes:
        raise node.child("sizes").wrong(_("at least one size belongs here."))
    name = {language: str(item.value)[:80] for language, item in node.child("name").children().items()}
    words = {language: _words(item) for language, item in node.child("words", {}).children().items()}
    leads_to = node.child("leads_to", "flyer").one_of(TARGETS)
    return Design(design_id, name, use, sizes, words, leads_to)


def _words(node: Node) -> Words:
    texts = {key: node.child(key, "").text() for key in ("promise", "heading", "body", "call")}
    blanks = tuple(item.text() for item in node.child("blanks", []).items()[:MOST_BLANKS])
    return Words(node.child("title").text(), **texts, blanks=blanks)


def _numbered(node: Node) -> list[tuple[Node, Node]]:
    found = []
    for key, child in node.children().items():
        count = int(key) if key.isascii() and key.isdigit() and len(key) < 3 else None
        found.append((Node(node.name, child.where, count), child))
    return found


def _style(node: Node, colours: set[str]) -> TextStyle:
    size = node.child("size_pt").number(4, 200)
    return TextStyle(
        face=_FACES[node.child("font").one_of(_FACES)],
        colour=node.child("colour").one_of(colours),
        size_pt=size,
        least_pt=node.child("least_pt", size).number(4, size),
        leading=node.child("leading", 1.3).number(0.8, 3),
        most_lines=int(node.child("most_lines", 1).number(1, 60)),
        tracking=node.child("tracking", 0.0).number(-0.1, 0.5),
        is_balanced=node.child("balanced", False).truth(),
    )


def _sheet(node: Node) -> Sheet:
    width, height = node.child("paper_mm").numbers(2, 40, 900)
    return Sheet(
        paper_mm=(width, height),
        columns=int(node.child("columns").number(1, 8)),
        rows=int(node.child("rows").number(1, 8)),
        frame_mm=node.child("frame_mm", 0).number(0, 20),
        radius_mm=node.child("radius_mm", 0).number(0, 20),
    )
