"""A flyer as it comes out of the press: measured, read and scanned on the rendered page."""

import io
import re
import zlib
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
import zxingcpp
from PIL import Image, ImageEnhance, ImageFilter

from stojnica.printing.flyer import FlyerContent, make_flyer
from stojnica.printing.funding import funding_band
from stojnica.printing.layout import lay_out
from stojnica.printing.render import opened_pdf, page_count, page_image
from stojnica.printing.template_file import load_template

BLUE = (0x00, 0x33, 0x99)
GREEN = (0x0B, 0x6E, 0x63)


def text_of(pdf: bytes) -> str:
    with opened_pdf(pdf) as document:
        found: str = document[0].get_textpage().get_text_bounded()
        return found


def size_mm(pdf: bytes) -> tuple[float, float]:
    with opened_pdf(pdf) as document:
        width, height = document[0].get_size()
        return width * 25.4 / 72, height * 25.4 / 72


def codes(picture: Image.Image) -> list[str]:
    return [found.text for found in zxingcpp.read_barcodes(picture)]


def run_down(picture: Image.Image, x: int, colour: tuple[int, int, int]) -> int:
    """Measure the longest run of a colour in a column of pixels."""
    longest = current = 0
    for y in range(picture.height):
        current = current + 1 if picture.getpixel((x, y)) == colour else 0
        longest = max(longest, current)
    return longest


def run_across(picture: Image.Image, y: int, colour: tuple[int, int, int]) -> int:
    turned = picture.transpose(Image.Transpose.TRANSPOSE)
    return run_down(turned, y, colour)


@pytest.mark.parametrize(("up", "paper"), [(1, (105, 148)), (4, (210, 297))])
def test_a_flyer_is_one_page_of_its_paper(content: FlyerContent, up: int, paper: tuple[int, int]) -> None:
    pdf = make_flyer(content, up)

    assert page_count(pdf) == 1
    assert size_mm(pdf) == pytest.approx(paper, abs=0.01)


def test_no_other_number_of_pieces_is_made(content: FlyerContent) -> None:
    with pytest.raises(ValueError, match="3"):
        make_flyer(content, 3)


@pytest.mark.parametrize("up", [1, 4])
@pytest.mark.parametrize("dpi", [150, 300])
def test_every_piece_has_a_code_that_leads_to_the_link(content: FlyerContent, up: int, dpi: int) -> None:
    picture = page_image(make_flyer(content, up), 0, dpi, is_grey=True)

    assert codes(picture) == [content.url] * up


@pytest.mark.parametrize("dpi", [150, 300])
def test_the_code_is_read_blurred_turned_and_pale(content: FlyerContent, dpi: int) -> None:
    picture = page_image(make_flyer(content), 0, dpi, is_grey=True)
    blurred = picture.filter(ImageFilter.GaussianBlur(dpi / 150))
    turned = picture.rotate(7, expand=True, fillcolor=255, resample=Image.Resampling.BICUBIC)
    pale = ImageEnhance.Contrast(picture).enhance(0.5)

    assert [codes(changed) for changed in (blurred, turned, pale)] == [[content.url]] * 3


def test_the_code_has_white_all_around_it(content: FlyerContent) -> None:
    picture = page_image(make_flyer(content), 0, 300, is_grey=True)
    (found,) = zxingcpp.read_barcodes(picture)
    corners = found.position
    left, top = corners.top_left.x, corners.top_left.y
    right, bottom = corners.bottom_right.x, corners.bottom_right.y

    # A finder pattern's ring is one module thick; four modules around the dark square have to be empty.
    module = (right - left) / round((right - left) / (0.6 * 300 / 25.4))
    quiet = int(3.8 * module)
    around = picture.crop((left - quiet, top - quiet, right + quiet, bottom + quiet))
    around.paste(255, (quiet - 2, quiet - 2, around.width - quiet + 2, around.height - quiet + 2))
    assert around.getextrema() == (255, 255)


@pytest.mark.parametrize("up", [1, 4])
def test_text_comes_out_as_it_went_in(content: FlyerContent, up: int) -> None:
    pdf = make_flyer(
        replace(content, title="Čaša žara, Šiška", promise="Tőled: ćevap, đak, łąka, Straße"), up
    )

    text = text_of(pdf)

    assert text.count("Čaša žara, Šiška") == up
    assert text.count("Tőled: ćevap, đak, łąka, Straße") == up
    assert text.count("petek, 20. september 2024") == up


