"""What the office calls at the centre to take in a stick; each call is a transaction of its own."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import psycopg
from psycopg import sql

from stojnica.central.branch import branch_of, server_of
from stojnica.central.connect import connect, told_plainly
from stojnica.central.init import check_schema_is_known
from stojnica.central.roles import OFFICE

FactColumns = tuple[UUID, bytes, bytes, str, UUID, UUID | None, UUID, int, int]
StubColumns = tuple[UUID, bytes, UUID, int]
Lives = Sequence[tuple[UUID, int]]
_ATTEMPTS = 5
_TRY_AGAIN = frozenset({"40001", "40P01"})


@dataclass(frozen=True, slots=True)
class StickDevice:
    """Hold what the centre knows of a laptop; `public_key` is empty until its first contact."""

    name: str
    is_revoked: bool
    public_key: bytes


@dataclass(frozen=True, slots=True)
class StickOrder:
    """Hold an order that a laptop has still to carry out, or by whose mark somebody of it went (`late`)."""

    order_id: UUID
    body: bytes
    signature: bytes
    is_done: bool
    late: tuple[UUID, ...]


class StickDesk:
    """Speak for the office with the functions that sticks need."""

    def __init__(self, connection: psycopg.Connection[Any]) -> None:
        self._connection = connection
        self.branch_id = branch_of(connection)
        self.server_id = server_of(connection)
        connection.rollback()

    def device(self, device_id: UUID) -> StickDevice | None:
        """Give a laptop of this branch."""
        row = self._one("SELECT * FROM office_api.stick_device(%s, %s)", [self.branch_id, device_id])
        return None if row is None else StickDevice(row[0], row[1], bytes(row[2] or b""))

    def vouch(self, device_id: UUID, public_key: bytes, mac: bytes) -> str:
        """Hold a laptop to its key, for the first time by the secret of its enrolment file."""
        row = self._one(
            "SELECT office_api.vouch_for_stick(%s, %s, %s, %s)",
            [self.branch_id, device_id, public_key, mac],
        )
        return str(row[0]) if row else "other"

    def announce(self, device_id: UUID, lives: Sequence[tuple[UUID, int, bytes]]) -> None:
        """Note how much the laptop has to deliver."""
        columns = [list(column) for column in zip(*lives, strict=True)] or [[], [], []]
        self._one(
            "SELECT office_api.announce_stick(%s, %s, %s::uuid[], %s::bigint[], %s::bytea[])",
            [self.branch_id, device_id, *columns],
        )

    def take(self, device_id: UUID, facts: Sequence[FactColumns]) -> list[str]:
        """Store a batch as the laptop's; the answers hold for what is committed."""
        row = self._one(
            "SELECT answers FROM office_api.import_batch(%s, %s, %s::uuid[], %s::bytea[], %s::bytea[],"
            " %s::text[], %s::uuid[], %s::uuid[], %s::uuid[], %s::bigint[], %s::bigint[])",
            [self.branch_id, device_id, *(list(column) for column in zip(*facts, strict=True))],
        )
        return list(row[0]) if row else []

    def erase(self, device_id: UUID, stubs: Sequence[StubColumns]) -> list[str]:
        """Have erased what the laptop erased; the answers hold for what is committed."""
        row = self._one(
            "SELECT answers FROM office_api.stick_erase(%s, %s, %s::uuid[], %s::bytea[], %s::uuid[],"
            " %s::bigint[])",
            [self.branch_id, device_id, *(list(column) for column in zip(*stubs, strict=True))],
        )
        return list(row[0]) if row else []

    def state_erased(self, device_id: UUID, statement_id: UUID, body: bytes, signature: bytes) -> None:
        """Keep a laptop's own statement of what it erased, for copies of its file; if there is room."""
        self._one(
            "SELECT office_api.stick_stated(%s, %s, %s, %s, %s)",
            [self.branch_id, device_id, statement_id, body, signature],
        )

    def erased(
        self,
        device_id: UUID,
        order_id: UUID,
        facts: int,
        are_copies_new: bool,
        lives: Lives,
        late: Sequence[UUID],
    ) -> bool:
        """Note that a laptop carried an order out, and how far it was; false when the order isn't known.

        `late` are whom the file knows to have gone late: of their copies one from before says nothing.
        """
        row = self._one(
            "SELECT office_api.stick_carried_out(%s, %s, %s, %s::bigint, %s, %s::uuid[], %s::bigint[],"
            " %s::uuid[])",
            [
                *(self.branch_id, device_id, order_id, facts, are_copies_new),
                *([life for life, _head in lives], [head for _life, head in lives], list(late)),
            ],
        )
        return bool(row and row[0])

    def late_done(self, device_id: UUID, subjects: Sequence[UUID]) -> None:
        """Note that these late sign-ups are gone from a laptop."""
        self._one(
            "SELECT office_api.stick_late_done(%s, %s, %s)", [self.branch_id, device_id, list(subjects)]
        )

    def orders(self, device_id: UUID) -> list[StickOrder]:
        """Give what a laptop has still to erase."""
        with self._transaction():
            rows = self._connection.execute(
                "SELECT order_id, body, signature, is_done, late FROM office_api.stick_orders(%s, %s)",
                [self.branch_id, device_id],
            ).fetchall()
        return [StickOrder(row[0], bytes(row[1]), bytes(row[2]), row[3], tuple(row[4])) for row in rows]

    def held(self, device_id: UUID, keys: Sequence[tuple[UUID, bytes]]) -> list[tuple[bool, bool]]:
        """Tell of each fact whether it is there as this laptop's, and whether a backup holds it."""
        row = self._one(
            "SELECT are_held, are_covered FROM office_api.stick_held(%s, %s, %s::uuid[], %s::bytea[])",
            [self.branch_id, device_id, [key[0] for key in keys], [key[1] for key in keys]],
        )
        assert row is not None
        return list(zip(row[0], row[1], strict=True))

    def digests(self, device_id: UUID) -> tuple[dict[int, bytes], int]:
        """Give the digest of each bucket that isn't empty, and how many facts there are."""
        with self._transaction():
            rows = self._connection.execute(
                "SELECT bucket, amount, digest FROM office_api.stick_digests(%s, %s)",
                [self.branch_id, device_id],
            ).fetchall()
        return {row[0]: bytes(row[2]) for row in rows}, sum(row[1] for row in rows)

    def keep_receipt(
        self, device_id: UUID, facts: int, contacts: int, code: str, extra: int
    ) -> tuple[UUID, int, int]:
        """Note a proof of everything; gives its id, the server's time (µs UTC) and what a backup covers."""
        row = self._one(
            "SELECT receipt_id, proven_at, covered FROM office_api.stick_receipt(%s, %s, %s, %s, %s, %s)",
            [self.branch_id, device_id, facts, contacts, code, extra],
        )
        assert row is not None
        return row[0], int(row[1]), int(row[2])

    def _one(self, statement: str, parameters: Sequence[Any]) -> tuple[Any, ...] | None:
        for attempt in range(_ATTEMPTS):
            try:
                with self._transaction():
                    return self._connection.execute(statement.encode(), parameters, binary=True).fetchone()
            except psycopg.OperationalError as error:
                # Two deliveries of the same facts met: the other one is through by now.
                if error.sqlstate not in _TRY_AGAIN or attempt + 1 == _ATTEMPTS:
                    raise
        raise AssertionError("unreachable")

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        with self._connection.transaction():
            row = self._connection.execute(
                "SELECT pg_has_role(current_user, %s, 'MEMBER')", [OFFICE]
            ).fetchone()
            if row is not None and row[0]:
                self._connection.execute(sql.SQL("SET LOCAL ROLE {}").format(sql.Identifier(OFFICE)))
            yield


@contextmanager
def stick_desk(url: str) -> Iterator[StickDesk]:
    """Open the office's desk for sticks.

    Raises:
        UserFacingError: not reachable, not allowed, or not a database of ours.
    """
    with told_plainly(), connect(url) as connection:
        check_schema_is_known(connection)
        connection.rollback()
        yield StickDesk(connection)
