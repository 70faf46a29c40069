"""Copy, restore and rescue from the command line: what they do, and what they say."""

import json
from collections.abc import Callable
from pathlib import Path

import pyrage
import pytest

from stojnica.cli.main import main
from stojnica.domain import kinds
from stojnica.domain.ids import new_id
from stojnica.i18n import speaking
from stojnica.services.first_start import FirstStartViewModel, Step
from stojnica.services.restore import CopyWish, restore_copy, restored_text
from stojnica.services.tasks import DeferredRunner
from stojnica.storage.home import OpenStore, StoreHome, create_store, unlock_store
from stojnica.storage.slots import Argon2Cost, load_slots, save_slots, with_organisation
from stojnica.storage.unit import UnitOfWork

WORDS = "jutro voda hiša most reka"
Say = Callable[[], str]


@pytest.fixture
def laptop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give the home of a laptop with three contacts, closed; its words are in a file beside it."""
    monkeypatch.setenv("LANG", "en_GB.UTF-8")
    home = StoreHome(tmp_path / "laptop")
    opened = create_store(home, WORDS, cost=Argon2Cost(8, 1, 1))
    opened.store.write(_three_visitors).result()
    opened.close()
    (home.folder / "settings.json").write_text('{"language": "en"}')
    (tmp_path / "words.txt").write_text(WORDS, encoding="utf-8")
    return home.folder


def _three_visitors(unit: UnitOfWork) -> None:
    for name in ("Ana", "Bor", "Cene"):
        unit.record(kinds.SIGNED_UP, new_id(), {"first_name": name, "language": "sl"}, channel="kiosk")
    unit.commit()


@pytest.fixture
def call(
    tmp_path: Path, laptop: Path, capsys: pytest.CaptureFixture[str]
) -> Callable[..., tuple[int, str, str]]:
    """Run a verb with the words of this laptop."""

    def run(*arguments: object, home: Path = laptop) -> tuple[int, str, str]:
        with speaking("en"):
            words = str(tmp_path / "words.txt")
            code = main(["--home", str(home), "--passphrase-file", words, *map(str, arguments)])
        said = capsys.readouterr()
        return code, said.out, said.err

    return run


Call = Callable[..., tuple[int, str, str]]


def test_i02_a_copy_on_a_stick_is_opened_on_another_laptop(call: Call, tmp_path: Path) -> None:
    stick, other = tmp_path / "stick", tmp_path / "other"
    stick.mkdir()
    (other).mkdir()
    (other / "settings.json").write_text('{"language": "en"}')

    code, said, _fault = call("copy", "--place", stick)
    assert code == 0
    assert said.count("Copied and read back: ") == 2
    code, said, _fault = call("restore", stick, home=other)

    assert code == 0
    assert said.startswith("The copy is open, with 3 contacts. Its last entry is of ")
    assert "nothing arrives twice" in said
    code, _said, fault = call("restore", stick, home=other)
    assert code == 1
    assert fault.startswith("There is a store in this folder already. It was not touched.")


def test_i02_a_place_that_is_gone_is_told_and_the_copy_here_is_made(call: Call, tmp_path: Path) -> None:
    stick = tmp_path / "stick"
    stick.mkdir()
    call("copy", "--place", stick)
    stick.rename(tmp_path / "pulled")

    code, said, fault = call("copy")

    assert code == 1
    assert said.count("Copied and read back: ") == 1
    assert "is not connected." in fault
    assert "Put the stick in" in fault


def test_i09_the_office_opens_a_copy_with_its_key_and_gets_new_words(
    call: Call, laptop: Path, tmp_path: Path
) -> None:
    # Given a copy of a laptop that belongs to the organisation
    identity = pyrage.x25519.Identity.generate()
    opened = unlock_store(StoreHome(laptop), WORDS)
    slots = with_organisation(load_slots(opened.home.slots), opened.key, (str(identity.to_public()),))
    save_slots(opened.home.slots, slots)
    opened.close()
    call("copy")
    key_file = tmp_path / "office.key"
    key_file.write_text(f"# created: today\n{identity}\n", encoding="ascii")
    (tmp_path / "words.txt").write_text("pet novih imen za pisarno", encoding="utf-8")
    other = tmp_path / "other"

    code, said, _fault = call("restore", laptop / "copies", "--identity", key_file, "--json", home=other)

    assert code == 0
    assert json.loads(said)["contacts"] == 3
    unlock_store(StoreHome(other), "pet novih imen za pisarno").close()


def test_m06_rescue_says_what_was_saved_and_what_was_not(call: Call, laptop: Path, tmp_path: Path) -> None:
    file = laptop / "stojnica.db"
    body = bytearray(file.read_bytes())
    body[-2_000] ^= 1
    file.write_bytes(body)

    code, said, _fault = call("rescue", laptop, tmp_path / "out")

    assert code == 0
    lines = said.splitlines()
    assert lines[0] == "Saved: 3 contacts."
    assert lines[1].startswith("1 of ")
    unlock_store(StoreHome(tmp_path / "out"), WORDS).close()


class OpenedHere:
    """What the first start gets back."""

    def __init__(self, opened: OpenStore) -> None:
        self.opened = opened
        self.store = opened.store


def test_i02_at_the_first_start_a_copy_is_opened_instead_of_a_new_store(
    call: Call, laptop: Path, tmp_path: Path, runner: DeferredRunner
) -> None:
    # Given the first start of another laptop, and a stick
    call("copy")
    finished: list[object] = []

    def restore(wish: CopyWish, _language: str) -> tuple[OpenedHere, str]:
        restored = restore_copy(wish, tmp_path / "other")
        return OpenedHere(unlock_store(StoreHome(tmp_path / "other"), wish.words)), restored_text(restored)

    def create(_words: str, _language: str) -> OpenedHere:
        raise AssertionError("no new store is wanted")

    model = FirstStartViewModel(runner, create, finished.append, "en", restore=restore)

    # When the copy is chosen, first with wrong words, then with the right ones
    model.open_copy()
    assert (model.state.step, model.state.number) == (Step.COPY, 1)
    model.back()
    assert model.state.step is Step.LANGUAGE
    model.open_copy()
    model.choose_copy(laptop / "copies")
    model.restore("other words")
    runner.run()
    assert model.state.message is not None
    assert model.state.restored == ""
    model.restore(WORDS)
    runner.run()

    # Then it says what is there, and leads to the stand
    assert model.state.restored.startswith("The copy is open, with 3 contacts.")
    model.go_on()
    assert finished == [model.stand]
    assert model.stand is not None
    model.stand.opened.close()


def test_i15_a_stick_that_exists_no_more_is_said_so_by_a_command(call: Call, tmp_path: Path) -> None:
    # Given copies on a stick that was lost
    stick = tmp_path / "stick"
    stick.mkdir()
    assert call("copies")[1] == "No copies are noted but those on this laptop.\n"
    call("copy", "--place", stick)
    stick.rename(tmp_path / "lost")
    place = json.loads(call("copies", "--json")[1])["places"][0]

    # When somebody asks what follows, and then says it
    code, said, _fault = call("copies", "--gone", place["mark"].lower())
    assert code == 0
    assert f"(stick {place['mark']}): 1 copy, made just now" in said
    assert "people who were erased may still be in them" in said
    assert said.endswith("Nothing was changed. To say that it exists no more, add --yes\n")
    code, _said, _fault = call("copies", "--gone", stick / "Stojnica", "--yes")

    # Then it is noted no more
    assert code == 0
    assert json.loads(call("copies", "--json")[1])["places"] == []
    code, _said, fault = call("copies", "--gone", stick / "Stojnica")
    assert code == 1
    assert fault.startswith("No copies are noted at ")
