"""Which of a subject's facts is later: by what its author had seen, never by a clock."""

from collections.abc import Callable, Iterable
from typing import TypeVar

from stojnica.domain.fact import StoredFact

T = TypeVar("T")


class SubjectHistory:
    """Order the facts of one subject.

    One fact is later than another when it supersedes it, directly or through others, or when both have
    the same incarnation and its seq is higher. Otherwise they are concurrent. Arrival order and repeats
    change nothing. Cost: O(n²) bits for n facts of one subject, which are few.
    """

    def __init__(self, facts: Iterable[StoredFact]) -> None:
        unique = {(item.fact.fact_id, item.content_hash): item for item in facts}
        self.facts = sorted(unique.values(), key=lambda item: item.content_hash)
        self._earlier = self._close()

    def _close(self) -> dict[bytes, set[bytes]]:
        known = {item.content_hash for item in self.facts}
        direct: dict[bytes, set[bytes]] = {
            item.content_hash: {older for older in item.fact.supersedes if older in known}
            for item in self.facts
        }
        by_life: dict[bytes, list[StoredFact]] = {}
        for item in self.facts:
            by_life.setdefault(item.incarnation.bytes, []).append(item)
        for group in by_life.values():
            for newer in group:
                # A cloned disk may have used a seq twice: equal numbers order nothing.
                below = max((item.seq for item in group if item.seq < newer.seq), default=None)
                direct[newer.content_hash] |= {item.content_hash for item in group if item.seq == below}
        return {key: self._reach(key, direct) for key in direct}

    @staticmethod
    def _reach(start: bytes, direct: dict[bytes, set[bytes]]) -> set[bytes]:
        seen: set[bytes] = set()
        queue = list(direct[start])
        while queue:
            item = queue.pop()
            if item not in seen and item != start:
                seen.add(item)
                queue.extend(direct[item])
        return seen

    def is_later(self, one: StoredFact, other: StoredFact) -> bool:
        """Tell whether `one` is later than `other`; two concurrent facts are neither."""
        return other.content_hash in self._earlier[one.content_hash]

    def latest(self, facts: Iterable[StoredFact]) -> list[StoredFact]:
        """Give those of the facts that none of them is later than: one, or several concurrent ones."""
        chosen = list(facts)
        newest = [item for item in chosen if not any(self.is_later(other, item) for other in chosen)]
        # Only a forged pair can claim to be later than each other: then nothing is settled, and all count.
        return newest or chosen

    def value(
        self, facts: Iterable[StoredFact], read: Callable[[StoredFact], T], default: T
    ) -> tuple[T, bool]:
        """Give the latest value and whether concurrent facts disagree; then the higher hash wins."""
        latest = self.latest(facts)
        if not latest:
            return default, False
        winner = max(latest, key=lambda item: item.content_hash)
        chosen = read(winner)
        return chosen, any(read(item) != chosen for item in latest)
