"""Facts may arrive in any order, repeatedly, with anything in them: the tables come out equal."""

import random
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Connection

from stojnica.domain import kinds
from stojnica.domain.fact import Fact, StoredFact, content_hash, decode, encode
from stojnica.records.base import HUB, Base
from stojnica.records.facts import FACT, fact_values
from stojnica.records.projection import project_facts, project_subject, rebuild
from stojnica.records.typed import TYPED_TABLES, create_typed_tables
from stojnica.storage.engine import make_engine

BRANCH, OTHER_BRANCH, EVENT = UUID(int=1), UUID(int=2), UUID(int=3)
SUBJECTS = [UUID(int=10), UUID(int=11)]
LIVES = [UUID(int=20), UUID(int=21), UUID(int=22)]
SETTINGS = settings(
    max_examples=20,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@pytest.fixture(
    params=["encrypted_file", pytest.param("central", marks=pytest.mark.server)],
)
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Connection]:
    """Give a connection to empty tables: an encrypted file as on a laptop, PostgreSQL as at the centre."""
    if request.param == "central":
        server = request.getfixturevalue("postgres_server")
        url = sa.make_url(server.url).set(drivername="postgresql+psycopg")
        engine = sa.create_engine(url).execution_options(schema_translate_map={HUB: "arrivals"})
    else:
        engine = make_engine(tmp_path / "x.db", bytes(32))
    with engine.connect() as connection:
        if request.param == "central":
            connection.execute(sa.schema.CreateSchema("arrivals"))
        Base.metadata.create_all(connection, tables=[FACT])
        create_typed_tables(connection)
        # Nothing is ever committed: both databases take tables back too.
        yield connection
        connection.rollback()
    engine.dispose()


def arrive(connection: Connection, item: StoredFact) -> None:
    """Take a fact in as the centre does: one that is there already changes nothing."""
    dialect: Any = postgresql if connection.dialect.name == "postgresql" else sqlite
    connection.execute(dialect.insert(FACT).values(**fact_values(item)).on_conflict_do_nothing())
    project_subject(connection, item.branch_id, item.fact.subject_id)


def dump(connection: Connection) -> dict[str, list[tuple[Any, ...]]]:
    return {
        table.name: sorted((tuple(row) for row in connection.execute(sa.select(table))), key=repr)
        for table in TYPED_TABLES
    }


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


def told(
    kind: str,
    data: dict[str, Any],
    *,
    seen: Sequence[StoredFact] = (),
    life: UUID = LIVES[0],
    seq: int = 1,
    branch: UUID = BRANCH,
    **more: Any,
) -> StoredFact:
    fact = Fact(
        more.pop("fact_id", UUID(int=random.getrandbits(64))),
        kind,
        more.pop("subject", SUBJECTS[0]),
        data,
        captured_at=5,
        supersedes=tuple(item.content_hash for item in seen),
        **more,
    )
    body = encode(fact)
    return StoredFact(branch, life, seq, content_hash(body), body, decode(body))


def row_of(connection: Connection, table: str) -> Any:
    (named,) = [item for item in TYPED_TABLES if item.name == table]
    return connection.execute(sa.select(named)).one()


def test_a_correction_that_arrives_before_the_sign_up_waits_for_it(database: Connection) -> None:
    first = told(kinds.SIGNED_UP, {"first_name": "Ana", "town": "Kranj"}, event_id=EVENT, channel="paper")
    fix = told(kinds.CORRECTED, {"first_name": "Anja"}, seen=[first], seq=2)

    arrive(database, fix)
    before = dump(database)["signup"]
    arrive(database, first)

    assert before == []
    row = row_of(database, "signup")
    assert (row.first_name, row.town, row.event_id, row.channel) == ("Anja", "Kranj", EVENT, "paper")
    assert (row.is_disputed, row.is_voided) == (False, False)


def test_a_missed_question_is_a_row_until_it_is_taken_back_in_whatever_order(database: Connection) -> None:
    missed = told(kinds.QUESTION_MISSED, {"text": "Dogs?" * 900, "language": "it"}, event_id=EVENT)
    undone = told(kinds.VOIDED, {"reason": "undone"}, seen=[missed], seq=2)
    other = told(kinds.QUESTION_MISSED, {"text": 7, "language": None}, subject=SUBJECTS[1], seq=3)

    arrive(database, missed)
    row = row_of(database, "missed_question")
    assert (row.event_id, row.language, len(row.text)) == (EVENT, "it", 2_000)

    for item in (undone, other):
        arrive(database, item)
    row = row_of(database, "missed_question")
    assert (row.subject_id, row.text, row.language) == (SUBJECTS[1], "", "")


def test_the_last_of_several_corrections_counts_field_by_field(database: Connection) -> None:
    first = told(kinds.SIGNED_UP, {"first_name": "Ana", "town": "Kranj", "interests": ["camps"]})
    second = told(kinds.CORRECTED, {"town": "Celje", "email": "Ana@Example.ORG "}, seen=[first], seq=2)
    third = told(kinds.CORRECTED, {"town": "", "interests": []}, seen=[second], life=LIVES[1])

    for item in (third, first, second):
        arrive(database, item)

    row = row_of(database, "signup")
    assert (row.first_name, row.town, row.interests) == ("Ana", "", "[]")
    assert (row.email, row.email_key) == ("Ana@Example.ORG ", "ana@example.org")


