"""I15: what was erased after a backup stays erased when that backup is restored, whoever brings it late."""

import json
from pathlib import Path
from uuid import UUID, uuid4

import psycopg
import pytest
from tests.sync.conftest import Fleet
from tests.sync.laptops import keys
from tests.sync.offices import PostgresOffice, Way
from tests.sync.test_sync_restored import lose_everything

from stojnica.central.backup import back_up
from stojnica.central.erase import Who, erase
from stojnica.central.erasures import erasures
from stojnica.central.projector import project_all
from stojnica.central.restore import restore
from stojnica.central.tombstones import write_list
from stojnica.cli.main import main
from stojnica.cli.office_rights import erasure_lines
from stojnica.domain.errors import UserFacingError
from stojnica.i18n import speaking

pytestmark = pytest.mark.server


def renew_list(office: PostgresOffice, folder: Path) -> Path:
    with psycopg.connect(office.url) as connection:
        return write_list(connection, folder)


def test_i15_a_backup_from_before_the_erasure_brings_nobody_back(
    fleet: Fleet, server_office: PostgresOffice, organisation_keys: Path, tmp_path: Path
) -> None:
    # Given a person in a backup, who is erased afterwards, and a copy of the laptop that knows nothing of it
    laptop = fleet(Way(server_office), "First")
    laptop.capture(email="tjasa@example.org")
    stays = laptop.capture(email="miha@example.org")
    laptop.sync()
    project_all(server_office.url)
    late = fleet.clone(laptop)
    file = back_up(server_office.url, tmp_path / "backups").file
    erase(server_office.url, Who(email="tjasa@example.org"), keys_dir=organisation_keys)
    renew_list(server_office, tmp_path / "backups")
    lose_everything(server_office)

    # When the backup is restored, and both send
    done = restore(server_office.url, file)
    restored = server_office.facts()
    typed_in = server_office.rows("SELECT email FROM hub.signup")
    first = late.sync()
    laptop.sync()
    project_all(server_office.url)

    # Then the person is gone everywhere, and nothing else is
    assert (done.content.facts, done.erased) == (4, 2)
    assert restored == server_office.facts() == keys(stays)
    assert typed_in == [("miha@example.org",)], "nobody may look before it is added up"
    assert late.facts() == laptop.facts() == keys(stays)
    assert first.receipt.code
    assert laptop.sync().is_complete
    assert server_office.rows("SELECT count(*) FROM hub.signup") == [(1,)]
    assert len(erasures(server_office.url)) == 1


def test_i15_a_restore_without_the_list_is_refused_in_plain_words(
    fleet: Fleet, server_office: PostgresOffice, tmp_path: Path
) -> None:
    laptop = fleet(Way(server_office), "First")
    laptop.capture()
    laptop.sync()
    done = back_up(server_office.url, tmp_path / "backups")
    (listed,) = (tmp_path / "backups").glob("*.tombstones.json")
    elsewhere = listed.rename(tmp_path / "list.json")
    lose_everything(server_office)

    with pytest.raises(UserFacingError, match="erased") as caught:
        restore(server_office.url, done.file)
    named = restore(server_office.url, done.file, tombstones=elsewhere)

    assert caught.value.code == "no_tombstones"
    assert named.content.facts == 2


def test_i15_the_list_of_another_database_does_not_count(
    fleet: Fleet, server_office: PostgresOffice, tmp_path: Path
) -> None:
    laptop = fleet(Way(server_office), "First")
    laptop.capture()
    laptop.sync()
    done = back_up(server_office.url, tmp_path / "backups")
    (listed,) = (tmp_path / "backups").glob("*.tombstones.json")
    listed.write_text(json.dumps(json.loads(listed.read_text()) | {"server_id": str(uuid4())}))
    lose_everything(server_office)

    with pytest.raises(UserFacingError) as caught:
        restore(server_office.url, done.file)
    without = restore(server_office.url, done.file, may_lack_tombstones=True)

    assert caught.value.code == "no_tombstones"
    assert without.content.facts == 2


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"kind":"stojnica tombstones","format":1}', "\0"])
def test_a_list_that_cannot_be_read_stops_the_restore(
    fleet: Fleet, server_office: PostgresOffice, tmp_path: Path, text: str
) -> None:
    done = back_up(server_office.url, tmp_path / "backups")
    (listed,) = (tmp_path / "backups").glob("*.tombstones.json")
    listed.write_text(text)
    lose_everything(server_office)

    with pytest.raises(UserFacingError) as caught:
        restore(server_office.url, done.file)

    assert caught.value.code == "bad_tombstones"


