"""A thousand pieces in one document against bare means, and the first preview of a template.

Seconds are those of the processor, so that a busy machine changes little; each pair is measured by turns,
and the ratio is that of the medians.
"""

import gc
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import process_time

from bare_pieces import own_codes, register, same_code
from bench_flyers import CONTENT
from ratio import Note, Ratio, rate_of, time_of

from stojnica.domain.slip_number import SlipNumber
from stojnica.printing.flyer import draw_flyer
from stojnica.printing.fonts import register_fonts
from stojnica.printing.funding import funding_band
from stojnica.printing.layout import lay_out
from stojnica.printing.qr import encode_qr
from stojnica.printing.slip_content import SlipConsent, SlipContent, SlipQuestion, SlipSection
from stojnica.printing.slip_sheet import checked_layout, draw_slips
from stojnica.printing.template_file import load_template

PIECES, TURNS, COLD_TURNS = 1000, 9, 7
CHILD = Path(__file__).with_name("child_preview.py")
SLIP = SlipContent(
    language="sl",
    organisation="Zavod Voluntariat · SCI Slovenija",
    title="Ostanimo v stiku",
    event="Festival LUPA, petek, 20. september 2024",
    event_code="lupa",
    consents_title="Strinjam se, da mi pišete:",
    consents=(SlipConsent("Tabori", "Po e-pošti mi pošiljajte povabila na prostovoljske tabore."),),
    version="person 1 · 2024-09",
    sections=(SlipSection((SlipQuestion("Ime in priimek"), SlipQuestion("E-naslov"))),),
    address="example.org/zasebnost",
    funding=funding_band({"kind": "funded", "authority": "EACEA"}, "sl"),
)


def run() -> list[Ratio | Note]:
    """Measure all three."""
    register_fonts()
    register()
    return [*_same_code(), *_own_codes(), *_cold_previews()]


def _same_code() -> list[Ratio | Note]:
    """Make 250 sheets of four equal flyers, from content to bytes."""
    template = load_template("promise")

    def ours() -> object:
        encode_qr.cache_clear()
        return draw_flyer(CONTENT, lay_out(CONTENT, template), template, 4, PIECES)

    layout = lay_out(CONTENT, template)
    pairs = _by_turns(ours, lambda: same_code(layout, template.trim_mm, PIECES))
    return _compared(f"{PIECES} flyers of one code, a document", pairs, 0.7)


def _own_codes() -> list[Ratio | Note]:
    """Make 250 sheets of four slips, each with its number and a code of its own."""
    numbers = [SlipNumber("A", count) for count in range(1, PIECES + 1)]
    layout = checked_layout(SLIP)
    if layout.paper.up != 4:
        raise ValueError(layout.paper)

    def ours() -> object:
        encode_qr.cache_clear()
        return draw_slips(SLIP, checked_layout(SLIP), numbers)

    texts = [(str(number), number.payload) for number in numbers]
    pairs = _by_turns(ours, lambda: own_codes(layout, texts))
    return _compared(f"{PIECES} slips of own codes, a document", pairs, 0.5)


def _cold_previews() -> list[Ratio | Note]:
    """Make and render the first flyer of a process, and render the same bytes as the first of another."""
    with TemporaryDirectory() as folder:
        file = str(Path(folder, "flyer.pdf"))
        pairs = [(_child("made", file), _child("rendered", file)) for _turn in range(COLD_TURNS)]
        checked = median(_child("checked", file) for _turn in range(COLD_TURNS))
    return [
        time_of("first preview of a template, its picture", *_medians(pairs), 2),
        _spread(pairs, is_rate=False),
        Note(f"until it may be printed, its code scanned: {checked * 1000:.0f} ms"),
    ]


def _child(what: str, file: str) -> float:
    command = [sys.executable, str(CHILD), what, file]
    return float(subprocess.run(command, capture_output=True, text=True, check=True, timeout=120).stdout)


def _by_turns(ours: Callable[[], object], base: Callable[[], object]) -> list[tuple[float, float]]:
    ours()
    base()
    return [(_seconds(ours), _seconds(base)) for _turn in range(TURNS)]


def _seconds(work: Callable[[], object]) -> float:
    gc.collect()
    begun = process_time()
    work()
    return process_time() - begun


def _medians(pairs: Sequence[tuple[float, float]]) -> tuple[float, float]:
    return median(ours for ours, _base in pairs), median(base for _ours, base in pairs)


def _compared(name: str, pairs: Sequence[tuple[float, float]], at_least: float) -> list[Ratio | Note]:
    return [rate_of(name, *_medians(pairs), at_least), _spread(pairs, is_rate=True)]


def _spread(pairs: Sequence[tuple[float, float]], *, is_rate: bool) -> Note:
    ratios = sorted(base / ours if is_rate else ours / base for ours, base in pairs)
    return Note(f"processor time; over {len(ratios)} turns from {ratios[0]:.2f} to {ratios[-1]:.2f}")
