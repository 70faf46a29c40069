"""Unlock a store, save contacts one by one, and say so after each; a test kills this in the middle."""

import os
import sys
from pathlib import Path

from stojnica import failpoint
from stojnica.domain import kinds
from stojnica.domain.ids import new_id
from stojnica.storage.home import StoreHome, unlock_store
from stojnica.storage.unit import UnitOfWork


def save(unit: UnitOfWork, name: str) -> None:
    visitor = new_id()
    unit.record(kinds.SIGNED_UP, visitor, {"first_name": name})
    for purpose in ("answer", "newsletter"):
        unit.record(kinds.CONSENTED, visitor, {"purpose": purpose, "granted": True, "unproven": False})
    unit.commit()


def main() -> None:
    folder, passphrase, count = sys.argv[1:4]
    # The first contacts are saved; the point is armed for the last one.
    point = os.environ.pop(failpoint.ENVIRONMENT_NAME, "")
    store = unlock_store(StoreHome(Path(folder)), passphrase).store
    for number in range(int(count)):
        if point and number == int(count) - 1:
            os.environ[failpoint.ENVIRONMENT_NAME] = point
        name = f"visitor-{number}"
        store.write(lambda unit, name=name: save(unit, name)).result()  # type: ignore[misc]
        sys.stdout.write(f"saved {name}\n")
        sys.stdout.flush()


main()
