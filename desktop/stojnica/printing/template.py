"""A flyer's template: sheets, places in millimetres, styles and colours."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from stojnica.printing.colour import Colour
from stojnica.printing.typesetting import TextStyle

# Chosen for the accent at hand: what can be read on it, and itself where it can be read on paper.
ON_ACCENT, ACCENT_TEXT, ACCENT = "on_accent", "accent_text", "accent"
INK, PAPER = "ink", "paper"
SECOND = "_2"
"""What a field ends with that is said in the second language."""
_ROUNDING_MM = 0.01
BLACK = "black"  # Always there, for what is printed in black alone.


@dataclass(frozen=True, slots=True)
class Area:
    """Hold a place on the trimmed page in millimetres, from its upper left corner."""

    left: float
    top: float
    width: float
    height: float

    def contains(self, other: "Area") -> bool:
        """Tell whether another lies inside, but for a rounding; edges may touch."""
        return (
            self.left <= other.left + _ROUNDING_MM
            and self.top <= other.top + _ROUNDING_MM
            and self.left + self.width >= other.left + other.width - _ROUNDING_MM
            and self.top + self.height >= other.top + other.height - _ROUNDING_MM
        )


@dataclass(frozen=True, slots=True)
class Fill:
    """Fill an area; at its `bleed` edges it reaches the cut, or the frame of a framed sheet."""

    area: Area
    colour: str
    bleed: frozenset[str]


@dataclass(frozen=True, slots=True)
class TextItem:
    """Name the field to set, its style, and the gap above in millimetres."""

    field: str
    style: str
    gap_mm: float


@dataclass(frozen=True, slots=True)
class Texts:
    """Set texts below each other from the top of an area, and `foot` against its bottom.

    Both share the area: the foot takes what it needs, and `foot_gap_mm` stays between them.
    """

    area: Area
    items: tuple[TextItem, ...]
    foot: tuple[TextItem, ...]
    foot_gap_mm: float
    ground: str


@dataclass(frozen=True, slots=True)
class Brand:
    """Show the organisation's picture, or its monogram, and its line or name."""

    area: Area
    style: str
    ground: str


@dataclass(frozen=True, slots=True)
class Code:
    """Show the call, the code and its address below each other; `side_mm` is the dark square's.

    Without a style for them, call and address stand elsewhere.
    """

    area: Area
    side_mm: float
    call: str
    address: str
    ground: str


@dataclass(frozen=True, slots=True)
class Funding:
    """Show the EU's emblem, with statement and disclaimer beside it, against the bottom of an area.

    `is_mono` is for what is printed in black alone; on a coloured `ground` the emblem gets a white border.
    With `is_centred` all of it stands in the middle: on a low piece the emblem is then far from both edges.
    """

    area: Area
    emblem_mm: float
    statement: str
    disclaimer: str
    ground: str = PAPER
    is_mono: bool = False
    is_centred: bool = False


@dataclass(frozen=True, slots=True)
class Blanks:
    """Show rules to write on by hand, each with a label of the template's own words above it."""

    area: Area
    style: str
    colour: str


@dataclass(frozen=True, slots=True)
class PhotoPlace:
    """Show the flyer's photo, cropped to fill an area; its `bleed` edges are those of a fill."""

    area: Area
    bleed: frozenset[str]


@dataclass(frozen=True, slots=True)
class Artwork:
    """Show a drawing or picture of the template's own, in an area; its `bleed` edges are those of a fill.

    `colours` says which of its colours are some of the template's: they change with the accent. What is
    half clear in it lets the `ground` through. With bleed it fills its area, else it is as large as it fits.
    """

    area: Area
    data: bytes = field(repr=False)
    ground: str
    colours: tuple[tuple[Colour, str], ...]
    bleed: frozenset[str]


StripBox = Texts | Brand | Code | Funding


@dataclass(frozen=True, slots=True)
class Strips:
    """Repeat boxes on strips to tear off, side by side and turned: they are read from below.

    A box's place is on the turned strip, which is as wide as the area is high.
    """

    area: Area
    count: int
    boxes: tuple[StripBox, ...]


# What a piece of paper is for: each has a name in the window.
USES = ("flyer", "poster", "strips", "sign", "camp", "thanks", "card")
CARDS = ("card",)
Box = StripBox | Fill | Blanks | Strips | PhotoPlace | Artwork
# Where a code leads: where the flyer of the office does, the form to fill in at home, or the website.
TARGETS = ("flyer", "home", "website")


@dataclass(frozen=True, slots=True)
class Sheet:
    """Describe how the pieces lie on paper; a frame stays white along every piece's edge."""

    paper_mm: tuple[float, float]
    columns: int
    rows: int
    frame_mm: float
    radius_mm: float


@dataclass(frozen=True, slots=True)
class Template:
    """Hold a checked template of one size; `funded` is laid out with the band of the EU, `plain` without.

    `reading_cm` is from how far away its code is scanned.
    """

    id: str
    size: str
    trim_mm: tuple[float, float]
    sheets: Mapping[int, Sheet]
    colours: Mapping[str, Colour]
    styles: Mapping[str, TextStyle]
    funded: tuple[Box, ...]
    plain: tuple[Box, ...]
    most_body_words: int
    reading_cm: float = 20.0
    use: str = "flyer"

    @property
    def is_card(self) -> bool:
        """Tell whether it is of the size of a card, on which the emblem may be smaller."""
        return self.use in CARDS

    def boxes(self, *, is_funded: bool) -> tuple[Box, ...]:
        """Give all boxes of a layout, those on strips too."""
        layout = self.funded if is_funded else self.plain
        on_strips = [inner for box in layout if isinstance(box, Strips) for inner in box.boxes]
        return (*layout, *on_strips)


@dataclass(frozen=True, slots=True)
class Words:
    """Hold what a template says itself, in one language."""

    title: str
    promise: str = ""
    heading: str = ""
    body: str = ""
    call: str = ""
    blanks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Design:
    """Hold one folder of templates: what it is called in each language, what for, and its sizes.

    The first size is the one that is meant when none is named. With `words`, it says these and not
    those of the office's flyer; `leads_to` is one of `TARGETS`.
    """

    id: str
    name: Mapping[str, str]
    use: str
    sizes: Mapping[str, Template]
    words: Mapping[str, Words] = field(default_factory=dict)
    leads_to: str = "flyer"

    @property
    def is_bilingual(self) -> bool:
        """Tell whether it says everything in two languages, side by side."""
        boxes = (box for size in self.sizes.values() for box in size.plain if isinstance(box, Texts))
        return any(item.field.endswith(SECOND) for box in boxes for item in (*box.items, *box.foot))

    @property
    def needs_photo(self) -> bool:
        """Tell whether there is a place for a photo on it."""
        return any(isinstance(box, PhotoPlace) for size in self.sizes.values() for box in size.plain)

    @property
    def needs_flyer(self) -> bool:
        """Tell whether anything on it comes from a flyer of the office."""
        return not self.words or self.leads_to == "flyer"

    def size(self, name: str = "") -> Template:
        """Give the template of a size.

        Raises:
            KeyError: there is no such size.
        """
        return self.sizes[name] if name else next(iter(self.sizes.values()))
