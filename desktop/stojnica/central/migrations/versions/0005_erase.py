"""Let laptops have erased what they delivered, and keep who left a tombstone."""

from stojnica.central.migrations.statements import run_file

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the functions."""
    run_file("0005_erase.sql")


def downgrade() -> None:
    """Refuse: a tombstone is never taken away."""
    raise RuntimeError("forward only")
