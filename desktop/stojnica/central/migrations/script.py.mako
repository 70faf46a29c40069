"""${message}"""

from stojnica.central.migrations.statements import run_file

revision = ${repr(up_revision)}
down_revision = ${repr(down_revision)}
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go one version up."""
    run_file("${up_revision}_change.sql")


def downgrade() -> None:
    """Refuse: facts are never migrated back."""
    raise NotImplementedError
