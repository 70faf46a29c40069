"""The office's receipt for a file on a stick: signed by the organisation, taken in by the laptop."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from hashlib import sha256
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy.engine import Connection

from stojnica import failpoint
from stojnica.domain.canonical import canonical_bytes, parse_canonical
from stojnica.domain.errors import UserFacingError
from stojnica.i18n import gettext as _
from stojnica.storage.outbox import mark, mark_covered
from stojnica.storage.stick_files import (
    Key,
    StickFile,
    facts_in,
    is_stick_file_known,
    keep_stick_file,
    prove_by_receipt,
    stick_file,
)
from stojnica.storage.stick_stubs import digest_of_stubs
from stojnica.storage.store import Store
from stojnica.storage.tables import ASIDE, RECEIPT
from stojnica.storage.unit import UnitOfWork, branch_of
from stojnica.storage.worker import Priority
from stojnica.sync.credentials import Credentials, credentials_of
from stojnica.sync.faults import not_enrolled
from stojnica.sync.session import MARKED_ALONE, MARKED_BESIDE_CAPTURE
from stojnica.sync.stick_file import is_signed
from stojnica.sync.stick_manifest import code_of, digests_of
from stojnica.sync.transport import DAMAGED, ERASED

SUFFIX = ".receipt"
KIND = "stojnica receipt"
MAX_RECEIPT_BYTES = 4 * 1024 * 1024
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


@dataclass(frozen=True, slots=True)
class StickReceipt:
    """Hold what the office says of a file.

    All facts of it are at the centre but those in `missing`, each with a constant word; `is_covered` when a
    checked backup holds all that are there. `erased` is how many of the file's stubs have a tombstone there.
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

    @property
    def code(self) -> str:
        """Give the four characters that both sides show."""
        return code_of(self.digest)


@dataclass(frozen=True, slots=True)
class Received:
    """Tell what a receipt confirmed: `facts` of `of_facts`; `whole_code` when it was all on this laptop."""

    name: str
    contacts: int
    facts: int
    of_facts: int
    code: str
    whole_code: str


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
            safe=_nothing_changed(),
            next_step=_("Ask the office for the receipt once more."),
            code="receipt_forged",
        )
    try:
        return _read(parse_canonical(body, MAX_RECEIPT_BYTES))
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise _no_receipt() from error


def receive(store: Store, data: bytes) -> Received:
    """Take a receipt in: what it proves is proven, as by a delivery over a line. Blocks.

    It counts only for a file that this laptop wrote and still remembers, and only when the facts of that
    file, looked up now, have just the digest that the office signed.

    Raises:
        UserFacingError: not a receipt, not from this office, for another laptop, or for no such file.
    """
    credentials = store.read(credentials_of).result()
    if credentials is None:
        raise not_enrolled()
    receipt = open_receipt(data, credentials.signing_key)
    _check_address(receipt, credentials)

    found = store.read(lambda connection: _match(connection, receipt)).result()
    # In pieces, so that the next visitor never waits for all of it; a crash between two leaves nothing wrong.
    at = 0
    while at < len(found.there):
        piece = found.there[at : at + (MARKED_BESIDE_CAPTURE if store.is_capturing() else MARKED_ALONE)]
        _write(store, receipt, partial(_prove, keys=piece, receipt=receipt))
        failpoint.reached("stick.between_proven")
        at += len(piece)
    _write(store, receipt, partial(_finish, found=found, receipt=receipt))
    return Received(
        name=found.known.name,
        contacts=found.known.contacts,
        facts=len(found.there),
        of_facts=found.known.facts,
        code=receipt.code,
        whole_code=receipt.whole.code if receipt.whole else "",
    )


@dataclass(frozen=True, slots=True)
class _Match:
    """Hold the facts that a receipt is about: those at the centre, and those that it couldn't take."""

    known: StickFile
    there: list[Key]
    damaged: list[Key]


