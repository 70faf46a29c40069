from collections.abc import Sequence
from itertools import permutations
from typing import Any
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stojnica.domain import kinds
from stojnica.domain.consent import ConsentState, consent_states
from stojnica.domain.fact import Fact, StoredFact, content_hash, encode
from stojnica.domain.order import SubjectHistory

SUBJECT, LAPTOP, OTHER, THIRD = (UUID(int=number) for number in (1, 2, 3, 4))


def decided(
    kind: str, data: dict[str, Any], *, seen: Sequence[StoredFact] = (), life: UUID = LAPTOP, seq: int = 1
) -> StoredFact:
    fact = Fact(
        uuid4(), kind, SUBJECT, data, captured_at=0, supersedes=tuple(item.content_hash for item in seen)
    )
    body = encode(fact)
    return StoredFact(UUID(int=9), life, seq, content_hash(body), body, fact)


def granted(*, seen: Sequence[StoredFact] = (), life: UUID = LAPTOP, seq: int = 1, **more: Any) -> StoredFact:
    data = {"purpose": "newsletter", "granted": True, "unproven": False} | more
    return decided(kinds.CONSENTED, data, seen=seen, life=life, seq=seq)


def refused(*, seen: Sequence[StoredFact] = (), life: UUID = LAPTOP, seq: int = 1) -> StoredFact:
    data = {"purpose": "newsletter", "granted": False, "unproven": False}
    return decided(kinds.CONSENTED, data, seen=seen, life=life, seq=seq)


def withdrew(*, seen: Sequence[StoredFact] = (), life: UUID = LAPTOP, seq: int = 1) -> StoredFact:
    return decided(kinds.WITHDREW, {"purpose": "newsletter"}, seen=seen, life=life, seq=seq)


def state(*facts: StoredFact) -> ConsentState:
    (only,) = consent_states(SubjectHistory(facts))
    return only


def test_a_grant_alone_may_be_used() -> None:
    grant = granted()

    found = state(grant)

    assert (found.is_granted, found.is_usable, found.is_disputed) == (True, True, False)
    assert found.basis == grant


def test_what_was_never_decided_has_no_state() -> None:
    assert consent_states(SubjectHistory([decided(kinds.SIGNED_UP, {})])) == []


def test_a_refusal_is_a_decision() -> None:
    found = state(refused())

    assert (found.is_granted, found.is_usable) == (False, False)


def test_a_withdrawal_after_the_grant_ends_it() -> None:
    grant = granted()
    end = withdrew(seen=[grant], seq=2)

    found = state(grant, end)

    assert (found.is_granted, found.is_disputed, found.basis) == (False, False, end)


def test_a_grant_by_someone_who_had_seen_the_withdrawal_counts_again() -> None:
    first = granted()
    end = withdrew(seen=[first], seq=2)
    again = granted(seen=[end], seq=3)

    found = state(first, end, again)

    assert (found.is_granted, found.basis) == (True, again)


def test_i16_m36_a_withdrawal_beats_a_grant_of_another_laptop_that_had_not_seen_it() -> None:
    end = withdrew()
    grant = granted(life=OTHER, seq=99)

    found = state(end, grant)

    assert (found.is_granted, found.is_disputed, found.basis) == (False, True, end)


def test_i16_m36_a_withdrawal_beats_a_grant_that_only_has_a_higher_number_in_a_copied_incarnation() -> None:
    end = withdrew(seq=5)
    on_the_copy = granted(seq=6)

    found = state(end, on_the_copy)

    assert (found.is_granted, found.is_disputed, found.basis) == (False, True, end)


def test_i16_two_grants_that_saw_one_withdrawal_each_are_beaten_by_the_other_one() -> None:
    one, other = withdrew(), withdrew(life=OTHER)
    after_one = granted(seen=[one], life=THIRD)
    after_other = granted(seen=[other], life=UUID(int=5))

    found = state(one, other, after_one, after_other)

    assert (found.is_granted, found.is_disputed) == (False, True)
    assert found.basis in (one, other)


