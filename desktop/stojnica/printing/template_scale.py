"""The same template in another size: places stretch to the new paper, type grows evenly."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from stojnica.printing.template import (
    Area,
    Box,
    Code,
    Funding,
    Sheet,
    StripBox,
    Strips,
    Template,
    TextItem,
    Texts,
)
from stojnica.printing.typesetting import TextStyle


@dataclass(frozen=True, slots=True)
class Shape:
    """Hold what a size has of its own: trimmed page in mm, how it lies on paper, how far away it is read."""

    size: str
    trim_mm: tuple[float, float]
    sheets: Mapping[int, Sheet]
    reading_cm: float = 20.0


def scaled(template: Template, shape: Shape) -> Template:
    """Give a template in another size; A-formats keep their proportions, within half a millimetre."""
    scale = _Scale(
        shape.trim_mm[0] / template.trim_mm[0],
        shape.trim_mm[1] / template.trim_mm[1],
    )
    return replace(
        template,
        size=shape.size,
        trim_mm=shape.trim_mm,
        sheets=shape.sheets,
        reading_cm=shape.reading_cm,
        styles={name: scale.style(style) for name, style in template.styles.items()},
        funded=tuple(map(scale.box, template.funded)),
        plain=tuple(map(scale.box, template.plain)),
    )


@dataclass(frozen=True, slots=True)
class _Scale:
    across: float
    down: float

    @property
    def evenly(self) -> float:
        return min(self.across, self.down)

    def turned(self) -> "_Scale":
        return _Scale(self.down, self.across)

    def area(self, area: Area) -> Area:
        return Area(
            area.left * self.across, area.top * self.down, area.width * self.across, area.height * self.down
        )

    def style(self, style: TextStyle) -> TextStyle:
        return replace(style, size_pt=style.size_pt * self.evenly, least_pt=style.least_pt * self.evenly)

    def items(self, items: tuple[TextItem, ...]) -> tuple[TextItem, ...]:
        return tuple(replace(item, gap_mm=item.gap_mm * self.evenly) for item in items)

    def box(self, box: Box) -> Box:
        area = self.area(box.area)
        match box:
            case Texts():
                gap = box.foot_gap_mm * self.evenly
                items, foot = self.items(box.items), self.items(box.foot)
                return replace(box, area=area, items=items, foot=foot, foot_gap_mm=gap)
            case Code():
                return replace(box, area=area, side_mm=box.side_mm * self.evenly)
            case Funding():
                return replace(box, area=area, emblem_mm=box.emblem_mm * self.evenly)
            case Strips():
                inner = map(self.turned().box, box.boxes)
                boxes = tuple(item for item in inner if isinstance(item, StripBox))
                return replace(box, area=area, boxes=boxes)
            case _:
                return replace(box, area=area)
