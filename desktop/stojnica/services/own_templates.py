"""The office's own templates, as its document has them; a wrong one stands aside for the shipped one."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from stojnica.domain.organisation import OrganisationDocument
from stojnica.printing.template import Design
from stojnica.printing.template_change import changed_design
from stojnica.printing.template_node import BadTemplateError


@dataclass(frozen=True, slots=True)
class OwnTemplates:
    """Hold the good ones; of each wrong one what is wrong, and by its id the shipped one to use instead."""

    designs: tuple[Design, ...] = ()
    wrong: tuple[str, ...] = ()
    instead: Mapping[str, str] = field(default_factory=dict)


def own_templates(document: OrganisationDocument) -> OwnTemplates:
    """Check the office's templates; takes milliseconds each, call it off the UI thread."""
    designs, wrong, instead = [], [], {}
    for item in document.templates:
        try:
            designs.append(changed_design(item.id, item.like, item.name, item.changes, document.picture))
        except BadTemplateError as error:
            wrong.append(error.what)
            instead[item.id] = item.like
    return OwnTemplates(tuple(designs), tuple(wrong), instead)


def check_templates(document: OrganisationDocument) -> None:
    """Refuse a document in which a template is wrong, before it is published.

    Raises:
        BadTemplateError: naming the template and the place.
    """
    for item in document.templates:
        changed_design(item.id, item.like, item.name, item.changes, document.picture)
