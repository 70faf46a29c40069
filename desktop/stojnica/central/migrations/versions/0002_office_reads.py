"""Let the office read what the stands could not answer, and whom they took for one person."""

from stojnica.central.migrations.statements import run_file

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the functions."""
    run_file("0002_office_reads.sql")


def downgrade() -> None:
    """Refuse: nothing is lost by what is there."""
    raise RuntimeError("forward only")
