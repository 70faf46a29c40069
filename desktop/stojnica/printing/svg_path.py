"""The shapes of an SVG as straight lines and curves with absolute points."""

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass

MOST_STEPS = 50_000
Point = tuple[float, float]
_COMMANDS = re.compile(r"([MmLlHhVvCcSsQqTtAaZz])")
_NUMBER = r"[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d{1,2})?"
_NUMBERS = re.compile(rf"[\s,]*({_NUMBER})")
# The two flags of an arc may stand without a space between them, and before the number that follows.
_ARC = re.compile(rf"[\s,]*({_NUMBER})" * 3 + r"[\s,]*([01])[\s,]*([01])" + rf"[\s,]*({_NUMBER})" * 2)
_LARGEST = 1e7
_COUNTS = {"m": 2, "l": 2, "h": 1, "v": 1, "c": 6, "s": 4, "q": 4, "t": 2, "a": 7, "z": 0}


@dataclass(frozen=True, slots=True)
class Step:
    """Hold one step of a path: "M" and "L" with a point, "C" with three, "Z" with none."""

    kind: str
    points: tuple[Point, ...] = ()


class BadPathError(ValueError):
    """Tell that a path is not written as SVG asks, or is too long."""


def read_path(text: str) -> tuple[Step, ...]:
    """Read the `d` of a path.

    Raises:
        BadPathError: it is no path, or has too many steps.
    """
    pen = _Pen()
    for command, numbers in _commands(text):
        pen.move(command, numbers)
        if len(pen.steps) > MOST_STEPS:
            raise BadPathError("long")
    return tuple(pen.steps)


def _commands(text: str) -> Iterator[tuple[str, list[float]]]:
    before, *parts = _COMMANDS.split(text)
    if before.strip() or not parts or parts[0] not in "Mm":
        raise BadPathError("begin")
    for command, inside in zip(parts[::2], parts[1::2], strict=True):
        pattern = _ARC if command in "Aa" else _NUMBERS
        if pattern.sub("", inside).strip(" \t\r\n,"):
            raise BadPathError("letter")
        numbers = [float(number) for found in pattern.finditer(inside) for number in found.groups()]
        if any(abs(number) > _LARGEST for number in numbers):
            raise BadPathError("number")
        yield from _split(command, numbers)


def _split(command: str, numbers: list[float]) -> Iterator[tuple[str, list[float]]]:
    """Give a command for each group of its numbers; more points after a move are lines."""
    count = _COUNTS[command.lower()]
    if count == 0:
        yield command, []
        return
    if not numbers or len(numbers) % count:
        raise BadPathError("numbers")
    for begin in range(0, len(numbers), count):
        name = {"M": "L", "m": "l"}.get(command, command) if begin else command
        yield name, numbers[begin : begin + count]


class _Pen:
    def __init__(self) -> None:
        self.steps: list[Step] = []
        self.at: Point = (0.0, 0.0)
        self.start: Point = (0.0, 0.0)
        self.handle: tuple[str, Point] = ("", (0.0, 0.0))

    def move(self, command: str, numbers: list[float]) -> None:
        name, origin = command.lower(), self.at if command.islower() else (0.0, 0.0)
        if name == "z":
            self.steps.append(Step("Z"))
            self.at = self.start
        elif name == "h":
            self.line((origin[0] + numbers[0], self.at[1]))
        elif name == "v":
            self.line((self.at[0], origin[1] + numbers[0]))
        elif name == "a":
            self.arc(numbers, (origin[0] + numbers[5], origin[1] + numbers[6]))
        else:
            pairs = zip(numbers[::2], numbers[1::2], strict=True)
            self.points(name, [(origin[0] + x, origin[1] + y) for x, y in pairs])
        if name not in "csqt":
            self.handle = ("", self.at)

    def points(self, name: str, points: list[Point]) -> None:
        if name == "m":
            self.at = self.start = points[0]
            self.steps.append(Step("M", (self.at,)))
        elif name == "l":
            self.line(points[0])
        elif name == "c":
            self.curve(points[0], points[1], points[2])
        elif name == "s":
            self.curve(self.mirrored("c"), points[0], points[1])
        elif name == "q":
            self.quadratic(points[0], points[1])
        else:
            self.quadratic(self.mirrored("q"), points[0])

    def mirrored(self, kind: str) -> Point:
        before, (x, y) = self.handle
        return (2 * self.at[0] - x, 2 * self.at[1] - y) if before == kind else self.at

    def line(self, to: Point) -> None:
        self.steps.append(Step("L", (to,)))
        self.at = to

    def curve(self, first: Point, second: Point, to: Point) -> None:
        self.steps.append(Step("C", (first, second, to)))
        self.at, self.handle = to, ("c", second)

    def quadratic(self, handle: Point, to: Point) -> None:
        first, second = (
            (end[0] + 2 / 3 * (handle[0] - end[0]), end[1] + 2 / 3 * (handle[1] - end[1]))
            for end in (self.at, to)
        )
        self.steps.append(Step("C", (first, second, to)))
        self.at, self.handle = to, ("q", handle)

    def arc(self, numbers: list[float], to: Point) -> None:
        """Draw an elliptical arc as curves of at most a quarter (SVG 2, appendix B.2)."""
        rx, ry, turn = abs(numbers[0]), abs(numbers[1]), math.radians(numbers[2])
        (x1, y1), (x2, y2) = self.at, to
        if not rx or not ry or self.at == to:
            self.line(to)
            return
        cos, sin = math.cos(turn), math.sin(turn)
        dx, dy = (x1 - x2) / 2, (y1 - y2) / 2
        px, py = cos * dx + sin * dy, cos * dy - sin * dx
        grown = math.sqrt(max(1.0, (px / rx) ** 2 + (py / ry) ** 2))
        rx, ry = rx * grown, ry * grown
        below = (rx * py) ** 2 + (ry * px) ** 2
        root = math.sqrt(max(0.0, (rx * ry) ** 2 / below - 1))
        root = -root if bool(numbers[3]) == bool(numbers[4]) else root
        ox, oy = root * rx * py / ry, -root * ry * px / rx
        cx, cy = cos * ox - sin * oy + (x1 + x2) / 2, sin * ox + cos * oy + (y1 + y2) / 2
        begin = math.atan2((py - oy) / ry, (px - ox) / rx)
        sweep = math.atan2((-py - oy) / ry, (-px - ox) / rx) - begin
        if numbers[4] and sweep < 0:
            sweep += 2 * math.pi
        if not numbers[4] and sweep > 0:
            sweep -= 2 * math.pi
        parts = max(1, math.ceil(abs(sweep) / (math.pi / 2) - 1e-9))
        self._quarters((cx, cy), (rx, ry), (cos, sin), begin, sweep / parts, parts)
        self.at = to

    def _quarters(
        self, centre: Point, radii: Point, turned: Point, begin: float, part: float, parts: int
    ) -> None:
        reach = 4 / 3 * math.tan(part / 4)

        def placed(x: float, y: float) -> Point:
            x, y = x * radii[0], y * radii[1]
            return centre[0] + turned[0] * x - turned[1] * y, centre[1] + turned[1] * x + turned[0] * y

        for number in range(parts):
            one, two = begin + part * number, begin + part * (number + 1)
            first = placed(math.cos(one) - reach * math.sin(one), math.sin(one) + reach * math.cos(one))
            second = placed(math.cos(two) + reach * math.sin(two), math.sin(two) - reach * math.cos(two))
            self.steps.append(Step("C", (first, second, placed(math.cos(two), math.sin(two)))))
