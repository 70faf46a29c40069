"""Print a PDF as the window does, through Qt and the print system that CUPS_SERVER names.

Arguments: file, printer, copies, edge, after how many pages somebody presses Cancel,
and whether the printer is taken away before the end.
"""

import subprocess
import sys
from pathlib import Path

from PySide6.QtWidgets import QApplication

from stojnica.services.on_paper import PrintChoices, printable_pages
from stojnica.ui.print_job import prepared_printer, print_pages


def main(file: str, printer_name: str, copies: str, edge: str, stop_after: str, vanishes: str) -> None:
    """Print it."""
    application = QApplication(["printing"])
    pages = printable_pages(Path(file).read_bytes())
    choices = PrintChoices(printer_name, int(copies), edge, (210.0, 297.0))
    printer = prepared_printer("Letaki", pages.size_mm, choices)
    printing = print_pages(printer, pages)
    for done in printing:
        if done == int(stop_after):
            printing.close()
            break
        if vanishes:
            subprocess.run(["lpadmin", "-x", printer_name], check=True)
    application.quit()


if __name__ == "__main__":
    main(*sys.argv[1:])
