"""Canonical JSON: one value has one spelling in bytes, so that a hash means something."""

import json
import re
from collections.abc import Mapping
from typing import Any, NoReturn

MAX_DEPTH = 20
MAX_PARSE_BYTES = 8 * 1024 * 1024
_INT64 = 1 << 63
_WRITER = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"))
_LONG_NUMBER = re.compile(r"\d{19}", re.ASCII)
_NOT_PLAIN = object()


class NotCanonicalError(ValueError):
    """Tell why a value or bytes have no canonical form; `reason` is a constant word."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def canonical_bytes(value: object) -> bytes:
    """Write a JSON value as UTF-8 with sorted keys and no spaces.

    Allowed are dict (keys are str), list, tuple, str, int of 64 bits, bool and None: no floats, because
    they have several spellings; no NUL and no lone surrogate, because a database can't keep them.

    Raises:
        NotCanonicalError: anything else is in it, or it is nested deeper than 20.
    """
    return spelled(checked(value))


def checked(value: object) -> Any:
    """Give a copy of a JSON value, made of dict, list, str, int, bool and None alone, as it is read back.

    Raises:
        NotCanonicalError: as `canonical_bytes`.
    """
    return _checked(value, 0)


def spelled(value: object) -> bytes:
    """Write what `checked` gave."""
    return _WRITER.encode(value).encode("utf-8")


def parse_canonical(body: bytes, max_bytes: int = MAX_PARSE_BYTES) -> Any:
    """Read canonical bytes back; other spellings of the same value are refused.

    Raises:
        NotCanonicalError: too many bytes, not JSON, or not what `canonical_bytes` would have written.
    """
    found = _parse_plain(body) if len(body) <= max_bytes else _NOT_PLAIN
    if found is not _NOT_PLAIN:
        return found
    value = parse_json(body, max_bytes)
    if canonical_bytes(value) != body:
        raise NotCanonicalError("spelling")
    return value


def _parse_plain(body: bytes) -> Any:
    """Read bytes that can only be canonical: three times as fast, and most are so.

    What is written back the same has no repeated key and no lone surrogate; what the other bounds might
    forbid is left to the careful way.
    """
    try:
        text = body.decode("utf-8")
        if (
            "\\u0000" in text
            or text.count("{") + text.count("[") > MAX_DEPTH
            or _LONG_NUMBER.search(text) is not None
        ):
            return _NOT_PLAIN
        value = _READER.decode(text)
        return value if _WRITER.encode(value) == text else _NOT_PLAIN
    except (ValueError, RecursionError):
        return _NOT_PLAIN


def parse_json(body: bytes, max_bytes: int = MAX_PARSE_BYTES) -> Any:
    """Read JSON in any spelling, with the same bounds: no repeated keys, no floats, depth 20.

    Raises:
        NotCanonicalError: the bytes are too many, no UTF-8, no JSON, or hold what is not allowed.
    """
    if len(body) > max_bytes:
        raise NotCanonicalError("too_large")
    try:
        value = json.loads(
            body.decode("utf-8"), object_pairs_hook=_unique, parse_float=_no_float, parse_constant=_no_float
        )
    except NotCanonicalError:
        raise
    except (ValueError, RecursionError) as error:
        raise NotCanonicalError("not_json") from error
    return _checked(value, 0)


def _checked(value: object, depth: int) -> object:
    if depth > MAX_DEPTH:
        raise NotCanonicalError("too_deep")
    if isinstance(value, str):
        return value if value.isascii() and "\0" not in value else _checked_text(value)
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, int):
        if not -_INT64 <= value < _INT64:
            raise NotCanonicalError("number_too_large")
        return value
    if isinstance(value, Mapping):
        return {_checked_key(key): _checked(item, depth + 1) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_checked(item, depth + 1) for item in value]
    raise NotCanonicalError("type")


def _checked_key(key: object) -> str:
    if not isinstance(key, str):
        raise NotCanonicalError("key")
    return _checked_text(key)


def _checked_text(text: str) -> str:
    if "\0" in text:
        raise NotCanonicalError("nul")
    if not text.isascii():
        try:
            text.encode("utf-8")
        except UnicodeEncodeError as error:
            raise NotCanonicalError("surrogate") from error
    return text


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise NotCanonicalError("repeated_key")
    return found


def _no_float(_text: str) -> NoReturn:
    raise NotCanonicalError("float")


_READER = json.JSONDecoder(parse_float=_no_float, parse_constant=_no_float)
