"""While a visitor may stand in front of it the laptop doesn't fall asleep; afterwards it may again."""

import sys

import pytest

from stojnica.services.stay_awake import NotedStayAwake, SystemStayAwake, awake_commands


def everything(cmd: str) -> str | None:
    return f"/usr/bin/{cmd}"


def nothing(cmd: str) -> str | None:
    return None


def test_linux_asks_logind_and_gnome_for_as_long_as_the_program_lives() -> None:
    logind, gnome = awake_commands("linux", 4711, everything)

    assert logind[:2] == ["systemd-inhibit", "--what=idle:sleep"]
    assert gnome[:3] == ["gnome-session-inhibit", "--inhibit", "idle:suspend"]
    assert all(command[-4:] == ["tail", "--pid=4711", "-f", "/dev/null"] for command in (logind, gnome))


def test_a_mac_is_kept_awake_by_its_own_program() -> None:
    assert awake_commands("darwin", 4711, everything) == [["caffeinate", "-d", "-i", "-w", "4711"]]


@pytest.mark.parametrize("platform", ["linux", "darwin"])
def test_a_system_that_can_not_be_asked_is_left_alone(platform: str) -> None:
    assert awake_commands(platform, 4711, nothing) == []


@pytest.mark.skipif(sys.platform == "win32", reason="Windows is told without a helper")
def test_beginning_and_ending_twice_does_no_harm() -> None:
    awake = SystemStayAwake()

    awake.begin()
    awake.begin()
    awake.end()
    awake.end()

    assert awake._helpers == []


def test_the_twin_notes_what_it_was_asked() -> None:
    awake = NotedStayAwake()

    awake.begin()
    before = awake.is_awake
    awake.end()

    assert (before, awake.is_awake) == (True, False)
