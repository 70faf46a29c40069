"""Scans of filled-in slips find their contacts by the printed code, and what is no scan is said plainly."""

import io
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from reportlab.pdfgen.canvas import Canvas

from stojnica.domain.errors import CancelledError
from stojnica.domain.event import Event
from stojnica.domain.ids import new_id
from stojnica.domain.signup import SignUp
from stojnica.i18n import speaking
from stojnica.printing.render import page_image
from stojnica.records.attachments import attached_subjects, attachments_of, file_content
from stojnica.records.slip_queries import contacts_by_number
from stojnica.services.about_person import AboutPerson, about_person
from stojnica.services.slip_entry import SlipPile, open_number, save_slip
from stojnica.services.slip_runs import RunWish, print_run
from stojnica.services.slip_scans import ScansTaken, SlipScansViewModel, take_scans
from stojnica.services.stand import StandContext
from stojnica.services.tasks import DeferredRunner, Progress
from stojnica.storage.store import Store
from stojnica.storage.unit import branch_of

ANA = SignUp(first_name="Ana", email="ana@example.org", purposes=("newsletter",), collected_on="2024-09-20")
CAMERA, PLACE = 0x0110, 0x8825


class Ear:
    """Hear how far it is, and stop at the report of a number, if one is wanted."""

    def __init__(self, stop_at: int = 0) -> None:
        self.heard: list[Progress] = []
        self._stop_at = stop_at

    def report(self, progress: Progress) -> None:
        self.heard.append(progress)
        if len(self.heard) == self._stop_at:
            raise CancelledError


@pytest.fixture
def slips(store: Store, lupa: Event, office: Any, tmp_path: Path) -> list[Image.Image]:
    """Give four printed slips as a scanner sees them; the second and third are typed in."""
    path = tmp_path / "slips.pdf"
    print_run(store, RunWish(lupa.event_id, "sl", 4), path)
    for number in ("A-002", "A-003"):
        pile = SlipPile(lupa.event_id, "2024-09-20")
        slip = store.read(lambda c, n=number, p=pile: open_number(c, p, n)).result().slip
        assert slip is not None
        save_slip(store, slip, replace(ANA, slip_number=number), subject_id=new_id()).result()
    sheet = page_image(path.read_bytes(), 0, 200)
    half = sheet.width // 2, sheet.height // 2
    return [sheet.crop((x, y, x + half[0], y + half[1])) for y in (0, half[1]) for x in (0, half[0])]


@pytest.fixture
def saved(tmp_path: Path) -> Callable[..., Path]:
    """Write a picture as a file of a scanner."""

    def write(name: str, picture: Image.Image, **options: Any) -> Path:
        path = tmp_path / name
        picture.save(path, **options)
        return path

    return write


def take(store: Store, event: Event, *paths: Path) -> ScansTaken:
    return take_scans(store, event.event_id, paths, Ear())


def scans_of(store: Store, event: Event) -> dict[str, list[bytes]]:
    """Give the scans that are kept, by number."""

    def read(connection: Any) -> dict[str, list[bytes]]:
        branch = branch_of(connection)
        contacts = contacts_by_number(connection, branch, event.event_id)
        return {
            str(number): [
                file_content(connection, branch, known.attachment)
                for known in attachments_of(connection, branch, subject)
            ]
            for number, subject in contacts.items()
        }

    return store.read(read).result()


def test_each_page_finds_its_contact_and_is_kept_once(
    store: Store, lupa: Event, slips: list[Image.Image], saved: Callable[..., Path]
) -> None:
    both = saved("pile.pdf", slips[1], save_all=True, append_images=[slips[2].rotate(90, expand=True)])

    assert take(store, lupa, both) == ScansTaken(kept=2)
    assert take(store, lupa, both) == ScansTaken(known=2)

    kept = scans_of(store, lupa)
    assert {number: len(scans) for number, scans in kept.items()} == {"A-002": 1, "A-003": 1}
    with Image.open(io.BytesIO(kept["A-002"][0])) as picture:
        assert picture.format == "JPEG"


def test_a_slip_that_nobody_typed_in_yet_is_named_and_stops_no_other(
    store: Store, lupa: Event, slips: list[Image.Image], saved: Callable[..., Path]
) -> None:
    taken = take(store, lupa, saved("one.jpg", slips[0]), saved("two.png", slips[1]))

    assert taken.kept == 1
    assert taken.problems == ("one.jpg, 1: A-001 isn't typed in yet for this event.",)


def test_a_page_with_two_peoples_slips_is_kept_with_neither(
    store: Store, lupa: Event, slips: list[Image.Image], saved: Callable[..., Path]
) -> None:
    beside = Image.new("RGB", (slips[1].width * 2, slips[1].height), "white")
    beside.paste(slips[1], (0, 0))
    beside.paste(slips[2], (slips[1].width, 0))

    taken = take(store, lupa, saved("both.png", beside))

    assert taken.kept == 0
    assert "There is more than one slip on it." in taken.problems[0]
    assert store.read(lambda c: attached_subjects(c, branch_of(c))).result() == frozenset()


