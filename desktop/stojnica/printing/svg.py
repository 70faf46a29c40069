"""Drawings as SVG: shapes in plain colours, and nothing else that the format can do.

Scripts, links, pictures, texts and effects are refused by name, and so is a document type: what could
reach out or grow is never read. What was read is written anew, so that nothing else travels along.
"""

import math
import re
import xml.etree.ElementTree as ElementTree
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache

from stojnica.printing.colour import WHITE, Colour, parse_colour
from stojnica.printing.svg_path import BadPathError, Point, Step, read_path

LARGEST_BYTES = 256 * 1024
MOST_SHAPES, DEEPEST = 2_000, 20
_SVG = "{http://www.w3.org/2000/svg}"
_SKIPPED = ("title", "desc", "metadata")
_NAMES = {"black": "#000000", "white": "#FFFFFF", "red": "#FF0000", "green": "#008000", "blue": "#0000FF"}
_NAMES |= {"gray": "#808080", "grey": "#808080", "currentcolor": "#000000"}
_RULE = re.compile(r"(\.[\w-]+(?:\s*,\s*\.[\w-]+)*)\s*\{([^{}]*)\}")
_TRANSFORM = re.compile(r"\s*(matrix|translate|scale|rotate)\s*\(([^()]*)\)\s*,?")
_PAINT = ("fill", "stroke", "stroke-width", "fill-rule", "display", "opacity", "fill-opacity")
Matrix = tuple[float, float, float, float, float, float]


class BadSvgError(Exception):
    """Tell what in an SVG can't be printed; `what` is a name out of the file."""

    def __init__(self, what: str) -> None:
        super().__init__(what)
        self.what = what[:40]


@dataclass(frozen=True, slots=True)
class Shape:
    """Hold a path and how it is painted; `opacity` is 1 once it is known what lies below."""

    steps: tuple[Step, ...]
    fill: Colour | None
    stroke: Colour | None
    stroke_width: float
    is_even_odd: bool
    opacity: float = 1.0


@dataclass(frozen=True, slots=True)
class Drawing:
    """Hold shapes on a sheet of this width and height, from its upper left corner."""

    width: float
    height: float
    shapes: tuple[Shape, ...]


def is_svg(data: bytes) -> bool:
    """Tell whether bytes look like an SVG."""
    return b"<svg" in data[:2000]


def read_svg(data: bytes) -> Drawing:
    """Read a drawing as it looks on white paper.

    Raises:
        BadSvgError: as `read_layers`.
    """
    return on_ground(read_layers(data), WHITE, {})


def on_ground(drawing: Drawing, ground: Colour, colours: Mapping[Colour, Colour]) -> Drawing:
    """Give a drawing on a ground, some of its colours changed.

    What is half clear is mixed with the ground; shapes don't shine through each other.
    """

    def painted(colour: Colour | None, opacity: float) -> Colour | None:
        return None if colour is None else colours.get(colour, colour).over(ground, opacity)

    shapes = (
        replace(
            shape,
            fill=painted(shape.fill, shape.opacity),
            stroke=painted(shape.stroke, shape.opacity),
            opacity=1.0,
        )
        for shape in drawing.shapes
    )
    return replace(drawing, shapes=tuple(shapes))


@lru_cache(maxsize=8)
def read_layers(data: bytes) -> Drawing:
    """Read a drawing with what is half clear in it.

    Raises:
        BadSvgError: naming what it holds besides plain shapes, or that it is too large or damaged.
    """
    if len(data) > LARGEST_BYTES:
        raise BadSvgError("size")
    if re.search(rb"<!(DOCTYPE|ENTITY)", data, re.IGNORECASE):
        raise BadSvgError("DOCTYPE")
    try:
        root = ElementTree.fromstring(data)
        if root.tag != f"{_SVG}svg":
            raise BadSvgError(_local(root.tag))
        left, top, width, height = _view(root)
        reader = _Reader(_rules(root))
        reader.walk(root, {}, (1, 0, 0, 1, -left, -top), 0)
    except (ElementTree.ParseError, BadPathError, ValueError, ArithmeticError) as error:
        raise BadSvgError("damaged") from error
    if not reader.shapes:
        raise BadSvgError("empty")
    return Drawing(width, height, tuple(reader.shapes))


def write_svg(drawing: Drawing) -> bytes:
    """Write a drawing with nothing but its shapes."""
    size = f"{drawing.width:g} {drawing.height:g}"
    paths = "".join(_written(shape) for shape in drawing.shapes)
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {size}">{paths}</svg>'.encode()


