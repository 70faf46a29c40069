"""What stays of a fact whose body is gone: its id, its hash, and the place that it was numbered with."""

from alembic import op

revision = "s0003"
down_revision = "s0002"

STATEMENTS = (
    """CREATE TABLE stub (
        branch_id BLOB NOT NULL, fact_id BLOB NOT NULL, content_hash BLOB NOT NULL,
        incarnation BLOB NOT NULL, seq INTEGER NOT NULL, reason TEXT NOT NULL,
        CONSTRAINT pk_stub PRIMARY KEY (branch_id, fact_id, content_hash)) WITHOUT ROWID, STRICT""",
    "CREATE INDEX ix_stub_incarnation ON stub (branch_id, incarnation, seq)",
)


def upgrade() -> None:
    """Make the table."""
    for statement in STATEMENTS:
        op.execute(statement)


def downgrade() -> None:
    """Never: what is on a laptop isn't taken apart."""
    raise RuntimeError("forward only")
