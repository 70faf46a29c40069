import time
from collections.abc import Sequence
from uuid import UUID, uuid4

from hypothesis import given
from hypothesis import strategies as st

from stojnica.domain.fact import Fact, StoredFact
from stojnica.domain.order import SubjectHistory

SUBJECT, ONE_LAPTOP, OTHER_LAPTOP = UUID(int=1), UUID(int=2), UUID(int=3)


def told(
    text: str,
    *,
    seen: Sequence[StoredFact] = (),
    life: UUID = ONE_LAPTOP,
    seq: int = 1,
    mark: int | None = None,
) -> StoredFact:
    """Give a fact; its hash is made up, so that tests can forge rings and decide which hash is higher."""
    made_up = uuid4().bytes * 2 if mark is None else bytes([mark]) * 32
    fact = Fact(
        uuid4(),
        "corrected",
        SUBJECT,
        {"town": text},
        captured_at=0,
        supersedes=tuple(item.content_hash for item in seen),
    )
    return StoredFact(UUID(int=9), life, seq, made_up, b"", fact)


def town(item: StoredFact) -> str:
    return str(item.fact.data["town"])


def test_a_fact_that_supersedes_another_is_later() -> None:
    old = told("Kranj")
    new = told("Celje", seen=[old], life=OTHER_LAPTOP)

    history = SubjectHistory([new, old])

    assert history.is_later(new, old)
    assert not history.is_later(old, new)
    assert history.latest([old, new]) == [new]


def test_superseding_reaches_through_other_facts() -> None:
    first = told("Kranj", seq=5)
    second = told("Celje", seen=[first], life=OTHER_LAPTOP)
    third = told("Ptuj", seen=[second], life=UUID(int=4))

    history = SubjectHistory([third, first, second])

    assert history.is_later(third, first)
    assert history.has_superseded(third, first)


def test_of_one_incarnation_the_higher_number_is_later() -> None:
    old, new = told("Kranj", seq=1), told("Celje", seq=9)

    history = SubjectHistory([new, old])

    assert history.is_later(new, old)
    assert not history.has_superseded(new, old)


def test_order_by_number_and_by_hash_reach_through_each_other() -> None:
    first = told("Kranj", seq=1)
    second = told("Celje", seq=2)
    third = told("Ptuj", seen=[second], life=OTHER_LAPTOP, seq=1)
    fourth = told("Izola", life=OTHER_LAPTOP, seq=2)

    history = SubjectHistory([fourth, third, second, first])

    assert history.is_later(fourth, first)
    assert not history.has_superseded(fourth, first)


def test_facts_of_two_laptops_that_know_nothing_of_each_other_are_concurrent() -> None:
    one, other = told("Kranj", seq=1), told("Celje", seq=9, life=OTHER_LAPTOP)

    history = SubjectHistory([one, other])

    assert not history.is_later(one, other)
    assert not history.is_later(other, one)
    assert set(map(town, history.latest([one, other]))) == {"Kranj", "Celje"}


def test_i09_a_number_that_a_cloned_disk_used_twice_orders_nothing() -> None:
    before = told("Kranj", seq=1)
    one, other = told("Celje", seq=2), told("Ptuj", seq=2)
    after = told("Izola", seq=3)

    history = SubjectHistory([after, other, one, before])

    assert not history.is_later(one, other)
    assert not history.is_later(other, one)
    assert all(history.is_later(item, before) for item in (one, other, after))
    assert all(history.is_later(after, item) for item in (one, other, before))


def test_a_fact_that_has_not_arrived_orders_nothing_until_it_does() -> None:
    first = told("Kranj")
    second = told("Celje", seen=[first], life=OTHER_LAPTOP)
    third = told("Ptuj", seen=[second], life=UUID(int=4))

    before, after = SubjectHistory([first, third]), SubjectHistory([first, second, third])

    assert not before.is_later(third, first)
    assert after.is_later(third, first)


def test_facts_forged_to_be_later_than_each_other_are_concurrent() -> None:
    older = told("Kranj", seq=1)
    one = told("Celje", seq=2, mark=10)
    other = told("Ptuj", seen=[one], seq=1, life=OTHER_LAPTOP)
    ring = StoredFact(
        one.branch_id, ONE_LAPTOP, 2, one.content_hash, b"", told("Celje", seen=[other, older]).fact
    )
    newest = told("Izola", seen=[other], life=UUID(int=4))

    history = SubjectHistory([older, ring, other])
    with_newest = SubjectHistory([older, ring, other, newest])

    assert not history.is_later(ring, other)
    assert not history.is_later(other, ring)
    assert history.is_later(other, older)
    assert set(map(town, history.latest([older, ring, other]))) == {"Celje", "Ptuj"}
    assert with_newest.latest([older, ring, other, newest]) == [newest]


