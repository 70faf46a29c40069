"""Sticks, and offices that take them in: one in memory, one with a real database."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pyrage
from pyrage import x25519
from tests.sync.conftest import Fleet
from tests.sync.laptops import Laptop
from tests.sync.office_in_memory import OfficeInMemory
from tests.sync.offices import Office, PostgresOffice, Way

from stojnica.central.backup_file import load_identities
from stojnica.central.keys import load_public_keys, load_signing_key
from stojnica.central.sticks import stick_desk
from stojnica.sync.memory import MemoryCentre
from stojnica.sync.memory_desk import MemoryDesk
from stojnica.sync.stick_desk import Desk
from stojnica.sync.stick_export import Written, export_to_stick
from stojnica.sync.stick_import import StickImport, import_file, receipt_path, with_orders, write_receipt
from stojnica.sync.stick_receipt import Received, receive


@dataclass
class Steps:
    """Note the steps, and act on them as the test wants."""

    seen: list[tuple[str, int, int | None]] = field(default_factory=list)
    act: Callable[[str], None] = lambda _name: None

    def step(self, name: str, done: int = 0, total: int | None = None) -> None:
        self.seen.append((name, done, total))
        self.act(name)


@dataclass
class StickOffice:
    """Be an office where sticks arrive; where it `adds_up` before it writes a receipt, as its verb does."""

    office: Office
    keys: Path
    stick: Path
    adds_up: bool = False

    @contextmanager
    def desk(self) -> Iterator[Desk]:
        if isinstance(self.office, PostgresOffice):
            with stick_desk(self.office.url) as desk:
                yield desk
        else:
            assert isinstance(self.office, MemoryCentre)
            yield MemoryDesk(self.office)

    def laptop(self, fleet: Fleet, name: str = "Stand 1") -> Laptop:
        """Give a laptop that knows the organisation's keys, and was never online."""
        laptop = fleet(Way(self.office), is_enrolled=False)
        public = load_public_keys(self.keys)
        credentials = self.office.enrol(name, device_key=len(name).to_bytes(1, "big") * 32)
        laptop.enrol(replace(credentials, signing_key=public.signing_key, recipients=public.recipients))
        return laptop

    def export(self, laptop: Laptop, *, is_all: bool = False, context: Any = None) -> Path:
        return self.written(laptop, is_all=is_all, context=context).files[0].path

    def written(self, laptop: Laptop, *, is_all: bool = False, context: Any = None) -> Written:
        return export_to_stick(laptop.store, self.stick, context or Steps(), is_all=is_all)

    def take_in(self, path: Path, keys: Path | None = None) -> StickImport:
        with self.desk() as desk:
            return import_file(desk, path, load_identities(keys or self.keys))

    def receipt(self, path: Path) -> bytes:
        """Take a file in, and give the receipt as it lies on the stick."""
        taken = self.take_in(path)
        assert taken.receipt is not None
        if self.adds_up:
            assert isinstance(self.office, PostgresOffice | OfficeInMemory)
            self.office.project()
        to = receipt_path(path, None)
        with self.desk() as desk:
            write_receipt(with_orders(desk, taken.receipt), to, load_signing_key(self.keys))
        return to.read_bytes()

    def close_the_loop(self, laptop: Laptop, path: Path) -> Received:
        return receive(laptop.store, self.receipt(path), laptop.renew_copies)


def opened(path: Path, keys: Path) -> bytes:
    """Give what lies inside a file, as the office could."""
    return pyrage.decrypt(path.read_bytes(), load_identities(keys))


def sealed(content: bytes, path: Path, keys: Path) -> Path:
    """Seal something for the office, as anybody could who knows its recipients."""
    recipients = [x25519.Recipient.from_str(text) for text in load_public_keys(keys).recipients]
    path.write_bytes(pyrage.encrypt(content, recipients))
    return path
