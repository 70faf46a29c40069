"""What stays of facts of the team once their names are gone: typed rows are made of it as of the facts.

It lies among what the laptop remembers, and is never sent: the centre has the facts themselves.
"""

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy.engine import Connection

from stojnica.domain.fact import StoredFact, decode, sealed
from stojnica.domain.team_names import without_names
from stojnica.records.facts import facts_of_subject
from stojnica.records.projection import project_facts
from stojnica.storage.memory import recalled_names, remember, value_of

_NAMED = "nameless:"


def keep_nameless(connection: Connection, items: Iterable[StoredFact]) -> None:
    """Keep what facts say besides names; in the caller's transaction, which takes the facts away."""
    for item in items:
        body, _fact = sealed(without_names(item.fact))
        name = f"{_NAMED}{item.fact.subject_id.hex}:{item.content_hash.hex()}"
        remember(connection, name, [item.incarnation.hex, item.seq, body.decode()])


def span_of(subject_id: UUID) -> tuple[str, str]:
    """Give between which names in the table of settings that of a subject lies."""
    return f"{_NAMED}{subject_id.hex}:", f"{_NAMED}{subject_id.hex};"


def nameless_of(connection: Connection, branch_id: UUID, subject_id: UUID) -> list[StoredFact]:
    """Give what stays of the facts about a subject: life, number and hash as they were."""
    rows = connection.exec_driver_sql(
        "SELECT name, value FROM setting WHERE name >= ? AND name < ?", span_of(subject_id)
    ).all()
    found = []
    for name, value in rows:
        life, seq, written = value_of(value)
        body = written.encode()
        hashed = bytes.fromhex(name.rpartition(":")[2])
        found.append(StoredFact(branch_id, UUID(hex=life), seq, hashed, body, decode(body)))
    return found


def all_of_subject(connection: Connection, branch_id: UUID, subject_id: UUID) -> list[StoredFact]:
    """Give the facts about a subject that are here, and what stays of the others."""
    return [
        *facts_of_subject(connection, branch_id, subject_id),
        *nameless_of(connection, branch_id, subject_id),
    ]


def project_whole(connection: Connection, branch_id: UUID, subject_id: UUID) -> None:
    """Make the typed rows of a subject from its facts and from what stays of those without names."""
    project_facts(connection, branch_id, subject_id, all_of_subject(connection, branch_id, subject_id))


def project_nameless(connection: Connection, branch_id: UUID) -> None:
    """Make the typed rows of all subjects whose names are gone, after those that facts alone decide."""
    for subject in sorted({name.split(":")[1] for name in recalled_names(connection, _NAMED)}):
        project_whole(connection, branch_id, UUID(hex=subject))
