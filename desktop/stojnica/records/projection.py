"""From the facts of one subject to its typed rows, whatever order they arrived in."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import fields
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from stojnica.domain import kinds
from stojnica.domain.canonical import canonical_bytes
from stojnica.domain.consent import consent_states
from stojnica.domain.duplicate import email_key
from stojnica.domain.event import Event, event_from
from stojnica.domain.fact import StoredFact
from stojnica.domain.likeness import likeness_from
from stojnica.domain.name_search import search_words
from stojnica.domain.order import SubjectHistory
from stojnica.domain.slip_run import read_wordings, run_data_is_good
from stojnica.domain.tally import press_from, spread
from stojnica.records.attachments import ATTACHMENT, attachment_rows
from stojnica.records.facts import facts_of_subject, subjects
from stojnica.records.funding_overrules import funding_overrule_rows
from stojnica.records.group_visits import group_visit_rows
from stojnica.records.print_runs import print_run_rows
from stojnica.records.rows import insert_rows
from stojnica.records.team_projection import closing_rows, handover_rows, shift_rows
from stojnica.records.typed import (
    CONSENT,
    EVENT,
    GROUP_VISIT,
    HANDOVER,
    LIKENESS,
    MISSED_QUESTION,
    OFFICE_ITEM,
    PROJECTION_VERSION,
    QUESTION,
    SHIFT,
    SIGNUP,
    SIGNUP_WORD,
    STAND_CLOSING,
    TALLY,
    TYPED_TABLES,
)
from stojnica.records.typed_prints import FUNDING_OVERRULE, PRINT_RUN, SLIP_RUN

Rows = list[dict[str, Any]]
SIGNUP_TEXTS = (
    *("first_name", "last_name", "email", "phone", "age_band", "country", "town", "status", "heard"),
    *("remark", "slip_number", "collected_on", "guardian", "guardian_relation", "language"),
    *("organisation", "post_code", "audience", "form"),
)
SIGNUP_LISTS = ("interests", "themes")
CORRECTABLE = frozenset((*SIGNUP_TEXTS, *SIGNUP_LISTS, "answers", "form_version"))
MAX_TEXT = 2_000
EVENT_FIELDS = (
    "closed",
    *(item.name for item in fields(Event) if item.name not in ("event_id", "is_closed")),
)
_ALSO_FROM_BRIEFING = (EVENT, OFFICE_ITEM)


def _of_subject(table: sa.Table) -> sa.ColumnElement[bool]:
    return (table.c.branch_id == sa.bindparam("branch")) & (table.c.subject_id == sa.bindparam("subject"))


# Built once: building a statement anew costs three times what running it does.
_CLEAR_SUBJECT = {table: sa.delete(table).where(_of_subject(table)) for table in TYPED_TABLES}
_ORIGIN = sa.select(EVENT.c.origin).where(_of_subject(EVENT))


def project_subject(connection: Connection, branch_id: UUID, subject_id: UUID) -> None:
    """Recompute the typed rows of one subject from all its facts.

    Same facts, same rows: repeats and order of arrival change nothing. Runs in the caller's transaction.

    Raises:
        BadFactError: a body is no fact.
    """
    project_facts(connection, branch_id, subject_id, facts_of_subject(connection, branch_id, subject_id))


def project_facts(
    connection: Connection,
    branch_id: UUID,
    subject_id: UUID,
    facts: Iterable[StoredFact],
    *,
    is_new: bool = False,
) -> None:
    """Write the typed rows of one subject from all its facts, which the caller holds already.

    `is_new`: nothing was ever projected for this subject, so there is nothing to clear.
    """
    names = {"branch": branch_id, "subject": subject_id}
    shared = {"branch_id": branch_id, "subject_id": subject_id, "projection_version": PROJECTION_VERSION}
    for table, rows in rows_of(SubjectHistory(facts)).items():
        if table is EVENT and connection.execute(_ORIGIN, names).scalar() == "briefing":
            continue
        if not is_new or table in _ALSO_FROM_BRIEFING:
            connection.execute(_CLEAR_SUBJECT[table], names)
        insert_rows(connection, table, [shared | row for row in rows])


def rows_of(history: SubjectHistory) -> dict[sa.Table, Rows]:
    """Give the rows of every table that these facts concern; an empty list clears that table."""
    present = {item.fact.kind for item in history.facts}
    found: dict[sa.Table, Rows] = {}
    for concerned, table, make in _RULES:
        if present & concerned:
            found[table] = make(history)
    if SIGNUP in found:
        found[SIGNUP_WORD] = _word_rows(found[SIGNUP])
    return found


def rebuild(connection: Connection, branch_id: UUID) -> int:
    """Throw a branch's typed rows away and make them anew from facts; gives the number of subjects."""
    clear(connection, branch_id)
    count = 0
    for subject_id in list(subjects(connection, branch_id)):
        facts = facts_of_subject(connection, branch_id, subject_id)
        project_facts(connection, branch_id, subject_id, facts, is_new=True)
        count += 1
    return count


