"""What a volunteer said about two contacts that share an address or a number."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

SAME, OTHER, UNKNOWN = "same", "other", "unknown"
ANSWERS = (SAME, OTHER, UNKNOWN)


@dataclass(frozen=True, slots=True)
class Likeness:
    """Hold the answer, the other contact, and the equal fields; the office proposes links from it."""

    other: UUID
    answer: str
    same: tuple[str, ...]

    def data(self) -> dict[str, Any]:
        """Give what the fact `compared` about the newer contact says."""
        return {"other": str(self.other), "answer": self.answer, "same": list(self.same)}
