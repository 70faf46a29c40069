"""What a file on a stick says of itself: whose it is, what is in it, and what the laptop holds in all."""

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from stojnica.domain.canonical import canonical_bytes, parse_canonical
from stojnica.storage.heard_orders import MOST_HEARD, MOST_LIVES, HeardOrder
from stojnica.storage.stick_files import MAX_ERASED, MAX_RANGES, SeqRange
from stojnica.storage.stubs import Stub
from stojnica.sync.digest import BUCKETS, DIGEST_BYTES
from stojnica.sync.stick_file import MAX_MANIFEST_BYTES, StickFileError
from stojnica.sync.transport import LifeHead

KIND = "stojnica stick"
FORMAT = 1
MAX_FILE_FACTS = 200_000
MAX_LIVES = 1_000
MAX_LATE = 1_000
_MAX_NUMBER = 1 << 62
_SIGNATURE_BYTES = 64


@dataclass(frozen=True, slots=True)
class Held:
    """Hold what the laptop has in all: for a proof of everything, as over a line. `digests`: 256 in a row."""

    facts: int
    contacts: int
    digests: bytes


@dataclass(frozen=True, slots=True)
class Manifest:
    """Hold a manifest.

    `digest` stands for all ids and hashes in the file; its first four digits are the code. `mac` is by the
    secret of the enrolment file over `device_key`, and empty once the office has that key. `made_at` is µs
    UTC of the laptop's clock, and only shown. `erased` are stubs of what the laptop erased; an office from
    before they were told leaves them out, and then takes no proof of everything. `orders` were carried
    out here and not acknowledged yet, `late` are sign-ups that went late, by a receipt or over a line.
    `erased_signed` are the signatures that make the laptop's own statements of `erased`, one for each lot.
    """

    file_id: UUID
    branch_id: UUID
    device_id: UUID
    name: str
    made_at: int
    facts: int
    contacts: int
    batches: int
    digest: bytes
    ranges: tuple[SeqRange, ...]
    lives: tuple[LifeHead, ...]
    recipients: tuple[str, ...]
    device_key: bytes
    mac: bytes
    held: Held
    erased: tuple[Stub, ...] = ()
    orders: tuple[HeardOrder, ...] = ()
    late: tuple[UUID, ...] = ()
    erased_signed: tuple[bytes, ...] = ()

    @property
    def code(self) -> str:
        """Give the four characters that both sides show."""
        return code_of(self.digest)


def code_of(digest: bytes) -> str:
    """Give the four characters for a digest over 256 digests."""
    return digest.hex()[:4].upper()


def digests_of(hashes: list[bytes]) -> bytes:
    """Give the 256 digests of some facts in a row, as a proof compares them; sorts the list."""
    from hashlib import sha256

    hashes.sort()
    ends = [bisect_left(hashes, bytes((bucket,))) for bucket in range(1, BUCKETS)]
    pieces = zip([0, *ends], [*ends, len(hashes)], strict=True)
    return b"".join(sha256(b"".join(hashes[begin:end])).digest() for begin, end in pieces)


def written_manifest(item: Manifest) -> bytes:
    """Write it."""
    return canonical_bytes(
        {
            "format": FORMAT,
            "kind": KIND,
            "file_id": str(item.file_id),
            "branch_id": str(item.branch_id),
            "device_id": str(item.device_id),
            "name": item.name,
            "made_at": item.made_at,
            "facts": item.facts,
            "contacts": item.contacts,
            "batches": item.batches,
            "digest": item.digest.hex(),
            "ranges": [[one.incarnation.hex, one.first, one.last] for one in item.ranges],
            "lives": [[life.incarnation.hex, life.head, life.head_hash.hex()] for life in item.lives],
            "recipients": list(item.recipients),
            "device_key": item.device_key.hex(),
            "mac": item.mac.hex(),
            "held": {
                "facts": item.held.facts,
                "contacts": item.held.contacts,
                "digests": item.held.digests.hex(),
            },
            "erased": [
                [one.fact_id.hex, one.content_hash.hex(), one.incarnation.hex, one.seq] for one in item.erased
            ],
            "orders": [_raw_order(one) for one in item.orders],
            "late": [one.hex for one in item.late],
            "erased_signed": [one.hex() for one in item.erased_signed],
        }
    )


