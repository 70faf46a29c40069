"""What tests of backups ask and break."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest
from tests.central.conftest import Row

from stojnica import failpoint
from stojnica.domain.errors import UserFacingError

Line = psycopg.Connection[Row]


@contextmanager
def armed(point: str, action: Callable[[], object]) -> Iterator[None]:
    """Run an action at a point of the work."""
    failpoint.arm(point, lambda: (action(), None)[1])
    try:
        yield
    finally:
        failpoint.disarm(point)


def covered(admin: Line) -> set[bytes]:
    return {bytes(row[0]) for row in admin.execute("SELECT content_hash FROM hub.covered").fetchall()}


def scratches(admin: Line) -> list[str]:
    rows = admin.execute("SELECT datname FROM pg_database WHERE datname ~ '^stojnica_check_'").fetchall()
    return [row[0] for row in rows]


def flip(file: Path, place: float) -> None:
    """Change one byte, at a share of the file's length."""
    content = bytearray(file.read_bytes())
    content[int(len(content) * place)] ^= 0x55
    file.write_bytes(bytes(content))


def fault(work: Callable[[], object]) -> str:
    with pytest.raises(UserFacingError) as caught:
        work()
    return caught.value.code
