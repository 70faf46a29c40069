"""I15: after an erasure no file of the laptop, of its copies or of the stick holds the person any more."""

from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

import pytest
from tests.sync.conftest import Fleet
from tests.sync.laptops import Laptop, keys
from tests.sync.offices import Office, PostgresOffice, Way
from tests.sync.test_m35_orders_of_the_office import enrolled, give, order_for, said
from tests.unit.test_contact_unfinished import decrypted

from stojnica.central.erase import Who
from stojnica.central.erase import erase as erase_at_the_office
from stojnica.domain import kinds
from stojnica.services.copies import CopyKeeper
from stojnica.services.copies_in_short import copies_in_short
from stojnica.services.copy_settings import FOLDER, choose_copy_place
from stojnica.services.erasing import erase_contact
from stojnica.storage.pages import read_pages
from stojnica.storage.unit import UnitOfWork
from stojnica.sync.engine import SyncEngine
from stojnica.sync.memory import MemoryCentre

PERSON = {"first_name": "Zelmirka", "last_name": "Kvizbergar", "email": "zelmirka@pismonosa.example"}
WORDS = ("zelmirka", "kvizbergar", "pismonosa", "alergicna")


def visit(laptop: Laptop) -> UUID:
    """Save the person and somebody else, with copies before, between and after."""
    facts = laptop.capture(**PERSON)
    subject = facts[0].fact.subject_id

    def correct(unit: UnitOfWork) -> None:
        unit.record(kinds.CORRECTED, subject, {"remark": "alergicna na oreščke"})
        unit.commit()

    laptop.store.write(correct).result()
    return subject


def stick_of(laptop: Laptop, tmp_path: Path) -> Path:
    """Plug a stick in, and choose it for copies."""
    stick = tmp_path / "stick"
    stick.mkdir()
    choose_copy_place(laptop.store, stick)
    return stick


def files_with_the_person(laptop: Laptop, *folders: Path) -> list[str]:
    """Decipher every file, free pages and logs included, and give those in which a word of theirs is."""
    found: list[str] = []
    for path in (one for folder in folders for one in _files(folder)):
        content = [path.read_bytes()]
        if ".db" in path.name:
            content += read_pages(path, laptop.opened.key).whole.values()
        if path.with_name(path.name + "-wal").exists():
            # Of a page, the log may have older states as well.
            content.append(decrypted(path, laptop.opened.key))
        text = b"".join(content).lower()
        if any(word.encode() in text for word in WORDS):
            found.append(path.name)
    return sorted(found)


def _files(folder: Path) -> Iterator[Path]:
    return (path for path in sorted(folder.rglob("*")) if path.is_file() and not path.name.endswith("-shm"))


def engine_of(laptop: Laptop, keeper: CopyKeeper) -> SyncEngine:
    return SyncEngine(laptop.store, laptop.connect, attempts=1, renew_copies=keeper.renew)


def test_i15_erased_on_the_spot_nobody_finds_the_person_in_any_file(
    fleet: Fleet, office: Office, tmp_path: Path
) -> None:
    laptop = fleet(Way(office))
    stick = stick_of(laptop, tmp_path)
    keeper = CopyKeeper(laptop.opened)
    subject = visit(laptop)
    keeper.copy()
    stays = laptop.capture(first_name="Ana")
    keeper.copy()
    engine_of(laptop, keeper).run()
    before = files_with_the_person(laptop, laptop.folder, stick)

    erase_contact(laptop.store, subject).result()
    assert keeper.renew()
    engine_of(laptop, keeper).run()

    assert len(before) == 5
    assert files_with_the_person(laptop, laptop.folder, stick) == []
    assert set(keys(stays)) <= set(office.facts())


