"""Let the office take in what came on a stick, as the laptop that wrote it."""

from stojnica.central.migrations.statements import run_file

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the functions."""
    run_file("0004_sticks.sql")


def downgrade() -> None:
    """Refuse: nothing is lost by what is there."""
    raise RuntimeError("forward only")
