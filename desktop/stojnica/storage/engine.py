"""Connections to the encrypted file."""

import sys
from pathlib import Path
from time import sleep
from typing import Any

import sqlalchemy as sa
import sqlcipher3.dbapi2
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.pool import NullPool

from stojnica.records.base import HUB
from stojnica.storage.faults import store_damaged

BUSY_TIMEOUT_MS = 5_000
LOG_TIMEOUT_MS = 500
"""How long the next visitor may wait for a reader before the log is emptied."""
LOOKS, LOOK_AGAIN_S = 8, 0.01
READER_CACHE_KIB = 16 * 1024
"""Each page that isn't at hand is deciphered again, and SQLite's own two megabytes hold few of them."""


def make_engine(path: Path, key: bytes, *, is_reader: bool = False) -> Engine:
    """Make an engine for one thread; nothing is opened before the first connection.

    Every commit of the writer is on disk when it returns (WAL, synchronous=FULL). Deleted content is
    overwritten, and temporary tables stay in memory, so nothing is ever in clear on disk.
    """
    engine = sa.create_engine(
        sa.URL.create("sqlite", database=str(path)),
        module=sqlcipher3.dbapi2,
        # One connection lives as long as its thread; a pool would share it between threads, which crashed.
        poolclass=NullPool,
        # What a visitor typed is a parameter, and belongs into no error's text.
        hide_parameters=True,
        connect_args={"isolation_level": None, "timeout": BUSY_TIMEOUT_MS / 1000},
    )
    sa.event.listen(engine, "connect", _opener(key, is_reader), insert=True)
    sa.event.listen(engine, "begin", _begin_reading if is_reader else _begin_writing)
    return engine.execution_options(schema_translate_map={HUB: None})


def _opener(key: bytes, is_reader: bool) -> Any:
    def prepare(connection: Any, _record: Any) -> None:
        cursor = connection.cursor()
        cursor.execute("PRAGMA cipher_log_level=NONE")
        cursor.execute(f"PRAGMA key = \"x'{key.hex()}'\"")
        cursor.execute("PRAGMA temp_store=MEMORY")
        if is_reader:
            cursor.execute("PRAGMA query_only=ON")
            cursor.execute(f"PRAGMA cache_size=-{READER_CACHE_KIB}")
        else:
            cursor.execute("PRAGMA journal_mode=WAL")
            cursor.execute("PRAGMA synchronous=FULL")
            cursor.execute("PRAGMA secure_delete=ON")
            if sys.platform == "darwin":
                cursor.execute("PRAGMA fullfsync=1")
        cursor.close()

    return prepare


def _begin_writing(connection: Connection) -> None:
    connection.connection.cursor().execute("BEGIN IMMEDIATE")


def _begin_reading(connection: Connection) -> None:
    connection.connection.cursor().execute("BEGIN")


def check_file(connection: Connection) -> None:
    """Read every page of the file and look at its MAC, then at the trees: 0.36 s for 50,000 sign-ups.

    Raises:
        UserFacingError: the file is damaged.
    """
    if _damaged_pages(connection):
        raise store_damaged()
    if connection.exec_driver_sql("PRAGMA quick_check(1)").scalar() != "ok":
        raise store_damaged()


def _damaged_pages(connection: Connection) -> set[str]:
    """Give what SQLCipher says of pages whose MAC is wrong.

    It reads beside SQLite's locks: a page that the writer is just moving out of its log can be met half old
    and half new. Such a one is whole a moment later, while what is really damaged stays so.
    """
    damaged: set[str] | None = None
    for _look in range(LOOKS):
        found = {str(row[0]) for row in connection.exec_driver_sql("PRAGMA cipher_integrity_check")}
        damaged = found if damaged is None else damaged & found
        if not damaged:
            break
        sleep(LOOK_AGAIN_S)
    return damaged or set()


def open_copy(path: Path, key: bytes, *, is_new: bool = False) -> Any:
    """Open a file that nobody writes to, or begin one; the driver's connection, with the key set at once.

    Read so, it leaves nothing beside the file, and works on a stick that can't be written to.
    """
    address = path.absolute().as_uri() + ("?mode=rwc" if is_new else "?mode=ro&immutable=1")
    connection = sqlcipher3.dbapi2.connect(
        address, uri=True, isolation_level=None, timeout=BUSY_TIMEOUT_MS / 1000, check_same_thread=False
    )
    connection.execute("PRAGMA cipher_log_level=NONE")
    connection.execute(f"PRAGMA key = \"x'{key.hex()}'\"")
    connection.execute("PRAGMA temp_store=MEMORY")
    return connection


def empty_log(connection: Connection) -> bool:
    """Move what the log holds into the file and empty it, so that a deleted page is nowhere any more.

    Between two transactions; while somebody reads for long, as for a copy, it stays, and this is false.
    """
    # A checkpoint inside a transaction is refused, and SQLAlchemy would begin one.
    driver: Any = connection.connection.driver_connection
    driver.execute(f"PRAGMA busy_timeout={LOG_TIMEOUT_MS}")
    try:
        is_busy, _pages, _moved = driver.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    finally:
        driver.execute(f"PRAGMA busy_timeout={BUSY_TIMEOUT_MS}")
    return not is_busy
