"""The pages of an encrypted file, read one by one without SQLite: what is whole is told from what isn't.

SQLCipher 4 (zetetic.net/sqlcipher/design): each page is AES-256-CBC, its last 80 bytes hold the vector and an
HMAC-SHA512 over ciphertext, vector and page number; the first 16 bytes of the file are the salt.
"""

import hashlib
import hmac
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from stojnica.on_disk import open_plain
from stojnica.storage.home import PAGE_BYTES

SALT_BYTES, VECTOR_BYTES, MAC_BYTES = 16, 16, 64
RESERVED = VECTOR_BYTES + MAC_BYTES
USABLE = PAGE_BYTES - RESERVED
WAL_HEAD, FRAME_HEAD = 32, 24
_MASK = bytes([0x3A]) * SALT_BYTES


@dataclass(slots=True)
class Pages:
    """Hold the whole pages in clear, in memory alone; a page that the log has newer is the log's."""

    number: int = 0
    whole: dict[int, bytes] = field(default_factory=dict)
    damaged: set[int] = field(default_factory=set)

    @property
    def has_first(self) -> bool:
        """Tell whether the first page is whole: with its salt, no other page can be checked without it."""
        return 1 in self.whole


def read_pages(path: Path, key: bytes) -> Pages:
    """Read every page of a file and of the log beside it; nothing is written. Takes seconds.

    Raises:
        OSError: the file can't be read at all.
    """
    pages = Pages()
    with open_plain(path) as file:
        salt = file.read(SALT_BYTES)
        cipher = _PageCipher(key, salt)
        file.seek(0)
        number = 0
        while raw := file.read(PAGE_BYTES):
            number += 1
            clear = cipher.open(number, raw)
            if clear is None:
                pages.damaged.add(number)
            else:
                pages.whole[number] = clear
        pages.number = number
    for number, raw in _logged(path.with_name(path.name + "-wal")):
        clear = cipher.open(number, raw)
        if clear is not None:
            pages.whole[number] = clear
            pages.damaged.discard(number)
            pages.number = max(pages.number, number)
    return pages


class _PageCipher:
    def __init__(self, key: bytes, salt: bytes) -> None:
        self._key = key
        masked = bytes(one ^ other for one, other in zip(salt, _MASK, strict=False))
        self._mac_key = hashlib.pbkdf2_hmac("sha512", key, masked, 2, 32)

    def open(self, number: int, raw: bytes) -> bytes | None:
        """Give a page in clear, None when it isn't what was written."""
        start = SALT_BYTES if number == 1 else 0
        if len(raw) != PAGE_BYTES:
            return None
        signed, mac = raw[start : PAGE_BYTES - MAC_BYTES], raw[PAGE_BYTES - MAC_BYTES :]
        expected = hmac.new(self._mac_key, signed + number.to_bytes(4, "little"), hashlib.sha512).digest()
        if not hmac.compare_digest(expected, mac):
            return None
        vector = raw[USABLE : USABLE + VECTOR_BYTES]
        decryptor = Cipher(algorithms.AES(self._key), modes.CBC(vector)).decryptor()
        clear = decryptor.update(raw[start:USABLE]) + decryptor.finalize()
        return bytes(start) + clear


def _logged(path: Path) -> Iterator[tuple[int, bytes]]:
    """Give the committed pages of a write-ahead log, oldest first (sqlite.org/walformat.html)."""
    try:
        with open_plain(path) as file:
            content = file.read()
    except OSError:
        return
    salts = content[16:24]
    waiting: list[tuple[int, bytes]] = []
    for start in range(WAL_HEAD, len(content) - FRAME_HEAD - PAGE_BYTES + 1, FRAME_HEAD + PAGE_BYTES):
        head = content[start : start + FRAME_HEAD]
        if head[8:16] != salts:
            return
        body = content[start + FRAME_HEAD : start + FRAME_HEAD + PAGE_BYTES]
        waiting.append((int.from_bytes(head[:4], "big"), body))
        if int.from_bytes(head[4:8], "big"):
            yield from waiting
            waiting.clear()
