"""`stojnica flyer` and `stojnica redirects`: each file is a print run, and its short link gets a rule."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import zxingcpp

from stojnica.cli.main import main
from stojnica.printing.render import page_image


@pytest.fixture
def run(
    place: Any, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Callable[..., str]:
    """Give a call that runs `stojnica` on the store, and gives what it said."""
    monkeypatch.setenv("LANG", "en_US.UTF-8")
    shared = ("--home", str(place.folder), "--passphrase-file", str(place.passphrase_file))

    def call(*arguments: object) -> str:
        assert main([*map(str, arguments), *shared]) == 0
        return capsys.readouterr().out

    return call


def test_each_flyer_is_a_run_whose_short_link_leads_where_its_code_does(
    run: Callable[..., str], place: Any, tmp_path: Path
) -> None:
    printed = []
    for name in ("one.pdf", "two.pdf"):
        run("flyer", "--event", place.event.event_id, "--out", tmp_path / name)
        (code,) = zxingcpp.read_barcodes(page_image((tmp_path / name).read_bytes(), 0, 300))
        printed.append(code.text)

    told = json.loads(run("redirects", "--nginx", "--json"))
    rules = run("redirects", "--nginx")
    pages = run("redirects", "--static", tmp_path / "l")
    written = run("redirects", "--apache", "--out", tmp_path / "short.conf")

    assert len(set(printed)) == 2
    assert {item["target"] for item in told["redirects"]} == set(printed)
    assert all(link.endswith(item["code"]) for link, item in by_target(printed, told))
    assert all(f'return 302 "{link}";' in rules for link in printed)
    assert pages == written == "2 short links written.\n"
    assert len(list((tmp_path / "l").glob("*/index.html"))) == 2
    assert (tmp_path / "short.conf").read_text().count("Redirect 302") == 2


def by_target(printed: list[str], told: dict[str, Any]) -> list[tuple[str, dict[str, str]]]:
    found = {item["target"]: item for item in told["redirects"]}
    return [(link, found[link]) for link in printed]
