"""A database of facts and typed rows in memory, as a laptop and the centre share them."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
import sqlalchemy as sa
from sqlalchemy.engine import Connection

from stojnica.domain.fact import Fact, StoredFact, content_hash, encode
from stojnica.records.base import HUB, Base
from stojnica.records.facts import FACT, facts_of_subject, insert_facts
from stojnica.records.projection import project_subject
from stojnica.records.typed import create_typed_tables
from stojnica.storage.engine import make_engine


class FactBook:
    """Write facts of one laptop, and keep their typed rows up to date."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self.branch_id = uuid4()
        self.incarnation = uuid4()
        self.seq = 0

    def write(
        self,
        kind: str,
        data: Mapping[str, Any],
        *,
        subject_id: UUID | None = None,
        event_id: UUID | None = None,
        at: int = 0,
        channel: str = "kiosk",
    ) -> UUID:
        """Add a fact that has seen all earlier ones about its subject; give the subject."""
        subject = subject_id or uuid4()
        seen = facts_of_subject(self.connection, self.branch_id, subject)
        fact = Fact(
            fact_id=uuid4(),
            kind=kind,
            subject_id=subject,
            data=data,
            captured_at=at,
            event_id=event_id,
            channel=channel,
            supersedes=tuple(item.content_hash for item in seen),
        )
        body = encode(fact)
        self.seq += 1
        item = StoredFact(self.branch_id, self.incarnation, self.seq, content_hash(body), body, fact)
        insert_facts(self.connection, [item])
        project_subject(self.connection, self.branch_id, subject)
        return subject


@pytest.fixture
def connection() -> Iterator[Connection]:
    """Give a connection to an empty database in memory."""
    engine = sa.create_engine("sqlite://").execution_options(schema_translate_map={HUB: None})
    with engine.connect() as opened:
        Base.metadata.create_all(opened, tables=[FACT])
        create_typed_tables(opened)
        yield opened
    engine.dispose()


@pytest.fixture
def book(connection: Connection) -> FactBook:
    """Give a laptop that writes facts into it."""
    return FactBook(connection)


@pytest.fixture(
    params=["encrypted_file", pytest.param("central", marks=pytest.mark.server)],
)
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Connection]:
    """Give a connection to empty tables: an encrypted file as on a laptop, PostgreSQL as at the centre."""
    if request.param == "central":
        server = request.getfixturevalue("postgres_server")
        url = sa.make_url(server.url).set(drivername="postgresql+psycopg")
        engine = sa.create_engine(url).execution_options(schema_translate_map={HUB: "arrivals"})
    else:
        engine = make_engine(tmp_path / "x.db", bytes(32))
    with engine.connect() as connection:
        if request.param == "central":
            connection.execute(sa.schema.CreateSchema("arrivals"))
        Base.metadata.create_all(connection, tables=[FACT])
        create_typed_tables(connection)
        # Nothing is ever committed: both databases take tables back too.
        yield connection
        connection.rollback()
    engine.dispose()
