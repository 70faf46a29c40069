"""The office's forms, kept from briefing to briefing: a wrong one never replaces the last good."""

import logging
from functools import lru_cache
from typing import Any

from sqlalchemy.engine import Connection

from stojnica.domain.document_node import DocumentError, Node
from stojnica.domain.form import Form
from stojnica.domain.form_document import parse_form
from stojnica.storage.memory import recall, recall_body, remember, value_of

log = logging.getLogger(__name__)
_KEPT = "forms"


def keep_good_forms(connection: Connection, documents: object) -> None:
    """Keep each form of a briefing that is right, by its id; the caller commits.

    A form that the office no longer has goes.
    """
    before: dict[str, Any] = recall(connection, _KEPT, {})
    kept: dict[str, Any] = {}
    for item in documents if isinstance(documents, list) else []:
        name = item.get("id") if isinstance(item, dict) else None
        try:
            kept[parse_form(Node(item, "forms")).id] = item
        except DocumentError as error:
            log.warning("a form can't be used: %s", error.code)
            if isinstance(name, str) and name in before:
                kept[name] = before[name]
    remember(connection, _KEPT, kept)


def good_forms(connection: Connection) -> tuple[Form, ...]:
    """Give the forms that are kept; one that a newer program no longer takes stops nobody."""
    body = recall_body(connection, _KEPT)
    return () if body is None else _read(body)


@lru_cache(maxsize=2)
def _read(body: bytes) -> tuple[Form, ...]:
    """Read them once: every page asks for them again and again."""
    found: list[Form] = []
    for _name, item in sorted(value_of(body).items()):
        try:
            found.append(parse_form(Node(item, "forms")))
        except DocumentError as error:
            log.warning("a kept form can't be used: %s", error.code)
    return tuple(found)
