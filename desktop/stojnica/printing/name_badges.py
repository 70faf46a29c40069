"""Name badges of 85 × 55 mm, ten on A4 with cut lines; what has no name yet has a line to write on."""

import io
from collections.abc import Sequence
from dataclasses import dataclass

from reportlab.pdfgen.canvas import Canvas

from stojnica.printing.colour import most_readable, parse_colour
from stojnica.printing.emblem import CLEAR_SPACE, WIDTH_TO_HEIGHT, draw_emblem
from stojnica.printing.fonts import PRESS, REGULAR, SEMIBOLD, STATEMENT, register_fonts, text_width
from stojnica.printing.funding import FundingBand
from stojnica.printing.paper import (
    ACCENT,
    HEIGHT,
    INK,
    LINE,
    SOFT,
    WHITE,
    WIDTH,
    broken,
    fitting,
    ink,
    printable,
)
from stojnica.printing.paper_logo import PaperLogo
from stojnica.printing.typesetting import POINTS_PER_MM

CARD_MM = (85.0, 55.0)
COLUMNS, ROWS = 2, 5
A_SHEET = COLUMNS * ROWS
MAX_BADGES = 200
_CARD = (CARD_MM[0] * POINTS_PER_MM, CARD_MM[1] * POINTS_PER_MM)
_LEFT = (WIDTH - COLUMNS * _CARD[0]) / 2
_BOTTOM = (HEIGHT - ROWS * _CARD[1]) / 2
_PAD = 5 * POINTS_PER_MM
_STRIP = 9 * POINTS_PER_MM
# On cards the flag may be lower than 10 mm (CERV model grant agreement, Art. 17).
_EMBLEM = 6 * POINTS_PER_MM
_BESIDE_NAME = 27.0
_PLATE, _PLATE_PAD = 19.0, 2.5
_NAME, _LEAST_NAME, _ROLE, _STATEMENT, _LEGAL = 34.0, 13.0, 11.0, 7.5, 6.0


@dataclass(frozen=True, slots=True)
class Badges:
    """Hold what is on each badge; a name of "" is a badge to write on."""

    names: tuple[str, ...]
    role: str
    organisation: str
    event: str
    title: str
    accent: str = ""
    language: str = "sl"
    funding: FundingBand | None = None
    logo: bytes | None = None


