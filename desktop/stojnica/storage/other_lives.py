"""Copies that hold what an opened one doesn't: a laptop and a copy of it went on beside each other.

The highest number is the newest of one of them alone. Both may have copied to one stick.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path

import sqlcipher3.dbapi2

from stojnica.storage.engine import open_copy
from stojnica.storage.made_copies import NAME
from stojnica.storage.reachable import is_file

MOST_LOOKED_AT = 100
_LIFE = "SELECT incarnation, head FROM life WHERE is_current = 1"


def holding_more(copies: Sequence[Path], key: bytes, lives: Mapping[bytes, int]) -> tuple[Path, ...]:
    """Give, of each life, the first of these copies that goes further than `lives` do: heads by incarnation.

    Copies are given newest first. One that can't be read says nothing; none is read whole.
    """
    found: dict[str, Path] = {}
    for path in copies[:MOST_LOOKED_AT]:
        named = NAME.fullmatch(path.name)
        if named is None or named["life"] in found:
            continue
        life = _life_of(path, key)
        if life is not None and life[1] > lives.get(life[0], 0):
            found[named["life"]] = path
    return tuple(found.values())


def _life_of(path: Path, key: bytes) -> tuple[bytes, int] | None:
    # Whoever prepared a stick may have put there what never ends.
    if not is_file(path):
        return None
    try:
        connection = open_copy(path, key)
    except sqlcipher3.dbapi2.Error:
        return None
    try:
        life, head = connection.execute(_LIFE).fetchone()
        return bytes(life), int(head)
    except (sqlcipher3.dbapi2.Error, TypeError, ValueError):
        return None
    finally:
        connection.close()
