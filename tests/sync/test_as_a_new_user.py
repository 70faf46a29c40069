"""I2, I9, I15, I17, M29, M35: a laptop dies, its copy goes on, and all that came by any way is right."""

import json
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

import psycopg
import pytest
from tests.sync.visitors import CHEAP, SAVED, email_of, sign_up

from stojnica.bootstrap.stand import unlock_stand
from stojnica.cli.main import main
from stojnica.resources import resource

pytestmark = [
    pytest.mark.server,
    pytest.mark.skipif(os.name != "posix", reason="only POSIX kills a process without a word"),
]
ROOT = Path(__file__).parents[2]
WORDS = "breza čoln ježek mavrica sonce"
SLIP = "št.;ime;e-pošta;starost;novice\n101;Lojze;lojze@example.org;31+;x\n"
ON_A = ("Ana", "Borimir", "Cvetka")  # delivered by A over the line
LAST_WEEK = ("Darja", "Emil")  # on last week's stick
WHEN_A_DIED = ("Fani", "Gal")
ON_B = ("Hana", "Ivan")
ERASED_HERE, ERASED_BY_ORDER = ERASED = ("Darja", "Borimir")
STAY = sorted({*ON_A, *LAST_WEEK, *WHEN_A_DIED, *ON_B, "Lojze"} - {*ERASED})


@dataclass
class Terminal:
    """Type calls; each answers in JSON, or is refused with a code."""

    folder: Path
    url: str
    capsys: pytest.CaptureFixture[str]

    def __call__(self, *words: object, home: str = "", expect: int = 0) -> dict[str, Any]:
        shared = ["--home", str(self.folder / (home or "office")), "--json"]
        if home:
            shared += ["--passphrase-file", str(self.folder / "words")]
        assert main([*map(str, words), *shared]) == expect, self.capsys.readouterr()
        answer: dict[str, Any] = json.loads(self.capsys.readouterr().out.splitlines()[-1])
        return answer

    def central(self, *words: object) -> dict[str, Any]:
        """Type a call of the office, which knows the address of its database."""
        verb = words[: 2 if words[0] == "stick" else 1]
        return self("central", *verb, self.url, *words[len(verb) :])

    def take_in(self, file: object) -> dict[str, Any]:
        """Import one file from a stick."""
        taken: dict[str, Any] = self.central("stick", "import", file)["files"][0]
        assert "error" not in taken
        return taken

    def export(self, home: str, *options: str) -> Path:
        """Write a file to the stick; gives it."""
        (written,) = self("stick", "export", self.folder / "stick", *options, home=home)["files"]
        return Path(written["file"])


@pytest.fixture
def type_in(tmp_path: Path, central_url: str, capsys: pytest.CaptureFixture[str]) -> Terminal:
    """Set an office up: its database, its keys, what it publishes, and a stick in the drawer."""
    (tmp_path / "words").write_text(WORDS, "utf-8")
    (tmp_path / "stick").mkdir()
    type_in = Terminal(tmp_path, central_url, capsys)
    type_in.central("init", "--name", "Podružnica")
    type_in("central", "keys", tmp_path / "keys", "--in-clear")
    type_in.central("publish", "--from", resource("sample", "organisation.json"))
    return type_in


def new_laptop(type_in: Terminal, home: str, name: str) -> None:
    folder = type_in.folder
    type_in("init", "--practice", home=home)
    made = type_in.central("enrol", "--name", name, "--out", folder / f"{home}.file")
    (folder / f"{home}.code").write_text(made["code"], "ascii")
    type_in("enrol", folder / f"{home}.file", "--code-file", folder / f"{home}.code", home=home)


def new_event(type_in: Terminal, home: str) -> UUID:
    times = ("--starts", "2026-09-20T10:00", "--ends", "2026-09-20T15:00")
    return UUID(type_in("event", "add", "--name", f"Dvorišče {home}", *times, home=home)["event_id"])


def collect(type_in: Terminal, home: str, event_id: UUID, names: tuple[str, ...]) -> None:
    stand = unlock_stand(type_in.folder / home, WORDS, cost=CHEAP)
    sign_up(stand.store, event_id, names)
    stand.close()


def die_while_collecting(type_in: Terminal, home: str, event_id: UUID, names: tuple[str, ...]) -> None:
    """Sign people up in a process of its own, and kill it as soon as they are saved."""
    command = [sys.executable, "-m", "tests.sync.visitors"]
    child = subprocess.Popen(
        [*command, str(type_in.folder / home), str(type_in.folder / "words"), str(event_id), *names],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT / "desktop")},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    with child:
        assert child.stdout is not None
        assert child.stdout.readline().strip() == SAVED
        child.kill()


