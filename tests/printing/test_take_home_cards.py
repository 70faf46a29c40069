"""Take-home cards: as many as pupils, each with a code that a phone reads, in each language of visitors."""

from dataclasses import replace
from pathlib import Path

import pytest
import zxingcpp

from stojnica.domain.errors import UserFacingError
from stojnica.domain.event import Event
from stojnica.domain.ids import new_id
from stojnica.domain.organisation_document import parse_document
from stojnica.i18n import VISITOR_LANGUAGES
from stojnica.printing.emblem import LEAST_HEIGHT_MM
from stojnica.printing.layout import lay_out
from stojnica.printing.marks import CodeMark, EmblemMark, LineMark
from stojnica.printing.qr import LEAST_MODULE_MM
from stojnica.printing.render import opened_pdf, page_count, page_image
from stojnica.printing.template_file import load_template
from stojnica.printing.typesetting import POINTS_PER_MM
from stojnica.services.sample import SAMPLE_DAY, sample_document
from stojnica.services.take_home import ON_A_SHEET, TEMPLATE, CardScene, CardWish, card_content, make_cards

EVENT = Event(
    event_id=new_id(),
    name="Festival LUPA",
    code="lupa",
    place="Breg",
    city="Ljubljana",
    starts="2024-09-20T10:00",
    ends="2024-09-20T18:00",
    project="cerv",
)
SCENE = CardScene(parse_document(sample_document(SAMPLE_DAY)), EVENT)
UNFUNDED = replace(SCENE, event=replace(EVENT, project=""))


def codes(pdf: bytes) -> list[list[str]]:
    """Read all codes of each page, as rendered."""
    formats = zxingcpp.BarcodeFormats([zxingcpp.BarcodeFormat.QRCode])
    return [
        [code.text for code in zxingcpp.read_barcodes(page_image(pdf, page, 150), formats=formats)]
        for page in range(page_count(pdf))
    ]


def words_on(pdf: bytes, page: int = 0) -> str:
    with opened_pdf(pdf) as document:
        text: str = document[page].get_textpage().get_text_range()
    return " ".join(text.split())


@pytest.mark.parametrize("band", ["15-17", "18-30"])
@pytest.mark.parametrize("scene", [SCENE, UNFUNDED], ids=["funded", "unfunded"])
@pytest.mark.parametrize("language", VISITOR_LANGUAGES)
def test_a_card_is_printable_in_each_language_and_the_funding_is_whole_on_each(
    language: str, scene: CardScene, band: str
) -> None:
    wish = CardWish(language, ON_A_SHEET, band)

    made = make_cards(scene, wish)

    assert {problem.kind for problem in made.checked.problems} <= {"check_wording"}
    funding = card_content(scene, wish).funding
    assert (funding is not None) is bool(scene.event and scene.event.project)
    if funding is not None:
        assert words_on(made.pdf()).count(funding.statement) >= ON_A_SHEET


def test_there_are_as_many_cards_as_pupils_and_each_code_is_read() -> None:
    made = make_cards(SCENE, CardWish("sl", 19))

    found = codes(made.pdf())

    assert [len(page) for page in found] == [8, 8, 3]
    assert {text for page in found for text in page} == {made.link}


def test_the_code_leads_to_the_web_form_with_the_event_and_is_there_in_letters() -> None:
    organisation = replace(SCENE.document.organisation, web_form="https://example.org/obrazec")
    scene = replace(SCENE, document=replace(SCENE.document, organisation=organisation))

    made = make_cards(scene, CardWish("en", 1))

    [[link]] = codes(made.pdf())
    assert link.startswith("https://example.org/obrazec?utm_source=lupa&utm_medium=qr")
    assert "example.org/obrazec" in words_on(made.pdf())