def _raw_order(item: HeardOrder) -> list[Any]:
    lives = [[life.hex, head] for life, head in item.lives]
    return [item.order_id.hex, item.facts, item.are_copies_new, lives]


def read_manifest(content: bytes) -> Manifest:
    """Read it, every size checked.

    Raises:
        StickFileError: it isn't one, is too large, or of a later format.
    """
    try:
        raw = parse_canonical(content, MAX_MANIFEST_BYTES)
        if raw["kind"] != KIND:
            raise StickFileError("manifest")
        if raw["format"] != FORMAT:
            raise StickFileError("newer")
        return _read(raw)
    except (ValueError, LookupError, TypeError, AttributeError) as error:
        if isinstance(error, StickFileError):
            raise
        raise StickFileError("manifest") from error


def _read(raw: Mapping[str, Any]) -> Manifest:
    held = raw["held"]
    return Manifest(
        file_id=UUID(raw["file_id"]),
        branch_id=UUID(raw["branch_id"]),
        device_id=UUID(raw["device_id"]),
        name=_text(raw["name"], 200),
        made_at=_number(raw["made_at"]),
        facts=_number(raw["facts"], MAX_FILE_FACTS),
        contacts=_number(raw["contacts"]),
        batches=_number(raw["batches"], MAX_FILE_FACTS),
        digest=_octets(raw["digest"], 32),
        ranges=read_ranges(raw["ranges"]),
        lives=tuple(
            LifeHead(UUID(hex=one[0]), _number(one[1]), _hash(one[2]))
            for one in _several(raw["lives"], MAX_LIVES)
        ),
        recipients=tuple(_text(one, 200) for one in _several(raw["recipients"], 8)),
        device_key=_octets(raw["device_key"], 32),
        mac=_octets(raw["mac"], 32) if raw["mac"] else b"",
        held=Held(
            _number(held["facts"]),
            _number(held["contacts"]),
            _octets(held["digests"], BUCKETS * DIGEST_BYTES),
        ),
        erased=tuple(_stub(one) for one in _several(raw.get("erased", []), MAX_ERASED)),
        orders=tuple(_heard(one) for one in _several(raw.get("orders", []), MOST_HEARD)),
        late=tuple(UUID(hex=_text(one, 32)) for one in _several(raw.get("late", []), MAX_LATE)),
        erased_signed=tuple(
            _octets(one, _SIGNATURE_BYTES) for one in _several(raw.get("erased_signed", []), MAX_ERASED)
        ),
    )


def _heard(raw: Sequence[Any]) -> HeardOrder:
    return HeardOrder(
        UUID(hex=_text(raw[0], 32)),
        _number(raw[1]),
        raw[2] is True,
        tuple((UUID(hex=_text(one[0], 32)), _number(one[1])) for one in _several(raw[3], MOST_LIVES)),
    )


def _stub(raw: Sequence[Any]) -> Stub:
    seq = _number(raw[3])
    if not seq:
        raise ValueError("seq")
    return Stub(UUID(hex=_text(raw[0], 32)), _octets(raw[1], 32), UUID(hex=_text(raw[2], 32)), seq)


def read_ranges(raw: object) -> tuple[SeqRange, ...]:
    """Read ranges of a manifest or a receipt.

    Raises:
        ValueError: they are none, or too many.
    """
    ranges = tuple(
        SeqRange(UUID(hex=one[0]), _number(one[1]), _number(one[2])) for one in _several(raw, MAX_RANGES)
    )
    if any(not 1 <= one.first <= one.last for one in ranges):
        raise ValueError("ranges")
    return ranges


def _several(raw: object, most: int) -> Sequence[Any]:
    if not isinstance(raw, list) or len(raw) > most:
        raise ValueError("list")
    return raw


def _number(raw: object, most: int = _MAX_NUMBER) -> int:
    if not isinstance(raw, int) or isinstance(raw, bool) or not 0 <= raw <= most:
        raise ValueError("number")
    return raw


def _text(raw: object, longest: int) -> str:
    if not isinstance(raw, str) or len(raw) > longest:
        raise ValueError("text")
    return raw


def _octets(raw: object, count: int) -> bytes:
    found = bytes.fromhex(_text(raw, 2 * count))
    if len(found) != count:
        raise ValueError("bytes")
    return found


def _hash(raw: object) -> bytes:
    return _octets(raw, 32) if raw else b""
