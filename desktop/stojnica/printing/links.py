"""What can be pressed on a flyer that is read on a screen: its codes, and the addresses under them."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import quote

from reportlab.pdfbase.pdfdoc import PDFObject
from reportlab.pdfgen.canvas import Canvas

from stojnica.printing.fonts import text_width
from stojnica.printing.marks import CodeMark, Layout, LineMark, Mark, TurnedMark
from stojnica.printing.sheets import Place

_ADDRESS = "address"
_WEB = ("https://", "http://")


@dataclass(frozen=True, slots=True)
class Link:
    """Hold a place on the piece, in points from its lower left corner, and where it leads."""

    target: str
    left: float
    bottom: float
    right: float
    top: float


def links_of(layout: Layout) -> tuple[Link, ...]:
    """Give the links of a piece, on its strips too; codes for Wi-Fi or a contact lead nowhere on a screen."""
    found = list(_links(layout.marks))
    for mark in layout.marks:
        if isinstance(mark, TurnedMark):
            found.extend(
                Link(link.target, *mark.on_page(link.left, link.bottom, link.right, link.top))
                for link in _links(mark.marks)
            )
    return tuple(found)


def _links(marks: Iterable[Mark]) -> Iterator[Link]:
    """Give one link for a code and the addresses that belong to it: they stand together."""
    codes = [mark for mark in marks if isinstance(mark, CodeMark) and _leads_somewhere(mark)]
    if not codes:
        return
    places = {id(code): [(code.x, code.y, code.x + code.side, code.y + code.side)] for code in codes}
    for line in marks:
        if isinstance(line, LineMark) and line.field == _ADDRESS:
            right = line.x + text_width(line.text, line.face, line.size)
            place = (line.x, line.y - line.size * 0.25, right, line.y + line.size * 0.8)
            places[id(_nearest(codes, line))].append(place)
    for code in codes:
        lefts, bottoms, rights, tops = zip(*places[id(code)], strict=True)
        yield Link(code.code.payload, min(lefts), min(bottoms), max(rights), max(tops))


def _nearest(codes: list[CodeMark], line: LineMark) -> CodeMark:
    """Give the code that an address belongs to."""
    return min(codes, key=lambda code: abs(code.x - line.x) + abs(code.y - line.y))


def _leads_somewhere(mark: CodeMark) -> bool:
    return mark.code.payload.lower().startswith(_WEB)


def draw_links(canvas: Canvas, links: tuple[Link, ...], place: Place) -> None:
    """Make the links of a piece work that lies at this place of the sheet."""
    for link in links:
        left, bottom, right, top = link.left, link.bottom, link.right, link.top
        if place.is_turned:
            left, right = place.width - right, place.width - left
            bottom, top = place.height - top, place.height - bottom
        x, y = place.left, place.bottom
        corners = f"{x + left:.2f} {y + bottom:.2f} {x + right:.2f} {y + top:.2f}"
        canvas._addAnnotation(_Annotation(corners, link.target))


class _Annotation(PDFObject):  # type: ignore[misc] # reportlab has no types.
    """A link as ready bytes: reportlab's own writes each of its numbers and names as an object, slowly."""

    def __init__(self, place: str, target: str) -> None:
        self._written = (
            f"<< /Type /Annot /Subtype /Link /Rect [ {place} ] /Border [ 0 0 0 ] /F 4 "
            f"/A << /S /URI /URI ({_escaped(target)}) >> >>"
        ).encode("ascii")

    def format(self, document: object) -> bytes:
        """Give what stands in the file."""
        return self._written


@lru_cache(maxsize=64)
def _escaped(target: str) -> str:
    return quote(target, safe="%:/?#[]@!$&'*+,;=-._~")
