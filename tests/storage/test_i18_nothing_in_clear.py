"""I18, M38: no file of the home holds anything of a visitor in clear."""

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

from stojnica.storage.home import OpenStore, StoreHome, create_store
from stojnica.storage.memory import remember
from stojnica.storage.schema import copy_file
from stojnica.storage.slots import Argon2Cost
from stojnica.storage.unit import UnitOfWork

SECRETS = {
    "first_name": "Zelmirka",
    "last_name": "Kvizbergar",
    "email": "zelmirka.kvizbergar@pismonosa.example",
    "phone": "+38641987654",
    "town": "Trnovskagora",
    "remark": "alergicnanalesnike",
    "question": "Ali smem s seboj pripeljati petelina?",
}
TABLES = ("CREATE TABLE", "signup", "first_name", "alembic", "SQLite format")


def files_of(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def found_in(files: dict[str, bytes]) -> list[tuple[str, str]]:
    words = [*SECRETS.values(), *TABLES]
    spellings = {word: [word.encode(), word.lower().encode(), word.encode("utf-16-le")] for word in words}
    return [
        (name, word)
        for name, content in files.items()
        for word, forms in spellings.items()
        if any(form in content for form in forms) and not (name.startswith("slots.json") and word in TABLES)
    ]


def test_i18_nothing_of_a_visitor_is_in_clear_in_any_file_while_open_and_after(
    opened: OpenStore, save_contact: Callable[..., object], unlock: Callable[[StoreHome], OpenStore]
) -> None:
    def sort_and_keep(unit: UnitOfWork) -> None:
        remember(unit.connection, "last visitor", SECRETS["email"])
        unit.connection.exec_driver_sql("SELECT * FROM fact ORDER BY body DESC").all()
        unit.commit()

    for _number in range(30):
        save_contact(opened, **SECRETS)
    opened.store.write(sort_and_keep).result(timeout=20)
    open_files = files_of(opened.home.folder)
    opened.close()
    closed_files = files_of(opened.home.folder)

    assert {"stojnica.db", "stojnica.db-wal", "stojnica.db-shm", "slots.json"} <= open_files.keys()
    assert found_in(open_files) == []
    assert found_in(closed_files) == []
    assert opened.key not in b"".join([*open_files.values(), *closed_files.values()])


def test_i18_the_search_itself_would_find_what_is_in_clear(tmp_path: Path) -> None:
    (tmp_path / "leak.tmp").write_text(f"x{SECRETS['last_name']}y", encoding="utf-8")

    assert found_in(files_of(tmp_path)) == [("leak.tmp", SECRETS["last_name"])]


def test_i18_the_saved_bytes_are_there_for_who_has_the_key(
    opened: OpenStore, save_contact: Callable[..., object]
) -> None:
    save_contact(opened, **SECRETS)

    def bodies(connection: Any) -> bytes:
        return b"".join(connection.exec_driver_sql("SELECT body FROM fact").scalars())

    kept = opened.store.read(bodies).result(timeout=20)
    assert all(word.encode() in kept for word in SECRETS.values())


def test_i18_the_copy_before_a_step_and_a_killed_making_hold_nothing_in_clear_either(
    opened: OpenStore, save_contact: Callable[..., object], tmp_path: Path
) -> None:
    save_contact(opened, **SECRETS)
    opened.close()
    copy_file(opened.home.database, "s0000")
    shutil.copytree(opened.home.folder, tmp_path / "all")

    assert "stojnica.db.before-s0000" in files_of(tmp_path / "all")
    assert found_in(files_of(tmp_path / "all")) == []


def test_m38_folder_and_keys_are_for_their_owner_alone(tmp_path: Path) -> None:
    home = StoreHome(tmp_path / "home")

    create_store(home, "some words", cost=Argon2Cost(8, 1, 1)).close()

    assert home.folder.stat().st_mode & 0o077 == 0
    assert home.slots.stat().st_mode & 0o077 == 0
