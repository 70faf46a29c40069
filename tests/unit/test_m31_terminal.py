"""M31: what a file from a stick calls itself gives a terminal no orders, and turns no line round."""

import json

import pytest

from stojnica.cli.output import complain, say, say_json

ORDERS = ["\x1b]0;title\x07", "\x1b[2J", "\x9b2J", "\r", "\b\b\b", "\x7f", "\u202eexe.tac", "\u2066"]


@pytest.mark.parametrize("order", ORDERS)
def test_m31_a_name_gives_a_terminal_no_orders(order: str, capsys: pytest.CaptureFixture[str]) -> None:
    say(f"“A{order}B” · 7F3A")
    complain(f"“A{order}B” isn't known.")

    said = "".join(capsys.readouterr())
    assert not set(said) & set("\x1b\x07\x9b\r\b\x7f\u202e\u2066")
    assert "“A\N{REPLACEMENT CHARACTER}" in said


@pytest.mark.parametrize("order", ORDERS)
def test_m31_a_program_reads_a_name_as_it_is(order: str, capsys: pytest.CaptureFixture[str]) -> None:
    say_json({"laptop": f"A{order}B"})

    said = capsys.readouterr().out
    assert json.loads(said) == {"laptop": f"A{order}B"}
    assert not set(said) & set("\x1b\x07\x9b\r\b\x7f\u202e\u2066")


def test_lines_and_letters_are_said_as_they_are(capsys: pytest.CaptureFixture[str]) -> None:
    say("Žiga\t12\u00a0000\n👩\u200d🌾 नमस्\u200dते")

    assert capsys.readouterr().out == "Žiga\t12\u00a0000\n👩\u200d🌾 नमस्\u200dते\n"
