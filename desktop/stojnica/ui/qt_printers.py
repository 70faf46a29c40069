"""The system's printers as Qt knows them: on Windows, where there is no `lpstat`."""

from stojnica.services.printers import Printers, PrinterState


class QtPrinters:
    """Ask Qt's print support; it may wait for the system's spooler."""

    def printers(self) -> Printers:
        """Give all printers and the default one."""
        # Here, because it takes long to load and only this check needs it.
        from PySide6.QtPrintSupport import QPrinter, QPrinterInfo

        known = [
            PrinterState(info.printerName(), info.state() is not QPrinter.PrinterState.Error)
            for info in QPrinterInfo.availablePrinters()
        ]
        return Printers(tuple(known), QPrinterInfo.defaultPrinterName())
