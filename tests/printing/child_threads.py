"""Render, scan and draw from several threads for so many seconds, or end while a daemon thread still renders.

Arguments: "at-once" or "at-the-end", and seconds.
"""

import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from itertools import count, takewhile
from pathlib import Path
from time import monotonic, sleep

from stojnica.printing.flyer import FlyerContent, make_flyer
from stojnica.printing.funding import funding_band
from stojnica.printing.render import UnreadablePdfError, page_count, page_image, page_png
from stojnica.printing.scan import codes_in

URL = "https://example.org/tabori"
BAND = funding_band({"kind": "funded", "authority": "EACEA"}, "sl")
LOGO = Path(__file__).parents[2] / "resources" / "icons" / "check.svg"


def flyer(number: int) -> FlyerContent:
    """Give a flyer that no other thread has made before."""
    texts = (f"Poletje {number}", "Dva tedna.", "Tabori", f"Telo {number}.", "Skeniraj")
    link = (f"{URL}/{number}", "example.org")
    return FlyerContent("Društvo", "D", *texts, *link, logo=LOGO.read_bytes(), funding=BAND)


SHEETS = (make_flyer(flyer(0), 4), make_flyer(flyer(1), 1))


def preview(thread: int, until: float) -> int:
    """Make one flyer after the other, look at it and read its code."""
    done = 0
    for turn in takewhile(lambda _turn: monotonic() < until, count()):
        number = 100 * thread + turn
        pdf = make_flyer(flyer(number), (1, 4)[turn % 2])
        assert page_png(pdf, 0, 60).startswith(b"\x89PNG")
        assert set(codes_in(page_image(pdf, 0, 150, is_grey=True))) == {f"{URL}/{number}"}
        with suppress(UnreadablePdfError):
            page_count(pdf[: len(pdf) // (turn + 2)])
        done += 1
    return done


def print_job(thread: int, until: float) -> int:
    """Render the same sheet again and again, and scan it."""
    done = 0
    while monotonic() < until:
        turn = thread + done
        codes_in(page_image(SHEETS[turn % 2], 0, 50 + 50 * (turn % 3), is_grey=True))
        done += 1
    return done


def at_once(seconds: float) -> None:
    """Let six threads work together."""
    until = monotonic() + seconds
    with ThreadPoolExecutor(6) as pool:
        jobs = [pool.submit(preview if thread == 0 else print_job, thread, until) for thread in range(6)]
        done = min(job.result() for job in jobs)
    sys.stdout.write(str(done))


def at_the_end(seconds: float) -> None:
    """Leave while another thread is in the middle of a page."""

    def render() -> None:
        while True:
            page_image(SHEETS[0], 0, 150)

    threading.Thread(target=render, daemon=True).start()
    sleep(seconds)


if __name__ == "__main__":
    {"at-once": at_once, "at-the-end": at_the_end}[sys.argv[1]](float(sys.argv[2]))
