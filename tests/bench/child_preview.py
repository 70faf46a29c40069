"""Measure one first preview in a fresh process; arguments: "made", "checked" or "rendered", and a file.

"made": the template is read from its folder, the typefaces are loaded, the flyer is laid out and drawn, and
its page becomes the picture that the page Flyers shows; the PDF is left in the file. "checked": the same with
the check that scans the code. "rendered": the file's bytes become that picture, and nothing else is done. In
all, modules are imported before, PDFium has rendered nothing yet, and garbage isn't collected on the way, as
in the window. Writes seconds of the processor.
"""

import gc
import sys
from pathlib import Path
from time import process_time

from bench_flyers import CONTENT

from stojnica.printing.check import checked_flyer
from stojnica.printing.flyer import make_flyer
from stojnica.printing.render import page_png
from stojnica.printing.template_file import load_template
from stojnica.services.flyer_preview import PREVIEW_DPI

TEMPLATE = "promise"


def main(what: str, name: str) -> None:
    """Measure it."""
    file = Path(name)
    pdf = file.read_bytes() if what == "rendered" else b""
    gc.disable()
    begun = process_time()
    if what == "made":
        pdf = make_flyer(CONTENT, 1, load_template(TEMPLATE))
    elif what == "checked":
        pdf = checked_flyer(CONTENT, 1, load_template(TEMPLATE)).printable_pdf()
    page_png(pdf, 0, PREVIEW_DPI)
    sys.stdout.write(str(process_time() - begun))
    if what == "made":
        file.write_bytes(pdf)


if __name__ == "__main__":
    main(*sys.argv[1:])
