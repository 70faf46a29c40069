"""I18: what was deleted or changed is in no page of the store any more, nor in logs or temporary files."""

import logging
import os
from collections.abc import Callable
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from stojnica.domain.errors import UserFacingError
from stojnica.storage.home import OpenStore, StoreHome, unlock_store
from stojnica.storage.memory import forget, remember
from stojnica.storage.unit import UnitOfWork

PASSPHRASE = "jutro voda hiša most reka"
PAGE, RESERVED, IV, SALT = 4096, 80, 16, 16
SECRETS = {
    "first_name": "Zelmirka",
    "last_name": "Kvizbergar",
    "email": "zelmirka.kvizbergar@pismonosa.example",
    "remark": "alergicnanalesnike",
}
LONG = "".join(f"{number:04d}-Petelinovska-" for number in range(2_000))
TABLES = ("fact", "delivery", "signup", "signup_word", "consent", "question")


def deciphered(path: Path, key: bytes) -> bytes:
    """Decipher every page of a SQLCipher 4 file, those that are free included (its design: sqlcipher.net)."""
    content = path.read_bytes()
    assert content
    assert len(content) % PAGE == 0
    plain = []
    for start in range(0, len(content), PAGE):
        page = content[start : start + PAGE]
        body = page[SALT if start == 0 else 0 : PAGE - RESERVED]
        iv = page[PAGE - RESERVED : PAGE - RESERVED + IV]
        decryptor = Cipher(algorithms.AES(key), modes.CBC(iv)).decryptor()
        plain.append(decryptor.update(body) + decryptor.finalize())
    return b"".join(plain)


def found_in(content: bytes) -> list[str]:
    words = [*SECRETS.values(), "Petelinovska"]
    return [
        word
        for word in words
        if any(form in content for form in (word.encode(), word.lower().encode(), word.encode("utf-16-le")))
    ]


def keep_all(opened: OpenStore, save_contact: Callable[..., object]) -> None:
    def long(unit: UnitOfWork) -> None:
        remember(unit.connection, "long", LONG)
        unit.commit()

    for _number in range(20):
        save_contact(opened, **SECRETS)
    opened.store.write(long).result(timeout=20)


def drop_all(opened: OpenStore) -> None:
    def drop(unit: UnitOfWork) -> None:
        for table in TABLES:
            unit.connection.exec_driver_sql(f"DELETE FROM {table}")
        # Once made shorter and once dropped: a row that changes leaves its old page, too.
        remember(unit.connection, "long", "short")
        forget(unit.connection, "long")
        unit.commit()

    opened.store.write(drop).result(timeout=20)


def test_i18_deleted_visitors_are_in_no_page_of_the_store_free_ones_included(
    opened: OpenStore, save_contact: Callable[..., object]
) -> None:
    keep_all(opened, save_contact)
    drop_all(opened)
    opened.close()

    plain = deciphered(opened.home.database, opened.key)

    assert b"CREATE TABLE" in plain
    assert found_in(plain) == []
    assert sorted(path.name for path in opened.home.folder.glob("stojnica.db*")) == ["stojnica.db"]


def test_i18_the_search_would_find_visitors_that_are_still_there(
    opened: OpenStore, save_contact: Callable[..., object]
) -> None:
    keep_all(opened, save_contact)
    opened.close()

    plain = deciphered(opened.home.database, opened.key)

    assert SECRETS["email"] in found_in(plain)
    assert "Petelinovska" in found_in(plain)


def test_i18_logs_errors_and_temporary_files_hold_no_words_no_key_and_no_visitor(
    home: StoreHome,
    save_contact: Callable[..., object],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    for name in ("TMPDIR", "SQLITE_TMPDIR", "TEMP", "TMP"):
        monkeypatch.setenv(name, str(temporary))
    caplog.set_level(logging.DEBUG)
    told: list[str] = []

    with pytest.raises(UserFacingError) as wrong:
        unlock_store(home, "Kvizbergar ni geslo")
    told.append(f"{wrong.value!r} {wrong.value.sentences()}")
    opened = unlock_store(home, PASSPHRASE)
    keep_all(opened, save_contact)

    def broken(unit: UnitOfWork) -> None:
        values = (SECRETS["email"], SECRETS["last_name"])
        unit.connection.exec_driver_sql("INSERT INTO setting (name, value) VALUES (?, ?), (1, 2, 3)", values)

    with pytest.raises(Exception, match="setting") as failed:
        opened.store.write(broken).result(timeout=20)
    told.append(f"{failed.value!r} {failed.value}")
    opened.close()
    files = [path.read_bytes() for path in temporary.rglob("*") if path.is_file()]

    said = "\n".join([caplog.text, *told])
    assert found_in(said.encode()) == []
    assert not any(word in said for word in PASSPHRASE.split())
    for content in (said.encode(), *files):
        assert opened.key.hex().encode() not in content
        assert opened.key not in content
    assert files == []
    assert os.environ["TMPDIR"] == str(temporary)
