"""What is said once a printer has the pages, and when it doesn't print them."""

import time
from collections.abc import Callable
from pathlib import Path

from stojnica.i18n import gettext as _
from stojnica.services.message import Message, Tone
from stojnica.services.printers import PrinterProbe, PrinterState, trouble_words
from stojnica.services.tasks import Progress, TaskRunner, WorkContext, known_error

WATCHING = "printer_watched"
# CUPS finds out only after it has tried for some seconds.
WAITS_S = (0.0, *[1.0] * 8)


def sent_to(printer_name: str) -> Message:
    """Say that a printer has the pages."""
    return Message(Tone.GOOD, _("Sent to the printer {name}.").format(name=printer_name))


def stuck_at(printer: PrinterState) -> Message:
    """Say that the pages wait in the queue of a printer that doesn't print."""
    text = _("The printer {name} has the pages, and doesn't print: {trouble}.")
    return Message(
        Tone.WAIT,
        text.format(name=printer.name, trouble=trouble_words(printer.trouble)),
        safe=_("They wait in its queue."),
        next_step=_("See to the printer; they come out by themselves. Don't print them again."),
    )


def gone(printer_name: str) -> Message:
    """Say that the system knows no such printer any more; it drops the pages without a word."""
    text = _("The printer {name} is gone, and has not printed the pages.")
    return Message(
        Tone.BAD,
        text.format(name=printer_name),
        safe=_("Nothing is lost."),
        next_step=_("Connect it again or choose another one, and print again."),
    )


class PrinterWatch:
    """Look after a printer for some seconds once it has the pages; UI thread alone."""

    def __init__(
        self,
        runner: TaskRunner,
        probe: PrinterProbe,
        pause: Callable[[float], None] = time.sleep,
    ) -> None:
        self._runner = runner
        self._probe = probe
        self._pause = pause

    def watch(self, printer_name: str, say: Callable[[Message], None]) -> None:
        """Say what is wrong as soon as the system knows; nothing when it knows of nothing."""

        def look(context: WorkContext) -> Message | None:
            for wait_s in WAITS_S:
                self._pause(wait_s)
                context.report(Progress(WATCHING))
                found = self._probe.printers()
                if found is None or Path(printer_name).is_absolute():
                    # Nobody can be asked, or the pages went into a file.
                    return None
                printer = found.named(printer_name)
                if printer is None:
                    return gone(printer_name)
                if not printer.is_ready:
                    return stuck_at(printer)
            return None

        def answered(said: Message | None) -> None:
            if said is not None:
                say(said)

        self._runner.submit(look, answered, _stopped)


def _stopped(error: Exception) -> None:
    """Take the end of a watch that was stopped; anything else is a bug."""
    known_error(error)
