"""A thousand visitors through the kiosk's real window, one after the other: what each leaves in memory."""

import gc
import sys
from pathlib import Path
from typing import Any

import child_window
from ratio import Note

VISITORS = 1_000
EACH = 100
REST_S = 0.3
CONTACTS = 4_000
"""What a store is that has been in use: it keeps as many pages of its file at hand as it may."""


def resident_kb() -> int:
    """Give how much of this process is in memory."""
    lines = Path("/proc/self/status").read_text("ascii").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmRSS:"))


def _read_all(connection: Any) -> None:
    for table in ("fact", "delivery", "signup", "signup_word", "consent", "setting"):
        connection.exec_driver_sql(f"SELECT * FROM {table}").all()


def main(folder: Path, visitors: int) -> None:
    """Be the process that is measured: tell its numbers every hundred visitors."""
    from PySide6.QtWidgets import QApplication

    from stojnica.ui.demo_visitors import receive_visitors
    from stojnica.ui.patience import let_pass

    program = child_window.open_program(folder / "home", CONTACTS)
    window = program.window
    assert window is not None

    store = window.models.context.store
    store.read(_read_all).result()
    store.write(lambda unit: _read_all(unit.connection)).result()

    def count(visitor: int) -> None:
        if visitor % EACH:
            return
        # Pages that look again after each save are no growth: they come to rest first.
        store.read(lambda _connection: None).result()
        let_pass(REST_S)
        gc.collect()
        child_window.tell(
            {
                "visitors": visitor,
                "kb": resident_kb(),
                "objects": len(gc.get_objects()),
                "widgets": len(QApplication.allWidgets()),
            }
        )

    receive_visitors(window, visitors, pin=child_window.PIN, heard=count)
    program.close()


def run() -> list[Note]:
    """Give a line every hundred visitors, and the growth after the first hundred."""
    rows = child_window.told_by(__file__, str(VISITORS))
    notes = [
        Note(
            f"after {row['visitors']:5} visitors: {row['kb'] / 1024:6.1f} MB in memory,"
            f" {row['objects']:7} Python objects, {row['widgets']:4} widgets"
        )
        for row in rows
    ]
    first, last = rows[0], rows[-1]
    number = last["visitors"] - first["visitors"]
    grown, objects = ((last[name] - first[name]) / number for name in ("kb", "objects"))
    text = f"after the first {EACH}, a visitor leaves {grown:.1f} kB and {objects:.2f} Python objects"
    return [*notes, Note(text)]


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
