"""Facts may arrive in any order, repeatedly, with anything in them: the tables come out equal."""

import random
from typing import Any
from uuid import UUID

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.engine import Connection
from tests.records.arrivals import BRANCH, EVENT, LIVES, SUBJECTS, arrive, dump

from stojnica.domain import kinds
from stojnica.domain.fact import Fact, StoredFact, content_hash, decode, encode
from stojnica.records.projection import project_facts, rebuild

SETTINGS = settings(
    max_examples=20,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


_WORDS = st.sampled_from(["", "Ana", "Žiga", "ana@example.org", "ANA@Example.org ", "+38640123456", "x" * 70])


_SIGNUP = st.fixed_dictionaries(
    {},
    optional={
        **dict.fromkeys(("first_name", "email", "phone", "town", "remark", "age_band"), _WORDS),
        "interests": st.lists(st.sampled_from(["camps", "club"]), max_size=2),
    },
)


_CONSENT = st.fixed_dictionaries(
    {"purpose": st.sampled_from(["answer", "newsletter"]), "granted": st.booleans()},
    optional={"unproven": st.booleans(), "wording_version": st.integers(0, 3), "wording_id": _WORDS},
)


_PRESS = st.fixed_dictionaries(
    {
        "counter": st.sampled_from(["reached", "flyer"]),
        "amount": st.integers(-1, 40),
        "from": st.integers(10**15, 10**15 + 10**10),
        "to": st.integers(10**15, 10**15 + 2 * 10**10),
        "zone": st.sampled_from(["Europe/Ljubljana", "Asia/Kathmandu"]),
    }
)


_EVENT = st.fixed_dictionaries(
    {},
    optional={
        "name": _WORDS,
        "code": _WORDS,
        "goal_reached": st.integers(-1, 10**8),
        "closed": st.booleans(),
    },
)


_VISIT = st.fixed_dictionaries(
    {"school": _WORDS, "pupils": st.integers(-1, 2_000)},
    optional={
        "town": _WORDS,
        "age_band": _WORDS,
        "teacher": st.sampled_from(["", str(SUBJECTS[0]), "nobody", "x" * 36]),
        "press": st.sampled_from(["", str(SUBJECTS[1]), 7, None]),
    },
)


_ITEM = st.fixed_dictionaries({"position": st.integers(-1, 5)}, optional={"title": _WORDS})


_RUN = st.fixed_dictionaries(
    {
        "code": st.sampled_from(["7c2k4m", "7c2k4n", "no code", None]),
        "flyer": st.sampled_from(["camps", "", 7]),
        "target": st.sampled_from(["https://example.org/?a=b", "javascript:1"]),
        **dict.fromkeys(("template", "size", "language"), st.sampled_from(["A6", "sl"])),
    }
)


_PRINTING = st.fixed_dictionaries(
    {
        "pieces": st.sampled_from([4, 200, 0, 10**7, "4", True]),
        "where": st.sampled_from(["printer", "file", ""]),
    }
)


_SAID = st.one_of(
    st.tuples(st.just(kinds.SIGNED_UP), _SIGNUP),
    st.tuples(st.just(kinds.CORRECTED), _SIGNUP),
    st.tuples(st.just(kinds.CONSENTED), _CONSENT),
    st.tuples(st.just(kinds.WITHDREW), st.fixed_dictionaries({"purpose": st.just("newsletter")})),
    st.tuples(st.just(kinds.ASKED), st.fixed_dictionaries({"text": _WORDS})),
    st.tuples(st.just(kinds.VOIDED), st.just({"reason": "double"})),
    st.tuples(st.just(kinds.COUNTED), _PRESS),
    st.tuples(st.sampled_from([kinds.GROUP_VISITED, kinds.CORRECTED]), _VISIT),
    st.tuples(st.sampled_from([kinds.EVENT_CREATED, kinds.EVENT_CHANGED]), _EVENT),
    st.tuples(st.sampled_from(sorted(kinds.OFFICE_KINDS)), _ITEM),
    st.tuples(st.just(kinds.SHIFT_STARTED), st.fixed_dictionaries({"name": _WORDS, "member_id": _WORDS})),
    st.tuples(st.just(kinds.SHIFT_ENDED), st.fixed_dictionaries({"ended_at": st.integers(-1, 10**15)})),
    st.tuples(st.just(kinds.HANDED_OVER), st.fixed_dictionaries({"to_order": st.lists(_WORDS, max_size=2)})),
    st.tuples(st.just(kinds.STAND_CLOSED), st.just({})),
    st.tuples(st.just(kinds.PRINT_PREPARED), _RUN),
    st.tuples(st.just(kinds.PRINTED), _PRINTING),
    st.tuples(st.just(kinds.DEBRIEFED), st.fixed_dictionaries({"taken": st.integers(-1, 10**7)})),
)


def content_hash_of(item: StoredFact) -> bytes:
    return item.content_hash


@st.composite
def stories(draw: st.DrawFn, said: st.SearchStrategy[tuple[str, dict[str, Any]]] = _SAID) -> list[StoredFact]:
    """Draw facts of three lives about two subjects; each has seen some of those before it."""
    facts: list[StoredFact] = []
    for kind, data in draw(st.lists(said, min_size=1, max_size=9)):
        subject = draw(st.sampled_from(SUBJECTS))
        before = [item for item in facts if item.fact.subject_id == subject]
        seen = draw(st.lists(st.sampled_from(before), unique_by=content_hash_of)) if before else []
        again = (
            draw(st.sampled_from(before)) if before and draw(st.booleans()) and draw(st.booleans()) else None
        )
        fact = Fact(
            again.fact.fact_id if again else UUID(int=draw(st.integers(100, 10**9))),
            kind,
            subject,
            data,
            captured_at=draw(st.integers(0, 2)),
            event_id=draw(st.sampled_from([EVENT, None])),
            channel=draw(st.sampled_from(["kiosk", "paper"])),
            supersedes=tuple(sorted(item.content_hash for item in seen)),
            salt=draw(st.binary(min_size=16, max_size=16)),
        )
        body = encode(fact)
        life, seq = draw(st.sampled_from(LIVES)), draw(st.integers(1, 5))
        if content_hash(body) not in {item.content_hash for item in facts}:
            facts.append(StoredFact(BRANCH, life, seq, content_hash(body), body, decode(body)))
    return facts


@SETTINGS
@given(facts=stories(), seed=st.integers(0, 2**32))
def test_any_order_of_arrival_with_repeats_gives_equal_tables(
    database: Connection, facts: list[StoredFact], seed: int
) -> None:
    with database.begin_nested() as trial:
        for item in facts:
            arrive(database, item)
        in_order = dump(database)
        trial.rollback()

    shuffled = [*facts, *facts[::2], *facts[1::3]]
    random.Random(seed).shuffle(shuffled)
    with database.begin_nested() as trial:
        for item in shuffled:
            arrive(database, item)
        assert dump(database) == in_order
        trial.rollback()


@SETTINGS
@given(facts=stories())
def test_what_is_built_anew_equals_what_is_there(database: Connection, facts: list[StoredFact]) -> None:
    with database.begin_nested() as trial:
        for item in facts:
            arrive(database, item)
        there = dump(database)

        count = rebuild(database, BRANCH)

        assert dump(database) == there
        assert count == len({item.fact.subject_id for item in facts})
        trial.rollback()


@SETTINGS
@given(facts=stories())
def test_projecting_from_memory_at_once_equals_projecting_from_the_table(
    database: Connection, facts: list[StoredFact]
) -> None:
    with database.begin_nested() as trial:
        for item in facts:
            arrive(database, item)
        there = dump(database)
        trial.rollback()

    with database.begin_nested() as trial:
        for subject in {item.fact.subject_id for item in facts}:
            known = [item for item in facts if item.fact.subject_id == subject]
            project_facts(database, BRANCH, subject, known, is_new=True)
        assert dump(database) == there
        trial.rollback()


_TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=80)


_ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63), 2**63 - 1) | _TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_TEXT, inner, max_size=2),
    max_leaves=4,
)


_NAMES = [
    *("first_name", "email", "interests", "themes", "purpose", "granted", "unproven", "wording_version"),
    *("wording_id", "text", "counter", "amount", "from", "to", "zone", "reason", "name", "code", "country"),
    *("starts", "goal_reached", "closed", "time_zone", "position", "event_id"),
    *("member_id", "work", "experienced", "ended_at", "figures", "other", "matters", "to_order", "taken"),
    *("brought_back", "worked", "incidents"),
]


_FORGED = st.tuples(
    st.sampled_from(sorted(kinds.STAND_KINDS | kinds.OFFICE_KINDS)) | st.just("of_the_future"),
    st.dictionaries(st.sampled_from(_NAMES), _ANYTHING, max_size=8),
)


@SETTINGS
@given(facts=stories(_FORGED))
def test_i06_no_fact_of_whatever_content_stops_the_projection(
    database: Connection, facts: list[StoredFact]
) -> None:
    with database.begin_nested() as trial:
        for item in facts:
            arrive(database, item)
        there = dump(database)

        rebuild(database, BRANCH)

        assert dump(database) == there
        trial.rollback()
