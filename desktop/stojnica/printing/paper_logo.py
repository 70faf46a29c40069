"""The organisation's logo on a paper: small, and never larger than the EU's emblem on the same piece."""

from reportlab.pdfgen.canvas import Canvas

from stojnica.printing.drawn_svg import draw_logo
from stojnica.printing.emblem import WIDTH_TO_HEIGHT
from stojnica.printing.logo import readable_logo

# Wider than that it stops being a sign beside a name.
_WIDEST = 5.0


class PaperLogo:
    """Hold a logo fitted to a height; `emblem` is the height of the EU's emblem on the piece, 0 without it.

    What can't be read has no width, and draws nothing: a paper is never refused for its logo.
    """

    def __init__(self, data: bytes | None, height: float, emblem: float = 0.0) -> None:
        self._logo = readable_logo(data)
        self.width = self.height = 0.0
        if self._logo is None:
            return
        tallest = min(height, emblem) if emblem else height
        widest = emblem * WIDTH_TO_HEIGHT if emblem else height * _WIDEST
        scale = min(tallest / self._logo.height, widest / self._logo.width)
        self.width, self.height = self._logo.width * scale, self._logo.height * scale

    def draw(self, canvas: Canvas, x: float, middle: float) -> None:
        """Draw it with its left edge at x, around a height; in points."""
        if self._logo is not None:
            draw_logo(canvas, self._logo, x, middle - self.height / 2, self.width, self.height)