def rows_on(type_in: Terminal, home: str, query: str) -> list[Any]:
    """Give the first column of what a laptop's store answers."""
    stand = unlock_stand(type_in.folder / home, WORDS, cost=CHEAP)
    read = stand.store.read(lambda connection: connection.exec_driver_sql(query).scalars().all())
    found = list(read.result())
    stand.close()
    return found


def rows_at_the_office(type_in: Terminal, query: str) -> list[Any]:
    with psycopg.connect(type_in.url) as connection:
        return [row[0] for row in connection.execute(query.encode())]


def names_on(type_in: Terminal, home: str) -> list[str]:
    """Give who is on a laptop, each as often as they are there."""
    return sorted(rows_on(type_in, home, "SELECT first_name FROM signup"))


def names_at_the_office(type_in: Terminal) -> list[str]:
    return sorted(rows_at_the_office(type_in, "SELECT first_name FROM hub.signup"))


def kept_on(type_in: Terminal, home: str) -> list[bytes]:
    """Give whatever a laptop's store holds that no column of its own names."""
    kept = ("SELECT body FROM fact", "SELECT value FROM setting", "SELECT word FROM signup_word")
    found = [item for query in kept for item in rows_on(type_in, home, query)]
    return [item.encode() if isinstance(item, str) else item for item in found]


def assert_nobody_of(erased: tuple[str, ...], kept: list[bytes]) -> None:
    everything = b"\n".join(kept).lower()
    for name in erased:
        assert email_of(name).encode() not in everything
        assert name.lower().encode() not in everything


def last_week(type_in: Terminal) -> tuple[UUID, Path]:
    """Play laptop A until it dies; gives the event, and the file on last week's stick."""
    new_laptop(type_in, "a", "Stojnica A")
    event_id = new_event(type_in, "a")
    collect(type_in, "a", event_id, ON_A)
    type_in("sync", home="a")
    collect(type_in, "a", event_id, LAST_WEEK)
    (type_in.folder / "slip.csv").write_text(SLIP, "utf-8")
    pile = ("--event", event_id, "--collected", "2026-09-20", "--wording", "1")
    assert type_in("slips", "import", type_in.folder / "slip.csv", *pile, home="a")["attention"] == []
    file = type_in.export("a", "--all")
    die_while_collecting(type_in, "a", event_id, WHEN_A_DIED)
    type_in("copy", "--place", type_in.folder / "stick", home="a")
    die_while_collecting(type_in, "a", event_id, ("Nihče",))
    shutil.rmtree(type_in.folder / "a")
    return event_id, file


def test_a_laptop_dies_and_the_rest_comes_by_every_way_there_is(type_in: Terminal) -> None:
    # Given laptop A, which delivered a part, left a file on a stick, was copied, and is gone
    event_id, last_weeks = last_week(type_in)
    new_laptop(type_in, "c", "Stojnica C")
    collect(type_in, "c", new_event(type_in, "c"), ("Jana",))
    type_in("sync", home="c")

    # When its copy is opened on B, which goes on and delivers by stick, and the office takes that in twice
    restored = type_in("restore", type_in.folder / "stick", "--practice", home="b")
    collect(type_in, "b", event_id, ON_B)
    file = type_in.export("b")
    first, again = type_in.take_in(file), type_in.take_in(file)
    received = type_in("stick", "receive", again["receipt"], home="b")
    counted = rows_on(type_in, "b", "SELECT sum(amount) FROM tally")

    # And one visitor is erased on the spot, another by the office, and last week's stick comes late
    type_in("erase", "--email", email_of(ERASED_HERE), "--yes", home="b")
    type_in.central("erase", "--email", email_of(ERASED_BY_ORDER), "--yes")
    for home in ("b", "c"):
        type_in("sync", home=home)
    late = type_in.take_in(last_weeks)
    late_receipt = type_in("stick", "receive", late["receipt"], home="b")
    for home in ("b", "c"):
        type_in("sync", home=home)
    type_in.central("project")

    # Then all that came by stick came once, and nobody who is erased came back
    assert restored["contacts"] == len((*ON_A, *LAST_WEEK, *WHEN_A_DIED, "Lojze"))
    assert (first["stored"], first["present"]) == (again["present"], again["stored"])
    assert again["stored"] == late["stored"] == 0
    assert late["erased"] > 0
    assert received["confirmed"] == received["records"] == first["records"]
    assert received["whole_code"] == again["whole_code"]
    assert late_receipt["confirmed"] == late["records"]

    # And everybody else is there once, on both sides, and the codes are one
    assert names_on(type_in, "b") == STAY
    assert names_on(type_in, "c") == ["Jana"]
    assert names_at_the_office(type_in) == sorted([*STAY, "Jana"])
    of_a, of_c = type_in.central("status")["laptops"]
    for home, there in (("b", of_a), ("c", of_c)):
        here = type_in("status", home=home)
        assert (here["records_waiting"], there["owed"], there["extra"]) == (0, 0, 0)
        assert here["code"] == there["code"]
        assert (here["records"], here["contacts"]) == (there["confirmed_facts"], there["confirmed_contacts"])
    assert (of_a["copies"], of_c["copies"]) == (1, 0)
    (order,) = type_in.central("erasures")["erasures"]
    assert sorted(order["done"]) == ["Stojnica A", "Stojnica C"]

    # And whoever is erased is nowhere, while the numbers of the event still know that two people were here
    bodies = rows_at_the_office(type_in, "SELECT body FROM hub.fact")
    assert_nobody_of(ERASED, [bytes(body) for body in bodies])
    assert_nobody_of(ERASED, kept_on(type_in, "b"))
    instead = len(ERASED)
    assert rows_on(type_in, "b", "SELECT sum(amount) FROM tally") == [counted[0] + instead]
    assert rows_at_the_office(type_in, "SELECT sum(amount) FROM hub.tally") == [counted[0] + instead + 1]