def test_only_embedded_fonts_are_in_the_file(content: FlyerContent) -> None:
    for up in (1, 4):
        pdf = make_flyer(content, up)
        names = set(re.findall(rb"/BaseFont /(?:[A-Z]{6}\+)?([A-Za-z-]+)", pdf))
        assert names == {b"NotoSans-Regular", b"NotoSans-SemiBold", b"Ubuntu-Regular"}
        assert pdf.count(b"/FontFile2") == 3
        assert b"Helvetica" not in pdf


def test_the_file_says_what_it_is_and_in_which_language(content: FlyerContent) -> None:
    pdf = make_flyer(content)

    with opened_pdf(pdf) as document:
        information = document.get_metadata_dict()
    assert information["Title"] == "Poletje, ki nekaj spremeni. · Zavod Voluntariat · SCI Slovenija"
    assert information["Author"] == "Zavod Voluntariat · SCI Slovenija"
    assert re.search(rb"/Lang \(sl\)", pdf)


@pytest.mark.parametrize("up", [1, 4])
def test_the_flag_is_ten_millimetres_high_in_the_two_colours_on_every_piece(
    content: FlyerContent, up: int
) -> None:
    dpi = 254  # Ten pixels a millimetre.
    picture = page_image(make_flyer(content, up), 0, dpi)
    pieces = (
        [picture]
        if up == 1
        else [picture.crop((x, y, x + 1050, y + 1485)) for x in (0, 1050) for y in (0, 1485)]
    )

    for piece in pieces:
        # Half a millimetre inside the flag's left edge there are no stars.
        height = run_down(piece, 105, BLUE)
        assert height >= 100
        lower = next(y for y in reversed(range(piece.height)) if piece.getpixel((105, y)) == BLUE)
        assert run_across(piece, lower - 5, BLUE) == pytest.approx(1.5 * height, abs=2)
        assert (0xFF, 0xCC, 0x00) in {colour for _count, colour in piece.getcolors(1 << 20) or []}


def test_half_the_flags_height_around_it_is_empty(content: FlyerContent) -> None:
    picture = page_image(make_flyer(content), 0, 254)
    lower = next(y for y in reversed(range(picture.height)) if picture.getpixel((105, y)) == BLUE)
    height = run_down(picture, 105, BLUE)
    width, clear = round(1.5 * height), height // 2 - 1
    left, top = 100, lower + 1 - height

    around = picture.crop((left - clear, top - clear, left + width + clear, lower + clear))
    around.paste((255, 255, 255), (clear - 2, clear - 2, around.width - clear + 2, clear + height + 2))
    assert around.getcolors() == [(around.width * around.height, (255, 255, 255))]


@pytest.mark.parametrize("up", [1, 4])
def test_without_funding_there_is_no_emblem_and_no_word_of_the_union(content: FlyerContent, up: int) -> None:
    pdf = make_flyer(replace(content, funding=None), up)

    colours = {colour for _count, colour in page_image(pdf, 0, 150).getcolors(1 << 20) or []}
    assert BLUE not in colours
    assert (0xFF, 0xCC, 0x00) not in colours
    for name in ("European Union", "Evropska unija", "Evropske unije"):
        assert name not in text_of(pdf)
    assert b"Ubuntu" not in pdf


def test_every_piece_of_a_sheet_has_statement_and_whole_disclaimer(content: FlyerContent) -> None:
    text = " ".join(text_of(make_flyer(content, 4)).split())

    assert text.count("Financira Evropska unija") == 4
    assert text.count("Zanje ne moreta biti odgovorna niti Evropska unija niti EACEA.") == 4


