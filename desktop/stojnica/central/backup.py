"""Back the central database up, so that the backup may be trusted: it was restored and compared, then noted.

One REPEATABLE READ transaction is the measure of all: pg_dump reads its snapshot, what was restored is
compared with it, and just the facts that it sees are noted as covered. Nothing compares times.
"""

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any
from uuid import UUID

import psycopg
from psycopg import IsolationLevel, sql
from pyrage import x25519

from stojnica import failpoint
from stojnica.central import backup_file
from stojnica.central.backup_content import Content, content_of
from stojnica.central.branch import server_of
from stojnica.central.connect import connect, told_plainly
from stojnica.central.dump_programs import ProgramError, run_dump
from stojnica.central.init import check_schema_is_known
from stojnica.central.keys import load_public_keys
from stojnica.central.restore_check import restored_content, server_major, told_of_restoring
from stojnica.central.roles import OWNER
from stojnica.central.scratch import keeper_of, let_it_last
from stojnica.central.server_binaries import ServerBinaries, find_clients
from stojnica.central.tombstones import write_list
from stojnica.domain.errors import UserFacingError
from stojnica.domain.ids import new_id
from stojnica.i18n import gettext as _

Tell = Callable[[str], None]
_PAGE = 5_000
_TOLD_EVERY_S = 5
# A body that no longer fits its hash is in the backup, but nobody may rely on that.
_NOT_COVERED = (
    "SELECT f.branch_id, f.fact_id, f.content_hash FROM hub.fact f WHERE sha256(f.body) = f.content_hash"
    " AND NOT EXISTS (SELECT FROM hub.covered k WHERE k.branch_id = f.branch_id AND k.fact_id = f.fact_id"
    " AND k.content_hash = f.content_hash)"
)
_COVER = (
    "INSERT INTO hub.covered (branch_id, fact_id, content_hash, backup_id)"
    " SELECT %b, i.fact_id, i.hash, %b FROM ROWS FROM (unnest(%b::uuid[]), unnest(%b::bytea[]))"
    " AS i(fact_id, hash) ORDER BY i.fact_id, i.hash"
    " ON CONFLICT (branch_id, fact_id, content_hash) DO NOTHING"
)
# What the proof tells each laptop: counted here once a night, and not with each proof.
_COUNT_COVERED = (
    "UPDATE hub.device v SET covered_facts = c.facts FROM ("
    " SELECT d.device_id, count(*) AS facts FROM hub.delivery d"
    " JOIN hub.covered k ON k.branch_id = %(branch)s AND k.fact_id = d.fact_id"
    " AND k.content_hash = d.content_hash"
    " WHERE d.branch_id = %(branch)s GROUP BY d.device_id) c"
    " WHERE v.branch_id = %(branch)s AND v.device_id = c.device_id AND v.covered_facts <> c.facts"
)
_NOTE = (
    "INSERT INTO hub.backup (branch_id, backup_id, taken_at, facts, digest, file_name, file_hash, checked_at)"
    " VALUES (%s, %s, %s, %s, %s, %s, %s, hub.now_us())"
)


@dataclass(frozen=True, slots=True)
class Backup:
    """Say what was backed up; `newly_covered` counts facts that no earlier backup held."""

    backup_id: UUID
    file: Path
    facts: int
    code: str
    damaged: int
    newly_covered: int
    is_encrypted: bool
    removed: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Written:
    """Hold a finished file, its SHA-256, and what is in it."""

    file: Path
    hash: bytes
    content: Content


@dataclass(frozen=True, slots=True)
class _Snapshot:
    """Hold an open transaction, the name of its snapshot, and when it was taken (µs UTC, server's clock)."""

    connection: psycopg.Connection[Any]
    name: str
    taken_at: int


def back_up(
    url: str, out: Path, *, keys_dir: Path | None = None, keep: int = 0, tell: Tell = lambda _text: None
) -> Backup:
    """Write a backup to a folder, restore it, compare it, and note what it covers.

    With `keys_dir` the file is encrypted to the organisation's recipients, and to one more identity that
    lives in memory until the file was read back: so it is the encrypted file itself that is proven. `keep` is
    how many files of this database stay in the folder; 0 keeps all.

    Raises:
        UserFacingError: something of this can't be done; then no fact counts as covered by it.
    """
    recipients = load_public_keys(keys_dir).recipients if keys_dir else ()
    with told_plainly(), keeper_of(url) as keeper:
        check_schema_is_known(keeper)
        stem = f"stojnica-{server_of(keeper).hex[-8:]}"
        _prepare(out, stem)
        with _snapshot(url) as snapshot:
            written = _write(url, keeper, snapshot, out / stem, recipients, tell)
            failpoint.reached("backup.before_note")
            backup_id = new_id()
            covered = _note(keeper, snapshot, written, backup_id)
            write_list(keeper, out)
        gone = backup_file.prune(out, stem, keep) if keep else []
    content = written.content
    return Backup(
        backup_id,
        written.file,
        content.facts,
        content.code,
        content.damaged[0],
        covered,
        bool(recipients),
        tuple(one.name for one in gone),
    )


