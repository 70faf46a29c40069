"""A server that lies: a clear message within the deadline, nothing marked, all arrives later (I5, I12)."""

import hashlib
import itertools
import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, closing
from dataclasses import dataclass, replace
from pathlib import Path
from time import monotonic
from typing import Any, cast

import pytest
from tests.sync import lies, wire
from tests.sync.hostile_server import Call, HostileServer, Lie, rows_for
from tests.sync.laptops import Laptop, fault_of
from tests.sync.offices import Way

from stojnica.storage.tables import ANSWERED, PROVEN
from stojnica.sync.brief import briefing_version
from stojnica.sync.credentials import Credentials, Host
from stojnica.sync.engine import MAX_BACKOFF_S
from stojnica.sync.faults import Fate
from stojnica.sync.memory import MemoryCentre
from stojnica.sync.postgres import Deadlines, PostgresTransport, connect_postgres

QUICK = Deadlines(connect_s=1, answer_s=0.5)
Greeting = Callable[[], Iterable[bytes]]
CALLS = ("hello", "push", "prove", "briefing")
NONSENSE = ("nonsense", Fate.NOT_ALLOWED)
TIMED_OUT = ("timed_out", Fate.NETWORK)
NOT_GENUINE = ("certificate", Fate.NOT_ALLOWED)


@dataclass
class Astray:
    """Lead a laptop to a hostile server first, and then to its office."""

    laptop: Laptop
    server: HostileServer
    office: MemoryCentre
    way: Way
    folder: Path

    def connect(self, credentials: Credentials) -> PostgresTransport:
        there = replace(credentials, hosts=(Host("127.0.0.1", self.server.port),))
        return connect_postgres(there, ca_file=self.folder / "ca.pem", is_practice=True, deadlines=QUICK)

    def go(self) -> None:
        self.laptop.connect = self.connect

    def assert_drains_at_home(self) -> None:
        self.laptop.connect = self.way
        assert self.laptop.sync().is_complete
        assert self.office.facts() == self.laptop.facts()
        assert self.laptop.in_state(PROVEN) == self.laptop.facts()


@pytest.fixture
def astray(laptop: Laptop, way: Way, memory_office: MemoryCentre, tmp_path: Path) -> Iterator[Astray]:
    """Give a laptop with records that wait, on its way to a hostile server."""
    laptop.sync()
    laptop.capture(3)
    with closing(HostileServer(laptop.credentials())) as server:
        astray = Astray(laptop, server, memory_office, way, tmp_path)
        astray.go()
        yield astray


def test_a_server_that_swallows_everything_with_the_right_words_is_found_out_at_home(astray: Astray) -> None:
    # Given a server that knows the password, and says and proves all that an honest one would
    assert astray.laptop.sync().is_complete
    assert astray.office.facts() == []

    # Then the office, which has nothing, gets everything
    astray.assert_drains_at_home()


def assert_found_out(astray: Astray, lie: Lie, *expected: tuple[str, Fate]) -> None:
    """Tell a lie in each call in turn: the sync ends there, and what the call is for isn't believed."""
    before = {name: astray.laptop.in_state(name) for name in (ANSWERED, PROVEN)}
    for place, name in enumerate(CALLS):
        astray.server.lies = {name: lie}
        began = monotonic()
        fault = fault_of(astray.laptop)
        assert (fault.code, fault.fate) in expected, (name, fault.detail)
        assert monotonic() - began < QUICK.answer_s + 5
        assert astray.server.calls[-1] == name
        if place < CALLS.index("prove"):
            assert {state: astray.laptop.in_state(state) for state in before} == before
        if place <= CALLS.index("prove"):
            assert astray.laptop.in_state(PROVEN) == before[PROVEN]
    astray.assert_drains_at_home()


@pytest.mark.parametrize("name", lies.FLOODS)
def test_i05_an_answer_without_end_is_cut_off(astray: Astray, name: str) -> None:
    # libpq looks each new parameter up among all others, which may take it to the deadline.
    assert_found_out(astray, lies.FLOODS[name], NONSENSE, *([TIMED_OUT] if name == "parameters" else []))


@pytest.mark.parametrize("name", lies.SLOW)
def test_m10_the_deadline_holds_for_an_answer_as_a_whole(astray: Astray, name: str) -> None:
    assert_found_out(astray, lies.SLOW[name], TIMED_OUT)


SHAPES = list(lies.in_another_shape(None))  # type: ignore[arg-type]


@pytest.mark.parametrize("name", SHAPES)
def test_i05_an_answer_in_another_shape_is_nonsense(astray: Astray, name: str) -> None:
    lie = lies.in_another_shape(astray.laptop.credentials())[name]
    assert_found_out(astray, lie, NONSENSE)


def authentication(code: int, body: bytes = b"") -> Greeting:
    return lambda: [wire.authentication(code, body)]