def test_a_sheet_for_the_office_printer_has_a_white_edge_and_cut_lines(content: FlyerContent) -> None:
    picture = page_image(make_flyer(content, 4), 0, 254)
    alone = page_image(make_flyer(content), 0, 254)

    # Five millimetres stay white for the printer; the cut lines are dashed, in the middle.
    assert picture.crop((0, 0, 48, 1400)).getextrema() == ((255, 255),) * 3
    assert picture.getpixel((60, 200)) == GREEN
    assert alone.getpixel((0, 0)) == GREEN
    down, across = picture.crop((1047, 0, 1053, 2970)), picture.crop((0, 1482, 2100, 1488))
    for strip in (down, across):
        darkest = min(channel[0] for channel in strip.getextrema())
        assert 100 < darkest < 255


def test_the_line_at_the_top_is_the_kicker_or_else_the_organisation(content: FlyerContent) -> None:
    with_kicker = text_of(make_flyer(replace(content, kicker="Zavod Voluntariat · SCI Slovenia")))
    without = text_of(make_flyer(content))

    assert "SCI Slovenia" in with_kicker.splitlines()[0]
    assert content.organisation not in with_kicker
    assert content.organisation in without.splitlines()[0]


def test_a_light_accent_gets_dark_letters(content: FlyerContent) -> None:
    picture = page_image(make_flyer(replace(content, accent="#F2B84B")), 0, 150)

    head = picture.crop((0, 0, picture.width, picture.height // 3))
    colours = {colour for _count, colour in head.getcolors(1 << 20) or []}
    assert (0xF2, 0xB8, 0x4B) in colours
    assert (0x1B, 0x2A, 0x33) in colours
    assert (255, 255, 255) not in colours


def test_a_logo_stands_on_white_and_is_no_higher_than_the_emblem(content: FlyerContent) -> None:
    target = io.BytesIO()
    Image.new("RGBA", (900, 300), (220, 30, 90, 255)).save(target, "PNG")

    picture = page_image(make_flyer(replace(content, logo=target.getvalue())), 0, 254)

    logo = max(run_down(picture, x, (220, 30, 90)) for x in range(100, 300, 10))
    assert 50 < logo < run_down(picture, 105, BLUE)


def test_flyers_made_at_the_same_time_are_each_their_own(content: FlyerContent) -> None:
    contents = [
        replace(content, title=f"Naslov {number}", url=f"https://example.org/{number}")
        for number in range(12)
    ]

    with ThreadPoolExecutor(4) as pool:
        made = list(pool.map(make_flyer, contents))

    for number, pdf in enumerate(made):
        assert f"Naslov {number}\r" in text_of(pdf) or f"Naslov {number}\n" in text_of(pdf)


def test_long_german_and_hungarian_find_their_place(content: FlyerContent) -> None:
    german = replace(
        content,
        title="Ein Freiwilligendienst, der die Nachbarschaft verändert.",
        promise="Zwei Wochen, zehn Länder, eine Gemeinschaft – und Freundschaften, die bleiben.",
        heading="Internationale Freiwilligenprojekte und Workcamps",
        body="Unterkunft und Verpflegung sind gesichert. Teilnahmebeitrag und Reisekosten trägst du selbst. "
        "Mitbringen musst du nur die Bereitschaft zur Zusammenarbeit und zur Gemeinschaft mit anderen.",
        event_name="Freiwilligenmesse Klagenfurt am Wörthersee",
        event_date="Donnerstag, 5. September 2024",
        funding=funding_band(
            {"kind": "cofunded", "authority": "der Exekutivagentur für Bildung und Kultur (EACEA)"}, "de"
        ),
    )
    hungarian = replace(
        content,
        title="Egy nyár, amely megváltoztat valamit.",
        body="A szállásról és az étkezésről gondoskodunk. A részvételi díjat és az utazást közösen fizetjük. "
        "Csak munkakedv és közösségi szellem szükséges.",
        funding=funding_band(
            {"kind": "cofunded", "authority": "az Európai Oktatási és Kulturális Végrehajtó Ügynökség"}, "hu"
        ),
    )

    for made in (german, hungarian):
        for funding in (made.funding, None):
            assert lay_out(replace(made, funding=funding), load_template("promise")).problems == ()


def test_streams_are_whole(content: FlyerContent) -> None:
    pdf = make_flyer(content, 4)

    streams = re.findall(rb"/FlateDecode.*?stream\r?\n(.*?)endstream", pdf, re.DOTALL)
    assert len(streams) >= 5
    assert all(zlib.decompressobj().decompress(stream) for stream in streams)
