"""Let an erasure and whoever adds up what came in wait for each other."""

from stojnica.central.migrations.statements import run_file

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the function."""
    run_file("0009_hold.sql")


def downgrade() -> None:
    """Refuse: whoever is erased could be missed again."""
    raise RuntimeError("forward only")