def test_a_number_forged_against_the_hashes_makes_nothing_disappear() -> None:
    first = told("Kranj", seq=7)
    second = told("Celje", seen=[first], seq=6)

    history = SubjectHistory([first, second])

    assert set(map(town, history.latest([first, second]))) == {"Kranj", "Celje"}
    assert history.has_superseded(second, first)


def test_a_fact_that_claims_to_supersede_itself_is_still_there() -> None:
    shape = told("Kranj", mark=1)
    narcissus = StoredFact(
        shape.branch_id, ONE_LAPTOP, 1, shape.content_hash, b"", told("Kranj", seen=[shape]).fact
    )

    history = SubjectHistory([narcissus])

    assert history.latest([narcissus]) == [narcissus]
    assert not history.is_later(narcissus, narcissus)


def test_of_concurrent_values_the_higher_hash_counts_and_the_difference_is_told() -> None:
    low, high = told("Kranj", mark=1), told("Celje", mark=2, life=OTHER_LAPTOP)

    history = SubjectHistory([high, low])

    assert history.value([low, high], town, "") == ("Celje", True)


def test_concurrent_facts_that_say_the_same_are_no_dispute() -> None:
    one, other = told("Celje"), told("Celje", life=OTHER_LAPTOP)

    history = SubjectHistory([one, other])

    assert history.value([one, other], town, "") == ("Celje", False)


def test_where_nothing_was_told_the_default_stands() -> None:
    history = SubjectHistory([])

    assert history.value([], town, "?") == ("?", False)


@st.composite
def webs(draw: st.DrawFn) -> list[StoredFact]:
    """Draw facts of two laptops that may claim to supersede any other, forged rings included."""
    count = draw(st.integers(1, 8))
    facts = [
        told(
            str(place),
            mark=place,
            life=draw(st.sampled_from([ONE_LAPTOP, OTHER_LAPTOP])),
            seq=draw(st.integers(1, 4)),
        )
        for place in range(count)
    ]
    claims = draw(
        st.lists(st.lists(st.sampled_from(facts), max_size=3, unique_by=id), min_size=count, max_size=count)
    )
    return [
        StoredFact(
            item.branch_id,
            item.incarnation,
            item.seq,
            item.content_hash,
            b"",
            told(town(item), seen=seen).fact,
        )
        for item, seen in zip(facts, claims, strict=True)
    ]


def reaches(facts: Sequence[StoredFact]) -> dict[tuple[bytes, bytes], bool]:
    """Find who leads to whom, in the plainest way (Warshall)."""
    marks = [item.content_hash for item in facts]
    found = {
        (one.content_hash, other.content_hash): other.content_hash in one.fact.supersedes
        or (one.incarnation == other.incarnation and one.seq > other.seq)
        for one in facts
        for other in facts
    }
    for through in marks:
        for one in marks:
            for other in marks:
                found[one, other] |= found[one, through] and found[through, other]
    return found


@given(webs())
def test_any_web_is_ordered_as_by_the_plainest_method(facts: list[StoredFact]) -> None:
    history = SubjectHistory(facts)

    expected = reaches(facts)
    for one in facts:
        for other in facts:
            there = expected[one.content_hash, other.content_hash]
            back = expected[other.content_hash, one.content_hash]
            assert history.is_later(one, other) is (there and not back)


@given(webs(), st.randoms())
def test_arrival_order_and_repeats_change_nothing(facts: list[StoredFact], random: object) -> None:
    again = [*facts, *facts[: len(facts) // 2]]
    random.shuffle(again)  # type: ignore[attr-defined]

    one, other = SubjectHistory(facts), SubjectHistory(again)

    assert one.facts == other.facts
    assert one.value(one.facts, town, "") == other.value(other.facts, town, "")
    assert one.latest(one.facts) == other.latest(other.facts)
    assert one.latest(one.facts)


def test_five_thousand_facts_of_one_subject_are_ordered_within_seconds() -> None:
    facts: list[StoredFact] = []
    for number in range(5_000):
        facts.append(told(str(number), seen=facts[-20:], seq=number // 2, life=UUID(int=2 + number % 3)))

    started = time.monotonic()
    history = SubjectHistory(facts)
    latest = history.latest(history.facts)

    assert facts[-1] in latest
    assert time.monotonic() - started < 5
