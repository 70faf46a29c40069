"""Every code of every template is read at 150 and 300 dpi: sharp, out of focus, held askew, in poor light."""

from dataclasses import replace

import pytest
from PIL import Image

from stojnica.domain.event import Event
from stojnica.domain.ids import new_id
from stojnica.domain.organisation_document import parse_document
from stojnica.printing import scan
from stojnica.printing.check import SCAN_DPI, checked_flyer
from stojnica.printing.flyer import FlyerContent, make_flyer
from stojnica.printing.problem import HARD_TO_SCAN
from stojnica.printing.qr import encode_qr
from stojnica.printing.render import page_image
from stojnica.printing.scan import BLURRED, codes_in, failed_trials
from stojnica.printing.template_file import load_design, load_template, shipped_designs
from stojnica.services.flyer_content import flyer_content
from stojnica.services.sample import SAMPLE_DAY, sample_document

DOCUMENT = parse_document(sample_document(SAMPLE_DAY))
EVENT = Event(
    event_id=new_id(),
    name="Festival LUPA",
    code="festival-lupa-ljubljana-2024",
    place="Breg",
    city="Ljubljana",
    starts="2024-09-20T10:00",
    ends="2024-09-20T18:00",
    project="cerv",
)
# The longest link that is printed: the whole one, with the code of its run.
FUNDED = flyer_content(DOCUMENT, EVENT, "sl", "", "7c2k4m")
UNFUNDED = flyer_content(DOCUMENT, replace(EVENT, project=""), "sl", "", "7c2k4m")
SIZES = [(design, size) for design in shipped_designs() for size in load_design(design).sizes]
LINK = "https://example.org/l/7c2k4m"


def painted(payload: str, module_px: int) -> Image.Image:
    code = encode_qr(payload)
    side = (code.modules + 8) * module_px
    image = Image.new("L", (side, side), 255)
    for column, row, length in code.runs:
        left, top = (column + 4) * module_px, (row + 4) * module_px
        image.paste(0, (left, top, left + length * module_px, top + module_px))
    return image


@pytest.mark.parametrize("content", [FUNDED, UNFUNDED], ids=["funded", "unfunded"])
@pytest.mark.parametrize(("design", "size"), SIZES)
def test_each_code_of_each_template_stands_every_trial(design: str, size: str, content: FlyerContent) -> None:
    template = load_template(design, size)
    pdf = make_flyer(content, next(iter(template.sheets)), template)

    for dpi in SCAN_DPI:
        page = page_image(pdf, 0, dpi, is_grey=True)

        assert set(codes_in(page)) == {content.url}
        assert failed_trials(page, dpi) == ()


def test_a_code_that_is_read_sharp_alone_is_named() -> None:
    # Two pixels a module at 600 dpi are 0.08 mm: no phone focuses on that.
    small = painted(LINK, 2)
    assert codes_in(small) == [LINK]

    assert BLURRED in failed_trials(small, 600)


def test_a_code_of_the_smallest_module_stands_every_trial() -> None:
    # Five pixels at 300 dpi are 0.42 mm.
    assert failed_trials(painted(LINK, 5), 300) == ()


def test_a_page_without_a_code_fails_no_trial() -> None:
    assert failed_trials(Image.new("L", (200, 200), 255), 150) == ()


def test_a_flyer_whose_code_fails_a_trial_can_not_be_printed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scan, "BLUR_MM", 2.0)

    checked = checked_flyer(FUNDED)

    assert [problem.kind for problem in checked.problems if problem.is_blocking] == [HARD_TO_SCAN]
    assert not checked.is_printable
