"""Facts, lives of the file, delivery, receipts, briefing, settings, imported rows."""

from alembic import op

revision = "s0001"
down_revision = None

TABLES = (
    """CREATE TABLE fact (
        branch_id BLOB NOT NULL, fact_id BLOB NOT NULL, content_hash BLOB NOT NULL, kind TEXT NOT NULL,
        subject_id BLOB NOT NULL, event_id BLOB, incarnation BLOB NOT NULL, seq INTEGER NOT NULL,
        captured_at INTEGER NOT NULL, body BLOB NOT NULL,
        CONSTRAINT pk_fact PRIMARY KEY (branch_id, fact_id, content_hash)) STRICT""",
    "CREATE INDEX ix_fact_subject ON fact (branch_id, subject_id)",
    "CREATE INDEX ix_fact_incarnation ON fact (branch_id, incarnation, seq)",
    """CREATE TABLE life (
        incarnation BLOB NOT NULL, began_at INTEGER NOT NULL, head INTEGER NOT NULL, head_hash BLOB NOT NULL,
        is_current INTEGER NOT NULL, centre_held INTEGER NOT NULL,
        CONSTRAINT pk_life PRIMARY KEY (incarnation)) STRICT""",
    """CREATE TABLE delivery (
        content_hash BLOB NOT NULL, fact_id BLOB NOT NULL, state TEXT NOT NULL, failures INTEGER NOT NULL,
        reason TEXT NOT NULL, proven_in BLOB,
        CONSTRAINT pk_delivery PRIMARY KEY (content_hash)) WITHOUT ROWID, STRICT""",
    "CREATE INDEX ix_delivery_open ON delivery (state, fact_id) WHERE state <> 'proven'",
    """CREATE TABLE receipt (
        receipt_id BLOB NOT NULL, proven_at INTEGER NOT NULL, facts INTEGER NOT NULL,
        contacts INTEGER NOT NULL, covered INTEGER NOT NULL, extra INTEGER NOT NULL, code TEXT NOT NULL,
        CONSTRAINT pk_receipt PRIMARY KEY (receipt_id)) STRICT""",
    """CREATE TABLE briefing (
        version INTEGER NOT NULL, body BLOB NOT NULL, signature BLOB NOT NULL, received_at INTEGER NOT NULL,
        CONSTRAINT pk_briefing PRIMARY KEY (version)) STRICT""",
    """CREATE TABLE setting (
        name TEXT NOT NULL, value BLOB NOT NULL,
        CONSTRAINT pk_setting PRIMARY KEY (name)) WITHOUT ROWID, STRICT""",
    """CREATE TABLE sheet_row (
        event_id BLOB NOT NULL, row_mark BLOB NOT NULL, imported_at INTEGER NOT NULL,
        row_number INTEGER NOT NULL, slip_number TEXT NOT NULL, outcome TEXT NOT NULL, reason TEXT NOT NULL,
        subject_id BLOB, CONSTRAINT pk_sheet_row PRIMARY KEY (event_id, row_mark)) STRICT""",
    "CREATE INDEX ix_sheet_row_outcome ON sheet_row (event_id, outcome, row_number)",
)


def upgrade() -> None:
    """Make the tables."""
    for statement in TABLES:
        op.execute(statement)


def downgrade() -> None:
    """Never: what is on a laptop isn't taken apart."""
    raise RuntimeError("forward only")
