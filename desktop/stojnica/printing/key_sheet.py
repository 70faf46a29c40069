"""The sheet of an identity that is locked away: a large warning, the code, and the letters below it."""

from dataclasses import dataclass

from stojnica.printing.fonts import SEMIBOLD
from stojnica.printing.paper import HEADING, INK, MARGIN, Paper, PaperHead, ink, make_paper
from stojnica.printing.qr import draw_qr, encode_qr
from stojnica.printing.typesetting import POINTS_PER_MM

_CODE_MM = 62.0
_QUIET_MM = 6.0
_LETTERS = 6
_GROUPS_A_LINE = 7


@dataclass(frozen=True, slots=True, repr=False)
class KeySheet:
    """Hold the words of the sheet, and the secret that it is about."""

    title: str
    subtitle: str
    organisation: str
    warning: str
    steps: tuple[str, ...]
    letters_heading: str
    secret: str
    language: str


def make_key_sheet(sheet: KeySheet) -> bytes:
    """Make the PDF: one page of A4.

    Raises:
        ValueError: the secret is empty or too long to be read from paper.
    """
    head = PaperHead(
        sheet.title, sheet.subtitle, sheet.organisation, accent="#B3261E", language=sheet.language
    )
    code = encode_qr(sheet.secret)

    def draw(paper: Paper) -> None:
        paper.y -= 6
        paper.paragraph(sheet.warning, HEADING)
        paper.y -= 8
        for number, step in enumerate(sheet.steps, start=1):
            paper.y -= 4
            paper.paragraph(f"{number}. {step}", indent=10)
        side, quiet = _CODE_MM * POINTS_PER_MM, _QUIET_MM * POINTS_PER_MM
        paper.need(side + 2 * quiet)
        paper.y -= side + 2 * quiet
        draw_qr(paper.canvas, code, MARGIN, paper.y + quiet, side, ink(INK))
        paper.heading(sheet.letters_heading)
        for line in _lines(sheet.secret):
            paper.y -= HEADING * 1.6
            paper.write(line, MARGIN, HEADING, face=SEMIBOLD)

    return make_paper(head, draw)


def _lines(secret: str) -> list[str]:
    groups = [secret[start : start + _LETTERS] for start in range(0, len(secret), _LETTERS)]
    return ["  ".join(groups[at : at + _GROUPS_A_LINE]) for at in range(0, len(groups), _GROUPS_A_LINE)]
