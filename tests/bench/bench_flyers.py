"""Flyers, four on a sheet, against bare reportlab drawing the same code and three lines of text."""

import io
from dataclasses import replace
from time import perf_counter

from ratio import Ratio, rate_of
from reportlab import rl_config
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas
from reportlab.pdfgen.pathobject import PDFPathObject

from stojnica.printing.campaign import campaign_link
from stojnica.printing.flyer import FlyerContent, make_flyer
from stojnica.printing.funding import funding_band
from stojnica.printing.qr import encode_qr
from stojnica.resources import resource

FLYERS = 1000
CONTENT = FlyerContent(
    organisation="Zavod Voluntariat · SCI Slovenija",
    monogram="V",
    title="Poletje,\nki nekaj spremeni.",
    promise="Dva tedna, deset držav, ena skupina.",
    heading="Mednarodni prostovoljski tabori",
    body="Nastanitev in hrana sta zagotovljeni. Prijavnina in pot sta na tvoj račun.",
    call="Skeniraj in izberi tabor",
    url=campaign_link(
        "https://example.org/tabori", event_code="lupa", project="stojnice", item="tabori", variant="sl"
    ),
    address="example.org/tabori",
    event_date="petek, 20. september 2024",
    funding=funding_band({"kind": "funded", "authority": "EACEA"}, "sl"),
)


def ours(count: int) -> float:
    """Make flyers that differ in one line each, so that no page is a repetition."""
    begun = perf_counter()
    for number in range(count):
        make_flyer(replace(CONTENT, event_name=f"Dogodek {number}"), 4)
    return perf_counter() - begun


def base(count: int) -> float:
    """Draw the same with reportlab as it comes: four codes and four times three lines a page."""
    pdfmetrics.registerFont(TTFont("Bare", str(resource("fonts", "NotoSans-Regular.ttf"))))
    code = encode_qr(CONTENT.url)
    path = PDFPathObject()
    for column, row, length in code.runs:
        path.rect(column, code.modules - row - 1, length, 1)
    kept, rl_config.useA85 = rl_config.useA85, 1
    begun = perf_counter()
    for number in range(count):
        canvas = Canvas(io.BytesIO(), pagesize=(595, 842), pageCompression=1)
        for left, bottom in ((0, 0), (297, 0), (0, 421), (297, 421)):
            canvas.saveState()
            canvas.translate(left + 190, bottom + 90)
            canvas.scale(1.7, 1.7)
            canvas.drawPath(path, stroke=0, fill=1)
            canvas.restoreState()
            canvas.setFont("Bare", 12)
            canvas.drawString(left + 28, bottom + 300, "Poletje, ki nekaj spremeni.")
            canvas.drawString(left + 28, bottom + 200, f"Dogodek {number}")
            canvas.drawString(left + 28, bottom + 180, CONTENT.address)
        canvas.showPage()
        canvas.save()
    taken = perf_counter() - begun
    rl_config.useA85 = kept
    return taken


def run() -> list[Ratio]:
    """Measure in turns of 100, so that a busy moment of the machine meets both."""
    ours(5)
    base(5)
    times = [(ours(100), base(100)) for _turn in range(FLYERS // 100)]
    return [rate_of(f"{FLYERS} flyers, 4 on A4", sum(t[0] for t in times), sum(t[1] for t in times), 0.5)]
