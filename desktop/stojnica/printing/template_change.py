"""A template of the office: a shipped one, and what is different in it."""

from collections.abc import Iterator, Mapping
from typing import Any

from stojnica.i18n import gettext as _
from stojnica.printing.template import Design
from stojnica.printing.template_artwork import ArtworkFiles, Pictures
from stojnica.printing.template_file import checked_design, design_document, shipped_designs
from stojnica.printing.template_node import BadTemplateError
from stojnica.resources import resource


def changed_design(
    template_id: str, like: str, name: Mapping[str, str], changes: Mapping[str, Any], pictures: Pictures
) -> Design:
    """Give the template that comes of changing a shipped one; lists are replaced, null takes away.

    Its artwork is that of the shipped one, or any of the office's pictures.

    Raises:
        BadTemplateError: naming the place that is wrong.
    """
    if template_id in shipped_designs():
        raise BadTemplateError(template_id, "id", _("a template of the program has this name already."))
    if like not in shipped_designs():
        raise BadTemplateError(template_id, "like", _("there is no such template."))
    document = _merged(design_document(like), changes)
    document["id"] = template_id
    document["name"] = {**document.get("name", {}), **name}
    return checked_design(document, template_id, ArtworkFiles(resource("flyers", like), pictures))


def artwork_pictures(changes: object) -> Iterator[str]:
    """Give the pictures of the office that a template shows as artwork."""
    if isinstance(changes, Mapping):
        if changes.get("kind") == "artwork" and isinstance(changes.get("picture"), str):
            yield changes["picture"]
        changes = list(changes.values())
    if isinstance(changes, list | tuple):
        for item in changes:
            yield from artwork_pictures(item)


def _merged(base: Mapping[str, Any], changes: Mapping[str, Any]) -> dict[str, Any]:
    merged = dict(base)
    for key, value in changes.items():
        before = merged.get(key)
        if value is None:
            merged.pop(key, None)
        elif isinstance(value, Mapping) and isinstance(before, Mapping):
            merged[key] = _merged(before, value)
        else:
            merged[key] = value
    return merged