def test_m35_an_order_renews_the_copies_and_the_office_hears_later_of_the_stick_that_was_away(
    fleet: Fleet, memory_office: MemoryCentre, tmp_path: Path
) -> None:
    # Given a person on the laptop, in its copy, and in one on a stick that somebody took home
    laptop, _way = enrolled(fleet, memory_office)
    stick = stick_of(laptop, tmp_path)
    keeper = CopyKeeper(laptop.opened)
    facts = laptop.capture(**PERSON)
    laptop.capture(first_name="Ana")
    keeper.copy()
    engine = engine_of(laptop, keeper)
    engine.run()
    away = stick.rename(tmp_path / "at-home")
    order = order_for(memory_office, facts)
    give(memory_office, order)

    # When the order is carried out, and again when the stick is back
    engine.run()
    first = dict(said(memory_office, laptop))
    left = files_with_the_person(laptop, laptop.folder, away)
    away.rename(stick)
    engine.run()

    # Then the office hears both, and nothing is left
    assert first == {order.order_id: (len(facts), False)}
    assert len(left) == 1
    assert said(memory_office, laptop) == {order.order_id: (len(facts), True)}
    assert files_with_the_person(laptop, laptop.folder, stick) == []


def test_m35_a_centre_that_no_longer_knows_the_order_keeps_nobody_from_sending(
    fleet: Fleet, memory_office: MemoryCentre, tmp_path: Path
) -> None:
    laptop, _way = enrolled(fleet, memory_office)
    stick = stick_of(laptop, tmp_path)
    keeper = CopyKeeper(laptop.opened)
    facts = laptop.capture(**PERSON)
    keeper.copy()
    engine = engine_of(laptop, keeper)
    engine.run()
    backup = memory_office.back_up()
    give(memory_office, order_for(memory_office, facts))
    stick.rename(tmp_path / "at-home")
    engine.run()

    memory_office.restore(backup)
    (tmp_path / "at-home").rename(stick)
    result = engine.run()

    assert result.is_complete


@pytest.mark.server
def test_m35_central_erase_reaches_the_copies_of_each_laptop(
    server_office: PostgresOffice, organisation_keys: Path, fleet: Fleet, tmp_path: Path
) -> None:
    laptop = fleet(Way(server_office))
    keeper = CopyKeeper(laptop.opened)
    visit(laptop)
    keeper.copy()
    engine = engine_of(laptop, keeper)
    engine.run()

    erase_at_the_office(server_office.url, Who(email=PERSON["email"]), keys_dir=organisation_keys)
    engine.run()

    assert files_with_the_person(laptop, laptop.folder) == []
    assert server_office.rows("SELECT are_copies_new FROM hub.erase_done") == [(True,)]


def test_i15_of_a_stick_that_was_said_to_be_gone_the_office_never_hears_that_it_was_renewed(
    fleet: Fleet, memory_office: MemoryCentre, tmp_path: Path
) -> None:
    # Given a person in a copy on a stick that was lost, with another one under its path by now
    laptop, _way = enrolled(fleet, memory_office)
    stick = stick_of(laptop, tmp_path)
    keeper = CopyKeeper(laptop.opened)
    facts = laptop.capture(**PERSON)
    keeper.copy()
    engine = engine_of(laptop, keeper)
    engine.run()
    lost = stick.rename(tmp_path / "lost")
    (stick / FOLDER).mkdir(parents=True)
    keeper.copy()
    order = order_for(memory_office, facts)
    give(memory_office, order)

    # When it is erased, and somebody says that the first stick exists no more
    engine.run()
    first, _second = laptop.store.read(copies_in_short).result().places
    keeper.say_gone(first.folder, first.folder_id)
    engine.run()

    # Then the office goes on reading that copies may be left, until the stick is found
    assert files_with_the_person(laptop, laptop.folder, stick) == []
    assert files_with_the_person(laptop, lost) != []
    assert said(memory_office, laptop) == {order.order_id: (2, False)}
    stick.rename(tmp_path / "second")
    lost.rename(stick)
    engine.run()
    assert files_with_the_person(laptop, stick) == []
    assert said(memory_office, laptop) == {order.order_id: (2, True)}
