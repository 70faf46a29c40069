"""Files on sticks whose receipt would still confirm something."""

from bisect import bisect_left
from collections.abc import Iterable, Mapping
from uuid import UUID

from sqlalchemy.engine import Connection

from stojnica.domain.erasure import ERASED
from stojnica.storage.stick_files import SeqRange, StickFile, stick_files
from stojnica.storage.unit import branch_of

# Of a fact and of its stub alike: in which life, with which number; and whether it was erased.
_OPEN = " UNION ALL ".join(
    f"SELECT {table}.incarnation, {table}.seq, delivery.reason = ?"
    f" FROM delivery INDEXED BY ix_delivery_open CROSS JOIN {table} ON {table}.branch_id = ?"
    f" AND {table}.fact_id = delivery.fact_id AND {table}.content_hash = delivery.content_hash"
    " WHERE delivery.state <> 'proven'"
    for table in ("fact", "stub")
)


def waiting_files(connection: Connection) -> list[StickFile]:
    """Give the files without a receipt that hold what nothing else has confirmed since, the newest first."""
    without = [one for one in stick_files(connection) if not one.is_received]
    if not without:
        return []
    erased: dict[UUID, list[int]] = {}
    kept: dict[UUID, list[int]] = {}
    branch = branch_of(connection).bytes
    for incarnation, seq, is_erased in connection.exec_driver_sql(_OPEN, (ERASED, branch, ERASED, branch)):
        (erased if is_erased else kept).setdefault(UUID(bytes=incarnation), []).append(seq)
    for numbers in (*erased.values(), *kept.values()):
        numbers.sort()
    return [one for one in without if _has(one.ranges, kept) or _has(one.erased_ranges, erased)]


def _has(ranges: Iterable[SeqRange], seqs: Mapping[UUID, list[int]]) -> bool:
    for one in ranges:
        numbers = seqs.get(one.incarnation, [])
        at = bisect_left(numbers, one.first)
        if at < len(numbers) and numbers[at] <= one.last:
            return True
    return False
