"""One set of models on two databases: five column types that mean the same on SQLite and PostgreSQL."""

from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql
from sqlalchemy.engine import Dialect
from sqlalchemy.orm import DeclarativeBase

HUB = "hub"


class Id(sa.types.TypeDecorator[UUID]):
    """Keep a UUID as 16 bytes on SQLite (a STRICT table refuses CHAR(32)), as uuid on PostgreSQL."""

    impl = sa.LargeBinary(16)
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> Any:
        if dialect.name == "postgresql":
            return dialect.type_descriptor(postgresql.UUID(as_uuid=True))
        return dialect.type_descriptor(sa.LargeBinary(16))

    def process_bind_param(self, value: UUID | None, dialect: Dialect) -> Any:
        return value if dialect.name == "postgresql" else self.on_sqlite(value)

    @staticmethod
    def on_sqlite(value: UUID | None) -> bytes | None:
        """Give what SQLite's driver is handed."""
        return None if value is None else value.bytes

    def process_result_value(self, value: Any, dialect: Dialect) -> UUID | None:
        if value is None or isinstance(value, UUID):
            return value
        return UUID(bytes=bytes(value))


class Instant(sa.types.TypeDecorator[int]):
    """Keep an instant as integer microseconds UTC on both: SQLite would give naive datetimes back."""

    impl = sa.BigInteger
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> Any:
        return dialect.type_descriptor(sa.Integer() if dialect.name == "sqlite" else sa.BigInteger())


class Flag(sa.types.TypeDecorator[bool]):
    """Keep yes or no: INTEGER 0/1 on SQLite, boolean on PostgreSQL."""

    impl = sa.Boolean
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> Any:
        return dialect.type_descriptor(sa.Integer() if dialect.name == "sqlite" else sa.Boolean())

    def process_bind_param(self, value: bool | None, dialect: Dialect) -> Any:
        return self.on_sqlite(value) if dialect.name == "sqlite" else value

    @staticmethod
    def on_sqlite(value: bool | None) -> int | None:
        """Give what SQLite's driver is handed."""
        return None if value is None else int(value)

    def process_result_value(self, value: Any, dialect: Dialect) -> bool | None:
        return None if value is None else bool(value)


class Whole(Instant):
    """Keep a 64-bit whole number."""

    cache_ok = True


Text = sa.Text


class Bytes(sa.types.TypeDecorator[bytes]):
    """Keep bytes: BLOB on SQLite, bytea on PostgreSQL; always `bytes` in Python."""

    impl = sa.LargeBinary
    cache_ok = True

    def process_result_value(self, value: Any, dialect: Dialect) -> bytes | None:
        return None if value is None else bytes(value)


class Base(DeclarativeBase):
    """Carry the models of facts, of what they add up to, and of the laptop's own state."""

    metadata = sa.MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


def table_of(model: type[Base]) -> sa.Table:
    """Give the table that a model maps."""
    table = model.__table__
    assert isinstance(table, sa.Table)
    return table