def test_a_copy_from_before_the_erasure_is_opened_and_one_from_after_it(type_in: Terminal) -> None:
    # Given a stick with A's last copy, and B, which opened it, erased two people and sent
    event_id, _last_weeks = last_week(type_in)
    stick, later = type_in.folder / "stick", type_in.folder / "later"
    later.mkdir()
    type_in("restore", stick, "--practice", home="b")
    type_in("sync", home="b")
    type_in("erase", "--email", email_of(ERASED_HERE), "--yes", home="b")
    type_in.central("erase", "--email", email_of(ERASED_BY_ORDER), "--yes")
    type_in("sync", home="b")
    collect(type_in, "b", event_id, ON_B)

    # When a copy of B is opened, and the one from before the erasure once more
    type_in("copy", "--place", later, home="b")
    type_in("restore", later, "--practice", home="after")
    type_in("restore", stick, "--practice", home="before")
    for _time in range(2):
        for home in ("before", "after"):
            type_in("sync", home=home)
    type_in.central("project")

    # Then nobody comes back, neither here nor at the office, and nobody is lost
    assert names_at_the_office(type_in) == STAY
    assert names_on(type_in, "after") == STAY
    assert names_on(type_in, "before") == sorted({*STAY} - {*ON_B})
    for home in ("before", "after"):
        assert_nobody_of(ERASED, kept_on(type_in, home))
    counted = rows_on(type_in, "after", "SELECT sum(amount) FROM tally")
    assert rows_at_the_office(type_in, "SELECT sum(amount) FROM hub.tally") == counted


def test_whom_only_last_weeks_stick_knows_comes_with_it(type_in: Terminal) -> None:
    # Given a copy that was made before the stick was written, and nothing else of laptop A
    new_laptop(type_in, "a", "Stojnica A")
    event_id = new_event(type_in, "a")
    collect(type_in, "a", event_id, ON_A)
    type_in("sync", home="a")
    type_in("copy", "--place", type_in.folder / "stick", home="a")
    collect(type_in, "a", event_id, LAST_WEEK)
    file = type_in.export("a")
    shutil.rmtree(type_in.folder / "a")

    # When the copy goes on elsewhere, and the stick is found a week later
    type_in("restore", type_in.folder / "stick", "--practice", home="b")
    collect(type_in, "b", event_id, ON_B)
    type_in("sync", home="b")
    late = type_in.take_in(file)
    refused = type_in("stick", "receive", late["receipt"], home="b", expect=1)
    type_in("sync", home="b")

    # Then all are at the office once, and B, which never knew of that file, says so
    assert names_at_the_office(type_in) == sorted((*ON_A, *LAST_WEEK, *ON_B))
    assert names_on(type_in, "b") == sorted((*ON_A, *ON_B))
    assert refused["error"] == "receipt_stale"
    (of_a,) = type_in.central("status")["laptops"]
    assert (of_a["owed"], of_a["extra"]) == (0, late["records"])
    assert of_a["code"] == type_in("status", home="b")["code"]
