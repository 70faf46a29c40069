"""The program without a verb: the window, loaded without what the verbs need."""

import argparse
import gc

from stojnica.cli.options import home_of


def open_window(arguments: argparse.Namespace) -> int:
    """Open the window on the store of the home folder, or begin with the first start."""
    # Loading makes hardly any garbage; from then on the window collects it, on its own thread.
    gc.disable()
    from stojnica.bootstrap.window import WindowProgram
    from stojnica.services.keyring import SecretServiceKeyring

    program = WindowProgram(home_of(arguments), keyring=SecretServiceKeyring())
    try:
        program.open()
        return program.run()
    finally:
        program.close()
