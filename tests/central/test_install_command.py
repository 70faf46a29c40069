"""`stojnica central install` as somebody types it, on a machine that it must not change yet."""

import io
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from stojnica.central.embedded import _free_port
from stojnica.cli.main import main

ON_DEBIAN = pytest.mark.skipif(
    not hasattr(os, "geteuid") or os.geteuid() != 0 or shutil.which("pg_createcluster") is None,
    reason="only root on a Debian with PostgreSQL sees a plan",
)


def call(folder: Path, *more: str) -> list[str]:
    """Give the words of a call that touches nothing of this machine's own server."""
    wish = ["--name", "Organisation", "--host", "hub.example.org", "--port", str(_free_port(0))]
    return ["central", "install", *wish, "--cluster", "stjcommand", "--folder", str(folder), *more]


@ON_DEBIAN
def test_a_dry_run_prints_each_step_and_what_it_changes_and_does_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "etc"

    assert main(call(folder, "--dry-run")) == 0

    said = capsys.readouterr().out
    assert "Make a cluster stjcommand of its own" in said
    assert f"       {folder / 'server.json'}\n" in said
    assert "pg_createcluster --port" in said
    assert "stjcommand-backup.timer" in said
    assert "stojnica-backup.timer" not in said
    assert not folder.exists()
    assert main(call(folder, "--dry-run", "--json")) == 0
    assert "cluster" in json.loads(capsys.readouterr().out)["steps"]


@ON_DEBIAN
@pytest.mark.parametrize("answer", ["no\n", "\n", ""])
def test_without_a_yes_nothing_is_done(
    tmp_path: Path, answer: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO(answer))

    code = main(call(tmp_path / "etc"))

    assert code != 0
    assert capsys.readouterr().err.strip() in (
        "Stopped. What was saved stays saved.",
        "Nobody answered the question, so nothing was done.",
    )
    assert not (tmp_path / "etc").exists()


@pytest.mark.skipif(not hasattr(os, "geteuid"), reason="this system has no root")
def test_without_root_it_is_refused_in_words(tmp_path: Path) -> None:
    as_user = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"] if os.geteuid() == 0 else []
    program = [*as_user, sys.executable, "-m", "stojnica"]
    if subprocess.run([*program, "--version"], capture_output=True, check=False, cwd="/").returncode != 0:
        pytest.skip("this program lies where only root may read it")

    done = subprocess.run(
        [*program, *call(tmp_path / "etc", "--yes")],
        capture_output=True,
        text=True,
        check=False,
        cwd="/",
        env={**os.environ, "LANG": "en", "LC_ALL": "C", "STOJNICA_HOME": "/"},
    )

    assert done.returncode == 1
    assert done.stderr == (
        "Only root may set a server up. Nothing was changed. Run the same command with sudo in front.\n"
    )
