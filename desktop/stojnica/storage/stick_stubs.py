"""What a file on a stick tells of erased facts, and how a receipt for it is held against the store."""

from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256
from uuid import UUID

from sqlalchemy.engine import Connection

from stojnica.storage.stick_files import MAX_ERASED, Key, SeqRange, seq_ranges
from stojnica.storage.stubs import Stub, erased_stubs


@dataclass(frozen=True, slots=True)
class StubsToTell:
    """Hold stubs in lots that fit into one file each; `untold` counts those of which no proof is known."""

    lots: tuple[tuple[Stub, ...], ...]
    untold: int


def stubs_to_tell(connection: Connection, branch_id: UUID, *, is_all: bool) -> StubsToTell:
    """Give the stubs of what was erased: all those of which no proof is known, and then others.

    Others are told again as far as there is room; `is_all` makes room for each of them.
    """
    query = (
        "SELECT stub.fact_id, stub.content_hash FROM stub JOIN delivery ON delivery.fact_id = stub.fact_id"
        " AND delivery.content_hash = stub.content_hash WHERE delivery.state = 'proven'"
    )
    proven = {(UUID(bytes=row[0]), row[1]) for row in connection.exec_driver_sql(query)}
    stubs = erased_stubs(connection, branch_id)
    news = [one for one in stubs if one.key not in proven]
    told = [one for one in stubs if one.key in proven]
    ordered = [*news, *told]
    most = len(ordered) if is_all else max(-(-len(news) // MAX_ERASED), 1) * MAX_ERASED
    begins = range(0, min(len(ordered), most), MAX_ERASED)
    return StubsToTell(tuple(tuple(ordered[at : at + MAX_ERASED]) for at in begins), len(news))


def ranges_of_stubs(stubs: Iterable[Stub]) -> tuple[SeqRange, ...]:
    """Name stubs by their numbers, for a receipt that comes back when others have joined them."""
    seqs: dict[bytes, list[int]] = {}
    for one in stubs:
        seqs.setdefault(one.incarnation.bytes, []).append(one.seq)
    return seq_ranges(seqs)


def digest_of_stubs(keys: Iterable[Key]) -> bytes:
    """Give what stands for some stubs, by id and hash, whatever their order."""
    hashes = sorted(fact_id.bytes + content_hash for fact_id, content_hash in keys)
    return sha256(b"".join(hashes)).digest()
