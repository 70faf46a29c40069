"""From the facts of one subject to its typed rows, whatever order they arrived in."""

import unicodedata
from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from stojnica.domain import kinds
from stojnica.domain.canonical import canonical_bytes
from stojnica.domain.consent import consent_states
from stojnica.domain.event import event_from
from stojnica.domain.fact import StoredFact
from stojnica.domain.order import SubjectHistory
from stojnica.domain.tally import press_from, spread
from stojnica.records.facts import facts_of_subject, subjects
from stojnica.records.typed import (
    CONSENT,
    EVENT,
    OFFICE_ITEM,
    PROJECTION_VERSION,
    QUESTION,
    SIGNUP,
    TALLY,
    create_typed_tables,
    drop_typed_tables,
)

Rows = list[dict[str, Any]]
SIGNUP_TEXTS = (
    *("first_name", "last_name", "email", "phone", "age_band", "country", "town", "status", "heard"),
    *("remark", "slip_number", "collected_on", "guardian", "language"),
)
SIGNUP_LISTS = ("interests", "themes")
CORRECTABLE = frozenset((*SIGNUP_TEXTS, *SIGNUP_LISTS))
MAX_TEXT = 2_000


def email_key(email: str) -> str:
    """Give the form in which two e-mail addresses are compared."""
    return unicodedata.normalize("NFC", email).casefold().strip()


def project_subject(connection: Connection, branch_id: UUID, subject_id: UUID) -> None:
    """Recompute the typed rows of one subject from all its facts.

    Same facts, same rows: repeats and order of arrival change nothing. Runs in the caller's transaction.

    Raises:
        BadFactError: a body is no fact.
    """
    history = SubjectHistory(facts_of_subject(connection, branch_id, subject_id))
    for table, rows in rows_of(history).items():
        where = (table.c.branch_id == branch_id) & (table.c.subject_id == subject_id)
        if (
            table is EVENT
            and connection.execute(sa.select(EVENT.c.origin).where(where)).scalar() == "briefing"
        ):
            continue
        connection.execute(sa.delete(table).where(where))
        if rows:
            shared = {
                "branch_id": branch_id,
                "subject_id": subject_id,
                "projection_version": PROJECTION_VERSION,
            }
            connection.execute(sa.insert(table), [shared | row for row in rows])


def rows_of(history: SubjectHistory) -> dict[sa.Table, Rows]:
    """Give the rows of every table that these facts concern; an empty list clears that table."""
    present = {item.fact.kind for item in history.facts}
    found: dict[sa.Table, Rows] = {}
    for concerned, table, make in _RULES:
        if present & concerned:
            found[table] = make(history)
    return found


def rebuild(connection: Connection, branch_id: UUID) -> int:
    """Throw the typed tables away and make them anew from facts; gives the number of subjects."""
    drop_typed_tables(connection)
    create_typed_tables(connection)
    count = 0
    for subject_id in list(subjects(connection, branch_id)):
        project_subject(connection, branch_id, subject_id)
        count += 1
    return count


def _of_kind(history: SubjectHistory, *wanted: str) -> list[StoredFact]:
    return [item for item in history.facts if item.fact.kind in wanted]


def _is_voided(history: SubjectHistory) -> bool:
    return bool(_of_kind(history, kinds.VOIDED))


def _text(data: Mapping[str, Any], name: str) -> str:
    value = data.get(name, "")
    return value[:MAX_TEXT] if isinstance(value, str) else ""


def _list(data: Mapping[str, Any], name: str) -> str:
    value = data.get(name, [])
    items = value if isinstance(value, list) else []
    return canonical_bytes([item[:64] for item in items if isinstance(item, str)][:64]).decode()


def _reader(name: str) -> Callable[[StoredFact], str]:
    read = _list if name in SIGNUP_LISTS else _text
    return lambda item: read(item.fact.data, name)


def _signup_rows(history: SubjectHistory) -> Rows:
    begun = _of_kind(history, kinds.SIGNED_UP)
    if not begun:
        return []
    first = max(history.latest(begun), key=lambda item: item.content_hash)
    disputed = False
    row: dict[str, Any] = {}
    for name in (*SIGNUP_TEXTS, *SIGNUP_LISTS):
        told = [*begun, *(item for item in _of_kind(history, kinds.CORRECTED) if name in item.fact.data)]
        row[name], differs = history.value(told, _reader(name), "")
        disputed = disputed or differs
    fact = first.fact
    row |= {
        "event_id": fact.event_id,
        "captured_at": fact.captured_at,
        "channel": fact.channel,
        "operator": fact.operator,
        "email_key": email_key(row["email"]),
        "is_voided": _is_voided(history),
        "is_disputed": disputed,
    }
    return [row]


