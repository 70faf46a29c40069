"""Slips as they come out of the printer: nothing left out, nothing too small, each code read back."""

import io
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
import zxingcpp
from PIL import Image

from stojnica.domain.errors import UserFacingError
from stojnica.domain.event import Event
from stojnica.domain.form import PAPER
from stojnica.domain.ids import NIL
from stojnica.domain.organisation_document import parse_document
from stojnica.domain.slip_number import SlipNumber
from stojnica.i18n import VISITOR_LANGUAGES
from stojnica.printing.marks import LineMark
from stojnica.printing.qr import LEAST_MODULE_MM, encode_qr
from stojnica.printing.render import opened_pdf, page_count, page_image, page_size_mm
from stojnica.printing.slip_content import SlipConsent, SlipContent
from stojnica.printing.slip_paper import CODE_MM, LEAST_LEGAL_PT, LEAST_TEXT_PT, BoxMark
from stojnica.printing.slip_sheet import checked_layout, count_unread, print_slips
from stojnica.services.forms import shipped_forms
from stojnica.services.sample import sample_document
from stojnica.services.shown_organisation import ShownOrganisation
from stojnica.services.slip_content import (
    PlannedSlip,
    SlipSource,
    planned_slip,
    printed_words,
    slip_content,
    slip_languages,
)

DAY = date(2024, 9, 20)
FORMS = {form.id: form for form in shipped_forms()}
LETTERS = {"sl": "čšž ČŠŽ", "de": "äöüß", "it": "àèìòù", "hr": "ćđ ĆĐ", "hu": "őű ŐŰ", "en": "’"}


def in_six_languages() -> dict[str, Any]:
    """Give the sample's document with wordings and notices in all languages of visitors."""
    document = sample_document(DAY)
    there = {item["language"] for item in document["wordings"]}
    english = [item for item in document["wordings"] if item["language"] == "en"]
    notice = next(item for item in document["notices"] if item["language"] == "en")
    for language in VISITOR_LANGUAGES:
        if language not in there:
            text = f" {LETTERS[language]}."
            document["wordings"] += [
                item | {"language": language, "text": item["text"] + text} for item in english
            ]
            document["notices"].append(notice | {"language": language})
    return document


def source_of(form: str = "person", *, project: bool = True, from_office: bool = False) -> SlipSource:
    document = parse_document(in_six_languages())
    event = Event(
        NIL,
        "Festival LUPA",
        "lupa",
        starts="2024-09-20T10:00",
        ends="2024-09-20T18:00",
        project=document.projects[0].id if project else "",
    )
    shown = ShownOrganisation(document, is_from_office=from_office)
    return SlipSource(shown, event, FORMS[form], DAY)


def numbers(count: int, first: int = 1) -> list[SlipNumber]:
    return [SlipNumber("A", first + place) for place in range(count)]


def words_of(pdf: bytes, page: int = 0) -> str:
    with opened_pdf(pdf) as document:
        text: str = document[page].get_textpage().get_text_bounded()
    return " ".join(text.split())