def test_the_list_never_forgets_even_when_the_database_does(
    server_office: PostgresOffice, tmp_path: Path
) -> None:
    fact_id = UUID(int=7)
    server_office.erase(fact_id)
    before = json.loads(renew_list(server_office, tmp_path).read_text())
    server_office.rows("DELETE FROM hub.tombstone")

    after = json.loads(renew_list(server_office, tmp_path).read_text())

    assert [row[1] for row in before["tombstones"]] == [str(fact_id)]
    assert after == before


def test_the_office_sees_where_it_is_done_open_and_unaccounted_for(
    fleet: Fleet, server_office: PostgresOffice, organisation_keys: Path
) -> None:
    first, second = fleet(Way(server_office), "First"), fleet(Way(server_office), "Second")
    lost = fleet(Way(server_office), "Lost")
    gone = first.capture()
    first.sync()
    second.sync()
    lost.sync()
    server_office.revoke(lost.credentials().device_id)

    erase(server_office.url, Who(gone[0].fact.subject_id), keys_dir=organisation_keys)
    second.sync()
    (half,) = erasures(server_office.url)
    first.sync()
    (whole,) = erasures(server_office.url)

    assert (half.done, half.open, half.unaccounted) == (("Second",), ("First",), ("Lost",))
    assert (whole.done, whole.open, whole.copies_left) == (("First", "Second"), (), ("First",))
    with speaking("sl"):
        assert "opravljeno na 2 od 3 računalnikov" in erasure_lines(whole)[0]


def test_the_office_sees_where_an_order_may_wait_for_a_yes(
    fleet: Fleet, server_office: PostgresOffice, organisation_keys: Path
) -> None:
    # Given somebody of so many records that a person has to agree to an order, and a laptop that is off then
    asked, off = fleet(Way(server_office), "Asked"), fleet(Way(server_office), "Off")
    asked.capture(11, email="tjasa@example.org")
    asked.sync()
    off.sync()

    # When the office orders it, and only the first one calls
    erase(server_office.url, Who(email="tjasa@example.org"), keys_dir=organisation_keys)
    asked.sync()

    # Then the office can tell the two apart
    (order,) = erasures(server_office.url)
    assert (order.open, order.asked) == (("Asked", "Off"), ("Asked",))
    with speaking("en"):
        assert erasure_lines(order)[-1].endswith("on the page Send to the office: Asked")


def test_the_office_erases_from_its_terminal_and_first_only_looks(
    fleet: Fleet,
    server_office: PostgresOffice,
    organisation_keys: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    laptop = fleet(Way(server_office))
    facts = laptop.capture()
    laptop.sync()
    call = ["--home", str(tmp_path / "home"), "--json", "central", "erase", server_office.url]
    call += ["--email", "zana.kos@example.org", "--keys", str(organisation_keys)]

    assert main(call) == 0
    looked = json.loads(capsys.readouterr().out)
    there = server_office.facts()
    assert main([*call, "--yes", "--backups", str(tmp_path / "backups")]) == 0
    done = json.loads(capsys.readouterr().out)

    assert (looked["is_erased"], len(looked["contacts"])) == (False, 1)
    assert there == keys(facts)
    assert (done["contacts"], done["facts"], done["number"]) == (1, 2, 1)
    assert server_office.facts() == []
    assert len(list((tmp_path / "backups").glob("*.tombstones.json"))) == 1
