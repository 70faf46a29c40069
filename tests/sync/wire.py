"""Messages of PostgreSQL's wire protocol, version 3, as a server writes and reads them."""

import struct
from collections.abc import Iterator, Sequence

READY = b"Z\0\0\0\5I"
PARSED = b"1\0\0\0\4" + b"2\0\0\0\4"
DONE = b"C" + struct.pack("!i", 13) + b"SELECT 1\0"


def message(kind: bytes, body: bytes) -> bytes:
    return kind + struct.pack("!i", len(body) + 4) + body


def authentication(code: int, body: bytes = b"") -> bytes:
    return message(b"R", struct.pack("!i", code) + body)


def parameter(name: str, value: str) -> bytes:
    return message(b"S", name.encode() + b"\0" + value.encode() + b"\0")


def welcome() -> Iterator[bytes]:
    """Say all that a server says before the first question."""
    for name, value in (
        ("server_version", "18.0"),
        ("client_encoding", "UTF8"),
        ("server_encoding", "UTF8"),
        ("standard_conforming_strings", "on"),
        ("scram_iterations", "2147483647"),
    ):
        yield parameter(name, value)
    yield message(b"K", struct.pack("!ii", 4711, 7)) + READY


def columns(names: Sequence[str], *, is_binary: bool = True) -> bytes:
    fields = b"".join(
        name.encode() + b"\0" + struct.pack("!ihihih", 0, 0, 17, -1, -1, int(is_binary)) for name in names
    )
    return message(b"T", struct.pack("!h", len(names)) + fields)


def row(values: Sequence[bytes | None]) -> bytes:
    fields = b"".join(
        struct.pack("!i", -1) if value is None else struct.pack("!i", len(value)) + value for value in values
    )
    return message(b"D", struct.pack("!h", len(values)) + fields)


def answer(names: Sequence[str], rows: Sequence[Sequence[bytes | None]], *, is_binary: bool = True) -> bytes:
    return PARSED + columns(names, is_binary=is_binary) + b"".join(map(row, rows)) + DONE + READY


def notice(kind: bytes, text: bytes, state: bytes = b"00000") -> bytes:
    """Give an error (E) or a notice (N)."""
    fields = ((b"S", b"ERROR"), (b"V", b"ERROR"), (b"C", state), (b"M", text))
    return message(kind, b"".join(name + value + b"\0" for name, value in fields) + b"\0")


def refusal(state: str, text: bytes = b"no") -> bytes:
    return PARSED + notice(b"E", text, state.encode()) + READY


def array(members: Sequence[bytes], *, claimed: int | None = None, kind: int = 17) -> bytes:
    """Give an array of one dimension; `claimed` is how many members it says it has."""
    if not members and claimed is None:
        return struct.pack("!iii", 0, 0, kind)
    count = len(members) if claimed is None else claimed
    head = struct.pack("!iiiii", 1, 0, kind, count, 1)
    return head + b"".join(struct.pack("!i", len(one)) + one for one in members)


def members(raw: bytes) -> list[bytes]:
    dimensions = struct.unpack_from("!i", raw)[0]
    if dimensions == 0:
        return []
    count, at, found = struct.unpack_from("!i", raw, 12)[0], 20, []
    for _member in range(count):
        length = struct.unpack_from("!i", raw, at)[0]
        at += 4
        found.append(raw[at : at + max(length, 0)])
        at += max(length, 0)
    return found


def parameters(body: bytes) -> list[bytes]:
    """Read the parameters of a Bind message."""
    at = body.index(b"\0") + 1
    at = body.index(b"\0", at) + 1
    at += 2 + 2 * struct.unpack_from("!h", body, at)[0]
    count, found = struct.unpack_from("!h", body, at)[0], []
    at += 2
    for _parameter in range(count):
        length = struct.unpack_from("!i", body, at)[0]
        at += 4
        found.append(body[at : at + max(length, 0)])
        at += max(length, 0)
    return found
