"""I2: no log-out, reset, upgrade or uninstall deletes a store: each place that deletes files is known."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import stojnica
from stojnica.storage.copies_leaving import expire, expire_files_before_steps
from stojnica.storage.home import StoreHome
from stojnica.storage.made_copies import MadeCopy

SOURCE = Path(stojnica.__file__).parent
PACKAGING = Path(__file__).parents[2] / "build"
DELETERS = frozenset({"unlink", "rmtree", "rmdir", "removedirs", "truncate"})
MAY_DELETE = {
    "bootstrap/trouble.py": "folders of practice that it made under its own temporary home",
    "central/backup_file.py": "its own half backups, and backups of the office beyond those kept",
    "central/embedded.py": "clusters of practice and tests, which it made",
    "central/installing/machine.py": "its own half files",
    "central/tombstones.py": "its own half list, before the whole one takes its place",
    "central/scans.py": "its own half file, before it writes a scan anew",
    "central/server_account.py": "the program's copy for the server's own user",
    "cli/demo.py": "the temporary folder of a demonstration",
    "on_disk.py": "half a file under the name that a new one gets, or a link that lies there",
    "services/protecting.py": "the office's clear keys, once they were read back from the protected file",
    "services/practice.py": "keys of a practice office",
    "services/tryout.py": "the temporary folder of three minutes of practice",
    "storage/copies.py": "half copies of its own",
    "storage/copies_leaving.py": "copies that this store noted and that carry the noted salt, and half ones",
    "storage/copy_faults.py": "nothing: its own half file is made long and short again while it is empty",
    "storage/durable.py": "its own half file",
    "storage/home.py": "what a creation that was cut off left, while there is no store",
    "storage/restore.py": "what an attempt left, while there is no store",
    "storage/schema.py": "its own half copy before a step",
    "sync/stick_export.py": "files of its own on a stick that are half, or read back otherwise than written",
    "storage/slots.py": "the second writing of an older key file, once the newer one is on disk",
}
"""Which files may delete what; a new place needs a line here, and a test that it spares the rest."""


def deleting_calls(file: Path) -> Iterator[str]:
    """Give each call in a file that deletes files or empties them."""
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
            continue
        owner = node.func.value
        is_os = isinstance(owner, ast.Name) and owner.id == "os" and node.func.attr == "remove"
        if node.func.attr in DELETERS or is_os:
            yield f"{file.name}:{node.lineno}"


def test_i02_every_place_that_deletes_files_is_known() -> None:
    found = {
        file.relative_to(SOURCE).as_posix() for file in SOURCE.rglob("*.py") if any(deleting_calls(file))
    }

    assert found == set(MAY_DELETE)


def test_i02_nothing_of_the_packaging_names_the_folder_of_stores() -> None:
    for file in PACKAGING.iterdir():
        if file.is_file():
            text = file.read_text(encoding="utf-8")
            assert "user_data_path" not in text
            assert "stojnica.db" not in text


def test_i02_expiry_takes_no_store_and_no_key(tmp_path: Path) -> None:
    # Given notes that name the store itself, as if somebody had forged them
    home = StoreHome(tmp_path)
    home.database.write_bytes(b"s" * 4096)
    home.slots.write_text("{}")
    other = tmp_path / "stojnica-1a2b3c4d-1a2b3c4d5e6f-000009.db"
    other.write_bytes(b"o" * 4096)
    forged = [
        MadeCopy(str(tmp_path), name, (b"s" * 16).hex(), number, 0, "", 0, 0)
        for number, name in enumerate((home.database.name, home.slots.name, "../x.db", other.name))
    ]
    newest = MadeCopy(str(tmp_path), "stojnica-1a2b3c4d-1a2b3c4d5e6f-000099.db", "", 99, 0, "", 0, 0)

    expire([*forged, newest], tmp_path, now_us=1 << 60, days=0, kept=1)
    expire_files_before_steps(home.database, now_us=1 << 60, days=0)

    assert home.database.exists()
    assert home.slots.exists()
    assert other.exists()


def test_i02_files_from_before_a_step_leave_when_they_are_old_and_nothing_else(tmp_path: Path) -> None:
    home = StoreHome(tmp_path)
    names = ("stojnica.db.before-s0001", "stojnica.db.before-lunch", "stojnica.db", "notes.before-s0001")
    for name in names:
        (tmp_path / name).write_bytes(b"x")

    expire_files_before_steps(home.database, now_us=0, days=30)
    assert (tmp_path / names[0]).exists()
    expire_files_before_steps(home.database, now_us=1 << 60, days=30)

    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(names[1:])


@pytest.mark.parametrize("verb", ["reset", "logout", "uninstall", "wipe", "delete"])
def test_i02_no_verb_throws_a_store_away(verb: str) -> None:
    from stojnica.cli.main import build_parser

    with pytest.raises(SystemExit):
        build_parser().parse_args([verb])