def test_corrections_by_two_who_knew_nothing_of_each_other_are_flagged(database: Connection) -> None:
    first = told(kinds.SIGNED_UP, {"town": "Kranj"})
    here = told(kinds.CORRECTED, {"town": "Celje"}, seen=[first], seq=2)
    there = told(kinds.CORRECTED, {"town": "Ptuj"}, seen=[first], life=LIVES[1])

    for item in (here, there, first):
        arrive(database, item)

    row = row_of(database, "signup")
    winner = max((here, there), key=lambda item: item.content_hash)
    assert (row.town, row.is_disputed) == (winner.fact.data["town"], True)

    arrive(database, told(kinds.CORRECTED, {"town": "Izola"}, seen=[here, there], life=LIVES[2]))
    row = row_of(database, "signup")
    assert (row.town, row.is_disputed) == ("Izola", False)


def test_a_voided_contact_stays_and_is_marked_whenever_the_void_arrives(database: Connection) -> None:
    first = told(kinds.SIGNED_UP, {"first_name": "Ana"})
    void = told(kinds.VOIDED, {"reason": "test"}, seen=[first], seq=2)

    arrive(database, void)
    arrive(database, first)

    assert row_of(database, "signup").is_voided is True


def test_a_press_that_was_undone_counts_nobody_in_either_order(database: Connection) -> None:
    press = {"counter": "reached", "amount": 5, "from": 10**15, "to": 10**15 + 3 * 10**9, "zone": "UTC"}
    counted = told(kinds.COUNTED, press, event_id=EVENT)
    undone = told(kinds.VOIDED, {"reason": "undo"}, seen=[counted], seq=2)

    arrive(database, counted)
    before = dump(database)["tally"]
    arrive(database, undone)

    assert sum(row[6] for row in before) == 5
    assert len(before) == 3
    assert dump(database)["tally"] == []


def test_an_event_takes_the_latest_of_each_field_and_its_defaults(database: Connection) -> None:
    made = told(kinds.EVENT_CREATED, {"name": "Tržnica", "code": "t", "goal_reached": 100, "unknown": 5})
    change = told(kinds.EVENT_CHANGED, {"goal_reached": 200, "closed": True}, seen=[made], seq=2)

    for item in (change, made):
        arrive(database, item)

    row = row_of(database, "event")
    assert (row.name, row.code, row.goal_reached, row.is_closed) == ("Tržnica", "t", 200, True)
    assert (row.country, row.time_zone, row.origin, row.is_voided) == ("SI", "Europe/Ljubljana", "own", False)


def test_i04_m34_of_one_id_with_two_bodies_both_are_kept_and_flagged(database: Connection) -> None:
    one = told(kinds.SIGNED_UP, {"town": "Kranj"}, fact_id=EVENT)
    other = told(kinds.SIGNED_UP, {"town": "Celje"}, fact_id=EVENT, life=LIVES[1])

    for item in (one, other, one):
        arrive(database, item)

    kept = database.execute(sa.select(FACT.c.content_hash).where(FACT.c.fact_id == EVENT)).scalars().all()
    assert set(kept) == {one.content_hash, other.content_hash}
    assert row_of(database, "signup").is_disputed is True


def test_purposes_that_only_differ_beyond_what_is_kept_are_one_row(database: Connection) -> None:
    for tail in "ab":
        arrive(database, told(kinds.CONSENTED, {"purpose": "x" * 64 + tail, "granted": True}))

    assert row_of(database, "consent").purpose == "x" * 64


def test_a_yes_where_a_number_belongs_is_no_number_on_either_database(database: Connection) -> None:
    consent = {"purpose": "answer", "granted": True, "wording_version": True}
    arrive(database, told(kinds.CONSENTED, consent))
    arrive(database, told(kinds.THEME_DESCRIBED, {"position": True}, subject=SUBJECTS[1]))

    assert row_of(database, "consent").wording_version == 0
    assert row_of(database, "office_item").position == 0


def test_rebuilding_one_branch_leaves_the_others_alone(database: Connection) -> None:
    arrive(database, told(kinds.SIGNED_UP, {"first_name": "Ana"}))
    arrive(database, told(kinds.SIGNED_UP, {"first_name": "Bor"}, branch=OTHER_BRANCH))
    there = dump(database)

    rebuild(database, BRANCH)

    assert dump(database) == there
    assert len(there["signup"]) == 2


def test_one_subject_in_two_branches_is_two_subjects(database: Connection) -> None:
    arrive(database, told(kinds.SIGNED_UP, {"first_name": "Ana"}))
    arrive(database, told(kinds.VOIDED, {"reason": "x"}, branch=OTHER_BRANCH))

    assert row_of(database, "signup").is_voided is False


def test_a_group_visit_is_a_row_after_its_corrections_in_whatever_order(database: Connection) -> None:
    visit = {"school": "OŠ Bežigrad", "pupils": 24, "teacher": str(SUBJECTS[1]), "press": ""}
    first = told(kinds.GROUP_VISITED, visit, event_id=EVENT)
    second = told(kinds.CORRECTED, {"pupils": 27}, seen=[first], seq=2)
    third = told(kinds.CORRECTED, {"teacher": ""}, seen=[second], seq=3)

    for item in (third, second, first, second):
        arrive(database, item)

    row = row_of(database, "group_visit")
    assert (row.school, row.pupils, row.teacher, row.press) == ("OŠ Bežigrad", 27, None, None)
    assert (row.event_id, row.is_voided) == (EVENT, False)
