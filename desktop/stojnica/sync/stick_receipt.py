"""The office's receipt for a file on a stick, taken in by the laptop."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from hashlib import sha256

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from stojnica import failpoint
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
from stojnica.sync.orders import no_copies_renewed
from stojnica.sync.receipt_file import StickReceipt, WholeProof, nothing_changed, open_receipt
from stojnica.sync.receipt_orders import carry_out_by_receipt
from stojnica.sync.session import MARKED_ALONE, MARKED_BESIDE_CAPTURE
from stojnica.sync.stick_manifest import digests_of
from stojnica.sync.transport import DAMAGED, ERASED


@dataclass(frozen=True, slots=True)
class Received:
    """Tell what a receipt confirmed: `facts` of `of_facts`; `whole_code` when it was all on this laptop.

    `orders` is how many orders to erase it brought that were carried out, `erased` how many records went.
    """

    name: str
    contacts: int
    facts: int
    of_facts: int
    code: str
    whole_code: str
    orders: int = 0
    erased: int = 0


def receive(store: Store, data: bytes, renew_copies: Callable[[], bool] = no_copies_renewed) -> Received:
    """Take a receipt in: what it proves is proven, as by a delivery over a line. Blocks.

    It counts only for a file that this laptop wrote and still remembers, and only when the facts of that
    file, looked up now, have just the digest that the office signed. Whom it orders to be erased is erased in
    any case, and `renew_copies` called, as after a sync.

    Raises:
        UserFacingError: not a receipt, not from this office, for another laptop, or for no such file.
    """
    credentials = store.read(credentials_of).result()
    if credentials is None:
        raise not_enrolled()
    receipt = open_receipt(data, credentials.signing_key)
    _check_address(receipt, credentials)
    erasing = partial(carry_out_by_receipt, store, receipt, credentials.signing_key, renew_copies)
    try:
        received = _take_in(store, receipt)
    except UserFacingError:
        erasing()
        raise
    orders, erased = erasing()
    return replace(received, orders=orders, erased=erased)


def _take_in(store: Store, receipt: StickReceipt) -> Received:
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
            safe=nothing_changed(),
            next_step=_("Take it in on the laptop that wrote the file."),
            code="receipt_elsewhere",
        )


def _unknown_file() -> UserFacingError:
    return UserFacingError(
        _("This receipt belongs to no file that still counts: too much has changed since."),
        safe=nothing_changed(),
        next_step=_("Write a new file to the stick, or send over the internet."),
        code="receipt_stale",
    )
