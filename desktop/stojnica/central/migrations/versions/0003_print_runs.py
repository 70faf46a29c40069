"""Let the office read the codes of print runs, and its own published document."""

from stojnica.central.migrations.statements import run_file

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the functions."""
    run_file("0003_print_runs.sql")


def downgrade() -> None:
    """Refuse: nothing is lost by what is there."""
    raise RuntimeError("forward only")
