"""What a volunteer said about two contacts that share an address or a number."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

SAME, OTHER, UNKNOWN = "same", "other", "unknown"
ANSWERS = (SAME, OTHER, UNKNOWN)
COMPARED_FIELDS = ("email", "phone")


@dataclass(frozen=True, slots=True)
class Likeness:
    """Hold the answer, the other contact, and the equal fields; the office proposes links from it."""

    other: UUID
    answer: str
    same: tuple[str, ...]

    def data(self) -> dict[str, Any]:
        """Give what the fact `compared` about the newer contact says."""
        return {"other": str(self.other), "answer": self.answer, "same": list(self.same)}


def likeness_from(data: Mapping[str, Any]) -> Likeness | None:
    """Read what a fact says; None when we can't have said it. Fields that aren't compared are left out."""
    other, answer, same = data.get("other"), data.get("answer"), data.get("same")
    if not isinstance(other, str) or answer not in ANSWERS:
        return None
    try:
        other_id = UUID(other)
    except ValueError:
        return None
    items = same if isinstance(same, list) else []
    return Likeness(other_id, str(answer), tuple(name for name in COMPARED_FIELDS if name in items))
