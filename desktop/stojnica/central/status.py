"""What the centre knows of each laptop: announced, delivered, owed; and what waits at the centre itself."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from psycopg.rows import class_row

from stojnica.central.branch import branch_of
from stojnica.central.connect import connect, told_plainly
from stojnica.i18n import gettext as _
from stojnica.i18n import ngettext

# A life more than one begins where a copy was opened or met, also when nothing of the old one gave it away.
# Owed is counted life by life: a file that was copied or went back never hides what another life still owes.
# Several lives may announce, out of malice, more than a number holds: that must not hide the other laptops.
# A laptop that is enrolled anew is another device with the same lives of its file, and can't deliver again
# what it has purged: what came of a life counts, whichever device brought it. Nobody else knows its id.
# A copy of a file counts in the same numbers, and its twin's would hide what it owes: as long as the very
# fact at its head hasn't come, it owes one at least. How many more nobody can tell before they come.
_LAPTOPS = """
WITH came AS (
    SELECT l.device_id, l.incarnation, count(DISTINCT d.seq) AS numbers,
        bool_or(d.seq = l.announced AND d.content_hash = l.announced_hash) AS has_head
    FROM hub.life l
    JOIN hub.life o ON o.branch_id = %(branch)s AND o.incarnation = l.incarnation
    JOIN hub.delivery d ON d.branch_id = %(branch)s AND d.device_id = o.device_id
        AND d.incarnation = o.incarnation AND d.seq <= l.announced
    WHERE l.branch_id = %(branch)s
    GROUP BY l.device_id, l.incarnation
)
SELECT v.device_id, v.name, v.program, v.last_seen, v.revoked AS is_revoked,
    v.public_key IS NOT NULL AS is_enrolled,
    least(coalesce(lives.announced, 0), 9223372036854775807)::bigint AS announced,
    least(coalesce(lives.owed, 0), 9223372036854775807)::bigint AS owed,
    coalesce(lives.copies, 0)::integer AS copies,
    (SELECT count(*) FROM hub.delivery d WHERE d.branch_id = %(branch)s AND d.device_id = v.device_id)
        AS delivered,
    coalesce(r.code, '') AS receipt_code, r.facts AS receipt_facts, r.contacts AS receipt_contacts,
    r.at AS receipt_at, coalesce(r.extra, 0) AS extra
FROM hub.device v
LEFT JOIN LATERAL (
    SELECT sum(l.announced) AS announced,
        sum(greatest(l.announced - coalesce(came.numbers, 0), CASE WHEN l.announced > 0
            AND octet_length(l.announced_hash) = 32 AND NOT coalesce(came.has_head, false)
            THEN 1 ELSE 0 END)) AS owed,
        greatest(count(*) FILTER (WHERE l.is_copied), count(*) - 1) AS copies
    FROM hub.life l
    LEFT JOIN came ON came.device_id = l.device_id AND came.incarnation = l.incarnation
    WHERE l.branch_id = %(branch)s AND l.device_id = v.device_id
) lives ON true
LEFT JOIN LATERAL (
    SELECT t.code, t.facts, t.contacts, t.at, t.extra FROM hub.receipt t
    WHERE t.branch_id = %(branch)s AND t.device_id = v.device_id
    ORDER BY t.at DESC, t.receipt_id DESC LIMIT 1
) r ON true
WHERE v.branch_id = %(branch)s AND v.kind = 'laptop'
ORDER BY v.name, v.device_id
"""
_REST = """
SELECT b.name,
    (SELECT count(*) FROM hub.signup p WHERE p.branch_id = %(branch)s AND NOT p.is_voided),
    (SELECT coalesce(sum(cardinality(i.fact_ids)), 0) FROM hub.inbox i WHERE i.branch_id = %(branch)s),
    (SELECT count(*) FROM hub.quarantine q WHERE q.branch_id = %(branch)s),
    (SELECT coalesce(max(g.version), 0) FROM hub.briefing g WHERE g.branch_id = %(branch)s)