def clear(connection: Connection, branch_id: UUID) -> None:
    """Throw a branch's typed rows away; facts stay."""
    for table in TYPED_TABLES:
        connection.execute(sa.delete(table).where(table.c.branch_id == branch_id))


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


def _small_number(data: Mapping[str, Any], name: str) -> int:
    value = data.get(name, 0)
    # True is a number in Python, and PostgreSQL refuses it where a number belongs.
    is_number = isinstance(value, int) and not isinstance(value, bool)
    return value if is_number and 0 <= value < 10**6 else 0


def _answers(data: Mapping[str, Any], name: str) -> str:
    """Give answers to a form's own questions as canonical JSON, bounded: texts, and lists of ids."""
    value = data.get(name, {})
    found: dict[str, object] = {}
    for key, answer in list(value.items())[:64] if isinstance(value, Mapping) else []:
        if isinstance(answer, str):
            found[key[:64]] = answer[:MAX_TEXT]
        elif isinstance(answer, list):
            found[key[:64]] = [item[:64] for item in answer if isinstance(item, str)][:64]
    return canonical_bytes(found).decode()


def _reader(name: str) -> Callable[[StoredFact], object]:
    read: Callable[[Mapping[str, Any], str], object]
    if name in SIGNUP_LISTS:
        read = _list
    else:
        read = {"answers": _answers, "form_version": _small_number}.get(name, _text)
    return lambda item: read(item.fact.data, name)


_READERS = {name: _reader(name) for name in sorted(CORRECTABLE)}


def _signup_rows(history: SubjectHistory) -> Rows:
    begun = _of_kind(history, kinds.SIGNED_UP)
    if not begun:
        return []
    first = max(history.latest(begun), key=lambda item: item.content_hash)
    corrections = _of_kind(history, kinds.CORRECTED)
    disputed = False
    row: dict[str, Any] = {}
    if len(begun) == 1 and not corrections:
        # A new sign-up, for which somebody waits: nothing to weigh.
        row = {name: read(first) for name, read in _READERS.items()}
    for name, read in _READERS.items() if not row else ():
        told = [*begun, *(item for item in corrections if name in item.fact.data)]
        row[name], differs = history.value(told, read, None)
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


def _word_rows(signups: Rows) -> Rows:
    """Give the words by which sign-ups are found in a list; who was voided is found no more."""
    return [
        {"word": word, "captured_at": row["captured_at"]}
        for row in signups
        if not row["is_voided"]
        for word in search_words(
            row["first_name"],
            row["last_name"],
            row["organisation"],
            email=row["email"],
            phone=row["phone"],
        )
    ]