def _written(shape: Shape) -> str:
    steps = "".join(step.kind + " ".join(f"{x:.6g} {y:.6g}" for x, y in step.points) for step in shape.steps)
    rule = ' fill-rule="evenodd"' if shape.is_even_odd else ""
    stroke = f' stroke="{_hex(shape.stroke)}" stroke-width="{shape.stroke_width:.6g}"' if shape.stroke else ""
    clear = f' opacity="{shape.opacity:.4g}"' if shape.opacity < 1 else ""
    return f'<path d="{steps}" fill="{_hex(shape.fill) if shape.fill else "none"}"{rule}{stroke}{clear}/>'


def _hex(colour: Colour) -> str:
    return "#" + "".join(f"{round(part * 255):02X}" for part in (colour.red, colour.green, colour.blue))


def _local(tag: object) -> str:
    return str(tag).rsplit("}", 1)[-1]


def _view(root: ElementTree.Element) -> tuple[float, float, float, float]:
    box = root.get("viewBox")
    numbers = _numbers(box) if box else [0, 0, _length(root.get("width")), _length(root.get("height"))]
    if len(numbers) != 4 or not all(1e-3 < side < 1e6 for side in numbers[2:]):
        raise BadSvgError("viewBox")
    return numbers[0], numbers[1], numbers[2], numbers[3]


def _numbers(text: str) -> list[float]:
    found = [float(number) for number in re.split(r"[\s,]+", text.strip()) if number]
    if not all(math.isfinite(number) and abs(number) < 1e7 for number in found):
        raise BadPathError("number")
    return found


def _length(text: str | None) -> float:
    return _numbers((text or "0").strip().removesuffix("px"))[0]


def _rules(root: ElementTree.Element) -> dict[str, dict[str, str]]:
    """Read the plain classes of a style sheet; drawing programs put their colours there."""
    found: dict[str, dict[str, str]] = {}
    for sheet in root.iter(f"{_SVG}style"):
        text = re.sub(r"/\*.*?\*/", "", sheet.text or "", flags=re.DOTALL)
        if _RULE.sub("", text).strip() or "url(" in text:
            raise BadSvgError("style")
        for names, body in _RULE.findall(text):
            for name in re.findall(r"\.([\w-]+)", names):
                found.setdefault(name, {}).update(_declared(body))
    return found


def _declared(text: str) -> dict[str, str]:
    pairs = (item.split(":", 1) for item in text.split(";") if ":" in item)
    return {name.strip(): value.strip() for name, value in pairs}


class _Reader:
    def __init__(self, rules: Mapping[str, Mapping[str, str]]) -> None:
        self.rules = rules
        self.shapes: list[Shape] = []

    def walk(self, parent: ElementTree.Element, paint: Mapping[str, str], matrix: Matrix, depth: int) -> None:
        if depth > DEEPEST:
            raise BadSvgError("depth")
        for element in parent:
            name = _local(element.tag)
            if not str(element.tag).startswith(_SVG) or name in _SKIPPED or name == "style":
                continue
            self._refuse_reaching_out(element)
            own = {**paint, **self._painted(element)}
            placed = _combined(matrix, _transform(element.get("transform", "")))
            if name == "g" or (name == "defs" and not len(element)):
                self.walk(element, own, placed, depth + 1)
            elif own.get("display") != "none":
                self._add(_steps(name, element), own, placed)

    def _refuse_reaching_out(self, element: ElementTree.Element) -> None:
        for name, value in element.attrib.items():
            local = _local(name)
            if local == "href" or local.startswith("on") or "url(" in value:
                raise BadSvgError(local)

    def _painted(self, element: ElementTree.Element) -> dict[str, str]:
        found = {name: value for name in _PAINT if (value := element.get(name)) is not None}
        for name in element.get("class", "").split():
            found.update(self.rules.get(name, {}))
        found.update(_declared(element.get("style", "")))
        return found

    def _add(self, steps: tuple[Step, ...], paint: Mapping[str, str], matrix: Matrix) -> None:
        if len(self.shapes) >= MOST_SHAPES:
            raise BadSvgError("shapes")
        opacity = 1.0
        for name in ("opacity", "fill-opacity"):
            opacity *= min(1.0, _length(paint.get(name, "1")))
        scale = math.sqrt(abs(matrix[0] * matrix[3] - matrix[1] * matrix[2]))
        shape = Shape(
            tuple(_placed(step, matrix) for step in steps),
            _colour(paint.get("fill", "black")),
            _colour(paint.get("stroke", "none")),
            _length(paint.get("stroke-width", "1")) * scale,
            paint.get("fill-rule") == "evenodd",
            max(0.0, opacity),
        )
        if shape.steps and (shape.fill or shape.stroke) and opacity > 0:
            self.shapes.append(shape)


