"""What was on a laptop that is gone, as far as the centre knows: for the report that the law asks for."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from stojnica.central.branch import branch_of
from stojnica.central.connect import connect, told_plainly
from stojnica.central.revoke import laptop_named
from stojnica.domain.erase_order import order_from

# By the moment that the laptop's own clock gave each fact: it was on that laptop from then on.
_KINDS = """
SELECT f.kind, count(*) FROM hub.delivery v
JOIN hub.fact f ON f.branch_id = %(branch)s AND f.fact_id = v.fact_id AND f.content_hash = v.content_hash
WHERE v.branch_id = %(branch)s AND v.device_id = %(device)s AND f.captured_at <= %(until)s
GROUP BY f.kind ORDER BY f.kind
"""
# A contact counts when the fact that began it came from this laptop; voided ones are on it all the same.
_CONTACTS = """
SELECT count(*), count(*) FILTER (WHERE p.first_name <> '' OR p.last_name <> ''),
    count(*) FILTER (WHERE p.email <> ''), count(*) FILTER (WHERE p.phone <> ''),
    count(*) FILTER (WHERE p.town <> '' OR p.post_code <> ''), count(*) FILTER (WHERE p.guardian <> ''),
    count(*) FILTER (WHERE p.remark <> '' OR EXISTS (SELECT FROM hub.question q
        WHERE q.branch_id = %(branch)s AND q.subject_id = p.subject_id))
FROM hub.signup p
WHERE p.branch_id = %(branch)s AND p.captured_at <= %(until)s AND EXISTS (
    SELECT FROM hub.fact f JOIN hub.delivery v
        ON v.branch_id = %(branch)s AND v.device_id = %(device)s
        AND v.fact_id = f.fact_id AND v.content_hash = f.content_hash
    WHERE f.branch_id = %(branch)s AND f.subject_id = p.subject_id AND f.kind = 'signed_up')
"""
# What a laptop erased by itself, with its copies, it doesn't have any more.
_ERASED = """
SELECT v.fact_id FROM hub.delivery v
JOIN hub.tombstone t ON t.branch_id = %(branch)s AND t.fact_id = v.fact_id
WHERE v.branch_id = %(branch)s AND v.device_id = %(device)s AND t.device_id IS DISTINCT FROM %(device)s
"""
_CARRIED_OUT = """
SELECT o.body FROM hub.erase_done e
JOIN hub.erase_order o ON o.branch_id = %(branch)s AND o.order_id = e.order_id
WHERE e.branch_id = %(branch)s AND e.device_id = %(device)s AND e.are_copies_new
"""
_DEVICE = """
SELECT v.last_seen, v.revoked, v.program, least(coalesce(sum(greatest(l.announced - came.numbers,
    CASE WHEN l.announced > 0 AND octet_length(l.announced_hash) = 32 AND NOT coalesce(came.has_head, false)
        THEN 1 ELSE 0 END)), 0), 9223372036854775807)::bigint
FROM hub.device v
LEFT JOIN hub.life l ON l.branch_id = %(branch)s AND l.device_id = v.device_id
LEFT JOIN LATERAL (
    SELECT count(DISTINCT d.seq) AS numbers,
        bool_or(d.seq = l.announced AND d.content_hash = l.announced_hash) AS has_head
    FROM hub.life o
    JOIN hub.delivery d ON d.branch_id = %(branch)s AND d.device_id = o.device_id
        AND d.incarnation = o.incarnation AND d.seq <= l.announced
    WHERE o.branch_id = %(branch)s AND o.incarnation = l.incarnation
) came ON true
WHERE v.branch_id = %(branch)s AND v.device_id = %(device)s
GROUP BY v.last_seen, v.revoked, v.program
"""


@dataclass(frozen=True, slots=True)
class ContactsThere:
    """Count the contacts on a laptop, and how many of them hold which kind of data."""

    all: int
    names: int
    emails: int
    phones: int
    places: int
    guardians: int
    messages: int


@dataclass(frozen=True, slots=True)
class LaptopContents:
    """Hold what was on a laptop at a moment; instants are µs UTC.

    `until` is compared with the laptop's clock. `records` counts facts by kind; `owed` were announced and
    never came, and what was captured after `last_seen` (the server's clock) isn't known to anybody. Counts
    are the most that it can have been. What the laptop has purged is still counted: it accounts to the centre
    for stubs as for facts, so that a proof holds, and doesn't say which are which. `erased` are those that it
    may hold, because it hasn't confirmed that.
    """

    device_id: UUID
    name: str
    until: int
    last_seen: int | None
    is_shut_out: bool
    program: str
    records: tuple[tuple[str, int], ...]
    contacts: ContactsThere
    owed: int
    erased: int

    @property
    def delivered(self) -> int:
        """Count the records of that moment that are at the centre."""
        return sum(count for _kind, count in self.records)


def laptop_contents(url: str, name: str, until_us: int) -> LaptopContents:
    """Count what a laptop held at a moment, by kind and by data; no name of a person is read.

    Raises:
        UserFacingError: there is no such laptop, or more than one; not reachable, or not allowed.
    """
    with told_plainly(), connect(url) as connection:
        connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        branch_id = branch_of(connection)
        laptop = laptop_named(connection, branch_id, name)
        values: dict[str, Any] = {"branch": branch_id, "device": laptop.device_id, "until": until_us}
        device = connection.execute(_DEVICE, values).fetchone()
        records = connection.execute(_KINDS, values).fetchall()
        contacts = connection.execute(_CONTACTS, values).fetchone()
        erased = {row[0] for row in connection.execute(_ERASED, values)}
        for row in connection.execute(_CARRIED_OUT, values):
            erased -= {fact_id for fact_id, _hash in order_from(row[0]).facts}
    assert device is not None
    assert contacts is not None
    return LaptopContents(
        device_id=laptop.device_id,
        name=laptop.name,
        until=until_us,
        last_seen=device[0],
        is_shut_out=device[1],
        program=device[2],
        records=tuple((row[0], row[1]) for row in records),
        contacts=ContactsThere(*contacts),
        owed=device[3],
        erased=len(erased),
    )
