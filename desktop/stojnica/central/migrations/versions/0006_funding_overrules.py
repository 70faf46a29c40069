"""Let the office read which rules of EU funding were overruled, for which piece and why."""

from stojnica.central.migrations.statements import run_file

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the function."""
    run_file("0006_funding_overrules.sql")


def downgrade() -> None:
    """Refuse: nothing is lost by what is there."""
    raise RuntimeError("forward only")
