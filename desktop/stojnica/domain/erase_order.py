"""An order of the office to erase somebody: ids, hashes, keyed marks, signed, and nothing of the person."""

import hmac
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from stojnica.domain.canonical import NotCanonicalError, canonical_bytes, parse_canonical

MAX_ORDER_BYTES = 4 * 1024 * 1024
MAX_SUBJECTS = 1_000
MAX_MARKS = 8
MARK_BYTES = 32
EMAIL, PHONE = "email", "phone"
HANDFUL = 20
SHARE = 20
"""One in twenty, that is 5 %."""


@dataclass(frozen=True, slots=True)
class EraseOrder:
    """Name what is to go: persons by their subjects, and the facts about them that the centre knew.

    `marks` stand for the address or number that was asked for. Their key is the centre's, and another one for
    each order: only who is told it, and has the address already, can tell that they mean it.
    """

    order_id: UUID
    branch_id: UUID
    number: int
    subjects: tuple[UUID, ...]
    facts: tuple[tuple[UUID, bytes], ...]
    marks: tuple[bytes, ...] = ()

    def body(self) -> bytes:
        """Give the bytes that are signed."""
        facts = [[str(fact_id), content_hash.hex()] for fact_id, content_hash in self.facts]
        marks = {"marks": [mark.hex() for mark in self.marks]} if self.marks else {}
        return canonical_bytes(
            {
                "erase_order": {
                    "order_id": str(self.order_id),
                    "branch_id": str(self.branch_id),
                    "number": self.number,
                    "subjects": [str(one) for one in self.subjects],
                    "facts": facts,
                    **marks,
                }
            }
        )

    def means(self, key: bytes, contacts: Iterable[tuple[str, str]]) -> bool:
        """Tell whether one of these (EMAIL or PHONE, and how it is compared) is whom the marks stand for."""
        return any(
            hmac.compare_digest(mark, mark_of(key, kind, contact))
            for kind, contact in contacts
            for mark in self.marks
        )


def mark_of(key: bytes, kind: str, contact: str) -> bytes:
    """Make the mark of an address or number (HMAC-SHA-256)."""
    return hmac.digest(key, f"{kind}:{contact}".encode(), "sha256")


def order_from(body: bytes) -> EraseOrder:
    """Read an order.

    Raises:
        ValueError: it is none.
    """
    try:
        said: Any = parse_canonical(body, MAX_ORDER_BYTES)["erase_order"]
        order = EraseOrder(
            order_id=UUID(said["order_id"]),
            branch_id=UUID(said["branch_id"]),
            number=int(said["number"]),
            subjects=tuple(UUID(one) for one in said["subjects"]),
            facts=tuple((UUID(one), bytes.fromhex(digest)) for one, digest in said["facts"]),
            marks=tuple(bytes.fromhex(mark) for mark in said.get("marks", [])),
        )
    except (NotCanonicalError, KeyError, TypeError, AttributeError) as error:
        raise ValueError("order") from error
    if len(order.subjects) > MAX_SUBJECTS:
        raise ValueError("subjects")
    if len(order.marks) > MAX_MARKS or any(len(mark) != MARK_BYTES for mark in order.marks):
        raise ValueError("marks")
    return order


def needs_a_yes(going: int, held: int) -> bool:
    """Tell whether so much would go that a person has to agree: over 5 %, and over a handful."""
    return going > HANDFUL and going * SHARE > held