def _match(connection: Connection, receipt: StickReceipt) -> _Match:
    known = stick_file(connection, receipt.file_id)
    if known is None or known.digest != receipt.digest:
        raise _unknown_file()
    keys = facts_in(connection, branch_of(connection), known.ranges)
    if sha256(digests_of([content_hash for _id, content_hash in keys])).digest() != receipt.digest:
        raise _unknown_file()
    missing = {(fact_id, content_hash): why for fact_id, content_hash, why in receipt.missing}
    return _Match(
        known,
        [key for key in keys if key not in missing],
        [key for key in keys if missing.get(key) == DAMAGED],
    )


def _write(store: Store, receipt: StickReceipt, job: Callable[[Connection], None]) -> None:
    """Write behind all captures, unless the file has lost its worth since: a sync may run beside this."""

    def run(unit: UnitOfWork) -> None:
        if not is_stick_file_known(unit.connection, receipt.file_id):
            raise _unknown_file()
        job(unit.connection)
        unit.commit()

    store.write(run, Priority.BACKGROUND).result()


def _prove(connection: Connection, keys: Sequence[Key], receipt: StickReceipt) -> None:
    prove_by_receipt(connection, keys, receipt.file_id)
    if receipt.is_covered:
        mark_covered(connection, keys)


def _finish(connection: Connection, found: _Match, receipt: StickReceipt) -> None:
    if found.damaged:
        mark(connection, found.damaged, ASIDE, DAMAGED)
    if found.known.erased and receipt.erased == found.known.erased:
        # Somebody erased since then isn't known there yet.
        told = facts_in(connection, receipt.branch_id, found.known.erased_ranges)
        if digest_of_stubs(told) == found.known.erased_digest:
            prove_by_receipt(connection, told, receipt.file_id, reason=ERASED)
    if receipt.whole is not None and not found.known.is_received:
        _keep_whole(connection, receipt.whole)
    keep_stick_file(connection, replace(found.known, is_received=True))


def _keep_whole(connection: Connection, whole: WholeProof) -> None:
    # Receipts may come in any order. A laptop never holds less than it did, so the largest proof is the last.
    largest = connection.execute(sa.select(sa.func.max(RECEIPT.c.facts))).scalar()
    if largest is not None and whole.facts < largest:
        return
    connection.execute(
        sa.insert(RECEIPT)
        .prefix_with("OR IGNORE")
        .values(
            receipt_id=whole.receipt_id,
            proven_at=whole.proven_at,
            facts=whole.facts,
            contacts=whole.contacts,
            covered=whole.covered,
            extra=whole.extra,
            code=whole.code,
        )
    )


def _check_address(receipt: StickReceipt, credentials: Credentials) -> None:
    if (receipt.branch_id, receipt.device_id) != (credentials.branch_id, credentials.device_id):
        raise UserFacingError(
            _("This receipt is for another laptop."),
            safe=_nothing_changed(),
            next_step=_("Take it in on the laptop that wrote the file."),
            code="receipt_elsewhere",
        )


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
    )


def _read_whole(raw: Mapping[str, Any]) -> WholeProof:
    return WholeProof(
        receipt_id=UUID(raw["receipt_id"]),
        code=str(raw["code"]),
        **{name: int(raw[name]) for name in ("facts", "contacts", "extra", "covered", "proven_at")},
    )


def _nothing_changed() -> str:
    return _("Nothing was changed.")


def _no_receipt() -> UserFacingError:
    return UserFacingError(
        _("This is no receipt of the office, or it was damaged on its way."),
        safe=_nothing_changed(),
        next_step=_("Choose the file that ends in “{suffix}”, or ask the office for it once more.").format(
            suffix=SUFFIX
        ),
        code="receipt_damaged",
    )


def _unknown_file() -> UserFacingError:
    return UserFacingError(
        _("This receipt belongs to no file that still counts: too much has changed since."),
        safe=_nothing_changed(),
        next_step=_("Write a new file to the stick, or send over the internet."),
        code="receipt_stale",
    )
