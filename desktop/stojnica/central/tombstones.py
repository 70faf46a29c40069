"""The list beside the backups: without it an old one would bring people back, and let a stolen laptop in.

It says what was erased and who was shut out: ids, orders and which laptop carried them out, and nothing of a
person. It only ever grows: what an older list of the same database knew is kept, even when that database
itself has gone back to a backup.

It isn't signed, and nor is the backup: whoever may write to their folder can do more than that. So a list can
only take away. It erases, and shuts out laptops of this database by their ids; it lets nobody in.
"""

import json
import os
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO
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
    "revoked": "SELECT branch_id::text, device_id::text FROM hub.device WHERE kind = 'laptop' AND revoked",
}
# A mark has nothing but its key: who knows an address and not the key can't make it.
_MARKS = "marks"
_REVOKED = "revoked"
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
    _REVOKED: 2,
}
# Lists of before there were such have none.
_CAME_LATER = frozenset({_MARKS, "heard", "old", "stated", "late", "late_done", _REVOKED})
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
# By id, never by name: who was enrolled anew stays let in. No role comes from a list, only from the database.
_LISTED = (
    "ROWS FROM (unnest(%s::uuid[]), unnest(%s::uuid[])) AS i(branch_id, device_id)"
    " WHERE v.branch_id = i.branch_id AND v.device_id = i.device_id AND v.kind = 'laptop' AND NOT v.revoked"
)
_SHUT_OUT = f"UPDATE hub.device v SET revoked = true FROM {_LISTED} RETURNING v.name"
_STILL_IN = f"SELECT DISTINCT v.name, v.device_id FROM hub.device v, {_LISTED}"
_STILL_HERE = (
    "SELECT count(*) FROM hub.fact f WHERE (f.branch_id, f.fact_id) IN"
    " (SELECT i.branch_id, i.fact_id FROM ROWS FROM (unnest(%s::uuid[]), unnest(%s::uuid[]))"
    " AS i(branch_id, fact_id))"
)
# Two who write the list follow each other, so that neither forgets what the other one knows; others go on.
_ONE_BY_ONE = "LOCK TABLE hub.backup IN SHARE UPDATE EXCLUSIVE MODE"
Rows = dict[str, list[list[Any]]]


@dataclass(frozen=True, slots=True)
class Listed:
    """Hold what a file says, by part."""

    file: str
    rows: Rows


@dataclass(frozen=True, slots=True)
class Applied:
    """Say what lists took away: how many records, and which laptops that the backup let in."""

    erased: int = 0
    shut_out: tuple[str, ...] = ()


def write_list(connection: psycopg.Connection[Any], folder: Path) -> Path:
    """Write the list of a database into the folder of its backups; give the file.

    Raises:
        UserFacingError: it can't be written there, or what lies there can't be read.
    """
    server_id = server_of(connection)
    path = folder / f"stojnica-{server_id.hex[-8:]}{SUFFIX}"
    with connection.transaction():
        connection.execute(_ONE_BY_ONE)
        older = _read(path, server_id, safe=_database_is_sound()) if path.exists() else None
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
                _("The list of what was erased and who was shut out can't be written to {folder}.").format(
                    folder=folder
                ),
                safe=_database_is_sound(),
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


def read_lists(connection: psycopg.Connection[Any], paths: Sequence[Path], *, may_lack: bool) -> list[Listed]:
    """Read those lists that are about a database that was restored.

    Raises:
        UserFacingError: none is, and nobody said that it may be so; or one can't be read.
    """
    server_id = server_of(connection)
    read = [(path.name, _read(path, server_id, safe=_unchanged())) for path in paths]
    lists = [Listed(name, rows) for name, rows in read if rows is not None]
    if not lists and not may_lack:
        raise _no_list()
    return lists


