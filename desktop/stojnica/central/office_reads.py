"""What the office reads of the stands: questions, contacts that may be one, prints, rules let by."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import psycopg
from psycopg import sql

from stojnica.central.branch import branch_of
from stojnica.central.connect import connect, told_plainly
from stojnica.central.roles import OFFICE
from stojnica.domain.known_answer import words_of
from stojnica.domain.organisation_document import read_document
from stojnica.domain.redirects import Redirect

MOST_READ = 10_000


@dataclass(frozen=True, slots=True)
class MissedQuestion:
    """Hold one question, however often it was asked; `last_at` is µs UTC, the newest words are shown."""

    text: str
    count: int
    languages: tuple[str, ...]
    events: tuple[str, ...]
    last_at: int


@dataclass(frozen=True, slots=True)
class AlikeContacts:
    """Hold two contacts by their ids alone; `answer` is "same" or "unknown", `same` the equal fields."""

    subject_id: UUID
    other_id: UUID
    answer: str
    same: tuple[str, ...]
    event: str
    captured_at: int


@dataclass(frozen=True, slots=True)
class PublishedShortLinks:
    """Hold where short links begin ("" when the office has none) and where they lead; nothing is checked."""

    base: str
    redirects: tuple[Redirect, ...]


@dataclass(frozen=True, slots=True)
class PrintedPieces:
    """Hold how many pieces of a flyer were printed for an event; of saved files nobody knows."""

    event: str
    flyer: str
    language: str
    pieces: int


@dataclass(frozen=True, slots=True)
class OverruledRule:
    """Hold a rule of EU funding that a stand let by for one piece; nobody is named, the instant is µs UTC."""

    rule: str
    item: str
    template: str
    size: str
    language: str
    measured: str
    reason: str
    event: str
    captured_at: int
    is_taken_back: bool


def missed_questions(url: str, since_us: int = 0) -> tuple[MissedQuestion, ...]:
    """Give what visitors asked in vain, the most frequent first; of the newest 10,000.

    Raises:
        UserFacingError: not reachable, not allowed, or not a database of ours.
    """
    with _reading(url) as (connection, branch_id):
        rows = connection.execute(
            "SELECT * FROM office_api.missed_questions(%s, %s, %s)", [branch_id, since_us, MOST_READ]
        ).fetchall()
    return counted_questions(rows)


def alike_contacts(url: str) -> tuple[AlikeContacts, ...]:
    """Give the pairs that a volunteer took for one person, or was in doubt of, the newest first.

    A pair of which one was voided isn't among them.

    Raises:
        UserFacingError: not reachable, not allowed, or not a database of ours.
    """
    with _reading(url) as (connection, branch_id):
        rows = connection.execute(
            "SELECT * FROM office_api.alike_contacts(%s, %s)", [branch_id, MOST_READ]
        ).fetchall()
    return tuple(
        AlikeContacts(row[0], row[1], row[2], tuple(row[3].split()), event=row[4], captured_at=row[5])
        for row in rows
    )


def short_links(url: str) -> PublishedShortLinks:
    """Give what short links begin with, as it was published last, and the rules of the newest 10,000 runs.

    Raises:
        UserFacingError: not reachable, not allowed, or not a database of ours.
    """
    with _reading(url) as (connection, branch_id):
        rows = connection.execute(
            "SELECT * FROM office_api.print_runs(%s, %s)", [branch_id, MOST_READ]
        ).fetchall()
        published = connection.execute("SELECT body FROM office_api.published(%s)", [branch_id]).fetchone()
    base = "" if published is None else read_document(bytes(published[0])).short_links
    return PublishedShortLinks(
        base, tuple(Redirect(row[0], row[1], " · ".join(filter(None, row[2:5]))) for row in rows)
    )


def printed_pieces(url: str) -> tuple[PrintedPieces, ...]:
    """Add up what was printed, by event, flyer and language, of the newest 10,000 runs.

    Raises:
        UserFacingError: not reachable, not allowed, or not a database of ours.
    """
    with _reading(url) as (connection, branch_id):
        rows = connection.execute(
            "SELECT * FROM office_api.print_runs(%s, %s)", [branch_id, MOST_READ]
        ).fetchall()
    sums: dict[tuple[str, str, str], int] = {}
    for row in rows:
        key = (row[4], row[2], row[3])
        sums[key] = sums.get(key, 0) + row[5]
    return tuple(PrintedPieces(*key, pieces) for key, pieces in sorted(sums.items()) if pieces)


def overruled_rules(url: str) -> tuple[OverruledRule, ...]:
    """Give the newest 10,000 decisions, the newest first, those that were taken back too.

    Raises:
        UserFacingError: not reachable, not allowed, or not a database of ours.
    """
    with _reading(url) as (connection, branch_id):
        rows = connection.execute(
            "SELECT * FROM office_api.funding_overrules(%s, %s)", [branch_id, MOST_READ]
        ).fetchall()
    return tuple(OverruledRule(*row) for row in rows)


def counted_questions(rows: Iterable[Sequence[Any]]) -> tuple[MissedQuestion, ...]:
    """Count what says the same but for capitals, marks and full stops; rows come newest first."""
    alike: dict[tuple[str, ...], list[Sequence[Any]]] = {}
    for row in rows:
        alike.setdefault(words_of(row[0]) or (row[0],), []).append(row)
    found = [
        MissedQuestion(
            text=group[0][0],
            count=len(group),
            languages=_each_once(row[1] for row in group),
            events=_each_once(row[2] for row in group),
            last_at=group[0][3],
        )
        for group in alike.values()
    ]
    return tuple(sorted(found, key=lambda item: (-item.count, -item.last_at)))


@contextmanager
def _reading(url: str) -> Iterator[tuple[psycopg.Connection[Any], UUID]]:
    """Open one transaction that can change nothing and may call what the office may."""
    with told_plainly(), connect(url) as connection:
        connection.execute("SET TRANSACTION READ ONLY")
        branch_id = branch_of(connection)
        row = connection.execute("SELECT pg_has_role(current_user, %s, 'MEMBER')", [OFFICE]).fetchone()
        if row is not None and row[0]:
            connection.execute(sql.SQL("SET LOCAL ROLE {}").format(sql.Identifier(OFFICE)))
        yield connection, branch_id


def _each_once(texts: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(text for text in texts if text))
