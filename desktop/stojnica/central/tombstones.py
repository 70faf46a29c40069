"""The list of what was erased, beside the backups: without it an old backup would bring people back.

It holds ids, orders and which laptop carried them out, and nothing of a person. It only ever grows: what an
older list of the same database knew is kept, even when that database itself has gone back to a backup.
"""

import json
import os
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any
from uuid import UUID

import psycopg
from psycopg import sql

from stojnica.central.branch import server_of
from stojnica.central.roles import OWNER
from stojnica.domain.errors import UserFacingError
from stojnica.i18n import gettext as _
from stojnica.on_disk import begin_part, settle

SUFFIX = ".tombstones.json"
MAX_LIST_BYTES = 256 * 1024 * 1024
KIND = "stojnica tombstones"
# One row each, as text that sorts: branch and id come first.
_READ = {
    "tombstones": "SELECT branch_id::text, fact_id::text, reason, at, device_id::text FROM hub.tombstone",
    "orders": "SELECT branch_id::text, order_id::text, number, encode(body, 'hex'), encode(signature, 'hex'),"
    " facts, at FROM hub.erase_order",
    "done": "SELECT branch_id::text, order_id::text, device_id::text, facts, are_copies_new, at"
    " FROM hub.erase_done",
    "marks": "SELECT branch_id::text, order_id::text, encode(mark, 'hex') FROM hub.erased_mark",
    "heard": "SELECT branch_id::text, order_id::text, device_id::text, incarnation::text, seq"
    " FROM hub.erase_heard",
    "old": "SELECT branch_id::text, order_id::text, device_id::text, fact_id::text FROM hub.erase_old",
    "stated": "SELECT branch_id::text, device_id::text, statement_id::text, encode(body, 'hex'),"
    " encode(signature, 'hex'), at FROM hub.stated_erased",
    "late": "SELECT branch_id::text, order_id::text, fact_id::text, subject_id::text, at"
    " FROM hub.erased_late",
    "late_done": "SELECT branch_id::text, subject_id::text, device_id::text, at FROM hub.erased_late_done",
}
# A mark has nothing but its key: who knows an address and not the key can't make it.
_MARKS = "marks"
_IDS = {
    "tombstones": 2,
    "orders": 2,
    "done": 3,
    _MARKS: 2,
    "heard": 4,
    "old": 4,
    "stated": 3,
    "late": 3,
    "late_done": 3,
}
# Lists of before there were such have none.
_CAME_LATER = frozenset({_MARKS, "heard", "old", "stated", "late", "late_done"})
_WRITE = {
    "tombstones": "INSERT INTO hub.tombstone (branch_id, fact_id, reason, at, device_id)"
    " VALUES (%s, %s, %s, %s, %s) ON CONFLICT (branch_id, fact_id) DO NOTHING",
    "orders": "INSERT INTO hub.erase_order (branch_id, order_id, number, body, signature, facts, at)"
    " VALUES (%s, %s, %s, decode(%s, 'hex'), decode(%s, 'hex'), %s, %s)"
    " ON CONFLICT (branch_id, order_id) DO NOTHING",
    "done": "INSERT INTO hub.erase_done (branch_id, order_id, device_id, facts, are_copies_new, at)"
    " VALUES (%s, %s, %s, %s, %s, %s) ON CONFLICT (branch_id, order_id, device_id) DO NOTHING",
    "marks": "INSERT INTO hub.erased_mark (branch_id, order_id, mark)"
    " VALUES (%s, %s, decode(%s, 'hex')) ON CONFLICT (branch_id, order_id, mark) DO NOTHING",
    "heard": "INSERT INTO hub.erase_heard (branch_id, order_id, device_id, incarnation, seq)"
    " VALUES (%s, %s, %s, %s, %s) ON CONFLICT (branch_id, order_id, device_id, incarnation) DO NOTHING",
    "old": "INSERT INTO hub.erase_old (branch_id, order_id, device_id, fact_id)"
    " VALUES (%s, %s, %s, %s) ON CONFLICT (branch_id, order_id, device_id, fact_id) DO NOTHING",
    "stated": "INSERT INTO hub.stated_erased (branch_id, device_id, statement_id, body, signature, at)"
    " VALUES (%s, %s, %s, decode(%s, 'hex'), decode(%s, 'hex'), %s)"
    " ON CONFLICT (branch_id, device_id, statement_id) DO NOTHING",
    "late": "INSERT INTO hub.erased_late (branch_id, order_id, fact_id, subject_id, at)"
    " VALUES (%s, %s, %s, %s, %s) ON CONFLICT (branch_id, order_id, fact_id) DO NOTHING",
    "late_done": "INSERT INTO hub.erased_late_done (branch_id, subject_id, device_id, at)"
    " VALUES (%s, %s, %s, %s) ON CONFLICT (branch_id, subject_id, device_id) DO NOTHING",
}
Rows = dict[str, list[list[Any]]]


