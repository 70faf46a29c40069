"""How long what the office has may stay on a laptop: visitors, and the names of the team."""

from dataclasses import dataclass

from stojnica.domain.document_node import Node

DAY_US = 24 * 3_600 * 1_000_000
MOST_DAYS = 3_650


@dataclass(frozen=True, slots=True)
class Retention:
    """Hold what the office decided: for how many days contacts and names of the team stay on a laptop.

    The days begin when the centre has proven it has them.

    Without a decision nothing goes: a program that deletes because somebody forgot a line in a document is
    worse than one that keeps. The law wants no more copies than are needed (GDPR Art. 5(1)(e)), so the window
    says that nothing goes, and the sample has 30 days: time for a stand to look up what it wrote, and for
    the office to notice what went wrong. Names have half a year there: the same people come back through
    a season, and hours are asked about until its report is written.
    """

    contacts_days: int | None = None
    names_days: int | None = None

    @property
    def contacts_us(self) -> int | None:
        """Give for how long contacts stay, in µs."""
        return None if self.contacts_days is None else self.contacts_days * DAY_US

    @property
    def names_us(self) -> int | None:
        """Give for how long names stay, in µs."""
        return None if self.names_days is None else self.names_days * DAY_US


KEEP_ALL = Retention()


def parse_retention(node: Node) -> Retention:
    """Read the section of the organisation's document.

    Raises:
        DocumentError: a number of days that can't be meant.
    """
    fields = node.fields("", "contacts_days names_days")
    return Retention(_days(fields.get("contacts_days")), _days(fields.get("names_days")))


def _days(node: Node | None) -> int | None:
    return None if node is None or node.value is None else node.integer(1, MOST_DAYS)
