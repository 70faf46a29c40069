"""M37: from a forgotten passphrase to an open laptop, by the commands that office and stand type."""

import json
from pathlib import Path
from typing import Any

import pytest

from stojnica.cli.main import main
from stojnica.resources import resource

pytestmark = pytest.mark.server


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Any:
    monkeypatch.setenv("STOJNICA_HOME", str(tmp_path / "home"))

    def call(*arguments: str) -> dict[str, Any]:
        code = main([*arguments, "--json"])
        answer: dict[str, Any] = json.loads(capsys.readouterr().out)
        return answer | {"exit": code}

    return call


def written(tmp_path: Path, name: str, text: str) -> str:
    (tmp_path / name).write_text(text, encoding="utf-8")
    return str(tmp_path / name)


def test_m37_the_office_reads_a_code_out_and_the_stand_goes_on_with_new_words(
    run: Any, central_url: str, tmp_path: Path
) -> None:
    keys, file = str(tmp_path / "keys"), str(tmp_path / "a.age")
    run("central", "keys", keys, "--in-clear")
    run("central", "publish", central_url, "--from", str(resource("sample", "organisation.json")))
    code = run("central", "enrol", central_url, "--name", "A", "--out", file)["code"]
    old = written(tmp_path, "old", run("init", "--practice")["passphrase"])
    code_file = written(tmp_path, "code", code)
    run("enrol", file, "--code-file", code_file, "--passphrase-file", old)
    assert run("sync", "--passphrase-file", old)["exit"] == 0

    read_out = run("central", "recovery-code", central_url, "--laptop", "A", "--keys", keys)
    (spoken,) = read_out["codes"]
    recovered = run("keys", "recover", "--code-file", written(tmp_path, "spoken", spoken.lower()))
    new = written(tmp_path, "new", recovered["passphrase"])
    again = run("keys", "recover", "--code-file", written(tmp_path, "spoken", spoken))
    assert run("sync", "--passphrase-file", new)["exit"] == 0
    next_time = run("central", "recovery-code", central_url, "--laptop", "A", "--keys", keys)

    assert (again["exit"], again["error"]) == (1, "wrong_code")
    assert len(next_time["codes"]) == 1
    assert next_time["codes"] != [spoken]
    assert len(next_time["read_before"]) == 1
    assert run("status", "--passphrase-file", old)["exit"] == 0