def write_list(connection: psycopg.Connection[Any], folder: Path) -> Path:
    """Write the list of a database into the folder of its backups; give the file.

    Raises:
        UserFacingError: it can't be written there, or what lies there can't be read.
    """
    server_id = server_of(connection)
    path = folder / f"stojnica-{server_id.hex[-8:]}{SUFFIX}"
    older = _read(path, server_id) if path.exists() else None
    found: Rows = {}
    for name, question in _READ.items():
        known = {_row_key(name, row): row for row in (older or {}).get(name, [])}
        rows = [list(row) for row in connection.execute(question.encode()).fetchall()]
        found[name] = sorted((known | {_row_key(name, row): row for row in rows}).values(), key=str)
    document = {"kind": KIND, "format": 1, "server_id": str(server_id), **found}
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        _replace(path, json.dumps(document, separators=(",", ":")).encode())
    except OSError as error:
        raise UserFacingError(
            _("The list of what was erased can't be written to {folder}.").format(folder=folder),
            safe=_("The database itself is as it should be."),
            next_step=_("Choose a folder that you may write to, with enough room."),
            code="unwritable_file",
        ) from error
    return path


def lists_for(file: Path, given: Path | None, *, may_lack: bool) -> list[Path]:
    """Give the lists to apply after a restore: the one that was named, or those that lie beside the backup.

    Raises:
        UserFacingError: there is none, and nobody said that it may be so.
    """
    if given is not None:
        return [given]
    found = sorted(file.parent.glob(f"*{SUFFIX}"))
    if not found and not may_lack:
        raise _no_list()
    return found


def apply_lists(connection: psycopg.Connection[Any], paths: list[Path], *, may_lack: bool) -> int:
    """Erase in a restored database what was erased since; gives how many bodies went.

    Raises:
        UserFacingError: no list is about this database, or one can't be read.
    """
    server_id = server_of(connection)
    lists = [found for path in paths if (found := _read(path, server_id)) is not None]
    if not lists and not may_lack:
        raise _no_list()
    gone = 0
    with connection.transaction():
        connection.execute(sql.SQL("SET LOCAL ROLE {}").format(sql.Identifier(OWNER)))
        for found in lists:
            for name, statement in _WRITE.items():
                with connection.cursor() as cursor:
                    cursor.executemany(statement.encode(), found[name])
        for (branch_id,) in connection.execute("SELECT branch_id FROM hub.branch").fetchall():
            row = connection.execute(
                "SELECT hub.clear_erased(%(b)s, ARRAY(SELECT t.fact_id FROM hub.tombstone t"
                " WHERE t.branch_id = %(b)s))",
                {"b": branch_id},
            ).fetchone()
            gone += row[0] if row else 0
    return gone


def _read(path: Path, server_id: UUID) -> Rows | None:
    """Give the rows of a list; None when it is another database's."""
    try:
        if path.stat().st_size > MAX_LIST_BYTES:
            raise ValueError("size")
        document = json.loads(path.read_bytes())
        if document["kind"] != KIND or document["format"] != 1:
            raise ValueError("kind")
        if document["server_id"] != str(server_id):
            return None
        return {name: _checked(document, name) for name in _READ}
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise UserFacingError(
            _("The list of what was erased can't be read: {file}").format(file=path.name),
            safe=_("Nothing was changed."),
            next_step=_("Take another copy of it."),
            code="bad_tombstones",
        ) from error


def _row_key(name: str, row: list[Any]) -> tuple[Any, ...]:
    return tuple(row) if name == _MARKS else tuple(row[: _IDS[name]])


def _checked(document: Mapping[str, Any], name: str) -> list[list[Any]]:
    rows = document.get(name, []) if name in _CAME_LATER else document[name]
    width = _WRITE[name].count("%s")
    if not isinstance(rows, list) or any(not isinstance(row, list) or len(row) != width for row in rows):
        raise ValueError(name)
    for row in rows:
        for value in row[: _IDS[name]]:
            UUID(value)
    return rows


def _replace(path: Path, content: bytes) -> None:
    part = path.with_name(path.name + ".part")
    file = begin_part(part)
    try:
        with file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    except BaseException:
        with suppress(OSError):
            part.unlink()
        raise
    settle(path)


def _no_list() -> UserFacingError:
    return UserFacingError(
        _("The list of what was erased isn't beside the backup: people who were erased could come back."),
        safe=_("Nothing was changed."),
        next_step=_(
            "Put the newest file *.tombstones.json beside the backup, or name it with --tombstones FILE. "
            "Only if nobody was ever erased: --without-tombstones."
        ),
        code="no_tombstones",
    )
