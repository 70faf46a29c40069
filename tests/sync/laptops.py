"""Laptops with a real encrypted store, that are filled, copied, set back and synchronised."""

import shutil
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
import sqlalchemy as sa
from tests.ready_stores import open_new_home

from stojnica.domain import kinds
from stojnica.domain.clock import Clock
from stojnica.domain.fact import StoredFact
from stojnica.domain.ids import NIL, new_id
from stojnica.records.facts import FACT
from stojnica.services.copies import CopyKeeper
from stojnica.services.erasing import erase_contact
from stojnica.storage.home import OpenStore, StoreHome, unlock_store
from stojnica.storage.outbox import Unconfirmed, unconfirmed
from stojnica.storage.slots import Argon2Cost
from stojnica.storage.store import Store, join_branch
from stojnica.storage.tables import DELIVERY, LIFE, STUB
from stojnica.storage.unit import UnitOfWork
from stojnica.sync.credentials import Credentials, credentials_of, keep_credentials
from stojnica.sync.engine import SyncEngine, SyncResult
from stojnica.sync.faults import SyncError, interrupted
from stojnica.sync.session import SyncContext
from stojnica.sync.transport import Transport

PASSPHRASE = "breza čoln ježek mavrica sonce"
QUICK = Argon2Cost(8, 1, 1)
Key = tuple[UUID, bytes]
VISITOR = {
    **{"form": "stand", "form_version": 1, "language": "sl", "first_name": "Žana", "last_name": "Kos"},
    **{"email": "zana.kos@example.org", "phone": "", "age_band": "18-30", "country": "SI", "town": ""},
    **{"status": "", "heard": "", "remark": "", "interests": [], "themes": [], "slip_number": ""},
    **{"collected_on": "", "guardian": ""},
}


