"""What comes late about somebody who was erased goes before anybody looks at it, pieces of files too."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from stojnica.domain import kinds
from stojnica.domain.erasure import files_of
from stojnica.domain.fact import BadFactError, Fact, decode

_FILES = sa.text(
    "SELECT f.body FROM hub.fact f WHERE f.branch_id = :branch AND f.subject_id = ANY (:subjects)"
    " AND f.kind = :kind AND EXISTS"
    " (SELECT FROM hub.tombstone t WHERE t.branch_id = f.branch_id AND t.fact_id = f.subject_id)"
)
_ERASERS = sa.text(
    "SELECT DISTINCT t.device_id FROM hub.tombstone t WHERE t.branch_id = :branch"
    " AND t.fact_id = ANY (:subjects) AND t.device_id IS NOT NULL"
)
_PIECES_HERE = sa.text(
    "SELECT DISTINCT f.subject_id FROM hub.tombstone t JOIN hub.fact f"
    " ON f.branch_id = :branch AND f.subject_id = t.fact_id AND f.kind = :kind"
    " JOIN hub.delivery v ON v.branch_id = :branch AND v.device_id = t.device_id"
    " AND v.fact_id = f.fact_id AND v.content_hash = f.content_hash"
    " WHERE t.branch_id = :branch AND t.device_id = ANY (:devices)"
)
_BURY_PIECES = sa.text("SELECT office_api.bury_pieces(:branch, :pieces)")
_BURY_LATE = sa.text("SELECT office_api.bury_late(:branch, :subjects)")


def bury_late(connection: Connection, branch_id: UUID, subjects: Sequence[UUID]) -> None:
    """Take away what came about persons who were erased; in the projector's transaction.

    A piece of a file has a subject of its own, and only the description of the file names it: it is read
    here for the last time.
    """
    names = {"branch": branch_id, "subjects": list(subjects)}
    bodies = connection.execute(_FILES, names | {"kind": kinds.FILE_ATTACHED}).scalars().all()
    bury_pieces(connection, branch_id, _readable(bodies))
    here = _pieces_here(connection, names)
    connection.execute(_BURY_LATE, names | {"subjects": [*subjects, *here]})


def bury_pieces(connection: Connection, branch_id: UUID, facts: Iterable[Fact]) -> None:
    """Take away the pieces of all files that these facts describe, those here and those still to come."""
    pieces = files_of(facts)
    if pieces:
        connection.execute(_BURY_PIECES, {"branch": branch_id, "pieces": sorted(pieces)})


def _pieces_here(connection: Connection, names: Mapping[str, object]) -> Sequence[UUID]:
    """Give pieces of files that came before the laptop that delivered them erased their person.

    It names the pieces that it never had, too: a copy of its files may have added them. What another laptop
    delivered isn't its to erase.
    """
    devices = connection.execute(_ERASERS, names).scalars().all()
    if not devices:
        return ()
    about = {**names, "devices": list(devices), "kind": kinds.FILE_CHUNK}
    return connection.execute(_PIECES_HERE, about).scalars().all()


def _readable(bodies: Iterable[bytes]) -> Iterator[Fact]:
    for body in bodies:
        with suppress(BadFactError):
            yield decode(bytes(body))