def apply_lists(connection: psycopg.Connection[Any], lists: Sequence[Listed]) -> Applied:
    """Erase in a restored database what was erased since, and shut out who was shut out since.

    Logins aren't touched here: those of laptops that are shut out must not be opened afterwards.

    Raises:
        UserFacingError: a list holds what no database of ours wrote.
    """
    gone = 0
    shut_out: list[str] = []
    with connection.transaction():
        connection.execute(sql.SQL("SET LOCAL ROLE {}").format(sql.Identifier(OWNER)))
        for one in lists:
            try:
                for part, statement in _WRITE.items():
                    with connection.cursor() as cursor:
                        cursor.executemany(statement.encode(), one.rows[part])
            except (psycopg.DataError, psycopg.IntegrityError, psycopg.errors.DatatypeMismatch) as error:
                raise _bad_list(one.file, _unchanged()) from error
            rows = connection.execute(_SHUT_OUT.encode(), _columns(one.rows[_REVOKED])).fetchall()
            shut_out += [name for (name,) in rows]
        for (branch_id,) in connection.execute("SELECT branch_id FROM hub.branch").fetchall():
            row = connection.execute(
                "SELECT hub.clear_erased(%(b)s, ARRAY(SELECT t.fact_id FROM hub.tombstone t"
                " WHERE t.branch_id = %(b)s))",
                {"b": branch_id},
            ).fetchone()
            gone += row[0] if row else 0
    return Applied(gone, tuple(sorted(shut_out)))


def foresee_lists(connection: psycopg.Connection[Any], lists: Sequence[Listed]) -> Applied:
    """Say what `apply_lists` would take away, in whatever version of the schema; changes nothing."""
    tombstones = [row for one in lists for row in one.rows["tombstones"]]
    revoked = [row for one in lists for row in one.rows[_REVOKED]]
    row = connection.execute(_STILL_HERE, _columns(tombstones)).fetchone()
    names = connection.execute(_STILL_IN.encode(), _columns(revoked)).fetchall()
    return Applied(row[0] if row else 0, tuple(sorted(name for name, _device_id in names)))


def _columns(rows: Sequence[Sequence[Any]]) -> list[list[Any]]:
    """Give the first two columns, which are ids."""
    return [[row[place] for row in rows] for place in range(2)]


def _read(path: Path, server_id: UUID, *, safe: str) -> Rows | None:
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
    except (OSError, ValueError, KeyError, TypeError, RecursionError) as error:
        raise _bad_list(path.name, safe) from error


def _row_key(name: str, row: list[Any]) -> tuple[Any, ...]:
    return tuple(row) if name == _MARKS else tuple(row[: _IDS[name]])


def _checked(document: Mapping[str, Any], name: str) -> list[list[Any]]:
    """Give the rows of one part, with ids as the database writes them."""
    rows = document.get(name, []) if name in _CAME_LATER else document[name]
    ids = _IDS[name]
    width = _WRITE[name].count("%s") if name in _WRITE else ids
    if not isinstance(rows, list) or any(not isinstance(row, list) or len(row) != width for row in rows):
        raise ValueError(name)
    for row in rows:
        if not all(isinstance(value, str) for value in row[:ids]):
            raise ValueError(name)
        if not all(value is None or isinstance(value, str | int) for value in row[ids:]):
            raise ValueError(name)
        row[:ids] = [str(UUID(value)) for value in row[:ids]]
    return rows


def _replace(path: Path, content: bytes) -> None:
    part = path.with_name(path.name + ".part")
    file = begin_part(part)
    try:
        with file:
            _give_to_owner_of(path.parent, file)
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    except BaseException:
        with suppress(OSError):
            part.unlink()
        raise
    settle(path)


def _give_to_owner_of(folder: Path, file: BinaryIO) -> None:
    """Let the nightly backup, which works as a user of its own, read what root wrote."""
    if os.name == "posix" and os.geteuid() == 0:
        there = folder.stat()
        # A stick has no owners.
        with suppress(OSError):
            os.fchown(file.fileno(), there.st_uid, there.st_gid)


def _database_is_sound() -> str:
    return _("The database itself is as it should be.")


def _unchanged() -> str:
    return _("Nothing was changed.")


def _bad_list(name: str, safe: str) -> UserFacingError:
    return UserFacingError(
        _("The list of what was erased and who was shut out can't be read: {file}").format(file=name),
        safe=safe,
        next_step=_("Take another copy of it."),
        code="bad_tombstones",
    )


def _no_list() -> UserFacingError:
    return UserFacingError(
        _(
            "The list of what was erased and who was shut out isn't beside the backup: people who were erased"
            " could come back, and a lost laptop would be trusted again."
        ),
        safe=_unchanged(),
        next_step=_(
            "Put the newest file *.tombstones.json beside the backup, or name it with --tombstones FILE. "
            "Only if nobody was ever erased and no laptop ever shut out: --without-tombstones."
        ),
        code="no_tombstones",
    )
