"""What the system says of printers and of the battery is read as it is, also when it says nothing."""

import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from stojnica.services.battery import Battery, linux_battery
from stojnica.services.printers import (
    AWAY,
    NO_PAPER,
    STOPPED,
    CupsPrinters,
    FixedPrinters,
    Printers,
    PrinterState,
    read_lpstat,
)

READY = Printers((PrinterState("Canon", is_ready=True),), "Canon")
LPSTAT: tuple[tuple[str, Printers], ...] = (
    (
        "system default destination: Canon\n"
        "printer Canon is idle.  enabled since Fri 20 Sep 2024 14:32:00\n"
        "printer Old disabled since Fri 20 Sep 2024 10:00:00 -\n\treason unknown\n",
        Printers(
            (PrinterState("Canon", is_ready=True), PrinterState("Old", is_ready=False, trouble=STOPPED)),
            "Canon",
        ),
    ),
    ("no system default destination\n", Printers()),
    (
        "printer Canon now printing Canon-12.  enabled since Fri\n\tThe printer is offline.\n",
        Printers((PrinterState("Canon", is_ready=False, trouble=AWAY),)),
    ),
    (
        "printer Canon now printing Canon-12.  enabled since Fri\n\tDescription: the offline one\n"
        "\tAlerts: media-empty-error\n",
        Printers((PrinterState("Canon", is_ready=False, trouble=NO_PAPER),)),
    ),
    (
        "printer Canon is idle.  enabled since Fri\n\tDescription: the offline one\n\tAlerts: none\n",
        Printers((PrinterState("Canon", is_ready=True),)),
    ),
    ("", Printers()),
    ("\x00\xff printer\nprinter\n", Printers()),
)


@pytest.mark.parametrize(("text", "printers"), LPSTAT)
def test_what_cups_says_is_read(text: str, printers: Printers) -> None:
    assert read_lpstat(text) == printers


@pytest.fixture
def lpstat(tmp_path: Path) -> Callable[[str], str]:
    """Give a call that makes a program which behaves as told."""

    def make(body: str) -> str:
        file = tmp_path / "lpstat"
        file.write_text(f"#!/bin/sh\n{body}\n")
        file.chmod(0o755)
        return str(file)

    return make


@pytest.mark.skipif(sys.platform == "win32", reason="no shell there")
def test_the_real_probe_and_its_twin_answer_alike(lpstat: Callable[[str], str]) -> None:
    program = lpstat('echo "system default destination: Canon"; echo "printer Canon is idle.  enabled"')

    for probe in (CupsPrinters(program), FixedPrinters(READY)):
        assert probe.printers() == READY


@pytest.mark.skipif(sys.platform == "win32", reason="no shell there")
def test_a_printing_system_that_is_missing_or_hangs_gives_no_answer(lpstat: Callable[[str], str]) -> None:
    assert CupsPrinters("/nowhere/lpstat").printers() is None
    assert CupsPrinters(lpstat("exec sleep 30"), patience_s=0.05).printers() is None
    assert CupsPrinters(lpstat("echo 'lpstat: No destinations added.' >&2; exit 1")).printers() == Printers()


@pytest.mark.parametrize(
    ("supplies", "battery"),
    [
        ({"BAT0": {"type": "Battery", "capacity": "83", "status": "Discharging"}}, Battery(83, False)),
        (
            {"AC": {"type": "Mains", "online": "1"}, "BAT0": {"type": "Battery", "capacity": "40"}},
            Battery(40, True),
        ),
        (
            {"BAT0": {"type": "Battery", "capacity": "100"}, "BAT1": {"type": "Battery", "capacity": "50"}},
            Battery(75, False),
        ),
        ({"mouse": {"type": "Battery", "scope": "Device", "capacity": "5"}}, None),
        ({"BAT0": {"type": "Battery", "capacity": "what"}}, None),
        ({"AC": {"type": "Mains", "online": "1"}}, None),
        ({}, None),
    ],
)
def test_the_kernels_files_tell_the_battery(
    tmp_path: Path, supplies: dict[str, dict[str, str]], battery: Battery | None
) -> None:
    for name, values in supplies.items():
        (tmp_path / name).mkdir()
        for key, value in values.items():
            (tmp_path / name / key).write_text(value + "\n")

    assert linux_battery(tmp_path) == battery
