"""`stojnica doctor` on a real home: plain words, one JSON object, and 0 or 1 at the end."""

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from stojnica.cli.main import main
from stojnica.domain.event import Event
from stojnica.domain.ids import new_id
from stojnica.services.events import add_event
from stojnica.services.pin import PinCost, PinLock
from stojnica.services.practice import practice_document
from stojnica.services.preflight import Plan, remember_plan
from stojnica.services.shown_organisation import keep_document
from stojnica.services.stand import stand_now
from stojnica.settings import Settings, save_settings
from stojnica.storage.home import StoreHome, create_store
from stojnica.storage.slots import Argon2Cost
from stojnica.storage.unit import UnitOfWork

PASSPHRASE = "jutro voda hiša most reka"
CHEAP = Argon2Cost(memory_kib=8, iterations=1, lanes=1)
Run = Callable[..., tuple[int, str]]


@pytest.fixture
def run(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    """Give a call that runs the command on the home of this test; gives exit code and output."""
    monkeypatch.setenv("LC_ALL", "en_US.UTF-8")
    # No machine of a test has a battery that could be empty, or another printer than the other machines.
    monkeypatch.setattr("stojnica.bootstrap.machine.system_battery", lambda: None)
    file = tmp_path / "passphrase"
    file.write_text(PASSPHRASE, encoding="utf-8")
    shared = ("--home", str(tmp_path / "home"), "--passphrase-file", str(file))

    def call(*arguments: str) -> tuple[int, str]:
        code = main(["doctor", *arguments, *shared])
        return code, capsys.readouterr().out

    return call


def make_home(tmp_path: Path, *, is_ready: bool, plan: Plan | None = None) -> None:
    opened = create_store(StoreHome(tmp_path / "home"), PASSPHRASE, cost=CHEAP)
    if is_ready:
        day = date.today().isoformat()  # noqa: DTZ011 - the command looks at the real clock

        def keep(unit: UnitOfWork) -> None:
            keep_document(unit, practice_document(date.fromisoformat(day)))
            unit.commit()

        opened.store.write(keep).result()
        event = Event(new_id(), "Festival LUPA", "lupa", starts=f"{day}T00:00", ends="2999-01-01T00:00")
        add_event(opened.store, event).result()
        PinLock(opened.store, PinCost(n=2, r=1, p=1)).choose("4711").result()
    if plan is not None:
        now = opened.store.read(stand_now).result()

        def planned(unit: UnitOfWork) -> None:
            remember_plan(unit.connection, now, plan)
            unit.commit()

        opened.store.write(planned).result()
    opened.close()


def test_a_laptop_that_is_ready_ends_with_0_and_says_each_line(run: Run, tmp_path: Path) -> None:
    make_home(tmp_path, is_ready=True)

    code, out = run()

    assert code == 0
    assert "✓ Event: Festival LUPA" in out
    assert "! One passphrase opens this laptop. Do two people know it?\n    → " in out
    assert "printer" not in out, "it is not planned"


def test_a_laptop_fresh_from_the_box_ends_with_1_and_says_what_to_do(run: Run, tmp_path: Path) -> None:
    make_home(tmp_path, is_ready=False)

    code, out = run()

    assert code == 1
    assert "✗ No event is chosen yet.\n    → Choose or add one" in out


def test_with_json_a_program_reads_the_same_lines(run: Run, tmp_path: Path) -> None:
    make_home(tmp_path, is_ready=True, plan=Plan(kiosk=False, web=True, two_know=True))

    code, out = run("--json")

    told: dict[str, Any] = json.loads(out)
    states = {line["id"]: line["state"] for line in told["lines"]}
    assert (code, told["ready"]) == (0, True)
    assert (states["pin"], states["web"], states["passphrase"]) == ("skipped", "fine", "fine")
    assert all({"id", "state", "what", "todo"} == set(line) for line in told["lines"])


def test_it_speaks_the_language_of_the_laptop(run: Run, tmp_path: Path) -> None:
    make_home(tmp_path, is_ready=True)
    save_settings(tmp_path / "home", Settings(language="sl"))

    _code, out = run()

    assert "Dogodek: Festival LUPA" in out