# Each of these is told instead of asking for SCRAM, the only way in which a server proves to know us.
GREETINGS: dict[str, tuple[Greeting, tuple[str, Fate]]] = {
    "no question at all": (lambda: [wire.authentication(0), *wire.welcome()], NOT_GENUINE),
    "the password in clear": (authentication(3), NOT_GENUINE),
    "its MD5": (authentication(5, b"salt"), NOT_GENUINE),
    "a Kerberos ticket": (authentication(7), NOT_GENUINE),
    "a way that nobody knows": (authentication(10, b"OAUTHBEARER\0\0"), NOT_GENUINE),
    "a web page": (lambda: [b"HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n"], NONSENSE),
    "zeros": (lambda: [bytes(5000)], NONSENSE),
    "silence": (list, TIMED_OUT),
    "notices without end": (lambda: itertools.repeat(wire.notice(b"N", b"x" * 1000) * 100), NONSENSE),
    "a question, byte by byte": (
        lambda: lies.slowly([wire.authentication(10, b"SCRAM-SHA-256\0" * 100 + b"\0")]),
        TIMED_OUT,
    ),
    "an error without end": (
        lambda: itertools.chain([b"E\x00\x00\x75\x00"], itertools.repeat(b"x" * 1000)),
        NONSENSE,
    ),
}


@pytest.mark.parametrize("name", GREETINGS)
def test_m12_whoever_does_not_prove_to_know_us_gets_neither_password_nor_record(
    astray: Astray, name: str
) -> None:
    astray.server.greeting, expected = GREETINGS[name]
    password = astray.laptop.credentials().password.encode()
    began = monotonic()

    fault = fault_of(astray.laptop)

    assert (fault.code, fault.fate) == expected, fault.detail
    assert fault.step == "connect"
    assert monotonic() - began < QUICK.connect_s + 5
    assert password not in astray.server.heard
    assert hashlib.md5(password).hexdigest().encode() not in astray.server.heard
    assert astray.server.calls == []
    astray.assert_drains_at_home()


def test_m12_a_server_that_only_claims_to_know_the_password_is_not_the_offices(astray: Astray) -> None:
    astray.server.has_false_signature = True

    fault = fault_of(astray.laptop)

    assert (fault.code, fault.fate) == NOT_GENUINE
    assert astray.server.calls == []
    astray.assert_drains_at_home()


@pytest.mark.parametrize("name", ["parameters", "notices", "finished answers", "notices now and then"])
def test_m10_a_welcome_without_end_is_cut_off(astray: Astray, name: str) -> None:
    lie = (lies.FLOODS | lies.SLOW)[name]
    astray.server.welcome = lambda: lie(Call("", []))

    fault = fault_of(astray.laptop)

    assert (fault.code, fault.fate) in (NONSENSE, TIMED_OUT)
    assert astray.server.calls == []


def test_m10_a_flood_takes_little_memory(astray: Astray) -> None:
    """Measure in a process of its own: libpq's memory is nobody's but the system's to count."""
    credentials = astray.laptop.credentials()
    told: dict[str, Lie] = lies.FLOODS | {"a briefing of 50 MB": a_briefing_of_50_mb}
    with ExitStack() as open_servers:
        tasks = []
        for name, lie in told.items():
            server = open_servers.enter_context(closing(HostileServer(credentials)))
            server.lies = dict.fromkeys(("hello", "push", "prove", "briefing"), lie)
            tasks += [(name, call, server.port) for call in ("push", "briefing")]

        report = measure(credentials, tasks, astray.folder / "ca.pem")

    assert [(name, call) for name, call, *_rest in report] == [(name, call) for name, call, _port in tasks]
    assert {code for _name, _call, code, *_rest in report} <= {"nonsense", "timed_out"}, report
    for name, call, _code, traced_mb, grown_mb in report:
        assert traced_mb < 16, (name, call, report)
        assert grown_mb < 64, (name, call, report)


def a_briefing_of_50_mb(call: Call) -> Iterator[bytes]:
    yield wire.answer(["a", "b", "c", "d"], [[bytes(8), bytes(32), bytes(50_000_000), bytes(64)]])


def measure(credentials: Credentials, tasks: list[tuple[str, str, int]], ca_file: Path) -> list[Any]:
    task = {"password": credentials.password, "role": credentials.role, "calls": tasks, "ca": str(ca_file)}
    child = subprocess.run(
        [sys.executable, Path(__file__).with_name("hostile_child.py")],
        input=json.dumps(task),
        capture_output=True,
        text=True,
        check=False,
        env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)},
    )
    assert child.returncode == 0, child.stderr[-2000:]
    found: list[Any] = json.loads(child.stdout)
    return found


Row = list[bytes | None]


def changed(astray: Astray, change: Callable[[list[Row]], list[Row]]) -> Lie:
    """Answer honestly, but for what the test changes in the rows."""
    credentials = astray.laptop.credentials()

    def say(call: Call) -> Iterator[bytes]:
        names, rows = rows_for(call, credentials)
        yield wire.answer(names, change(rows))

    return say


def put(place: int, value: bytes | None) -> Callable[[list[Row]], list[Row]]:
    return lambda rows: [[*row[:place], value, *row[place + 1 :]] for row in rows]


