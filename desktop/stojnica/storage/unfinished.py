"""Forms that were given up by a crash or a lock: what goes of them with a person, and with the day."""

from collections.abc import Collection, Mapping
from typing import Any
from uuid import UUID

from sqlalchemy.engine import Connection

from stojnica.domain.duplicate import email_key
from stojnica.storage.left_in_files import note_left
from stojnica.storage.memory import forget, recall, remember

UNFINISHED = "unfinished_contacts"
UNFINISHED_VISIT = "unfinished_group_visit"
LONGEST_US = 12 * 3_600 * 1_000_000
"""Nobody has agreed to anything yet: what wasn't finished on the same day is let go."""
_STALE = "unfinished"
Entry = Mapping[str, Any]


def write_unfinished(connection: Connection, entries: list[Entry]) -> None:
    """Keep these contacts, in place of what was kept before."""
    if entries:
        remember(connection, UNFINISHED, entries)
    else:
        forget(connection, UNFINISHED)


def drop_unfinished_about(connection: Connection, subject_id: UUID, emails: Collection[str]) -> None:
    """Forget every form in which a person stands: as this contact, or with one of these addresses."""
    keys = {key for email in emails if (key := email_key(email))}
    kept, visit = _kept(connection)
    left = [
        item
        for item in kept
        if item["subject"] != str(subject_id) and email_key(item.get("email", "")) not in keys
    ]
    if len(left) != len(kept):
        write_unfinished(connection, left)
    if visit is not None and (
        email_key(visit["teacher"]["email"]) in keys
        or str(subject_id) in (visit["teacher_id"], visit["known_teacher"])
    ):
        forget(connection, UNFINISHED_VISIT)


def has_stale_unfinished(connection: Connection, now_us: int) -> bool:
    """Tell whether a form of another day lies there, which is offered to nobody."""
    kept, visit = _kept(connection)
    return any(_is_stale(item, now_us) for item in (*kept, *([visit] if visit else [])))


def drop_stale_unfinished(connection: Connection, now_us: int) -> None:
    """Forget forms of another day; in the caller's transaction."""
    kept, visit = _kept(connection)
    write_unfinished(connection, [item for item in kept if not _is_stale(item, now_us)])
    if visit is not None and _is_stale(visit, now_us):
        forget(connection, UNFINISHED_VISIT)
    note_left(connection, _STALE)


def _kept(connection: Connection) -> tuple[list[Entry], Entry | None]:
    return recall(connection, UNFINISHED, []), recall(connection, UNFINISHED_VISIT)


def _is_stale(item: Entry, now_us: int) -> bool:
    at_us: int = item["at_us"]
    return abs(now_us - at_us) >= LONGEST_US
