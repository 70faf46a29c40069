"""Reading a template's file: every number and name in it is checked, and what is wrong is named."""

import json
import re
from collections.abc import Collection
from functools import cache
from pathlib import Path
from typing import Any

from stojnica.domain.errors import UserFacingError
from stojnica.i18n import gettext as _
from stojnica.printing.colour import Colour, parse_colour
from stojnica.printing.emblem import LEAST_HEIGHT_MM, LEAST_ON_CARDS_MM
from stojnica.printing.fonts import REGULAR, SEMIBOLD, STATEMENT
from stojnica.printing.qr import LEAST_MODULE_MM
from stojnica.printing.template import (
    ACCENT,
    ACCENT_TEXT,
    CARDS,
    INK,
    ON_ACCENT,
    PAPER,
    TARGETS,
    USES,
    Area,
    Blanks,
    Box,
    Brand,
    Code,
    Design,
    Fill,
    Funding,
    Sheet,
    StripBox,
    Strips,
    Template,
    TextItem,
    Texts,
    Words,
)
from stojnica.printing.template_scale import Shape, scaled
from stojnica.printing.typesetting import TextStyle
from stojnica.resources import resource

FORMAT = 2
TEXT_FIELDS = ("title", "promise", "heading", "body", "event_name", "event_date")
ON_STRIPS = (*TEXT_FIELDS, "kicker", "organisation", "call", "address")
EDGES = ("left", "top", "right", "bottom")
LARGEST_TEMPLATE_BYTES = 256 * 1024
MOST_STRIPS, MOST_BLANKS = 12, 8
LONGEST_WORDS = 400
_DECIMAL = re.compile(r"-?[0-9]{1,4}\.[0-9]{1,4}")
_FACES = {"regular": REGULAR, "semibold": SEMIBOLD, "statement": STATEMENT}


class BadTemplateError(UserFacingError):
    """Say which place in a template's file is wrong; `where` is its path, like ``styles.title.size_pt``."""

    def __init__(self, name: str, where: str, reason: str) -> None:
        super().__init__(
            _("The flyer template “{name}” cannot be used. At {where}: {reason}").format(
                name=name, where=where, reason=reason
            ),
            safe=_("Nothing was printed."),
            next_step=_("Choose another template, or have this one corrected."),
            code="bad_template",
        )
        self.where = where


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
    """Read a template's file; every number and name in it is checked.

    Raises:
        BadTemplateError: naming the place that is wrong.
    """
    return checked_design(_document(path, name), name)


def design_document(template_id: str) -> dict[str, Any]:
    """Read a shipped folder's document, for one that is like it.

    Raises:
        BadTemplateError: there is none of that id, or it is no JSON.
    """
    document: dict[str, Any] = _document(resource("flyers", template_id, "template.json"), template_id)
    return document


def checked_design(document: object, name: str) -> Design:
    """Check a template's document: every number and name in it.

    Raises:
        BadTemplateError: naming the place that is wrong.
    """
    return _design(_Node(name, "", document))


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


class _Node:
    """Walk a JSON document and know where one is."""

    def __init__(self, name: str, where: str, value: Any) -> None:
        self.name = name
        self.where = where
        self.value = value

    def wrong(self, reason: str) -> BadTemplateError:
        return BadTemplateError(self.name, self.where or "file", reason)

    def child(self, key: str, default: Any = None) -> "_Node":
        if not isinstance(self.value, dict):
            raise self.wrong(_("an object belongs here."))
        where = f"{self.where}.{key}".lstrip(".")
        if key not in self.value and default is None:
            raise BadTemplateError(self.name, where, _("it is missing."))
        return _Node(self.name, where, self.value.get(key, default))

    def children(self) -> dict[str, "_Node"]:
        if not isinstance(self.value, dict):
            raise self.wrong(_("an object belongs here."))
        return {key: self.child(key) for key in self.value}

    def items(self) -> list["_Node"]:
        if not isinstance(self.value, list) or len(self.value) > 100:
            raise self.wrong(_("a list belongs here."))
        return [_Node(self.name, f"{self.where}[{n}]", item) for n, item in enumerate(self.value)]

    def number(self, least: float, most: float) -> float:
        value = self.value
        if isinstance(value, str) and _DECIMAL.fullmatch(value):
            value = float(value)  # The organisation's document knows whole numbers only.
        if isinstance(value, bool) or not isinstance(value, int | float) or not least <= value <= most:
            reason = _("a number from {least} to {most} belongs here.").format(least=least, most=most)
            raise self.wrong(reason)
        return float(value)

    def one_of(self, choices: Collection[str]) -> str:
        if not isinstance(self.value, str) or self.value not in choices:
            raise self.wrong(
                _("one of these belongs here: {choices}.").format(choices=", ".join(sorted(choices)))
            )
        return self.value

    def text(self) -> str:
        if not isinstance(self.value, str) or len(self.value) > LONGEST_WORDS:
            raise self.wrong(_("a text of at most {count} letters belongs here.").format(count=LONGEST_WORDS))
        return self.value

    def truth(self) -> bool:
        if not isinstance(self.value, bool):
            raise self.wrong(_("true or false belongs here."))
        return self.value

    def numbers(self, count: int, least: float, most: float) -> list[float]:
        found = [item.number(least, most) for item in self.items()]
        if len(found) != count:
            raise self.wrong(_("a list of {count} numbers belongs here.").format(count=count))
        return found


