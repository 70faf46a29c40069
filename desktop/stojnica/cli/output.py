"""What the command line says: plain words, or one JSON object."""

import json
import sys
from collections.abc import Mapping
from io import TextIOWrapper
from typing import Any

DONE, FAILED, WRONG_CALL = 0, 1, 2


def never_stumble() -> None:
    """Let a letter that the terminal doesn't know, or half a one in a file's name, be written as a number.

    What is said last may be a passphrase that is shown only once.
    """
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def say(text: str) -> None:
    """Print a line for a person."""
    print(text)


def say_json(value: Mapping[str, Any]) -> None:
    """Print the result for a program: one JSON object on one line."""
    print(json.dumps(dict(value), ensure_ascii=False, sort_keys=True))


def complain(text: str) -> None:
    """Print why it could not be done."""
    print(text, file=sys.stderr)
