"""What the command line says: plain words, or one JSON object."""

import json
import re
import sys
from collections.abc import Mapping
from io import TextIOWrapper
from typing import Any

DONE, FAILED, WRONG_CALL = 0, 1, 2
# What a terminal obeys, and what turns a line round: names come from files and laptops of whomever.
_ORDERS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")


def never_stumble() -> None:
    """Let a letter that the terminal doesn't know, or half a one in a file's name, be written as a number.

    What is said last may be a passphrase that is shown only once.
    """
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def say(text: str) -> None:
    """Print a line for a person."""
    print(_harmless(text))


def say_json(value: Mapping[str, Any]) -> None:
    """Print the result for a program: one JSON object on one line."""
    written = json.dumps(dict(value), ensure_ascii=False, sort_keys=True)
    print(_ORDERS.sub(lambda found: f"\\u{ord(found[0]):04x}", written))


def complain(text: str) -> None:
    """Print why it could not be done."""
    print(_harmless(text), file=sys.stderr)


def _harmless(text: str) -> str:
    return _ORDERS.sub("\N{REPLACEMENT CHARACTER}", text)