def _consent_rows(history: SubjectHistory) -> Rows:
    rows: Rows = []
    for state in consent_states(history):
        data = state.basis.fact.data
        version = data.get("wording_version", 0)
        rows.append(
            {
                "purpose": state.purpose[:64],
                "is_granted": state.is_granted,
                "is_unproven": state.is_unproven,
                "is_disputed": state.is_disputed,
                "wording_id": _text(data, "wording_id"),
                "wording_version": version if isinstance(version, int) and 0 <= version < 10**6 else 0,
                "wording_hash": _text(data, "wording_hash"),
                "language": _text(data, "language"),
                "evidence": _text(data, "evidence"),
                "collected_on": _text(data, "collected_on"),
                "captured_at": state.basis.fact.captured_at,
            }
        )
    return rows


def _question_rows(history: SubjectHistory) -> Rows:
    asked = _of_kind(history, kinds.ASKED)
    if not asked:
        return []
    latest = max(history.latest(asked), key=lambda item: item.content_hash)
    return [{"text": _text(latest.fact.data, "text"), "captured_at": latest.fact.captured_at}]


def _tally_rows(history: SubjectHistory) -> Rows:
    counted = _of_kind(history, kinds.COUNTED)
    if not counted or _is_voided(history):
        return []
    latest = max(history.latest(counted), key=lambda item: item.content_hash)
    press = press_from(latest.fact.data)
    if press is None:
        return []
    shares: dict[int, int] = {}
    for half_hour, amount in spread(press):
        shares[half_hour] = shares.get(half_hour, 0) + amount
    fact = latest.fact
    return [
        {
            "half_hour": half_hour,
            "event_id": fact.event_id,
            "counter": press.counter,
            "amount": amount,
            "captured_at": fact.captured_at,
        }
        for half_hour, amount in shares.items()
    ]


def _field(name: str) -> Callable[[StoredFact], object]:
    return lambda item: item.fact.data[name]


def _event_rows(history: SubjectHistory) -> Rows:
    told = _of_kind(history, kinds.EVENT_CREATED, kinds.EVENT_CHANGED)
    if not told:
        return []
    names = sorted({name for item in told for name in item.fact.data})
    merged: dict[str, object] = {}
    for name in names:
        having = [item for item in told if name in item.fact.data]
        merged[name], _differs = history.value(having, _field(name), None)
    return [
        event_values(history.facts[0].fact.subject_id, merged)
        | {"origin": "own", "is_voided": _is_voided(history)}
    ]


def event_values(event_id: UUID, data: Mapping[str, object]) -> dict[str, Any]:
    """Give the columns of an event's row that its data decides."""
    event = event_from(event_id, data)
    values: dict[str, Any] = event.data()
    values["is_closed"] = values.pop("closed")
    return values


def _office_rows(history: SubjectHistory) -> Rows:
    told = _of_kind(history, *kinds.OFFICE_KINDS)
    if not told:
        return []
    latest = max(history.latest(told), key=lambda item: item.content_hash)
    position = latest.fact.data.get("position", 0)
    return [
        {
            "kind": latest.fact.kind,
            "position": position if isinstance(position, int) and 0 <= position < 10**6 else 0,
            "data": canonical_bytes(dict(latest.fact.data)),
            "is_voided": _is_voided(history),
        }
    ]


_RULES: tuple[tuple[frozenset[str], sa.Table, Callable[[SubjectHistory], Rows]], ...] = (
    (frozenset({kinds.SIGNED_UP, kinds.CORRECTED}), SIGNUP, _signup_rows),
    (frozenset({kinds.CONSENTED, kinds.WITHDREW}), CONSENT, _consent_rows),
    (frozenset({kinds.ASKED}), QUESTION, _question_rows),
    (frozenset({kinds.COUNTED}), TALLY, _tally_rows),
    (frozenset({kinds.EVENT_CREATED, kinds.EVENT_CHANGED}), EVENT, _event_rows),
    (kinds.OFFICE_KINDS, OFFICE_ITEM, _office_rows),
)