def _placed(step: Step, matrix: Matrix) -> Step:
    return replace(step, points=tuple(_moved(matrix, point) for point in step.points))


def _steps(name: str, element: ElementTree.Element) -> tuple[Step, ...]:
    def at(*names: str) -> list[float]:
        return [_length(element.get(item)) for item in names]

    if name == "path":
        return read_path(element.get("d", ""))
    if name in ("polygon", "polyline"):
        numbers = _numbers(element.get("points", ""))
        return read_path(f"M{' '.join(map(repr, numbers))}" + ("Z" if name == "polygon" else ""))
    if name == "line":
        x1, y1, x2, y2 = at("x1", "y1", "x2", "y2")
        return read_path(f"M{x1} {y1}L{x2} {y2}")
    if name in ("circle", "ellipse"):
        cx, cy = at("cx", "cy")
        rx, ry = at("r", "r") if name == "circle" else at("rx", "ry")
        return read_path(f"M{cx - rx} {cy}a{rx} {ry} 0 1 0 {2 * rx} 0a{rx} {ry} 0 1 0 {-2 * rx} 0Z")
    if name == "rect":
        x, y, width, height = at("x", "y", "width", "height")
        rx, ry = at("rx", "ry")
        rx, ry = min(rx or ry, width / 2), min(ry or rx, height / 2)
        across, down = width - 2 * rx, height - 2 * ry
        corner = f"a{rx} {ry} 0 0 1 "
        return read_path(
            f"M{x + rx} {y}h{across}{corner}{rx} {ry}v{down}{corner}{-rx} {ry}"
            f"h{-across}{corner}{-rx} {-ry}v{-down}{corner}{rx} {-ry}Z"
        )
    raise BadSvgError(name)


def _colour(text: str) -> Colour | None:
    plain = text.strip().lower()
    if plain in ("none", "transparent"):
        return None
    numbers = re.fullmatch(r"rgb\(\s*(\d{1,3})\s*,\s*(\d{1,3})\s*,\s*(\d{1,3})\s*\)", plain)
    if numbers:
        plain = "#" + "".join(f"{min(255, int(part)):02x}" for part in numbers.groups())
    plain = _NAMES.get(plain, plain)
    if re.fullmatch(r"#[0-9a-f]{3}", plain):
        plain = "#" + "".join(letter * 2 for letter in plain[1:])
    try:
        return parse_colour(plain)
    except ValueError as error:
        raise BadSvgError(text) from error


def _transform(text: str) -> Matrix:
    matrix: Matrix = (1, 0, 0, 1, 0, 0)
    if _TRANSFORM.sub("", text).strip():
        raise BadSvgError("transform")
    for name, inside in _TRANSFORM.findall(text):
        matrix = _combined(matrix, _one_transform(name, _numbers(inside)))
    return matrix


def _one_transform(name: str, n: list[float]) -> Matrix:
    if name == "matrix" and len(n) == 6:
        return (n[0], n[1], n[2], n[3], n[4], n[5])
    if name == "translate" and len(n) in (1, 2):
        return (1, 0, 0, 1, n[0], n[-1] if len(n) == 2 else 0)
    if name == "scale" and len(n) in (1, 2):
        return (n[0], 0, 0, n[-1], 0, 0)
    if name == "rotate" and len(n) in (1, 3):
        cos, sin = math.cos(math.radians(n[0])), math.sin(math.radians(n[0]))
        x, y = (n[1], n[2]) if len(n) == 3 else (0, 0)
        return (cos, sin, -sin, cos, x - cos * x + sin * y, y - sin * x - cos * y)
    raise BadSvgError("transform")


def _combined(outer: Matrix, inner: Matrix) -> Matrix:
    a, b, c, d, e, f = inner
    x, y = _moved(outer, (e, f))
    return (
        outer[0] * a + outer[2] * b,
        outer[1] * a + outer[3] * b,
        outer[0] * c + outer[2] * d,
        outer[1] * c + outer[3] * d,
        x,
        y,
    )


def _moved(matrix: Matrix, point: Point) -> Point:
    return (
        matrix[0] * point[0] + matrix[2] * point[1] + matrix[4],
        matrix[1] * point[0] + matrix[3] * point[1] + matrix[5],
    )
