"""Start Stojnica: a window, or one of the verbs of the command line."""

import sys

from stojnica.cli.main import main

if __name__ == "__main__":
    sys.exit(main())