@dataclass
class Laptop:
    """Hold one laptop; `connect` is its way to the office."""

    opened: OpenStore
    connect: Callable[[Credentials], Transport]
    clock: Clock | None = None
    has_copies: bool = False

    @property
    def store(self) -> Store:
        return self.opened.store

    @property
    def folder(self) -> Path:
        return self.opened.home.folder

    def capture(self, contacts: int = 1, **data: Any) -> list[StoredFact]:
        """Save contacts, each a sign-up and a question, in one transaction."""

        def job(unit: UnitOfWork) -> list[StoredFact]:
            facts = []
            for _number in range(contacts):
                subject = uuid4()
                facts.append(unit.record(kinds.SIGNED_UP, subject, VISITOR | data, channel="kiosk"))
                facts.append(unit.record(kinds.ASKED, subject, {"text": "Kdaj?"}, channel="kiosk"))
            unit.commit()
            return facts

        return self.store.write(job).result()

    def capture_as_the_form_does(self, **data: Any) -> list[StoredFact]:
        """Save a contact whose sign-up has the id of its person, so that a tombstone stands for both."""

        def job(unit: UnitOfWork) -> list[StoredFact]:
            subject = new_id()
            facts = [
                unit.record(kinds.SIGNED_UP, subject, VISITOR | data, channel="kiosk", fact_id=subject),
                unit.record(kinds.ASKED, subject, {"text": "Kdaj?"}, channel="kiosk"),
            ]
            unit.commit()
            return facts

        return self.store.write(job).result()

    def erase(self, subject_id: UUID) -> int:
        """Erase a person who stands here, and give how many bodies went."""
        return erase_contact(self.store, subject_id).result()

    def enrol(self, credentials: Credentials) -> None:
        """Take an enrolment in, as the service does."""

        def job(unit: UnitOfWork) -> None:
            keep_credentials(unit.connection, credentials)
            join_branch(unit.connection, credentials.branch_id)
            unit.commit()

        self.store.write(job).result()

    def credentials(self) -> Credentials:
        found = self.store.read(credentials_of).result()
        assert found is not None
        return found

    def engine(self, *, attempts: int = 1, pause: Callable[[float], None] | None = None) -> SyncEngine:
        return SyncEngine(
            self.store,
            self.connect,
            attempts=attempts,
            pause=pause or (lambda _seconds: None),
            renew_copies=self.renew_copies if self.has_copies else (lambda: False),
        )

    def renew_copies(self) -> bool:
        """Let a new copy stand in the place of all earlier ones, as after an erasure."""
        return CopyKeeper(self.opened).renew()

    def sync(self, *, attempts: int = 1, context: SyncContext | None = None) -> SyncResult:
        return self.engine(attempts=attempts).run(context)

    def unconfirmed(self) -> Unconfirmed:
        return self.store.read(unconfirmed).result()

    def facts(self) -> list[Key]:
        """Give id and hash of each fact in the file, sorted."""
        return self._pairs(sa.select(FACT.c.fact_id, FACT.c.content_hash).where(FACT.c.branch_id != NIL))

    def stubs(self) -> list[Key]:
        """Give id and hash of each fact whose body is gone, sorted."""
        return self._pairs(sa.select(STUB.c.fact_id, STUB.c.content_hash))

    def in_state(self, *states: str) -> list[Key]:
        return self._pairs(
            sa.select(DELIVERY.c.fact_id, DELIVERY.c.content_hash).where(DELIVERY.c.state.in_(states))
        )

    def reasons(self) -> dict[UUID, str]:
        query = sa.select(DELIVERY.c.fact_id, DELIVERY.c.reason).where(DELIVERY.c.reason != "")
        return dict(self.store.read(lambda connection: connection.execute(query).all()).result())

    def incarnations(self) -> list[UUID]:
        query = sa.select(LIFE.c.incarnation).order_by(LIFE.c.is_current)
        return self.store.read(lambda connection: list(connection.execute(query).scalars())).result()

    def _pairs(self, query: sa.Select[tuple[UUID, bytes]]) -> list[Key]:
        rows = self.store.read(lambda connection: connection.execute(query).all()).result()
        return sorted((row[0], row[1]) for row in rows)

    def execute(self, statement: sa.sql.Executable) -> None:
        """Change the file behind the program's back."""

        def job(unit: UnitOfWork) -> None:
            unit.connection.execute(statement)
            unit.connection.commit()

        self.store.write(job).result()

    def close(self) -> None:
        self.opened.close()

    def copy_files(self, folder: Path) -> Path:
        """Copy the closed file, as a backup or a cloned disk does; this laptop is opened again."""
        self.close()
        shutil.copytree(self.folder, folder)
        self.opened = unlock_store(StoreHome(self.folder), PASSPHRASE, clock=self.clock)
        return folder

    def clone(self, folder: Path) -> "Laptop":
        """Give a second laptop that is the same in every byte."""
        copy = StoreHome(self.copy_files(folder))
        return replace(self, opened=unlock_store(copy, PASSPHRASE, clock=self.clock))

    def set_back(self, backup: Path) -> None:
        """Put the files of a backup in place of what is there."""
        self.close()
        shutil.rmtree(self.folder)
        shutil.copytree(backup, self.folder)
        self.opened = unlock_store(StoreHome(self.folder), PASSPHRASE, clock=self.clock)


def new_laptop(
    folder: Path, connect: Callable[[Credentials], Transport], clock: Clock | None = None
) -> Laptop:
    """Make a laptop that isn't enrolled yet."""
    return Laptop(open_new_home(StoreHome(folder), PASSPHRASE, clock=clock), connect, clock)


def keys(*several: list[StoredFact]) -> list[Key]:
    """Give id and hash of captured facts, sorted."""
    return sorted((item.fact.fact_id, item.content_hash) for facts in several for item in facts)


def fault_of(laptop: Laptop, **options: Any) -> SyncError:
    """Sync, and give the fault that it must end with."""
    with pytest.raises(SyncError) as caught:
        laptop.sync(**options)
    return caught.value


def broken(is_now: bool) -> None:
    """Break the line, if it is time for it."""
    if is_now:
        raise interrupted("test")
