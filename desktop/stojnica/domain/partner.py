"""Who does a project together with the organisation: all of it, or only some of its events."""

from dataclasses import dataclass

from stojnica.domain.document_node import Node

MAX_PARTNERS = 50
MAX_CODES = 100
_NAME_LIMIT = 120


@dataclass(frozen=True, slots=True)
class Partner:
    """Hold an organisation by its name; `events` are codes, and none of them means every event."""

    name: str
    events: tuple[str, ...] = ()

    def is_at(self, code: str) -> bool:
        """Tell whether the partner is at the event of this code."""
        return not self.events or code in self.events


def partner_from(node: Node) -> Partner:
    """Read a partner of a project from the office's document.

    Raises:
        DocumentError: what is wrong, with its place.
    """
    fields = node.fields("name", "events")
    codes = fields["events"].items(MAX_CODES) if "events" in fields else []
    return Partner(fields["name"].text(_NAME_LIMIT), tuple(code.name() for code in codes))
