"""What screens ask about contacts: lists with initials, numbers, one contact, the same person again."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from stojnica.domain.canonical import parse_canonical
from stojnica.domain.duplicate import ContactKeys, email_key
from stojnica.domain.form import Answers
from stojnica.domain.initials import initials_of
from stojnica.domain.kinds import SIGNED_UP
from stojnica.records.facts import FACT
from stojnica.records.projection import SIGNUP_LISTS, SIGNUP_TEXTS
from stojnica.records.typed import CONSENT, QUESTION, SIGNUP


@dataclass(frozen=True, slots=True)
class ContactLine:
    """Hold one line of a list; `name` is empty unless names were asked for. `captured_at` is µs UTC."""

    subject_id: UUID
    captured_at: int
    initials: str
    channel: str
    operator: str = ""
    name: str = ""


@dataclass(frozen=True, slots=True)
class KnownConsent:
    """Hold where one purpose stands, and the wording that it rests on."""

    purpose: str
    is_granted: bool
    is_unproven: bool
    wording_id: str
    wording_version: int
    language: str
    evidence: str = ""
    collected_on: str = ""
    captured_at: int = 0


@dataclass(frozen=True, slots=True)
class Contact:
    """Hold one contact as it stands; phone is E.164, `interests` and `themes` are ids."""

    subject_id: UUID
    event_id: UUID | None
    captured_at: int
    channel: str
    operator: str
    language: str
    first_name: str
    last_name: str
    email: str
    phone: str
    age_band: str
    country: str
    town: str
    status: str
    heard: str
    remark: str
    interests: tuple[str, ...]
    themes: tuple[str, ...]
    slip_number: str
    collected_on: str
    guardian: str
    guardian_relation: str
    organisation: str
    post_code: str
    audience: str
    form: str
    form_version: int
    answers: Answers
    question: str
    is_voided: bool
    consents: tuple[KnownConsent, ...]


@dataclass(frozen=True, slots=True)
class SamePerson:
    """Hold an earlier contact, and what is the same: "email", "phone" or both; without a name if wiped."""

    subject_id: UUID
    captured_at: int
    initials: str
    same: tuple[str, ...]
    event_id: UUID | None = None


_NEWEST_FACTS = 200
_LINE = (
    *(SIGNUP.c.subject_id, SIGNUP.c.captured_at, SIGNUP.c.channel, SIGNUP.c.operator),
    *(SIGNUP.c.first_name, SIGNUP.c.last_name),
)
_WHO = (
    SIGNUP.c.subject_id,
    SIGNUP.c.event_id,
    SIGNUP.c.captured_at,
    SIGNUP.c.first_name,
    SIGNUP.c.last_name,
)

# Built once: a visitor who presses Save waits for it.
_THIS = (
    SIGNUP.c.branch_id == sa.bindparam("branch"),
    SIGNUP.c.subject_id == sa.bindparam("subject"),
)
_CONTACT = sa.select(SIGNUP).where(*_THIS)
_KNOWN = sa.select(SIGNUP.c.subject_id).where(*_THIS)


def newest_contacts(
    connection: Connection,
    branch_id: UUID,
    event_id: UUID,
    limit: int,
    *,
    with_names: bool = False,
    incarnation: UUID | None = None,
) -> list[ContactLine]:
    """Give the newest contacts of an event, the newest first.

    With `incarnation` those that were captured last in this life of the file come first, whatever the clock
    said: after it was set back, who was just saved would stand below everybody of the hours before.
    """
    of_event = sa.select(*_LINE).where(*_of_event(branch_id, event_id))
    rows = list(connection.execute(of_event.order_by(SIGNUP.c.captured_at.desc()).limit(limit)))
    if incarnation is not None:
        newest = _newest_facts(branch_id, incarnation)
        just_now = of_event.join(newest, newest.c.subject_id == SIGNUP.c.subject_id)
        just_now = just_now.where(newest.c.kind == SIGNED_UP).order_by(newest.c.seq.desc()).limit(limit)
        rows = [*connection.execute(just_now), *rows]
    by_subject = {row.subject_id: row for row in reversed(rows)}
    order = dict.fromkeys(row.subject_id for row in rows)
    return [
        ContactLine(
            subject_id=row.subject_id,
            captured_at=row.captured_at,
            initials=initials_of(row.first_name, row.last_name),
            channel=row.channel,
            operator=row.operator,
            name=f"{row.first_name} {row.last_name}".strip() if with_names else "",
        )
        for row in (by_subject[subject] for subject in list(order)[:limit])
    ]


def _newest_facts(branch_id: UUID, incarnation: UUID) -> sa.Subquery:
    """Give the facts that were captured last: so many that the cost doesn't grow."""
    return (
        sa.select(FACT.c.subject_id, FACT.c.kind, FACT.c.seq)
        .where(FACT.c.branch_id == branch_id, FACT.c.incarnation == incarnation)
        .order_by(FACT.c.seq.desc())
        .limit(_NEWEST_FACTS)
        .subquery()
    )


