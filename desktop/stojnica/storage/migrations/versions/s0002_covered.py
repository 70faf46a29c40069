"""Which facts a checked backup holds; and deliveries in the order of ids, as they are marked.

Ids grow with time, so facts that are sent together lie on a few pages. In the order of hashes each lay on a
page of its own, and marking 500 of them wrote 500 pages.
"""

from alembic import op

revision = "s0002"
down_revision = "s0001"

STATEMENTS = (
    """CREATE TABLE delivery_by_id (
        fact_id BLOB NOT NULL, content_hash BLOB NOT NULL, state TEXT NOT NULL, failures INTEGER NOT NULL,
        reason TEXT NOT NULL, proven_in BLOB, is_covered INTEGER NOT NULL,
        CONSTRAINT pk_delivery PRIMARY KEY (fact_id, content_hash)) WITHOUT ROWID, STRICT""",
    """INSERT INTO delivery_by_id
        SELECT fact_id, content_hash, state, failures, reason, proven_in, 0 FROM delivery""",
    "DROP TABLE delivery",
    "ALTER TABLE delivery_by_id RENAME TO delivery",
    "CREATE INDEX ix_delivery_open ON delivery (state, fact_id) WHERE state <> 'proven'",
    "CREATE INDEX ix_delivery_uncovered ON delivery (fact_id) WHERE state = 'proven' AND is_covered = 0",
)


def upgrade() -> None:
    """Make the table anew, with all that is in it."""
    for statement in STATEMENTS:
        op.execute(statement)


def downgrade() -> None:
    """Never: what is on a laptop isn't taken apart."""
    raise RuntimeError("forward only")
