"""Reading the boxes of a layout; their colours and styles have to be the template's."""

from stojnica.i18n import gettext as _
from stojnica.printing.qr import LEAST_MODULE_MM
from stojnica.printing.template import (
    SECOND,
    Area,
    Artwork,
    Blanks,
    Box,
    Brand,
    Code,
    Fill,
    Funding,
    PhotoPlace,
    StripBox,
    Strips,
    TextItem,
    Texts,
)
from stojnica.printing.template_artwork import ArtworkFiles
from stojnica.printing.template_node import Node, read_colour

TEXT_FIELDS = ("title", "promise", "heading", "body", "event_name", "event_date")
IN_TWO_LANGUAGES = tuple(f"{field}{SECOND}" for field in ("title", "promise", "heading", "body", "call"))
ON_STRIPS = (*TEXT_FIELDS, "kicker", "organisation", "call", "address")
EDGES = ("left", "top", "right", "bottom")
MOST_STRIPS = 12


class Boxes:
    """Read the boxes of a layout; their colours and styles have to be the template's."""

    def __init__(
        self,
        trim: tuple[float, float],
        colours: set[str],
        styles: set[str],
        least_emblem_mm: float,
        files: ArtworkFiles,
    ) -> None:
        self.files = files
        self.least_emblem_mm = least_emblem_mm
        self.trim = trim
        self.colours = colours
        self.styles = styles
        self.fields: tuple[str, ...] = (*TEXT_FIELDS, "call", *IN_TWO_LANGUAGES)

    def all(self, node: Node) -> tuple[Box, ...]:
        """Read a list of boxes."""
        return tuple(self.box(item) for item in node.items())

    def box(self, node: Node) -> Box:
        """Read one box, by its kind."""
        readers = {
            "fill": self.fill,
            "texts": self.texts,
            "brand": self.brand,
            "code": self.code,
            "funding": self.funding,
            "blanks": self.blanks,
            "photo": self.photo,
            "artwork": self.artwork,
            "strips": self.strips,
        }
        return readers[node.child("kind").one_of(readers)](node)

    def area(self, node: Node) -> Area:
        """Read a place; it has to lie on the page."""
        place = node.child("area_mm")
        left, top, width, height = place.numbers(4, 0, 900)
        if not width or not height or left + width > self.trim[0] or top + height > self.trim[1]:
            raise place.wrong(_("the place lies outside the page."))
        return Area(left, top, width, height)

    def ground(self, node: Node) -> str:
        """Read the colour of what lies below."""
        return node.child("ground", "paper").one_of(self.colours)

    def style(self, node: Node) -> str:
        """Read the name of a style."""
        return node.one_of(self.styles)

    def photo(self, node: Node) -> Box:
        """Read the place of a photo."""
        return PhotoPlace(self.area(node), self.bleed(node))

    def artwork(self, node: Node) -> Box:
        """Read a place for a file of the folder, or for a picture of the office."""
        colours = tuple(
            (read_colour(Node(node.name, item.where, key)), item.one_of(self.colours))
            for key, item in node.child("colours", {}).children().items()
        )
        data = self.files.read(node)
        return Artwork(self.area(node), data, self.ground(node), colours, self.bleed(node))

    def bleed(self, node: Node) -> frozenset[str]:
        """Read the edges where something reaches the cut."""
        return frozenset(item.one_of(EDGES) for item in node.child("bleed", []).items())

    def fill(self, node: Node) -> Box:
        """Read a filled area."""
        return Fill(self.area(node), node.child("colour").one_of(self.colours), self.bleed(node))

    def maybe_style(self, node: Node) -> str:
        """Read the name of a style, or "" for none."""
        return self.style(node) if node.value else ""

    def texts(self, node: Node) -> Box:
        """Read texts below each other."""
        return Texts(
            area=self.area(node),
            items=self.text_items(node.child("items", [])),
            foot=self.text_items(node.child("foot", [])),
            foot_gap_mm=node.child("foot_gap_mm", 0).number(0, 100),
            ground=self.ground(node),
        )

    def text_items(self, node: Node) -> tuple[TextItem, ...]:
        """Read which fields are set, and how."""
        return tuple(
            TextItem(
                item.child("field").one_of(self.fields),
                self.style(item.child("style")),
                item.child("gap_mm", 0).number(0, 100),
            )
            for item in node.items()
        )

    def brand(self, node: Node) -> Box:
        """Read the organisation's place."""
        return Brand(self.area(node), self.style(node.child("style")), self.ground(node))

    def code(self, node: Node) -> Box:
        """Read the place of a code."""
        area = self.area(node)
        # The smallest code has 21 modules.
        least = 21 * LEAST_MODULE_MM
        side = node.child("side_mm").number(least, min(area.width, area.height))
        call, address = self.maybe_style(node.child("call", "")), self.maybe_style(node.child("address", ""))
        return Code(area, side, call, address, self.ground(node))

    def funding(self, node: Node) -> Box:
        """Read the place of the EU's band."""
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

    def blanks(self, node: Node) -> Box:
        """Read rules to write on."""
        return Blanks(
            self.area(node), self.style(node.child("style")), node.child("colour").one_of(self.colours)
        )

    def strips(self, node: Node) -> Box:
        """Read strips to tear off."""
        area = self.area(node)
        count = int(node.child("count").number(2, MOST_STRIPS))
        return Strips(area, count, _OnStrip((area.height, area.width / count), self).boxes(node))


class _OnStrip(Boxes):
    """Read the boxes of a strip; what it is torn from is not among them."""

    def __init__(self, turned: tuple[float, float], page: Boxes) -> None:
        super().__init__(turned, page.colours, page.styles, page.least_emblem_mm, page.files)
        self.fields = ON_STRIPS

    def boxes(self, node: Node) -> tuple[StripBox, ...]:
        """Read what is on each strip."""
        found = []
        for item in node.child("boxes").items():
            item.child("kind").one_of(("texts", "brand", "code", "funding"))
            box = self.box(item)
            if isinstance(box, StripBox):
                found.append(box)
        return tuple(found)