def test_i16_the_grant_that_saw_the_withdrawal_is_the_basis_and_not_one_that_did_not() -> None:
    end = withdrew()
    again = granted(seen=[end], life=OTHER, wording_version=2)
    unaware = granted(life=THIRD, wording_version=1)

    found = state(end, again, unaware)

    assert (found.is_granted, found.basis) == (True, again)


def test_i16_m36_a_withdrawal_whose_grant_has_not_arrived_yet_already_counts() -> None:
    missing = granted()
    end = withdrew(seen=[missing], life=OTHER)
    stray = granted(life=THIRD)

    assert not state(end).is_granted
    assert not state(end, stray).is_granted
    assert not state(end, stray, missing).is_granted


def test_a_grant_that_saw_the_withdrawal_through_a_fact_not_yet_arrived_waits_for_it() -> None:
    end = withdrew()
    between = refused(seen=[end], life=OTHER)
    again = granted(seen=[between], life=THIRD)

    assert not state(end, again).is_granted
    assert state(end, again, between).is_granted


def test_of_concurrent_decisions_the_stricter_one_counts() -> None:
    found = state(granted(), refused(life=OTHER))

    assert (found.is_granted, found.is_disputed) == (False, True)


def test_of_concurrent_grants_one_unproven_is_enough_to_keep_hands_off() -> None:
    found = state(granted(), granted(life=OTHER, unproven=True))

    assert (found.is_granted, found.is_unproven, found.is_usable) == (True, True, False)


@pytest.mark.parametrize("unproven", [True, None, 0, "no"])
def test_a_grant_is_proven_only_when_it_says_so_plainly(unproven: object) -> None:
    assert not state(granted(unproven=unproven)).is_usable


@pytest.mark.parametrize("yes", [1, "true", "True", [True], None])
def test_only_a_plain_true_is_a_grant(yes: object) -> None:
    assert not state(decided(kinds.CONSENTED, {"purpose": "photo", "granted": yes})).is_granted


@pytest.mark.parametrize("purpose", [None, 5, "", ["newsletter"], {"newsletter": True}])
def test_a_decision_without_a_purpose_decides_nothing(purpose: object) -> None:
    assert consent_states(SubjectHistory([granted(purpose=purpose)])) == []


def test_purposes_are_decided_one_by_one() -> None:
    facts = [granted(), granted(purpose="photo"), decided(kinds.WITHDREW, {"purpose": "photo"}, life=OTHER)]

    found = {item.purpose: item.is_granted for item in consent_states(SubjectHistory(facts))}

    assert found == {"newsletter": True, "photo": False}


def test_purposes_that_are_equal_as_far_as_they_are_kept_are_one() -> None:
    long = "x" * 64

    found = state(granted(purpose=long + "a"), decided(kinds.WITHDREW, {"purpose": long + "b"}, life=OTHER))

    assert (found.purpose, found.is_granted) == (long, False)


def test_the_order_of_arrival_changes_no_state() -> None:
    one = granted()
    end = withdrew(seen=[one], life=OTHER)
    again = granted(seen=[end], life=THIRD)
    stray = refused(seen=[one], seq=7)

    found = [state(*order) for order in permutations([one, end, again, stray])]

    assert all(item == found[0] for item in found)


@given(
    st.lists(st.tuples(st.booleans(), st.integers(0, 31), st.integers(2, 4), st.integers(1, 5)), max_size=6)
)
def test_i16_nothing_is_granted_unless_some_grant_saw_every_withdrawal(
    steps: list[tuple[bool, int, int, int]],
) -> None:
    facts: list[StoredFact] = []
    for is_grant, mask, life, seq in steps:
        seen = [item for place, item in enumerate(facts) if mask >> place & 1]
        make = granted if is_grant else withdrew
        facts.append(make(seen=seen, life=UUID(int=life), seq=seq))

    history = SubjectHistory(facts)
    for found in consent_states(history):
        ends = [item for item in facts if item.fact.kind == kinds.WITHDREW]
        can_stand = any(
            item.fact.kind == kinds.CONSENTED and all(history.has_superseded(item, end) for end in ends)
            for item in facts
        )
        assert can_stand or not found.is_granted
        assert (found.basis.fact.kind == kinds.CONSENTED) is found.is_granted
