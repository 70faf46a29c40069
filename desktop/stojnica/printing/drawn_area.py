"""Colour, photo and artwork that may reach the cut: a printer leaves 5 mm white, and no knife is exact."""

from functools import lru_cache

from reportlab.lib.colors import Color
from reportlab.pdfgen.canvas import Canvas

from stojnica.printing.colour import Colour
from stojnica.printing.drawn_svg import draw_logo
from stojnica.printing.marks import ArtworkMark, FillMark
from stojnica.printing.photo_place import PhotoMark
from stojnica.printing.template import Area, Sheet, Template
from stojnica.printing.typesetting import POINTS_PER_MM

# In points: left, bottom, width, height.
_Place = tuple[float, float, float, float]


@lru_cache(maxsize=64)
def ink_of(colour: Colour) -> Color:
    """Give a colour as the canvas knows it."""
    return Color(colour.red, colour.green, colour.blue)


def draw_fill(canvas: Canvas, mark: FillMark, template: Template, sheet: Sheet) -> None:
    """Fill to the cut, or to the frame."""
    place = _framed(mark, template, sheet)
    canvas.setFillColor(ink_of(mark.colour))
    if sheet.radius_mm and mark.bleed:
        canvas.roundRect(*place, sheet.radius_mm * POINTS_PER_MM, stroke=0, fill=1)
    else:
        canvas.rect(*place, stroke=0, fill=1)


def draw_photo(canvas: Canvas, mark: PhotoMark, template: Template, sheet: Sheet) -> None:
    """Show what lies inside the frame, so that the photo keeps its shape; bleed makes it larger instead."""
    canvas.saveState()
    framed = _framed(mark, template, sheet)
    _keep_inside(canvas, framed)
    canvas.drawImage(mark.photo.image, *_covering(_in_points(mark.area, template), framed))
    canvas.restoreState()


def draw_artwork(canvas: Canvas, mark: ArtworkMark, template: Template, sheet: Sheet) -> None:
    """Draw it as a photo is shown, and no further than the colour on which it lies, its corners too.

    The form's own edge keeps it inside its frame.
    """
    framed = _framed(mark, template, sheet)
    left, bottom, width, height = framed
    form = f"artwork-{mark.name}-{left:.0f}-{bottom:.0f}-{width:.0f}-{height:.0f}"
    if not canvas.hasForm(form):
        canvas.beginForm(form, left, bottom, left + width, bottom + height)
        if mark.ground is not None and mark.ground.bleed:
            _keep_inside(canvas, _framed(mark.ground, template, sheet), sheet.radius_mm * POINTS_PER_MM)
        place = _in_points(mark.area, template)
        draw_logo(canvas, mark.artwork, *(_filled(mark, _covering(place, framed)) if mark.bleed else place))
        canvas.endForm()
    canvas.doForm(form)


def _keep_inside(canvas: Canvas, place: _Place, radius: float = 0.0) -> None:
    path = canvas.beginPath()
    if radius:
        path.roundRect(*place, radius)
    else:
        path.rect(*place)
    canvas.clipPath(path, stroke=0, fill=0)


def _covering(place: _Place, framed: _Place) -> _Place:
    """Grow a place from its middle until it reaches around its frame."""
    _left, _bottom, width, height = place
    larger = max(framed[2] / width, framed[3] / height)
    if larger <= 1:
        return place
    width, height = width * larger, height * larger
    return framed[0] + (framed[2] - width) / 2, framed[1] + (framed[3] - height) / 2, width, height


def _filled(mark: ArtworkMark, place: _Place) -> _Place:
    """Give the place that artwork needs in its own proportions to fill another."""
    left, bottom, width, height = place
    scale = max(width / mark.artwork.width, height / mark.artwork.height)
    wide, high = mark.artwork.width * scale, mark.artwork.height * scale
    return left + (width - wide) / 2, bottom + (height - high) / 2, wide, high


def _framed(mark: FillMark | PhotoMark | ArtworkMark, template: Template, sheet: Sheet) -> _Place:
    frame = {
        edge: sheet.frame_mm if edge in mark.bleed else 0.0 for edge in ("left", "top", "right", "bottom")
    }
    inside = Area(
        mark.area.left + frame["left"],
        mark.area.top + frame["top"],
        mark.area.width - frame["left"] - frame["right"],
        mark.area.height - frame["top"] - frame["bottom"],
    )
    return _in_points(inside, template)


def _in_points(area: Area, template: Template) -> _Place:
    k = POINTS_PER_MM
    bottom = template.trim_mm[1] - area.top - area.height
    return area.left * k, bottom * k, area.width * k, area.height * k