def _consent_rows(history: SubjectHistory) -> Rows:
    rows: Rows = []
    for state in consent_states(history):
        data = state.basis.fact.data
        rows.append(
            {
                "purpose": state.purpose,
                "is_granted": state.is_granted,
                "is_unproven": state.is_unproven,
                "is_disputed": state.is_disputed,
                "wording_id": _text(data, "wording_id"),
                "wording_version": _small_number(data, "wording_version"),
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


def _missed_rows(history: SubjectHistory) -> Rows:
    missed = _of_kind(history, kinds.QUESTION_MISSED)
    if not missed or _is_voided(history):
        return []
    fact = max(history.latest(missed), key=lambda item: item.content_hash).fact
    return [
        {
            "event_id": fact.event_id,
            "captured_at": fact.captured_at,
            "language": _text(fact.data, "language")[:8],
            "text": _text(fact.data, "text"),
        }
    ]


def _likeness_rows(history: SubjectHistory) -> Rows:
    compared = _of_kind(history, kinds.COMPARED)
    if not compared or _is_voided(history):
        return []
    fact = max(history.latest(compared), key=lambda item: item.content_hash).fact
    likeness = likeness_from(fact.data)
    if likeness is None:
        return []
    return [
        {
            "other_id": likeness.other,
            "event_id": fact.event_id,
            "answer": likeness.answer,
            "same": " ".join(likeness.same),
            "captured_at": fact.captured_at,
        }
    ]


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
            "counts_as": press.counts_as,
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
    merged: dict[str, object] = {}
    for name in EVENT_FIELDS:
        having = [item for item in told if name in item.fact.data]
        if having:
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
    return [
        {
            "kind": latest.fact.kind,
            "position": _small_number(latest.fact.data, "position"),
            "data": canonical_bytes(dict(latest.fact.data)),
            "is_voided": _is_voided(history),
        }
    ]


def _slip_run_rows(history: SubjectHistory) -> Rows:
    printed = [item for item in _of_kind(history, kinds.SLIPS_PRINTED) if run_data_is_good(item.fact.data)]
    if not printed:
        return []
    fact = max(history.latest(printed), key=lambda item: item.content_hash).fact
    return [
        {
            "event_id": fact.event_id,
            "letter": fact.data["letter"],
            "first": fact.data["first"],
            "last": fact.data["last"],
            "language": _text(fact.data, "language"),
            "form": _text(fact.data, "form"),
            "form_version": _small_number(fact.data, "form_version"),
            "wordings": canonical_bytes(read_wordings(fact.data.get("wordings"))).decode(),
            "captured_at": fact.captured_at,
            "is_voided": _is_voided(history),
        }
    ]


_RULES: tuple[tuple[frozenset[str], sa.Table, Callable[[SubjectHistory], Rows]], ...] = (
    (frozenset({kinds.SIGNED_UP, kinds.CORRECTED}), SIGNUP, _signup_rows),
    (frozenset({kinds.CONSENTED, kinds.WITHDREW}), CONSENT, _consent_rows),
    (frozenset({kinds.ASKED}), QUESTION, _question_rows),
    (frozenset({kinds.QUESTION_MISSED}), MISSED_QUESTION, _missed_rows),
    (frozenset({kinds.COMPARED}), LIKENESS, _likeness_rows),
    (frozenset({kinds.COUNTED}), TALLY, _tally_rows),
    (frozenset({kinds.GROUP_VISITED}), GROUP_VISIT, group_visit_rows),
    (frozenset({kinds.EVENT_CREATED, kinds.EVENT_CHANGED}), EVENT, _event_rows),
    (frozenset({kinds.SLIPS_PRINTED}), SLIP_RUN, _slip_run_rows),
    (frozenset({kinds.FUNDING_OVERRULED}), FUNDING_OVERRULE, funding_overrule_rows),
    (frozenset({kinds.PRINT_PREPARED}), PRINT_RUN, print_run_rows),
    (frozenset({kinds.FILE_ATTACHED}), ATTACHMENT, attachment_rows),
    (kinds.OFFICE_KINDS, OFFICE_ITEM, _office_rows),
    (frozenset({kinds.SHIFT_STARTED}), SHIFT, shift_rows),
    (frozenset({kinds.HANDED_OVER}), HANDOVER, handover_rows),
    (frozenset({kinds.STAND_CLOSED}), STAND_CLOSING, closing_rows),
)
