"""Erase a person at the office: bodies and rows here at once, on each laptop by a signed order."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

import psycopg
from psycopg import sql

from stojnica import failpoint
from stojnica.central.branch import branch_of, pin_signing_key
from stojnica.central.connect import connect, told_plainly
from stojnica.central.keys import OpenKeys, load_public_keys, load_signing_key
from stojnica.central.projector import project_all
from stojnica.central.roles import OWNER
from stojnica.central.signing import sign_erase_order
from stojnica.domain import kinds
from stojnica.domain.duplicate import email_key
from stojnica.domain.erase_order import MAX_SUBJECTS, EraseOrder
from stojnica.domain.erasure import files_of, is_person, named_beside
from stojnica.domain.errors import UserFacingError
from stojnica.domain.fact import BadFactError, Fact, decode
from stojnica.domain.ids import new_id
from stojnica.i18n import gettext as _

_FOUND = (
    "SELECT s.subject_id FROM hub.signup s WHERE s.branch_id = %(b)s AND (s.subject_id = %(id)s::uuid"
    " OR (%(email)s <> '' AND s.email_key = %(email)s) OR (%(phone)s <> '' AND s.phone = %(phone)s))"
    " ORDER BY s.subject_id"
)
# Withdrawals by their address or number, unless somebody who stays shares it.
_WITHDRAWN = (
    "SELECT DISTINCT w.subject_id FROM hub.contact_withdrawal w WHERE w.branch_id = %(b)s"
    " AND ((w.email_key <> '' AND (w.email_key = %(email)s OR EXISTS (SELECT FROM hub.signup s"
    " WHERE s.branch_id = %(b)s AND s.subject_id = ANY (%(found)s) AND s.email_key = w.email_key)))"
    " OR (w.phone <> '' AND (w.phone = %(phone)s OR EXISTS (SELECT FROM hub.signup s"
    " WHERE s.branch_id = %(b)s AND s.subject_id = ANY (%(found)s) AND s.phone = w.phone))))"
    " AND NOT EXISTS (SELECT FROM hub.signup s WHERE s.branch_id = %(b)s"
    " AND s.subject_id <> ALL (%(found)s) AND ((w.email_key <> '' AND s.email_key = w.email_key)"
    " OR (w.phone <> '' AND s.phone = w.phone))) ORDER BY w.subject_id"
)
_FACTS = (
    "SELECT f.fact_id, f.content_hash, f.subject_id, f.kind, f.body FROM hub.fact f"
    " WHERE f.branch_id = %s AND f.subject_id = ANY (%s) ORDER BY f.fact_id, f.content_hash"
)
_COMPARED = (
    "SELECT f.fact_id, f.content_hash, f.body FROM hub.fact f WHERE f.branch_id = %s AND f.kind = %s"
    " ORDER BY f.fact_id, f.content_hash"
)
_BURY = (
    "INSERT INTO hub.tombstone (branch_id, fact_id, reason, at)"
    " SELECT %s, x, 'asked', hub.now_us() FROM (SELECT DISTINCT u.x FROM unnest(%s::uuid[]) AS u(x)) i"
    " ORDER BY x ON CONFLICT (branch_id, fact_id) DO NOTHING"
)

_MARK = (
    "INSERT INTO hub.erased_mark (branch_id, order_id, mark) SELECT %(b)s, %(o)s, m.mark FROM (VALUES"
    " (hub.contact_mark(%(b)s, 'email', %(email)s)), (hub.contact_mark(%(b)s, 'phone', %(phone)s))) m(mark)"
    " WHERE m.mark IS NOT NULL ORDER BY m.mark"
)
# What stands in the order itself: a laptop that delivered them late is told the key, and can check it.
_ORDER_MARKS = (
    "SELECT hub.hmac_sha256(hub.order_key(%(b)s, %(o)s), convert_to(m.kind || ':' || m.contact, 'UTF8'))"
    " FROM (VALUES ('email', %(email)s::text), ('phone', %(phone)s::text)) m(kind, contact)"
    " WHERE m.contact <> '' ORDER BY m.kind"
)


@dataclass(frozen=True, slots=True)
class Who:
    """Say who is meant: by the id of a sign-up, or by an address, or by a number (E.164).

    Never by both: a laptop that brings the address is told the key of the order's marks, and whoever stole it
    would try all numbers against the other one.
    """

    subject_id: UUID | None = None
    email: str = ""
    phone: str = ""

    def __post_init__(self) -> None:
        if self.email and self.phone:
            raise ValueError("two marks")


@dataclass(frozen=True, slots=True)
class Ordered:
    """Say what was erased here, and the number of the order that goes to the laptops."""

    number: int
    contacts: int
    facts: int


def find_person(url: str, who: Who, *, may_be_nobody: bool = False) -> tuple[UUID, ...]:
    """Give the sign-ups of a person, and withdrawals by their address, after all that came in was added up.

    Raises:
        UserFacingError: nobody is found, and that isn't expected; not reachable, or not allowed.
    """
    project_all(url)
    with told_plainly(), connect(url) as connection:
        return _subjects(
            connection, branch_of(connection), who, may_be_nobody=may_be_nobody, is_erasing=False
        )


def erase(
    url: str, who: Who, *, keys_dir: Path, open_keys: OpenKeys | None = None, may_be_nobody: bool = False
) -> Ordered:
    """Erase all that the centre holds about a person, and order the laptops to do the same.

    A tombstone for each fact answers *erased* to whatever brings it again. What a laptop knows about the same
    sign-up and hasn't delivered is erased by the projector when it comes, and on the laptop by the order.

    So is another sign-up with the address or number that was asked for, if its laptop captured it before it
    carried the order out, whenever and by whichever way it comes: the centre knows it by a keyed mark. With
    its next contact that laptop hears of it, erases it and makes its copies anew. `may_be_nobody` has the
    mark put down for somebody whom the centre doesn't know yet, by address or number alone.

    Whoever signs up again by their own will stays, on every laptop that had carried the order out by then, on
    one that was enrolled later (unless it comes from an earlier one's copy), and at the office. On a laptop
    that hadn't heard of it yet nobody can tell the new sign-up from an old one (no clock decides that). It is
    erased: they have to sign up once more.

    Raises:
        UserFacingError: nobody is found, or the keys aren't the branch's; then nothing was changed.
    """
    key, public = load_signing_key(keys_dir, open_keys), load_public_keys(keys_dir)
    project_all(url)
    with told_plainly(), connect(url) as connection:
        connection.execute(sql.SQL("SET LOCAL ROLE {}").format(sql.Identifier(OWNER)))
        connection.execute("SELECT set_config('synchronous_commit', 'on', true)")
        branch_id = branch_of(connection)
        # Locks the branch: two orders follow each other, and nothing is added up until the mark is there.
        pin_signing_key(connection, branch_id, public)
        subjects = _subjects(connection, branch_id, who, may_be_nobody=may_be_nobody, is_erasing=True)
        failpoint.reached("erase.after_look_up")
        facts, pieces = _facts(connection, branch_id, subjects)
        asked = {"b": branch_id, "o": new_id(), "email": email_key(who.email), "phone": who.phone}
        order = _order(connection, asked, subjects, facts)
        body = order.body()
        # The id of a subject stands for all that comes late about it: the person, and pieces of their files.
        ids = sorted({*subjects, *pieces, *(fact_id for fact_id, _hash in facts)})
        connection.execute(_BURY, [branch_id, ids])
        connection.execute("SELECT hub.clear_erased(%s, %s)", [branch_id, ids])
        connection.execute(
            "INSERT INTO hub.erase_order (branch_id, order_id, number, body, signature, facts, at)"
            " VALUES (%s, %s, %s, %s, %s, %s, hub.now_us())",
            [branch_id, order.order_id, order.number, body, sign_erase_order(key, body), len(facts)],
        )
        connection.execute(_MARK, asked)
        connection.commit()
    project_all(url)
    return Ordered(order.number, len(subjects), len(facts))


def _order(
    connection: psycopg.Connection[Any],
    asked: Mapping[str, Any],
    subjects: tuple[UUID, ...],
    facts: tuple[tuple[UUID, bytes], ...],
) -> EraseOrder:
    row = connection.execute(
        "SELECT coalesce(max(number), 0) + 1 FROM hub.erase_order WHERE branch_id = %s", [asked["b"]]
    ).fetchone()
    assert row is not None
    marks = tuple(bytes(mark) for (mark,) in connection.execute(_ORDER_MARKS, asked).fetchall())
    return EraseOrder(asked["o"], asked["b"], row[0], subjects, facts, marks)


def _subjects(
    connection: psycopg.Connection[Any], branch_id: UUID, who: Who, *, may_be_nobody: bool, is_erasing: bool
) -> tuple[UUID, ...]:
    asked = {"b": branch_id, "id": who.subject_id, "email": email_key(who.email), "phone": who.phone}
    found = tuple(row[0] for row in connection.execute(_FOUND, asked).fetchall())
    also = connection.execute(_WITHDRAWN, asked | {"found": list(found)}).fetchall()
    found += tuple(row[0] for row in also)
    # An id alone leaves no mark: without anybody behind it, it is a mistake.
    is_expected = may_be_nobody and bool(who.email or who.phone)
    if (not found and not is_expected) or len(found) > MAX_SUBJECTS:
        raise _nobody(who, is_erasing)
    return found


def _nobody(who: Who, is_erasing: bool) -> UserFacingError:
    next_step = _("Look whether it is written as it was given, and whether all laptops have sent.")
    if is_erasing and (who.email or who.phone):
        next_step += " " + _(
            "If it is right, and a laptop may still bring them, add --even-if-unknown: what arrives later is"
            " erased."
        )
    return UserFacingError(
        _("Nobody is found by this."),
        safe=_("Nothing was changed."),
        next_step=next_step,
        code="nobody_found",
    )


def _facts(
    connection: psycopg.Connection[Any], branch_id: UUID, subjects: Sequence[UUID]
) -> tuple[tuple[tuple[UUID, bytes], ...], frozenset[UUID]]:
    """Give all facts about persons, and the subjects of the pieces of their files."""
    own = connection.execute(_FACTS, [branch_id, list(subjects)]).fetchall()
    said: dict[UUID, set[str]] = {subject_id: set() for subject_id in subjects}
    for row in own:
        said[row[2]].add(row[3])
    assert all(map(is_person, said.values()))
    found = {(row[0], bytes(row[1])) for row in own}
    pieces = files_of(fact for row in own if (fact := _fact(row[4])) is not None)
    for fact_id, content_hash, _subject, kind, _body in connection.execute(
        _FACTS, [branch_id, list(pieces)]
    ).fetchall():
        if kind == kinds.FILE_CHUNK:
            found.add((fact_id, bytes(content_hash)))
    for fact_id, content_hash, body in connection.execute(_COMPARED, [branch_id, kinds.COMPARED]).fetchall():
        fact = _fact(body)
        if fact is not None and named_beside(fact) in said:
            found.add((fact_id, bytes(content_hash)))
    return tuple(sorted(found)), pieces - _known_otherwise(connection, branch_id, pieces)


def _known_otherwise(
    connection: psycopg.Connection[Any], branch_id: UUID, pieces: frozenset[UUID]
) -> frozenset[UUID]:
    """Give the subjects that somebody named as pieces of a file and that are something else."""
    rows = connection.execute(_FACTS, [branch_id, list(pieces)]).fetchall()
    return frozenset(row[2] for row in rows if row[3] != kinds.FILE_CHUNK)


def _fact(body: bytes) -> Fact | None:
    try:
        return decode(bytes(body))
    except BadFactError:
        return None
