"""Set everything up and run Stojnica: the practice stand, or the verb that is named."""

import os
import sys

import environment
import system_packages

USAGE = """\
python3 build/run.py [options of demo]      the practice stand: sample data, a sample office, a window
python3 build/run.py VERB [arguments]       any other verb of stojnica, with its arguments

The first time, it says what it downloads and sets up .venv beside this folder; later it starts at once.
Without a display everything runs offscreen.

    python3 build/run.py demo --help        the options of the practice stand (--headless, --out DIR, …)
    python3 build/run.py status --json      for example
"""


def stojnica_arguments(arguments: list[str]) -> list[str]:
    """Put `demo` before everything that does not begin with a verb."""
    if arguments and not arguments[0].startswith("-"):
        return arguments
    return ["demo", *arguments]


def main(arguments: list[str]) -> int:
    """Set up, then become the program."""
    if arguments[:1] in (["-h"], ["--help"]):
        print(USAGE)
        return 0
    python = environment.prepare()
    words = stojnica_arguments(arguments)
    environ = dict(os.environ)
    if not system_packages.has_display(environ) and "QT_QPA_PLATFORM" not in environ:
        environ["QT_QPA_PLATFORM"] = "offscreen"
        if words[0] == "demo":
            print("There is no display: everything runs offscreen, without a window.", file=sys.stderr)
    return environment.replace_process([str(python), "-m", "stojnica", *words], environ)


if __name__ == "__main__":
    environment.run_main(main)
