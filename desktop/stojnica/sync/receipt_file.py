"""The office's receipt for a file on a stick, as it is written and read: signed by the organisation."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from stojnica.domain.canonical import canonical_bytes, parse_canonical
from stojnica.domain.errors import UserFacingError
from stojnica.i18n import gettext as _
from stojnica.sync.stick_file import is_signed
from stojnica.sync.stick_manifest import code_of
from stojnica.sync.transport import SignedOrder

SUFFIX = ".receipt"
KIND = "stojnica receipt"
MAX_RECEIPT_BYTES = 12 * 1024 * 1024
MAX_MISSING = 20_000
_MAGIC = b"stojnica receipt 1\n"
_PREFIX = b"stojnica stick receipt\0"
_SIGNATURE_BYTES = 64


@dataclass(frozen=True, slots=True)
class WholeProof:
    """Hold a proof of all that the laptop held when it wrote the file, as the centre keeps it."""

    receipt_id: UUID
    code: str
    facts: int
    contacts: int
    extra: int
    covered: int
    proven_at: int


class Acknowledged(NamedTuple):
    """Name an order that the file said was carried out, as it said so."""

    order_id: UUID
    facts: int
    are_copies_new: bool


class LateOne(NamedTuple):
    """Name a sign-up of the laptop that the centre erased by the mark of an order."""

    order_id: UUID
    number: int
    subject_id: UUID


@dataclass(frozen=True, slots=True)
class StickReceipt:
    """Hold what the office says of a file.

    All facts of it are at the centre but those in `missing`, each with a constant word; `is_covered` when a
    checked backup holds all that are there. `erased` is how many of the file's stubs have a tombstone there.
    `orders` and `late` are to be erased here, `acknowledged` is what the office heard of by this file. For
    `late` the signature of the receipt stands in: no key of a mark lies on a stick in clear.
    """

    file_id: UUID
    branch_id: UUID
    device_id: UUID
    server_id: UUID
    digest: bytes
    facts: int
    contacts: int
    missing: tuple[tuple[UUID, bytes, str], ...]
    is_covered: bool
    whole: WholeProof | None
    erased: int = 0
    orders: tuple[SignedOrder, ...] = ()
    late: tuple[LateOne, ...] = ()
    acknowledged: tuple[Acknowledged, ...] = ()

    @property
    def code(self) -> str:
        """Give the four characters that both sides show."""
        return code_of(self.digest)


def sealed_receipt(item: StickReceipt, key: Ed25519PrivateKey) -> bytes:
    """Write a receipt, signed by the organisation."""
    body = canonical_bytes(_raw(item))
    return _MAGIC + key.sign(_PREFIX + body) + body


def open_receipt(data: bytes, signing_key: bytes) -> StickReceipt:
    """Read a receipt and check its signature.

    Raises:
        UserFacingError: it is none, or wasn't signed by this organisation.
    """
    head = len(_MAGIC) + _SIGNATURE_BYTES
    if len(data) > MAX_RECEIPT_BYTES or not data.startswith(_MAGIC) or len(data) <= head:
        raise _no_receipt()
    signature, body = data[len(_MAGIC) : head], data[head:]
    if not is_signed(signing_key, _PREFIX + body, signature):
        raise UserFacingError(
            _("This receipt doesn't carry the signature of your office, or was damaged."),
            safe=nothing_changed(),
            next_step=_("Ask the office for the receipt once more."),
            code="receipt_forged",
        )
    try:
        return _read(parse_canonical(body, MAX_RECEIPT_BYTES))
    except (ValueError, LookupError, TypeError, AttributeError) as error:
        raise _no_receipt() from error


def _raw(item: StickReceipt) -> dict[str, Any]:
    whole = item.whole
    return {
        "format": 1,
        "kind": KIND,
        "file_id": str(item.file_id),
        "branch_id": str(item.branch_id),
        "device_id": str(item.device_id),
        "server_id": str(item.server_id),
        "digest": item.digest.hex(),
        "facts": item.facts,
        "contacts": item.contacts,
        "missing": [[fact_id.hex, content_hash.hex(), why] for fact_id, content_hash, why in item.missing],
        "is_covered": item.is_covered,
        "erased": item.erased,
        "orders": [[one.order_id.hex, one.body.decode(), one.signature.hex()] for one in item.orders],
        "late": [[one.order_id.hex, one.number, one.subject_id.hex] for one in item.late],
        "acknowledged": [[one.order_id.hex, one.facts, one.are_copies_new] for one in item.acknowledged],
        "whole": whole
        and {
            "receipt_id": str(whole.receipt_id),
            "code": whole.code,
            "facts": whole.facts,
            "contacts": whole.contacts,
            "extra": whole.extra,
            "covered": whole.covered,
            "proven_at": whole.proven_at,
        },
    }


def _read(raw: Mapping[str, Any]) -> StickReceipt:
    if raw["format"] != 1 or raw["kind"] != KIND or len(raw["missing"]) > MAX_MISSING:
        raise ValueError("kind")
    whole = raw["whole"]
    return StickReceipt(
        file_id=UUID(raw["file_id"]),
        branch_id=UUID(raw["branch_id"]),
        device_id=UUID(raw["device_id"]),
        server_id=UUID(raw["server_id"]),
        digest=bytes.fromhex(raw["digest"]),
        facts=int(raw["facts"]),
        contacts=int(raw["contacts"]),
        missing=tuple((UUID(hex=one[0]), bytes.fromhex(one[1]), str(one[2])) for one in raw["missing"]),
        is_covered=raw["is_covered"] is True,
        whole=None if whole is None else _read_whole(whole),
        erased=int(raw.get("erased", 0)),
        orders=tuple(
            SignedOrder(UUID(hex=one[0]), one[1].encode(), bytes.fromhex(one[2]))
            for one in raw.get("orders", [])
        ),
        late=tuple(LateOne(UUID(hex=one[0]), int(one[1]), UUID(hex=one[2])) for one in raw.get("late", [])),
        acknowledged=tuple(
            Acknowledged(UUID(hex=one[0]), int(one[1]), one[2] is True) for one in raw.get("acknowledged", [])
        ),
    )


def _read_whole(raw: Mapping[str, Any]) -> WholeProof:
    return WholeProof(
        receipt_id=UUID(raw["receipt_id"]),
        code=str(raw["code"]),
        **{name: int(raw[name]) for name in ("facts", "contacts", "extra", "covered", "proven_at")},
    )


def nothing_changed() -> str:
    """Say what is safe."""
    return _("Nothing was changed.")


def _no_receipt() -> UserFacingError:
    return UserFacingError(
        _("This is no receipt of the office, or it was damaged on its way."),
        safe=nothing_changed(),
        next_step=_("Choose the file that ends in “{suffix}”, or ask the office for it once more.").format(
            suffix=SUFFIX
        ),
        code="receipt_damaged",
    )
