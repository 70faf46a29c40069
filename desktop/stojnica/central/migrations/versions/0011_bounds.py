"""Give an end to what a laptop can have noted about whom it erased."""

from stojnica.central.migrations.statements import run_file

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the functions anew."""
    run_file("0011_bounds.sql")


def downgrade() -> None:
    """Refuse: what a laptop in wrong hands says would have no end again."""
    raise RuntimeError("forward only")
