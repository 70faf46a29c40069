"""The shipped documents: the sample organisation for practice, and a neutral one to start with."""

import json
import re
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

from stojnica.domain.text import NAME_LIMIT, clean_text
from stojnica.resources import resource

# The day in the sample on which its first event takes place; it becomes today.
SAMPLE_DAY = date(2024, 9, 20)
SHORT_NAME_LIMIT = 60
_DAY = re.compile(r"(\d{4}-\d{2}-\d{2})(T\d{2}:\d{2})?")
_DATED = frozenset({"starts", "ends", "valid_from", "valid_to"})


def sample_document(today: date) -> dict[str, Any]:
    """Give the sample organisation's document, with all days moved so that its first event is today."""
    moved = today - SAMPLE_DAY

    def move(name: str, text: str) -> str:
        found = _DAY.fullmatch(text) if name in _DATED else None
        return f"{date.fromisoformat(found[1]) + moved}{found[2] or ''}" if found else text

    return _document(_with_texts(_shipped("sample", "organisation.json"), "", move))


def sample_day(day: date, today: date) -> date:
    """Give the day that a day of the sample has become."""
    return day + (today - SAMPLE_DAY)


def sample_slips() -> Path:
    """Give the path of the sample's sheet of slips."""
    return resource("sample", "slips.csv")


def starter_document(name: str) -> dict[str, Any]:
    """Give a neutral document for an organisation of this name; every wording is to be verified first."""
    tidy = clean_text(name, NAME_LIMIT).value or "Stojnica"
    fills = {"{organisation}": tidy, "{monogram}": tidy[:1].upper()}

    def fill(field: str, text: str) -> str:
        for placeholder, value in fills.items():
            text = text.replace(placeholder, value)
        return text[:SHORT_NAME_LIMIT].strip() if field == "short_name" else text

    return _document(_with_texts(_shipped("organisation", "starter.json"), "", fill))


def _shipped(*parts: str) -> object:
    return json.loads(resource(*parts).read_text("utf-8"))


def _with_texts(value: object, name: str, change: Callable[[str, str], str]) -> object:
    if isinstance(value, dict):
        return {key: _with_texts(item, key, change) for key, item in value.items()}
    if isinstance(value, list):
        return [_with_texts(item, name, change) for item in value]
    return change(name, value) if isinstance(value, str) else value


def _document(value: object) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise TypeError("a shipped document has to be a JSON object")
    value.pop("about", None)
    return value
