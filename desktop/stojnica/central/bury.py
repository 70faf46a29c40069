"""What comes late about somebody who was erased goes before anybody looks at it, pieces of files too."""

from collections.abc import Iterable, Iterator, Sequence
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
    connection.execute(_BURY_LATE, names)


def bury_pieces(connection: Connection, branch_id: UUID, facts: Iterable[Fact]) -> None:
    """Take away the pieces of all files that these facts describe, those here and those still to come."""
    pieces = files_of(facts)
    if pieces:
        connection.execute(_BURY_PIECES, {"branch": branch_id, "pieces": sorted(pieces)})


def _readable(bodies: Iterable[bytes]) -> Iterator[Fact]:
    for body in bodies:
        with suppress(BadFactError):
            yield decode(bytes(body))
