"""Who stands here and asks is shown all that is kept, and takes consents back on the spot."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from stojnica.domain.event import Event
from stojnica.i18n import speaking
from stojnica.printing.about_sheet import Sheet, SheetLine, SheetPart, about_pdf
from stojnica.printing.render import opened_pdf, page_count
from stojnica.records.contact_queries import contact
from stojnica.services.about_person import AboutPerson
from stojnica.services.about_sheet import sheet_of
from stojnica.services.contact import ContactViewModel
from stojnica.services.message import Tone
from stojnica.services.on_paper import printable_pages
from stojnica.services.stand import StandContext, choose_operator
from stojnica.services.tasks import DeferredRunner
from stojnica.storage.unit import branch_of


@pytest.fixture(autouse=True)
def _in_english() -> Iterator[None]:
    with speaking("en"):
        yield


@pytest.fixture
def page(
    context: StandContext, runner: DeferredRunner, lupa: Event, office: dict[str, Any]
) -> ContactViewModel:
    choose_operator(context.store, "Maja").result()
    model = ContactViewModel(context)
    model.refresh()
    runner.run()
    texts = {"first_name": "Tjaša", "last_name": "Žnidaršič", "email": "tjasa@example.org"}
    for name, text in (texts | {"phone": "031345095", "town": "1000 Ljubljana", "heard": "flyer"}).items():
        model.type(name, text)
    model.type("status", "student")
    model.type("question", "Kdaj?")
    model.choose_band("18-30")
    model.choose("interests", "i2", True)
    model.choose("free", "summer", True)
    model.choose("languages", "sl", True)
    model.tick_box("answer", True)
    model.tick_box("newsletter", True)
    model.save()
    runner.run()
    model.correct(model.state.contacts[0].subject_id)
    runner.run()
    return model


@pytest.fixture
def about(page: ContactViewModel, runner: DeferredRunner) -> AboutPerson:
    page.show_about("4711")
    runner.run()
    assert page.about.state.about is not None
    return page.about.state.about


def test_all_that_is_kept_is_there_in_words(about: AboutPerson) -> None:
    assert about.facts == (
        ("Name", "Tjaša Žnidaršič"),
        ("E-mail", "tjasa@example.org"),
        ("Phone", "031 345 095"),
        ("Age", "18–30"),
        ("Post code and town", "1000 Ljubljana"),
        ("What you do", "at university"),
        ("How you know us", "flyer"),
        ("Interests", "Interest 2"),
        ("When are you free?", "in summer"),
        ("Languages", "Slovenščina"),
        ("Question", "Kdaj?"),
        ("Signed up", "20 Sept 2024, 14:32"),
        ("At", "Festival LUPA"),
        ("How", "typed (Maja)"),
        ("Language", "English"),
    )


def test_each_consent_comes_with_its_words_its_time_and_how_it_was_given(about: AboutPerson) -> None:
    first = next(item for item in about.consents if item.purpose == "answer")
    refused = next(item for item in about.consents if item.purpose == "contact")

    assert (first.title, first.text) == ("answer en", "Text of answer, version 3, in en.")
    assert first.said == "agreed on 20 Sept 2024, 14:32, read aloud · wording 3 · English"
    assert not refused.is_granted
    assert about.granted == ("answer", "newsletter")
    assert about.rights == "Full en."


def test_a_wrong_pin_shows_nothing_and_says_so_on_the_page(
    page: ContactViewModel, runner: DeferredRunner
) -> None:
    page.show_about("1111")
    runner.run()

    assert page.about.state.about is None
    assert page.state.message is not None
    assert page.state.message.what == "This PIN is not right."


def test_whoever_gave_the_pin_for_names_is_not_asked_again(
    page: ContactViewModel, runner: DeferredRunner
) -> None:
    page.show_names("4711")
    runner.run()

    page.show_about()
    runner.run()

    assert page.about.state.about is not None


@pytest.mark.parametrize(
    ("taken_back", "left"), [(("newsletter",), ("answer",)), ((), ())], ids=["one", "all"]
)
def test_consents_are_taken_back_one_by_one_or_all_at_once(
    page: ContactViewModel,
    about: AboutPerson,
    context: StandContext,
    runner: DeferredRunner,
    taken_back: tuple[str, ...],
    left: tuple[str, ...],
) -> None:
    page.about.withdraw(taken_back, operator="Maja")
    runner.run()

    state = page.about.state
    assert state.about is not None
    assert state.about.granted == left
    assert state.message is not None
    assert state.message.tone is Tone.GOOD
    kept = context.store.read(lambda c: contact(c, branch_of(c), about.subject_id)).result()
    assert kept is not None
    assert tuple(item.purpose for item in kept.consents if item.is_granted) == left


def test_closed_it_is_off_the_screen_and_an_answer_that_is_out_is_not_shown(
    page: ContactViewModel, about: AboutPerson, runner: DeferredRunner
) -> None:
    page.about.show(about.subject_id)
    page.about.close()
    runner.run()

    assert page.about.state.about is None
    assert "Tjaša" not in repr(page.about.state)


def test_the_sheet_is_saved_as_a_pdf_of_one_page(
    page: ContactViewModel, about: AboutPerson, runner: DeferredRunner, tmp_path: Path
) -> None:
    page.about.save(tmp_path / "list.pdf")
    runner.run()

    pdf = (tmp_path / "list.pdf").read_bytes()
    assert page_count(pdf) == 1
    assert page.about.state.message is not None
    assert "list.pdf" in page.about.state.message.text


def test_a_folder_that_can_not_be_written_to_is_said(
    page: ContactViewModel, about: AboutPerson, runner: DeferredRunner, tmp_path: Path
) -> None:
    page.about.save(tmp_path / "nowhere" / "list.pdf")
    runner.run()

    assert page.about.state.message is not None
    assert page.about.state.message.tone is Tone.BAD


def test_the_sheet_holds_what_the_screen_shows(about: AboutPerson) -> None:
    words = _words(sheet_of(about))

    for text in ("What we have about you", "Tjaša Žnidaršič", "tjasa@example.org", "Full en.", "wording 3"):
        assert text in words
    pages = printable_pages(sheet_of(about))
    assert len(pages.pictures_png) == 1
    assert pages.pictures_png[0].startswith(b"\x89PNG")


def test_a_long_sheet_goes_on_and_nothing_is_cut() -> None:
    address = "x" * 250 + "@example.org"
    lines = tuple(SheetLine(f"Line {number}", "Label") for number in range(120))
    sheet = Sheet("Title", (SheetPart("Part", (*lines, SheetLine(address, "E-mail"))),), foot="Organisation")

    pdf = about_pdf(sheet)

    assert page_count(pdf) == 3
    words = _words(pdf)
    assert "Line 119" in words
    assert address in words.replace("\n", "").replace("\r", "")


def test_letters_that_can_not_be_printed_are_boxes_and_the_sheet_says_so() -> None:
    sheet = Sheet("Title", (SheetPart("Part", (SheetLine("سلام Žiga", "Name"),)),), "", "There are boxes.")

    words = _words(about_pdf(sheet))

    assert "Žiga" in words
    assert "There are boxes." in words


def _words(pdf: bytes) -> str:
    with opened_pdf(pdf) as document:
        return "\n".join(page.get_textpage().get_text_bounded() for page in document)
