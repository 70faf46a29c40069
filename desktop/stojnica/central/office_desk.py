"""Who writes facts for the office, and how they get into its database."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import psycopg

from stojnica.domain.errors import UserFacingError
from stojnica.domain.fact import Fact, content_hash, encode
from stojnica.domain.ids import new_id
from stojnica.i18n import gettext as _

_BATCH = 400
_BATCH_BYTES = 1024 * 1024
_TAKE = (
    "SELECT unnest(t) FROM hub.take(%s, %s, 'office', %s::uuid[], %s::bytea[], %s::bytea[], %s::text[],"
    " %s::uuid[], %s::uuid[], %s::uuid[], %s::bigint[], %s::bigint[]) t"
)


@dataclass(frozen=True, slots=True)
class OfficeDesk:
    """Hold who writes for the office: a device of the branch, with one life and its last number."""

    branch_id: UUID
    device_id: UUID
    incarnation: UUID
    seq: int


def office_desk(driver: psycopg.Connection[Any], branch_id: UUID) -> OfficeDesk:
    """Find the office's device, or make it; the caller locks the branch, so that two aren't made."""
    row = driver.execute(
        "SELECT device_id FROM hub.device WHERE branch_id = %s AND kind = 'office'"
        " ORDER BY created_at, device_id LIMIT 1",
        [branch_id],
    ).fetchone()
    if row is None:
        device_id = new_id()
        driver.execute(
            "INSERT INTO hub.device (branch_id, device_id, role_name, name, kind, created_at)"
            " VALUES (%s, %s, '', 'office', 'office', hub.now_us())",
            [branch_id, device_id],
        )
        return OfficeDesk(branch_id, device_id, new_id(), 0)
    device_id = row[0]
    last = driver.execute(
        "SELECT incarnation, max(seq) FROM hub.delivery WHERE branch_id = %s AND device_id = %s"
        " GROUP BY incarnation ORDER BY max(seq) DESC LIMIT 1",
        [branch_id, device_id],
    ).fetchone()
    return OfficeDesk(branch_id, device_id, *((new_id(), 0) if last is None else (last[0], last[1])))


def say_facts(driver: psycopg.Connection[Any], desk: OfficeDesk, facts: Sequence[Fact]) -> None:
    """Store office facts through the same body of code that a laptop's push runs.

    Raises:
        UserFacingError: the day's quota is used up.
    """
    numbered = [(fact, encode(fact), desk.seq + place) for place, fact in enumerate(facts, start=1)]
    batch: list[tuple[Fact, bytes, int]] = []
    for item in numbered:
        if len(batch) == _BATCH or sum(len(body) for _fact, body, _seq in [*batch, item]) > _BATCH_BYTES:
            _take(driver, desk, batch)
            batch = []
        batch.append(item)
    if batch:
        _take(driver, desk, batch)


def _take(
    driver: psycopg.Connection[Any], desk: OfficeDesk, batch: Sequence[tuple[Fact, bytes, int]]
) -> None:
    columns = zip(
        *(
            (
                fact.fact_id,
                content_hash(body),
                body,
                fact.kind,
                fact.subject_id,
                fact.event_id,
                desk.incarnation,
                seq,
                fact.captured_at,
            )
            for fact, body, seq in batch
        ),
        strict=True,
    )
    rows = driver.execute(
        _TAKE, [desk.branch_id, desk.device_id, *(list(column) for column in columns)]
    ).fetchall()
    if any(answer not in ("stored", "present") for (answer,) in rows) or len(rows) != len(batch):
        raise UserFacingError(
            _("The centre didn't take what the office says."),
            safe=_("Nothing was published."),
            next_step=_("Try again tomorrow: there is a limit for each day."),
            code="not_taken",
        )
