"""Run the history on the connection that `stojnica.central.init` hands over, in its transaction."""

from alembic import context

context.configure(
    connection=context.config.attributes["connection"],
    version_table="alembic_version",
    version_table_schema="hub",
)
context.run_migrations()
