"""Prove that a backup can be restored: into a scratch database, which is counted, compared and dropped."""

from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

import psycopg
from psycopg.conninfo import make_conninfo
from pyrage import x25519

from stojnica.central.backup_content import Content, content_of
from stojnica.central.backup_file import check_hash, damaged_file, load_identities, named_hash, read_stream
from stojnica.central.connect import connect, told_plainly
from stojnica.central.dump_programs import ProgramError, read_head, run_restore
from stojnica.central.init import check_schema_is_known
from stojnica.central.keys import OpenKeys
from stojnica.central.scratch import PREFIX, keeper_of, scratch_database
from stojnica.central.server_binaries import ServerBinaries, find_clients
from stojnica.central.tombstones import Applied, foresee_lists, lists_for, read_lists
from stojnica.domain.errors import UserFacingError
from stojnica.i18n import gettext as _

# Roles needn't be on the server for this, and aren't made.
_WITHOUT_ROLES = ("--no-owner", "--no-privileges")
_KNOWN = (
    "SELECT coalesce(sum(facts), 0)::bigint, array_agg(digest ORDER BY branch_id) FROM hub.backup"
    " WHERE file_hash = %s"
)


@dataclass(frozen=True, slots=True)
class Checked:
    """Say what a backup holds; `is_known` when the database at the address made this very file.

    `listed` is what a restore would take away again by the list that it finds; None when there is no list.
    """

    content: Content
    is_known: bool
    listed: Applied | None = None


def check_restore(
    url: str,
    file: Path,
    *,
    keys_dir: Path | None = None,
    open_keys: OpenKeys | None = None,
    tombstones: Path | None = None,
) -> Checked:
    """Restore a file into a scratch database on the server of `url`; nothing else there is touched.

    Raises:
        UserFacingError: it is no backup of ours, damaged, encrypted for others, or can't be restored there;
            or the list that a restore would go by can't be read.
    """
    identities = load_identities(keys_dir, open_keys) if keys_dir else []
    paths = lists_for(file, tombstones, may_lack=True)
    found: list[Applied] = []

    def look(scratch: psycopg.Connection[Any]) -> None:
        lists = read_lists(scratch, paths, may_lack=True)
        if lists:
            found.append(foresee_lists(scratch, lists))

    with told_plainly(), opened(file) as stream, keeper_of(url) as keeper:
        programs = find_clients(server_major(keeper))
        file_hash = check_hash(stream, named_hash(file))
        content = restored_content(url, keeper, programs, stream, identities, look)
        return Checked(content, _is_known(keeper, file_hash, content), found[0] if found else None)


def restored_content(
    url: str,
    keeper: psycopg.Connection[Any],
    programs: Sequence[ServerBinaries],
    file: IO[bytes],
    identities: Sequence[x25519.Identity],
    look: Callable[[psycopg.Connection[Any]], None] = lambda _scratch: None,
) -> Content:
    """Give what is in a scratch database that a file was restored into; `look` may look at it, too.

    Raises:
        UserFacingError: it can't be restored, or holds a schema that this program doesn't know.
    """
    able, _head = able_programs(programs, file, identities)
    with scratch_database(url, keeper) as name:
        try:
            run_restore(able, keeper, name, lambda sink: read_stream(file, sink, identities), _WITHOUT_ROLES)
        except ProgramError as error:
            raise told_of_restoring(error.kind) from error
        with closing(connect(make_conninfo(url, dbname=name), autocommit=True)) as scratch:
            check_schema_is_known(scratch)
            look(scratch)
            return content_of(scratch)


def able_programs(
    programs: Sequence[ServerBinaries], file: IO[bytes], identities: Sequence[x25519.Identity]
) -> tuple[ServerBinaries, str]:
    """Choose the programs that know the file's format, and give its table of contents.

    Raises:
        UserFacingError: it is no backup of ours, or was made by programs newer than any here.
    """
    kind = "fault"
    for one in programs:
        try:
            head = read_head(one, lambda sink: read_stream(file, sink, identities), ["--list"])
        except ProgramError as error:
            kind = error.kind
            if kind == "newer_format":
                continue
            break
        if " TABLE hub fact " not in head or " TABLE DATA hub login " not in head:
            kind = "no_dump"
            break
        return one, head
    raise told_of_restoring(kind)


def opened(file: Path) -> IO[bytes]:
    """Open a backup.

    Raises:
        UserFacingError: it can't be read.
    """
    try:
        return file.open("rb")
    except OSError as error:
        raise UserFacingError(
            _("The file {file} can't be read.").format(file=file.name),
            safe=_("Nothing was changed."),
            next_step=_("Check the name of the file, and that you may read it."),
            code="unreadable_file",
        ) from error


def server_major(connection: psycopg.Connection[Any]) -> int:
    """Give the version that programs have to be of, at least."""
    return connection.info.server_version // 10_000


def told_of_restoring(kind: str) -> UserFacingError:
    """Say in plain words why a program couldn't restore."""
    texts = {
        "no_dump": (
            _("The file is no backup of Stojnica."),
            _("Choose a file that was made by: stojnica central backup"),
            "no_backup",
        ),
        "newer_format": (
            _("The backup was made by a newer PostgreSQL than the one on this computer."),
            _("Install the newer client programs of PostgreSQL here."),
            "client_too_old",
        ),
        "no_room": (
            _("The server has no room for it."),
            _("Make room on the server's disk, then try again."),
            "no_room",
        ),
        "not_allowed": (
            _("The login isn't allowed to do this."),
            _("Use the login of the database's owner."),
            "not_allowed",
        ),
        "not_let_in": (
            _("The server lets this login into one database alone, and a backup is checked in another one."),
            _("Do this on the server itself, or let the login into {name} (pg_hba.conf).").format(
                name=f"/^{PREFIX}"
            ),
            "not_let_in",
        ),
        "connection": (
            _("The connection to the server broke."),
            _("Check the connection, then try again."),
            "unreachable",
        ),
    }
    if kind not in texts:
        return damaged_file()
    what, next_step, code = texts[kind]
    return UserFacingError(what, safe=_("Nothing was changed."), next_step=next_step, code=code)


def _is_known(keeper: psycopg.Connection[Any], file_hash: bytes, content: Content) -> bool:
    there = keeper.execute("SELECT to_regclass('hub.backup') IS NOT NULL").fetchone()
    if there is None or not there[0]:
        return False
    row = keeper.execute(_KNOWN, [file_hash]).fetchone()
    digests = [content.branches[branch_id].digest for branch_id in sorted(content.branches)]
    return row is not None and row[1] is not None and [bytes(one) for one in row[1]] == digests
