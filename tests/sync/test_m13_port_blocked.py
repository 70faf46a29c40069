"""M13: the network of the place lets nothing through; the stick does, and confirms everything."""

import json
import socket
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from stojnica.cli.main import main
from stojnica.storage.home import StoreHome, unlock_store
from stojnica.storage.unit import UnitOfWork
from stojnica.sync.credentials import Host, credentials_of, keep_credentials

pytestmark = pytest.mark.server
PASSPHRASE = "breza čoln ježek mavrica sonce"


def call(capsys: pytest.CaptureFixture[str], *words: object, expect: int = 0) -> dict[str, Any]:
    assert main([*map(str, words), "--json"]) == expect
    answer: dict[str, Any] = json.loads(capsys.readouterr().out.splitlines()[-1])
    return answer


def block_the_port(home: Path) -> None:
    """Leave the laptop no way but to a port where nobody listens."""
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        port = held.getsockname()[1]
    opened = unlock_store(StoreHome(home), PASSPHRASE)

    def change(unit: UnitOfWork) -> None:
        known = credentials_of(unit.connection)
        assert known is not None
        keep_credentials(unit.connection, replace(known, hosts=(Host("127.0.0.1", port),)))
        unit.commit()

    opened.store.write(change).result()
    opened.close()


def test_m13_where_the_port_is_blocked_the_stick_delivers_and_confirms_everything(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    central_url: str,
    organisation_keys: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    # Given an enrolled laptop with something to deliver, on a network that lets nothing through
    monkeypatch.setenv("STOJNICA_HOME", str(tmp_path / "home"))
    (tmp_path / "words").write_text(PASSPHRASE, "utf-8")
    (tmp_path / "stick").mkdir()
    words = ("--passphrase-file", tmp_path / "words")
    call(capsys, "init", "--practice", *words)
    office = ("central", "enrol", central_url, "--keys", organisation_keys)
    made = call(capsys, *office, "--name", "Stojnica Žalec", "--out", tmp_path / "file")
    (tmp_path / "code").write_text(made["code"], "ascii")
    call(capsys, "enrol", tmp_path / "file", "--code-file", tmp_path / "code", *words)
    times = ("--starts", "2026-09-20T10:00", "--ends", "2026-09-20T15:00")
    call(capsys, "event", "add", "--name", "Sejem", *times, *words)
    block_the_port(tmp_path / "home")

    # When sending fails, and a stick goes to the office and back
    refused = call(capsys, "sync", *words, expect=1)
    before = call(capsys, "status", *words)
    written = call(capsys, "stick", "export", tmp_path / "stick", *words)
    file = written["files"][0]["file"]
    keys = ("--keys", organisation_keys)
    (taken,) = call(capsys, "central", "stick", "import", central_url, file, *keys)["files"]
    received = call(capsys, "stick", "receive", taken["receipt"], *words)
    after = call(capsys, "status", *words)

    # Then it was said that the office is out of reach, nothing was lost, and both sides show one code
    assert refused["error"] == "unreachable"
    assert before["records_waiting"] == written["records"] > 0
    assert received["confirmed"] == received["records"] == taken["stored"]
    assert after["records_waiting"] == 0
    assert after["code"] == taken["whole_code"]
