"""Make the hub: tables, the functions of laptops and office, and who may what."""

from stojnica.central.migrations.statements import run_file

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make everything."""
    for part in ("tables", "internal", "api", "rights"):
        run_file(f"0001_{part}.sql")


def downgrade() -> None:
    """Refuse: an empty database is made by dropping it."""
    raise RuntimeError("forward only")
