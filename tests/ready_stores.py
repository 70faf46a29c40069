"""Stores as a new laptop has them, copied from one made before: a fifth of the work of making one."""

import secrets
from contextlib import closing
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from sqlalchemy.engine import Engine
from sqlalchemy.util import LRUCache

from stojnica.domain.clock import Clock
from stojnica.storage.engine import make_engine, open_copy
from stojnica.storage.home import OpenStore, StoreHome, unlock_store
from stojnica.storage.slots import KEY_BYTES, Argon2Cost, new_slot_file, save_slots, with_passphrase
from stojnica.storage.store import Store

CHEAP = Argon2Cost(memory_kib=8, iterations=1, lanes=1)
FIRST_KEY = bytes(KEY_BYTES)


class WrittenOut:
    """Keep statements that were written out as SQL, for all stores: each engine would do it anew.

    SQLAlchemy's key for a statement begins with the engine's own dialect, and those of all stores are alike.
    """

    def __init__(self) -> None:
        self._statements: LRUCache[Any, Any] = LRUCache(2000)

    def get(self, key: tuple[Any, ...]) -> Any:
        return self._statements.get(key[1:])

    def __setitem__(self, key: tuple[Any, ...], statement: Any) -> None:
        self._statements[key[1:]] = statement

    def make_engine(self, path: Path, key: bytes, *, is_reader: bool = False) -> Engine:
        """Make an engine as the program does, that looks here first."""
        return make_engine(path, key, is_reader=is_reader).execution_options(compiled_cache=self)


def place_store(path: Path, key: bytes) -> None:
    """Put a file with all tables there, under a key of its own; whoever opens it first begins its life."""
    path.write_bytes(_made_once())
    with closing(open_copy(path, FIRST_KEY, is_new=True)) as connection:
        # What is lost with the machine is made again.
        connection.execute("PRAGMA synchronous=OFF")
        connection.execute(f"PRAGMA rekey = \"x'{key.hex()}'\"")


def open_new_home(home: StoreHome, passphrase: str, *, clock: Clock | None = None) -> OpenStore:
    """Give what `create_store` gives: an open store in its folder, with a key and a life of its own."""
    home.folder.mkdir(parents=True, mode=0o700)
    key = secrets.token_bytes(KEY_BYTES)
    place_store(home.database, key)
    save_slots(home.slots, with_passphrase(new_slot_file(), key, passphrase, cost=CHEAP))
    return unlock_store(home, passphrase, clock=clock)


@cache
def _made_once() -> bytes:
    """Make a store as the program does, and give its file without the life that began with it."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "stojnica.db"
        store = Store(path, FIRST_KEY)
        store.prepare()
        store.close()
        with closing(open_copy(path, FIRST_KEY, is_new=True)) as connection:
            connection.execute("DELETE FROM life")
        return path.read_bytes()
