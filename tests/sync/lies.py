"""What a hostile server says instead of an answer, by name; `flood` ones have no end."""

import itertools
import struct
from collections.abc import Callable, Iterable, Iterator
from threading import Event

from tests.sync import wire
from tests.sync.hostile_server import Call, Lie, honest, rows_for

from stojnica.sync.credentials import Credentials

GIGABYTE = 1 << 30
_PIECE = bytes(256 * 1024)
_NEVER = Event()
PACE_S = 0.02


def slowly(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """Say one byte after the other, and never stop."""
    for piece in itertools.chain(pieces, itertools.repeat(b"\0")):
        for at in range(len(piece)):
            _NEVER.wait(PACE_S)
            yield piece[at : at + 1]


def a_row_of_a_gigabyte(call: Call) -> Iterator[bytes]:
    yield wire.PARSED + wire.columns(["a"])
    yield b"D" + struct.pack("!ihi", GIGABYTE - 100, 1, GIGABYTE - 110)
    yield from itertools.repeat(_PIECE)


def an_error_of_a_gigabyte(call: Call) -> Iterator[bytes]:
    yield wire.PARSED + b"E" + struct.pack("!i", GIGABYTE - 100) + b"SERROR\0C22023\0M"
    yield from itertools.repeat(b"x" * len(_PIECE))


def over_and_over(start: bytes, piece: bytes) -> Lie:
    def say(call: Call) -> Iterator[bytes]:
        yield start
        yield from itertools.repeat(piece * (len(_PIECE) // len(piece)))

    return say


def parameters_without_end(call: Call) -> Iterator[bytes]:
    for number in itertools.count():
        yield b"".join(wire.parameter(f"p{number}.{place}", "x") for place in range(1000))


_START = wire.PARSED + wire.columns(["a", "b", "c"])
_WIDE = wire.row([None] * 30_000)
FLOODS: dict[str, Lie] = {
    "rows": over_and_over(_START, wire.row([b"x", None, b""])),
    "rows of 30,000 columns": over_and_over(wire.PARSED + wire.columns(["a"] * 30_000), _WIDE),
    "rows of no column": over_and_over(wire.PARSED + wire.columns([]), wire.row([])),
    "a row of a gigabyte": a_row_of_a_gigabyte,
    "an error of a gigabyte": an_error_of_a_gigabyte,
    "notices": over_and_over(wire.PARSED, wire.notice(b"N", b"x" * 1000)),
    "parameters": parameters_without_end,
    "notifications": over_and_over(wire.PARSED, wire.message(b"A", struct.pack("!i", 1) + b"a\0b\0")),
    "empty answers": over_and_over(wire.PARSED, b"I\0\0\0\4"),
    "finished answers": over_and_over(wire.PARSED, wire.DONE),
}
SLOW: dict[str, Lie] = {
    "silence": lambda _call: iter(()),
    "a byte now and then": lambda _call: slowly([_START, wire.row([b"x" * 5000, None, None])]),
    "a gigabyte, byte by byte": lambda _call: slowly(
        [wire.PARSED + wire.columns(["a"]), b"D" + struct.pack("!ihi", GIGABYTE - 100, 1, GIGABYTE - 110)]
    ),
    "notices now and then": lambda _call: slowly(itertools.repeat(wire.notice(b"N", b"x"))),
}


def in_another_shape(credentials: Credentials) -> dict[str, Lie]:
    """Give answers whose shape isn't that of an honest one, for calls that are answered with rows."""

    def shaped(change: Callable[[list[str], list[list[bytes | None]]], bytes]) -> Lie:
        def say(call: Call) -> Iterator[bytes]:
            names, rows = rows_for(call, credentials)
            yield change(names, rows or [[b""] * len(names)])

        return say

    def whole(values: list[bytes | None]) -> Lie:
        return shaped(lambda names, rows: wire.answer(names, [values * len(names)] * len(rows)))

    return {
        "one column too few": shaped(lambda names, rows: wire.answer(names[1:], [row[1:] for row in rows])),
        "one column too many": shaped(
            lambda names, rows: wire.answer([*names, "more"], [[*row, b""] for row in rows])
        ),
        "text instead of binary": shaped(lambda names, rows: wire.answer(names, rows, is_binary=False)),
        "nothing but NULL": whole([None]),
        "one byte each": whole([b"\xff"]),
        "no text": whole([b"\xff\xfe" * 8]),
        "arrays with a million members": whole([wire.array([b"\0\0\0\7"], claimed=1 << 20)]),
        "arrays with members of a gigabyte": whole([wire.array([])[:8] + b"\0\0\0\1\0\0\0\1\x40\0\0\0"]),
        "rows without a description": lambda _call: [wire.PARSED + wire.row([b"x"]) + wire.DONE + wire.READY],
        "more values than columns": lambda _call: [
            wire.PARSED + wire.columns(["a"]) + wire.row([b"x"] * 9) + wire.DONE + wire.READY
        ],
        "two answers": lambda call: [
            b"".join(honest(call, credentials))[: -len(wire.READY)] * 2 + wire.READY
        ],
        "no answer": lambda _call: [wire.PARSED + wire.READY],
        "a copy": lambda _call: [wire.PARSED + wire.message(b"H", b"\0\0\0"), wire.READY],
        "a copy inwards": lambda _call: [wire.PARSED + wire.message(b"G", b"\0\0\0"), wire.READY],
        "a web page": lambda _call: [b"HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n" + bytes(99)],
        "zeros": lambda _call: [bytes(5000)],
    }