@pytest.mark.parametrize("language", VISITOR_LANGUAGES)
@pytest.mark.parametrize("form", sorted(FORMS))
def test_each_code_of_each_language_is_read_at_150_and_300_dpi(language: str, form: str) -> None:
    planned = planned_slip(source_of(form), language)
    wanted = numbers(5, 97)

    slips = print_slips(planned.content, wanted)

    assert page_count(slips.pdf) == -(-5 // slips.paper.up)
    assert page_size_mm(slips.pdf) == pytest.approx(slips.paper.sheet_mm, abs=0.1)
    for dpi in (150, 300):
        assert count_unread(slips.pdf, wanted, dpi) == 0
    assert count_unread(slips.pdf, numbers(1, 500), 150) == 1


@pytest.mark.parametrize("language", VISITOR_LANGUAGES)
@pytest.mark.parametrize("form", sorted(FORMS))
def test_each_slip_holds_every_wording_in_full_and_an_empty_box_for_it(language: str, form: str) -> None:
    planned = planned_slip(source_of(form), language)
    slips = print_slips(planned.content, numbers(slips_on_a_sheet(planned)))

    text = words_of(slips.pdf)

    for wording in planned.wordings:
        for whole in (wording.title, wording.text):
            assert text.count(" ".join(whole.split())) == slips.paper.up
    boxes = sum(isinstance(mark, BoxMark) for mark in planned.layout.marks)
    asked = sum(len(q.choices) for part in planned.content.sections for q in part.questions)
    assert boxes == asked + len(planned.wordings)


def slips_on_a_sheet(planned: PlannedSlip) -> int:
    return planned.layout.paper.up


@pytest.mark.parametrize("language", VISITOR_LANGUAGES)
def test_nothing_is_too_small_to_be_read_or_outside_the_piece(language: str) -> None:
    layout = planned_slip(source_of(), language).layout
    width, height = (side * 72 / 25.4 for side in layout.paper.piece_mm)

    lines = [mark for mark in layout.marks if isinstance(mark, LineMark)]

    assert min(line.size for line in lines) >= LEAST_LEGAL_PT
    small = [line for line in lines if line.size < LEAST_TEXT_PT]
    assert all(line.y < height / 3 for line in small), "only what is at the foot is legal print"
    assert all(14 <= line.x < width and 14 <= line.y < height - 14 for line in lines)


def test_the_code_is_15_mm_and_its_modules_are_large_enough() -> None:
    code = encode_qr(SlipNumber("X", 99_999).payload)

    assert (CODE_MM, code.level) == (15.0, "M")
    assert code.module_mm(CODE_MM) >= LEAST_MODULE_MM
    assert code.quiet_mm(CODE_MM) < 3.2 < 5.0


def test_all_questions_of_the_form_are_on_paper_in_the_order_of_the_screen() -> None:
    source = source_of()
    content = slip_content(source, "sl")

    printed = [question.title for section in content.sections for question in section.questions]

    assert printed == [q.title["sl"] for q in source.form.questions if PAPER in q.places]


def test_what_the_kiosk_asks_is_on_a6_where_that_can_be_read() -> None:
    planned = planned_slip(source_of(), "sl")

    assert (planned.layout.paper.up, planned.is_full) == (4, False)
    assert planned.note.startswith("Four on a sheet")


def test_what_does_not_fit_on_a6_is_printed_larger_and_that_is_said() -> None:
    planned = planned_slip(source_of(), "sl", is_full=True)

    assert (planned.layout.paper.up, planned.layout.paper.name) == (2, "A5")
    assert "two on a sheet" in planned.note


def test_a_slip_that_fits_on_no_paper_is_refused() -> None:
    content = slip_content(source_of(), "sl")
    endless = SlipConsent("Novice", "Beseda. " * 2_000)

    with pytest.raises(UserFacingError, match="don't fit on A4") as refused:
        checked_layout(replace(content, consents=(endless,)))

    assert refused.value.safe == "No number was given out."


def test_a_character_that_no_typeface_has_is_refused_and_named() -> None:
    content = slip_content(source_of(), "sl")

    with pytest.raises(UserFacingError, match=r"U\+05D0") as refused:
        checked_layout(replace(content, organisation="\u05d0"))

    assert refused.value.code == "missing_character"


def test_an_event_without_the_eu_shows_no_emblem_of_it() -> None:
    with_eu, without = (slip_content(source_of(project=value), "sl") for value in (True, False))

    assert with_eu.funding is not None
    assert "Financira Evropska unija" in words_of(print_slips(with_eu, numbers(1)).pdf)
    assert without.funding is None


def test_only_shipped_typefaces_are_in_the_file_and_all_are_embedded() -> None:
    pdf = print_slips(planned_slip(source_of(), "sl").content, numbers(1)).pdf

    assert b"Helvetica" not in pdf
    assert pdf.count(b"/FontDescriptor ") == pdf.count(b"/FontFile2") > 0


def test_wordings_that_nobody_has_confirmed_are_not_printed() -> None:
    document = in_six_languages()
    for item in document["wordings"]:
        item["verify"] = item["language"] == "hu"
    source = replace(source_of(), shown=ShownOrganisation(parse_document(document), is_from_office=True))

    assert "hu" not in slip_languages(source)
    with pytest.raises(UserFacingError, match="not all wordings"):
        planned_slip(source, "hu")


def test_each_language_of_visitors_has_all_fixed_words() -> None:
    words = printed_words()

    assert set(words) == set(VISITOR_LANGUAGES)
    assert len({frozenset(item) for item in words.values()}) == 1
    assert len({frozenset(item["status"]) for item in words.values()}) == 1


def test_a_copy_of_a_copy_in_grey_is_still_read(content_of_slips: SlipContent) -> None:
    slips = print_slips(content_of_slips, numbers(4))
    page = page_image(slips.pdf, 0, 150, is_grey=True)
    poor = io.BytesIO()

    page.resize((page.width * 3 // 4, page.height * 3 // 4)).point(lambda value: 60 + value // 2).save(
        poor, "JPEG", quality=30
    )

    found = {code.text for code in zxingcpp.read_barcodes(Image.open(poor))}
    assert found == {number.payload for number in numbers(4)}


@pytest.fixture
def content_of_slips() -> SlipContent:
    return planned_slip(source_of(), "sl").content


def test_a_slip_keeps_the_rules_of_the_eu_and_one_that_breaks_them_gets_no_number() -> None:
    content = slip_content(source_of(), "sl")
    assert content.funding is not None
    shortened = replace(content, funding=replace(content.funding, statement="Financira EU"))

    assert checked_layout(content)
    with pytest.raises(UserFacingError, match="Financira EU") as refused:
        checked_layout(shortened)

    assert refused.value.code == "eu_statement_words"
    assert refused.value.safe == "No number was given out."
