"""Which of a subject's facts is later: by what its author had seen, never by a clock."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cached_property
from typing import TypeVar

from stojnica.domain.fact import StoredFact

T = TypeVar("T")


class SubjectHistory:
    """Order the facts of one subject.

    One fact is later than another when it supersedes it, directly or through others, or when both have
    the same incarnation and its seq is higher. Otherwise they are concurrent. Arrival order and repeats
    change nothing. Facts that claim to be later than each other, which takes a forged one, are concurrent.
    """

    def __init__(self, facts: Iterable[StoredFact]) -> None:
        unique = {(item.fact.fact_id, item.content_hash): item for item in facts}
        self.facts = sorted(unique.values(), key=lambda item: item.content_hash)
        self._place = {item.content_hash: place for place, item in enumerate(self.facts)}

    def _links_by_hash(self) -> list[list[int]]:
        place = self._place
        return [[place[older] for older in item.fact.supersedes if older in place] for item in self.facts]

    # Most subjects have one fact of a kind, and need no order at all.
    @cached_property
    def _superseded(self) -> list[int]:
        return _before(self._links_by_hash())

    @cached_property
    def _earlier(self) -> list[int]:
        links = self._links_by_hash()
        by_life: dict[bytes, dict[int, list[int]]] = {}
        for place, item in enumerate(self.facts):
            by_life.setdefault(item.incarnation.bytes, {}).setdefault(item.seq, []).append(place)
        for by_seq in by_life.values():
            below: int | None = None
            for _seq, places in sorted(by_seq.items()):
                # A cloned disk may have used a seq twice: equal numbers order nothing. One link for each
                # number, which stands for all facts that have it, keeps the links few.
                level = len(links)
                links.append(list(places) if below is None else [*places, below])
                if below is not None:
                    for place in places:
                        links[place].append(below)
                below = level
        return _before(links)

    def is_later(self, one: StoredFact, other: StoredFact) -> bool:
        """Tell whether `one` is later than `other`; two concurrent facts are neither."""
        return bool(self._earlier[self._at(one)] >> self._at(other) & 1)

    def has_superseded(self, one: StoredFact, other: StoredFact) -> bool:
        """Tell whether the author of `one` had seen `other`: their hashes say so, not numbers beside them."""
        return bool(self._superseded[self._at(one)] >> self._at(other) & 1)

    def knew(self, one: StoredFact, digest: bytes) -> bool:
        """Tell whether the author of `one` had seen a fact about something else, by its hash."""
        seen = self._superseded[self._at(one)] | 1 << self._at(one)
        return any(
            digest in item.fact.supersedes for place, item in enumerate(self.facts) if seen >> place & 1
        )

    def latest(self, facts: Iterable[StoredFact]) -> list[StoredFact]:
        """Give those of the facts that none of them is later than: one, or several concurrent ones."""
        chosen = list(facts)
        if len(chosen) == 1:
            return chosen
        passed = 0
        for item in chosen:
            passed |= self._earlier[self._at(item)]
        return [item for item in chosen if not passed >> self._at(item) & 1]

    def value(
        self, facts: Iterable[StoredFact], read: Callable[[StoredFact], T], default: T
    ) -> tuple[T, bool]:
        """Give the latest value and whether concurrent facts disagree; then the higher hash wins."""
        latest = self.latest(facts)
        if not latest:
            return default, False
        if len(latest) == 1:
            return read(latest[0]), False
        winner = max(latest, key=lambda item: item.content_hash)
        chosen = read(winner)
        return chosen, any(read(item) != chosen for item in latest)

    def _at(self, item: StoredFact) -> int:
        return self._place[item.content_hash]


def _before(links: Sequence[Sequence[int]]) -> list[int]:
    """Give for each place the set (as bits) of those that it leads to and that don't lead back to it."""
    reached = [0] * len(links)
    order = _deepest_first(links)
    is_settled = False
    while not is_settled:
        # One round does for honest facts, because the deepest come first; only rings need more.
        is_settled = True
        for place in order:
            found = reached[place]
            for older in links[place]:
                found |= reached[older] | 1 << older
            is_settled = is_settled and found == reached[place]
            reached[place] = found
    return [found & ~_ring(place, reached) for place, found in enumerate(reached)]


def _ring(place: int, reached: Sequence[int]) -> int:
    if not reached[place] >> place & 1:
        return 0
    return sum(
        1 << other
        for other, found in enumerate(reached)
        if found >> place & 1 and reached[place] >> other & 1
    )


def _deepest_first(links: Sequence[Sequence[int]]) -> list[int]:
    order: list[int] = []
    seen = [False] * len(links)
    for start in range(len(links)):
        if seen[start]:
            continue
        seen[start] = True
        path: list[tuple[int, Iterator[int]]] = [(start, iter(links[start]))]
        while path:
            place, older = path[-1]
            following = next((item for item in older if not seen[item]), None)
            if following is None:
                order.append(place)
                path.pop()
            else:
                seen[following] = True
                path.append((following, iter(links[following])))
    return order
