"""What a person has agreed to: a fold over decisions, per purpose, where unknown means no."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from stojnica.domain import kinds
from stojnica.domain.fact import StoredFact
from stojnica.domain.order import SubjectHistory
from stojnica.domain.withdrawal import Withdrawal

MAX_PURPOSE = 64


@dataclass(frozen=True, slots=True)
class ConsentState:
    """Hold the state of one purpose, and the decision that it rests on.

    `withdrawn_at` (µs UTC) is of a withdrawal by address or number, when that alone decides; then the basis
    is the consent that it took back. `is_usable` is what exports ask for: agreed to, and provably with a
    known wording on a known day.
    """

    purpose: str
    is_granted: bool
    is_unproven: bool
    is_disputed: bool
    basis: StoredFact
    withdrawn_at: int = 0

    @property
    def is_usable(self) -> bool:
        """Tell whether anything may be done with the person's data for this purpose."""
        return self.is_granted and not self.is_unproven


def consent_states(history: SubjectHistory, withdrawals: Sequence[Withdrawal] = ()) -> list[ConsentState]:
    """Fold all decisions of one sign-up, and the `withdrawals` of its address and number.

    A withdrawal beats every grant that doesn't supersede it; concurrent decisions take the stricter one
    (GDPR Art. 7(3): as easy to withdraw as to give). Decisions without a purpose decide nothing.
    """
    by_purpose: dict[str, list[StoredFact]] = {}
    for item in history.facts:
        purpose = item.fact.data.get("purpose")
        if item.fact.kind in (kinds.CONSENTED, kinds.WITHDREW) and isinstance(purpose, str) and purpose:
            by_purpose.setdefault(purpose[:MAX_PURPOSE], []).append(item)
    return [
        _against(_fold(purpose, decisions, history), decisions, history, withdrawals)
        for purpose, decisions in sorted(by_purpose.items())
    ]


def _against(
    state: ConsentState,
    decisions: Sequence[StoredFact],
    history: SubjectHistory,
    withdrawals: Sequence[Withdrawal],
) -> ConsentState:
    """Take back what was agreed to by somebody who hadn't seen the withdrawal."""
    about = [item for item in withdrawals if item.is_about(state.purpose)]
    if not about or not state.is_granted:
        return state
    grants = [item for item in history.latest(decisions) if _grants(item)]
    standing = [item for item in grants if all(history.knew(item, one.content_hash) for one in about)]
    if standing:
        basis = max(standing, key=lambda item: item.content_hash)
        return replace(state, is_unproven=any(_is_unproven(item) for item in standing), basis=basis)
    beats = max(about, key=lambda item: item.content_hash)
    return replace(state, is_granted=False, is_unproven=False, withdrawn_at=beats.captured_at)


def _fold(purpose: str, decisions: Sequence[StoredFact], history: SubjectHistory) -> ConsentState:
    refusals = [item for item in decisions if not _grants(item)]
    latest = history.latest(decisions)
    grants = [item for item in latest if _grants(item)]
    # A number beside the fact isn't enough here: a copied disk uses the same numbers, and only the hashes
    # show that who wrote down the grant had seen the withdrawal.
    standing = [item for item in grants if all(history.has_superseded(item, refusal) for refusal in refusals)]
    is_granted = bool(standing) and len(grants) == len(latest)
    decisive = standing if is_granted else history.latest(refusals)
    return ConsentState(
        purpose=purpose,
        is_granted=is_granted,
        is_unproven=is_granted and any(_is_unproven(item) for item in standing),
        is_disputed=bool(grants) and not is_granted,
        basis=max(decisive, key=lambda item: item.content_hash),
    )


def _grants(item: StoredFact) -> bool:
    return item.fact.kind == kinds.CONSENTED and item.fact.data.get("granted") is True


def _is_unproven(item: StoredFact) -> bool:
    return item.fact.data.get("unproven", True) is not False
