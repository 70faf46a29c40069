"""What a person has agreed to: a fold over decisions, per purpose, where unknown means no."""

from collections.abc import Iterable
from dataclasses import dataclass

from stojnica.domain import kinds
from stojnica.domain.fact import StoredFact
from stojnica.domain.order import SubjectHistory


@dataclass(frozen=True, slots=True)
class ConsentState:
    """Hold the state of one purpose, and the decision that it rests on.

    `is_usable` is what exports ask for: agreed to, and provably with a known wording on a known day.
    """

    purpose: str
    is_granted: bool
    is_unproven: bool
    is_disputed: bool
    basis: StoredFact

    @property
    def is_usable(self) -> bool:
        """Tell whether anything may be done with the person's data for this purpose."""
        return self.is_granted and not self.is_unproven


def consent_states(history: SubjectHistory) -> list[ConsentState]:
    """Fold all decisions of one sign-up.

    A withdrawal beats every grant that isn't later than it; concurrent decisions take the stricter one
    (GDPR Art. 7(3): as easy to withdraw as to give).
    """
    by_purpose: dict[str, list[StoredFact]] = {}
    for item in history.facts:
        if item.fact.kind in (kinds.CONSENTED, kinds.WITHDREW):
            by_purpose.setdefault(str(item.fact.data.get("purpose", "")), []).append(item)
    return [
        _fold(purpose, decisions, history) for purpose, decisions in sorted(by_purpose.items()) if purpose
    ]


def _fold(purpose: str, decisions: Iterable[StoredFact], history: SubjectHistory) -> ConsentState:
    latest = sorted(history.latest(decisions), key=lambda item: item.content_hash)
    refusals = [item for item in latest if not _grants(item)]
    grants = [item for item in latest if _grants(item)]
    basis = refusals[-1] if refusals else grants[-1]
    return ConsentState(
        purpose=purpose,
        is_granted=not refusals,
        is_unproven=any(bool(item.fact.data.get("unproven", True)) for item in grants),
        is_disputed=bool(refusals and grants),
        basis=basis,
    )


def _grants(item: StoredFact) -> bool:
    return item.fact.kind == kinds.CONSENTED and item.fact.data.get("granted") is True
