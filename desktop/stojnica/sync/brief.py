"""Step 7: fetch what the office decided, and believe it only when it carries the organisation's signature."""

from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from stojnica.central.signing import is_briefing_of
from stojnica.domain.canonical import NotCanonicalError, parse_canonical
from stojnica.domain.fact import content_hash
from stojnica.records.briefing_events import apply_briefing_events
from stojnica.storage.good_forms import keep_good_forms
from stojnica.storage.memory import remember
from stojnica.storage.nameless import project_whole
from stojnica.storage.tables import BRIEFING
from stojnica.sync.faults import forged_briefing
from stojnica.sync.session import SyncSession
from stojnica.sync.transport import SignedBriefing

OFFICE_NAME = "office_name"
MAX_BRIEFING_BYTES = 4 * 1024 * 1024


def pull_briefing(session: SyncSession, signing_key: bytes) -> int | None:
    """Take a newer briefing, if there is one; gives its version.

    Raises:
        SyncError: what came isn't signed by the organisation, or is about another branch.
    """
    session.context.step("brief")
    have = session.read(briefing_version)
    came = session.transport.briefing(have)
    if came is None:
        return None
    checked_briefing(came, signing_key, session.branch_id)
    if came.version <= have:
        raise forged_briefing("version")
    session.write(
        lambda connection: keep_briefing(connection, came, session.branch_id, session.store.clock.now_us())
    )
    return came.version


def briefing_version(connection: Connection) -> int:
    """Give the version that this laptop works with; 0 before the first."""
    version = connection.execute(sa.select(sa.func.max(BRIEFING.c.version))).scalar()
    return int(version or 0)


def checked_briefing(came: SignedBriefing, signing_key: bytes, branch_id: UUID) -> dict[str, object]:
    """Give the document of a briefing that is the organisation's own, for this branch.

    Raises:
        SyncError: it isn't.
    """
    if len(came.body) > MAX_BRIEFING_BYTES or content_hash(came.body) != came.content_hash:
        raise forged_briefing("hash")
    if not is_briefing_of(signing_key, came.body, came.signature):
        raise forged_briefing("signature")
    try:
        document = parse_canonical(came.body, MAX_BRIEFING_BYTES)
        head = document["briefing"]
        if head["version"] != came.version or head["branch_id"] != str(branch_id):
            raise forged_briefing("about_another")
    except (NotCanonicalError, KeyError, TypeError) as error:
        raise forged_briefing("document") from error
    assert isinstance(document, dict)
    return document


def keep_briefing(connection: Connection, came: SignedBriefing, branch_id: UUID, now_us: int) -> None:
    """Replace the briefing, and let its events stand beside our own."""
    document = parse_canonical(came.body, MAX_BRIEFING_BYTES)
    connection.execute(sa.delete(BRIEFING))
    connection.execute(
        sa.insert(BRIEFING).values(
            version=came.version, body=came.body, signature=came.signature, received_at=now_us
        )
    )
    apply_briefing_events(connection, branch_id, document.get("events", []), project_whole)
    keep_good_forms(connection, document.get("forms", []))
    organisation = document.get("organisation", {})
    remember(
        connection, OFFICE_NAME, str(organisation.get("short_name") or organisation.get("name", ""))[:200]
    )
