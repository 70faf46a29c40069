"""`purge` and `status` say what leaves this laptop, and `--dry-run` changes nothing."""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from pyrage import x25519
from tests.sync.laptops import PASSPHRASE, new_laptop
from tests.sync.offices import Way
from tests.sync.purging import DAYS, OfficeClock, decide, delivered_and_covered

from stojnica.cli.main import main
from stojnica.i18n import speaking
from stojnica.sync.memory import MemoryCentre

Call = Callable[..., str]


@pytest.fixture
def call(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Call:
    """Run a verb on a laptop from which one contact may go, while another waits to be sent."""
    way, days = Way(MemoryCentre()), OfficeClock()
    days.rule(way)
    laptop = new_laptop(tmp_path / "laptop", way)
    recipients = (str(x25519.Identity.generate().to_public()),)
    laptop.enrol(replace(way.office.enrol("Stand 1"), recipients=recipients))
    decide(laptop)
    laptop.capture(1)
    delivered_and_covered(laptop, way, days)
    days.pass_days(DAYS)
    laptop.sync()
    laptop.capture(1)
    laptop.close()
    (tmp_path / "words.txt").write_text(PASSPHRASE, encoding="utf-8")
    (laptop.folder / "settings.json").write_text('{"language": "en"}')

    def run(*arguments: str) -> str:
        with speaking("en"):
            words = str(tmp_path / "words.txt")
            assert main(["--home", str(laptop.folder), "--passphrase-file", words, *arguments]) == 0
        return capsys.readouterr().out

    return run


def test_a_dry_run_says_what_would_leave_and_changes_nothing(call: Call) -> None:
    first = call("purge", "--dry-run")

    assert "1 contact may leave this laptop now (it stays at the office)." in first
    assert "1 contact stays until the office has confirmed it." in first
    assert call("purge", "--dry-run") == first


def test_purge_does_it_now_and_only_once(call: Call) -> None:
    assert "1 contact has left this laptop (it stays at the office)." in call("purge")
    assert "0 contacts have left this laptop" in call("purge")


def test_status_says_it_too_also_for_scripts(call: Call) -> None:
    assert "with the next sending" in call("status")

    told = json.loads(call("status", "--json"))

    assert told["contacts"] == 2
    contacts = {"days": 30, "due": 1, "later": [], "not_confirmed": 1, "in_no_backup": 0} | {
        "erasure_asked": 0,
        "erasure_agreed": 0,
    }
    assert told["leaving"] == contacts | {"names_days": None, "names_due": 0, "names_later": []}
