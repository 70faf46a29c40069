"""Start Stojnica: a window, or one of the verbs of the command line."""

import signal
import sys
from collections.abc import Sequence


def main(argv: Sequence[str] | None = None) -> int:
    """Load the program and run it; Ctrl-C while it loads ends it at once, without a traceback."""
    handler = signal.getsignal(signal.SIGINT)
    if handler is signal.default_int_handler:
        signal.signal(signal.SIGINT, signal.SIG_DFL)
    from stojnica.cli.main import main as run

    if handler is signal.default_int_handler:
        signal.signal(signal.SIGINT, handler)
    return run(argv)


def program() -> None:
    """Run as the program `stojnica`."""
    sys.exit(main())


if __name__ == "__main__":
    program()
