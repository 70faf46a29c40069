"""Restore a backup into an empty database, with the roles and rights that its laptops need to go on."""

import re
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

import psycopg
from psycopg import sql
from pyrage import x25519

from stojnica.central.backup_content import Content, content_of
from stojnica.central.backup_file import check_hash, load_identities, named_hash, read_stream
from stojnica.central.connect import connect, told_plainly
from stojnica.central.dump_programs import SINGLE_TRANSACTION, ProgramError, read_head, run_restore
from stojnica.central.enrol import LOGIN_LIMITS, LOGIN_PREFIX
from stojnica.central.init import init
from stojnica.central.keys import OpenKeys
from stojnica.central.projector import project_all
from stojnica.central.restore_check import able_programs, opened, server_major, told_of_restoring
from stojnica.central.roles import OWNER, SCHEMAS, make_roles
from stojnica.central.scratch import let_it_last
from stojnica.central.server_binaries import ServerBinaries, find_clients
from stojnica.central.tombstones import apply_lists, lists_for, read_lists
from stojnica.domain.errors import UserFacingError
from stojnica.i18n import gettext as _

Tell = Callable[[str], None]
_ROLE = re.compile(r'^GRANT .* TO (?:"((?:[^"]|"")+)"|([a-z_][a-z0-9_$]*))(?: WITH GRANT OPTION)?;$', re.M)
# These belong to the server, not to us; `init` takes them from PUBLIC as far as the login may.
_NOT_OURS = (" ACL pg_catalog ", " ACL - SCHEMA public ", " ACL - LANGUAGE plpgsql ")
_FOREIGN = (
    "SELECT (SELECT count(*) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
    " WHERE n.nspname !~ '^pg_' AND n.nspname <> 'information_schema' AND NOT EXISTS (SELECT FROM pg_depend d"
    " WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e'))"
    " + (SELECT count(*) FROM pg_namespace WHERE nspname = ANY (%s))"
)
_LAPTOPS = (
    "SELECT v.name, l.role_name, r.rolname IS NOT NULL,"
    " coalesce(r.rolcanlogin AND coalesce(r.rolvaliduntil > now(), true), false)"
    " FROM hub.login l JOIN hub.device v ON v.branch_id = l.branch_id AND v.device_id = l.device_id"
    " LEFT JOIN pg_roles r ON r.rolname = l.role_name"
    " WHERE l.kind = 'laptop' AND NOT v.revoked ORDER BY v.name, v.device_id"
)
# A backup names the role, and whoever forged one would name the server's own login.
_SHUT_OUT_LOGINS = (
    "SELECT v.role_name FROM hub.device v JOIN pg_roles r ON r.rolname = v.role_name"
    " WHERE v.kind = 'laptop' AND v.revoked AND r.rolcanlogin AND starts_with(r.rolname, %s)"
)


@dataclass(frozen=True, slots=True)
class Restored:
    """Say what was in the backup, and which laptops can come back on their own or need a new file.

    `erased` counts the records in it that were erased since, and are gone again; `shut_out` names the laptops
    that it let in, and that were shut out since; `has_list` tells whether a list of that was there.
    """

    content: Content
    ready: tuple[str, ...]
    to_enrol: tuple[str, ...]
    erased: int = 0
    shut_out: tuple[str, ...] = ()
    has_list: bool = False


def restore(
    url: str,
    file: Path,
    *,
    keys_dir: Path | None = None,
    open_keys: OpenKeys | None = None,
    tombstones: Path | None = None,
    may_lack_tombstones: bool = False,
    tell: Tell = lambda _text: None,
) -> Restored:
    """Restore a file into an empty database, which keeps the id of the one that was backed up.

    What was erased after the backup is erased again, and who was shut out is shut out again before any laptop
    is let in, by the list that lies beside it or is named.

    Roles aren't in a backup: those that the server doesn't have are made without a way to log in.

    Raises:
        UserFacingError: the database isn't empty, or the file can't be restored; then it stays empty.
    """
    identities = load_identities(keys_dir, open_keys) if keys_dir else []
    with told_plainly(), opened(file) as stream, connect(url, autocommit=True) as connection:
        let_it_last(connection)
        _check_empty(connection)
        check_hash(stream, named_hash(file))
        programs, head = able_programs(find_clients(server_major(connection)), stream, identities)
        lists = lists_for(file, tombstones, may_lack=may_lack_tombstones)
        tell(_("Making the roles …"))
        make_roles(connection)
        _make_missing_roles(connection, _roles_in(programs, stream, identities))
        with _emptied_when_it_fails(connection):
            tell(_("Restoring …"))
            _fill(programs, connection, stream, identities, head)
            tell(_("Checking …"))
            init(url)
            content = content_of(connection)
            read = read_lists(connection, lists, may_lack=may_lack_tombstones)
            applied = apply_lists(connection, read)
            if applied.erased:
                # Their facts are gone; what was added up of them, name and address, is until it is done anew.
                project_all(url)
            _close_logins(connection)
            ready, to_enrol = _let_laptops_in(connection)
    return Restored(content, ready, to_enrol, applied.erased, applied.shut_out, bool(read))