def number_of_contacts(
    connection: Connection,
    branch_id: UUID,
    *,
    event_ids: Sequence[UUID] | None = None,
    since: int | None = None,
    channels: Sequence[str] | None = None,
) -> int:
    """Count contacts that aren't voided: of the branch, of events, since an instant, of some channels."""
    query = (
        sa.select(sa.func.count())
        .select_from(SIGNUP)
        .where(SIGNUP.c.branch_id == branch_id, SIGNUP.c.is_voided == sa.false())
    )
    if event_ids is not None:
        query = query.where(SIGNUP.c.event_id.in_(event_ids))
    if since is not None:
        query = query.where(SIGNUP.c.captured_at >= since)
    if channels is not None:
        query = query.where(SIGNUP.c.channel.in_(channels))
    return connection.execute(query).scalar_one()


def contact(connection: Connection, branch_id: UUID, subject_id: UUID) -> Contact | None:
    """Give one contact, or None when there is none of this id."""
    row = connection.execute(_CONTACT, {"branch": branch_id, "subject": subject_id}).first()
    if row is None:
        return None
    said: dict[str, Any] = {name: getattr(row, name) for name in SIGNUP_TEXTS}
    said |= {name: _ids(getattr(row, name)) for name in SIGNUP_LISTS}
    return Contact(
        form_version=row.form_version,
        answers=_answers(row.answers),
        subject_id=subject_id,
        event_id=row.event_id,
        captured_at=row.captured_at,
        channel=row.channel,
        operator=row.operator,
        question=_question(connection, branch_id, subject_id),
        is_voided=row.is_voided,
        consents=_consents(connection, branch_id, subject_id),
        **said,
    )


def _answers(kept: str) -> Answers:
    parsed = parse_canonical(kept.encode())
    return {name: tuple(one) if isinstance(one, list) else one for name, one in parsed.items()}


def same_person(
    connection: Connection,
    branch_id: UUID,
    *,
    email: str = "",
    phone: str = "",
    besides: UUID | None = None,
) -> SamePerson | None:
    """Give the newest other contact, of any event, with the same e-mail address or phone (E.164)."""
    asked = [
        (column, value, same)
        for column, value, same in (
            (SIGNUP.c.email_key, email_key(email), "email"),
            (SIGNUP.c.phone, phone, "phone"),
        )
        if value
    ]
    found: dict[UUID, SamePerson] = {}
    for column, value, same in asked:
        query = sa.select(*_WHO).where(
            SIGNUP.c.branch_id == branch_id, column == value, SIGNUP.c.is_voided == sa.false()
        )
        for row in connection.execute(query):
            if row.subject_id != besides:
                before = found[row.subject_id].same if row.subject_id in found else ()
                found[row.subject_id] = SamePerson(
                    row.subject_id,
                    row.captured_at,
                    initials_of(row.first_name, row.last_name),
                    (*before, same),
                    row.event_id,
                )
    return max(found.values(), key=lambda item: (item.captured_at, item.subject_id.bytes), default=None)


def contacts_with(connection: Connection, branch_id: UUID, *, email: str = "", phone: str = "") -> list[UUID]:
    """Give all contacts, voided or not, that have this e-mail address, or this number (E.164)."""
    asked = ((SIGNUP.c.email_key, email_key(email)), (SIGNUP.c.phone, phone))
    found: set[UUID] = set()
    for column, value in asked:
        if value:
            query = sa.select(SIGNUP.c.subject_id).where(SIGNUP.c.branch_id == branch_id, column == value)
            found |= set(connection.execute(query).scalars())
    return sorted(found)


def is_known(connection: Connection, branch_id: UUID, subject_id: UUID) -> bool:
    """Tell whether a contact is on this laptop, voided or not."""
    return connection.execute(_KNOWN, {"branch": branch_id, "subject": subject_id}).first() is not None


def keys_in_event(connection: Connection, branch_id: UUID, event_id: UUID) -> list[ContactKeys]:
    """Give what all contacts of an event that aren't voided are compared by."""
    query = sa.select(SIGNUP.c.email_key, SIGNUP.c.phone).where(*_of_event(branch_id, event_id))
    return [ContactKeys(row.email_key, row.phone) for row in connection.execute(query)]


def _of_event(branch_id: UUID, event_id: UUID) -> tuple[sa.ColumnElement[bool], ...]:
    return (
        SIGNUP.c.branch_id == branch_id,
        SIGNUP.c.event_id == event_id,
        SIGNUP.c.is_voided == sa.false(),
    )


def _ids(text: str) -> tuple[str, ...]:
    return tuple(parse_canonical(text.encode())) if text else ()


def _question(connection: Connection, branch_id: UUID, subject_id: UUID) -> str:
    query = sa.select(QUESTION.c.text).where(
        QUESTION.c.branch_id == branch_id, QUESTION.c.subject_id == subject_id
    )
    return connection.execute(query).scalar() or ""


def _consents(connection: Connection, branch_id: UUID, subject_id: UUID) -> tuple[KnownConsent, ...]:
    query = sa.select(CONSENT).where(CONSENT.c.branch_id == branch_id, CONSENT.c.subject_id == subject_id)
    return tuple(
        KnownConsent(
            purpose=row.purpose,
            is_granted=row.is_granted,
            is_unproven=row.is_unproven,
            wording_id=row.wording_id,
            wording_version=row.wording_version,
            language=row.language,
            evidence=row.evidence,
            collected_on=row.collected_on,
            captured_at=row.captured_at,
        )
        for row in connection.execute(query.order_by(CONSENT.c.purpose))
    )