def _write(
    url: str,
    keeper: psycopg.Connection[Any],
    snapshot: _Snapshot,
    place: Path,
    recipients: Sequence[str],
    tell: Tell,
) -> _Written:
    """Write a snapshot to a file whose name begins with `place`, and prove that it can be restored."""
    programs = find_clients(server_major(keeper))[:1]
    tell(_("Counting what is there …"))
    content = content_of(snapshot.connection)
    passing = x25519.Identity.generate()
    sealed_to = [*recipients, str(passing.to_public())] if recipients else []
    with _part(place.with_name(f"{place.name}-{snapshot.taken_at}")) as part:
        file_hash = _dump(programs[0], snapshot, part.file, sealed_to, tell)
        failpoint.reached("backup.before_check")
        tell(_("Restoring it into a scratch database, to prove it …"))
        backup_file.check_hash(part.file, file_hash)
        _check_equal(restored_content(url, keeper, programs, part.file, [passing]), content)
        moment = datetime.fromtimestamp(snapshot.taken_at / 1_000_000, UTC)
        part.path = place.with_name(
            backup_file.name_of(place.name, moment, content.code, file_hash, is_sealed=bool(recipients))
        )
    return _Written(part.path, file_hash, content)


def _prepare(out: Path, stem: str) -> None:
    try:
        out.mkdir(mode=0o700, parents=True, exist_ok=True)
        backup_file.remove_leftovers(out, stem)
    except OSError as error:
        raise _unwritable(out) from error


@contextmanager
def _snapshot(url: str) -> Iterator[_Snapshot]:
    """Hold the state of one moment for as long as the block lasts."""
    with connect(url) as connection:
        connection.autocommit = True
        let_it_last(connection)
        connection.autocommit = False
        connection.isolation_level = IsolationLevel.REPEATABLE_READ
        connection.read_only = True
        row = connection.execute("SELECT pg_export_snapshot(), hub.now_us()").fetchone()
        assert row is not None
        yield _Snapshot(connection, row[0], row[1])
        connection.rollback()


@contextmanager
def _part(path: Path) -> Iterator[backup_file.Part]:
    try:
        with backup_file.part_file(path) as part:
            yield part
    except OSError as error:
        raise _unwritable(path.parent) from error


def _dump(
    programs: ServerBinaries, snapshot: _Snapshot, file: IO[bytes], recipients: Sequence[str], tell: Tell
) -> bytes:
    found: list[bytes] = []
    told = [time.monotonic()]

    def progress(count: int) -> None:
        if time.monotonic() - told[0] > _TOLD_EVERY_S:
            told[0] = time.monotonic()
            tell(_("Writing: {count} MB …").format(count=count // 1_000_000))

    def take(stream: IO[bytes]) -> None:
        failpoint.reached("backup.dumping")
        found.append(backup_file.write_stream(stream, file, recipients, progress))

    tell(_("Writing the backup …"))
    try:
        run_dump(programs, snapshot.connection, snapshot.name, take)
    except ProgramError as error:
        raise _not_dumped(error.kind) from error
    return found[0]


def _check_equal(there: Content, wanted: Content) -> None:
    if there != wanted:
        raise UserFacingError(
            _("What was restored from the backup isn't what the database holds."),
            safe=_("The file was removed. Nothing counts as covered by it; earlier backups are untouched."),
            next_step=_("Check the disk of this computer and of the server, then try again."),
            code="backup_differs",
        )


def _note(keeper: psycopg.Connection[Any], snapshot: _Snapshot, written: _Written, backup_id: UUID) -> int:
    """Note the facts that the snapshot sees as covered, and the backup, all or nothing; gives how many."""
    count = 0
    with keeper.transaction():
        keeper.execute(sql.SQL("SET LOCAL ROLE {}").format(sql.Identifier(OWNER)))
        keeper.execute("SELECT set_config('synchronous_commit', 'on', true)")
        with snapshot.connection.cursor(name="uncovered") as cursor:
            cursor.execute(_NOT_COVERED)
            while rows := cursor.fetchmany(_PAGE):
                for branch_id in {row[0] for row in rows}:
                    mine = [row for row in rows if row[0] == branch_id]
                    ids, hashes = [row[1] for row in mine], [row[2] for row in mine]
                    keeper.execute(_COVER, [branch_id, backup_id, ids, hashes])
                count += len(rows)
        for branch_id, facts in written.content.branches.items():
            values = [snapshot.taken_at, facts.count, facts.digest, written.file.name, written.hash]
            keeper.execute(_NOTE, [branch_id, backup_id, *values])
            keeper.execute(_COUNT_COVERED, {"branch": branch_id})
    return count


def _unwritable(folder: Path) -> UserFacingError:
    return UserFacingError(
        _("The backup can't be written to {folder}.").format(folder=folder),
        safe=_("Nothing counts as covered by it; earlier backups are untouched."),
        next_step=_("Choose a folder that you may write to, with enough room."),
        code="unwritable_file",
    )


def _not_dumped(kind: str) -> UserFacingError:
    if kind in ("not_allowed", "not_let_in", "connection", "no_room"):
        return told_of_restoring(kind)
    next_step = _("Try again.")
    if kind == "busy":
        next_step = _("Somebody is changing the database's tables just now: try again later.")
    return UserFacingError(
        _("The database couldn't be read to the end."),
        safe=_("Nothing counts as covered by it; earlier backups are untouched."),
        next_step=next_step,
        code="not_dumped",
    )