def number(value: int) -> bytes:
    return value.to_bytes(8, "big", signed=True)


HELLOS = {
    "another branch": (put(4, bytes(16)), "wrong_database"),
    "another incarnation": (put(6, bytes(16)), "nonsense"),
    "fewer than none": (put(7, number(-1)), "nonsense"),
    "a head below zero": (put(8, number(-(2**63))), "nonsense"),
    "an older protocol": (put(2, number(0)), "nonsense"),
    "the same life twice": (lambda rows: [*rows, *rows], "nonsense"),
}


@pytest.mark.parametrize("name", HELLOS)
def test_m18_a_greeting_about_something_else_ends_the_sync(astray: Astray, name: str) -> None:
    change, code = HELLOS[name]
    astray.server.lies = {"hello": changed(astray, change)}

    fault = fault_of(astray.laptop)

    assert (fault.code, fault.fate) == (code, Fate.NOT_ALLOWED)
    assert "push" not in astray.server.calls
    astray.assert_drains_at_home()


def test_i09_exaggerated_counts_and_years_of_patience_cost_nothing_but_another_proof(astray: Astray) -> None:
    def exaggerate(rows: list[Row]) -> list[Row]:
        return put(3, number(10**9))(put(7, number(2**62))(put(8, number(2**62))(rows)))

    astray.server.lies = {"hello": changed(astray, exaggerate)}

    assert astray.laptop.sync().backoff_s == MAX_BACKOFF_S
    astray.assert_drains_at_home()


def told(change: Callable[[list[Row]], list[Row]]) -> Callable[[list[Row]], list[Row]]:
    """Change answers one by one, which come as three arrays."""

    def pack(rows: list[Row]) -> list[Row]:
        answers = change([list(row) for row in zip(*map(wire.members, cast("Any", rows[0])), strict=True)])
        return [[wire.array(cast("Any", column)) for column in zip(*answers, strict=True)]]

    return pack


PUSHES = {
    "another hash": told(put(1, bytes(32))),
    "an id that wasn't asked": told(put(0, bytes(16))),
    "an answer too many": told(lambda rows: [*rows, [bytes(16), bytes(32), b"stored"]]),
    "each twice": told(lambda rows: [*rows, *rows]),
    "a word that nobody knows": told(put(2, b"fine")),
    "a short id": told(put(0, bytes(15))),
    "fewer words than ids": put(2, wire.array([b"stored"])),
    "no words at all": put(2, wire.array([])),
    "all twice": lambda rows: [*rows, *rows],
    "nothing": lambda _rows: [],
}
PROOFS = {
    "another code": put(1, b"0000"),
    "no receipt": put(2, None),
    "a moment that is none": put(3, number(2**62)),
    "a bucket out of range": lambda rows: put(1, None)(put(0, wire.array([b"\0\0\1\0"]))(rows)),
    "a bucket below zero": lambda rows: put(1, None)(put(0, wire.array([b"\xff" * 4]))(rows)),
    "a bucket a million times": lambda rows: put(1, None)(put(0, wire.array([bytes(4)] * 100_000))(rows)),
}


@pytest.mark.parametrize(
    ("call", "name"), [*(("push", key) for key in PUSHES), *(("prove", key) for key in PROOFS)]
)
def test_i12_an_answer_that_contradicts_what_was_asked_marks_nothing(
    astray: Astray, call: str, name: str
) -> None:
    astray.server.lies = {call: changed(astray, (PUSHES | PROOFS)[name])}

    fault = fault_of(astray.laptop)

    assert (fault.code, fault.fate) == NONSENSE
    assert astray.laptop.in_state(PROVEN) == []
    if call == "push":
        assert astray.laptop.in_state(ANSWERED) == []
    astray.assert_drains_at_home()


def test_i12_the_same_differing_bucket_over_and_over_is_asked_about_once(astray: Astray) -> None:
    differing = wire.array([bytes(4)] * 9_000)
    astray.server.lies = {"prove": changed(astray, lambda rows: put(1, None)(put(0, differing)(rows)))}

    fault = fault_of(astray.laptop)

    assert fault.detail == "proof_rounds"
    assert astray.server.calls.count("prove_buckets") <= 4
    assert astray.laptop.in_state(PROVEN) == []
    astray.assert_drains_at_home()


@pytest.mark.parametrize("size", [2, 5_000_000])
def test_m31_a_briefing_without_the_organisations_signature_is_not_used(astray: Astray, size: int) -> None:
    body = b"{}" + b" " * (size - 2)
    row: Row = [number(7), hashlib.sha256(body).digest(), body, bytes(64)]
    astray.server.lies = {"briefing": changed(astray, lambda _rows: [row])}

    fault = fault_of(astray.laptop)

    assert (fault.code, fault.fate, fault.step) == ("forged_briefing", Fate.NOT_ALLOWED, "brief")
    assert astray.laptop.store.read(briefing_version).result() == 0
    astray.assert_drains_at_home()
