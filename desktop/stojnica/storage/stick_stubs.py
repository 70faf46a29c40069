"""What a file on a stick tells of erased facts, and how a receipt for it is held against the store."""

from collections.abc import Iterable
from hashlib import sha256
from uuid import UUID

from sqlalchemy.engine import Connection

from stojnica.storage.stick_files import MAX_ERASED
from stojnica.storage.stubs import Stub, erased_stubs


def stubs_to_tell(connection: Connection, branch_id: UUID) -> tuple[tuple[Stub, ...], int]:
    """Give the stubs of what was erased, those first of which no proof is known; and how many these are."""
    query = (
        "SELECT stub.fact_id, stub.content_hash FROM stub JOIN delivery ON delivery.fact_id = stub.fact_id"
        " AND delivery.content_hash = stub.content_hash WHERE delivery.state = 'proven'"
    )
    proven = {(UUID(bytes=row[0]), row[1]) for row in connection.exec_driver_sql(query)}
    stubs = erased_stubs(connection, branch_id)
    news = [one for one in stubs if one.key not in proven]
    told = [one for one in stubs if one.key in proven]
    return tuple([*news, *told][:MAX_ERASED]), len(news)


def digest_of_stubs(stubs: Iterable[Stub]) -> bytes:
    """Give what stands for some stubs, whatever their order."""
    hashes = sorted(one.fact_id.bytes + one.content_hash for one in stubs)
    return sha256(b"".join(hashes)).digest()