def test_module_and_flag_are_as_large_as_they_have_to_be() -> None:
    layout = lay_out(card_content(SCENE, CardWish("de", 1, "15-17")), load_template(TEMPLATE))

    [code] = [mark for mark in layout.marks if isinstance(mark, CodeMark)]
    [flag] = [mark for mark in layout.marks if isinstance(mark, EmblemMark)]
    assert code.code.level == "M"
    assert code.code.module_mm(code.side / POINTS_PER_MM) >= LEAST_MODULE_MM
    assert flag.height / POINTS_PER_MM >= LEAST_HEIGHT_MM - 1e-6


@pytest.mark.parametrize("language", VISITOR_LANGUAGES)
def test_nothing_comes_nearer_to_the_flag_than_half_its_height(language: str) -> None:
    layout = lay_out(card_content(SCENE, CardWish(language, 1, "15-17")), load_template(TEMPLATE))

    [flag] = [mark for mark in layout.marks if isinstance(mark, EmblemMark)]
    above = [
        mark
        for mark in layout.marks
        if isinstance(mark, LineMark) and mark.y > flag.y + flag.height and mark.x < flag.x + 2 * flag.height
    ]
    assert above
    assert min(mark.y - mark.size * 0.24 for mark in above) >= flag.y + 1.5 * flag.height - 0.1


def test_long_names_make_a_card_no_less_printable() -> None:
    organisation = replace(
        SCENE.document.organisation,
        web_form="https://www.prostovoljska-organizacija.si/za-mlade/obrazec-za-prijavo",
    )
    interests = tuple(
        replace(item, title={"sl": item.title["sl"] + " in še marsikaj drugega"})
        for item in SCENE.document.interests
    )
    document = replace(SCENE.document, organisation=organisation, interests=interests)
    event = replace(EVENT, name="Dnevi odprtih vrat vseh prostovoljskih organizacij osrednje Slovenije " * 2)

    made = make_cards(CardScene(document, event), CardWish("sl", 1, "18-30"))

    assert made.checked.is_printable
    assert "prostovoljska-organizacija.si" in words_on(made.pdf())


def test_a_card_speaks_to_parents_unless_all_are_of_age() -> None:
    bands = ("", "under-15", "15-17", "18-30")

    titles = [card_content(SCENE, CardWish("en", 1, band)).title for band in bands]

    assert titles == [*["For parents and guardians"] * 3, "Thank you for visiting!"]


def test_what_is_offered_on_a_card_fits_the_age() -> None:
    young, grown, unknown = (
        card_content(SCENE, CardWish("sl", 1, band)).heading for band in ("under-15", "18-30", "")
    )

    assert "Klub prostovoljcev" in young
    assert "tabori" not in young
    assert "Mednarodni tabori" in grown
    assert unknown == ""


def test_all_sheets_but_the_last_are_rendered_once(tmp_path: Path) -> None:
    made = make_cards(SCENE, CardWish("sl", 33))

    sheets = made.sheets().pictures_png

    assert len(sheets) == page_count(made.pdf()) == 5
    assert sheets[0] is sheets[3]
    assert sheets[4] is not sheets[0]
    assert made.sheets().size_mm == pytest.approx((210, 297), abs=0.1)
    made.save(tmp_path / made.name)
    assert (tmp_path / "lupa-take-home-sl-33.pdf").read_bytes() == made.pdf()


@pytest.mark.parametrize(
    ("scene", "wish"),
    [
        (replace(SCENE, event=None), CardWish("sl")),
        (SCENE, CardWish("xx")),
        (CardScene(event=EVENT), CardWish("sl")),
    ],
    ids=["no event", "no words", "no address"],
)
def test_what_is_missing_for_a_card_is_said(scene: CardScene, wish: CardWish) -> None:
    with pytest.raises(UserFacingError) as caught:
        make_cards(scene, wish)

    assert caught.value.next_step


@pytest.mark.parametrize("language", VISITOR_LANGUAGES)
def test_the_disclaimer_on_a_card_can_be_read(language: str) -> None:
    layout = lay_out(card_content(SCENE, CardWish(language)), load_template(TEMPLATE))

    sizes = [mark.size for mark in layout.marks if isinstance(mark, LineMark) and mark.field == "disclaimer"]
    assert min(sizes) >= 6
