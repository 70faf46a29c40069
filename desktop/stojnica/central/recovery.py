"""The code that the office reads out when all words of a laptop are forgotten."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

import psycopg
import pyrage

from stojnica.central.branch import branch_of
from stojnica.central.connect import connect, told_plainly
from stojnica.central.keys import OpenKeys, load_identities
from stojnica.central.office_desk import office_desk, say_facts
from stojnica.central.revoke import laptop_named
from stojnica.central.roles import OWNER
from stojnica.domain import kinds
from stojnica.domain.errors import UserFacingError
from stojnica.domain.fact import BadFactError, Fact, StoredFact, content_hash, decode
from stojnica.domain.ids import new_id
from stojnica.domain.order import SubjectHistory
from stojnica.domain.recovery import recovery_from, sealed_from
from stojnica.i18n import gettext as _

MOST_READ = 1_000
# Only what the laptop itself brought counts: nobody else can put a code of theirs in its place.
_SEALED = (
    "SELECT f.branch_id, f.incarnation, f.seq, f.body FROM hub.delivery d"
    " JOIN hub.fact f ON f.branch_id = d.branch_id AND f.fact_id = d.fact_id"
    " AND f.content_hash = d.content_hash"
    " WHERE d.branch_id = %(branch)s AND d.device_id = %(device)s AND f.branch_id = %(branch)s"
    " AND f.subject_id = %(device)s AND f.kind = %(kind)s ORDER BY f.incarnation, f.seq DESC LIMIT %(most)s"
)
_READ_OUT = (
    "SELECT f.captured_at FROM hub.fact f JOIN hub.delivery d ON d.branch_id = f.branch_id"
    " AND d.fact_id = f.fact_id AND d.content_hash = f.content_hash"
    " JOIN hub.device v ON v.branch_id = d.branch_id AND v.device_id = d.device_id"
    " WHERE f.branch_id = %s AND f.subject_id = %s AND f.kind = %s AND v.kind = 'office'"
    " ORDER BY f.captured_at DESC LIMIT 100"
)


@dataclass(frozen=True, slots=True)
class LaptopCode:
    """Hold a laptop's codes, several only after its file was copied, and when one was read out before."""

    device_id: UUID
    name: str
    codes: tuple[str, ...]
    read_before: tuple[int, ...]


def read_recovery_code(
    url: str, *, laptop: str, keys_dir: Path, open_keys: OpenKeys | None = None
) -> LaptopCode:
    """Open a laptop's newest sealed code with an identity of the organisation, and note that it was read.

    Raises:
        UserFacingError: no such laptop, no code came from it, no identity is here or none opens it; not
            reachable, or not allowed. Nothing is noted then.
    """
    identities = load_identities(keys_dir, open_keys)
    with told_plainly(), connect(url) as connection:
        branch_id = branch_of(connection)
        connection.execute(f"SET LOCAL ROLE {OWNER}".encode())
        found = laptop_named(connection, branch_id, laptop)
        sealed = _newest(_sealed_facts(connection, branch_id, found.device_id))
        if not sealed:
            raise _no_code(found.name)
        codes = tuple(code for code in (_opened(item, identities) for item in sealed) if code)
        if not codes:
            raise _not_opened(found.name)
        connection.execute("SELECT 1 FROM hub.branch WHERE branch_id = %s FOR UPDATE", [branch_id])
        rows = connection.execute(_READ_OUT, [branch_id, found.device_id, kinds.RECOVERY_READ]).fetchall()
        _note(connection, branch_id, found.device_id)
    return LaptopCode(found.device_id, found.name, codes, tuple(row[0] for row in rows))


def _sealed_facts(connection: psycopg.Connection[Any], branch_id: UUID, device_id: UUID) -> list[StoredFact]:
    names = {
        "branch": branch_id,
        "device": device_id,
        "kind": kinds.RECOVERY_SEALED,
        "most": MOST_READ,
    }
    found: list[StoredFact] = []
    for branch, incarnation, seq, body in connection.execute(_SEALED, names).fetchall():
        try:
            fact = decode(bytes(body))
        except BadFactError:
            continue
        found.append(StoredFact(branch, incarnation, seq, content_hash(bytes(body)), bytes(body), fact))
    return found


def _newest(facts: Sequence[StoredFact]) -> list[bytes]:
    history = SubjectHistory(facts)
    latest = history.latest(history.facts) if history.facts else []
    return [sealed for sealed in (sealed_from(item.fact.data) for item in latest) if sealed is not None]


def _opened(sealed: bytes, identities: Sequence[pyrage.x25519.Identity]) -> str:
    try:
        code = recovery_from(pyrage.decrypt(sealed, list(identities)))
    except pyrage.DecryptError:
        return ""
    return "" if code is None else code.code


def _note(connection: psycopg.Connection[Any], branch_id: UUID, device_id: UUID) -> None:
    row = connection.execute("SELECT hub.now_us()").fetchone()
    assert row is not None
    note = Fact(
        fact_id=new_id(),
        kind=kinds.RECOVERY_READ,
        subject_id=device_id,
        data={},
        captured_at=int(row[0]),
        channel="office",
    )
    say_facts(connection, office_desk(connection, branch_id), [note])


def _no_code(name: str) -> UserFacingError:
    return UserFacingError(
        _("No sealed code has come from “{name}” yet.").format(name=name),
        safe=_("Everything on the laptop is still there."),
        next_step=_("Bring the laptop to the office, and open it with: stojnica keys open --identity FILE"),
        code="no_recovery_code",
    )


def _not_opened(name: str) -> UserFacingError:
    return UserFacingError(
        _("The identities here don't open what “{name}” sealed.").format(name=name),
        safe=_("Nothing was changed."),
        next_step=_("Give the folder of the keys that the laptop was enrolled with: --keys DIR"),
        code="wrong_identity",
    )
