"""Which facts a checked backup of the centre holds."""

from alembic import op

revision = "s0002"
down_revision = "s0001"

STATEMENTS = (
    "ALTER TABLE delivery ADD COLUMN is_covered INTEGER NOT NULL DEFAULT 0",
    "CREATE INDEX ix_delivery_uncovered ON delivery (fact_id) WHERE state = 'proven' AND is_covered = 0",
)


def upgrade() -> None:
    """Add the column, and an index of what no backup holds yet."""
    for statement in STATEMENTS:
        op.execute(statement)


def downgrade() -> None:
    """Never: what is on a laptop isn't taken apart."""
    raise RuntimeError("forward only")
