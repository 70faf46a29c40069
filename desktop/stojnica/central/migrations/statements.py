"""Run the SQL files of a migration as they are written."""

from pathlib import Path

from alembic import op


def run_file(name: str) -> None:
    """Run all statements of one file of the folder `sql`, without reading colons or percent signs in it."""
    text = (Path(__file__).parent / "sql" / name).read_text(encoding="utf-8")
    driver = op.get_bind().connection.driver_connection
    assert driver is not None
    driver.execute(text)