FROM hub.branch b WHERE b.branch_id = %(branch)s
"""


@dataclass(frozen=True, slots=True)
class LaptopStatus:
    """Hold one laptop; instants are µs UTC by the server's clock, numbers are records.

    `extra`: records that the centre holds of it and the laptop, at its last receipt, didn't. `copies`: how
    often another file like its own was met, or its own had been set back.
    """

    device_id: UUID
    name: str
    program: str
    last_seen: int | None
    is_revoked: bool
    is_enrolled: bool
    announced: int
    owed: int
    copies: int
    delivered: int
    receipt_code: str
    receipt_facts: int | None
    receipt_contacts: int | None
    receipt_at: int | None
    extra: int


@dataclass(frozen=True, slots=True)
class CentralStatus:
    """Hold the whole picture of one branch."""

    branch_id: UUID
    branch_name: str
    laptops: tuple[LaptopStatus, ...]
    contacts: int
    waiting: int
    quarantined: int
    briefing_version: int

    def as_json(self) -> dict[str, Any]:
        """Give it in values that JSON can hold."""
        return {
            "branch_id": str(self.branch_id),
            "branch": self.branch_name,
            "contacts": self.contacts,
            "waiting": self.waiting,
            "quarantined": self.quarantined,
            "briefing_version": self.briefing_version,
            "laptops": [
                {
                    "device_id": str(item.device_id),
                    "name": item.name,
                    "program": item.program,
                    "last_seen": item.last_seen,
                    "revoked": item.is_revoked,
                    "enrolled": item.is_enrolled,
                    "announced": item.announced,
                    "delivered": item.delivered,
                    "owed": item.owed,
                    "copies": item.copies,
                    "extra": item.extra,
                    "code": item.receipt_code,
                    "confirmed_facts": item.receipt_facts,
                    "confirmed_contacts": item.receipt_contacts,
                    "confirmed_at": item.receipt_at,
                }
                for item in self.laptops
            ],
        }

    def lines(self, written_moment: Callable[[int], str]) -> list[str]:
        """Give it as lines of text; `written_moment` writes an instant (µs UTC) in words."""
        found = [_("Briefing: version {version}").format(version=self.briefing_version)]
        if not self.laptops:
            found.append(_("No laptop is enrolled yet."))
        found += [_line(item, written_moment) for item in self.laptops]
        text = ngettext(
            "{count} contact is at the office", "{count} contacts are at the office", self.contacts
        )
        found.append(text.format(count=self.contacts))
        if self.waiting:
            text = ngettext(
                "{count} record waits to be added up: `stojnica central project` does it.",
                "{count} records wait to be added up: `stojnica central project` does it.",
                self.waiting,
            )
            found.append(text.format(count=self.waiting))
        if self.quarantined:
            text = ngettext(
                "{count} record is set aside and needs a look.",
                "{count} records are set aside and need a look.",
                self.quarantined,
            )
            found.append(text.format(count=self.quarantined))
        return found


def central_status(url: str) -> CentralStatus:
    """Read the picture in one go.

    Raises:
        UserFacingError: not reachable, not allowed, or not a database of ours.
    """
    with told_plainly(), connect(url) as connection:
        branch_id = branch_of(connection)
        names = {"branch": branch_id}
        with connection.cursor(row_factory=class_row(LaptopStatus)) as cursor:
            laptops = tuple(cursor.execute(_LAPTOPS.encode(), names).fetchall())
        rest = connection.execute(_REST.encode(), names).fetchone()
        assert rest is not None
    name, contacts, waiting, quarantined, version = rest
    return CentralStatus(branch_id, name, laptops, contacts, waiting, quarantined, version)


def _line(item: LaptopStatus, written_moment: Callable[[int], str]) -> str:
    parts = [item.name]
    if item.is_revoked:
        parts.append(_("shut out"))
    if item.last_seen is None and not item.delivered:
        parts.append(_("never connected"))
        return " · ".join(parts)
    # What it wrote during the sending itself, like a confirmed erasure, is announced the next time.
    announced = max(item.announced, item.delivered)
    text = ngettext("{delivered} of {announced} record", "{delivered} of {announced} records", announced)
    parts.append(text.format(delivered=item.delivered, announced=announced))
    if item.owed:
        text = ngettext("{count} record is owed", "{count} records are owed", item.owed)
        parts.append(text.format(count=item.owed))
    if item.receipt_at is not None:
        text = ngettext("{count} contact confirmed", "{count} contacts confirmed", item.receipt_contacts or 0)
        parts += [text.format(count=item.receipt_contacts or 0), item.receipt_code]
    if item.copies or item.extra:
        parts.append(_("a copy of it is about, or it was set back"))
    if item.program:
        parts.append(item.program)
    if item.last_seen is None:
        parts.append(_("only by stick so far"))
        return " · ".join(parts)
    parts.append(_("last seen {when}").format(when=written_moment(item.last_seen)))
    return " · ".join(parts)
