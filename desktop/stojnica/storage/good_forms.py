"""The office's forms, kept from briefing to briefing: a wrong one never replaces the last good."""

import logging
from typing import Any

from sqlalchemy.engine import Connection

from stojnica.domain.document_node import DocumentError, Node
from stojnica.domain.form import Form
from stojnica.domain.form_document import parse_form
from stojnica.storage.memory import recall, remember

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
    kept: dict[str, Any] = recall(connection, _KEPT, {})
    found: list[Form] = []
    for _name, item in sorted(kept.items()):
        try:
            found.append(parse_form(Node(item, "forms")))
        except DocumentError as error:
            log.warning("a kept form can't be used: %s", error.code)
    return tuple(found)