def test_a_scan_keeps_nothing_but_what_is_seen(
    store: Store, lupa: Event, slips: list[Image.Image], saved: Callable[..., Path]
) -> None:
    exif = Image.Exif()
    exif[CAMERA] = "Kamera Bora Kosa"
    exif[PLACE] = {1: "N", 2: (46.0, 3.0, 0.0)}
    path = saved("phone.jpg", slips[1], exif=exif, comment=b"skrivnost")

    take(store, lupa, path)

    (kept,) = scans_of(store, lupa)["A-002"]
    assert b"Kamera" in path.read_bytes()
    assert b"skrivnost" in path.read_bytes()
    assert b"Kamera" not in kept
    assert b"skrivnost" not in kept
    assert b"Exif" not in kept


def pages(count: int) -> bytes:
    target = io.BytesIO()
    canvas = Canvas(target, pagesize=(200, 200))
    for _page in range(count):
        canvas.showPage()
    canvas.save()
    return target.getvalue()


def zipped() -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr("slip.jpg", b"\xff\xd8\xff")
    return target.getvalue()


def enormous() -> bytes:
    """Give a PNG of 200 million dots with hardly a byte behind each."""
    target = io.BytesIO()
    Image.new("1", (20_000, 10_000)).save(target, "PNG")
    return target.getvalue()


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("book.pdf", lambda: pages(5_000), "It has more than 200 pages. Scan in several parts."),
        ("zip.jpg", zipped, "This is no JPEG, PNG or PDF, or it is damaged."),
        ("empty.jpg", bytes, "The file is empty, or too large."),
        ("dots.png", enormous, "The picture has too many dots. Scan with 200 dpi."),
        ("torn.pdf", lambda: b"%PDF-1.7\n" + b"x" * 1_000, "This is no JPEG, PNG or PDF, or it is damaged."),
        ("words.pdf", lambda: b"Prijavljam se.", "This is no JPEG, PNG or PDF, or it is damaged."),
        (
            "blank.pdf",
            lambda: pages(1),
            "No code of a slip could be read on it. Scan it again, straight and whole.",
        ),
    ],
)
def test_what_is_no_scan_is_said_and_the_next_file_is_taken(
    store: Store, lupa: Event, slips: list[Image.Image], saved: Callable[..., Path], tmp_path: Path,
    name: str, content: Callable[[], bytes], said: str,
) -> None:  # fmt: skip
    (tmp_path / name).write_bytes(content())

    taken = take(store, lupa, tmp_path / name, tmp_path / "gone.pdf", saved("good.png", slips[1]))

    assert taken.kept == 1
    assert said in taken.problems[0]
    assert taken.problems[1] == "gone.pdf: The file can't be read."


def test_who_stops_keeps_what_was_kept(
    store: Store, lupa: Event, slips: list[Image.Image], saved: Callable[..., Path]
) -> None:
    paths = [saved("a.png", slips[1]), saved("b.png", slips[2])]

    with pytest.raises(CancelledError):
        take_scans(store, lupa.event_id, paths, Ear(stop_at=3))

    assert {number: len(scans) for number, scans in scans_of(store, lupa).items()} == {"A-002": 1, "A-003": 0}
    assert take(store, lupa, *paths) == ScansTaken(kept=1, known=1)


def test_the_page_says_how_many_are_kept_and_names_the_others(
    context: StandContext, runner: DeferredRunner, store: Store, lupa: Event,
    slips: list[Image.Image], saved: Callable[..., Path],
) -> None:  # fmt: skip
    page = SlipScansViewModel(context)
    page.begin(lupa.event_id)

    page.take([saved("a.png", slips[0]), saved("b.png", slips[1])])
    assert page.state.is_working
    runner.run()

    assert page.state.message is not None
    assert page.state.message.text == "1 scan is kept with its contact."
    assert page.state.message.tone == "wait"
    assert page.state.lines == ("a.png, 1: A-001 isn't typed in yet for this event.",)


@pytest.mark.usefixtures("slips")
def test_the_day_on_a_slip_is_written_out_for_whoever_asks(store: Store, lupa: Event) -> None:
    def read(connection: Any) -> AboutPerson | None:
        (subject, *_rest) = contacts_by_number(connection, branch_of(connection), lupa.event_id).values()
        with speaking("sl"):
            return about_person(connection, subject)

    about = store.read(read).result()

    assert about is not None
    assert ("Na papirju od", "20. 9. 2024") in about.facts
    assert any("20. 9. 2024" in consent.said for consent in about.consents)
