"""What the projector set aside: which fact, whose, since when and why, without a word of what is in it."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

import psycopg
from psycopg import sql

from stojnica.central.branch import branch_of
from stojnica.central.connect import connect, told_plainly
from stojnica.central.projector import project_all
from stojnica.central.roles import OWNER
from stojnica.domain import kinds
from stojnica.domain.errors import UserFacingError
from stojnica.domain.ids import NIL
from stojnica.i18n import gettext as _

PAGE = 200
_BATCH = 500
# A laptop may call its facts what it likes: only kinds that exist are shown, as no text of its own is.
_KNOWN_KINDS = kinds.STAND_KINDS | kinds.OFFICE_KINDS | kinds.OFFICE_NOTES
_LIST = """
SELECT q.fact_id, q.content_hash, q.reason, q.at, coalesce(f.kind, ''),
    coalesce(came.names, '{}'), came.first_at
FROM (
    SELECT fact_id, content_hash, reason, at FROM hub.quarantine
    WHERE branch_id = %(branch)s AND (fact_id, content_hash) > (%(after)s::uuid, %(hash)s::bytea)
    ORDER BY fact_id, content_hash LIMIT %(limit)s
) q
LEFT JOIN hub.fact f
    ON f.branch_id = %(branch)s AND f.fact_id = q.fact_id AND f.content_hash = q.content_hash
LEFT JOIN LATERAL (
    SELECT array_agg(v.name ORDER BY d.received_at, v.device_id) AS names, min(d.received_at) AS first_at
    FROM hub.device v
    JOIN hub.delivery d ON d.branch_id = %(branch)s AND d.device_id = v.device_id
        AND d.fact_id = q.fact_id AND d.content_hash = q.content_hash
    WHERE v.branch_id = %(branch)s
) came ON true
ORDER BY q.fact_id, q.content_hash
"""
_COUNT = "SELECT count(*) FROM hub.quarantine WHERE branch_id = %s"
# In rows like those of pushes, made on the server: nothing of it comes here.
_AGAIN = f"""
INSERT INTO hub.inbox (branch_id, inbox_id, fact_ids, hashes, subject_ids, received_at)
SELECT %(branch)s, gen_random_uuid(), array_agg(n.fact_id), array_agg(n.content_hash),
    array_agg(n.subject_id), hub.now_us()
FROM (
    SELECT q.fact_id, q.content_hash, q.subject_id,
        (row_number() OVER (ORDER BY q.fact_id, q.content_hash) - 1) / {_BATCH} AS part
    FROM hub.quarantine q WHERE q.branch_id = %(branch)s
) n GROUP BY n.part
"""


@dataclass(frozen=True, slots=True)
class SetAside:
    """Hold one fact; `came_at` and `set_aside_at` are µs UTC by the server's clock.

    `reason` is the projector's constant word, `kind` is empty unless it is one that exists, and `laptops` are
    the names of the devices that brought it, the first one first.
    """

    fact_id: UUID
    content_hash: bytes
    kind: str
    laptops: tuple[str, ...]
    came_at: int | None
    set_aside_at: int
    reason: str

    @property
    def short_id(self) -> str:
        """Give the part of the id that differs from the next one's; the beginning is the time."""
        return self.fact_id.hex[-12:]

    @property
    def cursor(self) -> str:
        """Give what the next page starts after."""
        return f"{self.fact_id}/{self.content_hash.hex()}"


@dataclass(frozen=True, slots=True)
class Page:
    """Hold a part of the list; `following` is the cursor of the next part, or empty at the end."""

    facts: tuple[SetAside, ...]
    total: int
    following: str


@dataclass(frozen=True, slots=True)
class Retried:
    """Say how many facts were looked at once more, and how many of them count now."""

    tried: int
    counting: int


def quarantine_page(url: str, *, after: str = "", limit: int = PAGE) -> Page:
    """Read one part of the list, in the order of ids.

    Raises:
        UserFacingError: the cursor is none of ours; not reachable, not allowed, or not a database of ours.
    """
    fact_id, digest = _position(after)
    with told_plainly(), connect(url, autocommit=True) as connection:
        branch_id = branch_of(connection)
        names = {"branch": branch_id, "after": fact_id, "hash": digest, "limit": limit + 1}
        rows = connection.execute(_LIST, names).fetchall()
        total = _count(connection, branch_id)
    facts = tuple(
        SetAside(
            fact_id=row[0],
            content_hash=bytes(row[1]),
            kind=row[4] if row[4] in _KNOWN_KINDS else "",
            laptops=tuple(row[5]),
            came_at=row[6],
            set_aside_at=row[3],
            reason=row[2],
        )
        for row in rows[:limit]
    )
    return Page(facts, total, facts[-1].cursor if len(rows) > limit else "")


def retry_quarantine(url: str) -> Retried:
    """Let the projector look at everything that is set aside once more.

    Raises:
        UserFacingError: not reachable, not allowed, or not a database of ours.
    """
    with told_plainly(), connect(url) as connection:
        connection.execute(sql.SQL("SET LOCAL ROLE {}").format(sql.Identifier(OWNER)))
        branch_id = branch_of(connection)
        before = _count(connection, branch_id)
        connection.execute(_AGAIN.encode(), {"branch": branch_id})
    project_all(url)
    with told_plainly(), connect(url, autocommit=True) as connection:
        return Retried(before, max(0, before - _count(connection, branch_id)))


def reason_in_words(reason: str) -> str:
    """Say why a fact was set aside, for people; takes the projector's constant word."""
    word = reason.partition(":")[0]
    texts = {
        "author": _("who brought it may not say this, or what it belongs to hasn't arrived yet"),
        "hash": _("its content was damaged at the centre"),
        "copies": _("what stands beside its content says something else"),
        "body": _("its content can't be read"),
        "projection": _("its content doesn't fit into the lists"),
    }
    return texts.get(word, _("the reason isn't known to this version"))


def _position(after: str) -> tuple[UUID, bytes]:
    if not after:
        return NIL, b""
    fact_id, _slash, digest = after.partition("/")
    try:
        return UUID(fact_id), bytes.fromhex(digest)
    except ValueError as error:
        raise UserFacingError(
            _("There is no such place in the list."),
            safe=_("Nothing was changed."),
            next_step=_("Give --after what the page before it ended with."),
            code="cursor",
        ) from error


def _count(connection: psycopg.Connection[Any], branch_id: UUID) -> int:
    row = connection.execute(_COUNT, [branch_id]).fetchone()
    assert row is not None
    return int(row[0])