def make_badges(badges: Badges) -> bytes:
    """Make the PDF; the last sheet is filled up with badges to write on. Safe from any thread.

    Raises:
        ValueError: there are more than `MAX_BADGES`.
    """
    if len(badges.names) > MAX_BADGES:
        raise ValueError(len(badges.names))
    with PRESS:
        register_fonts()
        target = io.BytesIO()
        canvas = Canvas(
            target,
            pagesize=(WIDTH, HEIGHT),
            initialFontName=REGULAR,
            pageCompression=1,
            lang=badges.language,
            invariant=True,
        )
        canvas.setTitle(printable(f"{badges.title} · {badges.event}"))
        canvas.setAuthor(printable(badges.organisation))
        canvas.setCreator("Stojnica")
        sheets = max(1, -(-len(badges.names) // A_SHEET))
        for sheet in range(sheets):
            names = badges.names[sheet * A_SHEET : (sheet + 1) * A_SHEET]
            _sheet(canvas, badges, (*names, *[""] * (A_SHEET - len(names))))
            canvas.showPage()
        canvas.save()
        return target.getvalue()


def _sheet(canvas: Canvas, badges: Badges, names: Sequence[str]) -> None:
    for place, name in enumerate(names):
        row, column = divmod(place, COLUMNS)
        canvas.saveState()
        canvas.translate(_LEFT + column * _CARD[0], _BOTTOM + (ROWS - 1 - row) * _CARD[1])
        _badge(canvas, badges, name)
        canvas.restoreState()
    canvas.setStrokeColor(ink(LINE))
    canvas.setLineWidth(0.4)
    canvas.setDash(2, 2)
    for column in range(COLUMNS + 1):
        x = _LEFT + column * _CARD[0]
        canvas.line(x, _BOTTOM - 9, x, HEIGHT - _BOTTOM + 9)
    for row in range(ROWS + 1):
        y = _BOTTOM + row * _CARD[1]
        canvas.line(_LEFT - 9, y, WIDTH - _LEFT + 9, y)
    canvas.setDash()


def _badge(canvas: Canvas, badges: Badges, name: str) -> None:
    width, height = _CARD
    inner = width - 2 * _PAD
    accent = badges.accent or ACCENT
    ground = parse_colour(accent)
    on_ground = WHITE if most_readable(ground, parse_colour(WHITE), parse_colour(INK)).red == 1 else INK
    canvas.setFillColor(ink(accent))
    # A little off the cut, so that a slip of the scissors shows no stripe of paper or of colour.
    canvas.roundRect(3, height - _STRIP, width - 6, _STRIP - 3, 4, stroke=0, fill=1)
    beside = _logo(canvas, badges)
    room = inner * 0.52 - beside
    _line(canvas, badges.organisation, _PAD + beside, height - _STRIP + 8, 9.5, SEMIBOLD, on_ground, room)
    event = fitting(printable(badges.event), REGULAR, 8.5, inner * 0.44)
    canvas.setFont(REGULAR, 8.5)
    canvas.drawRightString(width - _PAD, height - _STRIP + 8, event)
    foot = _funding(canvas, badges.funding, inner)
    # A capital with its hook, the role below, and as much air above as under both.
    room = height - _STRIP - foot
    size = min(_name_size(name, inner), room - _BESIDE_NAME)
    baseline = foot + (room - size - _BESIDE_NAME) / 2 + _ROLE * 2.1
    if name:
        _line(canvas, name, _PAD, baseline, size, SEMIBOLD, INK, inner)
    else:
        canvas.setStrokeColor(ink(LINE))
        canvas.setLineWidth(0.8)
        canvas.line(_PAD, baseline - 2, width - _PAD, baseline - 2)
    _line(canvas, badges.role, _PAD, baseline - _ROLE * 1.8, _ROLE, REGULAR, SOFT, inner)


def _logo(canvas: Canvas, badges: Badges) -> float:
    """Draw the logo on a white plate in the strip; gives the room that it takes."""
    logo = PaperLogo(badges.logo, _PLATE - 2 * _PLATE_PAD, _EMBLEM if badges.funding else 0.0)
    if not logo.width:
        return 0.0
    middle = _CARD[1] - _STRIP / 2 - 1.5
    canvas.setFillColor(ink(WHITE))
    wide = logo.width + 2 * _PLATE_PAD
    canvas.roundRect(_PAD - _PLATE_PAD, middle - _PLATE / 2, wide, _PLATE, 3, stroke=0, fill=1)
    logo.draw(canvas, _PAD, middle)
    return wide


def _name_size(name: str, room: float) -> float:
    """Give the size at which a name stands whole on its badge, down to what is read from two steps away."""
    wide = text_width(printable(name, SEMIBOLD), SEMIBOLD, _NAME)
    return min(_NAME, max(_LEAST_NAME, _NAME * room / max(wide, 1.0)))


def _funding(canvas: Canvas, funding: FundingBand | None, inner: float) -> float:
    """Draw emblem, statement and disclaimer at the foot; gives the height above it."""
    if funding is None:
        return _PAD
    beside = _EMBLEM * (WIDTH_TO_HEIGHT + CLEAR_SPACE)
    lines = broken(funding.disclaimer, inner - beside, _LEGAL, STATEMENT)
    tall = _STATEMENT + len(lines) * _LEGAL * 1.18
    top = _PAD * 0.8 + max(tall, _EMBLEM)
    draw_emblem(canvas, _PAD, top - _EMBLEM, _EMBLEM, mono=funding.is_mono)
    y = top - _STATEMENT * 0.75
    _line(canvas, funding.statement, _PAD + beside, y, _STATEMENT, STATEMENT, "#000000", inner - beside)
    for line in lines:
        y -= _LEGAL * 1.18
        _line(canvas, line, _PAD + beside, y, _LEGAL, STATEMENT, "#000000", inner)
    return top + CLEAR_SPACE * _EMBLEM


def _line(
    canvas: Canvas, text: str, x: float, y: float, size: float, face: str, colour: str, room: float
) -> None:
    canvas.setFont(face, size)
    canvas.setFillColor(ink(colour))
    canvas.drawString(x, y, fitting(printable(text, face), face, size, room))