def _design(node: _Node) -> Design:
    if node.child("format").value != FORMAT:
        raise node.child("format").wrong(_("this version of the program doesn't know it."))
    design_id = node.child("id").one_of((node.name,))
    colours = {key: _colour(item) for key, item in node.child("colours").children().items()}
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
        reader = _Boxes(shape.trim_mm, names, set(styles), least_emblem)
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


def _words(node: _Node) -> Words:
    texts = {key: node.child(key, "").text() for key in ("promise", "heading", "body", "call")}
    blanks = tuple(item.text() for item in node.child("blanks", []).items()[:MOST_BLANKS])
    return Words(node.child("title").text(), **texts, blanks=blanks)


def _numbered(node: _Node) -> list[tuple[_Node, _Node]]:
    found = []
    for key, child in node.children().items():
        count = int(key) if key.isascii() and key.isdigit() and len(key) < 3 else None
        found.append((_Node(node.name, child.where, count), child))
    return found


def _colour(node: _Node) -> Colour:
    try:
        return parse_colour(str(node.value))
    except ValueError as error:
        raise node.wrong(_("a colour like #0B6E63 belongs here.")) from error


def _style(node: _Node, colours: set[str]) -> TextStyle:
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


def _sheet(node: _Node) -> Sheet:
    width, height = node.child("paper_mm").numbers(2, 40, 900)
    return Sheet(
        paper_mm=(width, height),
        columns=int(node.child("columns").number(1, 8)),
        rows=int(node.child("rows").number(1, 8)),
        frame_mm=node.child("frame_mm", 0).number(0, 20),
        radius_mm=node.child("radius_mm", 0).number(0, 20),
    )


class _Boxes:
    """Read the boxes of a layout; their colours and styles have to be the template's."""

    def __init__(
        self, trim: tuple[float, float], colours: set[str], styles: set[str], least_emblem_mm: float
    ) -> None:
        self.trim = trim
        self.colours = colours
        self.styles = styles
        self.least_emblem_mm = least_emblem_mm
        self.fields: tuple[str, ...] = TEXT_FIELDS

    def all(self, node: _Node) -> tuple[Box, ...]:
        return tuple(self.box(item) for item in node.items())

    def box(self, node: _Node) -> Box:
        readers = {
            "fill": self.fill,
            "texts": self.texts,
            "brand": self.brand,
            "code": self.code,
            "funding": self.funding,
            "blanks": self.blanks,
            "strips": self.strips,
        }
        return readers[node.child("kind").one_of(readers)](node)

    def area(self, node: _Node) -> Area:
        place = node.child("area_mm")
        left, top, width, height = place.numbers(4, 0, 900)
        if not width or not height or left + width > self.trim[0] or top + height > self.trim[1]:
            raise place.wrong(_("the place lies outside the page."))
        return Area(left, top, width, height)

    def ground(self, node: _Node) -> str:
        return node.child("ground", "paper").one_of(self.colours)

    def style(self, node: _Node) -> str:
        return node.one_of(self.styles)

    def fill(self, node: _Node) -> Box:
        bleed = frozenset(item.one_of(EDGES) for item in node.child("bleed", []).items())
        return Fill(self.area(node), node.child("colour").one_of(self.colours), bleed)

    def maybe_style(self, node: _Node) -> str:
        return self.style(node) if node.value else ""

    def texts(self, node: _Node) -> Box:
        return Texts(
            area=self.area(node),
            items=self.text_items(node.child("items", [])),
            foot=self.text_items(node.child("foot", [])),
            foot_gap_mm=node.child("foot_gap_mm", 0).number(0, 100),
            ground=self.ground(node),
        )

    def text_items(self, node: _Node) -> tuple[TextItem, ...]:
        return tuple(
            TextItem(
                item.child("field").one_of(self.fields),
                self.style(item.child("style")),
                item.child("gap_mm", 0).number(0, 100),
            )
            for item in node.items()
        )

    def brand(self, node: _Node) -> Box:
        return Brand(self.area(node), self.style(node.child("style")), self.ground(node))

    def code(self, node: _Node) -> Box:
        area = self.area(node)
        # The smallest code has 21 modules.
        least = 21 * LEAST_MODULE_MM
        side = node.child("side_mm").number(least, min(area.width, area.height))
        call, address = self.maybe_style(node.child("call", "")), self.maybe_style(node.child("address", ""))
        return Code(area, side, call, address, self.ground(node))

    def funding(self, node: _Node) -> Box:
        area = self.area(node)
        return Funding(
            area,
            node.child("emblem_mm").number(self.least_emblem_mm, area.height),
            self.style(node.child("statement")),
            self.style(node.child("disclaimer")),
            self.ground(node),
            node.child("mono", False).truth(),
            node.child("centred", False).truth(),
        )

    def blanks(self, node: _Node) -> Box:
        return Blanks(
            self.area(node), self.style(node.child("style")), node.child("colour").one_of(self.colours)
        )

    def strips(self, node: _Node) -> Box:
        area = self.area(node)
        count = int(node.child("count").number(2, MOST_STRIPS))
        return Strips(area, count, _OnStrip((area.height, area.width / count), self).boxes(node))


class _OnStrip(_Boxes):
    """Read the boxes of a strip; what it is torn from is not among them."""

    def __init__(self, turned: tuple[float, float], page: _Boxes) -> None:
        super().__init__(turned, page.colours, page.styles, page.least_emblem_mm)
        self.fields = ON_STRIPS

    def boxes(self, node: _Node) -> tuple[StripBox, ...]:
        found = []
        for item in node.child("boxes").items():
            item.child("kind").one_of(("texts", "brand", "code", "funding"))
            box = self.box(item)
            if isinstance(box, StripBox):
                found.append(box)
        return tuple(found)
