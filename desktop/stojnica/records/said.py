"""Reading what a fact's data says, bounded: a stranger may have written it."""

from collections.abc import Mapping
from typing import Any

MAX_TEXT = 2_000


def text_of(data: Mapping[str, Any], name: str) -> str:
    """Give a text, "" when it is none."""
    value = data.get(name, "")
    return value[:MAX_TEXT] if isinstance(value, str) else ""


def small_number_of(data: Mapping[str, Any], name: str) -> int:
    """Give a whole number below a million, 0 when it is none."""
    value = data.get(name, 0)
    # True is a number in Python, and PostgreSQL refuses it where a number belongs.
    is_number = isinstance(value, int) and not isinstance(value, bool)
    return value if is_number and 0 <= value < 10**6 else 0
