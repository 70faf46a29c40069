"""Let withdrawals by address wake what they are about."""

from stojnica.central.migrations.statements import run_file

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Change the rights."""
    run_file("0007_rights.sql")


def downgrade() -> None:
    """Refuse: nothing is lost by what is there."""
    raise RuntimeError("forward only")