def _check_empty(connection: psycopg.Connection[Any]) -> None:
    row = connection.execute(_FOREIGN, [list(SCHEMAS)]).fetchone()
    if row is None or row[0]:
        raise UserFacingError(
            _("The database isn't empty, and a backup is only restored into an empty one."),
            safe=_("Nothing was changed."),
            next_step=_("Make a new database on the server and give its address."),
            code="not_empty",
        )


def _roles_in(programs: ServerBinaries, file: IO[bytes], identities: Sequence[x25519.Identity]) -> list[str]:
    """Give the roles that have rights in a backup."""

    def give(sink: IO[bytes]) -> None:
        read_stream(file, sink, identities)

    try:
        text = read_head(programs, give, ["--schema-only", "--file=-"])
    except ProgramError as error:
        raise told_of_restoring(error.kind) from error
    found = {match[1].replace('""', '"') if match[1] else match[2] for match in _ROLE.finditer(text)}
    return sorted(found - {"public"})


def _make_missing_roles(connection: psycopg.Connection[Any], names: Sequence[str]) -> None:
    known = {name for (name,) in connection.execute("SELECT rolname FROM pg_roles").fetchall()}
    for name in names:
        if name in known:
            continue
        role = sql.Identifier(name)
        with connection.transaction():
            connection.execute(
                sql.SQL(
                    "CREATE ROLE {} NOLOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOINHERIT"
                    " CONNECTION LIMIT 2"
                ).format(role)
            )
            for setting, value in LOGIN_LIMITS.items():
                connection.execute(
                    sql.SQL("ALTER ROLE {} SET {} = {}").format(
                        role, sql.Identifier(setting), sql.Literal(value)
                    )
                )


@contextmanager
def _emptied_when_it_fails(connection: psycopg.Connection[Any]) -> Iterator[None]:
    """Take away again what a restore left behind, so that it can be tried once more."""
    try:
        yield
    except BaseException:
        for name in SCHEMAS:
            connection.execute(sql.SQL("DROP SCHEMA IF EXISTS {} CASCADE").format(sql.Identifier(name)))
        raise


def _fill(
    programs: ServerBinaries,
    connection: psycopg.Connection[Any],
    file: IO[bytes],
    identities: Sequence[x25519.Identity],
    head: str,
) -> None:
    """Restore with the rights of the owner role, which may do less than this login."""
    database, owner = sql.Identifier(connection.info.dbname), sql.Identifier(OWNER)
    connection.execute(sql.SQL("REVOKE ALL ON DATABASE {} FROM PUBLIC").format(database))
    connection.execute(sql.SQL("GRANT CREATE ON DATABASE {} TO {}").format(database, owner))
    wanted = [line for line in head.splitlines() if not any(words in line for words in _NOT_OURS)]

    def give(sink: IO[bytes]) -> None:
        read_stream(file, sink, identities)

    try:
        with tempfile.TemporaryDirectory() as folder:
            contents = Path(folder) / "contents"
            contents.write_text("\n".join(wanted), encoding="utf-8")
            options = [f"--role={OWNER}", "--no-owner", f"--use-list={contents}", SINGLE_TRANSACTION]
            run_restore(programs, connection, connection.info.dbname, give, options)
    except ProgramError as error:
        raise told_of_restoring(error.kind) from error
    finally:
        connection.execute(sql.SQL("REVOKE CREATE ON DATABASE {} FROM {}").format(database, owner))


def _close_logins(connection: psycopg.Connection[Any]) -> None:
    """Close the logins of laptops that are shut out, which a server of before may still have open."""
    for (role,) in connection.execute(_SHUT_OUT_LOGINS, [LOGIN_PREFIX]).fetchall():
        # Who may not change another login's roles goes on: it gets no right to this database either way.
        with suppress(psycopg.errors.InsufficientPrivilege), connection.transaction():
            connection.execute(sql.SQL("ALTER ROLE {} NOLOGIN").format(sql.Identifier(role)))


def _let_laptops_in(connection: psycopg.Connection[Any]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Give laptops the right that belongs to the database itself; tell who can use it and who can't."""
    ready: list[str] = []
    to_enrol: list[str] = []
    database = sql.Identifier(connection.info.dbname)
    for name, role_name, is_there, can_log_in in connection.execute(_LAPTOPS).fetchall():
        (ready if can_log_in else to_enrol).append(name)
        if is_there:
            connection.execute(
                sql.SQL("GRANT CONNECT ON DATABASE {} TO {}").format(database, sql.Identifier(role_name))
            )
    return tuple(ready), tuple(to_enrol)
