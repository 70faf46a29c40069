"""Tell the laptop that brought somebody who was erased, and keep what each laptop had heard when."""

from stojnica.central.migrations.statements import run_file

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables and functions."""
    run_file("0008_late.sql")


def downgrade() -> None:
    """Refuse: what was erased late would come back on laptops."""
    raise RuntimeError("forward only")
