"""Bringing the file's tables up to date: a copy first, then step by step, and never backwards."""

import os
import shutil
from collections.abc import Callable
from pathlib import Path
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from stojnica.domain.canonical import parse_canonical
from stojnica.domain.ids import NIL
from stojnica.on_disk import sync_folder
from stojnica.records.briefing_events import apply_briefing_events
from stojnica.records.facts import FACT
from stojnica.records.projection import rebuild
from stojnica.records.typed import PROJECTION_VERSION, create_typed_tables, drop_typed_tables
from stojnica.storage.gone import write_all_gone
from stojnica.storage.memory import forget, recall, remember
from stojnica.storage.nameless import project_nameless, project_whole
from stojnica.storage.slots import newer_store
from stojnica.storage.tables import BRIEFING

MIGRATIONS = Path(__file__).parent / "migrations"
HEAD = "s0003"
REVISIONS = ("s0001", "s0002", "s0003")
PROJECTION = "projection_version"
BRANCH = "branch_id"


def current_revision(connection: Connection) -> str | None:
    """Give the step that the file stands at; `None` for an empty file."""
    found = connection.exec_driver_sql(
        "SELECT name FROM sqlite_master WHERE name = 'alembic_version'"
    ).first()
    if found is None:
        return None
    row = connection.exec_driver_sql("SELECT version_num FROM alembic_version").first()
    return None if row is None else str(row[0])


def has_newest_step(connection: Connection) -> bool:
    """Tell whether no step is left to take."""
    return current_revision(connection) == HEAD


def migrate(connection: Connection, *, copy: Callable[[str], None]) -> None:
    """Bring the tables to the newest step; `copy` is called first when there is something to lose.

    A crash between the steps leaves a file that the next start brings on. The connection is handed over
    outside a transaction, and given back so.

    Raises:
        UserFacingError: a newer program made this file.
    """
    revision = current_revision(connection)
    connection.rollback()
    if revision is not None and revision not in REVISIONS:
        raise newer_store()
    if revision == HEAD:
        return
    if revision is not None:
        copy(revision)
    # Alembic costs 0.3 s of imports: only a file that needs a step pays for them.
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
    connection.rollback()


def ensure_projection(connection: Connection) -> None:
    """Make the typed tables, anew when their version has changed; in the caller's transaction."""
    if recall(connection, PROJECTION) == PROJECTION_VERSION:
        return
    drop_typed_tables(connection)
    create_typed_tables(connection)
    forget(connection, PROJECTION)
    # An enrolled laptop without a fact of its own still has the events of its briefing.
    own = UUID(recall(connection, BRANCH, str(NIL)))
    for branch_id in sorted({own, *branches(connection)}):
        project_anew(connection, branch_id)
    remember(connection, PROJECTION, PROJECTION_VERSION)


def project_anew(connection: Connection, branch_id: UUID) -> None:
    """Make all typed rows again, from own facts, the current briefing, and the numbers of who is purged."""
    rebuild(connection, branch_id)
    is_own = str(branch_id) == recall(connection, BRANCH, str(NIL))
    if is_own:
        project_nameless(connection, branch_id)
    body = connection.execute(
        sa.select(BRIEFING.c.body).order_by(BRIEFING.c.version.desc()).limit(1)
    ).scalar()
    if body is not None:
        apply_briefing_events(connection, branch_id, parse_canonical(body).get("events", []), project_whole)
    if is_own:
        write_all_gone(connection, branch_id)


def branches(connection: Connection) -> list[UUID]:
    """Give the branches that facts belong to: one on a laptop, nil before enrolment."""
    return list(connection.execute(sa.select(FACT.c.branch_id).distinct()).scalars())


def drop_old_copies(path: Path) -> None:
    """Delete the copies that were kept before steps that went well: they hold what was erased since."""
    for old in path.parent.glob(f"{path.name}.before-*"):
        old.unlink(missing_ok=True)
    sync_folder(path.parent)


def copy_file(path: Path, revision: str) -> None:
    """Keep the file as it was before a step, beside it."""
    target = path.with_name(f"{path.name}.before-{revision}")
    part = target.with_name(target.name + ".part")
    try:
        shutil.copy2(path, part)
        # Its days begin now: nobody wrote to the file since the last stand, perhaps months ago.
        os.utime(part)
        with part.open("r+b") as file:
            os.fsync(file.fileno())
        part.replace(target)
    except BaseException:
        part.unlink(missing_ok=True)
        raise
    sync_folder(path.parent)
