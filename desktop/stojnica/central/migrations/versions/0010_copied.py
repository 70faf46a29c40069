"""Let a copied file say what it had captured before it heard of an order to erase."""

from stojnica.central.migrations.statements import run_file

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table and the functions."""
    run_file("0010_copied.sql")


def downgrade() -> None:
    """Refuse: whoever is erased could come back."""
    raise RuntimeError("forward only")
